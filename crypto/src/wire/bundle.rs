use super::{BUNDLE_HOLDERS_MAX, BUNDLE_PUBLISH_MAX, VERSION, Work};
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

/// Version 1 named the holders whose keys were wanted, and so told the server to whom somebody was about to write.
const REQUEST_VERSION: u8 = 2;

/// `POST /v1/bundles`: asks for one bundle of everybody in the newest charter. It does not say whom its sender will
/// write to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleRequest {
    /// Paid over [`BundleRequest::work_payload`].
    pub work: Work,
    /// Random; a second request with the same id is refused while its challenge lives.
    pub request_id: [u8; 16],
}

impl BundleRequest {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + Work::LEN + 16;

    /// `request_id`, which the proof of work covers.
    pub fn work_payload(&self) -> Vec<u8> {
        self.request_id.to_vec()
    }
}

layout! { BundleRequest [version REQUEST_VERSION] { work, request_id } }

/// The answer to a request for keys: one bundle of each holder in the charter's order. Who has none is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleResponse {
    /// The bundles. Unverified: see `crypto::bundle`.
    pub bundles: List<Bundle, u16, BUNDLE_HOLDERS_MAX>,
}

impl BundleResponse {
    /// The bundle of this holder, if there is one.
    pub fn of(&self, holder: HolderId) -> Option<&Bundle> {
        self.bundles.iter().find(|b| b.holder == holder)
    }
}

layout! { BundleResponse [version REQUEST_VERSION] { bundles } }

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
