//! The sealed intake: what a person without scripts encrypts with an ordinary `age` program, and what an intake officer
//! opens.
//!
//! Spec: `docs/spec/sealed-intake.md`. The server looks at the header alone ([`inspect`]); it holds no identity and
//! cannot do more.

use core::{cell::RefCell, fmt, str::FromStr};
use std::io::{BufRead, BufReader, Read};

use age_core::{
    format::{FileKey, Stanza},
    secrecy::ExposeSecret,
};
use bech32::{Bech32, Hrp};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    file::{HybridIdentity, HybridRecipient},
    kdf,
    secret::Secret32,
    sign::VerifyingKey,
};

/// The longest sealed submission, without armour: bytes.
pub const SEALED_MAX: u64 = 16 << 20;
/// The longest header: bytes. Thirty hybrid recipients fit.
pub const HEADER_MAX: u64 = 64 << 10;
/// The name under which a charter commits to the recipients.
pub const POLICY_NAME: &str = "intake-recipient";
/// The most recipients of one kind.
pub const RECIPIENTS_MAX: usize = 20;

/// The first line of the recipients' file.
const HEADING: &str = "# subrosa intake recipients, version 1";

/// Stands in a case for the claim key of a person who has none: a point of order four, under which no signature
/// verifies, so that nobody (no officer either) can claim in that person's place.
pub const NO_CLAIM_KEY: VerifyingKey = VerifyingKey([0; 32]);

/// What a submission is sealed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// `mlkem768x25519` alone: a recording stays closed to a quantum computer.
    PostQuantum,
    /// `X25519` is among the recipients: a quantum computer could open a recording.
    Classic,
}

/// Why bytes are not a sealed submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotSealed {
    /// Not an age file, or cut off.
    #[error("this is not a whole age file")]
    NotAge,
    /// Sealed with a passphrase.
    #[error("this age file is locked with a passphrase, not to the intake's recipients")]
    Passphrase,
    /// Sealed to another kind of recipient only.
    #[error("this age file is not sealed to recipients of the intake's kind")]
    OtherRecipients,
    /// Longer than [`SEALED_MAX`].
    #[error("this is longer than the intake takes")]
    TooLong,
}

/// Takes the armour off, if there is any.
pub fn dearmored(file: impl BufRead) -> impl Read {
    age::armor::ArmoredReader::new(file)
}

/// Looks at the header of an age file (without armour) as far as somebody can who holds no identity: to what kinds of
/// recipients it is sealed.
///
/// Whether it is sealed to the right ones shows only when an officer opens it: an age header does not name its
/// recipients.
///
/// # Errors
/// [`NotSealed`]; never [`NotSealed::TooLong`], which is about the whole file.
pub fn inspect(file: impl Read) -> Result<Strength, NotSealed> {
    let decryptor =
        age::Decryptor::new_buffered(BufReader::new(file.take(HEADER_MAX))).map_err(|_| NotSealed::NotAge)?;
    let seen = Onlooker::default();
    let key_was_found = decryptor.decrypt(core::iter::once(&seen as &dyn age::Identity)).is_ok();
    let kinds = seen.0.into_inner();
    if kinds.passphrase {
        return Err(NotSealed::Passphrase);
    }
    match (kinds.classic, kinds.hybrid) {
        _ if key_was_found => Err(NotSealed::NotAge),
        (true, _) => Ok(Strength::Classic),
        (false, true) => Ok(Strength::PostQuantum),
        (false, false) => Err(NotSealed::OtherRecipients),
    }
}

#[derive(Default)]
struct Kinds {
    classic: bool,
    hybrid: bool,
    passphrase: bool,
}

/// An identity that opens nothing and remembers what it was shown.
#[derive(Default)]
struct Onlooker(RefCell<Kinds>);

impl age::Identity for Onlooker {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        let mut kinds = self.0.borrow_mut();
        match stanza.tag.as_str() {
            "X25519" => kinds.classic = true,
            "mlkem768x25519" => kinds.hybrid = true,
            "scrypt" => kinds.passphrase = true,
            _ => {}
        }
        None
    }
}

/// What an intake officer opens submissions with; lies in the officer's keystore.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntakeIdentity(Secret32);

impl fmt::Debug for IntakeIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntakeIdentity([redacted])")
    }
}

/// Why a submission does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenSealedError {
    /// Sealed to somebody else.
    #[error("it was not sealed to this intake identity")]
    NotForUs,
    /// Altered or cut off.
    #[error("it is damaged or was cut off")]
    Damaged,
    /// Longer than [`SEALED_MAX`].
    #[error("it is longer than the intake takes")]
    TooLong,
}

/// A submission that was opened.
pub struct OpenedSubmission {
    /// What the person wrote, or the file that the person sent.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The case's secret: the same for every officer who opens this file, and known to nobody who does not.
    pub case_secret: Secret32,
}

impl fmt::Debug for OpenedSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedSubmission([redacted])")
    }
}

