//! What acts ask: the kinds of fields, and the short forms in which the table writes them.

/// The answers that a choice offers, each worded under a prefix and its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choices {
    /// The prefix of the words.
    pub words: &'static str,
    /// The values that may be given, as they stand in forms and on the command line.
    pub values: &'static [&'static str],
}

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// One line of text.
    Line,
    /// Text of any length.
    Text,
    /// One of a few answers.
    Choice(Choices),
    /// A whole number.
    Number,
    /// Floating-point operations, as a whole number.
    Flop,
    /// An amount of money, written as the reader's language writes it.
    Money,
    /// A SHA-256 digest in hexadecimal.
    Digest,
    /// A day, `2026-11-30`.
    Date,
    /// A file of the thread, by its digest.
    File,
    /// A piece of evidence, by its entry.
    Item,
    /// A message of the source, by its entry.
    SourceMessage,
    /// Somebody of the case's team.
    Member,
    /// An officer of the charter who works on cases and is not recused here.
    Colleague,
    /// Another case of the same desk.
    OtherCase,
    /// A regime pack and one of its violation classes: `pack/class`.
    Class,
    /// The inputs of the pinned pack's check, each a field of its own named `in-` and the input's name.
    Inputs,
    /// A bounty policy of the charter.
    Policy,
}

/// One thing that an act asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Field {
    /// Its name: of the form's field, of the program's option, and in the keys of words.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// The act cannot be done without it.
    pub required: bool,
    /// What stands for nothing given.
    pub default: &'static str,
}

pub(super) const fn field(name: &'static str, kind: FieldKind) -> Field {
    Field { name, kind, required: true, default: "" }
}

pub(super) const fn line(name: &'static str) -> Field {
    field(name, FieldKind::Line)
}

pub(super) const fn text(name: &'static str) -> Field {
    field(name, FieldKind::Text)
}

pub(super) const fn choice(name: &'static str, words: &'static str, values: &'static [&'static str]) -> Field {
    field(name, FieldKind::Choice(Choices { words, values }))
}

pub(super) const fn optional(field: Field) -> Field {
    Field { required: false, ..field }
}

pub(super) const fn or(default: &'static str, field: Field) -> Field {
    Field { required: false, default, ..field }
}

pub(super) const fn scale(name: &'static str) -> Field {
    choice(name, "scale", &["0", "1", "2", "3"])
}

pub(super) const fn yes_no(name: &'static str) -> Field {
    choice(name, "answer", &["no", "yes"])
}
