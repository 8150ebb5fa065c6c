//! Subrosa's pages: one struct for each, rendered on the server, whole without scripts. All text stands in `locales/`.

/// One struct for each page: its words, whose page it is, and what it shows.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident $template:literal $address:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Template)]
            #[template(path = $template)]
            pub struct $name<'a> {
                /// The words of the page in its language.
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
mod amounts;
mod application;
pub mod console;
mod public;
mod report;
mod text;

pub use application::{Application, Asset, Leave, Program, Return, Tip};
pub use public::{
    Books, BooksPage, Bounty, Computed, Downloads, Example, Figures, Help, Keys, Landing, NotReceived, Received,
    Refused, Regime, Reward, Safety, Sanction, Scope, Sealed, Threshold,
};
pub use report::{Report, ReportCheck, ReportEntry, ReportPending, ReportPiece, ReportTriage};
pub use text::{
    Direction, Language, Text, Value,
    keys::{known_key, known_words, values_of},
};

/// The only style sheet.
pub const STYLE: &str = concat!(include_str!("../pages/style.css"), include_str!("../pages/application.css"));

/// What pages show of a programme.
#[derive(Clone, Debug, Default)]
pub struct Programme {
    /// The id under which its charter is signed.
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
    /// Everybody whom the charter names.
    pub people: Vec<Person>,
    /// Whether the server offers the pages that run the source's engine in the browser.
    pub application: bool,
}

/// Somebody whom the charter names.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The name that the charter gives.
    pub name: String,
    /// What they do.
    pub roles: Vec<Role>,
    /// Their signing key, in groups.
    pub key: String,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes reports in.
    Intake,
    /// Files reports under a regime and says how grave they are.
    Triager,
    /// Asks the source, and gathers and weighs evidence.
    Investigator,
    /// Decides on findings and awards, always with a second one.
    Adjudicator,
    /// Signs tokens and releases payments; two are needed for each.
    Administrator,
}

impl Role {
    fn message(self) -> &'static str {
        match self {
            Self::Intake => "role-intake",
            Self::Triager => "role-triager",
            Self::Investigator => "role-investigator",
            Self::Adjudicator => "role-adjudicator",
            Self::Administrator => "role-administrator",
        }
    }
}

impl Programme {
    /// What stands at the top of each page.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests;
