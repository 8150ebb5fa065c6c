//! What pages are put together from.

use crate::{Language, Text};

/// How something is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Said without judgement.
    #[default]
    Plain,
    /// Done, in order.
    Good,
    /// Look at this soon.
    Soon,
    /// Wrong, late, refused.
    Bad,
}

impl Tone {
    /// The style sheet's name for it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Soon => "soon",
            Self::Bad => "bad",
        }
    }
}

/// Whose desk this is: shown on every page, so that two people at one table are never mixed up.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// The name in the charter.
    pub name: String,
    /// Two letters of it.
    pub initials: String,
    /// One of twelve colours, by the key.
    pub colour: u8,
    /// Roles, in words.
    pub roles: String,
    /// The beginning of the key's name.
    pub key: String,
}

/// A sentence above the page.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence itself, in the language of the page.
    pub text: String,
    /// A stable name for programs, such as a rule's: it stands in the page's source, not among its words.
    pub code: Option<String>,
}

/// Fetching from the server.
#[derive(Clone, Debug, Default)]
pub struct Fetch {
    /// It is under way.
    pub running: bool,
    /// What it does or did last, in words.
    pub step: String,
    /// So many done.
    pub done: usize,
    /// Of so many; zero if not known.
    pub of: usize,
    /// What went wrong: what happened, what was kept, what to do.
    pub problem: Option<String>,
}

/// Everything around a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The words of the page in its language.
    pub t: &'static Text,
    /// What stands in front of every address.
    pub root: String,
    /// The same with the language.
    pub base: String,
    /// This page's address in each language.
    pub languages: Vec<LanguageLink>,
    /// The session's token for forms.
    pub csrf: String,
    /// Whose desk; `None` while locked.
    pub who: Option<Who>,
    /// Sentences above the page.
    pub notices: Vec<Notice>,
    /// How far the fetch from the server is.
    pub fetch: Fetch,
    /// The console's rooms, for its menu.
    pub rooms: Vec<Link>,
    /// Seconds without a visit after which the desk locks.
    pub idle_seconds: u64,
}

/// The way to another page of the console.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// The address that it leads to.
    pub url: String,
    /// What is read in it.
    pub text: String,
    /// It leads to this page.
    pub here: bool,
    /// A number beside it.
    pub count: Option<usize>,
}

/// This page in another language, or in the one that it is in.
#[derive(Clone, Debug)]
pub struct LanguageLink {
    /// Which language it is in.
    pub language: Language,
    /// This page in that language.
    pub url: String,
    /// It leads to this page.
    pub here: bool,
}

/// A few words in a box.
#[derive(Clone, Debug, Default)]
pub struct Chip {
    /// How it is meant.
    pub tone: Tone,
    /// One to three words, and perhaps a day.
    pub text: String,
}

/// A case in the list.
#[derive(Clone, Debug, Default)]
pub struct CaseRow {
    /// Its full name, for the form.
    pub id: String,
    /// The beginning of it, for people.
    pub short: String,
    /// What it is about.
    pub title: String,
    /// The case's page.
    pub url: String,
    /// Its state, in words.
    pub state: Chip,
    /// Clocks and what waits.
    pub chips: Vec<Chip>,
    /// Who has it.
    pub assigned: String,
    /// The officers' own words for it.
    pub tags: Vec<String>,
    /// When something last happened.
    pub last: String,
    /// Why it cannot be shown.
    pub trouble: Option<String>,
}

/// A case's head: the same on each of its pages.
#[derive(Clone, Debug, Default)]
pub struct CaseHead {
    /// The beginning of its name.
    pub short: String,
    /// Its full name.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// State, clocks, holds.
    pub chips: Vec<Chip>,
    /// The case's pages, in the order of their tabs.
    pub tabs: Vec<Link>,
    /// What everybody must know first.
    pub warnings: Vec<Notice>,
}

/// A name and a value.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// What the value is.
    pub name: String,
    /// The value; lines are kept.
    pub value: String,
    /// Letters of one width: digests, keys.
    pub code: bool,
}

/// One value that a field can take.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// It is chosen.
    pub chosen: bool,
}

