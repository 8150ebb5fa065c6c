//! What officers and administrators have in common: keys, first contacts found by scanning, bundles on offer.
//!
//! Crash points: `collect` changes keys in memory only; the caller saves the keystore (with what was opened in it) before `discard_taken`
//! destroys anything on the server. A crash in between repeats the discard and nothing else.

use std::collections::{BTreeSet, HashMap};

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    bundle::ReceivingKeys,
    charter::HolderKeys,
    delivery::{Capability, Drop, ScanSecret},
    ratchet::{RatchetError, Session},
    seal::{SealError, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    wire::{Bundle, BundlePublish, BundleStock, Tag},
};
use zeroize::Zeroizing;

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    transport::{Circuit, Transport},
};

/// One-time bundles that are kept on offer.
pub const STOCK_TARGET: u32 = 50;
/// How long a one-time bundle is good for: seconds.
const ONE_TIME_LIFE: u64 = 90 * 86_400;
/// How long a fallback bundle is good for: seconds. It is replaced after half of that.
const FALLBACK_LIFE: u64 = 14 * 86_400;

/// The keys of one member of the programme.
#[derive(Serialize, Deserialize)]
pub struct Identity {
    /// Name as in the charter.
    pub name: String,
    sign: Secret32,
    scan: Secret32,
    wrap: Secret32,
    receiving: ReceivingKeys,
    /// The first epoch that was not scanned yet.
    pub cursor: u64,
    fallback_since: u64,
    /// Envelopes that were opened and saved, to be destroyed on the server.
    taken: Vec<Capability>,
    /// Tags that could not be opened, so that they are not fetched at each visit.
    unreadable: BTreeSet<[u8; 16]>,
}

impl core::fmt::Debug for Identity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Identity({}, [redacted])", self.name)
    }
}

impl Identity {
    /// A key for what this member keeps on this machine besides the keystore: one for each label, from the signing key's seed.
    pub(crate) fn local_key(&self, label: &str) -> Secret32 {
        subrosa_crypto::kdf::derive(b"", self.sign.expose(), label, &[])
    }
}

/// The public half, which a charter is made of: a file that goes from the member to whoever keeps the root key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicIdentity {
    /// Name.
    pub name: String,
    /// Keys.
    pub keys: HolderKeys,
}

/// A first contact that was opened.
#[derive(Debug)]
pub struct FirstContact {
    /// The new conversation.
    pub session: Session,
    /// The message's bytes.
    pub body: Zeroizing<Vec<u8>>,
    /// The epoch that listed it.
    pub epoch: u64,
}

/// What a scan found.
#[derive(Debug, Default)]
pub struct Scanned {
    /// First contacts.
    pub first: Vec<FirstContact>,
    /// Every tag that was listed, with its epoch: where the caller looks for its sessions' places.
    pub listed: HashMap<Tag, u64>,
    /// What could not be opened, as sentences.
    pub troubles: Vec<String>,
    /// The newest epoch looked at.
    pub upto: Option<u64>,
}

impl Identity {
    /// Fresh keys.
    pub fn generate(name: &str, rng: &mut impl CryptoRng) -> Self {
        Self {
            name: name.into(),
            sign: Secret32::random(rng),
            scan: Secret32::random(rng),
            wrap: Secret32::random(rng),
            receiving: ReceivingKeys::generate(),
            cursor: 0,
            fallback_since: 0,
            taken: Vec::new(),
            unreadable: BTreeSet::new(),
        }
    }

    /// The signing key.
    pub fn signer(&self) -> SigningKey {
        SigningKey::from_seed(&self.sign)
    }

    /// The short name of these keys.
    pub fn holder(&self) -> HolderId {
        self.signer().verifying_key().holder_id()
    }

    /// The key that things are wrapped to outside the ratchet (return boxes, case keys).
    pub fn wrap_key(&self) -> SealSecret {
        SealSecret::from_seed(self.wrap.clone())
    }

    /// A name for `subject` that only this member can compute, and always the same: 16 bytes.
    pub fn private_name(&self, label: &str, subject: &[u8]) -> [u8; 16] {
        let mut out = [0; 16];
        subrosa_crypto::kdf::derive_into(b"", self.sign.expose(), label, &[subject], &mut out);
        out
    }

