//! An administrator's deeds: what a deed asks for, the question before it is done, and what came of it.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Path,
};
use subrosa_casework::money::{Cents, Currency, Money};
use subrosa_engine::treasury::{
    budget_reference,
    rail::{Details, Field as RailField, Payment, PaymentError, PaymentFile, PaymentOrder},
};
use subrosa_templates::console::{Block, Confirm, Fact, Field, Form, FormPage, Notice, Section, Tone, Words};
use subrosa_templates::{key, say};

use super::{
    facts::{order_facts, rail_key, redemption_facts},
    kind::Kind,
};
use crate::{
    acts::deed,
    fields::Fields,
    frame::{html, see},
    pages::parts::{fact, link, notice, problem, section},
    request::{Posted, Said, Visit},
    snapshot::{FundView, RedemptionView, TreasuryView},
    text::{clean, one_line},
    treasurer::{Deed, Outcome},
    trouble::Trouble,
    words,
};

/// What an address asks for, as far as it is in the snapshot.
struct Asked {
    kind: Kind,
    treasurer: Arc<TreasuryView>,
    subject: Vec<Fact>,
    questions: Vec<Question>,
    url: String,
}

/// A field of a deed's form.
struct Question {
    name: &'static str,
    /// The key of its words.
    key: String,
    required: bool,
}

impl Asked {
    /// The key of the words for a field.
    fn key_of(&self, name: &str) -> Option<&str> {
        self.questions.iter().find(|q| q.name == name).map(|q| q.key.as_str())
    }
}

/// What a deed asks for: for a payment, what the rail wants to know about the programme's own account, until there is
/// one that pays from it.
fn questions(kind: Kind, redemption: Option<&RedemptionView>) -> Vec<Question> {
    let own = |name, key: &str| Question { name, key: key.to_owned(), required: true };
    let unpaid = redemption.filter(|r| r.paid_from.is_none());
    match (kind, unpaid.map(|r| r.payout.rail())) {
        (Kind::Fund, _) => vec![own("money", key!("ask-money")), own("decision", key!("ask-decision"))],
        (Kind::Pay | Kind::PayAgain, Some(rail)) => {
            let of = |f: &'static RailField| Question { name: f.name, key: rail_key(rail, f), required: f.required };
            rail.debtor().iter().map(of).collect()
        }
        _ => Vec::new(),
    }
}

fn asked(visit: &Visit, path: &(String, String, String)) -> Option<Asked> {
    let t = visit.t;
    let treasurer = visit.view.treasurer.clone()?;
    let kind = Kind::of(&path.1)?;
    let redemption = treasurer.redemptions.iter().find(|r| r.context.to_string() == path.2);
    let subject = match kind {
        Kind::Fund => Vec::new(),
        Kind::Sign => order_facts(t, treasurer.orders.iter().find(|o| o.award.to_string() == path.2)?),
        Kind::Verify | Kind::Pay | Kind::PayAgain | Kind::Settle => redemption_facts(t, redemption?),
    };
    let questions = questions(kind, redemption);
    let url = format!("{}/treasury/{}/{}", visit.base(), path.1, path.2);
    Some(Asked { kind, treasurer, subject, questions, url })
}

