//! A case's journal as one officer's desk knows it: capability, keys, and how to read and append.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    case::{Case, Command, Context, Event, decide},
    journal::{CaseKey, EventError, Replay, ReplayError},
    refusal::Refusal,
    role::{Adjudicator, Investigator, RoleName, Triager},
};
use subrosa_crypto::{
    kdf,
    secret::Secret32,
    sign::SigningKey,
    wire::{JournalAccess, JournalAppend, JournalHead, JournalId},
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError, Appended},
    transport::{Circuit, Transport},
};

/// Times that an append is decided again because somebody else was faster.
const ATTEMPTS: usize = 8;

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
}

impl JournalAccessKeys {
    /// The journal that a tip's case secret opens.
    pub fn from_case_secret(secret: &Secret32) -> Self {
        let capability = kdf::derive(b"", secret.expose(), "subrosa/case-capability/v1", &[]);
        Self {
            id: journal_cap_hash(&capability),
            keys: vec![(0, kdf::derive(b"", secret.expose(), "subrosa/case-key/v1", &[]))],
            capability,
            seen: 0,
            head: JournalHead::EMPTY.0,
        }
    }

    /// The journal's public name.
    pub fn journal(&self) -> JournalId {
        JournalId(self.id)
    }

    fn case_keys(&self) -> Vec<CaseKey> {
        self.keys.iter().map(|(generation, key)| CaseKey { generation: *generation, key: key.clone() }).collect()
    }

    /// Reads the whole journal and checks that it continues what was seen before.
    pub async fn read<T: Transport>(
        &mut self,
        api: &Api<T>,
        ctx: &Context<'_>,
        now: u64,
        circuit: Circuit,
    ) -> Result<Replay, JournalError> {
        let mut replay = Replay::new(self.journal());
        let keys = self.case_keys();
        loop {
            let access = JournalAccess {
                journal: self.journal(),
                capability: *self.capability.expose(),
                from_seq: replay.seq(),
            };
            let page = match api.journal_read(&access, circuit).await {
                Err(ApiError::Refused { status: 404, .. }) if self.seen == 0 => return Ok(replay),
                Err(ApiError::Refused { status: 404, .. }) => {
                    return Err(JournalError::Cut { seen: self.seen, shown: 0 });
                }
                other => other?,
            };
            if page.from_seq != replay.seq() || page.entries.is_empty() && page.position.seq > replay.seq() {
                return Err(ApiError::Garbled { what: "journal/read", why: "wrong page".into() }.into());
            }
            for entry in &page.entries {
                replay.push(entry, &keys, ctx, now)?;
                if replay.seq() == self.seen && replay.head().0 != self.head {
                    return Err(ReplayError::Forked.into());
                }
            }
            if replay.seq() >= page.position.seq {
                break;
            }
        }
        if replay.seq() < self.seen {
            return Err(JournalError::Cut { seen: self.seen, shown: replay.seq() });
        }
        self.seen = replay.seq();
        self.head = replay.head().0;
        Ok(replay)
    }

    /// The journal's entries as the server keeps them, up to what was read last. For a dossier, whose reader checks the chain without the case key.
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
                    entries.push(entry);
                }
            }
        }
        if head.0 == self.head { Ok(entries) } else { Err(ReplayError::Forked.into()) }
    }

    /// Reads the journal, decides, and appends what follows; if somebody was faster, reads and decides again. `command` answers `None` when the
    /// case already shows what was wanted.
    #[expect(clippy::too_many_arguments, reason = "an act has an author, a role, a time, a place and a context")]
    pub async fn act<'k, T: Transport>(
        &mut self,
        api: &Api<T>,
        ctx: &Context<'_>,
        signer: &SigningKey,
        role: RoleName,
        mut command: impl FnMut(&Case) -> Option<Command<'k>>,
        now: u64,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<Replay, JournalError> {
        for _ in 0..ATTEMPTS {
            let replay = self.read(api, ctx, now, circuit).await?;
            let Some(wanted) = command(replay.case()) else { return Ok(replay) };
            let events = decide_as(replay.case(), role, signer, wanted, ctx, replay.seq(), now)?;
            let mut faster = false;
            for event in events {
                if !self.append(api, &replay, signer, role, event, now, circuit, rng).await? {
                    faster = true;
                    break;
                }
            }
            if !faster {
                return self.read(api, ctx, now, circuit).await;
            }
        }
        Err(JournalError::Busy)
    }

    #[expect(clippy::too_many_arguments, reason = "as above")]
    async fn append<T: Transport>(
        &self,
        api: &Api<T>,
        replay: &Replay,
        signer: &SigningKey,
        role: RoleName,
        event: Event,
        now: u64,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<bool, JournalError> {
        let mut nonce = [0; 24];
        rng.fill_bytes(&mut nonce);
        let entry = replay.write(role, event, signer, &self.case_keys(), &nonce, now)?;
        let append = JournalAppend {
            journal: self.journal(),
            expected_seq: replay.seq(),
            expected_head: replay.head(),
            capability: *self.capability.expose(),
            next_cap_hash: journal_cap_hash(&self.capability),
            entry,
        };
        Ok(matches!(api.journal_append(&append, circuit).await?, Appended::Done(_)))
    }

    /// Destroys the journal on the server.
    pub async fn purge<T: Transport>(&self, api: &Api<T>, circuit: Circuit) -> Result<(), JournalError> {
        let access = JournalAccess { journal: self.journal(), capability: *self.capability.expose(), from_seq: 0 };
        match api.journal_purge(&access, circuit).await {
            // A colleague was faster.
            Err(ApiError::Refused { status: 404 | 410, .. }) | Ok(()) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }
}

fn journal_cap_hash(capability: &Secret32) -> [u8; 32] {
    kdf::digest("subrosa/journal-capability/v1", &[capability.expose()])
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
