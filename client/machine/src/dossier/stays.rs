//! What stays with the team, entry by entry.
//!
//! Every event is named here, every decision in [`Act::about`]: a new one does not compile until somebody has said
//! whether an authority gets it.

use std::collections::BTreeMap;

use subrosa_casework::case::{About, Act, Event, MessageKind, State};
use subrosa_engine::message::Message;

use super::form::{LeftOut, Speaker, Words};

/// Decides about the entries of one journal, from the first to the last.
#[derive(Default)]
pub(super) struct Stays {
    /// The source may claim, or could: from here on the thread speaks of the award.
    of_award: bool,
    /// Why each decision's proposal stays: whatever answers it stays for the same reason.
    proposals: BTreeMap<u64, LeftOut>,
}

impl Stays {
    /// Why the event at `seq` stays with the team, if it does. To be asked about each event, in the journal's order.
    pub(super) fn reason(&mut self, seq: u64, event: &Event) -> Option<LeftOut> {
        match event {
            Event::Received(_) => self.in_words(false, LeftOut::SourceWords),
            Event::MessageReceived(m) => self.in_words(says_award(&m.body.0), LeftOut::SourceWords),
            Event::MessageSent(m) => {
                let about = m.kind == MessageKind::Reasons || says_award(&m.body.0);
                self.in_words(about, LeftOut::Letter)
            }
            // Another tip than the case's has another claim key.
            Event::SourceStated(_) | Event::ClaimFiled { .. } | Event::TipContradicted(_) => Some(LeftOut::ClaimKey),
            Event::Noted { .. } => Some(LeftOut::Note),
            Event::MemberAdded { .. } | Event::KeyTurned(_) => Some(LeftOut::TeamKeys),
            Event::Linked { .. } => Some(LeftOut::OtherCase),
            Event::ClaimWindowOpened { .. } => {
                self.of_award = true;
                Some(LeftOut::Award)
            }
            // The source's position is asked for because of the award, and says who the source is.
            Event::PositionStated(_)
            | Event::ClaimWindowClosed
            | Event::AwardProposed { .. }
            | Event::TokenRequestReceived { .. }
            | Event::OrderSigned { .. }
            | Event::Paid { .. } => Some(LeftOut::Award),
            Event::Proposed(act) => {
                let reason = decision(act);
                self.proposals.extend(reason.map(|why| (seq, why)));
                reason
            }
            Event::Confirmed { proposal } | Event::ProposalDropped { proposal } => {
                self.proposals.get(proposal).copied()
            }
            // What it suffers, and who was told what, can tell who it is.
            Event::DetrimentNoted(_) => Some(LeftOut::Detriment),
            Event::Disclosed(_) => Some(LeftOut::Disclosure),
            // The reason says what somebody is to somebody else; that they stepped back is told ([`LeftOut::Recusal`]).
            Event::Recused { .. } => Some(LeftOut::Recusal),
            Event::ConflictDenied { .. }
            | Event::EntityNamed(_)
            | Event::TriageOpened
            | Event::TriageSet(_)
            | Event::RetaliationAssessed(_)
            | Event::MachineChecked(_)
            | Event::InvestigationOpened
            | Event::InvestigatorJoined
            | Event::EvidenceAdded(_)
            | Event::EvidenceHandled { .. }
            | Event::AccusedHeard(_)
            | Event::AuthorityDecided(_)
            | Event::Assigned { .. }
            | Event::MemberLeft { .. }
            | Event::Tagged { .. } => None,
        }
    }

    /// An entry with words in it always stays: a tip holds the secret of its case, a message the keys of its files. The
    /// words alone go out if they are asked for ([`words`]), and even then not those about the award.
    fn in_words(&self, about_award: bool, why: LeftOut) -> Option<LeftOut> {
        Some(if about_award || self.of_award { LeftOut::Award } else { why })
    }
}

/// The words of an entry that stays because of them, and whose they are; nothing else of it.
pub(super) fn words(entry: u64, event: &Event) -> Option<Words> {
    let (from, body) = match event {
        Event::Received(received) => (Speaker::Source, &received.tip.0),
        Event::MessageReceived(m) => (Speaker::Source, &m.body.0),
        Event::MessageSent(m) => (Speaker::Team, &m.body.0),
        _ => return None,
    };
    match Message::recorded(body).ok()? {
        Message::Tip(tip) => Some(Words { entry, from, text: tip.narrative.clone(), answers: tip.answers.clone() }),
        Message::Text { text, .. } => Some(Words { entry, from, text, answers: BTreeMap::new() }),
        Message::Notice(notice) => Some(Words { entry, from, text: notice.text, answers: BTreeMap::new() }),
        _ => None,
    }
}

