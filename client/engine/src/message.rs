//! What travels inside the ratchet: one version byte, then CBOR (RFC 8949).
//!
//! Spec: `docs/spec/messages.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use subrosa_casework::{
    award::{SignedOrder, SourceStatement},
    bytes::{AwardRef, Digest},
    heads::Views,
    money::{Cents, Currency, Money},
    number::Numerals,
    words::{SignedWords, WORDS_VERSION},
};
use subrosa_crypto::{
    encoding::cbor, file::FileManifest, passphrase::Passphrase, ratchet, secret::Secret32, sign::VerifyingKey,
};
use thiserror::Error;

use crate::treasury::rail::instruction::PayoutInstruction;

const VERSION: u8 = 2;
/// The longest name of a case's state in a notice: bytes.
pub const STATE_NAME_MAX: usize = 32;

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MessageError {
    /// Another version, or no message at all.
    #[error("the message is of a kind that this program does not know; a newer program may read it")]
    Version,
    /// Not the CBOR that the specification describes.
    #[error("the message is damaged or was made by a faulty program")]
    Malformed,
    /// It does not fit into one envelope.
    #[error("the message is too long: {0} bytes, {max} fit; put long text into a file", max = ratchet::BODY_MAX)]
    TooLong(usize),
}

/// A first submission.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tip {
    /// Random; the case's journal and key start from it. Every addressed officer gets the same one, the source keeps
    /// none.
    pub case_secret: Secret32,
    /// Which regime the tip is about: the name of a pack.
    pub regime: String,
    /// Structured answers, question id to answer.
    pub answers: BTreeMap<String, String>,
    /// The story, in the source's words.
    pub narrative: String,
    /// Evidence; the files lie on the server as sealed blobs.
    pub files: Vec<FileManifest>,
    /// Proves later that the claimant is the author: derived from the passphrase, so it outlives every state.
    pub claim_key: VerifyingKey,
}

/// What an officer tells the source about where the case stands.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The case's state, as `casework` names it.
    pub state: String,
    /// What the officer adds; empty where the state says all, which each program puts into its reader's words.
    pub text: String,
    /// The award, once it is final.
    pub award: Option<AwardNotice>,
}

impl Notice {
    /// The amount that the text is, where it is nothing else: an officer's program writes the proposed amount plainly,
    /// and each program shows it as its reader's language does.
    pub fn amount(&self) -> Option<Cents> {
        Money::read(&self.text, &Numerals::ENGLISH, Currency::EUR).ok().map(|money| money.cents)
    }
}

/// A final award.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AwardNotice {
    /// Random name of the award.
    pub reference: AwardRef,
    /// What was awarded, in euro cents.
    pub amount_cents: u64,
}

/// Blinded tokens to be signed, and where each administrator leaves its part.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// The award that the tokens are for, by its random name.
    pub reference: AwardRef,
    /// Encoded `token::BlindedBatch`.
    #[serde(with = "serde_bytes")]
    pub batch: Vec<u8>,
    /// One for each administrator, sealed to that administrator alone.
    pub boxes: Vec<SealedBox>,
    /// The claim key's signature over the batch, so that no officer can put tokens of their own in its place.
    pub statement: SourceStatement,
}

/// A return box, sealed to one administrator's wrapping key: `box secret (32) || X-Wing public key (1216)`.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SealedBox {
    /// The issuer's number.
    pub issuer: u8,
    /// HPKE output for that issuer: encapsulated key, ciphertext and tag.
    #[serde(with = "serde_bytes")]
    pub sealed: Vec<u8>,
}

/// What two adjudicators order and one officer delivers to each administrator.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueOrder {
    /// The order with its two signatures.
    pub order: SignedOrder,
    /// Encoded `token::BlindedBatch`; the order commits to its digest.
    #[serde(with = "serde_bytes")]
    pub batch: Vec<u8>,
    /// The receiver's return box.
    pub return_box: SealedBox,
}

/// Tokens presented by a stranger.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redemption {
    /// Random, so that the public digest of the redemption says nothing about the payee.
    pub salt: Secret32,
    /// An encoded `token::Presentation`: the tokens with the receiving issuer's shares alone. An administrator never
    /// holds a token that it could redeem itself.
    #[serde(with = "serde_bytes")]
    pub tokens: Vec<u8>,
    /// Where the money goes: only administrators ever read this.
    pub payout: PayoutInstruction,
}

/// What the sealed intake passes on: an age file that a person sealed without our program.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedSubmission {
    /// The receipt code that the person saw.
    pub code: String,
    /// The age file, as the server's spool held it.
    pub file: FileManifest,
}

/// One generation of a case's key, as an officer hands it on.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedKey {
    /// Counted from zero.
    pub generation: u32,
    /// 32 bytes that encrypt every journal entry of this generation.
    pub key: Secret32,
}

/// What a colleague who joins a case needs to read and to write it. It counts only if the journal that it opens names
/// the reader as a member of its team.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseHandover {
    /// The journal's public name, which is the case's.
    pub journal: Digest,
    /// The right to read, append and purge.
    pub capability: Secret32,
    /// The case's keys so far, oldest first.
    pub keys: Vec<HandedKey>,
    /// How many entries whoever hands it over has read.
    pub seq: u64,
    /// The head after them: the reader must come to the same one there.
    pub head: Digest,
}

