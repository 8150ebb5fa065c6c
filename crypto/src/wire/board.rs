use super::{BLOCK_EPOCHS, ENVELOPE_LEN, LIST_MAX, PARCEL_COUNT, VERSION};
use crate::{
    encode_decode,
    encoding::{Codec, DecodeError, List, Reader},
    kdf, layout,
};

/// A listed envelope's name: 16 bytes that look random.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tag(pub [u8; 16]);

layout! { Tag(_) }

/// A delivery hint: an encoded ristretto255 element (RFC 9496).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hint(pub [u8; 32]);

layout! { Hint(_) }

/// The labelled digest of a capability; the server stores this and never the capability itself until it is used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CapHash(pub [u8; 32]);

layout! { CapHash(_) }

/// One envelope on its way to the board.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its name in the list.
    pub tag: Tag,
    /// What a receiver without a session scans for.
    pub hint: Hint,
    /// Who may take and discard it: whoever knows the preimage.
    pub cap_hash: CapHash,
    /// The sealed body: exactly [`ENVELOPE_LEN`] bytes.
    pub body: Box<[u8; ENVELOPE_LEN]>,
}

impl Envelope {
    /// Encoded length in bytes.
    pub const LEN: usize = 16 + 32 + 32 + ENVELOPE_LEN;

    /// What stands for all its bytes, in a log leaf and under a proof of work (`docs/spec/log.md`).
    pub fn digest(&self) -> [u8; 32] {
        let body = kdf::sha256(self.body.as_slice());
        kdf::digest("subrosa/envelope/v1", &[&self.tag.0, &self.hint.0, &self.cap_hash.0, &body])
    }
}

layout! { Envelope { tag, hint, cap_hash, body } }

impl core::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Envelope({})", hex::encode(self.tag.0))
    }
}

/// The proof of work in front of a deposit, a request for keys, a blob or a journal entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Work {
    /// The log's size in the checkpoint whose challenge was used: leaves.
    pub log_size: u64,
    /// The nonce that was found.
    pub nonce: u64,
}

impl Work {
    /// Encoded length in bytes.
    pub const LEN: usize = 16;
}

layout! { Work { log_size, nonce } }

/// `POST /v1/deposit`: one parcel of [`PARCEL_COUNT`] envelopes, 131,409 bytes whatever it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DepositRequest {
    /// Paid over [`DepositRequest::work_payload`].
    pub work: Work,
    /// The envelopes, in an order that says nothing.
    pub envelopes: [Envelope; PARCEL_COUNT],
}

impl DepositRequest {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + Work::LEN + PARCEL_COUNT * Envelope::LEN;
    /// Its version byte; since version 2 the work covers digests.
    pub const VERSION: u8 = 2;

    /// What the proof of work covers: the envelopes' digests ([`Envelope::digest`]), one behind the other. They stand
    /// for every byte, and both sides need them for the receipts anyway.
    pub fn work_payload(envelopes: &[Envelope; PARCEL_COUNT]) -> Vec<u8> {
        envelopes.each_ref().map(Envelope::digest).concat()
    }
}

layout! { DepositRequest [version Self::VERSION] { work, envelopes } }

/// The server's signed promise that a deposit's leaf will be in the log when `epoch` closes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Makes the leaf unguessable to whoever knows the deposit.
    pub salt: [u8; 32],
    /// The epoch in whose list and log batch the deposit will stand.
    pub epoch: u64,
    /// Ed25519 by the log key, domain `subrosa/sig/receipt/v1`, over `leaf || epoch`.
    pub signature: [u8; 64],
}

impl Receipt {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 32 + 8 + 64;
}

layout! { Receipt [version VERSION] { salt, epoch, signature } }

/// The answer to a deposit: one receipt for each envelope, in the request's order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DepositResponse {
    /// One receipt for each envelope of the request.
    pub receipts: [Receipt; PARCEL_COUNT],
}

impl DepositResponse {
    /// Encoded length in bytes.
    pub const LEN: usize = PARCEL_COUNT * Receipt::LEN;
}

