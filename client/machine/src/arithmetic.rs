//! A check's arithmetic in the reader's language: words are said, names, formulas and numbers stay.

use subrosa_casework::{
    case::{CheckReport, CheckStep},
    regime::{Origin, Outcome, Pack},
};
use subrosa_templates::{Text, key, say};

use crate::say::{plain, plain_line};

/// One line: what is computed, how, and what comes out.
pub fn line(t: &Text, step: &CheckStep) -> [String; 3] {
    let (name, formula) = match step.origin() {
        Origin::Given => (plain_line(&step.name), t.get(key!("check-given")).to_owned()),
        Origin::Threshold { on, since, source } => {
            let words =
                say!(t, "check-in-force", on = on.to_string(), since = since.to_string(), source = plain_line(source));
            (plain_line(&step.name), words)
        }
        Origin::Rule(formula) => (t.get(key!("check-rule")).to_owned(), plain(formula)),
        Origin::Formula(formula) => (plain_line(&step.name), plain(formula)),
    };
    let result = match step.outcome() {
        Outcome::Unknown => t.get(key!("check-unknown")).to_owned(),
        Outcome::Answer(true) => t.get(key!("yes")).to_owned(),
        Outcome::Answer(false) => t.get(key!("no")).to_owned(),
        Outcome::Count(of, n) => t.fill(&format!("check-{of}"), "n", n),
        Outcome::Value(value) => figure(t, value),
    };
    [name, formula, result]
}

/// A value as the language writes it: its number first, then its unit, if it has any. A text stays as it is.
fn figure(t: &Text, value: &str) -> String {
    let (number, unit) = value.split_at(value.find(' ').unwrap_or(value.len()));
    plain(&format!("{}{unit}", t.locale().ungrouped(number)))
}

/// The rule that gave a verdict, in the words of the pack; its name, if nobody has that pack here.
pub fn because(t: &Text, report: &CheckReport, pack: Option<&Pack>) -> String {
    let words = pack.and_then(|pack| pack.text(t.language().code(), &report.because));
    plain(words.unwrap_or_else(|| t.named("because", &report.because)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use subrosa_casework::regime::Counted;
    use subrosa_templates::Language;

    use super::*;

    #[test]
    fn every_word_of_a_check_is_said_in_every_language() {
        let step = |name: &str, formula: &str, result: String| CheckStep {
            name: name.into(),
            formula: formula.into(),
            result,
        };
        let mut steps = vec![
            step("chips", "given", "16384 chip".into()),
            step("systemic", "in force on 2026-03-01, effective 2025-08-02: a law", "1e25 FLOP".into()),
            step("both", "a + b", "not known".into()),
            step("late", "a > b", "no".into()),
            step("rule", "a > b", "yes".into()),
        ];
        steps.extend(Counted::ALL.iter().map(|of| step("list", "given", format!("2 {of}"))));
        let english = Language::root().console().unwrap();
        for t in Language::of_console().filter_map(Language::console) {
            for s in &steps {
                let said = line(t, s);
                assert!(!said.concat().contains("[missing"), "{}: {said:?}", t.language().code());
                assert!(t.language() == Language::root() || said != line(english, s), "{said:?}");
            }
        }
        assert_eq!(line(english, &steps[0])[2], "16384 chip");
        let german = Language::from_code("de").unwrap().console().unwrap();
        let cases = [
            ("989.4 TFLOP/s", "989,4 TFLOP/s"),
            ("1.5600e13", "1,5600e13"),
            ("-0.5 d", "-0,5 d"),
            ("2026-03-01", "2026-03-01"),
        ];
        for (value, said) in cases {
            assert_eq!(line(german, &step("x", "a", value.into()))[2], said);
            assert_eq!(line(english, &step("x", "a", value.into()))[2], value);
        }
        let hall = "hall 3.5";
        assert_eq!(line(german, &step("x", "a", hall.into()))[2], hall, "a text");
    }
}
