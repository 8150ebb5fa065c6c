//! An officer's or administrator's keys on disk: one header line, then an age file whose identity comes from a password
//! through Argon2id.
//!
//! Spec: `docs/spec/keystore.md`. This module makes and reads bytes; replacing a file atomically is the caller's work.

use core::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    file::{HybridIdentity, SealError, age_format},
    kdf,
};

/// The least memory that a new keystore may ask of Argon2id: KiB.
pub const MEMORY_FLOOR_KIB: u32 = 19 * 1024;
/// The fewest passes that a new keystore may ask of Argon2id.
pub const PASSES_FLOOR: u32 = 2;

/// More than this is not attempted when a file is opened: it would only exhaust the machine.
const MEMORY_CEILING_KIB: u32 = 1024 * 1024;
const PASSES_CEILING: u32 = 64;

const MAGIC: &str = "subrosa-keystore/v1";
/// No header that this program writes is longer.
const HEADER_MAX: usize = 256;

/// How much work a guess at the password costs (RFC 9106; one lane).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB and 3 passes (RFC 9106 section 4, second recommendation, with one lane): a fraction of a second.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// 19 MiB and 2 passes, for machines with little memory.
    pub const LEAST: Self = Self { memory_kib: MEMORY_FLOOR_KIB, passes: PASSES_FLOOR };

    /// A chosen cost; `None` below the floor of 19 MiB and 2 passes, or beyond what [`OpenKeystore::open`] accepts.
    pub fn new(memory_kib: u32, passes: u32) -> Option<Self> {
        let allowed = (MEMORY_FLOOR_KIB..=MEMORY_CEILING_KIB).contains(&memory_kib)
            && (PASSES_FLOOR..=PASSES_CEILING).contains(&passes);
        allowed.then_some(Self { memory_kib, passes })
    }

    /// Next to no work: a password under it is quickly guessed. For tests and throw-away demonstrations; no crate that
    /// is shipped turns the feature `cheap-keystores` on.
    #[cfg(any(test, feature = "cheap-keystores"))]
    pub const fn insecure_cheap_for_tests() -> Self {
        Self { memory_kib: 32, passes: 1 }
    }

    /// Whether a new keystore in earnest may use it. The command line warns about an opened keystore that is below.
    pub fn is_strong(self) -> bool {
        self.memory_kib >= MEMORY_FLOOR_KIB && self.passes >= PASSES_FLOOR
    }
}

/// Why a keystore could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenKeystoreError {
    /// It does not begin like a keystore.
    #[error("this is not a Subrosa keystore")]
    NotAKeystore,
    /// A later version wrote it.
    #[error("this keystore was written by a newer version of Subrosa; please update")]
    Version,
    /// Its checksum is wrong: the file was cut off or altered. The password was not tried.
    #[error("this keystore is damaged; please restore it from a backup (the password was not tried)")]
    Damaged,
    /// It asks for more memory or passes than any keystore of ours.
    #[error("this keystore asks for more memory or time than is allowed")]
    CostTooHigh,
    /// The file is sound and the password is not the right one.
    #[error("the password is wrong")]
    WrongPassword,
    /// The machine could not give Argon2id the memory it needs.
    #[error("there is not enough memory to check the password")]
    OutOfMemory,
}

/// Why a keystore could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealKeystoreError {
    /// An empty password protects nothing.
    #[error("the password is empty")]
    EmptyPassword,
    /// The machine could not give Argon2id the memory it needs.
    #[error("there is not enough memory to protect the keystore")]
    OutOfMemory,
    /// A primitive failed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// An unlocked keystore: its contents, and the key to write new ones without the password.
#[derive(Clone)]
pub struct OpenKeystore {
    cost: Cost,
    salt: [u8; 16],
    identity: HybridIdentity,
    contents: Zeroizing<Vec<u8>>,
}

