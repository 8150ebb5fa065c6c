//! What an entry of the journal says besides its kind.

use subrosa_casework::{
    bytes::Blob,
    case::{AccusedHeard, Act, Event},
    money::Cents,
    records::LedgerBody,
};
use subrosa_crypto::{file::FileManifest, wire::PublicRecord};
use subrosa_engine::message::Message;
use subrosa_templates::console::Words;
use subrosa_templates::{key, say};

use crate::{
    snapshot::View,
    text::{clean, one_line, short},
    trouble::Trouble,
    words::{self, euros},
};

/// What an entry says: its text whole, amounts with their currency, people by their names. Empty for an entry whose
/// kind says all.
pub(crate) fn said(t: &Words, view: &View, event: &Event) -> String {
    match event {
        Event::TipContradicted(_)
        | Event::TriageOpened
        | Event::InvestigationOpened
        | Event::InvestigatorJoined
        | Event::ClaimWindowClosed => String::new(),
        Event::Received(r) => message(t, &r.tip),
        Event::MessageReceived(m) => message(t, &m.body),
        Event::MessageSent(m) => format!("{}: {}", words::kind(t, m.kind), message(t, &m.body)),
        Event::SourceStated(s) => words::source_act(t, &s.act),
        Event::ConflictDenied { entities } => say!(t, "declared-entities", n = entities),
        Event::Recused { reason } => clean(reason),
        Event::EntityNamed(e) => format!("{} ({})", one_line(&e.name), words::entity_kind(t, e.kind)),
        Event::AccusedHeard(AccusedHeard::Reply(w)) => format!("{}: {}", say!(t, "accused-reply"), clean(w)),
        Event::AccusedHeard(AccusedHeard::SafetyWaiver(w)) => format!("{}: {}", say!(t, "accused-waiver"), clean(w)),
        Event::Proposed(act) => decision(t, view, act),
        Event::Confirmed { proposal } | Event::ProposalDropped { proposal } => say!(t, "entry-n", n = proposal),
        Event::Assigned { holder } | Event::MemberLeft { holder } => one_line(&view.name_of(*holder)),
        Event::MemberAdded { wrap } => one_line(&view.name_of(wrap.holder)),
        Event::KeyTurned(turned) => say!(t, "generation-n", n = turned.generation),
        Event::Tagged { tag, on: true } => say!(t, "tag-on", tag = one_line(tag)),
        Event::Tagged { tag, on: false } => say!(t, "tag-off", tag = one_line(tag)),
        Event::Noted { text, visibility } => format!("{}: {}", words::visibility(t, *visibility), clean(text)),
        Event::Disclosed(d) => format!("{}: {} ({})", one_line(&d.to), clean(&d.what), clean(&d.ground)),
        Event::DetrimentNoted(d) => format!("{}: {}", d.day, clean(&d.what)),
        Event::PositionStated(p) => words::position(t, p),
        Event::Linked { other, relation } => format!("{} {}", words::relation(t, *relation), short(&other.0)),
        found => looked_into(t, view, found),
    }
}

/// What was found out, and what money follows from it.
fn looked_into(t: &Words, view: &View, event: &Event) -> String {
    match event {
        Event::TriageSet(s) => {
            let class = words::pack_text(t, view, &s.pack.id, &format!("class-{}", s.class));
            format!(
                "{}; {}; {}; {}",
                words::pack(t, view, &s.pack),
                class.unwrap_or_else(|| one_line(&s.class)),
                one_line(&s.jurisdiction),
                say!(t, "severity-n", n = s.severity)
            )
        }
        Event::RetaliationAssessed(a) => a.score().map(|n| format!("{n} / 100")).unwrap_or_default(),
        Event::MachineChecked(c) => {
            format!("{}: {}", words::pack(t, view, &c.pack), words::verdict(t, c.verdict).text)
        }
        Event::EvidenceAdded(e) => format!("{} ({})", one_line(&e.name), one_line(&e.origin)),
        Event::EvidenceHandled { item, how } => say!(t, "handled-item", how = words::handling(t, *how), item = item),
        Event::AuthorityDecided(d) => {
            let decided = format!("{} ({})", one_line(&d.authority), one_line(&d.reference));
            d.sanction.map_or_else(|| decided.clone(), |s| format!("{decided}: {}", euros(t, s)))
        }
        Event::ClaimWindowOpened { notice } => format!("{}: {}", say!(t, "ask-notice"), short(&notice.0)),
        Event::ClaimFiled { eligibility, .. } => {
            t.get(if eligibility.allows() { key!("eligible-yes") } else { key!("eligible-no") }).to_owned()
        }
        Event::AwardProposed { amount, policy, .. } => {
            format!("{} ({})", euros(t, *amount), words::policy(t, &policy.id, policy.version))
        }
        Event::TokenRequestReceived { digest, .. } => format!("{}: {}", say!(t, "f-batch-digest"), short(&digest.0)),
        Event::OrderSigned { order, .. } => euros(t, order.amount),
        Event::Paid { records } => paid(records).map(|cents| euros(t, cents)).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The amount that administrators stated in public, by the first of their records.
fn paid(records: &[Blob]) -> Option<Cents> {
    let record = PublicRecord::decode(&records.first()?.0).ok()?;
    Some(LedgerBody::parse(&record.body).ok()?.amount)
}

/// A decision with what it says, piece by piece; digests stand where it is signed.
fn decision(t: &Words, view: &View, act: &Act) -> String {
    let facts = words::facts(t, view, &act.facts()).into_iter().filter(|f| !f.code);
    let pieces: Vec<String> = facts.map(|f| format!("{}: {}", f.name, f.value)).collect();
    match pieces.is_empty() {
        true => words::act_name(t, act.step()),
        false => format!("{}. {}", words::act_name(t, act.step()), pieces.join("; ")),
    }
}

/// The words of a message, with the names of its files.
fn message(t: &Words, body: &Blob) -> String {
    let names = |files: &[FileManifest]| files.iter().map(|f| one_line(f.name())).collect::<Vec<_>>().join(", ");
    let (text, files) = match Message::recorded(&body.0) {
        Ok(Message::Tip(tip)) => (clean(&tip.narrative), names(&tip.files)),
        Ok(Message::Text { text, files }) => (clean(&text), names(&files)),
        Ok(Message::Notice(n)) => {
            let state = say!(t, "told-state", state = one_line(t.named("state", &n.state)));
            (state, clean(&n.text))
        }
        Ok(Message::Statement(s)) => (words::source_act(t, &s.act), String::new()),
        Ok(Message::TokenRequest(_)) => (say!(t, "source-request-tokens").to_owned(), String::new()),
        Ok(_) => (say!(t, "kind-other").to_owned(), String::new()),
        Err(e) => (Trouble::of(&e).words(t), String::new()),
    };
    [text, files].into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