    /// The public half.
    pub fn public(&self) -> Result<PublicIdentity, SealError> {
        let keys = HolderKeys {
            sign: self.signer().verifying_key(),
            olm: self.receiving.olm_identity(),
            scan: ScanSecret::from_seed(&self.scan).public().0,
            wrap: self.wrap_key().recipient()?,
        };
        Ok(PublicIdentity { name: self.name.clone(), keys })
    }

    /// Makes bundles so that `stock` rises to the target, and a new fallback when it is due. Save the keystore before publishing the answer.
    pub fn restock(
        &mut self,
        stock: BundleStock,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<BundlePublish>, SealError> {
        let signer = self.signer();
        let mut bundles = Vec::new();
        if stock.one_time <= STOCK_TARGET / 2 {
            let want = STOCK_TARGET.saturating_sub(stock.one_time) as usize;
            bundles = self.receiving.make_one_time(want, now + ONE_TIME_LIFE, &signer, rng)?;
        }
        if !stock.fallback || now >= self.fallback_since + FALLBACK_LIFE / 2 {
            bundles.push(self.receiving.rotate_fallback(now + FALLBACK_LIFE, &signer, rng)?);
            self.fallback_since = now;
        }
        self.receiving.forget_expired(now, ONE_TIME_LIFE);
        Ok((!bundles.is_empty()).then(|| self.publication(bundles, now)))
    }

    /// A signed request that publishes `bundles`; with none it asks for the stock.
    pub fn publication(&self, bundles: Vec<Bundle>, now: u64) -> BundlePublish {
        let signer = self.signer();
        let mut p = BundlePublish { holder: self.holder(), at: now, bundles, signature: [0; 64] };
        p.signature = signer.sign(Domain::BUNDLE_PUBLISH, &p.signed_part());
        p
    }

    /// Scans every epoch since the last visit: opens first contacts, and answers every tag that was listed.
    /// Move [`Identity::cursor`] past [`Scanned::upto`] in the same save that keeps what was found.
    pub async fn collect<T: Transport>(&mut self, api: &Api<T>, circuits: &Circuits) -> Result<Scanned, ApiError> {
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let mut out = Scanned::default();
        let Some(last) = params.last_published else { return Ok(out) };
        let scan = ScanSecret::from_seed(&self.scan);
        let rows = board::rows(api, self.cursor.max(params.first_epoch), last, circuit).await?;
        out.listed.extend(rows.iter().map(|(epoch, tag, _)| (*tag, *epoch)));
        for (epoch, _, hint) in rows {
            // Found by value, not by row: a server that shifts hints against tags hides nothing.
            let Some(drop) = scan.drop_for(&hint).filter(|d| out.listed.get(&d.tag()) == Some(&epoch)) else {
                continue;
            };
            let tag = drop.tag();
            if self.unreadable.contains(&tag.0) || self.taken.iter().any(|c| c.hash() == drop.capability().hash()) {
                continue;
            }
            self.first_contact(api, circuits.fresh(), epoch, &drop, &mut out).await?;
        }
        out.upto = Some(last);
        Ok(out)
    }

    async fn first_contact<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuit: Circuit,
        epoch: u64,
        drop: &Drop,
        out: &mut Scanned,
    ) -> Result<(), ApiError> {
        let trouble = match api.take(drop.capability(), circuit).await? {
            Fetched::Gone => return Ok(()),
            Fetched::Unknown => "a message for you is listed, but the server does not hand it out".to_owned(),
            Fetched::Body(body) => match Session::accept(&mut self.receiving, drop, &body) {
                Ok((session, opened)) => {
                    self.taken.push(drop.capability().clone());
                    out.first.push(FirstContact { session, body: opened.body, epoch });
                    return Ok(());
                }
                Err(e @ (RatchetError::KeyGone | RatchetError::Envelope(_))) => {
                    format!("a message could not be opened: {e}")
                }
                Err(e) => format!("a message could not be read: {e}"),
            },
        };
        self.unreadable.insert(drop.tag().0);
        out.troubles.push(trouble);
        Ok(())
    }

    /// Notes that an envelope of a session was opened, so that it is destroyed on the server after the next save.
    pub fn note_taken(&mut self, capability: Capability) {
        self.taken.push(capability);
    }

    /// Destroys on the server what was opened and saved.
    pub async fn discard_taken<T: Transport>(&mut self, api: &Api<T>, circuits: &Circuits) -> Result<(), ApiError> {
        while let Some(capability) = self.taken.last() {
            api.discard(capability, circuits.fresh()).await?;
            self.taken.pop();
        }
        Ok(())
    }
}
