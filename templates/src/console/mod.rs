//! The officers' console: pages that one person's own machine serves to that person's browser. Filled by the client;
//! nothing here knows a case.
//!
//! Pages are put together from sections of blocks, so that every room looks and reads alike. All text comes in ready:
//! [`Text`](crate::Text) holds it.

mod chart;
mod parts;

use askama::Template;

/// The console's words in one language.
pub use crate::Text as Words;

pub use chart::{Bar, Chart};
pub use parts::{
    Act, ActGroup, Block, Bubble, CaseHead, CaseRow, Cell, Chip, Choice, Fact, Fetch, Field, FieldKind, Form, Frame,
    LanguageLink, Link, Notice, Proposal, Section, Tone, Who,
};

/// The console's style sheet.
pub const STYLE: &str = include_str!("../../pages/console/console.css");
/// The console's script: shortcuts, drafts, following a fetch. Every page works without it.
pub const SCRIPT: &str = include_str!("../../pages/console/console.js");

/// A page that could not be put together; no page of this crate does that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotRendered;

macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident $path:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Template)]
            #[template(path = $path)]
            pub struct $name {
                /// Everything around the page.
                pub f: Frame,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl $name {
                /// The page.
                ///
                /// # Errors
                /// Never for a page of this crate; the type tells the caller's branch apart.
                pub fn to_html(&self) -> Result<String, NotRendered> {
                    self.render().map_err(|_| NotRendered)
                }
            }
        )*
    };
}

pages! {
    /// The page of a locked desk: a password opens it.
    Locked "console/locked.html" {
        /// The keystore's file name.
        keystore: String,
        /// The one-time token of the printed address, on the first visit.
        token: Option<String>,
        /// Something was typed when the desk locked; it is kept.
        held: bool,
    }
    /// The list of cases.
    Queue "console/queue.html" {
        /// What the list is narrowed to; asked for with `get`.
        filter: Form,
        /// Filters that were kept under a name.
        views: Vec<Link>,
        /// Keeps the filters as a view.
        save_view: Option<Form>,
        /// The cases shown.
        cases: Vec<CaseRow>,
        /// How many there are in all, in words.
        count: String,
        /// What can be done with several at once.
        bulk: Vec<Field>,
        /// Where the bulk form goes.
        bulk_action: String,
        /// What to do if nothing is shown.
        empty: String,
        /// Pages before and after this one.
        pager: Vec<Link>,
    }
    /// Sections of blocks, with a case's head above them or without.
    Document "console/document.html" {
        /// The page's title.
        title: String,
        /// The case, if the page is about one.
        head: Option<CaseHead>,
        /// What comes first, in a sentence.
        lead: String,
        /// What the page holds, in order.
        sections: Vec<Section>,
    }
    /// A form to fill in, with its case above it and something to read beside it.
    FormPage "console/form.html" {
        /// The page's title.
        title: String,
        /// The case, if the form is about one.
        head: Option<CaseHead>,
        /// What the form does, in sentences.
        lead: Vec<String>,
        /// What was wrong, one line each.
        problems: Vec<String>,
        /// Something to read beside the form.
        aside: Vec<Section>,
        /// The fields and where they go.
        form: Form,
    }
    /// The question before something is signed.
    Confirm "console/confirm.html" {
        /// What will be done.
        title: String,
        /// The case, if what is signed is about one.
        head: Option<CaseHead>,
        /// Who signs, in a sentence.
        signer: String,
        /// What it means.
        lead: Vec<String>,
        /// What exactly is signed.
        details: Vec<Fact>,
        /// Warnings that must be read.
        warnings: Vec<Section>,
        /// Signs what is shown.
        form: Form,
        /// Goes back and keeps what was typed; `None` where nothing was typed.
        back: Option<Form>,
    }
}
