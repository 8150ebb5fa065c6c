//! What went wrong, kept as a code with its arguments: it is worded when a page is made, in the language of that page.

use subrosa_engine::coded::{Code, Coded};
use subrosa_machine::{
    coded,
    say::{coded_words, sentence},
};
use subrosa_templates::{console::Words, key};

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble(Coded);

impl Trouble {
    /// Something that this console finds wrong itself: the key of its words.
    pub(crate) fn own(key: &str) -> Self {
        Self(Coded::plain(key))
    }

    /// An error of the engines.
    pub(crate) fn of(error: &impl Code) -> Self {
        Self(error.coded())
    }

    /// What the operating system or a part of somebody else's says, in its own language: it stands in a sentence of
    /// ours.
    fn foreign(why: String) -> Self {
        Self(Coded { arguments: vec![("why", why.into())], ..Coded::plain(key!("error-foreign")) })
    }

    /// Whether a rule of the treasury's refuses: the same would be refused again.
    pub(crate) fn is_rule(&self) -> bool {
        const RULES: [&str; 6] = [
            key!("error-not-verified"),
            key!("error-not-released"),
            key!("error-stated-before"),
            key!("error-other-account"),
            key!("error-arrived"),
            key!("error-signed-before"),
        ];
        RULES.contains(&&*self.0.key)
    }

    /// What is said of it in this language.
    pub(crate) fn words(&self, t: &Words) -> String {
        coded_words(t, &self.0)
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
        coded::of(error).map_or_else(|| Self::foreign(sentence(error)), Self)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::{
        case::State,
        refusal::{Note, Rule},
    };
    use subrosa_crypto::{intake::OpenSealedError, ratchet::RatchetError};
    use subrosa_engine::{api::ApiError, officer::JournalError, transport::TransportError, trouble::Trouble as Lost};
    use subrosa_templates::Language;

    use super::*;

    #[test]
    fn every_error_has_words_in_every_language_that_take_what_it_gives() {
        let codes = coded::all();
        assert!(codes.len() > 150);
        for t in Language::of_console().filter_map(Language::console) {
            for (code, arguments) in &codes {
                let (key, language) = (format!("error-{code}"), t.language().code());
                assert!(t.has(&key), "{language}: {key} is missing");
                let mut given = arguments.to_vec();
                given.sort_unstable();
                assert_eq!(
                    subrosa_templates::values_of(&key),
                    Some(given.as_slice()),
                    "{language}: {key} takes other values"
                );
            }
        }
    }

    #[test]
    fn what_a_visit_could_not_take_in_is_told_in_the_readers_language() {
        let [en, de] = ["en", "de"].map(|code| Language::from_code(code).unwrap().console().unwrap());
        let unreachable = || ApiError::Transport(TransportError::Unreachable("connection refused".into()));
        let refusal = Rule::WrongState.because(Note::CaseIs(State::Triage));
        let troubles = [
            Lost::EndedEarly(unreachable()),
            Lost::MessageWithheld,
            Lost::MessageAltered(RatchetError::Ratchet),
            Lost::SealedNoIdentity("abc-def".into()),
            Lost::SealedNever { code: "abc-def".into(), why: OpenSealedError::NotForUs.into() },
            Lost::HandoverUnreadable(JournalError::Refused(refusal.clone())),
            Lost::OrderRefused(refusal),
        ];
        for (trouble, inner) in troubles.iter().zip(["nicht zu erreichen", "", "unterwegs", "", "nicht für", "", ""]) {
            let [english, german] = [en, de].map(|t| Trouble::of(trouble).words(t));
            assert!(german.contains(inner) && german != english, "{german}");
            for word in [" the ", " is ", " not ", " could ", "refused", "[missing"] {
                assert!(!german.contains(word), "{word}: {german}");
            }
        }
        let order = Trouble::of(troubles.last().unwrap()).words(de);
        assert!(order.ends_with("(der Fall: in Vorprüfung)"), "{order}");
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
