//! Subrosa's protocol and primitives.
//!
//! This crate does no I/O: time and randomness are arguments (vodozemac draws its own randomness; nothing else
//! does). It composes audited parts and invents none; each module names the section of `docs/spec/` that it implements.
//! It builds for `wasm32-unknown-unknown`.

pub mod bundle;
pub mod charter;
pub mod delivery;
pub mod encoding;
pub mod encoding_hex;
pub mod envelope;
pub mod file;
pub mod intake;
pub mod kdf;
pub mod keeper;
pub mod keystore;
pub mod log;
pub mod passphrase;
pub mod pow;
pub mod ratchet;
pub mod seal;
pub mod secret;
pub mod sign;
pub mod token;
pub mod wire;
