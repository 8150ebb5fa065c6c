//! What a source keeps between visits: one envelope to itself, found and opened with the passphrase alone.
//!
//! Spec: `docs/spec/source-state.md`. It holds ratchets, places and award shares; of what the source has sent only
//! digests, of what it has acknowledged nothing.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    delivery::{Drop, cover_hint},
    encoding::cbor,
    envelope::{self, EnvelopeError},
    passphrase::MasterKey,
    ratchet::Session,
    seal::SealSecret,
    sign::{HolderId, SigningKey},
    token::Denomination,
    wire::Envelope,
};
use zeroize::Zeroizing;

use super::award::AwardState;
use crate::message::Notice;

/// Version 1 named no journal, grew with every message and held one award alone.
const VERSION: u8 = 2;
/// Digests of the newest messages that a state keeps, so that a lost answer is recognised.
const RECENT_MAX: usize = 4;
/// State numbers that a return tries beyond the last one found. Each visit that changes something uses one.
pub const STATE_SEARCH: u64 = 4096;

/// The conversation with one officer.
#[derive(Serialize, Deserialize)]
pub struct Correspondent {
    /// The officer on the other side, by the short name of the charter's keys.
    pub holder: HolderId,
    /// The sealed ratchet.
    pub session: Session,
    /// Whether first contact used a one-time key.
    pub one_time: bool,
}

/// The whole state.
#[derive(Serialize, Deserialize)]
pub struct SourceState {
    /// The officers written to.
    pub correspondents: Vec<Correspondent>,
    /// The case: the journal's name, to which everything that the source says is bound.
    pub journal: Digest,
    /// How many messages were sent, the tip among them: the next one's number.
    pub sent: u64,
    /// Digests of the newest ones, oldest first.
    pub recent: Vec<Digest>,
    /// The first epoch in which unread replies may lie.
    pub cursor: u64,
    /// The newest charter seen: version and digest. An older or different one is refused.
    pub charter: (u64, [u8; 32]),
    /// The newest log checkpoint seen: size and root. A log that does not extend it is a fork.
    pub log: Option<(u64, [u8; 32])>,
    /// What the officers said last about the case: its state.
    pub case_state: Option<String>,
    /// Awards that officers announced, oldest first.
    pub awards: Vec<AwardState>,
    /// The day on which the tip was filed, in days since 1970-01-01: the legal periods run from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_day: Option<u32>,
    /// The number of the next upload secret.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub next_upload: u64,
    /// Upload secrets whose files were sent, and which the next visit destroys if this one could not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spent_uploads: Vec<u64>,
    /// The number of the oldest cover that was not fetched yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cover_from: u64,
    /// The number of the next cover: what lies between is on the board.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cover_next: u64,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl core::fmt::Debug for SourceState {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SourceState([redacted])")
    }
}

/// Announcements of awards that are kept of one officer: at most. An officer who announces what nobody decided takes
/// room from their own announcements alone.
const AWARDS_OF_ONE: usize = 4;

impl SourceState {
    /// The award to show: one that administrators answer, or the one that was announced last.
    pub fn award(&self) -> Option<&AwardState> {
        self.awards.iter().find(|a| !a.answers.is_empty()).or_else(|| self.awards.last())
    }

    /// Keeps what an officer announced. What another officer announced, true or false, stays beside it.
    pub(super) fn take_notice(&mut self, from: HolderId, notice: &Notice, denominations: &[Denomination]) {
        self.case_state = Some(notice.state.clone());
        let Some(new) = &notice.award else { return };
        let (reference, amount_cents) = (new.reference, new.amount_cents);
        if self.awards.iter().any(|a| a.reference == reference && a.amount_cents == amount_cents) {
            return;
        }
        let of_one = self.awards.iter().filter(|a| a.from == from).count();
        if of_one >= AWARDS_OF_ONE {
            match self.awards.iter().position(|a| a.from == from && a.answers.is_empty()) {
                Some(oldest) => drop(self.awards.remove(oldest)),
                None => return,
            }
        }
        let (since, denominations) = (self.cursor, denominations.to_vec());
        let new =
            AwardState { from, reference, amount_cents, denominations, since, requested: false, answers: Vec::new() };
        self.awards.push(new);
    }
}

/// Why a state could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It does not fit, or does not open.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// It opens, but is not a state of this version.
    #[error("what was kept for this passphrase was written by another version of the program")]
    Version,
}

/// Envelopes that a visit fetches, letters or cover: a multiple of this, as far as there is cover.
const ROUND: u64 = 3;

/// How much cover a visit fetches that has fetched `letters` envelopes.
pub(super) fn cover_beside(letters: u64) -> u64 {
    letters.div_ceil(ROUND).max(1).saturating_mul(ROUND).saturating_sub(letters)
}

/// Where cover number `n` lies.
pub fn cover_drop(master: &MasterKey, n: u64) -> Drop {
    Drop::own(&master.derive("subrosa/cover-drop/v1", &[&n.to_be_bytes()]))
}

/// Where state number `n` lies.
pub fn state_drop(master: &MasterKey, n: u64) -> Drop {
    Drop::own(&master.derive("subrosa/state-drop/v1", &[&n.to_be_bytes()]))
}

pub(crate) fn state_key(master: &MasterKey, n: u64) -> SealSecret {
    SealSecret::from_seed(master.derive("subrosa/state-seal/v1", &[&n.to_be_bytes()]))
}

/// The key that proves authorship of the tip.
pub fn claim_key(master: &MasterKey) -> SigningKey {
    SigningKey::from_seed(&master.derive("subrosa/claim-key/v1", &[]))
}

impl SourceState {
    /// Notes that a message was sent under the next number.
    pub(super) fn note_sent(&mut self, digest: Digest) {
        self.sent = self.sent.saturating_add(1);
        self.recent.push(digest);
        if self.recent.len() > RECENT_MAX {
            self.recent.remove(0);
        }
    }

    /// Seals the state as number `n`.
    pub fn write(&self, master: &MasterKey, n: u64, rng: &mut impl CryptoRng) -> Result<Envelope, StateError> {
        let bytes = self.encode()?;
        let recipient = state_key(master, n).recipient().map_err(EnvelopeError::from)?;
        Ok(envelope::write(&state_drop(master, n), cover_hint(rng), &recipient, &[0; 16], &bytes, rng)?)
    }

    /// Opens state number `n`.
    pub fn read(master: &MasterKey, n: u64, body: &[u8]) -> Result<Self, StateError> {
        let drop = state_drop(master, n);
        Self::decode(&envelope::read(&drop, &state_key(master, n), body)?)
    }

    /// What the envelope carries: the version and one CBOR map.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, StateError> {
        let mut bytes = Zeroizing::new(vec![VERSION]);
        cbor::write(self, &mut bytes).map_err(|_| StateError::Version)?;
        Ok(bytes)
    }

    /// Reads what an envelope carried.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateError> {
        let (version, rest) = bytes.split_first().ok_or(StateError::Version)?;
        if *version != VERSION {
            return Err(StateError::Version);
        }
        cbor::read(rest).map_err(|_| StateError::Version)
    }
}
