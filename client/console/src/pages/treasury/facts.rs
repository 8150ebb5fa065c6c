//! An order and a redemption, fact by fact.

use subrosa_crypto::sign::HolderId;
use subrosa_engine::treasury::rail::{Field, Rail};
use subrosa_templates::console::{Fact, Words};
use subrosa_templates::{key, say};

use crate::{
    pages::parts::{code, fact},
    snapshot::{FundView, OrderView, RedemptionView},
    text::{clean, one_line},
    words::euros,
};

fn who(t: &Words, names: &[String]) -> String {
    match names {
        [] => say!(t, "nobody-yet").to_owned(),
        some => some.iter().map(|n| one_line(n)).collect::<Vec<_>>().join(", "),
    }
}

/// What an order asks for, and who gave it.
pub(super) fn order_facts(t: &Words, o: &OrderView) -> Vec<Fact> {
    vec![
        code(t, key!("f-award-ref"), o.award),
        fact(t, key!("f-amount"), euros(t, o.amount)),
        fact(t, key!("f-ordered-by"), who(t, &o.signers)),
    ]
}

fn names(people: &[(HolderId, String)]) -> Vec<String> {
    people.iter().map(|(_, name)| name.clone()).collect()
}

/// Money for the budget that waits.
pub(super) fn fund_facts(t: &Words, f: &FundView) -> Vec<Fact> {
    vec![fact(t, key!("f-amount"), euros(t, f.amount)), fact(t, key!("f-stated-by"), who(t, &f.stated))]
}

/// What a redemption brings, and where its money goes.
pub(super) fn redemption_facts(t: &Words, r: &RedemptionView) -> Vec<Fact> {
    let rail = r.payout.rail();
    let mut facts = vec![
        code(t, key!("f-redemption"), r.context),
        fact(t, key!("f-amount"), euros(t, r.amount)),
        fact(t, key!("f-tokens"), r.tokens.to_string()),
        fact(t, key!("f-rail"), t.get(&rail_name(rail))),
    ];
    let stated = r.payout.details().iter().filter_map(|(field, text)| Some((field, text?)));
    facts.extend(stated.map(|(field, text)| fact(t, &rail_key(rail, field), clean(text))));
    let from = r.paid_from.iter().flat_map(|debtor| debtor.iter());
    let from = from.filter_map(|(field, text)| Some((field, text?)));
    facts.extend(from.map(|(field, text)| fact(t, &rail_key(rail, field), clean(text))));
    facts.push(fact(t, key!("f-verified-by"), who(t, &r.verified)));
    facts.push(fact(t, key!("f-released-by"), who(t, &names(&r.released))));
    facts.push(fact(t, key!("f-settled-by"), who(t, &names(&r.settled))));
    facts
}

/// The key of a rail's name.
pub(super) fn rail_name(rail: &dyn Rail) -> String {
    format!("rail-{}", rail.id())
}

/// The key of the words for a rail's field.
pub(super) fn rail_key(rail: &dyn Rail, field: &Field) -> String {
    format!("rail-{}-{}", rail.id(), field.name)
}

#[cfg(test)]
mod tests {
    use subrosa_engine::treasury::rail::RAILS;
    use subrosa_templates::Language;

    use super::*;

    /// The rail's own key, and one for each of these fields.
    fn keys<'a>(rail: &dyn Rail, fields: impl Iterator<Item = &'a Field>) -> Vec<String> {
        std::iter::once(rail_name(rail)).chain(fields.map(|f| rail_key(rail, f))).collect()
    }

    #[test]
    fn every_rail_has_its_words_in_every_language() {
        let mut missing = Vec::new();
        for rail in RAILS {
            for key in keys(*rail, rail.fields().iter().chain(rail.debtor())) {
                let without = Language::of_console().filter_map(Language::console).filter(|w| !w.has(&key));
                missing.extend(without.map(|w| format!("console/{}: {key}", w.language().code())));
            }
            for key in keys(*rail, rail.fields().iter()).into_iter().map(|key| format!("app-{key}")) {
                let without = Language::all().iter().filter(|l| !l.text().has(&key));
                missing.extend(without.map(|l| format!("{}/tip: {key}", l.code())));
            }
        }
        assert!(missing.is_empty(), "words are missing: {missing:#?}");
    }
}