impl IntakeIdentity {
    /// Fresh keys, from 32 random bytes.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self(Secret32::random(rng))
    }

    /// The identity of a seed.
    pub fn from_seed(seed: Secret32) -> Self {
        Self(seed)
    }

    fn hybrid(&self) -> HybridIdentity {
        HybridIdentity::from_secret(kdf::derive(b"", self.0.expose(), "subrosa/intake-hybrid/v1", &[]))
    }

    fn classic(&self) -> Option<age::x25519::Identity> {
        let secret = kdf::derive(b"", self.0.expose(), "subrosa/intake-classic/v1", &[]);
        let hrp = Hrp::parse("age-secret-key-").ok()?;
        let text = Zeroizing::new(bech32::encode_upper::<Bech32>(hrp, secret.expose()).ok()?);
        age::x25519::Identity::from_str(&text).ok()
    }

    /// The public halves.
    pub fn recipients(&self) -> IntakeRecipients {
        let classic = self.classic().map(|i| i.to_public().to_string());
        IntakeRecipients { hybrid: vec![self.hybrid().recipient().to_string()], classic: classic.into_iter().collect() }
    }

    /// Opens a submission as the server keeps it, without armour.
    ///
    /// # Errors
    /// [`OpenSealedError`].
    pub fn open(&self, file: &[u8]) -> Result<OpenedSubmission, OpenSealedError> {
        let decryptor = age::Decryptor::new_buffered(file).map_err(|_| OpenSealedError::Damaged)?;
        let keys = [Some(Keeper::of(Box::new(self.hybrid()))), self.classic().map(|i| Keeper::of(Box::new(i)))];
        let keys: Vec<Keeper> = keys.into_iter().flatten().collect();
        let opened = decryptor.decrypt(keys.iter().map(|k| k as &dyn age::Identity));
        let reader = opened.map_err(|e| match e {
            age::DecryptError::NoMatchingKeys => OpenSealedError::NotForUs,
            _ => OpenSealedError::Damaged,
        })?;
        let mut plaintext = Zeroizing::new(Vec::with_capacity(file.len()));
        reader.take(SEALED_MAX + 1).read_to_end(&mut plaintext).map_err(|_| OpenSealedError::Damaged)?;
        if plaintext.len() as u64 > SEALED_MAX {
            return Err(OpenSealedError::TooLong);
        }
        let file_key = keys.iter().find_map(|k| k.kept.borrow_mut().take()).ok_or(OpenSealedError::NotForUs)?;
        let case_secret = kdf::derive(b"", file_key.as_slice(), "subrosa/sealed-case/v1", &[&kdf::sha256(file)]);
        Ok(OpenedSubmission { plaintext, case_secret })
    }
}

/// An identity that keeps the file key which it unwrapped.
struct Keeper {
    identity: Box<dyn age::Identity>,
    kept: RefCell<Option<Zeroizing<Vec<u8>>>>,
}

impl Keeper {
    fn of(identity: Box<dyn age::Identity>) -> Self {
        Self { identity, kept: RefCell::new(None) }
    }
}

impl age::Identity for Keeper {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        let unwrapped = self.identity.unwrap_stanza(stanza)?;
        if let Ok(key) = &unwrapped {
            *self.kept.borrow_mut() = Some(Zeroizing::new(key.expose_secret().to_vec()));
        }
        Some(unwrapped)
    }
}

/// The text is not a recipients' file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the intake recipients: {problem}")]
pub struct RecipientsError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

/// To whom submissions are sealed: the file that a charter commits to under [`POLICY_NAME`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntakeRecipients {
    /// `age1pq1…`, for age 1.3 and later.
    pub hybrid: Vec<String>,
    /// `age1…`, for every age.
    pub classic: Vec<String>,
}

impl IntakeRecipients {
    /// Reads the file.
    ///
    /// # Errors
    /// Names the line.
    pub fn parse(text: &str) -> Result<Self, RecipientsError> {
        let fault = |line, problem| Err(RecipientsError { line, problem });
        let mut lines = text.lines().zip(1..);
        if lines.next().is_none_or(|(l, _)| l != HEADING) {
            return fault(1, "it does not begin with the heading of this format");
        }
        let mut out = Self::default();
        for (line, number) in lines {
            let list = match line {
                l if l.is_empty() || l.starts_with('#') => continue,
                l if HybridRecipient::from_str(l).is_ok_and(|r| r.to_string() == l) => &mut out.hybrid,
                l if age::x25519::Recipient::from_str(l).is_ok_and(|r| r.to_string() == l) => &mut out.classic,
                _ => return fault(number, "this is neither age1pq1… nor age1…"),
            };
            if list.iter().any(|r| r == line) {
                return fault(number, "this recipient is there twice");
            }
            if list.len() >= RECIPIENTS_MAX {
                return fault(number, "too many recipients");
            }
            list.push(line.to_owned());
        }
        if out.hybrid.is_empty() { fault(1, "there is no age1pq1… recipient") } else { Ok(out) }
    }

    /// Adds another officer's.
    pub fn extend(&mut self, other: &Self) {
        for (mine, theirs) in [(&mut self.hybrid, &other.hybrid), (&mut self.classic, &other.classic)] {
            mine.extend(theirs.iter().filter(|r| !mine.contains(r)).cloned().collect::<Vec<_>>());
        }
    }
}

impl fmt::Display for IntakeRecipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADING}")?;
        self.hybrid.iter().chain(&self.classic).try_for_each(|r| writeln!(f, "{r}"))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
