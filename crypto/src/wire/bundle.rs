use super::{BUNDLE_PUBLISH_MAX, BUNDLE_SLOTS, VERSION, Work};
use crate::{
    encoding::{DecodeError, Reader},
    sign::HolderId,
};

/// How a bundle may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BundleKind {
    /// Handed to one asker only.
    OneTime,
    /// Handed out when no one-time bundle is left: weaker until it is rotated.
    Fallback,
}

impl BundleKind {
    fn to_byte(self) -> u8 {
        match self {
            Self::OneTime => 1,
            Self::Fallback => 2,
        }
    }

    fn from_byte(b: u8) -> Result<Self, DecodeError> {
        match b {
            1 => Ok(Self::OneTime),
            2 => Ok(Self::Fallback),
            _ => Err(DecodeError::Invalid("kind")),
        }
    }
}

/// Keys for first contact with one holder, signed by that holder. Unverified: see `crypto::bundle`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bundle {
    /// Whose keys these are.
    pub holder: HolderId,
    /// One-time or fallback.
    pub kind: BundleKind,
    /// Random name, by which the holder finds the private halves.
    pub id: [u8; 16],
    /// Olm one-time (or fallback) key: Curve25519.
    pub olm: [u8; 32],
    /// X-Wing public key.
    pub xwing: Box<[u8; 1216]>,
    /// Unix seconds after which senders refuse it.
    pub expires: u64,
    /// Ed25519 by the holder, domain `subrosa/sig/bundle/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

impl Bundle {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 16 + 1 + 16 + 32 + 1216 + 8 + 64;

    /// The bytes that the signature covers.
    pub fn signed_part(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.push(VERSION);
        out.extend_from_slice(&self.holder.0);
        out.push(self.kind.to_byte());
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&self.olm);
        out.extend_from_slice(self.xwing.as_slice());
        out.extend_from_slice(&self.expires.to_be_bytes());
        out
    }

    /// `signed part || signature`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.signed_part();
        out.extend_from_slice(&self.signature);
        out
    }

    /// Reads one bundle of exactly [`Bundle::LEN`] bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let holder = HolderId(r.array("holder")?);
        let kind = BundleKind::from_byte(r.u8("kind")?)?;
        let id = r.array("id")?;
        let olm = r.array("olm")?;
        let xwing = Box::new(r.array("xwing")?);
        let expires = r.u64("expires")?;
        let signature = r.array("signature")?;
        r.end()?;
        Ok(Self { holder, kind, id, olm, xwing, expires, signature })
    }
}

/// `POST /v1/bundles`: asks for one bundle of each of up to [`BUNDLE_SLOTS`] holders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleRequest {
    /// Paid over [`BundleRequest::work_payload`].
    pub work: Work,
    /// Random; a second request with the same id is refused while its challenge lives.
    pub request_id: [u8; 16],
    /// The holders; an all-zero id is filler and is answered with random bytes.
    pub holders: [HolderId; BUNDLE_SLOTS],
}

impl BundleRequest {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 16 + 16 + BUNDLE_SLOTS * 16;

    /// `request_id || holders`, which the proof of work covers.
    pub fn work_payload(&self) -> Vec<u8> {
        let mut out = self.request_id.to_vec();
        for h in &self.holders {
            out.extend_from_slice(&h.0);
        }
        out
    }

    /// The request's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.work.challenge_epoch.to_be_bytes());
        out.extend_from_slice(&self.work.nonce.to_be_bytes());
        out.extend_from_slice(&self.work_payload());
        out
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let work = Work { challenge_epoch: r.u64("challenge_epoch")?, nonce: r.u64("nonce")? };
        let request_id = r.array("request_id")?;
        let holders = [HolderId(r.array("holder")?), HolderId(r.array("holder")?), HolderId(r.array("holder")?)];
        r.end()?;
        Ok(Self { work, request_id, holders })
    }
}

/// The answer to a request for keys: one slot per asked holder, each [`Bundle::LEN`] bytes.
///
/// A slot that was filler, or whose holder has no bundle at all, holds zero bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleResponse {
    /// The slots, in the request's order.
    pub slots: [Option<Bundle>; BUNDLE_SLOTS],
}

impl BundleResponse {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + BUNDLE_SLOTS * Bundle::LEN;

    /// The response's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN);
        out.push(VERSION);
        for slot in &self.slots {
            match slot {
                Some(b) => out.extend_from_slice(&b.encode()),
                None => out.resize(out.len() + Bundle::LEN, 0),
            }
        }
        out
    }

    /// Reads a response.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        fn slot(r: &mut Reader<'_>) -> Result<Option<Bundle>, DecodeError> {
            let bytes = r.bytes(Bundle::LEN, "slot")?;
            if bytes.iter().all(|b| *b == 0) { Ok(None) } else { Bundle::decode(bytes).map(Some) }
        }
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let slots = [slot(&mut r)?, slot(&mut r)?, slot(&mut r)?];
        r.end()?;
        Ok(Self { slots })
    }
}

/// `POST /v1/bundles/publish`: a holder offers keys. With no bundles it only asks for the stock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundlePublish {
    /// The publisher.
    pub holder: HolderId,
    /// Unix seconds; the server refuses requests more than a day off its clock.
    pub at: u64,
    /// The bundles, of any kind. A fallback replaces the one before.
    pub bundles: Vec<Bundle>,
    /// Ed25519 by the holder, domain `subrosa/sig/bundle-publish/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

impl BundlePublish {
    /// The bytes that the signature covers.
    pub fn signed_part(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.holder.0);
        out.extend_from_slice(&self.at.to_be_bytes());
        out.extend_from_slice(&u16::try_from(self.bundles.len()).unwrap_or(u16::MAX).to_be_bytes());
        for b in &self.bundles {
            out.extend_from_slice(&b.encode());
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
        let holder = HolderId(r.array("holder")?);
        let at = r.u64("at")?;
        let count = usize::from(r.u16("count")?);
        if count > BUNDLE_PUBLISH_MAX {
            return Err(DecodeError::TooLong("bundles"));
        }
        let mut bundles = Vec::with_capacity(count);
        for _ in 0..count {
            bundles.push(Bundle::decode(r.bytes(Bundle::LEN, "bundle")?)?);
        }
        let signature = r.array("signature")?;
        r.end()?;
        Ok(Self { holder, at, bundles, signature })
    }
}

/// The answer to a publication: how many one-time bundles the holder has left on the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BundleStock {
    /// One-time bundles not yet handed out.
    pub one_time: u32,
    /// Whether a fallback bundle is there.
    pub fallback: bool,
}

impl BundleStock {
    /// `version || one_time || fallback`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.one_time.to_be_bytes());
        out.push(u8::from(self.fallback));
        out
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let one_time = r.u32("one_time")?;
        let fallback = match r.u8("fallback")? {
            0 => false,
            1 => true,
            _ => return Err(DecodeError::Invalid("fallback")),
        };
        r.end()?;
        Ok(Self { one_time, fallback })
    }
}
