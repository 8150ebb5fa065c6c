//! The operating system's random numbers.

use rand_core::{CryptoRng, Rng, UnwrapErr};

/// The generator behind everything that this server draws.
pub(crate) fn system_rng() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

/// Thirty-two fresh random bytes.
pub(crate) fn fresh() -> [u8; 32] {
    let mut bytes = [0; 32];
    system_rng().fill_bytes(&mut bytes);
    bytes
}
