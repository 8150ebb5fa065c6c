//! Flags for the fields of the rails: one for each name, whichever rails ask for it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, builder::PossibleValuesParser};
use subrosa_engine::treasury::rail::{Details, Field, PaymentError, RAILS, Rail, instruction::PayoutInstruction, of};

use subrosa_machine::say::plain_line;

use crate::words::words;

/// Some of a rail's fields.
type Fields = fn(&dyn Rail) -> &'static [Field];

/// Who is paid, and on which rail.
#[derive(Debug)]
pub(super) struct Payee {
    rail: String,
    typed: Typed,
}

/// The programme as the payer. Which of its flags count is told by the rail of the redemption.
#[derive(Debug)]
pub(super) struct Debtor(Typed);

/// What was typed, by field. Its text is not printed: it names a payee.
struct Typed(BTreeMap<&'static str, String>);

impl core::fmt::Debug for Typed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Typed([redacted])")
    }
}

impl Payee {
    /// The instruction, as its rail carries it.
    pub(super) fn instruction(&self) -> Result<PayoutInstruction> {
        let rail = of(&self.rail).with_context(|| format!("no rail `{}`", self.rail))?;
        PayoutInstruction::typed(rail, |f| self.typed.get(f)).map_err(flagged)
    }
}

/// What stands in a rail's fields, one by one, for whoever is about to sign.
pub(super) fn stated(rail: &dyn Rail, details: &Details) -> String {
    let fields = details.iter().filter_map(|(field, text)| Some((field, text?)));
    let named = fields.map(|(field, text)| {
        let name = words().get(&format!("rail-{}-{}", rail.id(), field.name));
        format!("{name}: {}", plain_line(text))
    });
    named.collect::<Vec<_>>().join("; ")
}

impl Debtor {
    /// What this rail wants to know about the payer; what was paid `from` before, if nothing was typed.
    pub(super) fn details(&self, rail: &dyn Rail, from: Option<Details>) -> Result<Details> {
        if let (true, Some(from)) = (self.0.0.is_empty(), from) {
            return Ok(from);
        }
        Details::typed(rail.debtor(), |f| self.0.get(f)).map_err(flagged)
    }
}

/// An error whose field is named as the flag that was typed.
fn flagged(e: PaymentError) -> anyhow::Error {
    match e {
        PaymentError::Missing(field) => anyhow::anyhow!("--{field} is missing"),
        e => e.into(),
    }
}

impl Typed {
    fn get(&self, field: &Field) -> Option<String> {
        self.0.get(field.name).cloned()
    }

    fn read(matches: &ArgMatches, fields: Fields) -> Self {
        let names = RAILS.iter().flat_map(|r| fields(*r)).map(|f| f.name);
        Self(names.filter_map(|n| Some((n, matches.get_one::<String>(n)?.clone()))).collect())
    }
}

/// One flag for each name. Two rails that ask for the same share it, and its words are those of the first.
fn flags(fields: Fields) -> Vec<Arg> {
    let english = words();
    let mut flags: BTreeMap<&'static str, (usize, Arg)> = BTreeMap::new();
    for rail in RAILS {
        for field in fields(*rail) {
            let label = english.get(&format!("rail-{}-{}", rail.id(), field.name));
            let preset = field.preset.map(|p| format!("; without it: {p}")).unwrap_or_default();
            let help = format!("{label}, such as {}{preset}", field.example);
            let at = flags.len();
            flags.entry(field.name).or_insert_with(|| (at, Arg::new(field.name).long(field.name).help(help)));
        }
    }
    let mut flags: Vec<(usize, Arg)> = flags.into_values().collect();
    flags.sort_by_key(|(at, _)| *at);
    flags.into_iter().map(|(_, flag)| flag).collect()
}

fn payee_fields(rail: &dyn Rail) -> &'static [Field] {
    rail.fields()
}

fn debtor_fields(rail: &dyn Rail) -> &'static [Field] {
    rail.debtor()
}

impl Args for Payee {
    fn augment_args(command: Command) -> Command {
        let ids: Vec<&'static str> = RAILS.iter().map(|r| r.id()).collect();
        let first = ids.first().copied().unwrap_or_default();
        let rail = Arg::new("rail").long("rail").help("The way on which the money goes").default_value(first);
        command.arg(rail.value_parser(PossibleValuesParser::new(ids))).args(flags(payee_fields))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Payee {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let rail = matches.get_one::<String>("rail").cloned().unwrap_or_default();
        Ok(Self { rail, typed: Typed::read(matches, payee_fields) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Debtor {
    fn augment_args(command: Command) -> Command {
        command.args(flags(debtor_fields))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Debtor {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(Typed::read(matches, debtor_fields)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn payee(typed: &[&str]) -> Result<PayoutInstruction> {
        let matches = Payee::augment_args(Command::new("redeem")).try_get_matches_from(typed)?;
        Payee::from_arg_matches(&matches)?.instruction()
    }

    #[test]
    fn the_flags_of_a_rail_are_its_fields() {
        let typed = ["redeem", "--payee", "A. Person", "--iban", "de02 1203 0000 0000 2020 51", "--country", "de"];
        assert_eq!(payee(&typed).unwrap_err().to_string(), "--town is missing");
        let mut whole = typed.to_vec();
        whole.extend(["--town", "Berlin"]);
        let instruction = payee(&whole).unwrap();
        assert_eq!(instruction.rail().id(), "sepa");
        assert_eq!(instruction.details().get("iban"), Some("DE02120300000000202051"));
        assert_eq!(instruction.details().get("reference"), Some("Client account"));
        whole.extend(["--rail", "carrier-pigeon"]);
        assert!(payee(&whole).is_err());
    }

    #[test]
    fn every_rail_can_be_typed() {
        for rail in RAILS {
            let mut typed = vec!["redeem".to_owned(), format!("--rail={}", rail.id())];
            typed.extend(rail.fields().iter().map(|f| format!("--{}={}", f.name, f.example)));
            let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
            assert_eq!(payee(&typed).unwrap().rail().id(), rail.id());
        }
    }
}
