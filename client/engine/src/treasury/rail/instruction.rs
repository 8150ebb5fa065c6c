//! A payout instruction: a rail, and what the payee stated for it.
//!
//! Spec: `docs/spec/messages.md`, section 6.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap as _,
};

use super::{Details, PaymentError, Rail, of};

/// The member that holds the rail's id.
pub(super) const RAIL: &str = "rail";

/// The rail whose instructions hold no id. A program that knows this rail alone refuses all others by that member.
const UNNAMED: &str = "sepa";

/// Where the money goes, and on which rail.
#[derive(Clone)]
pub struct PayoutInstruction {
    rail: &'static dyn Rail,
    details: Details,
}

impl PayoutInstruction {
    /// Reads what a person typed, and asks the rail whether it carries it.
    ///
    /// # Errors
    /// What is missing, or what the rail refuses.
    pub fn typed(
        rail: &'static dyn Rail,
        typed: impl FnMut(&'static super::Field) -> Option<String>,
    ) -> Result<Self, PaymentError> {
        let instruction = Self { rail, details: Details::typed(rail.fields(), typed)? };
        instruction.check()?;
        Ok(instruction)
    }

    /// The rail that carries it.
    pub fn rail(&self) -> &'static dyn Rail {
        self.rail
    }

    /// What the payee stated.
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// Whether its rail can execute it: asked before tokens are spent on it.
    ///
    /// # Errors
    /// What the rail refuses.
    pub fn check(&self) -> Result<(), PaymentError> {
        self.rail.check(&self.details)
    }
}

impl PartialEq for PayoutInstruction {
    fn eq(&self, other: &Self) -> bool {
        self.rail.id() == other.rail.id() && self.details == other.details
    }
}

impl Eq for PayoutInstruction {}

impl core::fmt::Debug for PayoutInstruction {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PayoutInstruction([redacted])")
    }
}

impl Serialize for PayoutInstruction {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let named = self.rail.id() != UNNAMED;
        let members = self.rail.fields().len().saturating_add(usize::from(named));
        let mut map = s.serialize_map(Some(members))?;
        if named {
            map.serialize_entry(RAIL, self.rail.id())?;
        }
        for (field, text) in self.details.iter() {
            map.serialize_entry(field.name, &text)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for PayoutInstruction {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = PayoutInstruction;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("a payout instruction")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PayoutInstruction, A::Error> {
        let mut members: BTreeMap<String, Option<String>> = BTreeMap::new();
        while let Some((name, text)) = map.next_entry()? {
            if members.insert(name, text).is_some() {
                return Err(A::Error::custom("a member stands there twice"));
            }
        }
        let rail = match members.remove(RAIL) {
            None => of(UNNAMED),
            Some(Some(id)) if id != UNNAMED => of(&id),
            Some(_) => return Err(A::Error::custom("this rail is never named")),
        };
        let rail = rail.ok_or_else(|| A::Error::custom("a rail that this program does not know"))?;
        let details = Details::received(rail.fields(), members);
        let details = details.ok_or_else(|| A::Error::custom("not the members of this rail"))?;
        Ok(PayoutInstruction { rail, details })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
    use ciborium::Value;

    use super::{
        super::{Field, FieldKind, Payment, PaymentOrder, RAILS, pain001::Sepa},
        *,
    };

    type Pairs = Vec<(Value, Value)>;

    fn member(name: &str, text: &str) -> (Value, Value) {
        (Value::Text(name.into()), Value::Text(text.into()))
    }

    fn read(members: &[(Value, Value)]) -> Option<PayoutInstruction> {
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Map(members.to_vec()), &mut bytes).unwrap();
        ciborium::from_reader(bytes.as_slice()).ok()
    }

    fn sepa() -> Pairs {
        let payout = PayoutInstruction::typed(&Sepa, |f| Some(f.example.to_owned())).unwrap();
        let mut bytes = Vec::new();
        ciborium::into_writer(&payout, &mut bytes).unwrap();
        let Value::Map(members) = ciborium::from_reader(bytes.as_slice()).unwrap() else { panic!("a map") };
        members
    }

    #[test]
    fn sepa_is_the_rail_without_a_name() {
        let names: Vec<String> = sepa().iter().map(|(k, _)| k.as_text().unwrap().to_owned()).collect();
        assert_eq!(names, ["payee", "iban", "bic", "country", "town", "reference"]);
        assert_eq!(read(&sepa()).unwrap().rail().id(), "sepa");
        let mut without = sepa();
        without.remove(2);
        let read = read(&without).unwrap();
        assert_eq!(read.details().get("bic"), None, "a missing optional member is null");
    }

    #[test]
    fn a_rail_that_is_not_known_or_not_whole_is_refused() {
        let with = |change: &dyn Fn(&mut Pairs)| {
            let mut members = sepa();
            change(&mut members);
            read(&members)
        };
        assert!(with(&|_| ()).is_some());
        assert!(with(&|m| m.insert(0, member("rail", "carrier-pigeon"))).is_none(), "an unknown rail");
        assert!(with(&|m| m.insert(0, member("rail", "sepa"))).is_none(), "one instruction has one encoding");
        assert!(with(&|m| m.insert(0, (Value::Text("rail".into()), Value::Null))).is_none(), "no name");
        assert!(with(&|m| m.push(member("note", "x"))).is_none(), "an unknown member");
        assert!(with(&|m| m.push(member("payee", "x"))).is_none(), "a member twice");
        assert!(with(&|m| drop(m.remove(1))).is_none(), "a required member is missing");
        assert!(with(&|m| m[1].1 = Value::Null).is_none(), "a required member is null");
        assert!(with(&|m| m[1].1 = Value::Bytes(vec![1])).is_none(), "bytes where text belongs");
    }

    #[test]
    fn every_rail_reads_what_it_wrote() {
        for rail in RAILS {
            let payout = PayoutInstruction::typed(*rail, |f| Some(f.example.to_owned())).unwrap();
            let mut bytes = Vec::new();
            ciborium::into_writer(&payout, &mut bytes).unwrap();
            let read: PayoutInstruction = ciborium::from_reader(bytes.as_slice()).unwrap();
            assert_eq!(read, payout, "{}", rail.id());
        }
    }

    /// A rail that this program does not have.
    struct Later;

    impl Rail for Later {
        fn id(&self) -> &'static str {
            "later"
        }

        fn fields(&self) -> &'static [Field] {
            const { &[Field { name: "payee", required: true, kind: FieldKind::Text(9), example: "Ada", preset: None }] }
        }

        fn debtor(&self) -> &'static [Field] {
            &[]
        }

        fn check(&self, _: &Details) -> Result<(), PaymentError> {
            Ok(())
        }

        fn payment(&self, _: &PaymentOrder<'_>) -> Result<Payment, PaymentError> {
            Err(PaymentError::Amount)
        }
    }

    #[test]
    fn another_rail_names_itself_first_and_is_refused_by_who_does_not_know_it() {
        let payout = PayoutInstruction::typed(&Later, |_| Some("Ada".into())).unwrap();
        let mut bytes = Vec::new();
        ciborium::into_writer(&payout, &mut bytes).unwrap();
        let Value::Map(members) = ciborium::from_reader(bytes.as_slice()).unwrap() else { panic!("a map") };
        assert_eq!(members, [member("rail", "later"), member("payee", "Ada")]);
        let refused = ciborium::from_reader::<PayoutInstruction, _>(bytes.as_slice()).unwrap_err();
        assert!(refused.to_string().contains("a rail that this program does not know"), "{refused}");
    }
}
