//! Signed notes with Ed25519 (C2SP signed-note).

use core::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::sign::{SigningKey, VerifyingKey};

/// The longest note: bytes.
pub const NOTE_MAX: usize = 1024 * 1024;
/// Signatures under one note: at most.
pub const SIGNATURES_MAX: usize = 64;

/// How a key signs notes; the byte enters the key id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoteAlgorithm {
    /// Ed25519 over the text (`0x01`).
    Ed25519,
    /// A witness's Ed25519 with time (`0x04`, C2SP tlog-cosignature).
    CosignatureV1,
}

impl NoteAlgorithm {
    fn to_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::CosignatureV1 => 4,
        }
    }
}

/// A name or an encoded key is not well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteKeyError {
    /// The name is empty, or holds a space, a plus or a control character.
    #[error("the key's name is not allowed")]
    Name,
    /// The encoded key is not `name+id+key`.
    #[error("the key is not well formed")]
    Format,
    /// The id in the encoded key is not the one that name and key give.
    #[error("the key's id does not fit its name")]
    Id,
}

/// A public key under its name.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    algorithm: NoteAlgorithm,
    key: VerifyingKey,
    id: [u8; 4],
}

impl NoteKey {
    /// `key` under `name`, for `algorithm`.
    pub fn new(name: &str, algorithm: NoteAlgorithm, key: VerifyingKey) -> Result<Self, NoteKeyError> {
        if !valid_name(name) {
            return Err(NoteKeyError::Name);
        }
        let h =
            Sha256::new().chain_update(name).chain_update([b'\n', algorithm.to_byte()]).chain_update(key.0).finalize();
        let id = *h.first_chunk::<4>().unwrap_or(&[0; 4]);
        Ok(Self { name: name.to_owned(), algorithm, key, id })
    }

    /// Reads the text form `name+id+key` (C2SP signed-note, verifier keys).
    pub fn parse(text: &str) -> Result<Self, NoteKeyError> {
        let (name, rest) = text.split_once('+').ok_or(NoteKeyError::Format)?;
        let (id, key) = rest.split_once('+').ok_or(NoteKeyError::Format)?;
        let key = STANDARD.decode(key).map_err(|_| NoteKeyError::Format)?;
        let (algorithm, key) = key.split_first().ok_or(NoteKeyError::Format)?;
        let algorithm = match algorithm {
            1 => NoteAlgorithm::Ed25519,
            4 => NoteAlgorithm::CosignatureV1,
            _ => return Err(NoteKeyError::Format),
        };
        let key = VerifyingKey(key.try_into().map_err(|_| NoteKeyError::Format)?);
        let out = Self::new(name, algorithm, key)?;
        if hex::encode(out.id) != id {
            return Err(NoteKeyError::Id);
        }
        Ok(out)
    }

    /// The name under which the key signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key itself, without its name.
    pub fn key(&self) -> VerifyingKey {
        self.key
    }

    /// How it signs.
    pub fn algorithm(&self) -> NoteAlgorithm {
        self.algorithm
    }

    /// The key id: the first four bytes of SHA-256 over name, newline, algorithm and key.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.algorithm.to_byte()];
        key.extend_from_slice(&self.key.0);
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(key))
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteKey({self})")
    }
}

/// A private key under its name.
#[derive(Clone, Debug)]
pub struct NoteSigner {
    public: NoteKey,
    key: SigningKey,
}

impl NoteSigner {
    /// `key` under `name`, signing plain notes.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, NoteKeyError> {
        Ok(Self { public: NoteKey::new(name, NoteAlgorithm::Ed25519, key.verifying_key())?, key })
    }

    /// `key` under `name`, cosigning checkpoints as a witness.
    pub fn witness(name: &str, key: SigningKey) -> Result<Self, NoteKeyError> {
        Ok(Self { public: NoteKey::new(name, NoteAlgorithm::CosignatureV1, key.verifying_key())?, key })
    }

    /// The public half.
    pub fn key(&self) -> &NoteKey {
        &self.public
    }

    pub(super) fn signing_key(&self) -> &SigningKey {
        &self.key
    }
}

/// One signature line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteSignature {
    /// The signer's name.
    pub name: String,
    /// The signer's key id.
    pub id: [u8; 4],
    /// What follows the id.
    pub bytes: Vec<u8>,
}

/// Why bytes are not a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteError {
    /// Longer than [`NOTE_MAX`], or more than [`SIGNATURES_MAX`] signatures.
    #[error("the note is too long")]
    TooLong,
    /// Not UTF-8, or with control characters.
    #[error("the note holds characters that are not allowed")]
    Characters,
    /// No text, no blank line or no signature.
    #[error("the note is not well formed")]
    Format,
    /// A signature line is not well formed.
    #[error("a signature line of the note is not well formed")]
    SignatureLine,
}

