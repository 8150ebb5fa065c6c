use super::{LIST_MAX, RECORD_MAX, VERSION};
use crate::{
    encode_decode,
    encoding::{Codec, DecodeError, List, Reader, Var},
    layout,
    sign::HolderId,
};

/// What kind of object a log leaf stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeafKind {
    /// An envelope on the board.
    Deposit,
    /// A charter version.
    Charter,
    /// A public record of the treasury.
    Record,
    /// A closed epoch's list.
    EpochList,
    /// The head of a case's journal after an entry, for those who hold the case key.
    Decision,
    /// The beginning of an epoch's batch.
    BatchHead,
}

impl LeafKind {
    /// The byte that stands for it in a leaf.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Deposit => 1,
            Self::Charter => 2,
            Self::Record => 3,
            Self::EpochList => 4,
            Self::Decision => 5,
            Self::BatchHead => 6,
        }
    }
}

/// What a public record states.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum RecordKind {
    /// Tokens were evaluated: blinded and evaluated elements with their proof.
    Issuance,
    /// Tokens were redeemed: nullifiers with each issuer's proof.
    Redemption,
    /// Money moved between budget, escrow and payout accounts.
    Ledger,
    /// An officer's salted commitment to a case decision.
    Decision,
    /// An award that two adjudicators ordered.
    Order,
    /// Nullifiers that one issuer will recognise under one context and no other.
    Reservation,
}

impl Codec for RecordKind {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Issuance => 1,
            Self::Redemption => 2,
            Self::Ledger => 3,
            Self::Decision => 4,
            Self::Order => 5,
            Self::Reservation => 6,
        });
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match u8::read(r)? {
            1 => Ok(Self::Issuance),
            2 => Ok(Self::Redemption),
            3 => Ok(Self::Ledger),
            4 => Ok(Self::Decision),
            5 => Ok(Self::Order),
            6 => Ok(Self::Reservation),
            _ => Err(DecodeError::Invalid(r.field())),
        }
    }
}

/// `POST /v1/records`: a signed public statement, JSON inside, kept for ever and committed to the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublicRecord {
    /// What it states.
    pub kind: RecordKind,
    /// Who states it.
    pub signer: HolderId,
    /// The digest of the charter under which it is stated, and by which it is judged for ever.
    pub charter: [u8; 32],
    /// UTF-8 JSON; its members are in `docs/spec/ledger.md`.
    pub body: Var<RECORD_MAX>,
    /// Ed25519 by the signer, domain `subrosa/sig/record/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

impl PublicRecord {
    /// Its version byte; since version 2 a record names its charter.
    pub const VERSION: u8 = 2;
}

layout! { PublicRecord [version Self::VERSION] { kind, signer, charter, body; signature } }

/// A record in a page: its leaf's salt, its leaf's epoch, its own bytes.
pub type ListedRecord = ([u8; 32], u64, Var<{ RECORD_MAX + 128 }>);

/// `GET /v1/records?from=N`: records in order of arrival, each with the salt and epoch of its log leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordPage {
    /// Number of all records.
    pub total: u64,
    /// The first record's number.
    pub from: u64,
    /// The records, in order of arrival.
    pub records: List<ListedRecord, u32, LIST_MAX>,
}

layout! { RecordPage [version VERSION] { total, from, records } }

encode_decode! { PublicRecord, RecordPage }
