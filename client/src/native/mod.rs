//! What only the program has: network, files, a clock, a command line.

pub mod cli;
pub mod desk;
pub mod dossier;
pub mod files;
pub mod http;
pub mod index;
pub mod preview;
pub mod shelf;
pub mod upload;
