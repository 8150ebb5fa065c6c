//! A case's journal as one officer's desk knows it: capability, keys, and how to read and append.

mod begin;

use std::sync::Arc;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    access::{AccessError, CaseAccess, key_commitment},
    bytes::Digest,
    case::{Case, Command, Context, Event, State, Wrap, decide},
    heads::leaf,
    journal::{CaseKey, EventError, Moment, Replay, ReplayError, generation},
    refusal::Refusal,
    role::{Adjudicator, Investigator, RoleName, Triager},
    words::meeting,
};
use subrosa_crypto::{
    keeper::{KeeperSignature, KeeperStatement},
    seal::{SealError, SealRecipient, SealSecret},
    secret::Secret32,
    sign::{HolderId, SigningKey, VerifyingKey},
    wire::{JournalAccess, JournalAppend, JournalHead, JournalId, JournalPurge, Work, journal_cap_hash},
};
use thiserror::Error;

use super::{
    context::DeskContext,
    heads::{HeadAfter, HeadWatch, Leaves, Shown},
    shelf::Shelf,
};
use crate::{
    api::{Api, ApiError, Appended},
    message::{CaseHandover, HandedKey},
    transport::{Circuit, Transport},
};

/// Times that an append is decided again because somebody else was faster.
const ATTEMPTS: usize = 16;

/// Why a journal could not be read or written.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The rule that forbids it.
    #[error("not allowed: {0}")]
    Refused(Refusal),
    /// The journal contradicts what was seen before, or cannot be read.
    #[error("{0}. Do not go on with this case before you have spoken with your colleagues")]
    Replay(#[from] ReplayError),
    /// The server shows fewer entries than before.
    #[error("the server hides entries of this case that you have read before ({seen} then, {shown} now)")]
    Cut {
        /// Entries seen before.
        seen: u64,
        /// Entries shown now.
        shown: u64,
    },
    /// An event could not be written.
    #[error(transparent)]
    Event(#[from] EventError),
    /// Others were faster each time.
    #[error("others are writing to this case at the moment; nothing of yours was lost, try again")]
    Busy,
    /// Somebody turned the key and gave this officer nothing that opens.
    #[error(
        "{by} turned this case's key, and the part for you is no good ({why}). Ask {by}, and tell a third colleague"
    )]
    Access {
        /// Who turned it.
        by: HolderId,
        /// What is wrong.
        why: AccessError,
    },
    /// The charter does not name somebody of the team with a key to wrap to.
    #[error("the charter names no key of {0}, who is on this case's team; the case key cannot be turned")]
    NoWrapKey(HolderId),
    /// A new key could not be wrapped.
    #[error("the new case key could not be wrapped: {0}")]
    Wrap(#[from] SealError),
    /// Entries of several people are dated more than a day after this machine's clock.
    #[error(
        "this case has entries that are dated more than a day after your computer's clock: set the clock right and try again. Nothing was written"
    )]
    Clock,
    /// The case was purged.
    #[error("this case was purged; nothing of it is left here")]
    Purged,
}

// Written out: `#[from]` would name the refusal as the error's source too, and it would be printed twice.
impl From<Refusal> for JournalError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Whoever reads and writes: keys, and what decisions look at.
pub(super) struct Hand<'a> {
    /// The officer's own key, which signs entries and names their author.
    pub(super) signer: SigningKey,
    /// Opens what colleagues wrap.
    pub(super) wrap: SealSecret,
    /// People, rules, policies.
    pub(super) ctx: &'a DeskContext,
    /// The time that entries state and that deadlines are measured against: Unix seconds.
    pub(super) now: u64,
    /// Where journals lie that were read before.
    pub(super) shelf: Option<Arc<dyn Shelf>>,
    /// What is new in the log.
    pub(super) leaves: Option<Arc<Leaves>>,
}

impl Hand<'_> {
    pub(super) fn holder(&self) -> HolderId {
        self.signer.verifying_key().holder_id()
    }

    /// Signs for what the server takes from a case officer alone.
    async fn ask<T: Transport>(
        &self,
        asked: &KeeperStatement,
        api: &Api<T>,
        circuit: Circuit,
    ) -> Result<KeeperSignature, ApiError> {
        Ok(asked.sign(self.ctx.charter(), api.params(circuit).await?.epoch, &self.signer))
    }
}

/// What is appended.
struct Entry<'e> {
    role: RoleName,
    event: Event,
    /// The capability from the next entry on, if it changes.
    next: Option<&'e Secret32>,
}