layout! { DepositResponse { receipts } }

/// `POST /v1/take`, `/v1/discard`, `/v1/blob/take`, `/v1/blob/discard`: the capability, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CapRequest {
    /// The capability; its labelled digest is the stored [`CapHash`].
    pub capability: [u8; 32],
}

impl CapRequest {
    /// Encoded length in bytes.
    pub const LEN: usize = 33;
}

layout! { CapRequest [version VERSION] { capability } }

impl core::fmt::Debug for CapRequest {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CapRequest([redacted])")
    }
}

/// A closed epoch's list: rows sorted by tag, padded with rows that only look real. `GET /v1/epoch/{n}/tags` serves
/// [`EpochList::encode_tags`], `GET /v1/epoch/{n}/hints` serves [`EpochList::encode_hints`]; both are immutable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EpochList {
    /// The epoch that was closed.
    pub epoch: u64,
    /// The rows, strictly ascending by tag.
    pub rows: List<(Tag, Hint), u32, LIST_MAX>,
}

impl EpochList {
    /// Bytes before the first row of either file.
    pub const HEADER_LEN: usize = 1 + 8 + 4;

    /// `version || epoch || count || tags`.
    pub fn encode_tags(&self) -> Vec<u8> {
        let mut out = self.header();
        self.rows.iter().for_each(|(tag, _)| tag.write(&mut out));
        out
    }

    /// `version || epoch || count || hints`.
    pub fn encode_hints(&self) -> Vec<u8> {
        let mut out = self.header();
        self.rows.iter().for_each(|(_, hint)| hint.write(&mut out));
        out
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::HEADER_LEN + self.rows.len() * 32);
        out.push(VERSION);
        self.epoch.write(&mut out);
        self.rows.count().write(&mut out);
        out
    }

    /// Reads the tags of `epoch`; refuses a list that is not strictly ascending (a server that reorders or repeats
    /// rows).
    pub fn decode_tags(epoch: u64, bytes: &[u8]) -> Result<Vec<Tag>, DecodeError> {
        let tags: Vec<Tag> = Self::decode_rows::<16>(epoch, bytes)?.into_iter().map(Tag).collect();
        if tags.windows(2).any(|w| matches!(w, [a, b] if a >= b)) {
            return Err(DecodeError::Invalid("order of tags"));
        }
        Ok(tags)
    }

    /// Reads the hints of `epoch`, in the order of its tags.
    pub fn decode_hints(epoch: u64, bytes: &[u8]) -> Result<Vec<Hint>, DecodeError> {
        Ok(Self::decode_rows::<32>(epoch, bytes)?.into_iter().map(Hint).collect())
    }

    /// SHA-256 of an epoch's tags file, whose tags were read by [`Self::decode_tags`]: only one file reads as they do.
    pub fn tags_sha256(epoch: u64, tags: &[Tag]) -> [u8; 32] {
        Self::file_sha256(epoch, tags)
    }

    /// As [`Self::tags_sha256`], for the hints file.
    pub fn hints_sha256(epoch: u64, hints: &[Hint]) -> [u8; 32] {
        Self::file_sha256(epoch, hints)
    }

    fn file_sha256<R: Codec>(epoch: u64, rows: &[R]) -> [u8; 32] {
        let mut file = Vec::with_capacity(Self::HEADER_LEN + rows.len() * 32);
        file.push(VERSION);
        epoch.write(&mut file);
        u32::try_from(rows.len()).unwrap_or(u32::MAX).write(&mut file);
        rows.iter().for_each(|row| row.write(&mut file));
        kdf::sha256(&file)
    }

    /// Reads `GET /v1/block/{n}/tags`: the tag files of [`BLOCK_EPOCHS`] epochs from `64·n` on, one behind the other.
    pub fn decode_tag_block(block: u64, bytes: &[u8]) -> Result<Vec<(u64, Vec<Tag>)>, DecodeError> {
        Self::split_block::<16>(block, bytes)?.into_iter().map(|(e, f)| Ok((e, Self::decode_tags(e, f)?))).collect()
    }

    /// Reads `GET /v1/block/{n}/hints`.
    pub fn decode_hint_block(block: u64, bytes: &[u8]) -> Result<Vec<(u64, Vec<Hint>)>, DecodeError> {
        Self::split_block::<32>(block, bytes)?.into_iter().map(|(e, f)| Ok((e, Self::decode_hints(e, f)?))).collect()
    }

    fn split_block<const N: usize>(block: u64, mut bytes: &[u8]) -> Result<Vec<(u64, &[u8])>, DecodeError> {
        let first = block.checked_mul(BLOCK_EPOCHS).ok_or(DecodeError::Invalid("block"))?;
        let mut files = Vec::new();
        for epoch in first..first.saturating_add(BLOCK_EPOCHS) {
            let mut r = Reader::new(bytes);
            r.bytes(Self::HEADER_LEN - 4, "header")?;
            let rows = Self::read_count::<N>(&mut r)?;
            r.bytes(rows, "row")?;
            let (file, rest) = bytes.split_at_checked(Self::HEADER_LEN + rows).ok_or(DecodeError::Short("row"))?;
            files.push((epoch, file));
            bytes = rest;
        }
        if bytes.is_empty() { Ok(files) } else { Err(DecodeError::Trailing(bytes.len())) }
    }

    /// Reads the number of rows; answers how many bytes they take.
    fn read_count<const N: usize>(r: &mut Reader<'_>) -> Result<usize, DecodeError> {
        let count = usize::try_from(r.u32("count")?).map_err(|_| DecodeError::TooLong("count"))?;
        count.checked_mul(N).filter(|n| *n <= usize::MAX - Self::HEADER_LEN).ok_or(DecodeError::TooLong("count"))
    }

    fn decode_rows<const N: usize>(epoch: u64, bytes: &[u8]) -> Result<Vec<[u8; N]>, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        if r.u64("epoch")? != epoch {
            return Err(DecodeError::Invalid("epoch"));
        }
        let len = Self::read_count::<N>(&mut r).map_err(|_| DecodeError::Invalid("count"))?;
        let (rows, rest) = r.rest().as_chunks::<N>();
        if rows.as_flattened().len() != len || !rest.is_empty() {
            return Err(DecodeError::Invalid("count"));
        }
        Ok(rows.to_vec())
    }
}

