//! What somebody tries against the programme: insiders, a server that cheats, a thief with disks and recordings, forged
//! entries, broken bytes, an eye on the wire.

mod bad_input;
mod forged_entries;
mod formats;
mod forward_secrecy;
mod hostile_server;
mod insiders;
mod keystores;
mod uniformity;
