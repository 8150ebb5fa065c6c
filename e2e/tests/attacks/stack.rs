//! Whoever reads a process's memory later finds no derived key where it was derived: nothing is left on the stack.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs::{self, File},
    io::{Read as _, Seek as _, SeekFrom},
    thread,
};

use subrosa_crypto::{kdf, passphrase::Passphrase, secret::Secret32};
use subrosa_e2e::programme::rng;

/// Everything that is mapped around `place`, read through the kernel: this thread's stack.
fn stack_around(place: usize) -> Vec<u8> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let bounds = |line: &str| {
        let (from, to) = line.split_whitespace().next()?.split_once('-')?;
        Some((usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?))
    };
    let (from, to) = maps.lines().filter_map(bounds).find(|(from, to)| (*from..*to).contains(&place)).unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    memory.seek(SeekFrom::Start(from as u64)).unwrap();
    let mut out = vec![0; to - from];
    memory.read_exact(&mut out).unwrap();
    out
}

/// How often one of the four pieces of a secret, eight bytes each, stands on the stack of a thread that has derived
/// it.
fn left_by(derive: impl FnOnce() -> Box<[u8; 32]> + Send + 'static) -> usize {
    let thread = thread::Builder::new().stack_size(4 << 20).spawn(move || {
        let marker = 0_u8;
        let secret = derive();
        let stack = stack_around(&raw const marker as usize);
        secret.chunks(8).map(|piece| stack.windows(8).filter(|w| *w == piece).count()).sum()
    });
    thread.unwrap().join().unwrap()
}

fn boxed(secret: &Secret32) -> Box<[u8; 32]> {
    let mut out = Box::new([0; 32]);
    out.copy_from_slice(secret.expose());
    out
}

#[test]
fn a_derived_key_is_nowhere_on_the_stack() {
    // What does leave a copy is found, or this test would show nothing.
    assert!(left_by(|| Box::new(std::hint::black_box([0xa5; 32]))) > 0);
    let seed = || Secret32::random(&mut rng());
    assert_eq!(left_by(move || boxed(&kdf::derive(b"salt", seed().expose(), "subrosa/test/v1", &[]))), 0);
    assert_eq!(
        left_by(|| boxed(&Passphrase::generate(&mut rng()).master_key("proofs").derive("subrosa/test/v1", &[]))),
        0
    );
}
