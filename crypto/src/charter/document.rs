use core::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    delivery::ScanPublic,
    log::{NoteKey, NoteKeyError},
    seal::SealRecipient,
    sign::{HolderId, VerifyingKey},
    token::{IssuerIndex, KeysetEntry},
};

/// The charter's text before anybody has checked it: what a programme's founder fills in and signs with
/// [`CharterDocument::sign`]. Its members, in this order, are the JSON document's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharterDocument {
    /// The version of this document's form: 2 and nothing else.
    pub format: Format,
    /// 1, 2, 3 and so on, without gaps.
    pub version: u64,
    /// The programme's permanent name: lower-case letters, digits and `.-_/`, at most 64. It separates all keys.
    pub programme_id: String,
    /// The programme's name for people.
    pub programme: String,
    /// What the programme tells sources before they begin.
    pub notice: String,
    /// [`crate::log::charter_digest`] of the version before; all zero in version 1.
    #[serde(with = "crate::encoding_hex")]
    pub previous: [u8; 32],
    /// When it was signed: unix seconds.
    pub issued: u64,
    /// From when on clients refuse it: unix seconds.
    pub expires: u64,
    /// How long an epoch of the board is open: seconds.
    pub epoch_seconds: u64,
    /// The log that everything is committed to.
    pub log: LogEntry,
    /// Keys of witnesses that cosign the log, `name+id+key`.
    pub witnesses: Vec<NoteKeyText>,
    /// Where the server can be reached: `http://….onion`, `https://…`, most wanted first.
    pub addresses: Vec<String>,
    /// The case officers whom the charter names.
    pub officers: Vec<Officer>,
    /// Bounty administrators, in the order of their numbers.
    pub administrators: Vec<Administrator>,
    /// How many administrators must state a movement of money, and recognise a token of the newest keyset.
    pub threshold: u8,
    /// The highest number that an administrator ever had: whoever is new gets a higher one.
    pub last_number: u8,
    /// Who signs tokens, period after period: the last one signs now, those before it are still honoured. What tokens
    /// there are stands in it.
    pub keysets: Vec<KeysetEntry>,
    /// Digests of the policies that hold, so that none can be changed in silence.
    pub policies: Vec<PolicyDigest>,
}

/// The number 2, which says how a charter's document is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Format;

impl TryFrom<u64> for Format {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        if number == 2 { Ok(Self) } else { Err(format!("a charter of format {number} is not known here")) }
    }
}

impl From<Format> for u64 {
    fn from(_: Format) -> Self {
        2
    }
}

/// The log's name and key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The checkpoints' origin line: `<programme_id>/log`.
    pub origin: String,
    /// The key that signs checkpoints and receipts, under the origin's name.
    pub key: NoteKeyText,
}

/// What a case officer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Receives new tips.
    Intake,
    /// Sorts the tips that came in.
    Triager,
    /// Investigates a case that was taken up.
    Investigator,
    /// Decides, together with another one.
    Adjudicator,
}

/// The public keys of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolderKeys {
    /// Signatures: Ed25519, in hexadecimal.
    pub sign: VerifyingKey,
    /// Olm identity: Curve25519, in hexadecimal.
    #[serde(with = "crate::encoding_hex")]
    pub olm: [u8; 32],
    /// Delivery: ristretto255, in hexadecimal.
    #[serde(with = "crate::encoding_hex")]
    pub scan: [u8; 32],
    /// Wrapping keys and boxes: X-Wing, in base64.
    #[serde(with = "wrap_base64")]
    pub wrap: SealRecipient,
}

impl HolderKeys {
    /// By which wire formats refer to this person.
    pub fn holder_id(&self) -> HolderId {
        self.sign.holder_id()
    }

    /// The scan key.
    pub fn scan_public(&self) -> ScanPublic {
        ScanPublic(self.scan)
    }
}

/// A case officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// The name that sources and colleagues see.
    pub name: String,
    /// What this person may do: ascending in the order intake, triager, investigator, adjudicator.
    pub roles: Vec<Role>,
    /// The person's keys.
    pub keys: HolderKeys,
}

/// A bounty administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Administrator {
    /// The name that sources and colleagues see.
    pub name: String,
    /// The person's number: 1 or more, and nobody else's ever.
    pub index: IssuerIndex,
    /// The person's keys.
    pub keys: HolderKeys,
}

/// A policy by name and content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDigest {
    /// Which policy the file is: its name within the programme.
    pub name: String,
    /// SHA-256 of the policy's file, in hexadecimal.
    #[serde(with = "crate::encoding_hex")]
    pub sha256: [u8; 32],
}

/// A [`NoteKey`] in its text form `name+id+key`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NoteKeyText(pub NoteKey);

impl TryFrom<String> for NoteKeyText {
    type Error = NoteKeyError;

    fn try_from(text: String) -> Result<Self, NoteKeyError> {
        NoteKey::parse(&text).map(Self)
    }
}

impl From<NoteKeyText> for String {
    fn from(key: NoteKeyText) -> Self {
        key.0.to_string()
    }
}

impl fmt::Debug for NoteKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

mod wrap_base64 {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use crate::seal::SealRecipient;

    pub(super) fn serialize<S: Serializer>(key: &SealRecipient, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&BASE64_STANDARD.encode(key.0.as_slice()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<SealRecipient, D::Error> {
        let bytes = BASE64_STANDARD.decode(String::deserialize(d)?).map_err(|_| D::Error::custom("expected base64"))?;
        SealRecipient::from_slice(&bytes).map_err(|_| D::Error::custom("expected an X-Wing public key"))
    }
}
