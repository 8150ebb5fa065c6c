//! What a source says: its words, signed with the tip's claim key and bound to their case, their place in the
//! conversation, the people they are for and the charter that the source saw.
//!
//! Spec: `docs/spec/messages.md`, section "Signed words". An officer can pass words on or keep them back. Nobody but
//! the source can make them, move them to another case, or say them twice.

use core::fmt;

use subrosa_crypto::{
    encode_decode,
    encoding::{Codec, Counted, DecodeError, Var},
    kdf, layout,
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey, VerifyingKey},
    wire::JournalId,
};

use crate::{
    access::CaseAccess,
    bytes::{Digest, Signature},
    case::message_digest,
    journal::CaseKey,
    refusal::{Refusal, Rule},
};

/// The version byte in front of signed words. Versions 1 and 2 are messages without a signature.
pub const WORDS_VERSION: u8 = 3;
/// The longest body of signed words: bytes. What fits into one envelope is shorter.
pub const WORDS_BODY_MAX: usize = 32 * 1024;
/// The people that words are for: from 1 to 255, ascending, none twice.
pub type Recipients = Counted<HolderId, u8, 1, 255>;

/// Where a tip's officers meet, from the secret in the tip and the claim key: the journal's name, and the key and
/// capability of generation 0, under which nothing but the tip and the first turn of the key is written.
///
/// The claim key is part of it: two tips with one secret and different claim keys lead to different journals.
pub fn meeting(case_secret: &Secret32, claim_key: &VerifyingKey) -> (JournalId, CaseAccess) {
    let derive = |label| kdf::derive(b"", case_secret.expose(), label, &[&claim_key.0]);
    let capability = derive("subrosa/case-capability/v2");
    let journal = JournalId(kdf::digest("subrosa/journal-capability/v1", &[capability.expose()]));
    (journal, CaseAccess { key: CaseKey { generation: 0, key: derive("subrosa/case-key/v2") }, capability })
}

/// Words of a source with their signature. `Debug` shows their length alone: a log must not hold them.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedWords {
    /// The journal of the case that they belong to.
    pub journal: JournalId,
    /// The tip is 0, and each later message of the source one more.
    pub counter: u64,
    /// The digest of the charter that the source saw when it wrote.
    pub charter: Digest,
    /// For whom they are meant: the officers to whom they were sent.
    pub recipients: Recipients,
    /// The message, encoded.
    pub body: Var<WORDS_BODY_MAX>,
    /// Ed25519 by the claim key, domain `subrosa/sig/words/v1`.
    pub signature: Signature,
}

impl fmt::Debug for SignedWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedWords")
            .field("counter", &self.counter)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

layout! {
    /// `version || journal || counter || charter || recipients || var(body) || signature`.
    SignedWords [version WORDS_VERSION] { journal, counter, charter, recipients, body, signature }
    check Self::in_order
}

encode_decode! { SignedWords, Opening }

/// What a source puts in front of its words, besides the words.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'h> {
    /// The programme's id.
    pub programme: &'h str,
    /// The journal of the case that they belong to.
    pub journal: JournalId,
    /// The message's number: the tip is 0.
    pub counter: u64,
    /// The digest of the charter that the source sees.
    pub charter: Digest,
    /// For whom, in any order.
    pub recipients: &'h [HolderId],
}

impl SignedWords {
    /// Signs `body` for its recipients.
    ///
    /// # Errors
    /// Nobody to write to, more than 255 people, or a body longer than [`WORDS_BODY_MAX`]: [`Rule::TooLong`].
    pub fn sign(heading: &Heading<'_>, body: Vec<u8>, key: &SigningKey) -> Result<Self, Refusal> {
        let mut recipients = heading.recipients.to_vec();
        recipients.sort_unstable();
        recipients.dedup();
        let mut words = Self {
            journal: heading.journal,
            counter: heading.counter,
            charter: heading.charter,
            recipients: Recipients::new(recipients).map_err(|_| Rule::TooLong)?,
            body: body.try_into().map_err(|_| Rule::TooLong)?,
            signature: Signature([0; 64]),
        };
        words.signature = Signature(key.sign(Domain::WORDS, &words.signed_part(heading.programme)));
        Ok(words)
    }

    /// The signed bytes: `programme digest || version || journal || counter || charter || recipients || digest of the
    /// body`. The digest stands for the body, so that the signature can be checked where the words are left out.
    pub fn signed_part(&self, programme: &str) -> Vec<u8> {
        let mut out = programme_digest(programme).encode();
        out.push(WORDS_VERSION);
        (self.journal, self.counter, self.charter).write(&mut out);
        self.recipients.write(&mut out);
        message_digest(&self.body).write(&mut out);
        out
    }

    /// Refuses unless `claim_key` signed these words in this programme.
    ///
    /// # Errors
    /// [`Rule::BadClaim`].
    pub fn verify(&self, programme: &str, claim_key: &VerifyingKey) -> Result<(), Refusal> {
        claim_key
            .verify(Domain::WORDS, &self.signed_part(programme), &self.signature.0)
            .map_err(|_| Rule::BadClaim.into())
    }

    /// Whether they are for `holder`.
    pub fn is_for(&self, holder: HolderId) -> bool {
        self.recipients.contains(&holder)
    }

    fn in_order(&self) -> Result<(), DecodeError> {
        let ascending = self.recipients.windows(2).all(|two| matches!(two, [a, b] if a < b));
        if ascending { Ok(()) } else { Err(DecodeError::Invalid("recipients")) }
    }
}

/// The digest that stands for a programme's id in what its sources sign.
fn programme_digest(programme: &str) -> Digest {
    Digest(kdf::digest("subrosa/programme/v1", &[programme.as_bytes()]))
}

/// A source opens a conversation with one officer. Without it, whoever holds a tip could send it on in a conversation
/// of their own and speak as the source from there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Ed25519 by the claim key, domain `subrosa/sig/conversation/v1`.
    pub signature: Signature,
}

/// The version byte of an opening, in front of the words that it comes with.
pub const OPENING_VERSION: u8 = 4;

layout! {
    /// `version || signature`.
    Opening [version OPENING_VERSION] { signature }
}

impl Opening {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 64;

    fn signed_part(programme: &str, officer: HolderId, conversation: &[u8; 32], words: &[u8]) -> Vec<u8> {
        let mut out = programme_digest(programme).encode();
        out.push(OPENING_VERSION);
        (officer, *conversation, message_digest(words)).write(&mut out);
        out
    }

    /// Signs that the conversation of this name is the source's own with `officer`, and begins with these words
    /// (encoded [`SignedWords`]).
    pub fn sign(programme: &str, officer: HolderId, conversation: &[u8; 32], words: &[u8], key: &SigningKey) -> Self {
        let part = Self::signed_part(programme, officer, conversation, words);
        Self { signature: Signature(key.sign(Domain::CONVERSATION, &part)) }
    }

    /// Refuses unless `claim_key` opened this conversation with `officer` by these words.
    ///
    /// # Errors
    /// [`Rule::BadClaim`].
    pub fn verify(
        &self,
        programme: &str,
        officer: HolderId,
        conversation: &[u8; 32],
        words: &[u8],
        claim_key: &VerifyingKey,
    ) -> Result<(), Refusal> {
        let part = Self::signed_part(programme, officer, conversation, words);
        claim_key.verify(Domain::CONVERSATION, &part, &self.signature.0).map_err(|_| Rule::BadClaim.into())
    }
}
