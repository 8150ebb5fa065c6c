//! The question before an act is signed: who signs what, and what in it could name the source.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{
    case::{Draft, Event, Step},
    role::RoleName,
};
use subrosa_crypto::kdf;
use subrosa_engine::officer::leak::Passage;
use subrosa_templates::console::{Block, Confirm, Fact, Field, FieldKind, Form, Section, Tone, Words};
use subrosa_templates::{key, say};

use super::place::Place;
use crate::{
    fields::Fields,
    frame::html,
    pages::{
        checks,
        head::head,
        parts::{fact, link, notice, section},
    },
    request::Visit,
    text::clean,
    words,
};

/// What is asked before a signature.
pub(super) struct Question<'a> {
    pub(super) role: RoleName,
    pub(super) passages: &'a [Passage],
    pub(super) details: Vec<Fact>,
    pub(super) more: Vec<Section>,
    /// The digest of the details: comes back with the answer.
    pub(super) shown: String,
    /// The passages were not answered.
    pub(super) missed: bool,
}

/// Who is asked to sign what.
pub(super) fn confirm(visit: &Visit, p: &Place, fields: &Fields, question: Question<'_>) -> HttpResponse {
    let Question { role, passages, details, more, shown, missed } = question;
    let (t, view) = (visit.t, &visit.view);
    let me = clean(&view.me.name);
    let title = p.title(t);
    let with = |phase: &str| {
        let mut hidden = fields.without(&["csrf", "phase", "leak", "shown"]);
        hidden.push(("phase".into(), phase.into()));
        hidden.push(("shown".into(), shown.clone()));
        hidden
    };
    let leak = (!passages.is_empty()).then(|| leak(t, passages, missed));
    let (mut warnings, own_fields): (Vec<Section>, Vec<Field>) = leak.into_iter().unzip();
    warnings.extend(more);
    let mut lead = p.lead(t);
    lead.push(t.get(if p.step.spec().takes_two() { key!("confirm-two") } else { key!("confirm-one") }).to_owned());
    let page = Confirm {
        f: visit.frame(),
        signer: say!(t, "confirm-signer", who = me, role = words::role(t, role), act = title),
        title,
        head: head(visit, &p.id, None),
        lead,
        details,
        warnings,
        form: Form {
            action: p.url.clone(),
            hidden: with("sign"),
            fields: own_fields,
            submit: say!(t, "sign-as", who = me),
            grave: matches!(p.step, Step::Purge | Step::Recuse | Step::Close | Step::CloseUnsubstantiated | Step::Deny),
            cancel: Some(link(p.case_url(visit), say!(t, "cancel"))),
            ..Form::default()
        },
        back: Form {
            action: p.url.clone(),
            hidden: with("back"),
            submit: say!(t, "go-back").to_owned(),
            ..Form::default()
        },
    };
    html(page.to_html(), if missed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
}

/// What in a message could name its source, and the box to tick when it was looked at.
fn leak(t: &Words, passages: &[Passage], missed: bool) -> (Section, Field) {
    let passage = |passage: &Passage| {
        let (key, value) = match passage {
            Passage::Quote(words) => (key!("leak-quote"), format!("“{words}”")),
            Passage::Number(n) => (key!("leak-number"), n.clone()),
            Passage::Person(name) => (key!("leak-person"), name.clone()),
            Passage::File(name) => (key!("leak-file"), name.clone()),
            Passage::FewReaders(name, n) => (key!("leak-few"), format!("{name} ({n})")),
        };
        fact(t, key, clean(&value))
    };
    let warning = Block::Notice(notice(Tone::Bad, say!(t, "leak-lead")));
    let field = Field {
        name: "leak".into(),
        label: say!(t, "leak-answer").to_owned(),
        kind: FieldKind::Check,
        problem: if missed { say!(t, "wrong-leak").to_owned() } else { String::new() },
        required: true,
        ..Field::default()
    };
    (section(t, key!("s-leak"), vec![warning, Block::Facts(passages.iter().map(passage).collect())]), field)
}

/// What exactly is signed.
pub(super) fn details(visit: &Visit, p: &Place, draft: &Draft) -> (Vec<Fact>, Vec<Section>) {
    let (t, view) = (visit.t, &visit.view);
    let mut facts = match &view.known {
        Some(known) => {
            let ctx = known.ctx.get();
            let mut out = words::facts(t, view, &draft.facts(p.replay.case(), &ctx));
            out.extend(draft.breakdown(p.replay.case(), &ctx).iter().flat_map(|b| words::breakdown(t, b)));
            out
        }
        None => Vec::new(),
    };
    let mut sections = Vec::new();
    match draft {
        Draft::Event(event) => match &**event {
            Event::MachineChecked(report) => {
                sections.push(section(t, key!("s-result"), checks::report(t, view, report)));
            }
            event if facts.is_empty() => {
                let text = words::event_details(t, view, event);
                facts.extend((!text.is_empty()).then(|| fact(t, key!("col-details"), text)));
            }
            _ => {}
        },
        Draft::Message { kind, text } => {
            facts.push(Fact { name: words::kind(t, *kind).to_owned(), value: clean(text), code: false });
        }
        Draft::Bring(holder) => facts.push(fact(t, key!("ask-colleague"), clean(&view.name_of(*holder)))),
        _ => {}
    }
    (facts, sections)
}

/// The digest of what a page shows, in hexadecimal.
pub(super) fn digest(details: &[Fact]) -> String {
    let parts: Vec<&[u8]> = details.iter().flat_map(|f| [f.name.as_bytes(), f.value.as_bytes()]).collect();
    hex::encode(kdf::digest("subrosa/page-shown/v1", &parts))
}
