//! The journal: events signed by their authors, chained, and encrypted under the case key.
//!
//! Spec: `docs/spec/case.md`, section "Journal". The server keeps the entries and compares heads; it reads nothing.

mod dating;
mod fault;

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use subrosa_crypto::{
    encoding::{
        Codec, DecodeError, Reader,
        cbor::{self, CborError},
        put_var,
    },
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey, VerifyingKey},
    wire::{JOURNAL_ENTRY_MAX, JOURNAL_STEP, JournalBytes, JournalHead, JournalId},
};
use thiserror::Error;

use self::dating::EpochClock;
pub use self::{
    dating::{Moment, SKEW},
    fault::{EntryFault, PassedOver, ReplayError},
};
use crate::{
    access::key_commitment,
    bytes::Signature,
    case::{Author, Case, Context, Event, admit},
    refusal::{Refusal, Rule},
    role::RoleName,
};

const VERSION: u8 = 1;
/// Version 1 of a signed event held tips and messages that the source had not signed, version 2 named no epoch; no
/// reader takes them.
const EVENT_VERSION: u8 = 3;
/// `version || generation || nonce` in front of each entry's ciphertext.
const HEADER: usize = 1 + 4 + 24;
const TAG: usize = 16;

/// An event as its author signed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedEvent {
    /// Who, in what role, at which place, and when by the author's own clock. When the case takes an entry to have
    /// happened: [`Replay::times`].
    pub author: Author,
    /// The newest closed epoch that the author knew of; 0 if none.
    pub closed: u64,
    /// The chain's head before this entry.
    pub prev_head: JournalHead,
    /// What happened, as the author states it. That the rules admit it is decided by [`Replay::push`].
    pub event: Event,
    body: JournalBytes,
    signature: Signature,
}

/// Why bytes are not a signed event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventError {
    /// The frame is wrong.
    #[error("the entry is damaged: {0}")]
    Frame(#[from] DecodeError),
    /// The event inside is not one that this program knows, or is not written in its one encoding.
    #[error("the event cannot be read: {0}")]
    Cbor(#[from] CborError),
    /// What belongs to the event is missing.
    #[error("the event cannot be read: {0}")]
    Event(String),
    /// The event is too long for one entry.
    #[error("the event is too long for one journal entry")]
    TooLong,
}

impl SignedEvent {
    /// Signs an event for its place: domain `subrosa/sig/journal/v1` over
    /// `journal id || everything before the signature`.
    ///
    /// # Errors
    /// [`EventError::TooLong`] if the event is longer than an entry; [`EventError::Cbor`] if it cannot be encoded (no
    /// event of this crate does that).
    pub fn sign(
        journal: &JournalId,
        author: Author,
        closed: u64,
        prev_head: JournalHead,
        event: Event,
        key: &SigningKey,
    ) -> Result<Self, EventError> {
        let mut body = Vec::new();
        cbor::write(&event, &mut body)?;
        let body = body.try_into().map_err(|_| EventError::TooLong)?;
        let mut signed = Self { author, closed, prev_head, event, body, signature: Signature([0; 64]) };
        signed.signature = Signature(key.sign(Domain::JOURNAL, &signed.signed_part(journal)));
        Ok(signed)
    }

    fn fields(&self) -> Vec<u8> {
        let mut out = (EVENT_VERSION, self.author.seq, self.prev_head).encode();
        (self.author.holder, self.author.role.to_byte(), (self.author.at, self.closed)).write(&mut out);
        self.body.write(&mut out);
        out
    }

    fn signed_part(&self, journal: &JournalId) -> Vec<u8> {
        [journal.0.as_slice(), &self.fields()].concat()
    }

    /// `version || seq || prev_head || author || role || at || closed || var(CBOR of the event) || signature`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.fields();
        self.signature.write(&mut out);
        out
    }

    /// Reads an event; its signature is not verified yet.
    ///
    /// # Errors
    /// Damaged frame, unknown event, or bytes after the end.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        let mut r = Reader::new(bytes);
        r.version(EVENT_VERSION)?;
        let seq = r.u64("seq")?;
        let prev_head = r.get("prev_head")?;
        let holder = r.get("author")?;
        let role = RoleName::from_byte(r.u8("role")?).ok_or(DecodeError::Invalid("role"))?;
        let at = r.u64("at")?;
        let closed = r.u64("closed")?;
        let body: JournalBytes = r.get("event")?;
        let signature = r.get("signature")?;
        r.end()?;
        let event = cbor::read(&body)?;
        Ok(Self { author: Author { holder, role, at, seq }, closed, prev_head, event, body, signature })
    }

    /// Refuses a signature that `key` did not make for this journal and place.
    ///
    /// # Errors
    /// [`Rule::BadSignature`].
    pub fn verify(&self, journal: &JournalId, key: &VerifyingKey) -> Result<(), Refusal> {
        key.verify(Domain::JOURNAL, &self.signed_part(journal), &self.signature.0)
            .map_err(|_| Rule::BadSignature.into())
    }
}

