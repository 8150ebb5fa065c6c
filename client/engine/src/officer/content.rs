//! What the source's messages mean for a case's journal, and what a journal holds of them.

use subrosa_casework::{
    award::{SourceAct, SourceStatement, batch_digest},
    bytes::{AwardRef, Blob, CaseSecret, Digest},
    case::{Case, Contradiction, Event, Received, State, message_digest},
    journal::Replay,
    records::token_award,
};
use subrosa_crypto::{file::FileManifest, intake::NO_CLAIM_KEY, kdf, sign::HolderId, token::BlindedBatch};

use crate::message::{Message, Tip, TokenRequest};

/// Every file that was ever named in a journal: a purged case itself has forgotten them.
pub(super) fn files_in(replay: &Replay) -> Vec<FileManifest> {
    let mut out = Vec::new();
    for signed in replay.events() {
        let body = match &signed.event {
            Event::Received(r) => &r.tip.0,
            Event::MessageReceived(m) => &m.body.0,
            Event::MessageSent(m) => &m.body.0,
            _ => continue,
        };
        match Message::recorded(body) {
            Ok(Message::Tip(tip)) => out.extend(tip.files),
            Ok(Message::Text { files, .. }) => out.extend(files),
            _ => {}
        }
    }
    out
}

/// Every file of the thread.
pub fn files_of(case: &Case) -> Vec<FileManifest> {
    let mut out = Vec::new();
    if let Some(Ok(Message::Tip(tip))) = case.received().map(|r| Message::recorded(&r.tip.0)) {
        out.extend(tip.files);
    }
    for m in case.messages() {
        if let Ok(Message::Text { files, .. }) = Message::recorded(&m.body.0) {
            out.extend(files);
        }
    }
    out
}

/// The source's claim, if its statement has come in.
pub fn claim_statement(case: &Case) -> Option<SourceStatement> {
    case.messages().iter().rev().find_map(|m| match Message::recorded(&m.body.0) {
        Ok(Message::Statement(s)) if s.act == SourceAct::Claim && m.sent.is_none() => Some(s),
        _ => None,
    })
}

pub(super) fn token_request(case: &Case, award: &AwardRef) -> Option<TokenRequest> {
    case.messages().iter().rev().find_map(|m| match Message::recorded(&m.body.0) {
        Ok(Message::TokenRequest(r)) if r.reference == *award && m.sent.is_none() => Some(r),
        _ => None,
    })
}

/// Whether a token request may take the place of an earlier one: it is for this case's award, and asks for as much of
/// the amount as that one. An officer who announces what nobody decided, or another amount, makes the source ask for
/// that too, in good faith.
pub(super) fn is_for_award(case: &Case, request: &TokenRequest) -> bool {
    let asked = |batch: &[u8]| BlindedBatch::decode(batch).ok().and_then(|b| Some((b.award, b.total_cents()?)));
    let Some((award, (of, sum))) = case.award().zip(asked(&request.batch)) else { return false };
    let Some(reference) = award.award_ref.filter(|a| *a == request.reference) else { return false };
    let earlier = award.batch.as_ref().and_then(|(_, batch)| asked(&batch.0));
    let earlier = earlier.filter(|(of, sum)| *of == token_award(&reference) && *sum <= award.amount.0);
    let least = earlier.map_or(0, |(_, sum)| sum);
    of == token_award(&reference) && (least..=award.amount.0).contains(&sum)
}

/// What a message of the source means for the journal: always the message itself, and what follows from it without
/// anybody's judgement.
pub(super) fn events_of(body: &[u8], epoch: u64, team: &[HolderId], now: u64) -> Vec<Event> {
    let message = Message::recorded(body);
    if let Ok(Message::Tip(tip)) = &message {
        return vec![Event::Received(Received {
            case_secret: CaseSecret(tip.case_secret.clone()),
            claim_key: tip.claim_key,
            receipt: Digest(kdf::digest("subrosa/tip-epoch/v1", &[&epoch.to_be_bytes()])),
            digest: message_digest(body),
            tip: Blob(body.to_vec()),
            received_at: now - now % 60,
            team: team.to_vec(),
        })];
    }
    let mut events = vec![Event::message_received(body.to_vec())];
    match message {
        Ok(Message::Statement(s)) if s.act != SourceAct::Claim => events.push(Event::SourceStated(s)),
        Ok(Message::TokenRequest(r)) => {
            events.push(Event::SourceStated(r.statement));
            events.push(Event::TokenRequestReceived { digest: batch_digest(&r.batch), batch: Blob(r.batch) });
        }
        _ => {}
    }
    events
}

/// Whether an event is what the desk reads out of a message, and not the message itself.
pub(super) fn follows_from_words(event: &Event) -> bool {
    matches!(event, Event::SourceStated(_) | Event::TokenRequestReceived { .. })
}

/// Whether a colleague has already written this. The source numbers its messages, so no two are the same.
pub(super) fn stands(case: &Case, event: &Event) -> bool {
    match event {
        Event::Received(_) => case.state() != State::Empty,
        Event::MessageReceived(m) => case.messages().iter().any(|x| x.sent.is_none() && x.digest == m.digest),
        Event::SourceStated(s) => case.has_statement(&s.nonce),
        Event::TokenRequestReceived { digest, .. } => {
            case.award().and_then(|a| a.batch.as_ref()).is_some_and(|(d, _)| d == digest)
        }
        _ => false,
    }
}

/// What a member writes whose own copy of the tip, `own`, is not the one that the case holds; `None` if it is, or if
/// `me` has said so before.
pub(super) fn contradiction(case: &Case, own: &Received, me: HolderId) -> Option<Event> {
    let held = case.received()?;
    let same = held.claim_key == own.claim_key && (held.digest == own.digest || same_submission(held, own));
    let own = Contradiction { digest: own.digest, claim_key: own.claim_key };
    let said = case.contradictions().iter().any(|(h, c)| *h == me && *c == own);
    (!same && !said).then_some(Event::TipContradicted(own))
}

/// A sealed submission that was passed on twice makes two messages that differ in the secret of the file alone.
fn same_submission(held: &Received, own: &Received) -> bool {
    let tip = |r: &Received| match Message::recorded(&r.tip.0) {
        Ok(Message::Tip(tip)) if r.claim_key == NO_CLAIM_KEY => Some(tip),
        _ => None,
    };
    let (Some(a), Some(b)) = (tip(held), tip(own)) else { return false };
    let files = |t: &Tip| t.files.iter().map(|f| f.fingerprint().sha256).collect::<Vec<_>>();
    a.narrative == b.narrative && a.answers == b.answers && a.regime == b.regime && files(&a) == files(&b)
}