/// What kind of field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FieldKind {
    /// One line of text.
    #[default]
    Line,
    /// Several lines of text.
    Area,
    /// A day, such as `2026-11-24`.
    Date,
    /// One of a list.
    Select,
    /// One of a few.
    Radio,
    /// Yes or not.
    Check,
    /// A SHA-256 digest, with a button that computes it from a file.
    Digest,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name in the request.
    pub name: String,
    /// What it asks.
    pub label: String,
    /// What helps to answer.
    pub hint: String,
    /// A unit behind it.
    pub unit: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// What stands in it.
    pub value: String,
    /// What can be chosen, where something can.
    pub choices: Vec<Choice>,
    /// What is wrong with it.
    pub problem: String,
    /// It must be filled in.
    pub required: bool,
}

/// A form that is posted, or asked for with `get`.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The address that it is sent to.
    pub action: String,
    /// It changes nothing and is asked for in the address.
    pub get: bool,
    /// Values that are sent along.
    pub hidden: Vec<(String, String)>,
    /// What is asked, in order.
    pub fields: Vec<Field>,
    /// The button's words.
    pub submit: String,
    /// The button does something final.
    pub grave: bool,
    /// A link beside the button.
    pub cancel: Option<Link>,
    /// What is typed is kept as a draft under this name.
    pub draft: String,
}

/// One cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// What stands in the cell.
    pub text: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Letters of one width.
    pub code: bool,
    /// How it is meant.
    pub tone: Tone,
    /// All of it, where the cell holds only the beginning; lines are kept.
    pub full: Option<String>,
}

/// A message of the thread.
#[derive(Clone, Debug, Default)]
pub struct Bubble {
    /// Its place in the journal.
    pub seq: u64,
    /// A name, or the source.
    pub from: String,
    /// It is the source's.
    pub source: bool,
    /// What the message is for, in a word or two.
    pub kind: String,
    /// When it was written.
    pub when: String,
    /// The words, paragraph by paragraph.
    pub text: Vec<String>,
    /// Questions and answers.
    pub facts: Vec<Fact>,
    /// Files: name with size, and where they are.
    pub files: Vec<Link>,
}

/// A decision that waits for its second signature.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// What would be decided.
    pub title: String,
    /// Of which case, where that is not plain.
    pub case: Option<Link>,
    /// Who signed first, and when.
    pub by: String,
    /// What exactly is signed.
    pub details: Vec<Fact>,
    /// Where to sign second.
    pub sign: Option<Link>,
    /// Where to take it back or refuse it.
    pub drop: Option<Link>,
    /// Why this officer cannot sign.
    pub why_not: Option<Notice>,
}

/// Something that can be done now, or cannot.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// What is done, in a few words.
    pub title: String,
    /// Where to do it.
    pub url: String,
    /// As what: the role.
    pub role: String,
    /// It takes two people.
    pub two: bool,
    /// Why it cannot be done now.
    pub why_not: Option<Notice>,
}

/// Acts that belong together.
#[derive(Clone, Debug, Default)]
pub struct ActGroup {
    /// What they are about.
    pub title: String,
    /// Those that can be done.
    pub now: Vec<Act>,
    /// Those that cannot.
    pub not_now: Vec<Act>,
}

/// A piece of a page.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph of plain words.
    Text(String),
    /// A sentence that stands out.
    Notice(Notice),
    /// Names and values.
    Facts(Vec<Fact>),
    /// A table: caption, head, rows.
    Table {
        /// What it shows.
        caption: String,
        /// The names of the columns.
        head: Vec<String>,
        /// One cell for each column.
        rows: Vec<Vec<Cell>>,
    },
    /// Links, as buttons.
    Links(Vec<Link>),
    /// Short words, each in a box.
    Chips(Vec<Chip>),
    /// Messages between officers and source, oldest first.
    Thread(Vec<Bubble>),
    /// Decisions that wait.
    Proposals(Vec<Proposal>),
    /// What can be done.
    Acts(Vec<ActGroup>),
    /// Fields that are sent somewhere.
    Form(Form),
    /// Text as it is, in a box that scrolls.
    Verbatim(String),
    /// A picture from this desk, with its description.
    Picture {
        /// Where it is.
        url: String,
        /// What it is.
        alt: String,
    },
    /// A drawing that this crate's callers made: only numbers and translated words, escaped by [`super::Chart`].
    Drawing(super::Chart),
}

/// A part of a page under its own heading.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its name in the address.
    pub id: String,
    /// The heading above the blocks.
    pub title: String,
    /// What is in it.
    pub blocks: Vec<Block>,
}
