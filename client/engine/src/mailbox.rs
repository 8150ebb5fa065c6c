//! What officers and administrators have in common: keys, first contacts found by scanning, bundles on offer.
//!
//! Crash points: `collect` changes keys in memory only; the caller saves the keystore (with what was opened in it)
//! before `discard_taken` destroys anything on the server. A crash in between repeats the discard and nothing else.

use std::collections::HashMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    bundle::ReceivingKeys,
    charter::{Charter, HolderKeys},
    delivery::{Capability, Drop, ScanSecret},
    encoding::OverLimit,
    kdf, log,
    ratchet::{RatchetError, Session},
    seal::{SealError, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    wire::{BundlePublish, BundleStock, Bundles, Hint, LeafKind, Tag},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    log_watch::{LogFinding, LogView, LogWatch},
    transport::{Circuit, Transport},
    trouble::Trouble,
};

/// Why no bundles could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RestockError {
    /// A key could not be made.
    #[error(transparent)]
    Key(#[from] SealError),
    /// More than one publication carries.
    #[error("too many keys for one publication: {0}")]
    TooMany(#[from] OverLimit),
}

/// One-time bundles that are kept on offer. Every first contact in the programme takes one of every member
/// (docs/adr/0021-first-contact-keys.md).
pub const STOCK_TARGET: u32 = 99;
/// With this many or fewer left, the stock is filled up.
const STOCK_LOW: u32 = 66;
/// How long a one-time bundle is good for: seconds.
const ONE_TIME_LIFE: u64 = 90 * 86_400;
/// How long a fallback bundle is good for: seconds. It is replaced after half of that.
const FALLBACK_LIFE: u64 = 14 * 86_400;

/// First contacts that did not open and are tried again, at most: strangers can make them, each for the price of a
/// deposit.
const AGAIN_MAX: usize = 1024;
/// The longest pause between two tries is two to this power: epochs.
const AGAIN_PAUSE_MAX: u32 = 9;

/// Places of cover that are remembered, at most.
const COVER_MAX: usize = 1024;

/// A first contact that is listed and did not open. It may have been altered on the way, or withheld: it is asked for
/// again, at growing intervals, for as long as the server lists its epoch.
#[derive(Clone, Serialize, Deserialize)]
struct Again {
    hint: [u8; 32],
    epoch: u64,
    tries: u32,
    not_before: u64,
}

/// A charter whose leaf must be in the log once an epoch is closed.
#[derive(Clone, Serialize, Deserialize)]
struct DueCharter {
    #[serde(with = "subrosa_crypto::encoding_hex")]
    digest: [u8; 32],
    /// The epoch that was open when it was first seen: it was logged by then, or in that one.
    epoch: u64,
    found: bool,
}

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
    /// First contacts that are tried again.
    #[serde(default)]
    again: Vec<Again>,
    /// Where cover lies that this member deposited and has not fetched yet.
    #[serde(default)]
    cover: Vec<Drop>,
    /// The newest view of the log: size and root.
    #[serde(default)]
    log: Option<(u64, [u8; 32])>,
    /// The newest charter seen, and whether the log was found to hold it.
    #[serde(default)]
    due: Option<DueCharter>,
}

impl core::fmt::Debug for Identity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Identity({}, [redacted])", self.name)
    }
}

impl Identity {
    /// The newest checkpoint of the log that this member has seen: size and root.
    pub fn log_seen(&self) -> Option<(u64, [u8; 32])> {
        self.log
    }

    /// A key for what this member keeps on this machine besides the keystore: one for each label, from the signing
    /// key's seed.
    pub fn local_key(&self, label: &str) -> Secret32 {
        kdf::derive(b"", self.sign.expose(), label, &[])
    }
}

/// The public half, which a charter is made of: a file that goes from the member to whoever keeps the root key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicIdentity {
    /// The name under which the charter is to list this member.
    pub name: String,
    /// What others need to check signatures, to write to this member, and to wrap keys for them.
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
    /// First contacts that opened on this visit; empty if nobody new has written.
    pub first: Vec<FirstContact>,
    /// Every tag that was listed, with its epoch: where the caller looks for its sessions' places.
    pub listed: HashMap<Tag, u64>,
    /// What could not be opened.
    pub troubles: Vec<Trouble>,
    /// The newest epoch looked at.
    pub upto: Option<u64>,
}