impl OpenKeystore {
    /// A new keystore. Runs Argon2id once; nothing is written until [`OpenKeystore::seal`].
    ///
    /// # Errors
    /// [`SealKeystoreError::EmptyPassword`], [`SealKeystoreError::OutOfMemory`].
    pub fn create(
        password: &str,
        cost: Cost,
        contents: Zeroizing<Vec<u8>>,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SealKeystoreError> {
        if password.is_empty() {
            return Err(SealKeystoreError::EmptyPassword);
        }
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let identity = stretch(password, cost, &salt).ok_or(SealKeystoreError::OutOfMemory)?;
        Ok(Self { cost, salt, identity, contents })
    }

    /// Opens the bytes of a keystore file. Runs Argon2id once, after the file was found undamaged.
    ///
    /// # Errors
    /// [`OpenKeystoreError`] tells a wrong password from damage.
    pub fn open(bytes: &[u8], password: &str) -> Result<Self, OpenKeystoreError> {
        let (cost, salt, sealed) = parse(bytes)?;
        if cost.memory_kib > MEMORY_CEILING_KIB || cost.passes > PASSES_CEILING {
            return Err(OpenKeystoreError::CostTooHigh);
        }
        let identity = stretch(password, cost, &salt).ok_or(OpenKeystoreError::OutOfMemory)?;
        let contents = open_sealed(sealed, &identity)?;
        Ok(Self { cost, salt, identity, contents })
    }

    /// What the keystore holds.
    pub fn contents(&self) -> &[u8] {
        &self.contents
    }

    /// What a guess at its password costs.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Replaces the contents in memory; [`OpenKeystore::seal`] makes the new file.
    pub fn set_contents(&mut self, contents: Zeroizing<Vec<u8>>) {
        self.contents = contents;
    }

    /// The file's bytes, freshly encrypted under the same password. Does not run Argon2id.
    ///
    /// # Errors
    /// [`SealKeystoreError::Seal`], which does not happen with sound keys.
    pub fn seal(&self, rng: &mut impl CryptoRng) -> Result<Vec<u8>, SealKeystoreError> {
        let sealed = age_format::seal_whole(&self.identity.recipient(), &self.contents, rng)?;
        let fields = fields(self.cost, &self.salt);
        let mut out = format!("{fields} check={}\n", check(&fields, &sealed)).into_bytes();
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// The same contents under another password and a new salt. The old file still opens with the old password: replace
    /// it.
    ///
    /// # Errors
    /// As [`OpenKeystore::create`].
    pub fn change_password(
        self,
        password: &str,
        cost: Cost,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SealKeystoreError> {
        Self::create(password, cost, self.contents, rng)
    }
}

impl fmt::Debug for OpenKeystore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenKeystore([redacted])")
    }
}

fn fields(cost: Cost, salt: &[u8; 16]) -> String {
    format!("{MAGIC} argon2id m={} t={} p=1 salt={}", cost.memory_kib, cost.passes, hex::encode(salt))
}

/// Finds accidents, not forgers: whoever can write the file can also compute it, and gains nothing.
fn check(fields: &str, sealed: &[u8]) -> String {
    hex::encode(kdf::digest("subrosa/keystore-check/v1", &[fields.as_bytes(), &Sha256::digest(sealed)]))
}

fn parse(bytes: &[u8]) -> Result<(Cost, [u8; 16], &[u8]), OpenKeystoreError> {
    use OpenKeystoreError::{Damaged, NotAKeystore, Version};
    let rest = bytes.strip_prefix(b"subrosa-keystore/v").ok_or(NotAKeystore)?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    match rest.split_at_checked(digits) {
        Some((b"1", _)) => {}
        Some((b"", _)) | None => return Err(NotAKeystore),
        Some(_) => return Err(Version),
    }
    let end = bytes.iter().take(HEADER_MAX).position(|b| *b == b'\n').ok_or(Damaged)?;
    let (header, sealed) = bytes.split_at_checked(end + 1).ok_or(Damaged)?;
    let header = core::str::from_utf8(header).map_err(|_| Damaged)?.trim_end_matches('\n');
    let (body, stated) = header.rsplit_once(" check=").ok_or(Damaged)?;
    let mut words = body.split(' ').skip(2);
    let mut field = |name: &str| words.next().and_then(|w| w.strip_prefix(name)).ok_or(Damaged);
    let number = |text: &str| text.parse::<u32>().map_err(|_| Damaged);
    let cost = Cost { memory_kib: number(field("m=")?)?, passes: number(field("t=")?)? };
    field("p=1")?;
    let mut salt = [0; 16];
    hex::decode_to_slice(field("salt=")?, &mut salt).map_err(|_| Damaged)?;
    // Below these Argon2id is not defined (RFC 9106 section 3.1).
    if cost.memory_kib < 8 || cost.passes == 0 {
        return Err(Damaged);
    }
    // Comparing with the canonical spelling refuses every other one.
    if fields(cost, &salt) != body || check(body, sealed) != stated {
        return Err(Damaged);
    }
    Ok((cost, salt, sealed))
}

fn stretch(password: &str, cost: Cost, salt: &[u8; 16]) -> Option<HybridIdentity> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, out.as_mut_slice())
        .ok()?;
    Some(HybridIdentity::from_secret(kdf::derive(salt, out.as_slice(), "subrosa/keystore/v1", &[])))
}