/// One generation of a case's key.
#[derive(Clone)]
pub struct CaseKey {
    /// Counted from zero; one more at each turn.
    pub generation: u32,
    /// 32 bytes that encrypt every entry of this generation.
    pub key: Secret32,
}

impl fmt::Debug for CaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CaseKey(generation {}, [redacted])", self.generation)
    }
}

fn aad(journal: &JournalId, generation: u32, seq: u64, prev_head: &JournalHead) -> Vec<u8> {
    ((VERSION, generation), (*journal, seq), *prev_head).encode()
}

/// Encrypts a signed event for its place: `version || generation || nonce || XChaCha20-Poly1305(var(event) || zeros)`,
/// padded to a multiple of [`JOURNAL_STEP`]. `nonce` is fresh and random.
///
/// # Errors
/// [`EventError::TooLong`] if it does not fit [`JOURNAL_ENTRY_MAX`].
pub fn seal(
    journal: &JournalId,
    key: &CaseKey,
    nonce: &[u8; 24],
    event: &SignedEvent,
) -> Result<JournalBytes, EventError> {
    let mut plain = Vec::new();
    put_var(&mut plain, &event.encode()).map_err(|_| EventError::TooLong)?;
    let total = (HEADER + plain.len() + TAG).next_multiple_of(JOURNAL_STEP);
    if total > JOURNAL_ENTRY_MAX {
        return Err(EventError::TooLong);
    }
    plain.resize(total - HEADER - TAG, 0);
    let aad = aad(journal, key.generation, event.author.seq, &event.prev_head);
    let sealed = XChaCha20Poly1305::new(key.key.expose().into())
        .encrypt(&XNonce::from(*nonce), Payload { msg: &plain, aad: &aad })
        .map_err(|_| EventError::TooLong)?;
    let mut out = (VERSION, key.generation, *nonce).encode();
    out.extend_from_slice(&sealed);
    out.try_into().map_err(|_| EventError::TooLong)
}

/// The generation of the key that an entry asks for.
///
/// # Errors
/// Too short, or another version.
pub fn generation(entry: &[u8]) -> Result<u32, DecodeError> {
    let mut r = Reader::new(entry);
    r.version(VERSION)?;
    r.u32("generation")
}

/// Decrypts an entry at its place. The signature inside is not verified yet.
///
/// # Errors
/// [`EntryFault::NoKey`] if `keys` lacks the generation; [`EntryFault::Unreadable`] if the entry is damaged or from
/// another place.
pub fn open(
    journal: &JournalId,
    keys: &[CaseKey],
    seq: u64,
    prev_head: &JournalHead,
    entry: &[u8],
) -> Result<SignedEvent, EntryFault> {
    let unreadable = |_| EntryFault::Unreadable;
    let mut r = Reader::new(entry);
    r.version(VERSION).map_err(unreadable)?;
    let generation = r.u32("generation").map_err(unreadable)?;
    let nonce: [u8; 24] = r.array("nonce").map_err(unreadable)?;
    let sealed = r.rest();
    let key = keys.iter().find(|k| k.generation == generation).ok_or(EntryFault::NoKey { generation })?;
    let plain = XChaCha20Poly1305::new(key.key.expose().into())
        .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad(journal, generation, seq, prev_head) })
        .map_err(|_| EntryFault::Unreadable)?;
    let mut r = Reader::new(&plain);
    let event = r.var(JOURNAL_ENTRY_MAX, "event").map_err(unreadable)?;
    if r.rest().iter().any(|b| *b != 0) {
        return Err(EntryFault::Unreadable);
    }
    SignedEvent::decode(event).map_err(EntryFault::Malformed)
}

