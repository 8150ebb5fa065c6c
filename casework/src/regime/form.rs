//! The form that a pack describes: which questions are asked, and what the answers mean to the check.
//!
//! Spec: `docs/spec/regime-pack.md`, section "Form". A tip carries the answers by question id, and two more under
//! reserved names: [`CLASS`] and [`PACK`].

use std::collections::BTreeMap;

use thiserror::Error;

use super::{CheckError, Input, InputKind, Pack, Question, check::numbers};
use crate::number::{Numerals, Plain};

/// The answer that names the violation class.
pub const CLASS: &str = "class";
/// The answer that names the pack's file: its SHA-256 in hexadecimal, so that the officers read the answers with the
/// questions that were asked.
pub const PACK: &str = "pack";

/// Why an answer cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum AnswerError {
    /// The pack has no such class.
    #[error("there is no class `{0}`; the pack has: {1}")]
    NoSuchClass(String, String),
    /// The pack has no such question.
    #[error("there is no question `{0}`; the pack asks: {1}")]
    NoSuchQuestion(String, String),
    /// The answer is not of the kind that the question asks for.
    #[error("the answer to `{0}` cannot be read: {1}")]
    Unreadable(String, CheckError),
}

impl Pack {
    /// The questions to ask for this class, given what was answered so far: in the pack's order, a question that waits
    /// for another one only after that one.
    pub fn questions_for(&self, class: Option<&str>, answers: &BTreeMap<String, String>) -> Vec<&Question> {
        let fits = |q: &&Question| {
            let class_fits = q.classes.is_empty() || class.is_none_or(|c| q.classes.iter().any(|x| x == c));
            let after_fits = q.after.as_ref().is_none_or(|a| answers.get(a).is_some_and(|t| !t.trim().is_empty()));
            class_fits && after_fits
        };
        self.questions.iter().filter(fits).collect()
    }

    /// Checks a source's answers and gives what a tip carries: the answers that say something, numbers among them in
    /// their plain form whatever the language of the form, the class, and the pack's digest.
    ///
    /// # Errors
    /// The first class, question or answer that does not fit, in words for the source.
    pub fn fill_in(
        &self,
        class: Option<&str>,
        answers: &BTreeMap<String, String>,
        numerals: &Numerals,
    ) -> Result<BTreeMap<String, String>, AnswerError> {
        let mut out = BTreeMap::from([(PACK.to_owned(), hex::encode(self.sha256()))]);
        if let Some(class) = class {
            if !self.classes.iter().any(|c| c.id == class) {
                let known: Vec<&str> = self.classes.iter().map(|c| c.id.as_str()).collect();
                return Err(AnswerError::NoSuchClass(class.to_owned(), known.join(", ")));
            }
            out.insert(CLASS.to_owned(), class.to_owned());
        }
        for (id, text) in answers.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let Some(question) = self.questions.iter().find(|q| q.id == *id) else {
                let known: Vec<&str> = self.questions.iter().map(|q| q.id.as_str()).collect();
                return Err(AnswerError::NoSuchQuestion(id.clone(), known.join(", ")));
            };
            self.answer(question, text, numerals).map_err(|why| AnswerError::Unreadable(id.clone(), why))?;
            out.insert(id.clone(), self.plain(question, text, numerals));
        }
        Ok(out)
    }

    /// The check's inputs as far as a tip's answers give them, and the ids of answers that cannot be read as inputs, or
    /// not in one way only: a person must look at those.
    pub fn inputs_of(&self, answers: &BTreeMap<String, String>) -> (BTreeMap<String, Input>, Vec<String>) {
        let mut inputs = BTreeMap::new();
        let mut unreadable = Vec::new();
        for question in &self.questions {
            let Some(text) = answers.get(&question.id).filter(|t| !t.trim().is_empty()) else { continue };
            match self.answer(question, text, &Numerals::ENGLISH) {
                Ok(Some((name, input))) => drop(inputs.insert(name, input)),
                Ok(None) => {}
                Err(_) => unreadable.push(question.id.clone()),
            }
        }
        (inputs, unreadable)
    }

    /// The input that an answer feeds, if it feeds one.
    fn answer(
        &self,
        question: &Question,
        text: &str,
        numerals: &Numerals,
    ) -> Result<Option<(String, Input)>, CheckError> {
        let Some(name) = &question.input else { return Ok(None) };
        let input = self.read_input(name, text, numerals)?;
        self.in_range(name, &input)?;
        Ok(Some((name.clone(), input)))
    }

    /// An answer as a tip carries it.
    fn plain(&self, question: &Question, text: &str, numerals: &Numerals) -> String {
        let spec = question.input.as_ref().and_then(|name| self.input(name).ok());
        let spec = spec.filter(|s| matches!(s.kind, InputKind::Number | InputKind::Numbers));
        let plain = spec.and_then(|s| numbers(s, text, numerals).ok());
        plain.map_or_else(|| text.to_owned(), |all| all.iter().map(Plain::to_string).collect::<Vec<_>>().join("\n"))
    }
}
