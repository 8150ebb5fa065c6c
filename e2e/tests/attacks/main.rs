//! What somebody tries against the programme: insiders, a server that cheats, disks and recordings and stolen
//! keystores, forged entries, broken bytes, an eye on the wire, a crowd that only wants to stop the line.

mod bad_input;
mod cbor;
mod dates;
mod forged_entries;
mod formats;
mod forward_secrecy;
mod hostile_server;
mod insiders;
mod keystores;
mod logged;
mod money;
mod money_more;
mod shown_places;
#[path = "../siege/mod.rs"]
mod siege;
mod stack;
mod uniformity;
mod views;
