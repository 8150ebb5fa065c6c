use super::{BUNDLE_PUBLISH_MAX, BUNDLE_SLOTS, VERSION, Work};
use crate::{
    encode_decode,
    encoding::{Codec, DecodeError, List, Reader},
    layout,
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

impl Codec for BundleKind {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::OneTime => 1,
            Self::Fallback => 2,
        });
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match u8::read(r)? {
            1 => Ok(Self::OneTime),
            2 => Ok(Self::Fallback),
            _ => Err(DecodeError::Invalid(r.field())),
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
}

layout! { Bundle [version VERSION] [len Self::LEN] { holder, kind, id, olm, xwing, expires; signature } }

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
    pub const LEN: usize = 1 + Work::LEN + 16 + BUNDLE_SLOTS * 16;

    /// `request_id || holders`, which the proof of work covers.
    pub fn work_payload(&self) -> Vec<u8> {
        (self.request_id, self.holders).encode()
    }
}

layout! { BundleRequest [version VERSION] { work, request_id, holders } }

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
}

impl Codec for BundleResponse {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(VERSION);
        for slot in &self.slots {
            match slot {
                Some(b) => b.write(out),
                None => out.resize(out.len() + Bundle::LEN, 0),
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        fn slot(r: &mut Reader<'_>) -> Result<Option<Bundle>, DecodeError> {
            let bytes = r.bytes(Bundle::LEN, "slot")?;
            if bytes.iter().all(|b| *b == 0) { Ok(None) } else { Bundle::decode(bytes).map(Some) }
        }
        r.version(VERSION)?;
        Ok(Self { slots: [slot(r)?, slot(r)?, slot(r)?] })
    }
}

/// The bundles of one publication.
pub type Bundles = List<Bundle, u16, BUNDLE_PUBLISH_MAX>;

/// `POST /v1/bundles/publish`: a holder offers keys. With no bundles it only asks for the stock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundlePublish {
    /// Who publishes and signs.
    pub holder: HolderId,
    /// Unix seconds; the server refuses requests more than a day off its clock.
    pub at: u64,
    /// The bundles, of any kind. A fallback replaces the one before.
    pub bundles: Bundles,
    /// Ed25519 by the holder, domain `subrosa/sig/bundle-publish/v1`, over everything above as encoded.
    pub signature: [u8; 64],
}

layout! { BundlePublish [version VERSION] { holder, at, bundles; signature } }

/// The answer to a publication: how many one-time bundles the holder has left on the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BundleStock {
    /// One-time bundles not yet handed out.
    pub one_time: u32,
    /// Whether a fallback bundle is there.
    pub fallback: bool,
}

layout! { BundleStock [version VERSION] { one_time, fallback } }

encode_decode! { Bundle, BundleRequest, BundleResponse, BundlePublish, BundleStock }
