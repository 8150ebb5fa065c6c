//! What a rail is: the fields that it asks for, what it refuses, and what it makes of a released redemption.

use std::collections::BTreeMap;

use subrosa_casework::{bytes::Digest, money::Cents};
use thiserror::Error;

/// A way on which money leaves.
///
/// Its words stand in the Fluent files: `rail-<id>` and, for each of its fields, `rail-<id>-<field>` for officers and
/// administrators; the same with `app-` in front for the page on which tokens are redeemed.
pub trait Rail: Send + Sync {
    /// Its name in kebab-case: in instructions, in flags, in the keys of its words.
    fn id(&self) -> &'static str;

    /// What a payee states, in the order in which an instruction holds it.
    fn fields(&self) -> &'static [Field];

    /// What the programme states about itself as the payer. Each name begins with `debtor-`, so that no name stands in
    /// both lists.
    fn debtor(&self) -> &'static [Field];

    /// Whether an instruction can be executed: asked before tokens are spent on it.
    ///
    /// # Errors
    /// The field that this rail does not carry.
    fn check(&self, payout: &Details) -> Result<(), PaymentError>;

    /// What pays a released redemption. The same order gives the same bytes, whenever it is asked for again on the same
    /// day, and the same order id on any day.
    ///
    /// # Errors
    /// What cannot be paid; nothing is released then.
    fn payment(&self, order: &PaymentOrder<'_>) -> Result<Payment, PaymentError>;
}

/// One thing that a rail asks for.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in kebab-case: in instructions, in forms, as a flag.
    pub name: &'static str,
    /// Whether it may be left out.
    pub required: bool,
    /// How what is typed is read.
    pub kind: FieldKind,
    /// Something that could stand in it.
    pub example: &'static str,
    /// What stands in it until somebody writes something else.
    pub preset: Option<&'static str>,
}

/// How a field's text is read. What a rail refuses beyond that is told by [`Rail::check`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Words, at most so many characters; spaces at both ends do not count.
    Text(usize),
    /// An IBAN, a country: at most so many capitals and digits. Small letters become capitals, spaces do not count.
    Code(usize),
}

impl FieldKind {
    /// How many characters fit.
    pub fn max(self) -> usize {
        match self {
            Self::Text(max) | Self::Code(max) => max,
        }
    }

    /// What was typed, as it is sent.
    fn read(self, typed: &str) -> String {
        match self {
            Self::Text(_) => typed.trim().to_owned(),
            Self::Code(_) => typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect(),
        }
    }
}

/// What was filled into a rail's fields.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    fields: &'static [Field],
    /// One for each field.
    values: Vec<Option<String>>,
}

impl core::fmt::Debug for Details {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Details([redacted])")
    }
}

impl Details {
    /// Reads what a person typed. A field that nobody filled in takes its preset.
    ///
    /// # Errors
    /// The first required field without anything in it.
    pub fn typed(
        fields: &'static [Field],
        mut typed: impl FnMut(&'static Field) -> Option<String>,
    ) -> Result<Self, PaymentError> {
        let mut values = Vec::with_capacity(fields.len());
        for field in fields {
            let text = typed(field).map(|t| field.kind.read(&t)).filter(|t| !t.is_empty());
            let text = text.or_else(|| field.preset.map(ToOwned::to_owned));
            if field.required && text.is_none() {
                return Err(PaymentError::Missing(field.name));
            }
            values.push(text);
        }
        Ok(Self { fields, values })
    }

    /// Takes members as they were received; nothing, if a required one is missing or one is not asked for.
    pub(crate) fn received(fields: &'static [Field], mut members: BTreeMap<String, Option<String>>) -> Option<Self> {
        let values: Vec<Option<String>> = fields.iter().map(|f| members.remove(f.name).flatten()).collect();
        let whole = fields.iter().zip(&values).all(|(f, v)| v.is_some() || !f.required);
        (members.is_empty() && whole).then_some(Self { fields, values })
    }

    /// What stands in each field, by the field's name.
    pub(crate) fn members(&self) -> BTreeMap<String, Option<String>> {
        self.iter().map(|(field, text)| (field.name.to_owned(), text.map(ToOwned::to_owned))).collect()
    }

    /// Every field with what stands in it.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Field, Option<&str>)> {
        self.fields.iter().zip(self.values.iter().map(Option::as_deref))
    }