/// Reads what was typed.
fn read(visit: &Visit, a: &Asked, id: &str, fields: &Fields) -> Result<Deed, Vec<(String, String)>> {
    let t = visit.t;
    let mut problems = Vec::new();
    let mut need = |name: &str| {
        let value = fields.get(name).to_owned();
        if value.is_empty() {
            problems.push((name.to_owned(), say!(t, "wrong-empty").to_owned()));
        }
        value
    };
    let redemption = || a.treasurer.redemptions.iter().find(|r| r.context.to_string() == id);
    let context = || redemption().map(|r| r.context);
    let found = match a.kind {
        Kind::Fund => {
            let (amount, reference) = (need("money"), need("decision"));
            match Money::read(&amount, t.locale().amounts(), Currency::EUR) {
                Ok(money) => Some(Deed::Fund(money.cents, reference)),
                Err(_) if amount.is_empty() => None,
                Err(e) => {
                    problems.push(("money".into(), words::amount_error(t, &e)));
                    None
                }
            }
        }
        Kind::Sign => a.treasurer.orders.iter().find(|o| o.award.to_string() == id).map(|o| Deed::Sign(o.award)),
        Kind::Verify => context().map(Deed::Verify),
        Kind::Settle => context().map(Deed::Settle),
        Kind::Pay | Kind::PayAgain => redemption().and_then(|r| {
            if r.paid_from.is_some() {
                return Some(Deed::Pay(r.context, None));
            }
            let debtor = r.payout.rail().debtor();
            for field in debtor.iter().filter(|f| f.required && f.preset.is_none()) {
                need(field.name);
            }
            let typed = |f: &'static RailField| Some(fields.get(f.name).to_owned());
            Details::typed(debtor, typed).ok().map(|debtor| Deed::Pay(r.context, Some(debtor)))
        }),
    };
    // What the rail would refuse is told at its field, before anything is released.
    if let (Some(Deed::Pay(_, Some(debtor))), Some(r)) = (&found, redemption())
        && let Err(e) = tried(r, debtor, visit.now)
        && let Some(field) = e.field()
    {
        problems.push((field.to_owned(), Trouble::of(&e).words(t)));
    }
    match found {
        Some(deed) if problems.is_empty() => Ok(deed),
        _ => Err(problems),
    }
}

/// The payment as its rail would make it, under a name that nobody uses.
fn tried(r: &RedemptionView, debtor: &Details, now: u64) -> Result<Payment, PaymentError> {
    let (payout, redemption) = (r.payout.details(), &r.context);
    r.payout.rail().payment(&PaymentOrder { payout, debtor, amount: r.amount, id: &[0; 16], redemption, now })
}

