//! Whether the source has said it: what an entry takes in of the source must carry the claim key's signature for this
//! very case.
//!
//! Spec: `docs/spec/case.md`, section "What the source has said".

use subrosa_crypto::{intake::NO_CLAIM_KEY, sign::VerifyingKey};

use super::{
    Author, Case, Context, Contradiction, MessageIn, Received,
    content::{body, known_officer},
    guard::Allowed,
};
use crate::{
    award::SourceStatement,
    bytes::Blob,
    refusal::{Refusal, Rule},
    words::{SignedWords, meeting},
};

/// The journal's name comes from the tip's secret and claim key, so an entry with another claim key belongs to another
/// journal; and the claim key has signed the tip, for its author among others. Nobody to whom the source wrote may be
/// left out of the team. Whoever reported without our program has no key: nobody can sign in that person's place.
pub(super) fn tip_is_the_sources(case: &Case, author: &Author, received: &Received, ctx: &Context<'_>) -> Allowed {
    if meeting(&received.case_secret.0, &received.claim_key).0 != case.id {
        return Err(Rule::WrongJournal.into());
    }
    if received.claim_key == NO_CLAIM_KEY {
        return Ok(());
    }
    let words = source_words(case, author, &received.tip, &received.claim_key, ctx)?;
    if words.counter != 0 {
        return Err(Rule::BadClaim.into());
    }
    let left_out =
        words.recipients.iter().any(|h| known_officer(*h, author.at, ctx).is_ok() && !received.team.contains(h));
    if left_out { Err(Rule::RecipientLeftOut.into()) } else { Ok(()) }
}

/// Words that `key` signed for this case and, among others, for the author.
fn source_words(
    case: &Case,
    author: &Author,
    said: &Blob,
    key: &VerifyingKey,
    ctx: &Context<'_>,
) -> Result<SignedWords, Refusal> {
    let words = SignedWords::decode(&said.0).map_err(|_| Rule::BadClaim)?;
    if words.journal != case.id {
        return Err(Rule::WrongJournal.into());
    }
    words.verify(&ctx.programme.id, key)?;
    if words.is_for(author.holder) { Ok(words) } else { Err(Rule::NotAddressed.into()) }
}

/// A later message of the source. The same message is not said twice; another one under the same number is taken, for
/// the source has signed it, and [`Case::doubled_words`] names it.
pub(super) fn message_received(case: &Case, author: &Author, message: &MessageIn, ctx: &Context<'_>) -> Allowed {
    body(&message.body, message.digest)?;
    let key = case.claim_key().ok_or(Rule::NotReceived)?;
    let words = source_words(case, author, &message.body, key, ctx)?;
    if words.counter == 0 {
        return Err(Rule::BadClaim.into());
    }
    match case.messages.iter().any(|m| m.sent.is_none() && m.digest == message.digest) {
        true => Err(Rule::WordsRepeated.into()),
        false => Ok(()),
    }
}

/// A member's own copy of the tip differs; said once by each member.
pub(super) fn contradicted(case: &Case, author: &Author, own: &Contradiction) -> Allowed {
    let received = case.received().ok_or(Rule::NotReceived)?;
    let same = own.digest == received.digest && own.claim_key == received.claim_key;
    let said = case.contradictions.iter().any(|(h, c)| *h == author.holder && c == own);
    if same || said { Err(Rule::SameTip.into()) } else { Ok(()) }
}

/// A statement that the claim key made for this case, and that was not used before.
pub(super) fn source_signed(case: &Case, statement: &SourceStatement) -> Allowed {
    let key = case.claim_key().ok_or(Rule::NotReceived)?;
    statement.verify(&case.id, key)?;
    if case.statements.contains(&statement.nonce) {
        return Err(Rule::StatementUsed.into());
    }
    Ok(())
}
