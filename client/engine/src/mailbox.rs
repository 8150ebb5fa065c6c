//! What officers and administrators have in common: keys, first contacts found by scanning, bundles on offer.
//!
//! Crash points: `collect` changes keys in memory only; the caller saves the keystore (with what was opened in it)
//! before `discard_taken` destroys anything on the server. A crash in between repeats the discard and nothing else.

mod cover;

use std::collections::HashMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    bundle::ReceivingKeys,
    charter::{Charter, HolderKeys},
    delivery::{Capability, Drop, ScanSecret},
    encoding::OverLimit,
    kdf,
    log::{self, NoteKey},
    ratchet::{RatchetError, Session},
    seal::{SealError, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    wire::{BundlePublish, BundleStock, Bundles, Hint, LeafKind, PublicRecord, Receipt, Tag},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    log_lists::{Lists, Unproven, finding},
    log_watch::{LogFinding, LogView, LogWatch, against_clock},
    promise::{Promise, Promises},
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

/// A first contact that is listed and did not open. It may have been altered on the way, or withheld: it is asked for
/// again, at growing intervals, for as long as the server lists its epoch.
#[derive(Clone, Serialize, Deserialize)]
struct Again {
    hint: [u8; 32],
    epoch: u64,
    tries: u32,
    not_before: u64,
}

/// Lists that were not the logged ones and are asked for again, at most. If there are more, the scan begins at the
/// first of them next time.
const UNLOGGED_MAX: usize = 512;

/// A list that was not the one in the log.
#[derive(Clone, Serialize, Deserialize)]
struct Unlogged {
    epoch: u64,
    /// The true list's leaf stands before this one.
    before: u64,
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
    /// Lists that are asked for again: nothing that stands in them was believed yet.
    #[serde(default)]
    unlogged: Vec<Unlogged>,
    /// The epochs that were not read because the server said that it no longer keeps them: first and last.
    #[serde(default)]
    missed: Option<(u64, u64)>,
    /// What the server signed for, until the log was found to hold it.
    #[serde(default)]
    promises: Promises,
    /// The log as this visit has checked it: a visit asks for one checkpoint.
    #[serde(skip)]
    view: Option<LogView>,
    /// The newest epoch of the log as it was remembered, if this run remembered it.
    #[serde(skip)]
    log_epoch: Option<u64>,
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
            unlogged: Vec::new(),
            missed: None,
            promises: Promises::default(),
            view: None,
            log_epoch: None,
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

    /// Scans every epoch since the last visit: opens first contacts, and answers every tag that was listed. A list that
    /// is not the one in the log `log` counts for nothing: it is told, and asked for again at the next visit.
    /// Move [`Identity::cursor`] past [`Scanned::upto`] in the same save that keeps what was found.
    ///
    /// # Errors
    /// The server or the network; or the log contradicts what was seen before, or does not hold together.
    pub async fn collect<T: Transport>(
        &mut self,
        api: &Api<T>,
        log: &NoteKey,
        circuits: &Circuits,
    ) -> Result<Scanned, LogFinding> {
        let circuit = circuits.fresh();
        let mut out = Scanned::default();
        let watch = LogWatch::new(api, log.clone(), circuit);
        let Some(mut view) = self.checked_view(&watch).await? else { return Ok(out) };
        let first = api.params(circuit).await?.first_epoch;
        let (from, mut again) = self.what_to_read(first, &mut out);
        let mut lists = Lists::new(&watch, &mut view);
        let read = board::rows(api, &mut lists, from, &again, circuit).await?;
        again = read.unproven;
        again.sort_by_key(|u| u.epoch);
        out.listed.extend(read.found.iter().map(|(epoch, tag, _)| (*tag, *epoch)));
        let (scan, last) = (ScanSecret::from_seed(&self.scan), view.epoch());
        out.troubles.extend(finding(&again).map(Trouble::Log));
        let mut scanned = self.scan_rows(api, circuits, &scan, &read.found, (first, last), &mut out).await;
        if scanned.is_ok() {
            scanned = self.fetch_cover(api, circuits, &out.listed).await;
        }
        if let Err(e) = scanned {
            // What was opened by then is used; the cursor stays, so the rest comes with the next visit.
            out.troubles.push(Trouble::EndedEarly(e));
            return Ok(out);
        }
        // Further back than this the lists are proven, or remembered.
        let upto = again.get(UNLOGGED_MAX).map_or(last, |u| u.epoch.saturating_sub(1));
        out.upto = Some(upto).filter(|upto| upto.saturating_add(1) > self.cursor);
        let kept = again.iter().take(UNLOGGED_MAX).map(|u| Unlogged { epoch: u.epoch, before: u.before });
        self.unlogged = kept.collect();
        Ok(out)
    }

    /// The log as this visit has checked it, or as it is now, checked to continue what was seen before. `None` before
    /// the first epoch has closed.
    async fn checked_view<T: Transport>(&mut self, watch: &LogWatch<'_, T>) -> Result<Option<LogView>, LogFinding> {
        if let Some(view) = self.view.take() {
            return Ok(Some(view));
        }
        match watch.advance(self.log).await {
            // Before the first epoch closes there is no log, and only then may there be none.
            Err(LogFinding::Api(ApiError::Refused { status: 404, .. })) if self.log.is_none() => Ok(None),
            Err(e) => Err(e),
            Ok(view) => {
                self.remember(&view);
                Ok(Some(view))
            }
        }
    }

    fn remember(&mut self, view: &LogView) {
        self.log = Some((view.size(), view.root()));
        self.log_epoch = Some(view.epoch());
    }

    /// The first epoch to read, and the lists that are asked for again. What the server says that it no longer keeps is
    /// told once, and read after all if it turns up.
    fn what_to_read(&mut self, first: u64, out: &mut Scanned) -> (u64, Vec<Unproven>) {
        if let Some((from, to)) = self.missed
            && first <= to
        {
            self.cursor = self.cursor.min(from);
            self.missed = None;
        }
        if self.cursor > 0 && first > self.cursor {
            let (from, to) = (self.cursor, first.saturating_sub(1));
            if self.missed != Some((from, to)) {
                out.troubles.push(Trouble::ListsGone { from, to });
            }
            self.missed = Some((from, to));
        }
        let (kept, gone): (Vec<&Unlogged>, Vec<&Unlogged>) = self.unlogged.iter().partition(|u| u.epoch >= first);
        if let (Some(oldest), Some(newest)) = (gone.first(), gone.last()) {
            out.troubles.push(Trouble::ListsGone { from: oldest.epoch, to: newest.epoch });
        }
        let again = kept.into_iter().filter(|u| u.epoch < self.cursor);
        let again = again.map(|u| Unproven { epoch: u.epoch, before: u.before }).collect();
        (self.cursor.max(first), again)
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
        let watch = LogWatch::new(api, charter.log_key().clone(), circuits.fresh());
        self.view = None;
        let before = self.log;
        let Some(mut view) = self.checked_view(&watch).await? else { return Ok(()) };
        // Remembered at the end, when everything that is due was found in it.
        self.log = before;
        let digest = charter.digest();
        let known = self.due.clone().filter(|d| d.digest == digest);
        // The charter was fetched before the checkpoint, so it is logged with the epoch that is open now at the latest.
        let open = view.epoch().saturating_add(1);
        let mut due = known.unwrap_or(DueCharter { digest, epoch: open, found: false });
        if !due.found {
            let leaf = log::leaf_data(LeafKind::Charter, &[0; 32], &digest);
            due.found = watch.find(&mut view, 0, &leaf).await?.is_some();
        }
        let missing = !due.found && view.epoch() >= due.epoch;
        self.due = Some(due);
        if missing {
            return Err(LogFinding::CharterNotThere);
        }
        self.promises.look_up(&watch, &mut view).await?;
        self.remember(&view);
        self.view = Some(view);
        Ok(())
    }

    /// What is to be told about the log after [`Identity::watch_log`] and does not end a visit: promises that were
    /// broken, and a log whose time and the reader's clock (`now`, unix seconds) do not agree.
    pub fn log_findings(&self, charter: &Charter, now: u64) -> Vec<LogFinding> {
        let epoch_seconds = charter.document().epoch_seconds;
        let view = self.view.as_ref();
        let clock = view.and_then(|v| against_clock(v.checkpoint().time(), now, epoch_seconds));
        self.promises.finding().into_iter().chain(clock).collect()
    }

    /// Keeps what the server signed for something of this member's. The log is asked for it once it is due.
    pub fn keep_promise(&mut self, promise: Promise) {
        // What was deposited before, and is answered with the receipt of that time, may stand further back.
        let newer = self.log_epoch.is_some_and(|closed| promise.epoch() > closed);
        let behind = self.log.filter(|_| newer).map_or(0, |(size, _)| size);
        self.promises.keep(promise, behind);
    }

    /// Verifies the receipt of a public record, and keeps it.
    ///
    /// # Errors
    /// The log did not sign it for this record.
    pub fn keep_receipt(&mut self, log: &NoteKey, record: &PublicRecord, receipt: &Receipt) -> Result<(), ApiError> {
        self.keep_promise(Promise::of_record(log, record, receipt)?);
        Ok(())
    }

    /// How many signed receipts are kept, because the log does not hold what they are for yet, or never will.
    pub fn promises(&self) -> usize {
        self.promises.count()
    }

    /// The leaves of these receipts: what the log publishes, or has published, for them.
    pub fn promised_leaves(&self) -> Vec<[u8; 32]> {
        self.promises.leaves()
    }

    /// How many lists are asked for again, because they were not those in the log.
    pub fn unlogged(&self) -> usize {
        self.unlogged.len()
    }

    /// The log's newest state, checked to continue what this member saw before; remembers it. For whoever passes it on.
    ///
    /// # Errors
    /// The log was forked, cut or cannot prove itself; the view of before is kept.
    pub async fn follow_log<T: Transport>(&mut self, watch: &LogWatch<'_, T>) -> Result<LogView, LogFinding> {
        let view = watch.advance(self.log).await?;
        self.remember(&view);
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
