//! What a source says, signed: every message is bound to its case, its number, its receivers and the charter.
//!
//! Spec: `docs/spec/messages.md`, section "Signed words".

use subrosa_casework::{
    bytes::Digest,
    words::{Heading, Opening, SignedWords},
};
use subrosa_crypto::{
    ratchet,
    sign::{HolderId, SigningKey},
    wire::JournalId,
};
use zeroize::Zeroizing;

use crate::{
    directory::Directory,
    message::{Message, MessageError},
};

/// Under what a source writes.
pub(super) struct Hand<'h> {
    pub(super) directory: &'h Directory,
    pub(super) journal: JournalId,
    pub(super) key: SigningKey,
}

impl Hand<'_> {
    /// A message for these officers, encoded and signed as number `counter`.
    ///
    /// # Errors
    /// It does not fit one envelope.
    pub(super) fn sign(
        &self,
        message: &Message,
        counter: u64,
        recipients: &[HolderId],
    ) -> Result<Zeroizing<Vec<u8>>, MessageError> {
        let body = message.encode()?;
        let heading = Heading {
            programme: self.directory.programme(),
            journal: self.journal,
            counter,
            charter: Digest(self.directory.seen().1),
            recipients,
        };
        let too_long = MessageError::TooLong(body.len());
        let words = SignedWords::sign(&heading, body.to_vec(), &self.key).map_err(|_| too_long)?;
        let words = Zeroizing::new(words.encode());
        // The tip comes with the opening of its conversation in front.
        match words.len() + Opening::LEN > ratchet::BODY_MAX {
            true => Err(MessageError::TooLong(words.len() + Opening::LEN)),
            false => Ok(words),
        }
    }

    /// Signed words as the beginning of the conversation of this name with `officer`.
    pub(super) fn open(&self, words: &[u8], officer: HolderId, conversation: &[u8; 32]) -> Zeroizing<Vec<u8>> {
        let opening = Opening::sign(self.directory.programme(), officer, conversation, words, &self.key);
        Zeroizing::new([opening.encode().as_slice(), words].concat())
    }
}