/// A journal being read.
struct Reading {
    replay: Replay,
    keys: Vec<CaseKey>,
    capability: Secret32,
    heads: Vec<HeadAfter>,
}

/// What a desk keeps of a journal.
#[derive(Clone, Serialize, Deserialize)]
pub struct JournalAccessKeys {
    /// The journal's public name.
    #[serde(with = "subrosa_crypto::encoding_hex")]
    pub id: [u8; 32],
    capability: Secret32,
    keys: Vec<(u32, Secret32)>,
    seen: u64,
    #[serde(with = "subrosa_crypto::encoding_hex")]
    head: [u8; 32],
    /// How the heads compare with the log, and with what colleagues have seen.
    #[serde(default)]
    pub(super) watch: HeadWatch,
}

impl JournalAccessKeys {
    /// The journal to which a tip's case secret and claim key lead.
    pub fn from_case_secret(secret: &Secret32, claim_key: &VerifyingKey) -> Self {
        let (journal, access) = meeting(secret, claim_key);
        Self {
            id: journal.0,
            keys: vec![(access.key.generation, access.key.key)],
            capability: access.capability,
            seen: 0,
            head: JournalHead::EMPTY.0,
            watch: HeadWatch::default(),
        }
    }

    /// The journal's public name.
    pub fn journal(&self) -> JournalId {
        JournalId(self.id)
    }

    /// The journal that a colleague handed over; nothing of it was read here yet.
    pub(super) fn from_handover(handed: &CaseHandover) -> Self {
        Self {
            id: handed.journal.0,
            capability: handed.capability.clone(),
            keys: handed.keys.iter().map(|k| (k.generation, k.key.clone())).collect(),
            // What the colleague has read counts as seen: a server that shows the two of them different journals is
            // found out at the first reading.
            seen: handed.seq,
            head: handed.head.0,
            watch: HeadWatch::default(),
        }
    }

    /// What a colleague who joins needs: all keys so far, for every reader reads from the first entry on.
    pub(super) fn handover(&self) -> CaseHandover {
        let hand = |(generation, key): &(u32, Secret32)| HandedKey { generation: *generation, key: key.clone() };
        CaseHandover {
            journal: Digest(self.id),
            capability: self.capability.clone(),
            keys: self.keys.iter().map(hand).collect(),
            seq: self.seen,
            head: Digest(self.head),
        }
    }

    /// Seals the newest key and the capability for somebody who joins.
    pub(super) fn wrap_for(
        &self,
        holder: HolderId,
        recipient: &SealRecipient,
        rng: &mut impl CryptoRng,
    ) -> Result<Wrap, JournalError> {
        let key = self.case_keys().into_iter().max_by_key(|k| k.generation).ok_or(ReplayError::NoKey(0))?;
        let access = CaseAccess { key, capability: self.capability.clone() };
        Ok(access.wrap(&self.journal(), holder, recipient, rng)?)
    }

    fn case_keys(&self) -> Vec<CaseKey> {
        self.keys.iter().map(|(generation, key)| CaseKey { generation: *generation, key: key.clone() }).collect()
    }

    /// Reads the whole journal and checks that it continues what was seen before. Where the key was turned, this
    /// member's part of the new one is opened and kept, also after several turns: each capability reads as far as the
    /// entry that holds the next. Entries that lie on the desk's shelf are not fetched again.
    pub(super) async fn read<T: Transport>(
        &mut self,
        api: &Api<T>,
        hand: &Hand<'_>,
        circuit: Circuit,
    ) -> Result<Replay, JournalError> {
        let begun = self.shelved(hand);
        let kept = begun.replay.seq() > 0;
        match self.read_on(api, hand, circuit, begun).await {
            // What lay here may be at fault: asked once more, for the whole, before the server is accused of anything.
            // It stays until the whole was read: a server that only lies must not be able to destroy what this officer
            // holds.
            Err(e) if kept && !matches!(e, JournalError::Api(_)) => {
                self.read_on(api, hand, circuit, self.beginning()).await
            }
            other => other,
        }
    }

