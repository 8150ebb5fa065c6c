//! What went wrong, kept as a code with its arguments: it is worded when a page is made, in the language of that page.

use subrosa_engine::coded::{Argument, Code, Coded};
use subrosa_machine::{coded, say::sentence};
use subrosa_templates::{Value, console::Words, key};

use crate::text::clean;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble(Coded);

impl Trouble {
    /// Something that this console finds wrong itself: the key of its words.
    pub(crate) fn own(key: &str) -> Self {
        Self(Coded { key: key.to_owned(), arguments: Vec::new() })
    }

    /// An error of the engines.
    pub(crate) fn of(error: &impl Code) -> Self {
        Self(error.coded())
    }

    /// Something that has no code: its own sentence stands in a sentence of ours.
    pub(crate) fn other(why: String) -> Self {
        Self(Coded { key: key!("error-other").into(), arguments: vec![("why", Argument::Text(why))] })
    }

    /// What is said of it in this language.
    pub(crate) fn words(&self, t: &Words) -> String {
        let values: Vec<(&str, Box<dyn Value>)> = self
            .0
            .arguments
            .iter()
            .map(|(name, argument)| {
                let value: Box<dyn Value> = match argument {
                    Argument::Number(n) => Box::new(*n),
                    Argument::Text(text) => Box::new(clean(text)),
                };
                (*name, value)
            })
            .collect();
        t.with(&self.0.key, &values.iter().map(|(name, value)| (*name, &**value)).collect::<Vec<_>>())
    }
}

// Only so that it can travel as the end of a visit; a page shows its words.
impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.key)
    }
}

impl std::error::Error for Trouble {}

impl From<&anyhow::Error> for Trouble {
    fn from(error: &anyhow::Error) -> Self {
        if let Some(trouble) = error.downcast_ref::<Self>() {
            return trouble.clone();
        }
        coded::of(error).map_or_else(|| Self::other(sentence(error)), Self)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_engine::{api::ApiError, transport::TransportError};
    use subrosa_templates::Language;

    use super::*;

    #[test]
    fn every_error_has_words_in_every_language() {
        let codes = coded::all();
        assert!(codes.len() > 60);
        for t in Language::of_console().filter_map(Language::console) {
            for code in &codes {
                assert!(t.has(&format!("error-{code}")), "{}: error-{code} is missing", t.language().code());
            }
        }
    }

    #[test]
    fn an_error_is_told_in_the_readers_language() {
        let [en, de] = ["en", "de"].map(|code| Language::from_code(code).unwrap().console().unwrap());
        let error = anyhow::Error::new(ApiError::Transport(TransportError::Unreachable("connection refused".into())));
        let trouble = Trouble::from(&error);
        assert!(trouble.words(en).starts_with("The server could not be reached"), "{}", trouble.words(en));
        assert!(trouble.words(de).starts_with("Der Server war nicht zu erreichen"), "{}", trouble.words(de));
        for t in [en, de] {
            assert!(!trouble.words(t).contains("refused"));
        }
    }
}