fn open_sealed(sealed: &[u8], identity: &HybridIdentity) -> Result<Zeroizing<Vec<u8>>, OpenKeystoreError> {
    use std::io::Read;
    let decryptor = age::Decryptor::new_buffered(sealed).map_err(|_| OpenKeystoreError::Damaged)?;
    let one: &dyn age::Identity = identity;
    let mut reader = decryptor.decrypt(core::iter::once(one)).map_err(|e| match e {
        age::DecryptError::NoMatchingKeys => OpenKeystoreError::WrongPassword,
        _ => OpenKeystoreError::Damaged,
    })?;
    // Room for all of it from the start, so that growing leaves no copy of a secret behind.
    let mut contents = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut contents).map_err(|_| OpenKeystoreError::Damaged)?;
    Ok(contents)
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use getrandom::SysRng;
    use rand_core::UnwrapErr;

    const CHEAP: Cost = Cost::insecure_cheap_for_tests();

    fn keystore(password: &str) -> OpenKeystore {
        OpenKeystore::create(password, CHEAP, Zeroizing::new(b"contents".to_vec()), &mut UnwrapErr(SysRng)).unwrap()
    }

    #[test]
    fn it_opens_with_its_password_and_no_other() {
        let file = keystore("pass").seal(&mut UnwrapErr(SysRng)).unwrap();
        assert_eq!(OpenKeystore::open(&file, "pass").unwrap().contents(), b"contents");
        assert_eq!(OpenKeystore::open(&file, "Pass").unwrap_err(), OpenKeystoreError::WrongPassword);
        assert_eq!(OpenKeystore::open(&file, "").unwrap_err(), OpenKeystoreError::WrongPassword);
        let none = OpenKeystore::create("", CHEAP, Zeroizing::default(), &mut UnwrapErr(SysRng));
        assert_eq!(none.unwrap_err(), SealKeystoreError::EmptyPassword);
    }

    #[test]
    fn new_contents_and_new_passwords() {
        let rng = &mut UnwrapErr(SysRng);
        let first = keystore("old").seal(rng).unwrap();
        let mut open = OpenKeystore::open(&first, "old").unwrap();
        open.set_contents(Zeroizing::new(b"later".to_vec()));
        let second = open.seal(rng).unwrap();
        assert_ne!(first, second);
        assert_eq!(OpenKeystore::open(&second, "old").unwrap().contents(), b"later");
        let third = open.change_password("new", CHEAP, rng).unwrap().seal(rng).unwrap();
        assert_eq!(OpenKeystore::open(&third, "new").unwrap().contents(), b"later");
        assert_eq!(OpenKeystore::open(&third, "old").unwrap_err(), OpenKeystoreError::WrongPassword);
    }

    #[test]
    fn every_single_damaged_byte_is_told_from_a_wrong_password() {
        let file = keystore("pass").seal(&mut UnwrapErr(SysRng)).unwrap();
        for i in 0..file.len() {
            let mut bad = file.clone();
            bad[i] ^= 0x04;
            let e = OpenKeystore::open(&bad, "pass").unwrap_err();
            assert_ne!(e, OpenKeystoreError::WrongPassword, "byte {i}");
            let cut = OpenKeystore::open(&file[..i], "pass").unwrap_err();
            assert!(matches!(cut, OpenKeystoreError::Damaged | OpenKeystoreError::NotAKeystore), "cut at {i}");
        }
        assert_eq!(OpenKeystore::open(b"subrosa-keystore/v2 x\n", "p").unwrap_err(), OpenKeystoreError::Version);
        assert_eq!(OpenKeystore::open(b"hello", "p").unwrap_err(), OpenKeystoreError::NotAKeystore);
    }

    #[test]
    fn a_greedy_file_is_refused_before_any_memory_is_taken() {
        let fields = fields(Cost { memory_kib: u32::MAX, passes: 1 }, &[0; 16]);
        let file = format!("{fields} check={}\n", check(&fields, b""));
        assert_eq!(OpenKeystore::open(file.as_bytes(), "p").unwrap_err(), OpenKeystoreError::CostTooHigh);
    }

    #[test]
    fn the_floor_holds_in_earnest() {
        assert!(Cost::new(19 * 1024 - 1, 2).is_none() && Cost::new(19 * 1024, 1).is_none());
        assert!(Cost::new(19 * 1024, 2) == Some(Cost::LEAST));
        assert!(Cost::STANDARD.is_strong() && Cost::LEAST.is_strong() && !CHEAP.is_strong());
    }

    #[test]
    fn debug_never_prints_contents() {
        assert_eq!(format!("{:?}", keystore("x")), "OpenKeystore([redacted])");
    }
}