/// Everything that can be said inside an envelope.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// Source to officers, first.
    Tip(Box<Tip>),
    /// Either way: words and files.
    Text {
        /// What the writer says, as plain text.
        text: String,
        /// Files that go along, which lie on the server as sealed blobs; empty if there are only words.
        files: Vec<FileManifest>,
    },
    /// Officer to source: where the case stands.
    Notice(Notice),
    /// Source to officers: something said with the claim key (claims, accepts, contests, withdraws).
    Statement(SourceStatement),
    /// Source to officers.
    TokenRequest(TokenRequest),
    /// Officer to administrator.
    IssueOrder(Box<IssueOrder>),
    /// Stranger to administrator.
    Redemption(Redemption),
    /// Sealed intake to officers, first.
    Sealed(Box<SealedSubmission>),
    /// Officer to officer: the reader joins a case.
    Handover(Box<CaseHandover>),
    /// Officer to officer: how far the journals go that both read.
    Views(Box<Views>),
    /// Officer to source: the writer has left the case. Nothing more is to be sent to this officer, who could not and
    /// must not read it.
    Leaving,
    /// To anybody, as first contact: nothing. It fills a parcel up, and is fetched and destroyed as every letter is.
    Cover,
}

impl core::fmt::Debug for Message {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Tip(_) => "Tip([redacted])",
            Self::Text { .. } => "Text([redacted])",
            Self::Notice(_) => "Notice([redacted])",
            Self::Statement(_) => "Statement([redacted])",
            Self::TokenRequest(_) => "TokenRequest([redacted])",
            Self::IssueOrder(_) => "IssueOrder([redacted])",
            Self::Redemption(_) => "Redemption([redacted])",
            Self::Sealed(_) => "Sealed([redacted])",
            Self::Handover(_) => "Handover([redacted])",
            Self::Views(_) => "Views([redacted])",
            Self::Leaving => "Leaving",
            Self::Cover => "Cover",
        })
    }
}

/// Whether a text says nothing: blanks, line ends and characters that nobody sees.
pub fn is_blank(text: &str) -> bool {
    let unseen =
        |c: char| matches!(u32::from(c), 0x00AD | 0x200B..=0x200F | 0x2060..=0x2064 | 0x2800 | 0x3164 | 0xFEFF);
    text.chars().all(|c| c.is_whitespace() || c.is_control() || unseen(c))
}

impl Message {
    /// Whether it has neither words nor files although it is made of them. A tip tells what happened; files alone do
    /// not.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Tip(tip) => is_blank(&tip.narrative),
            Self::Text { text, files } => is_blank(text) && files.is_empty(),
            _ => false,
        }
    }

    /// Whether a passphrase stands in what a source writes.
    pub fn holds_passphrase(&self) -> bool {
        match self {
            Self::Tip(tip) => {
                core::iter::once(&tip.narrative).chain(tip.answers.values()).any(|t| Passphrase::stands_in(t))
            }
            Self::Text { text, .. } => Passphrase::stands_in(text),
            _ => false,
        }
    }

    /// The bytes that go into the ratchet.
    pub fn encode(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, MessageError> {
        let mut out = zeroize::Zeroizing::new(vec![VERSION]);
        cbor::write(self, &mut out).map_err(|_| MessageError::Malformed)?;
        if out.len() > ratchet::BODY_MAX { Err(MessageError::TooLong(out.len())) } else { Ok(out) }
    }

    /// Reads a message in its one encoding; what a source has signed is no plain message.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        let (version, rest) = bytes.split_first().ok_or(MessageError::Malformed)?;
        if *version != VERSION {
            return Err(MessageError::Version);
        }
        let message: Self = cbor::read(rest).map_err(|_| MessageError::Malformed)?;
        if message.is_in_bounds() { Ok(message) } else { Err(MessageError::Malformed) }
    }

    /// The message in what a journal holds: a source's stands there behind its signature, which the journal's guard has
    /// checked; an officer's stands there as it was sent.
    pub fn recorded(bytes: &[u8]) -> Result<Self, MessageError> {
        match bytes.first() {
            Some(&WORDS_VERSION) => {
                Self::decode(&SignedWords::decode(bytes).map_err(|_| MessageError::Malformed)?.body)
            }
            _ => Self::decode(bytes),
        }
    }

    /// What a reader keeps in its own state must not be longer than that has room for.
    fn is_in_bounds(&self) -> bool {
        match self {
            Self::Notice(notice) => notice.state.len() <= STATE_NAME_MAX,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_can_read_is_no_text() {
        for blank in ["", " ", "\r\n\t ", "\u{a0}\u{3000}", "\u{200b}\u{feff} \u{2060}"] {
            assert!(is_blank(blank), "{blank:?}");
            let empty = Message::Text { text: blank.into(), files: Vec::new() };
            assert!(empty.is_empty(), "{blank:?}");
        }
        for words in ["x", " ä ", "می\u{200c}خواهم", "?"] {
            assert!(!is_blank(words), "{words:?}");
        }
        assert!(!Message::Leaving.is_empty());
    }
}