/// How far ahead of a reader's clock, and of the clocks of those who write after it, an entry may be dated: seconds.
/// One that is dated later does not count, and holds nothing up.
pub const FUTURE_MAX: u64 = 24 * 60 * 60;
/// How often reading begins anew for an entry that is met while it has begun anew.
const AGAIN_MAX: u8 = 2;

/// An entry that opened at its place and that a member signed, with the generation of its key.
#[derive(Clone, Debug)]
struct Opened {
    signed: SignedEvent,
    generation: u32,
}

/// A journal being read, entry by entry, into its case.
#[derive(Clone, Debug)]
pub struct Replay {
    case: Case,
    seq: u64,
    head: JournalHead,
    events: Vec<SignedEvent>,
    /// Of each event, the generation of its key.
    generations: Vec<u32>,
    /// Of each event, when it happened.
    times: Vec<u64>,
    /// Of each event, when it would have happened if it were the only one behind its date and its epoch.
    stated: Vec<u64>,
    passed_over: Vec<PassedOver>,
    /// Those of the entries passed over that opened: they may count once others do not.
    refused: Vec<Opened>,
    /// Places of entries that a later one has shown to be from the future.
    settled: BTreeSet<u64>,
    /// By place, the latest time at which an entry can have happened, as a later one has shown.
    caps: BTreeMap<u64, u64>,
    clock: EpochClock,
    /// Whether two people are ahead of the reader's clock: then it is the clock that is wrong.
    slow: bool,
}

impl Replay {
    /// At the beginning of a journal.
    pub fn new(journal: JournalId) -> Self {
        Self {
            case: Case::empty(journal),
            seq: 0,
            head: JournalHead::EMPTY,
            events: Vec::new(),
            generations: Vec::new(),
            times: Vec::new(),
            stated: Vec::new(),
            passed_over: Vec::new(),
            refused: Vec::new(),
            settled: BTreeSet::new(),
            caps: BTreeMap::new(),
            clock: EpochClock::default(),
            slow: false,
        }
    }

    /// The case as read so far.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The case as it was before the entry `seq`: made by the entries before it that count.
    pub fn case_at(&self, seq: u64, ctx: &Context<'_>) -> Case {
        let mut case = Case::empty(self.case.id());
        for (event, at) in self.events.iter().zip(&self.times).take_while(|(e, _)| e.author.seq < seq) {
            case.apply(&Author { at: *at, ..event.author }, event.event.clone(), ctx);
        }
        case
    }

    /// Entries read so far: the next one's sequence number.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The chain's head.
    pub fn head(&self) -> JournalHead {
        self.head
    }

    /// The events that count, in order.
    pub fn events(&self) -> &[SignedEvent] {
        &self.events
    }

