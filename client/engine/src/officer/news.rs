//! What a source is told when its case moves.

use subrosa_casework::{
    case::{Case, State},
    money::Currency,
};

use crate::message::{AwardNotice, Message, Notice};

/// A notice about where the case stands, for the source.
pub fn notice(state: State, text: &str, award: Option<AwardNotice>) -> Message {
    Message::Notice(Notice { state: state.name().into(), text: text.into(), award })
}

/// What the source is told when a step moved the case to where it has something to do or to know. The state says it:
/// the source's program puts it into words of the source's own language. Words of the officer are added only where they
/// are the same in every language: an amount, in its plain form.
pub fn news_for_source(was: State, after: &Case) -> Option<Message> {
    let state = after.state();
    if state == was || !state.tells_source() {
        return None;
    }
    let award = after.award();
    Some(match state {
        State::AwardProposed => {
            let amount = award.map(|a| a.amount.of(Currency::EUR).to_string()).unwrap_or_default();
            notice(state, &amount, None)
        }
        State::AwardFinal => {
            let (reference, amount) = award.and_then(|a| Some((a.award_ref?, a.amount)))?;
            notice(state, "", Some(AwardNotice { reference, amount_cents: amount.0 }))
        }
        _ => notice(state, "", None),
    })
}