    /// What stands in a field, if there is such a field and anything stands in it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(f, _)| f.name == name).and_then(|(_, text)| text)
    }

    /// What stands in a field that this rail cannot do without.
    pub(super) fn need(&self, name: &'static str) -> Result<&str, PaymentError> {
        self.get(name).ok_or(PaymentError::Missing(name))
    }
}

/// A released redemption, as a rail needs it.
#[derive(Debug)]
pub struct PaymentOrder<'a> {
    /// What the payee stated.
    pub payout: &'a Details,
    /// What the programme stated about itself.
    pub debtor: &'a Details,
    /// How much, in euro cents.
    pub amount: Cents,
    /// The order's name: a bank does not execute the same one twice.
    pub id: &'a [u8; 16],
    /// The redemption's public name.
    pub redemption: &'a Digest,
    /// When the payment is made, in Unix seconds.
    pub now: u64,
}

impl PaymentOrder<'_> {
    /// `payment-<beginning of the redemption's name>`: what a file is called, without its ending.
    pub fn stem(&self) -> String {
        let name: String = self.redemption.to_string().chars().take(16).collect();
        format!("payment-{name}")
    }
}

/// What pays an order. A rail that is called instead of being handed a file gets a variant of its own, so that every
/// caller has to say what it does with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payment {
    /// A file for whoever executes it.
    File(PaymentFile),
}

/// A file that is handed over once.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentFile {
    /// What it is called.
    pub name: String,
    /// Its media type, such as `application/xml`.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for PaymentFile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PaymentFile({}, [redacted])", self.media_type)
    }
}

/// Why an order cannot be paid. Each names a field as its rail does.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PaymentError {
    /// Nothing stands in a required field.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// The check digits do not fit.
    #[error("`{0}` is not a valid IBAN")]
    Iban(&'static str),
    /// Outside the rail's character set, or too long.
    #[error("`{0}` cannot be written into a payment; use plain Latin letters, digits and / - ? : ( ) . , ' +")]
    Text(&'static str),
    /// No money, or more than a single payment may carry.
    #[error("the amount is out of range")]
    Amount,
    /// The clock shows a time that no calendar has.
    #[error("the date cannot be written")]
    Date,
}

impl PaymentError {
    /// The field to look at, if it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(field) | Self::Iban(field) | Self::Text(field) => Some(field),
            Self::Amount | Self::Date => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const FIELDS: &[Field] = &[
        Field { name: "who", required: true, kind: FieldKind::Text(9), example: "Ada", preset: None },
        Field { name: "code", required: false, kind: FieldKind::Code(9), example: "A1", preset: None },
        Field { name: "note", required: true, kind: FieldKind::Text(9), example: "x", preset: Some("none") },
    ];

    #[test]
    fn what_is_typed_is_read_by_its_kind() {
        let typed = |who: &'static str| {
            Details::typed(FIELDS, |f| match f.name {
                "who" => Some(who.to_owned()),
                "code" => Some("de 02\u{a0}x".into()),
                _ => None,
            })
        };
        let read = typed(" A da ").unwrap();
        assert_eq!(read.iter().map(|(_, t)| t.unwrap()).collect::<Vec<_>>(), ["A da", "DE02X", "none"]);
        assert_eq!(read.get("elsewhere"), None);
        assert_eq!(typed(" ").unwrap_err(), PaymentError::Missing("who"));
        assert_eq!(typed(" ").unwrap_err().field(), Some("who"));
    }
}