/// Why a decision stays with the team, if it does.
fn decision(act: &Act) -> Option<LeftOut> {
    match act.about() {
        About::Case => None,
        About::Award => Some(LeftOut::Award),
        About::OtherCase => Some(LeftOut::OtherCase),
    }
}

/// Whether a message is about the award by its kind. What free text says, nobody can tell from its kind.
fn says_award(body: &[u8]) -> bool {
    match Message::recorded(body) {
        Ok(Message::Statement(_) | Message::TokenRequest(_)) => true,
        Ok(Message::Notice(n)) => {
            n.award.is_some() || State::of_name(&n.state).is_some_and(|state| state.outside() != state)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::{
        bytes::{AwardRef, Digest},
        case::{BudgetView, CloseReason, Detriment, Disclosure},
        clock::Date,
        money::Cents,
        policy::AwardInputs,
    };
    use subrosa_engine::message::{AwardNotice, Notice};

    use super::*;

    fn awards() -> Vec<Act> {
        let budget = BudgetView { records: 2, budget: Cents(9), unreserved: Cents(8) };
        vec![
            Act::FinalizeAward { award_ref: AwardRef([7; 16]), budget },
            Act::DenyAward { reasons: "none".into() },
            Act::DecideContest { inputs: AwardInputs::default(), amount: Cents(5), reasons: "more".into() },
            Act::Close { reason: CloseReason::Denied },
        ]
    }

    #[test]
    fn a_decision_about_the_award_stays_with_all_that_answers_it() {
        for act in awards() {
            for (answer, name) in
                [(Event::Confirmed { proposal: 4 }, "c"), (Event::ProposalDropped { proposal: 4 }, "d")]
            {
                let mut stays = Stays::default();
                let other = Event::Proposed(Act::Hold { reason: "a court".into() });
                assert!(stays.reason(3, &other).is_none());
                assert!(stays.reason(4, &Event::Proposed(act.clone())) == Some(LeftOut::Award), "{}", act.name());
                assert!(stays.reason(5, &answer) == Some(LeftOut::Award), "{} {name}", act.name());
                assert!(stays.reason(6, &Event::Confirmed { proposal: 3 }).is_none());
            }
        }
        let twin = Act::Close { reason: CloseReason::Duplicate { of: Digest([1; 32]) } };
        assert!(Stays::default().reason(0, &Event::Proposed(twin)) == Some(LeftOut::OtherCase));
    }

    #[test]
    fn words_about_the_award_stay_even_if_words_are_asked_for() {
        let text = |text: &str| Message::Text { text: text.into(), files: Vec::new() }.encode().unwrap().to_vec();
        let notice = |state: State, award| {
            let notice = Notice { state: state.name().into(), text: String::new(), award };
            Message::Notice(notice).encode().unwrap().to_vec()
        };
        let sent = |body| Event::message_sent(MessageKind::Text, body, true);
        let mut stays = Stays::default();
        assert!(stays.reason(0, &Event::message_received(text("It was in May."))) == Some(LeftOut::SourceWords));
        assert!(stays.reason(1, &sent(notice(State::Accepted, None))) == Some(LeftOut::Letter));
        let award = AwardNotice { reference: AwardRef([7; 16]), amount_cents: 5 };
        for event in [
            sent(notice(State::Received, Some(award))),
            sent(notice(State::AwardProposed, None)),
            Event::message_sent(MessageKind::Reasons, text("Why."), true),
            Event::ClaimWindowOpened { notice: Digest([9; 32]) },
            sent(text("You may claim.")),
            Event::message_received(text("I take it.")),
        ] {
            assert!(stays.reason(2, &event) == Some(LeftOut::Award), "{}", event.name());
        }
        let said = words(7, &Event::message_received(text("It was in May."))).unwrap();
        assert!((said.entry, said.from, &*said.text) == (7, Speaker::Source, "It was in May."));
    }

    #[test]
    fn what_could_point_to_the_source_or_to_an_officers_ties_stays() {
        let day = Date::parse("2026-11-02").unwrap();
        let suffered = Detriment { day, what: "Moved to nights.".into(), message: None };
        let told = Disclosure { to: "An office".into(), what: "A transfer".into(), ground: "Consent".into() };
        for (event, why) in [
            (Event::DetrimentNoted(suffered), LeftOut::Detriment),
            (Event::Disclosed(told), LeftOut::Disclosure),
            (Event::Recused { reason: "A cousin works there.".into() }, LeftOut::Recusal),
        ] {
            assert!(Stays::default().reason(7, &event) == Some(why), "{}", event.name());
            assert!(words(7, &event).is_none(), "words are asked for, and {} has none", event.name());
        }
        assert!(LeftOut::Recusal.has_detail() && !LeftOut::Detriment.has_detail() && !LeftOut::Disclosure.has_detail());
    }
}
