//! What a command answers.

use core::{fmt, pin::Pin};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Value, json};
use subrosa_engine::{coded::Code as _, trouble::Trouble};
use subrosa_machine::say::told;

/// What is left to be done, and what is said when it is done.
pub(crate) type Last = Pin<Box<dyn Future<Output = Result<&'static str>>>>;

/// What a command answers: the same facts for people and for programs.
pub struct Answer {
    pub(crate) text: String,
    pub(crate) json: Value,
    /// What destroys something that the answer holds: done once the answer was printed.
    pub(crate) last: Option<Last>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("text", &self.text).field("json", &self.json).finish_non_exhaustive()
    }
}

impl Answer {
    /// The same facts twice.
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, last: None }
    }

    /// With something that is done only once all of this was printed, because it cannot be had again afterwards.
    pub(crate) fn then(self, last: impl Future<Output = Result<&'static str>> + 'static) -> Self {
        Self { last: Some(Box::pin(last)), ..self }
    }

    /// Words alone; JSON has nothing to add.
    pub fn of_words(text: impl Into<String>) -> Self {
        Self::new(text, Value::Null)
    }

    /// With a note in front, if there is one: what is shown was not fetched just now.
    pub(crate) fn after(mut self, note: &str) -> Self {
        if let (false, Value::Object(members)) = (note.is_empty(), &mut self.json) {
            members.insert("recalled".into(), true.into());
            self.text.insert_str(0, note);
        }
        self
    }
}

/// The name that a value without fields has in JSON: the same for people as for programs.
pub(crate) fn name_of(value: &impl Serialize) -> Result<String> {
    serde_json::to_value(value)?.as_str().map(str::to_owned).context("a value without a name of its own")
}

/// What a visit could not take in: for each its stable name, and the same in English.
pub(crate) fn troubles(found: &[Trouble]) -> Value {
    found.iter().map(|t| json!({ "code": t.coded().name(), "text": told(t) })).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_crypto::charter::Role;
    use subrosa_engine::treasury::Stage;

    use super::*;

    #[test]
    fn people_and_programs_read_the_same_names() {
        assert_eq!(name_of(&Role::Adjudicator).unwrap(), "adjudicator");
        assert_eq!(name_of(&Stage::Verified).unwrap(), "verified");
        assert!(name_of(&1).is_err());
    }
}
