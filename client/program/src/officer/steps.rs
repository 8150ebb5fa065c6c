//! The acts of the catalogue as subcommands: every act, with an option for each of its fields.

use std::{collections::BTreeMap, sync::LazyLock};

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, Subcommand, error::ErrorKind};
use subrosa_casework::{
    case::{Asks, Field, FieldKind, Given, Step},
    locale::Locale,
    number::Numerals,
};

use crate::words::words;

/// What stands on the command line behind `act CASE`.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    /// An act of the catalogue.
    Act(Step, Typed),
    /// Look at a decision that waits and sign it second.
    Confirm {
        /// The entry that proposes it.
        entry: u64,
        /// The code that was printed under the decision.
        yes: Option<String>,
    },
    /// Take a proposal back, or refuse it.
    Drop {
        /// The entry that proposes it.
        entry: u64,
    },
}

/// The options of an act as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// Each field's text.
    pub(super) fields: BTreeMap<String, String>,
    /// Inputs of a check, `NAME=VALUE`.
    pub(super) inputs: Vec<String>,
    /// A check begins with the source's answers.
    pub(super) from_answers: bool,
    /// The text names nobody, says whoever wrote it.
    pub(super) leak_checked: bool,
    /// The code that was printed under what is to be signed.
    pub(super) yes: Option<String>,
}

impl Given for Typed {
    fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    fn numbers(&self) -> &Numerals {
        english().numbers()
    }

    fn amounts(&self) -> &Numerals {
        english().amounts()
    }
}

/// Options are read as English writes numbers, or plainly.
fn english() -> &'static Locale {
    static ENGLISH: LazyLock<Locale> = LazyLock::new(Locale::english);
    &ENGLISH
}

/// A field that is the whole of an act needs no option's name.
fn stands_alone(step: Step, field: &Field) -> bool {
    let fields = step.spec().fields;
    let alone = fields.iter().filter(|f| f.required).count() == 1;
    let first = fields.first().is_some_and(|f| f.name == field.name);
    let kind = matches!(
        field.kind,
        FieldKind::Line | FieldKind::Text | FieldKind::Member | FieldKind::Colleague | FieldKind::OtherCase
    );
    alone && first && field.required && kind
}

fn option(step: Step, field: &Field) -> Arg {
    let t = words();
    let arg = Arg::new(field.name).help(t.get(&format!("ask-{}", field.name)).to_owned()).required(field.required);
    let arg = if stands_alone(step, field) { arg } else { arg.long(field.name) };
    let arg = match field.default {
        "" => arg,
        default => arg.default_value(default),
    };
    match field.kind {
        FieldKind::Choice(choices) => arg.value_parser(choices.values.to_vec()),
        FieldKind::Number | FieldKind::Flop | FieldKind::Item | FieldKind::SourceMessage => arg.value_name("NUMBER"),
        FieldKind::Money => arg.value_name("EUROS"),
        FieldKind::Digest => arg.value_name("SHA256"),
        FieldKind::Date => arg.value_name("YYYY-MM-DD"),
        FieldKind::File => arg.value_name("NAME"),
        FieldKind::OtherCase => arg.value_name("CASE"),
        // The charter's first policy, as in the console.
        FieldKind::Policy => arg.required(false).value_name("POLICY"),
        FieldKind::Line | FieldKind::Text | FieldKind::Member | FieldKind::Colleague => arg.value_name("TEXT"),
        FieldKind::Class | FieldKind::Inputs => arg,
    }
}

fn options(step: Step) -> Vec<Arg> {
    let mut out = Vec::new();
    for field in step.spec().fields {
        match field.kind {
            FieldKind::Class => {
                out.push(Arg::new("pack").long("pack").help("Regime pack").required(true));
                out.push(option(step, field).value_name("CLASS"));
            }
            FieldKind::Inputs => {
                let input = Arg::new("input").long("input").value_name("NAME=VALUE").action(ArgAction::Append);
                out.push(
                    input
                        .help("An input in the pack's unit; semicolons between the entries of a list; may be repeated"),
                );
                let answers = Arg::new("from-answers").long("from-answers").action(ArgAction::SetTrue);
                out.push(answers.help("Begin with what the source answered in the form; --input replaces an answer"));
            }
            _ => out.push(option(step, field)),
        }
    }
    if step.spec().message.is_some() {
        let checked = Arg::new("leak-checked").long("leak-checked").action(ArgAction::SetTrue);
        out.push(checked.help("I have looked at the passages that could name the source, and they may go"));
    }
    if step.spec().asks == Asks::Everywhere {
        out.push(yes());
    }
    out
}

