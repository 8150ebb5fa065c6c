//! The administrator's room: orders to sign, redemptions to verify and release, the public books.

pub(crate) mod deed;
mod facts;
mod kind;

use std::fmt::Display;

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_crypto::sign::HolderId;
use subrosa_engine::treasury::Stage;
use subrosa_templates::console::{Block, Chip, Document, Link, Notice, Tone, Words};
use subrosa_templates::{key, keys, say};

use self::{
    facts::{fund_facts, order_facts, redemption_facts},
    kind::Kind,
};
use super::parts::{cell, heads, link, notice, section};
use crate::{
    frame::html,
    request::Visit,
    snapshot::{RedemptionView, TreasuryView},
    words::euros,
};

/// What an administrator sees first.
pub(crate) fn page(visit: &Visit, treasurer: &TreasuryView) -> HttpResponse {
    let t = visit.t;
    let base = format!("{}/treasury", visit.base());
    let sections = match treasurer.read {
        true => vec![
            section(t, key!("s-orders"), orders(t, &base, treasurer)),
            section(t, key!("s-redemptions"), redemptions(visit, &base, treasurer)),
            section(t, key!("s-books"), books(visit, &base, treasurer)),
        ],
        // Without a visit nothing is known, and an empty list would say that there is nothing.
        false => {
            vec![section(t, key!("s-books"), vec![Block::Notice(notice(Tone::Soon, say!(t, "books-unread")))])]
        }
    };
    let mut f = visit.frame();
    f.notices.extend(visit.view.troubles.iter().map(|trouble| notice(Tone::Soon, trouble.words(t))));
    let page = Document {
        f,
        title: say!(t, "room-treasury").to_owned(),
        head: None,
        lead: say!(t, "treasury-lead").to_owned(),
        sections,
    };
    html(page.to_html(), StatusCode::OK)
}

/// The way to a deed: `what` is the order or the redemption that it is about.
fn way(t: &Words, base: &str, kind: Kind, what: impl Display) -> Link {
    link(format!("{base}/{}/{what}", kind.name()), t.get(kind.title()))
}

fn orders(t: &Words, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for o in &treasurer.orders {
        let (tone, key) = match (o.signed, o.delivered) {
            (false, _) => (Tone::Soon, key!("order-to-sign")),
            (true, false) => (Tone::Soon, key!("order-waits")),
            (true, true) => (Tone::Good, key!("order-sent")),
        };
        blocks.push(Block::Facts(order_facts(t, o)));
        blocks.push(Block::Chips(vec![Chip { tone, text: t.get(key).to_owned() }]));
        if !o.signed {
            blocks.push(Block::Links(vec![way(t, base, Kind::Sign, o.award)]));
        }
    }
    if blocks.is_empty() {
        blocks.push(Block::Text(say!(t, "orders-none").to_owned()));
    }
    blocks
}

fn redemptions(visit: &Visit, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let t = visit.t;
    let mut blocks: Vec<Block> = Vec::new();
    for r in &treasurer.redemptions {
        blocks.push(Block::Facts(redemption_facts(t, r)));
        blocks.push(Block::Chips(vec![stage(t, r)]));
        let links = next(visit.view.me.holder, r);
        blocks.push(Block::Links(links.into_iter().map(|kind| way(t, base, kind, r.context)).collect()));
    }
    if blocks.is_empty() {
        blocks.push(Block::Text(say!(t, "redemptions-none").to_owned()));
    }
    blocks
}

fn is_among(people: &[(HolderId, String)], me: HolderId) -> bool {
    people.iter().any(|(holder, _)| *holder == me)
}

/// What this administrator can do about it now.
fn next(me: HolderId, r: &RedemptionView) -> Vec<Kind> {
    let settle = (r.is_released() && !is_among(&r.settled, me)).then_some(Kind::Settle);
    match r.stage {
        Stage::Received => vec![Kind::Verify],
        Stage::Refused | Stage::Reserved => Vec::new(),
        Stage::Verified => vec![Kind::Pay],
        // Given and recorded in public; if the server lost the record, it can be given again.
        Stage::Released if !is_among(&r.released, me) => vec![Kind::Pay],
        Stage::Released => settle.into_iter().collect(),
        Stage::Paid if r.is_settled() => settle.into_iter().collect(),
        Stage::Paid => std::iter::once(Kind::PayAgain).chain(settle).collect(),
    }
}

fn stage(t: &Words, r: &RedemptionView) -> Chip {
    let (tone, key) = match r.stage {
        _ if r.is_settled() => (Tone::Good, key!("stage-settled")),
        Stage::Received => (Tone::Soon, key!("stage-received")),
        Stage::Refused => (Tone::Bad, key!("stage-refused")),
        Stage::Reserved => (Tone::Soon, key!("stage-reserved")),
        Stage::Verified => (Tone::Soon, key!("stage-verified")),
        Stage::Released if r.is_released() => (Tone::Plain, key!("stage-settle")),
        Stage::Released => (Tone::Plain, key!("stage-others-release")),
        Stage::Paid => (Tone::Good, key!("stage-paid")),
    };
    Chip { tone, text: t.get(key).to_owned() }
}

fn books(visit: &Visit, base: &str, treasurer: &TreasuryView) -> Vec<Block> {
    let t = visit.t;
    let s = &treasurer.totals;
    let sums = [
        (key!("books-funded"), s.funded),
        (key!("books-unreserved"), s.unreserved),
        (key!("books-escrow"), s.escrow),
        (key!("books-issued"), s.issued),
        (key!("books-redeemed"), s.redeemed),
        (key!("books-outstanding"), s.outstanding),
        (key!("books-owed"), s.owed_to_redeemers),
        (key!("books-paid"), s.paid),
    ];
    let rows = sums.iter().map(|(k, v)| vec![cell(t.get(k)), cell(euros(t, *v))]).collect();
    let head = heads(t, &keys!["col-what", "f-amount"]);
    let mut blocks = vec![Block::Notice(verdict(t, treasurer))];
    blocks.extend(treasurer.waiting.iter().map(|f| Block::Text(f.words(t))));
    blocks.extend(treasurer.findings.iter().map(|f| Block::Text(f.words(t))));
    for f in &treasurer.funds {
        blocks.push(Block::Facts(fund_facts(t, f)));
        blocks.push(Block::Text(say!(t, "fund-waits").to_owned()));
    }
    blocks.push(Block::Table { caption: say!(t, "books-caption", n = treasurer.records), head, rows });
    blocks.push(Block::Links(vec![way(t, base, Kind::Fund, "new")]));
    blocks
}

/// What is to be said about the books before their sums.
fn verdict(t: &Words, treasurer: &TreasuryView) -> Notice {
    let clean_books = treasurer.balances && treasurer.findings.is_empty();
    match (treasurer.records, clean_books) {
        (0, _) => notice(Tone::Plain, say!(t, "books-empty")),
        (_, true) if !treasurer.waiting.is_empty() => notice(Tone::Soon, say!(t, "books-wait")),
        (_, true) => notice(Tone::Good, say!(t, "books-balance")),
        (_, false) => notice(Tone::Bad, say!(t, "books-wrong")),
    }
}
