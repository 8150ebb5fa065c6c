//! What only the program has: network, files, a clock.

pub mod http;
