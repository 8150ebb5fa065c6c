//! A finished token, the check of one issuer's share in it, and the file in which a person keeps tokens.

use core::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::{
    BATCH_MAX, ISSUERS_MAX,
    keyset::{Denomination, IssuerIndex, IssuerSecret},
    voprf::{self, VOPRF},
};
use crate::{
    encoding::{Codec, DecodeError, List},
    kdf, layout,
};

const VERSION: u8 = 1;

/// Marks a token as spent, once and for all: the labelled digest of denomination and input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nullifier(pub [u8; 32]);

impl Nullifier {
    /// The nullifier of the token with this denomination and input.
    pub fn of(denomination: Denomination, input: &[u8; 32]) -> Self {
        Self(kdf::digest("subrosa/nullifier/v1", &[&denomination.cents().to_be_bytes(), input]))
    }
}

/// 64 hex digits.
impl fmt::Display for Nullifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Nullifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nullifier({self})")
    }
}

/// Money: whoever knows these bytes can redeem them, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    denomination: Denomination,
    input: [u8; 32],
    outputs: List<(IssuerIndex, [u8; 64]), u8, ISSUERS_MAX>,
}

layout! {
    /// `version || denomination as u64 || input || count as u8 || (issuer as u8 || output)*`.
    Token [version VERSION] { denomination, input, outputs } check Self::check_outputs
}

impl Token {
    /// A token from its parts: outputs strictly ascending by issuer, 1 to [`ISSUERS_MAX`] of them.
    pub fn new(
        denomination: Denomination,
        input: [u8; 32],
        outputs: Vec<(IssuerIndex, [u8; 64])>,
    ) -> Result<Self, DecodeError> {
        let outputs = outputs.try_into().map_err(|_| DecodeError::Invalid("number of issuers"))?;
        let token = Self { denomination, input, outputs };
        token.check_outputs()?;
        Ok(token)
    }

    fn check_outputs(&self) -> Result<(), DecodeError> {
        if self.outputs.is_empty() {
            return Err(DecodeError::Invalid("number of issuers"));
        }
        if self.outputs.windows(2).any(|w| matches!(w, [a, b] if a.0 >= b.0)) {
            return Err(DecodeError::Invalid("order of issuers"));
        }
        Ok(())
    }

    /// What it is worth.
    pub fn denomination(&self) -> Denomination {
        self.denomination
    }

    /// The token input: secret until the token is redeemed.
    pub fn input(&self) -> &[u8; 32] {
        &self.input
    }

    /// The issuers whose shares it carries, ascending.
    pub fn issuers(&self) -> impl Iterator<Item = IssuerIndex> {
        self.outputs.iter().map(|(i, _)| *i)
    }

    /// The same token with the share of one issuer alone: what that issuer is shown, so that it could not redeem the
    /// token itself.
    pub fn only_for(&self, issuer: IssuerIndex) -> Option<Self> {
        let share = self.outputs.iter().find(|(i, _)| *i == issuer)?;
        Self::new(self.denomination, self.input, vec![*share]).ok()
    }

    /// What marks it as spent.
    pub fn nullifier(&self) -> Nullifier {
        Nullifier::of(self.denomination, &self.input)
    }

    /// The token's bytes, wiped when dropped.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(42 + 65 * self.outputs.len()));
        self.write(&mut out);
        out
    }

    /// Reads one token that fills `bytes`.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Codec::decode(bytes)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.input.zeroize();
        for (_, output) in self.outputs.iter_mut() {
            output.zeroize();
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, [redacted])", self.denomination.cents())
    }
}

/// Why an issuer does not honour a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShareError {
    /// The token carries no share of this issuer, or one for a denomination that it does not issue.
    #[error("the token carries no share of this issuer")]
    NotOurs,
    /// The share is wrong: not made by this issuer for this denomination.
    #[error("the share in the token is not genuine")]
    Wrong,
}

/// A token's share that its issuer has recognised as its own.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedShare {
    pub(super) issuer: IssuerIndex,
    pub(super) denomination: Denomination,
    pub(super) input: [u8; 32],
    /// The encoded evaluation of `H1(input)`, for the public proof.
    pub(super) evaluated: [u8; 32],
}