    async fn read_on<T: Transport>(
        &mut self,
        api: &Api<T>,
        hand: &Hand<'_>,
        circuit: Circuit,
        mut reading: Reading,
    ) -> Result<Replay, JournalError> {
        let ctx = hand.ctx.get();
        let from = reading.replay.seq();
        let mut fresh = Vec::new();
        loop {
            let at = reading.replay.seq();
            let access =
                JournalAccess { journal: self.journal(), capability: *reading.capability.expose(), from_seq: at };
            let page = match api.journal_read(&access, circuit).await {
                Err(ApiError::Refused { status: 404, .. }) if self.seen == 0 && at == 0 => {
                    self.watch.begin(hand.leaves.as_deref());
                    return Ok(reading.replay);
                }
                Err(ApiError::Refused { status: 404, .. }) => {
                    return Err(JournalError::Cut { seen: self.seen.max(at), shown: 0 });
                }
                other => other?,
            };
            if page.position.seq < at {
                return Err(JournalError::Cut { seen: self.seen.max(at), shown: page.position.seq });
            }
            if page.from_seq != at || page.entries.is_empty() && page.position.seq > at {
                return Err(ApiError::Garbled { what: "journal/read", why: "wrong page".into() }.into());
            }
            let mut turned = false;
            for entry in page.entries {
                turned |= self.take(&mut reading, &entry, hand, &ctx)?;
                fresh.push(entry.into_vec());
            }
            if !turned && reading.replay.seq() >= page.position.seq {
                if reading.replay.seq() < self.seen {
                    return Err(JournalError::Cut { seen: self.seen, shown: reading.replay.seq() });
                }
                // What lay here already is not in the page: the head says whether the server goes on from the same
                // past.
                if reading.replay.seq() == page.position.seq && reading.replay.head() != page.position.head {
                    return Err(ReplayError::Forked.into());
                }
                break;
            }
        }
        self.compare(api, hand, circuit, &reading).await?;
        Ok(self.keep(hand, reading, from, &fresh))
    }

    /// Compares the heads of what was read with the log, and with what colleagues have seen.
    async fn compare<T: Transport>(
        &mut self,
        api: &Api<T>,
        hand: &Hand<'_>,
        circuit: Circuit,
        reading: &Reading,
    ) -> Result<(), JournalError> {
        let shown = Shown { journal: self.journal(), keys: &reading.keys, heads: &reading.heads };
        if self.watch.has_new(&shown, hand.leaves.as_deref()) {
            // Asked after the reading: what was shown is logged when this epoch closes, or was before.
            let open = api.params(circuit).await?.epoch;
            self.watch.await_new(&shown, open);
        }
        self.watch.compare(&shown, hand.leaves.as_deref());
        Ok(())
    }

    /// Keeps what was read, with the entries from number `from` on that did not lie on the shelf.
    fn keep(&mut self, hand: &Hand<'_>, reading: Reading, from: u64, fresh: &[Vec<u8>]) -> Replay {
        let Reading { replay, keys, capability, .. } = reading;
        if let Some(shelf) = &hand.shelf {
            // Whoever has left a case keeps nothing of it.
            match replay.case().team().any(|h| h == hand.holder()) {
                true if fresh.is_empty() => {}
                true => shelf.keep(&self.journal(), from, fresh),
                false => shelf.forget(&self.journal()),
            }
        }
        self.keys = keys.into_iter().map(|k| (k.generation, k.key)).collect();
        self.capability = capability;
        self.seen = replay.seq();
        self.head = replay.head().0;
        replay
    }

    fn beginning(&self) -> Reading {
        let (replay, capability) = (Replay::new(self.journal()), self.capability.clone());
        Reading { replay, keys: self.case_keys(), capability, heads: Vec::new() }
    }

    /// Takes the next entry. True: it turned the key, and holds what reads on.
    fn take(
        &self,
        reading: &mut Reading,
        entry: &[u8],
        hand: &Hand<'_>,
        ctx: &Context<'_>,
    ) -> Result<bool, JournalError> {
        reading.replay.push(entry, &reading.keys, ctx, hand.now)?;
        reading.heads.push(HeadAfter { generation: generation(entry).ok(), head: reading.replay.head() });
        if reading.replay.seq() == self.seen && reading.replay.head().0 != self.head {
            return Err(ReplayError::Forked.into());
        }
        let Some(access) = self.access_in(&reading.replay, &reading.keys, hand)? else { return Ok(false) };
        reading.keys.retain(|k| k.generation != access.key.generation);
        reading.keys.push(access.key);
        reading.capability = access.capability;
        Ok(true)
    }

    /// What lies on the shelf, read; nothing, if that is not what was seen.
    fn shelved(&self, hand: &Hand<'_>) -> Reading {
        let ctx = hand.ctx.get();
        let mut reading = self.beginning();
        let entries = hand.shelf.as_ref().map(|s| s.load(&self.journal())).unwrap_or_default();
        for entry in &entries {
            if self.take(&mut reading, entry, hand, &ctx).is_err() {
                return self.beginning();
            }
        }
        reading
    }