    /// The entries that do not.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed_over
    }

    /// Whether the clock under which this was read is in doubt: entries of two people, or of `holder`, who reads, are
    /// dated more than a day after it. What is written with it would not count, or make others give way.
    pub fn contradicts_clock_of(&self, holder: HolderId) -> bool {
        let open = self.passed_over.iter().filter(|p| !self.settled.contains(&p.seq));
        let ahead: BTreeSet<HolderId> = open
            .filter_map(|p| match &p.fault {
                EntryFault::Refused { author, refusal } if refusal.rule == Rule::FromTheFuture => Some(*author),
                _ => None,
            })
            .collect();
        ahead.contains(&holder) || ahead.len() > 1
    }

    /// Reads the next entry. `Ok(Some(_))` says that it was passed over, and why.
    ///
    /// # Errors
    /// The journal cannot be read further; nothing changed.
    pub fn push(
        &mut self,
        entry: &[u8],
        keys: &[CaseKey],
        ctx: &Context<'_>,
        now: u64,
    ) -> Result<Option<&PassedOver>, ReplayError> {
        self.same_key(keys)?;
        let opened = self.open_next(entry, keys, ctx);
        if let Err(EntryFault::NoKey { generation }) = &opened
            && *generation <= self.case.key_generation()
        {
            return Err(ReplayError::NoKey(*generation));
        }
        let seq = self.seq;
        self.seq += 1;
        self.head = self.head.after(entry);
        let counts = match opened {
            Ok(opened) => self.take(opened, ctx, now, AGAIN_MAX),
            Err(fault) => {
                self.passed_over.push(PassedOver { seq, fault });
                false
            }
        };
        Ok(self.passed_over.last().filter(|_| !counts))
    }

    /// Refuses to read under another key than the one that the entry which turned it commits to: what does not open for
    /// this reader may open for colleagues.
    fn same_key(&self, keys: &[CaseKey]) -> Result<(), ReplayError> {
        let Some((commitment, by)) = self.case.key_commitment() else { return Ok(()) };
        let generation = self.case.key_generation();
        match keys.iter().find(|k| k.generation == generation) {
            Some(key) if key_commitment(&self.case.id(), key) != commitment => {
                Err(ReplayError::OtherKey { generation, by })
            }
            _ => Ok(()),
        }
    }

    /// The next entry, if it opens at its place and a member signed it.
    fn open_next(&self, entry: &[u8], keys: &[CaseKey], ctx: &Context<'_>) -> Result<Opened, EntryFault> {
        let signed = open(&self.case.id(), keys, self.seq, &self.head, entry)?;
        let fault = |refusal: Refusal| refused(&signed, refusal);
        let Author { holder, role, at, seq } = signed.author;
        if seq != self.seq || signed.prev_head != self.head {
            return Err(fault(Rule::ChainBroken.into()));
        }
        let member = ctx.members.check(holder, role, at).map_err(fault)?;
        signed.verify(&self.case.id(), &member.key).map_err(fault)?;
        Ok(Opened { signed, generation: generation(entry).map_err(|_| EntryFault::Unreadable)? })
    }

    /// Takes an entry into the case, or passes it over. True: it counts.
    ///
    /// What its author had not counted does not count from here on either, and what was refused because of that may
    /// count now.
    fn take(&mut self, opened: Opened, ctx: &Context<'_>, now: u64, again: u8) -> bool {
        if !self.slow && self.shows_slow(&opened.signed, now) {
            self.slow = true;
            *self = self.without(&BTreeSet::new(), &BTreeMap::new(), ctx, now, again);
        }
        let verdict = match self.late_for(&opened.signed) {
            Err(fault) => Err(fault),
            Ok(late) => {
                let caps = self.ahead_of(&opened.signed);
                if again == 0 || late.is_empty() && caps.is_empty() {
                    self.judge(&opened, ctx, now)
                } else {
                    let mut seen = self.without(&late, &caps, ctx, now, again - 1);
                    // What counts only now may be dated ahead too.
                    let caps = seen.ahead_of(&opened.signed);
                    if !caps.is_empty() {
                        seen = seen.without(&BTreeSet::new(), &caps, ctx, now, again - 1);
                    }
                    let verdict = seen.judge(&opened, ctx, now);
                    match verdict.is_ok() {
                        true => *self = seen,
                        // A date that is only less than a day early speaks against no entry that it does not follow.
                        false if late.is_empty() => return self.count(opened, None, ctx, now),
                        false => {}
                    }
                    verdict
                }
            }
        };
        self.count(opened, Some(verdict), ctx, now)
    }

    /// Counts an entry, or passes it over, as the verdict says; without one it is judged.
    fn count(&mut self, opened: Opened, verdict: Option<Result<(), EntryFault>>, ctx: &Context<'_>, now: u64) -> bool {
        match verdict.unwrap_or_else(|| self.judge(&opened, ctx, now)) {
            Ok(()) => {
                let Opened { signed, generation } = opened;
                let at = self.time_of(&signed, now);
                self.stated.push(self.stated_by(&signed));
                self.case.apply(&Author { at, ..signed.author }, signed.event.clone(), ctx);
                self.clock.saw(signed.author.holder, at, signed.closed, ctx.programme.epoch_seconds);
                self.events.push(signed);
                self.generations.push(generation);
                self.times.push(at);
                true
            }
            Err(fault) => {
                self.passed_over.push(PassedOver { seq: opened.signed.author.seq, fault });
                self.refused.push(opened);
                false
            }
        }
    }

    /// Whether an entry may stand here.
    fn judge(&self, opened: &Opened, ctx: &Context<'_>, now: u64) -> Result<(), EntryFault> {
        let signed = &opened.signed;
        let fault = |refusal: Refusal| refused(signed, refusal);
        if opened.generation != self.case.key_generation() {
            return Err(fault(Rule::WrongKeyGeneration.into()));
        }
        let author = Author { at: self.time_of(signed, now), ..signed.author };
        admit(&self.case, &author, &signed.event, ctx).map_err(fault)?;
        if signed.author.at > now.saturating_add(FUTURE_MAX) {
            return Err(fault(Rule::FromTheFuture.into()));
        }
        Ok(())
    }

    /// The places of earlier entries that were from the future for the author of `next`, by that author's own clock:
    /// honest programs do not count them, and wrote `next` without them. One person's entries give way to another's;
    /// where two people agree, and where they are the author's own, they stay.
    fn late_for(&self, next: &SignedEvent) -> Result<BTreeSet<u64>, EntryFault> {
        let late = |e: &&SignedEvent| e.author.at > next.author.at.saturating_add(FUTURE_MAX);
        let mut authors = self.events.iter().filter(late).map(|e| e.author.holder);
        let Some(first) = authors.next() else { return Ok(BTreeSet::new()) };
        if first == next.author.holder || authors.any(|a| a != first) {
            return Err(refused(next, Rule::TimeBackwards.into()));
        }
        let all = self.events.iter().chain(self.refused.iter().map(|o| &o.signed));
        Ok(all.filter(late).map(|e| e.author.seq).collect())
    }

    /// The journal so far, read anew without the entries at these places, and with these latest times of others.
    fn without(&self, late: &BTreeSet<u64>, caps: &BTreeMap<u64, u64>, ctx: &Context<'_>, now: u64, again: u8) -> Self {
        let opens: BTreeSet<u64> = self.refused.iter().map(|o| o.signed.author.seq).collect();
        let mut anew = Self { seq: self.seq, head: self.head, ..Self::new(self.case.id()) };
        anew.settled = &self.settled | late;
        anew.caps = self.caps.clone();
        anew.caps.extend(caps);
        anew.slow = self.slow;
        anew.passed_over = self.passed_over.iter().filter(|p| !opens.contains(&p.seq)).cloned().collect();
        let counted = self.events.iter().zip(&self.generations);
        let mut all: Vec<Opened> =
            counted.map(|(e, g)| Opened { signed: e.clone(), generation: *g }).chain(self.refused.clone()).collect();
        all.sort_by_key(|o| o.signed.author.seq);
        for opened in all {
            let seq = opened.signed.author.seq;
            if anew.settled.contains(&seq) {
                // Whoever read it in time named the rule that it breaks besides, if there is one.
                let ahead = || refused(&opened.signed, Rule::FromTheFuture.into());
                let fault = anew.judge(&opened, ctx, now).err().unwrap_or_else(ahead);
                anew.passed_over.push(PassedOver { seq, fault });
                anew.refused.push(opened);
            } else {
                anew.take(opened, ctx, now, again);
            }
        }
        anew.passed_over.sort_by_key(|p| p.seq);
        anew
    }

    /// Signs and encrypts an event that [`crate::case::decide`] gave, for the next place. The caller appends it by
    /// compare-and-swap and, if somebody was first, reads what came in between and decides again.
    ///
    /// # Errors
    /// Too long, or the current key is missing ([`EventError::Event`]).
    pub fn write(
        &self,
        role: RoleName,
        event: Event,
        signer: &SigningKey,
        keys: &[CaseKey],
        nonce: &[u8; 24],
        when: impl Into<Moment>,
    ) -> Result<JournalBytes, EventError> {
        let generation = self.case.key_generation();
        let key = keys
            .iter()
            .find(|k| k.generation == generation)
            .ok_or_else(|| EventError::Event(format!("the case key of generation {generation} is missing")))?;
        let holder = signer.verifying_key().holder_id();
        let Moment { now, closed } = when.into();
        let author = Author { holder, role, at: now, seq: self.seq };
        // What a server says of epochs must not date an honest entry: none is named that cannot have closed by now.
        let closed = closed.min(self.clock.newest_by(now));
        let event = SignedEvent::sign(&self.case.id(), author, closed, self.head, event, signer)?;
        seal(&self.case.id(), key, nonce, &event)
    }
}

fn refused(signed: &SignedEvent, refusal: Refusal) -> EntryFault {
    EntryFault::Refused { author: signed.author.holder, refusal }
}

/// Reads a whole journal.
///
/// # Errors
/// See [`ReplayError`].
pub fn replay<'e>(
    journal: JournalId,
    entries: impl IntoIterator<Item = &'e [u8]>,
    keys: &[CaseKey],
    ctx: &Context<'_>,
    now: u64,
) -> Result<Replay, ReplayError> {
    let mut replay = Replay::new(journal);
    for entry in entries {
        replay.push(entry, keys, ctx, now)?;
    }
    Ok(replay)
}
