//! The administrator's rooms: orders to sign, redemptions to verify and release, the public books.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::Path,
};
use subrosa_casework::money::{Cents, Currency, Money};
use subrosa_templates::console::{
    Block, Cell, Chip, Confirm, Document, Fact, Field, Form, FormPage, Link, Notice, Section, Tone, Words,
};
use subrosa_templates::say;

use super::{
    super::{
        routes::{Fields, Posted, Visit, html, see},
        treasury::{self, Deed, OrderView, Outcome, RedemptionView, TreasuryView},
        words::{self, clean, euros},
    },
    case::{problem, section},
};
use subrosa_engine::treasury::{
    Stage,
    rail::{Details, Field as RailField, Payment, PaymentFile, Rail},
};

fn fact(t: &Words, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.into(), code: false }
}

fn code(t: &Words, key: &str, value: impl ToString) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.to_string(), code: true }
}

fn link(url: String, text: String) -> Link {
    Link { url, text, ..Link::default() }
}

fn stage(t: &Words, stage: Stage) -> Chip {
    let (tone, key) = match stage {
        Stage::Received => (Tone::Soon, "stage-received"),
        Stage::Refused => (Tone::Bad, "stage-refused"),
        Stage::Verified => (Tone::Soon, "stage-verified"),
        Stage::Released => (Tone::Plain, "stage-released"),
        Stage::Paid => (Tone::Good, "stage-paid"),
    };
    Chip { tone, text: t.get(key).to_owned() }
}

fn who(t: &Words, names: &[String]) -> String {
    match names {
        [] => t.get("nobody-yet").to_owned(),
        some => some.iter().map(|n| clean(n)).collect::<Vec<_>>().join(", "),
    }
}

/// The first page of an administrator's desk.
pub(super) fn page(visit: &Visit, treasurer: &TreasuryView) -> HttpResponse {
    let t = visit.t;
    let base = format!("{}/treasury", visit.base());
    let sections = vec![
        section(t, "s-orders", orders(t, &base, treasurer)),
        section(t, "s-redemptions", redemptions(t, &base, treasurer)),
        section(t, "s-books", books(t, &base, treasurer)),
    ];
    let mut f = visit.frame();
    for trouble in &visit.view.troubles {
        f.notices.push(Notice { tone: Tone::Soon, text: trouble.words(t), code: None });
    }
    let page = Document {
        f,
        title: t.get("room-treasury").to_owned(),
        head: None,
        lead: t.get("treasury-lead").to_owned(),
        sections,
    };
    html(page.to_html(), StatusCode::OK)
}

fn orders(t: &Words, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for o in &treasurer.orders {
        let (tone, key) = match (o.signed, o.delivered) {
            (false, _) => (Tone::Soon, "order-to-sign"),
            (true, false) => (Tone::Soon, "order-waits"),
            (true, true) => (Tone::Good, "order-sent"),
        };
        blocks.push(Block::Facts(order_facts(t, o)));
        blocks.push(Block::Chips(vec![Chip { tone, text: t.get(key).to_owned() }]));
        if !o.signed {
            blocks.push(Block::Links(vec![link(format!("{base}/sign/{}", o.award), t.get("deed-sign").to_owned())]));
        }
    }
    if blocks.is_empty() {
        blocks.push(Block::Text(t.get("orders-none").to_owned()));
    }
    blocks
}

fn order_facts(t: &Words, o: &OrderView) -> Vec<Fact> {
    vec![
        code(t, "f-award-ref", o.award),
        fact(t, "f-amount", euros(t, o.amount)),
        fact(t, "f-ordered-by", who(t, &o.signers)),
    ]
}