    /// The case as it was read last, without the server; `None` if nothing of it lies on the shelf.
    pub(super) fn recall(&self, hand: &Hand<'_>) -> Option<Replay> {
        Some(self.shelved(hand).replay).filter(|r| r.seq() > 0)
    }

    /// The journal's entries as the server keeps them, up to what was read last. For a dossier, whose reader checks the
    /// chain without the case key.
    pub async fn entries<T: Transport>(&self, api: &Api<T>, circuit: Circuit) -> Result<Vec<Vec<u8>>, JournalError> {
        let mut entries: Vec<Vec<u8>> = Vec::new();
        let mut head = JournalHead::EMPTY;
        while (entries.len() as u64) < self.seen {
            let access = JournalAccess {
                journal: self.journal(),
                capability: *self.capability.expose(),
                from_seq: entries.len() as u64,
            };
            let page = api.journal_read(&access, circuit).await?;
            if page.entries.is_empty() {
                return Err(JournalError::Cut { seen: self.seen, shown: entries.len() as u64 });
            }
            for entry in page.entries {
                if (entries.len() as u64) < self.seen {
                    head = head.after(&entry);
                    entries.push(entry.into_vec());
                }
            }
        }
        if head.0 == self.head { Ok(entries) } else { Err(ReplayError::Forked.into()) }
    }

    /// What the entry that turned the key last gives this member, if the new one is not known yet. It need not be the
    /// newest entry: that may have let an older one count.
    fn access_in(
        &self,
        replay: &Replay,
        keys: &[CaseKey],
        hand: &Hand<'_>,
    ) -> Result<Option<CaseAccess>, JournalError> {
        let last = replay.events().iter().rev().find_map(|signed| match &signed.event {
            Event::KeyTurned(turned) => Some((signed, turned)),
            _ => None,
        });
        let Some((signed, turned)) = last else { return Ok(None) };
        let known = |k: &CaseKey| key_commitment(&self.journal(), k) == turned.key;
        if keys.iter().any(|k| k.generation == turned.generation && known(k)) {
            return Ok(None);
        }
        let Some(wrap) = turned.wraps.iter().find(|w| w.holder == hand.holder()) else { return Ok(None) };
        CaseAccess::unwrap(wrap, &self.journal(), turned, &hand.wrap)
            .map(Some)
            .map_err(|why| JournalError::Access { by: signed.author.holder, why })
    }