fn yes() -> Arg {
    let help = "Sign what was shown: the code that was printed under it. Without it, nothing is signed";
    Arg::new("sign").long("sign").value_name("CODE").help(help)
}

fn entry() -> Arg {
    Arg::new("entry").required(true).value_parser(clap::value_parser!(u64)).help("Its entry, as `show` lists it")
}

impl Subcommand for Chosen {
    fn augment_subcommands(command: Command) -> Command {
        let t = words();
        let mut command = command;
        for step in Step::ALL.iter().copied() {
            let lead = format!("lead-{}", step.id());
            let mut about = t.get(&format!("act-{}", step.id())).to_owned();
            if step.spec().takes_two() {
                about.push_str(" (first of two signatures)");
            }
            let long = if t.has(&lead) { format!("{about}\n\n{}", t.get(&lead)) } else { about.clone() };
            command = command.subcommand(Command::new(step.id()).about(about).long_about(long).args(options(step)));
        }
        let confirm = Command::new("confirm").about("Look at a decision that waits, whole, and sign it second");
        let drop = Command::new("drop").about("Take back your own proposal, or refuse a colleague's");
        command.subcommand(confirm.arg(entry()).arg(yes())).subcommand(drop.arg(entry()))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        ["confirm", "drop"].contains(&name) || Step::of(name).is_some()
    }
}

impl FromArgMatches for Chosen {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::raw(ErrorKind::MissingSubcommand, "say which act");
        let (name, m) = matches.subcommand().ok_or_else(missing)?;
        let text = |name: &str| m.try_get_one::<String>(name).ok().flatten().cloned();
        let entry = || m.try_get_one::<u64>("entry").ok().flatten().copied().unwrap_or_default();
        let flag = |name: &str| m.try_get_one::<bool>(name).ok().flatten().copied().unwrap_or_default();
        let step = match name {
            "confirm" => return Ok(Self::Confirm { entry: entry(), yes: text("sign") }),
            "drop" => return Ok(Self::Drop { entry: entry() }),
            name => Step::of(name).ok_or_else(missing)?,
        };
        let mut typed = Typed {
            inputs: m.try_get_many::<String>("input").ok().flatten().into_iter().flatten().cloned().collect(),
            from_answers: flag("from-answers"),
            leak_checked: flag("leak-checked"),
            yes: text("sign"),
            ..Typed::default()
        };
        for field in step.spec().fields.iter().filter(|f| f.kind != FieldKind::Inputs) {
            let Some(given) = text(field.name) else { continue };
            let value = match (field.kind, text("pack")) {
                (FieldKind::Class, Some(pack)) => format!("{pack}/{given}"),
                _ => given,
            };
            typed.fields.insert(field.name.to_owned(), value);
        }
        Ok(Self::Act(step, typed))
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

    fn read(line: &[&str]) -> Result<Chosen, clap::Error> {
        let command = Chosen::augment_subcommands(Command::new("act"));
        Chosen::from_arg_matches(&command.try_get_matches_from([&["act"], line].concat())?)
    }

    #[test]
    fn every_act_of_the_catalogue_is_a_subcommand() {
        let command = Chosen::augment_subcommands(Command::new("act"));
        command.clone().debug_assert();
        for step in Step::ALL {
            let found = command.find_subcommand(step.id()).unwrap();
            assert!(found.get_about().is_some_and(|a| !a.to_string().contains("missing text")), "{}", step.id());
        }
        assert_eq!(command.get_subcommands().count(), Step::ALL.len() + 2);
    }

    #[test]
    fn options_are_the_fields() {
        let Chosen::Act(Step::Triage, typed) = read(&[
            "triage",
            "--pack",
            "compute-thresholds",
            "--class",
            "unnotified-run",
            "--jurisdiction",
            "EU",
            "--severity",
            "4",
        ])
        .unwrap() else {
            unreachable!()
        };
        assert_eq!(typed.text("class"), "compute-thresholds/unnotified-run");
        let Chosen::Act(Step::Recuse, typed) = read(&["recuse", "a cousin"]).unwrap() else { unreachable!() };
        assert_eq!(typed.text("reason"), "a cousin");
        assert!(read(&["substantiate"]).is_err());
        assert!(read(&["close", "--close", "withdrawn"]).is_err());
        let confirm = read(&["confirm", "17", "--sign", "abcd"]).unwrap();
        assert!(matches!(confirm, Chosen::Confirm { entry: 17, yes: Some(code) } if code == "abcd"));
    }
}
