//! What a source says, judged as far as it can be before its case is read: is it the source's own, for this officer, and
//! in this conversation?
//!
//! Spec: `docs/spec/messages.md`, section "Signed words".

use subrosa_casework::words::{Opening, SignedWords, meeting};
use subrosa_crypto::sign::{HolderId, VerifyingKey};
use thiserror::Error;

use crate::message::{Message, MessageError, Tip};

/// Why something that came as a source's words is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum NotTheSource {
    /// A tip that nobody signed, or one without the opening of its conversation.
    #[error(
        "a tip came to you in a conversation that no source has opened: whoever sent it on holds a copy of it and is not the source. It was not kept"
    )]
    NoOpening,
    /// The opening was made for another conversation, or by another key.
    #[error(
        "a tip came to you in a conversation that its source did not open with you: whoever sent it on holds a copy of it and is not the source. It was not kept"
    )]
    OtherOpening,
    /// The signature, the case or the receivers do not fit.
    #[error("something came as a source's words that the source did not sign for you; it was not kept")]
    NotSigned,
    /// What was signed is no message that this program reads.
    #[error("a message of a source could not be read: {0}")]
    Message(#[from] MessageError),
}

/// A tip with the source's signature.
pub(super) struct SignedTip {
    /// What it says.
    pub(super) tip: Box<Tip>,
    /// The encoded words with their signature, the same for every officer.
    pub(super) words: Vec<u8>,
}

/// Reads what began a conversation as a tip, and checks that its source opened this very conversation with `me`.
pub(super) fn first_words(
    body: &[u8],
    programme: &str,
    me: HolderId,
    conversation: &[u8; 32],
) -> Result<SignedTip, NotTheSource> {
    let (opening, rest) = body.split_at_checked(Opening::LEN).ok_or(NotTheSource::NoOpening)?;
    let opening = Opening::decode(opening).map_err(|_| NotTheSource::NoOpening)?;
    let words = SignedWords::decode(rest).map_err(|_| NotTheSource::NotSigned)?;
    let Message::Tip(tip) = Message::decode(&words.body)? else { return Err(NotTheSource::NotSigned) };
    let (journal, _) = meeting(&tip.case_secret, &tip.claim_key);
    let fits = words.journal == journal && words.counter == 0 && words.is_for(me);
    if !fits || words.verify(programme, &tip.claim_key).is_err() {
        return Err(NotTheSource::NotSigned);
    }
    opening.verify(programme, me, conversation, rest, &tip.claim_key).map_err(|_| NotTheSource::OtherOpening)?;
    Ok(SignedTip { tip, words: rest.to_vec() })
}

/// Checks a later message of a source in its own conversation.
pub(super) fn later_words(
    body: &[u8],
    programme: &str,
    me: HolderId,
    journal: &[u8; 32],
    claim_key: &VerifyingKey,
) -> Result<(), NotTheSource> {
    let words = SignedWords::decode(body).map_err(|_| NotTheSource::NotSigned)?;
    let fits = words.journal.0 == *journal && words.counter > 0 && words.is_for(me);
    if !fits || words.verify(programme, claim_key).is_err() {
        return Err(NotTheSource::NotSigned);
    }
    Message::decode(&words.body)?;
    Ok(())
}