    /// Reads the journal, decides, and appends what follows; if somebody was faster, reads and decides again. `command`
    /// answers `None` when the case already shows what was wanted. If somebody left the case, the key is turned first.
    pub(super) async fn act<'k, T: Transport>(
        &mut self,
        api: &Api<T>,
        hand: &Hand<'_>,
        role: RoleName,
        mut command: impl FnMut(&Case) -> Option<Command<'k>>,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<Replay, JournalError> {
        for _ in 0..ATTEMPTS {
            let replay = self.read(api, hand, circuit).await?;
            if replay.contradicts_clock_of(hand.holder()) {
                return Err(JournalError::Clock);
            }
            if self.settle(api, hand, role, &replay, circuit, rng).await? {
                continue;
            }
            let Some(wanted) = command(replay.case()) else { return Ok(replay) };
            let events = decide_as(replay.case(), role, &hand.signer, wanted, &hand.ctx.get(), replay.seq(), hand.now)?;
            let mut faster = false;
            for event in events {
                if !self.append(api, hand, &replay, Entry { role, event, next: None }, circuit, rng).await? {
                    faster = true;
                    break;
                }
            }
            if faster {
                continue;
            }
            let replay = self.read(api, hand, circuit).await?;
            // A case that has just begun: whoever filed the tip knows its first key, so it is turned at once.
            let begun = replay.case().state() != State::Empty && replay.case().key_generation() == 0;
            if !begun || !self.settle(api, hand, role, &replay, circuit, rng).await? {
                return Ok(replay);
            }
            return self.read(api, hand, circuit).await;
        }
        Err(JournalError::Busy)
    }

    /// Writes down that somebody whom the charter no longer names has left, and turns the key after anybody left. True:
    /// something was written, or a colleague was faster; read again.
    async fn settle<T: Transport>(
        &self,
        api: &Api<T>,
        hand: &Hand<'_>,
        role: RoleName,
        replay: &Replay,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<bool, JournalError> {
        let case = replay.case();
        if case.state() == State::Purged || !case.team().any(|h| h == hand.holder()) {
            return Ok(false);
        }
        let at = hand.now.max(case.last_at());
        let (event, next) = match case.team().find(|h| !hand.ctx.reads_cases(*h, at)) {
            Some(holder) => (Event::MemberLeft { holder }, None),
            None if case.must_turn_key() => {
                let access = CaseAccess {
                    key: CaseKey { generation: case.key_generation().saturating_add(1), key: Secret32::random(rng) },
                    capability: Secret32::random(rng),
                };
                let mut wraps = Vec::new();
                for holder in case.team() {
                    let recipient = hand.ctx.wrap_key(holder).ok_or(JournalError::NoWrapKey(holder))?;
                    wraps.push(access.wrap(&self.journal(), holder, recipient, rng)?);
                }
                let turned = access.turned(&self.journal(), wraps);
                (Event::KeyTurned(turned), Some(access.capability))
            }
            None => return Ok(false),
        };
        let command = Command::Write(event);
        for event in decide_as(case, role, &hand.signer, command, &hand.ctx.get(), replay.seq(), hand.now)? {
            // Whoever turns the key finds it again as everybody does, in its own part: a crash here loses nothing.
            self.append(api, hand, replay, Entry { role, event, next: next.as_ref() }, circuit, rng).await?;
        }
        Ok(true)
    }

    /// Appends one event. False: somebody was faster.
    async fn append<T: Transport>(
        &self,
        api: &Api<T>,
        hand: &Hand<'_>,
        replay: &Replay,
        entry: Entry<'_>,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<bool, JournalError> {
        let mut nonce = [0; 24];
        rng.fill_bytes(&mut nonce);
        let Entry { role, event, next } = entry;
        let closed = api.params(circuit).await?.last_published.unwrap_or(0);
        let (keys, when) = (self.case_keys(), Moment { now: hand.now, closed });
        let entry = replay.write(role, event, &hand.signer, &keys, &nonce, when)?;
        let key = keys.iter().find(|k| k.generation == replay.case().key_generation());
        let key = key.ok_or(ReplayError::NoKey(replay.case().key_generation()))?;
        let mut append = JournalAppend {
            work: Work { log_size: 0, nonce: 0 },
            journal: self.journal(),
            expected_seq: replay.seq(),
            expected_head: replay.head(),
            capability: *self.capability.expose(),
            next_cap_hash: journal_cap_hash(next.unwrap_or(&self.capability).expose()),
            leaf: leaf(&self.journal(), key, replay.seq(), &replay.head().after(&entry)),
            entry,
            keeper: None,
        };
        if let Some(asked) = append.asks() {
            append.keeper = Some(hand.ask(&asked, api, circuit).await?);
        }
        match api.journal_append(append, circuit).await {
            Ok(Appended::Done(_)) => Ok(true),
            Ok(Appended::Conflict(_)) => Ok(false),
            // A colleague turned the key in between: read again, with what that entry gives.
            Err(ApiError::Refused { status: 404, .. }) if self.seen > 0 => Ok(false),
            Err(e) => Err(e.into()),
        }
    }

    /// How many entries this desk has read.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Destroys the journal on the server.
    pub(super) async fn purge<T: Transport>(
        &self,
        api: &Api<T>,
        hand: &Hand<'_>,
        circuit: Circuit,
    ) -> Result<(), JournalError> {
        let (journal, capability) = (self.journal(), *self.capability.expose());
        let keeper = hand.ask(&JournalPurge::asks(journal, &capability), api, circuit).await?;
        match api.journal_purge(&JournalPurge { journal, capability, keeper }, circuit).await {
            // A colleague was faster.
            Err(ApiError::Refused { status: 404 | 410, .. }) | Ok(()) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }
}

fn decide_as(
    case: &Case,
    role: RoleName,
    signer: &SigningKey,
    command: Command<'_>,
    ctx: &Context<'_>,
    seq: u64,
    now: u64,
) -> Result<Vec<Event>, Refusal> {
    match role {
        RoleName::Triager => decide(case, &ctx.members.authorise::<Triager>(signer, now)?, command, ctx, seq, now),
        RoleName::Investigator => {
            decide(case, &ctx.members.authorise::<Investigator>(signer, now)?, command, ctx, seq, now)
        }
        RoleName::Adjudicator => {
            decide(case, &ctx.members.authorise::<Adjudicator>(signer, now)?, command, ctx, seq, now)
        }
        RoleName::Finance => {
            let who = ctx.members.authorise::<subrosa_casework::role::Finance>(signer, now)?;
            decide(case, &who, command, ctx, seq, now)
        }
    }
}