/// Text with signatures. Unverified: see [`Note::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// Signs `text` (it must end in a newline and hold no other control characters).
    pub fn sign(text: String, signers: &[&NoteSigner]) -> Result<Self, NoteError> {
        check_text(&text)?;
        let mut note = Self { text, signatures: Vec::new() };
        for s in signers {
            note.add_signature(s)?;
        }
        Ok(note)
    }

    /// Adds one more plain signature.
    pub fn add_signature(&mut self, signer: &NoteSigner) -> Result<(), NoteError> {
        if signer.public.algorithm != NoteAlgorithm::Ed25519 {
            return Err(NoteError::SignatureLine);
        }
        let bytes = signer.key.sign_note(self.text.as_bytes()).to_vec();
        self.push(NoteSignature { name: signer.public.name.clone(), id: signer.public.id, bytes })
    }

    pub(super) fn push(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if self.signatures.len() >= SIGNATURES_MAX {
            return Err(NoteError::TooLong);
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Reads a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > NOTE_MAX {
            return Err(NoteError::TooLong);
        }
        let whole = core::str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        if has_control_characters(whole) {
            return Err(NoteError::Characters);
        }
        let at = whole.rfind("\n\n").ok_or(NoteError::Format)?;
        let (text, rest) = whole.split_at_checked(at + 1).ok_or(NoteError::Format)?;
        let lines = rest.strip_prefix('\n').and_then(|l| l.strip_suffix('\n')).ok_or(NoteError::Format)?;
        let mut note = Self { text: text.to_owned(), signatures: Vec::new() };
        for line in lines.split('\n') {
            note.push(parse_line(line).ok_or(NoteError::SignatureLine)?)?;
        }
        check_text(&note.text)?;
        Ok(note)
    }

    /// The note's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.text.clone();
        out.push('\n');
        for s in &self.signatures {
            let mut bytes = s.id.to_vec();
            bytes.extend_from_slice(&s.bytes);
            out.push_str("— ");
            out.push_str(&s.name);
            out.push(' ');
            STANDARD.encode_string(bytes, &mut out);
            out.push('\n');
        }
        out.into_bytes()
    }

    /// The text, not to be trusted before [`Note::verify`].
    pub fn unverified_text(&self) -> &str {
        &self.text
    }

    /// The signature lines.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks every signature whose name and id are those of one of `keys`; other lines are ignored. One bad signature
    /// of a known key spoils the note. At least one key must have signed.
    pub fn verify(&self, keys: &[NoteKey]) -> Result<VerifiedNote, NoteVerifyError> {
        let mut signers: Vec<NoteKey> = Vec::new();
        for s in &self.signatures {
            for key in keys.iter().filter(|k| k.algorithm == NoteAlgorithm::Ed25519 && k.name == s.name && k.id == s.id)
            {
                let bytes = s.bytes.as_slice().try_into().map_err(|_| NoteVerifyError::Bad)?;
                key.key.verify_note(self.text.as_bytes(), bytes).map_err(|_| NoteVerifyError::Bad)?;
                if !signers.contains(key) {
                    signers.push(key.clone());
                }
            }
        }
        if signers.is_empty() {
            return Err(NoteVerifyError::Unsigned);
        }
        Ok(VerifiedNote { text: self.text.clone(), signers })
    }
}

/// Why a note's text must be ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoteVerifyError {
    /// No known key has signed.
    #[error("no known key has signed this")]
    Unsigned,
    /// A signature in a known key's name is wrong.
    #[error("a signature is not valid")]
    Bad,
}

/// A note's text with the known keys that signed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifiedNote {
    text: String,
    signers: Vec<NoteKey>,
}

impl VerifiedNote {
    /// The signed text, ending in a newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The known keys that signed, each once.
    pub fn signers(&self) -> &[NoteKey] {
        &self.signers
    }
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, bytes) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(bytes).ok()?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    (valid_name(name) && !bytes.is_empty()).then(|| NoteSignature {
        name: name.to_owned(),
        id: *id,
        bytes: bytes.to_vec(),
    })
}

fn valid_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control())
}

fn has_control_characters(text: &str) -> bool {
    text.bytes().any(|b| b < 0x20 && b != b'\n')
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > NOTE_MAX {
        return Err(NoteError::TooLong);
    }
    if has_control_characters(text) {
        return Err(NoteError::Characters);
    }
    if !text.ends_with('\n') {
        return Err(NoteError::Format);
    }
    Ok(())
}
