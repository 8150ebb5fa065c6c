//! Subrosa's pages: one struct for each, rendered on the server, without scripts. All text stands in `locales/`.

mod application;
pub mod console;
mod text;

use askama::Template;

pub use application::{Application, Asset, Leave, Program, Return, Tip};
pub use text::{Direction, Language, Text};

/// The only style sheet.
pub const STYLE: &str = concat!(include_str!("../pages/style.css"), include_str!("../pages/application.css"));

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

impl Programme {
    /// What stands at the top of each page.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// One struct for each page: its words, whose page it is, and what it shows.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident $template:literal $address:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Template)]
            #[template(path = $template)]
            pub struct $name<'a> {
                /// Its words.
                pub t: &'static Text,
                /// Whose page it is.
                pub p: &'a Programme,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl $name<'_> {
                /// Its address without the language.
                pub const ADDRESS: &'static str = $address;

                fn page(&self) -> &'static str {
                    Self::ADDRESS
                }

                /// The page, or `None` if it cannot be rendered.
                pub fn to_html(&self) -> Option<String> {
                    self.render().ok()
                }
            }
        )*
    };
}

pages! {
    /// The first page.
    Landing "landing.html" "" {}
    /// How to submit, and how to stay safe.
    Help "help.html" "help" {}
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
            let t = language.text();
            for p in &[programme(), Programme::default()] {
                for html in [Landing { t, p }.to_html().unwrap(), Help { t, p }.to_html().unwrap()] {
                    assert!(html.contains(&format!("<html lang=\"{}\" dir=\"ltr\">", language.code())));
                    for bad in ["<script", "<b>programme", "[missing", "style=\"", "http://", "https://", "onclick"] {
                        assert!(!html.contains(bad), "{bad}");
                    }
                    for other in Language::ALL {
                        assert!(html.contains(&format!("hreflang=\"{}\"", other.code())));
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_page_shows_notice_and_fingerprints() {
        let p = programme();
        let html = Landing { t: Language::English.text(), p: &p }.to_html().unwrap();
        for part in ["Second &#38; last.", "abcd 0123", "ef01 4567", "Ada", "9999 8888", "Charter, version 3"] {
            assert!(html.contains(part), "{part}");
        }
    }
}
