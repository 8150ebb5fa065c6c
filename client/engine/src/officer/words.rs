//! What a source says, judged as far as it can be before its case is read: is it the source's own, for this officer,
//! and in this conversation?
//!
//! Spec: `docs/spec/messages.md`, section "Signed words".

use subrosa_casework::words::{Opening, SignedWords, meeting};
use subrosa_crypto::sign::{HolderId, VerifyingKey};

use crate::{
    message::{Message, Tip},
    trouble::Trouble,
};

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
) -> Result<SignedTip, Trouble> {
    let (opening, rest) = body.split_at_checked(Opening::LEN).ok_or(Trouble::TipForwarded)?;
    let opening = Opening::decode(opening).map_err(|_| Trouble::TipForwarded)?;
    let words = SignedWords::decode(rest).map_err(|_| Trouble::WordsNotSigned)?;
    let Message::Tip(tip) = Message::decode(&words.body)? else { return Err(Trouble::WordsNotSigned) };
    let (journal, _) = meeting(&tip.case_secret, &tip.claim_key);
    let fits = words.journal == journal && words.counter == 0 && words.is_for(me);
    if !fits || words.verify(programme, &tip.claim_key).is_err() {
        return Err(Trouble::WordsNotSigned);
    }
    opening.verify(programme, me, conversation, rest, &tip.claim_key).map_err(|_| Trouble::TipForwarded)?;
    Ok(SignedTip { tip, words: rest.to_vec() })
}

/// Checks a later message of a source in its own conversation.
pub(super) fn later_words(
    body: &[u8],
    programme: &str,
    me: HolderId,
    journal: &[u8; 32],
    claim_key: &VerifyingKey,
) -> Result<(), Trouble> {
    let words = SignedWords::decode(body).map_err(|_| Trouble::WordsNotSigned)?;
    let fits = words.journal.0 == *journal && words.counter > 0 && words.is_for(me);
    if !fits || words.verify(programme, claim_key).is_err() {
        return Err(Trouble::WordsNotSigned);
    }
    Message::decode(&words.body)?;
    Ok(())
}