fn redemptions(t: &Words, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for r in &treasurer.redemptions {
        blocks.push(Block::Facts(redemption_facts(t, r)));
        blocks.push(Block::Chips(vec![stage(t, r.stage)]));
        let next: &[&str] = match r.stage {
            Stage::Received => &["verify"],
            Stage::Refused => &[],
            Stage::Verified | Stage::Released => &["pay"],
            Stage::Paid => &["pay", "settle"],
        };
        let links =
            next.iter().map(|d| link(format!("{base}/{d}/{}", r.context), t.get(&format!("deed-{d}")).to_owned()));
        blocks.push(Block::Links(links.collect()));
    }
    if blocks.is_empty() {
        blocks.push(Block::Text(t.get("redemptions-none").to_owned()));
    }
    blocks
}

fn books(t: &Words, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let s = &treasurer.totals;
    let sums = [
        ("books-funded", s.funded),
        ("books-unreserved", s.unreserved),
        ("books-escrow", s.escrow),
        ("books-issued", s.issued),
        ("books-redeemed", s.redeemed),
        ("books-outstanding", s.outstanding),
        ("books-owed", s.owed_to_redeemers),
        ("books-paid", s.paid),
    ];
    let rows = sums
        .iter()
        .map(|(k, v)| {
            vec![Cell { text: t.get(k).to_owned(), ..Cell::default() }, Cell { text: euros(t, *v), ..Cell::default() }]
        })
        .collect();
    let head = ["col-what", "f-amount"].map(|k| t.get(k).to_owned()).to_vec();
    let mut blocks = vec![Block::Notice(verdict(t, treasurer))];
    blocks.extend(treasurer.waiting.iter().map(|f| Block::Text(f.words(t))));
    blocks.extend(treasurer.findings.iter().map(|f| Block::Text(f.words(t))));
    blocks.push(Block::Table { caption: t.with("books-caption", &[("n", &treasurer.records)]), head, rows });
    blocks.push(Block::Links(vec![link(format!("{base}/fund/new"), t.get("deed-fund").to_owned())]));
    blocks
}

/// What is to be said about the books before their sums.
fn verdict(t: &Words, treasurer: &TreasuryView) -> Notice {
    let clean_books = treasurer.balances && treasurer.findings.is_empty();
    match (treasurer.records, clean_books) {
        (0, _) => Notice { tone: Tone::Plain, text: t.get("books-empty").to_owned(), code: None },
        (_, true) if !treasurer.waiting.is_empty() => {
            Notice { tone: Tone::Soon, text: t.get("books-wait").to_owned(), code: None }
        }
        (_, true) => Notice { tone: Tone::Good, text: t.get("books-balance").to_owned(), code: None },
        (_, false) => Notice { tone: Tone::Bad, text: t.get("books-wrong").to_owned(), code: None },
    }
}

fn redemption_facts(t: &Words, r: &RedemptionView) -> Vec<Fact> {
    let rail = r.payout.rail();
    let mut facts = vec![
        code(t, "f-redemption", r.context),
        fact(t, "f-amount", euros(t, r.amount)),
        fact(t, "f-tokens", r.tokens.to_string()),
        fact(t, "f-rail", t.get(&format!("rail-{}", rail.id()))),
    ];
    let stated = r.payout.details().iter().filter_map(|(field, text)| Some((field, text?)));
    facts.extend(stated.map(|(field, text)| fact(t, &rail_key(rail, field), clean(text))));
    facts.push(fact(t, "f-verified-by", who(t, &r.verified)));
    facts
}

/// The key of the words for a rail's field.
fn rail_key(rail: &dyn Rail, field: &RailField) -> String {
    format!("rail-{}-{}", rail.id(), field.name)
}

/// What an address asks for, as far as it is in the snapshot.
struct Asked {
    name: String,
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
    fn key_of(&self, name: &str) -> String {
        self.questions.iter().find(|q| q.name == name).map_or_else(|| format!("ask-{name}"), |q| q.key.clone())
    }
}

/// What a deed asks for: for a payment, what the rail wants to know about the programme's own account.
fn questions(deed: &str, redemption: Option<&RedemptionView>) -> Vec<Question> {
    let own = |name: &'static str| Question { name, key: format!("ask-{name}"), required: true };
    match (deed, redemption.map(|r| r.payout.rail())) {
        ("fund", _) => vec![own("money"), own("decision")],
        ("pay", Some(rail)) => {
            let of = |f: &'static RailField| Question { name: f.name, key: rail_key(rail, f), required: f.required };
            rail.debtor().iter().map(of).collect()
        }
        _ => Vec::new(),
    }
}