impl VerifiedShare {
    /// The issuer that recognised it.
    pub fn issuer(&self) -> IssuerIndex {
        self.issuer
    }

    /// What the token is worth.
    pub fn denomination(&self) -> Denomination {
        self.denomination
    }

    /// What marks the token as spent.
    pub fn nullifier(&self) -> Nullifier {
        Nullifier::of(self.denomination, &self.input)
    }
}

impl fmt::Debug for VerifiedShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedShare({:?}, {:?})", self.issuer, self.nullifier())
    }
}

impl IssuerSecret {
    /// Checks this issuer's share in `token` (RFC 9497 section 3.3.1, `Evaluate`) and compares in constant time. A
    /// token needs the shares of as many issuers as the charter says; each checks its own alone.
    pub fn verify_share(&self, token: &Token) -> Result<VerifiedShare, ShareError> {
        let key = self.key(token.denomination).ok_or(ShareError::NotOurs)?;
        let (_, output) = token.outputs.iter().find(|(i, _)| *i == self.index()).ok_or(ShareError::NotOurs)?;
        let point = VOPRF.hash_to_group(&token.input);
        let evaluated = key.evaluate_batch([&point]).pop().ok_or(ShareError::Wrong)?;
        let expected = Zeroizing::new(voprf::output(&token.input, &evaluated));
        if !bool::from(expected.as_slice().ct_eq(output.as_slice())) {
            return Err(ShareError::Wrong);
        }
        Ok(VerifiedShare { issuer: self.index(), denomination: token.denomination, input: token.input, evaluated })
    }
}

/// The first line of a token file.
const FILE_HEADER: &str = "subrosa-tokens v1";

/// Tokens as a file that a person keeps: text, one token a line, with a check line at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenFile {
    /// The programme that honours them: one line without control characters.
    pub programme: String,
    /// The tokens, in the order of the file.
    pub tokens: Vec<Token>,
}

/// Why a token file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenFileError {
    /// It does not begin as a token file does.
    #[error("this is not a token file")]
    NotATokenFile,
    /// The line with this number is damaged.
    #[error("line {0} of the token file is damaged")]
    Line(usize),
    /// The check line does not fit the rest: the file was cut or changed.
    #[error("the token file was cut or changed")]
    Check,
}

impl TokenFile {
    /// The file's text.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(128 + self.tokens.len() * 512));
        out.push_str(FILE_HEADER);
        out.push_str("\nprogramme ");
        out.push_str(&self.programme);
        out.push('\n');
        for t in &self.tokens {
            out.push_str("token ");
            STANDARD.encode_string(t.encode().as_slice(), &mut out);
            out.push('\n');
        }
        let check = check_of(&out);
        out.push_str("check ");
        out.push_str(&check);
        out.push('\n');
        out
    }

    /// Reads a file's text. Line ends may be `\n` or `\r\n`.
    pub fn parse(text: &str) -> Result<Self, TokenFileError> {
        let mut lines = text.lines();
        if lines.next() != Some(FILE_HEADER) {
            return Err(TokenFileError::NotATokenFile);
        }
        let programme = lines.next().and_then(|l| l.strip_prefix("programme ")).ok_or(TokenFileError::Line(2))?;
        let mut file = Self { programme: programme.to_owned(), tokens: Vec::new() };
        let mut number = 2;
        loop {
            number += 1;
            let line = lines.next().ok_or(TokenFileError::Check)?;
            if let Some(check) = line.strip_prefix("check ") {
                let text = file.to_text();
                let expected = text.trim_end().rsplit(' ').next();
                return if expected == Some(check) && lines.next().is_none() {
                    Ok(file)
                } else {
                    Err(TokenFileError::Check)
                };
            }
            let bytes = line.strip_prefix("token ").and_then(|l| STANDARD.decode(l).ok()).map(Zeroizing::new);
            let token = bytes.and_then(|b| Token::decode(&b).ok()).ok_or(TokenFileError::Line(number))?;
            if file.tokens.len() >= BATCH_MAX {
                return Err(TokenFileError::Line(number));
            }
            file.tokens.push(token);
        }
    }
}

fn check_of(text: &str) -> String {
    let d = kdf::digest("subrosa/token-file/v1", &[text.as_bytes()]);
    hex::encode(d.first_chunk::<8>().unwrap_or(&[0; 8]))
}
