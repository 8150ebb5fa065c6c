//! The question before an act is signed: who signs what, and what in it could name the source.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{case::Step, role::RoleName};
use subrosa_engine::officer::leak::Passage;
use subrosa_templates::console::{Block, Confirm, Fact, Field, FieldKind, Form, Notice, Section, Tone, Words};
use subrosa_templates::{key, say};

use super::place::Place;
use crate::{
    fields::Fields,
    frame::html,
    pages::{
        head::head,
        parts::{fact, link, notice, section},
    },
    request::Visit,
    text::{clean, one_line},
    words,
};

/// What is asked before a signature.
pub(super) struct Question {
    pub(super) role: RoleName,
    pub(super) passages: Vec<Passage>,
    pub(super) details: Vec<Fact>,
    pub(super) more: Vec<Section>,
    /// The digest of what is signed: comes back with the answer.
    pub(super) shown: String,
}

/// Why it is asked, and not signed yet.
pub(super) enum Why {
    /// It was not shown before.
    First,
    /// The passages were not answered.
    Missed,
    /// It is no longer what was shown, which is said here.
    Changed(Notice),
}

/// Who is asked to sign what.
pub(super) fn confirm(visit: &Visit, p: &Place, fields: &Fields, question: Question, why: Why) -> HttpResponse {
    let Question { role, passages, details, more, shown } = question;
    let (t, view) = (visit.t, &visit.view);
    let me = one_line(&view.me.name);
    let title = p.title(t);
    // There is something to change only where something was typed.
    let typed = !p.step.spec().fields.is_empty();
    let leave = if typed { key!("cancel") } else { key!("go-back-unsigned") };
    let with = |phase: &str| {
        let mut hidden = fields.without(&["csrf", "phase", "leak", "shown"]);
        hidden.push(("phase".into(), phase.into()));
        hidden.push(("shown".into(), shown.clone()));
        hidden
    };
    let leak = (!passages.is_empty()).then(|| leak(t, &passages, matches!(why, Why::Missed)));
    let (mut warnings, own_fields): (Vec<Section>, Vec<Field>) = leak.into_iter().unzip();
    warnings.extend(more);
    let mut lead = p.lead(t);
    lead.push(t.get(if p.step.spec().takes_two() { key!("confirm-two") } else { key!("confirm-one") }).to_owned());
    let mut f = visit.frame();
    let status = match why {
        Why::First => StatusCode::OK,
        Why::Missed => StatusCode::UNPROCESSABLE_ENTITY,
        Why::Changed(notice) => {
            f.notices.push(notice);
            StatusCode::CONFLICT
        }
    };
    let page = Confirm {
        f,
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
            cancel: Some(link(p.case_url(visit), t.get(leave))),
            ..Form::default()
        },
        back: typed.then(|| Form {
            action: p.url.clone(),
            hidden: with("back"),
            submit: say!(t, "go-back").to_owned(),
            ..Form::default()
        }),
    };
    html(page.to_html(), status)
}

/// What in a message could name its source, and the box to tick when it was looked at.
fn leak(t: &Words, passages: &[Passage], missed: bool) -> (Section, Field) {
    let passage = |passage: &Passage| {
        let (key, value) = match passage {
            Passage::Quote(words) => (key!("leak-quote"), words.clone()),
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