fn asked(visit: &Visit, path: &(String, String, String)) -> Option<Asked> {
    let t = visit.t;
    let treasurer = visit.view.treasurer.clone()?;
    let redemption = treasurer.redemptions.iter().find(|r| r.context.to_string() == path.2);
    let subject = match path.1.as_str() {
        "fund" => Vec::new(),
        "sign" => order_facts(t, treasurer.orders.iter().find(|o| o.award.to_string() == path.2)?),
        "verify" | "pay" | "settle" => redemption_facts(t, redemption?),
        _ => return None,
    };
    let questions = questions(&path.1, redemption);
    let url = format!("{}/treasury/{}/{}", visit.base(), path.1, path.2);
    Some(Asked { name: path.1.clone(), treasurer, subject, questions, url })
}

/// Reads what was typed.
fn deed(visit: &Visit, a: &Asked, id: &str, fields: &Fields) -> Result<Deed, Vec<(String, String)>> {
    let t = visit.t;
    let mut problems = Vec::new();
    let mut need = |name: &str| {
        let value = fields.get(name).to_owned();
        if value.is_empty() {
            problems.push((name.to_owned(), t.get("wrong-empty").to_owned()));
        }
        value
    };
    let redemption = || a.treasurer.redemptions.iter().find(|r| r.context.to_string() == id);
    let context = || redemption().map(|r| r.context);
    let found = match a.name.as_str() {
        "fund" => {
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
        "sign" => a.treasurer.orders.iter().find(|o| o.award.to_string() == id).map(|o| Deed::Sign(o.award)),
        "verify" => context().map(Deed::Verify),
        "settle" => context().map(Deed::Settle),
        "pay" => redemption().and_then(|r| {
            let debtor = r.payout.rail().debtor();
            for field in debtor.iter().filter(|f| f.required && f.preset.is_none()) {
                need(field.name);
            }
            let typed = |f: &'static RailField| Some(fields.get(f.name).to_owned());
            Details::typed(debtor, typed).ok().map(|debtor| Deed::Pay(r.context, debtor))
        }),
        _ => None,
    };
    match found {
        Some(deed) if problems.is_empty() => Ok(deed),
        _ => Err(problems),
    }
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
        title: t.get(&format!("deed-{}", a.name)).to_owned(),
        head: None,
        lead: vec![t.get(&format!("lead-{}", a.name)).to_owned()],
        problems: problems.iter().map(|(n, w)| format!("{}: {w}", t.get(&a.key_of(n)))).collect(),
        aside: vec![Section {
            id: "s-subject".into(),
            title: t.get("s-subject").to_owned(),
            blocks: vec![Block::Facts(a.subject.clone())],
        }],
        form: Form {
            action: a.url.clone(),
            fields: fields.collect(),
            submit: t.get("go-on").to_owned(),
            cancel: Some(link(format!("{}/", visit.base()), t.get("cancel").to_owned())),
            ..Form::default()
        },
    };
    html(page.to_html(), if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
}

/// The form of a deed.
pub(in super::super) async fn ask(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    match asked(&visit, &path) {
        Some(a) => form(&visit, &a, &Fields::default(), &[], None),
        None => problem(&visit, StatusCode::NOT_FOUND, "no-such-deed"),
    }
}

/// What was typed: asked once more, then done.
pub(in super::super) async fn answer(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let t = visit.t;
    let Some(a) = asked(&visit, &path) else { return problem(&visit, StatusCode::NOT_FOUND, "no-such-deed") };
    if fields.get("phase") == "back" {
        return form(&visit, &a, &fields, &[], None);
    }
    let deed = match deed(&visit, &a, &path.2, &fields) {
        Ok(deed) => deed,
        Err(problems) => return form(&visit, &a, &fields, &problems, None),
    };
    if fields.get("phase") != "sign" {
        return confirm(&visit, &a, &fields, &deed);
    }
    match treasury::run(&visit.console, &deed).await {
        Ok(Outcome::Done) => see(&format!("{}/?said=deed", visit.base())),
        Ok(Outcome::Half(why)) => {
            let notice = Notice { tone: Tone::Soon, text: why.words(t), code: None };
            form(&visit, &a, &fields, &[], Some(notice))
        }
        Ok(Outcome::Paid(Payment::File(PaymentFile { name, media_type, bytes }))) => HttpResponse::Ok()
            .content_type(media_type)
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
            .body(bytes),
        Err(why) => {
            let text = say!(t, "act-failed", why = why.words(t));
            form(&visit, &a, &fields, &[], Some(Notice { tone: Tone::Bad, text, code: None }))
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

/// What will be signed is shown as it was read, not as it was typed.
fn confirm(visit: &Visit, a: &Asked, fields: &Fields, deed: &Deed) -> HttpResponse {
    let t = visit.t;
    let me = clean(&visit.view.me.name);
    let title = t.get(&format!("deed-{}", a.name)).to_owned();
    let kept: Vec<(String, String)> =
        fields.0.iter().filter(|(n, _)| !["csrf", "phase"].contains(&n.as_str())).cloned().collect();
    let with = |phase: &str| {
        let mut hidden = kept.clone();
        hidden.push(("phase".into(), phase.into()));
        hidden
    };
    let mut details: Vec<Fact> = amount_of(a, deed).map(|cents| words::amount_signed(t, cents)).into_iter().collect();
    details.extend(a.subject.iter().cloned());
    let typed = kept.iter().filter(|(n, _)| n != "money");
    details.extend(typed.map(|(n, v)| fact(t, &a.key_of(n), clean(v))));
    let page = Confirm {
        f: visit.frame(),
        title: title.clone(),
        head: None,
        signer: t.with("confirm-signer", &[("who", &me), ("role", &t.get("role-finance")), ("act", &title)]),
        lead: vec![t.get(&format!("lead-{}", a.name)).to_owned()],
        details,
        warnings: Vec::new(),
        form: Form {
            action: a.url.clone(),
            hidden: with("sign"),
            submit: t.with("sign-as", &[("who", &me)]),
            grave: a.name == "pay",
            cancel: Some(link(format!("{}/", visit.base()), t.get("cancel").to_owned())),
            ..Form::default()
        },
        back: Form {
            action: a.url.clone(),
            hidden: with("back"),
            submit: t.get("go-back").to_owned(),
            ..Form::default()
        },
    };
    html(page.to_html(), StatusCode::OK)
}

#[cfg(test)]
mod tests {
    use subrosa_engine::treasury::rail::RAILS;
    use subrosa_templates::Language;

    /// The rail's own key, and one for each of these fields.
    fn keys<'a>(id: &'a str, fields: impl Iterator<Item = &'a str>) -> Vec<String> {
        std::iter::once(format!("rail-{id}")).chain(fields.map(|f| format!("rail-{id}-{f}"))).collect()
    }

    #[test]
    fn every_rail_has_its_words_in_every_language() {
        let mut missing = Vec::new();
        for rail in RAILS {
            let fields = rail.fields().iter().map(|f| f.name);
            for key in keys(rail.id(), fields.clone().chain(rail.debtor().iter().map(|f| f.name))) {
                let without = Language::of_console().filter_map(Language::console).filter(|w| !w.has(&key));
                missing.extend(without.map(|w| format!("console/{}: {key}", w.language().code())));
            }
            for key in keys(rail.id(), fields).into_iter().map(|key| format!("app-{key}")) {
                let without = Language::all().iter().filter(|l| !l.text().has(&key));
                missing.extend(without.map(|l| format!("{}/tip: {key}", l.code())));
            }
        }
        assert!(missing.is_empty(), "words are missing: {missing:#?}");
    }
}