fn form(
    visit: &Visit,
    a: &Asked,
    given: &Fields,
    problems: &[(String, String)],
    notice: Option<Notice>,
) -> HttpResponse {
    let t = visit.t;
    let why = |name: &str| problems.iter().find(|(n, _)| n == name).map(|(_, w)| w.clone()).unwrap_or_default();
    let fields = a.questions.iter().map(|q| Field {
        name: q.name.to_owned(),
        label: t.get(&q.key).to_owned(),
        value: given.get(q.name).to_owned(),
        problem: why(q.name),
        required: q.required,
        ..Field::default()
    });
    let mut f = visit.frame();
    let bad = notice.is_some() || !problems.is_empty();
    f.notices.extend(notice);
    let page = FormPage {
        f,
        title: t.get(a.kind.title()).to_owned(),
        head: None,
        lead: vec![t.get(a.kind.lead()).to_owned()],
        problems: problems.iter().filter_map(|(n, w)| Some(format!("{}: {w}", t.get(a.key_of(n)?)))).collect(),
        aside: subject(t, a),
        form: Form {
            action: a.url.clone(),
            fields: fields.collect(),
            submit: say!(t, "go-on").to_owned(),
            cancel: Some(link(format!("{}/", visit.base()), say!(t, "cancel"))),
            ..Form::default()
        },
    };
    html(page.to_html(), if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
}

/// What the deed is about; nothing, if it is about nothing that is there already.
fn subject(t: &Words, a: &Asked) -> Vec<Section> {
    if a.subject.is_empty() {
        return Vec::new();
    }
    vec![section(t, key!("s-subject"), vec![Block::Facts(a.subject.clone())])]
}

/// The form of a deed.
pub(crate) async fn ask(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    match asked(&visit, &path) {
        Some(a) => form(&visit, &a, &Fields::default(), &[], None),
        None => problem(&visit, StatusCode::NOT_FOUND, key!("no-such-deed")),
    }
}

/// What was typed: asked once more, then done.
pub(crate) async fn answer(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let t = visit.t;
    let Some(a) = asked(&visit, &path) else { return problem(&visit, StatusCode::NOT_FOUND, key!("no-such-deed")) };
    if fields.get("phase") == "back" {
        return form(&visit, &a, &fields, &[], None);
    }
    let deed = match read(&visit, &a, &path.2, &fields) {
        Ok(deed) => deed,
        Err(problems) => return form(&visit, &a, &fields, &problems, None),
    };
    if fields.get("phase") != "sign" {
        return confirm(&visit, &a, &fields, &deed);
    }
    match deed::run(&visit.console, &deed).await {
        Ok(Outcome::Done) => see(&format!("{}/?said={}", visit.base(), Said::Deed)),
        Ok(Outcome::Released) => see(&format!("{}/?said={}", visit.base(), Said::Released)),
        Ok(Outcome::OtherPays) => see(&format!("{}/?said={}", visit.base(), Said::OtherPays)),
        Ok(Outcome::Paid(Payment::File(PaymentFile { name, media_type, bytes }))) => HttpResponse::Ok()
            .content_type(media_type)
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
            .body(bytes),
        // Refused by a rule: asking again would change nothing.
        Err(why) if why.is_rule() => form(&visit, &a, &fields, &[], Some(notice(Tone::Bad, why.words(t)))),
        Err(why) => {
            let text = say!(t, "act-failed", why = why.words(t));
            form(&visit, &a, &fields, &[], Some(notice(Tone::Bad, text)))
        }
    }
}

/// The amount that a deed states.
fn amount_of(a: &Asked, deed: &Deed) -> Option<Cents> {
    let order = |award| a.treasurer.orders.iter().find(|o| o.award == award).map(|o| o.amount);
    let redemption = |context| a.treasurer.redemptions.iter().find(|r| r.context == context).map(|r| r.amount);
    match deed {
        Deed::Fund(amount, _) => Some(*amount),
        Deed::Sign(award) => order(*award),
        Deed::Verify(context) | Deed::Settle(context) | Deed::Pay(context, _) => redemption(*context),
    }
}

/// How a statement about money fits with those of others that wait.
fn funded_before(visit: &Visit, a: &Asked, deed: &Deed) -> Vec<Notice> {
    let Deed::Fund(amount, words) = deed else { return Vec::new() };
    let reference = budget_reference(words);
    let names = |f: &FundView| f.stated.iter().map(|name| one_line(name)).collect::<Vec<_>>().join(", ");
    let alike = a.treasurer.funds.iter().filter(|f| f.amount == *amount);
    let told = alike.map(|f| match f.reference == reference {
        true => notice(Tone::Good, say!(visit.t, "fund-same", who = names(f))),
        false => notice(Tone::Soon, say!(visit.t, "fund-other", who = names(f))),
    });
    told.collect()
}

/// What will be signed is shown as it was read, not as it was typed.
fn confirm(visit: &Visit, a: &Asked, fields: &Fields, deed: &Deed) -> HttpResponse {
    let t = visit.t;
    let me = one_line(&visit.view.me.name);
    let title = t.get(a.kind.title()).to_owned();
    let kept = fields.without(&["csrf", "phase"]);
    let with = |phase: &str| {
        let mut hidden = kept.clone();
        hidden.push(("phase".into(), phase.into()));
        hidden
    };
    // There is something to change only where something was typed.
    let typed = !a.questions.is_empty();
    let leave = if typed { key!("cancel") } else { key!("go-back-unsigned") };
    let mut details: Vec<Fact> = amount_of(a, deed).map(|cents| words::amount_signed(t, cents)).into_iter().collect();
    // The amount is said once, as it is signed.
    details.extend(a.subject.iter().filter(|f| f.name != say!(t, "f-amount")).cloned());
    let answers = kept.iter().filter(|(n, _)| n != "money");
    details.extend(answers.filter_map(|(n, v)| Some(fact(t, a.key_of(n)?, clean(v)))));
    let mut f = visit.frame();
    f.notices.extend(funded_before(visit, a, deed));
    let page = Confirm {
        f,
        title: title.clone(),
        head: None,
        signer: say!(t, "confirm-signer", who = me, role = say!(t, "role-finance"), act = title),
        lead: vec![t.get(a.kind.lead()).to_owned()],
        details,
        warnings: Vec::new(),
        form: Form {
            action: a.url.clone(),
            hidden: with("sign"),
            submit: say!(t, "sign-as", who = me),
            grave: matches!(a.kind, Kind::Pay | Kind::PayAgain),
            cancel: Some(link(format!("{}/", visit.base()), t.get(leave))),
            ..Form::default()
        },
        back: typed.then(|| Form {
            action: a.url.clone(),
            hidden: with("back"),
            submit: say!(t, "go-back").to_owned(),
            ..Form::default()
        }),
    };
    html(page.to_html(), StatusCode::OK)
}
