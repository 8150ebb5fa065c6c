//! Subrosa's pages: one struct for each, rendered on the server, without scripts. All text stands in `locales/`.

pub mod console;
mod text;

use askama::Template;

pub use text::Language;
use text::Text;

/// The only style sheet.
pub const STYLE: &str = include_str!("../pages/style.css");

/// What pages show of a programme.
#[derive(Clone, Debug, Default)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// Its name in the charter, once there is one.
    pub name: Option<String>,
    /// What the charter tells sources before they begin, with their legal position.
    pub notice: Option<String>,
    /// The charter's version; 0 before the first.
    pub charter_version: u64,
    /// The key that signs charters, in groups for comparing by eye.
    pub root_fingerprint: String,
    /// The log's key, likewise.
    pub log_fingerprint: String,
    /// Names and signing keys of everybody whom the charter names.
    pub people: Vec<(String, String)>,
}

/// The first page.
#[derive(Clone, Debug)]
pub struct Landing<'a> {
    /// Its language.
    pub language: Language,
    /// Whose page it is.
    pub programme: &'a Programme,
}

impl Landing<'_> {
    /// The page, or `None` if it cannot be rendered.
    pub fn to_html(&self) -> Option<String> {
        LandingPage { t: self.language.text(), p: self.programme }.render().ok()
    }
}

/// How to submit, and how to stay safe.
#[derive(Clone, Debug)]
pub struct Help<'a> {
    /// Its language.
    pub language: Language,
    /// Whose page it is.
    pub programme: &'a Programme,
}

impl Help<'_> {
    /// The page, or `None` if it cannot be rendered.
    pub fn to_html(&self) -> Option<String> {
        HelpPage { t: self.language.text(), p: self.programme }.render().ok()
    }
}

#[derive(Template)]
#[template(path = "landing.html")]
struct LandingPage<'a> {
    t: &'static Text,
    p: &'a Programme,
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage<'a> {
    t: &'static Text,
    p: &'a Programme,
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn programme() -> Programme {
        Programme {
            id: "demo.example".into(),
            name: Some("Demo <b>programme</b>".into()),
            notice: Some("First line.\nSecond & last.".into()),
            charter_version: 3,
            root_fingerprint: "abcd 0123".into(),
            log_fingerprint: "ef01 4567".into(),
            people: vec![("Ada".into(), "9999 8888".into())],
        }
    }

    #[test]
    fn pages_render_in_every_language_with_nothing_missing_and_nothing_that_runs() {
        for language in Language::ALL {
            for p in [programme(), Programme::default()] {
                for html in [
                    Landing { language, programme: &p }.to_html().unwrap(),
                    Help { language, programme: &p }.to_html().unwrap(),
                ] {
                    assert!(html.contains(&format!("<html lang=\"{}\"", language.code())));
                    for bad in ["<script", "<b>programme", "[missing", "style=\"", "http://", "https://", "onclick"] {
                        assert!(!html.contains(bad), "{bad}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_page_shows_notice_and_fingerprints() {
        let p = programme();
        let html = Landing { language: Language::English, programme: &p }.to_html().unwrap();
        for part in ["Second &#38; last.", "abcd 0123", "ef01 4567", "Ada", "9999 8888"] {
            assert!(html.contains(part), "{part}");
        }
    }
}
