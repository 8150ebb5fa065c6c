//! What the engines need from a machine and must not have themselves: files, the network, a clock, the journals kept
//! beside a keystore, the search index, the sandbox around strangers' files, and dossiers; and what both faces say
//! alike.

pub mod arithmetic;
pub mod coded;
pub mod dossier;
pub mod files;
pub mod http;
pub mod index;
pub mod preview;
pub mod say;
pub mod shelf;
pub mod titles;
pub mod upload;