impl Identity {
    /// A member with fresh keys that has published nothing and scanned no epoch yet.
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
            again: Vec::new(),
            cover: Vec::new(),
            log: None,
            due: None,
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

    /// Makes bundles so that `stock` rises to the target, and a new fallback when it is due. Save the keystore before
    /// publishing the answer.
    pub fn restock(
        &mut self,
        stock: BundleStock,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<BundlePublish>, RestockError> {
        let signer = self.signer();
        let mut bundles = Vec::new();
        if stock.one_time <= STOCK_LOW {
            let want = STOCK_TARGET.saturating_sub(stock.one_time) as usize;
            bundles = self.receiving.make_one_time(want, now + ONE_TIME_LIFE, &signer, rng)?;
        }
        if !stock.fallback || now >= self.fallback_since + FALLBACK_LIFE / 2 {
            bundles.push(self.receiving.rotate_fallback(now + FALLBACK_LIFE, &signer, rng)?);
            self.fallback_since = now;
        }
        self.receiving.forget_expired(now, ONE_TIME_LIFE);
        if bundles.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.publication(bundles.try_into()?, now)))
    }

    /// A signed request that publishes `bundles`; with none it asks for the stock.
    pub fn publication(&self, bundles: Bundles, now: u64) -> BundlePublish {
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
        let mut scanned = self.scan_rows(api, circuits, &scan, &rows, (params.first_epoch, last), &mut out).await;
        if scanned.is_ok() {
            scanned = self.fetch_cover(api, circuits, &out.listed).await;
        }
        if let Err(e) = scanned {
            // What was opened by then is used; the cursor stays, so the rest comes with the next visit.
            out.troubles.push(Trouble::EndedEarly(e));
            return Ok(out);
        }
        out.upto = Some(last);
        Ok(out)
    }

    async fn scan_rows<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        scan: &ScanSecret,
        rows: &[(u64, Tag, Hint)],
        (first, last): (u64, u64),
        out: &mut Scanned,
    ) -> Result<(), ApiError> {
        self.try_again(api, circuits, scan, first, last, out).await?;
        for (epoch, _, hint) in rows {
            // Found by value, not by row: a server that shifts hints against tags hides nothing.
            let Some(drop) = scan.drop_for(hint).filter(|d| out.listed.get(&d.tag()) == Some(epoch)) else {
                continue;
            };
            let known = self.taken.iter().any(|c| c.hash() == drop.capability().hash());
            if known || self.again.iter().any(|a| a.hint == hint.0) {
                continue;
            }
            if !self.first_contact(api, circuits.fresh(), *epoch, &drop, out).await? {
                self.again.push(Again { hint: hint.0, epoch: *epoch, tries: 1, not_before: last.saturating_add(1) });
            }
        }
        // The oldest gives way: somebody who floods a member with what does not open pays for each.
        while self.again.len() > AGAIN_MAX {
            self.again.remove(0);
        }
        Ok(())
    }

    /// Asks once more for what did not open on an earlier visit.
    async fn try_again<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        scan: &ScanSecret,
        first_epoch: u64,
        last: u64,
        out: &mut Scanned,
    ) -> Result<(), ApiError> {
        let mut kept = Vec::new();
        let mut left = core::mem::take(&mut self.again).into_iter();
        while let Some(mut a) = left.next() {
            let drop = scan.drop_for(&Hint(a.hint));
            let Some(drop) = drop.filter(|_| a.epoch >= first_epoch) else {
                out.troubles.push(Trouble::MessageLost);
                continue;
            };
            if a.not_before > last {
                kept.push(a);
                continue;
            }
            // A failing network ends the visit; nothing of this list may be lost by that, so it is put back before the
            // error is passed on.
            match self.first_contact(api, circuits.fresh(), a.epoch, &drop, out).await {
                Ok(true) => {}
                Ok(false) => {
                    a.not_before = last.saturating_add(1 << a.tries.min(AGAIN_PAUSE_MAX));
                    a.tries = a.tries.saturating_add(1);
                    kept.push(a);
                }
                Err(e) => {
                    kept.push(a);
                    kept.extend(left);
                    self.again = kept;
                    return Err(e);
                }
            }
        }
        self.again = kept;
        Ok(())
    }

    /// Fetches and opens what lies at `drop`. False: it did not open, and may another time.
    async fn first_contact<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuit: Circuit,
        epoch: u64,
        drop: &Drop,
        out: &mut Scanned,
    ) -> Result<bool, ApiError> {
        let (trouble, settled) = match api.take(drop.capability(), circuit).await? {
            Fetched::Gone => return Ok(true),
            Fetched::Unknown => (Trouble::MessageWithheld, false),
            Fetched::Body(body) => match Session::accept(&mut self.receiving, drop, &body) {
                Ok((session, opened)) => {
                    self.taken.push(drop.capability().clone());
                    out.first.push(FirstContact { session, body: opened.body, epoch });
                    return Ok(true);
                }
                // Nobody without the header's key can make it name another bundle: the bundle was used, and is gone for
                // good.
                Err(e @ RatchetError::KeyGone) => (Trouble::MessageKeyGone(e), true),
                Err(e @ RatchetError::Envelope(_)) => (Trouble::MessageAltered(e), false),
                // It arrived as it was sealed, and what is inside is wrong: asking again brings the same.
                Err(e) => (Trouble::MessageDamaged(e), true),
            },
        };
        out.troubles.push(trouble);
        Ok(settled)
    }

    /// Fetches the cover that is listed now, and has it destroyed with the letters after the next save.
    async fn fetch_cover<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        listed: &HashMap<Tag, u64>,
    ) -> Result<(), ApiError> {
        let (due, later): (Vec<Drop>, Vec<Drop>) =
            core::mem::take(&mut self.cover).into_iter().partition(|p| listed.contains_key(&p.tag()));
        self.cover = later;
        let mut due = due.into_iter();
        while let Some(place) = due.next() {
            // What lies there says nothing: that it was fetched is all that counts.
            if let Err(e) = api.take(place.capability(), circuits.fresh()).await {
                self.cover.push(place);
                self.cover.extend(due);
                return Err(e);
            }
            self.taken.push(place.capability().clone());
        }
        Ok(())
    }

    /// Notes where cover lies that was deposited just now: the next visit fetches it. Save afterwards.
    pub(crate) fn note_cover(&mut self, places: Vec<Drop>) {
        self.cover.extend(places);
        // What no list has shown by then was dropped or has expired.
        let over = self.cover.len().saturating_sub(COVER_MAX);
        self.cover.drain(..over);
    }

    /// How many messages are listed that did not open yet and are asked for again.
    pub fn unopened(&self) -> usize {
        self.again.len()
    }

    /// Checks that the log continues what this member saw on the last visit and that it holds the newest charter, once
    /// that is due; remembers the new view. Do this before anything is destroyed on the server.
    ///
    /// # Errors
    /// The log was forked, cut, cannot prove itself or lacks the charter; the view of before is kept.
    pub async fn watch_log<T: Transport>(
        &mut self,
        api: &Api<T>,
        charter: &Charter,
        circuits: &Circuits,
    ) -> Result<(), LogFinding> {
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let watch = LogWatch::new(api, charter.log_key().clone(), circuit);
        let mut view = match watch.advance(self.log).await {
            // Before the first epoch closes there is no log, and only then may there be none.
            Err(LogFinding::Api(ApiError::Refused { status: 404, .. })) if self.log.is_none() => return Ok(()),
            other => other?,
        };
        let digest = charter.digest();
        let known = self.due.take().filter(|d| d.digest == digest);
        let mut due = known.unwrap_or(DueCharter { digest, epoch: params.epoch, found: false });
        if !due.found {
            let leaf = log::leaf_data(LeafKind::Charter, &[0; 32], &digest);
            due.found = watch.find(&mut view, 0, &leaf).await?.is_some();
        }
        // The checkpoint was asked for after the params, so it covers at least what they say is closed.
        let missing = !due.found && params.last_published.is_some_and(|p| p >= due.epoch);
        self.due = Some(due);
        if missing {
            return Err(LogFinding::CharterNotThere);
        }
        self.log = Some((view.size(), view.root()));
        Ok(())
    }

    /// The log's newest state, checked to continue what this member saw before; remembers it. For whoever passes it on.
    ///
    /// # Errors
    /// The log was forked, cut or cannot prove itself; the view of before is kept.
    pub async fn follow_log<T: Transport>(&mut self, watch: &LogWatch<'_, T>) -> Result<LogView, LogFinding> {
        let view = watch.advance(self.log).await?;
        self.log = Some((view.size(), view.root()));
        Ok(view)
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