encode_decode! { Envelope, DepositRequest, DepositResponse, Receipt, CapRequest }

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn a_block_is_its_epochs_and_nothing_else() {
        let list = |epoch: u64| EpochList {
            epoch,
            rows: (0..(epoch % 3) as u8).map(|i| (Tag([i; 16]), Hint([i; 32]))).collect::<Vec<_>>().try_into().unwrap(),
        };
        let lists: Vec<EpochList> = (128..192).map(list).collect();
        let tags: Vec<u8> = lists.iter().flat_map(EpochList::encode_tags).collect();
        let hints: Vec<u8> = lists.iter().flat_map(EpochList::encode_hints).collect();
        let (t, h) = (EpochList::decode_tag_block(2, &tags).unwrap(), EpochList::decode_hint_block(2, &hints).unwrap());
        assert_eq!((t.len(), h.len()), (64, 64));
        assert_eq!((t[2].0, t[2].1.len(), h[2].1.len()), (130, 1, 1));
        assert_eq!(EpochList::tags_sha256(130, &t[2].1), kdf::sha256(&lists[2].encode_tags()));
        assert_eq!(EpochList::hints_sha256(130, &h[2].1), kdf::sha256(&lists[2].encode_hints()));
        assert_eq!(EpochList::decode_tag_block(3, &tags).unwrap_err(), DecodeError::Invalid("epoch"));
        assert!(EpochList::decode_tag_block(2, &tags[..tags.len() - 1]).is_err());
        assert_eq!(EpochList::decode_tag_block(2, &[tags, vec![0]].concat()).unwrap_err(), DecodeError::Trailing(1));
    }
}
