use super::{RECORD_MAX, SPEND_MAX, VERSION};
use crate::{
    encoding::{DecodeError, Reader, put_var},
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
    /// An officer's salted commitment to a case decision.
    Decision,
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
}

impl RecordKind {
    fn to_byte(self) -> u8 {
        match self {
            Self::Issuance => 1,
            Self::Redemption => 2,
            Self::Ledger => 3,
            Self::Decision => 4,
        }
    }

    fn from_byte(b: u8) -> Result<Self, DecodeError> {
        match b {
            1 => Ok(Self::Issuance),
            2 => Ok(Self::Redemption),
            3 => Ok(Self::Ledger),
            4 => Ok(Self::Decision),
            _ => Err(DecodeError::Invalid("kind")),
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
    /// UTF-8 JSON; its members are in `docs/spec/ledger.md`.
    pub body: Vec<u8>,
    /// Ed25519 by the signer, domain `subrosa/sig/record/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

impl PublicRecord {
    /// The bytes that the signature covers.
    pub fn signed_part(&self) -> Vec<u8> {
        let mut out = vec![VERSION, self.kind.to_byte()];
        out.extend_from_slice(&self.signer.0);
        put_var(&mut out, &self.body);
        out
    }

    /// The record's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.signed_part();
        out.extend_from_slice(&self.signature);
        out
    }

    /// Reads a record.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let kind = RecordKind::from_byte(r.u8("kind")?)?;
        let signer = HolderId(r.array("signer")?);
        let body = r.var(RECORD_MAX, "body")?.to_vec();
        let signature = r.array("signature")?;
        r.end()?;
        Ok(Self { kind, signer, body, signature })
    }
}

/// `GET /v1/records?from=N`: records in order of arrival, each with the salt and epoch of its log leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordPage {
    /// Number of all records.
    pub total: u64,
    /// The first record's number.
    pub from: u64,
    /// `(salt, epoch, encoded record)`.
    pub records: Vec<([u8; 32], u64, Vec<u8>)>,
}

impl RecordPage {
    /// The answer's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.total.to_be_bytes());
        out.extend_from_slice(&self.from.to_be_bytes());
        out.extend_from_slice(&u32::try_from(self.records.len()).unwrap_or(u32::MAX).to_be_bytes());
        for (salt, epoch, bytes) in &self.records {
            out.extend_from_slice(salt);
            out.extend_from_slice(&epoch.to_be_bytes());
            put_var(&mut out, bytes);
        }
        out
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let total = r.u64("total")?;
        let from = r.u64("from")?;
        let count = r.u32("count")?;
        let mut records = Vec::new();
        for _ in 0..count {
            let salt = r.array("salt")?;
            let epoch = r.u64("epoch")?;
            records.push((salt, epoch, r.var(RECORD_MAX + 128, "record")?.to_vec()));
        }
        r.end()?;
        Ok(Self { total, from, records })
    }
}

/// `POST /v1/spend`: marks nullifiers as spent, all or none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpendRequest {
    /// The administrator who asks.
    pub signer: HolderId,
    /// What they are spent for: the labelled digest of the redemption. The same context again is answered as the first
    /// time.
    pub context: [u8; 32],
    /// The nullifiers.
    pub nullifiers: Vec<[u8; 32]>,
    /// Ed25519 by the signer, domain `subrosa/sig/spend/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

impl SpendRequest {
    /// The bytes that the signature covers.
    pub fn signed_part(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.signer.0);
        out.extend_from_slice(&self.context);
        out.extend_from_slice(&u16::try_from(self.nullifiers.len()).unwrap_or(u16::MAX).to_be_bytes());
        for n in &self.nullifiers {
            out.extend_from_slice(n);
        }
        out
    }

    /// The request's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.signed_part();
        out.extend_from_slice(&self.signature);
        out
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let signer = HolderId(r.array("signer")?);
        let context = r.array("context")?;
        let count = usize::from(r.u16("count")?);
        if count == 0 || count > SPEND_MAX {
            return Err(DecodeError::Invalid("count"));
        }
        let mut nullifiers = Vec::with_capacity(count);
        for _ in 0..count {
            nullifiers.push(r.array("nullifier")?);
        }
        let signature = r.array("signature")?;
        r.end()?;
        Ok(Self { signer, context, nullifiers, signature })
    }
}

/// The answer to a spend: for each nullifier the context under which it is now spent. 200 when all are this request's,
/// 409 otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpendResponse {
    /// One context per nullifier, in the request's order; all zero where it is still unspent because another one
    /// stopped the request.
    pub contexts: Vec<[u8; 32]>,
}

impl SpendResponse {
    /// `version || count || contexts`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&u16::try_from(self.contexts.len()).unwrap_or(u16::MAX).to_be_bytes());
        for c in &self.contexts {
            out.extend_from_slice(c);
        }
        out
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let count = usize::from(r.u16("count")?);
        let mut contexts = Vec::with_capacity(count.min(SPEND_MAX));
        for _ in 0..count {
            contexts.push(r.array("context")?);
        }
        r.end()?;
        Ok(Self { contexts })
    }
}
