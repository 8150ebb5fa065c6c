//! The sealed ratchet: Olm's Double Ratchet inside, HPKE X-Wing outside, the receiver's newest X-Wing key each time.
//!
//! Spec: `docs/spec/ratchet.md`. Each message carries a new *generation* of its sender: an X-Wing key and the start of
//! a chain of places on the board. The peer answers under the newest generation it knows. What a generation opened is
//! closed for good once the next one is in use and the reader has acknowledged: vodozemac has dropped the message key,
//! and the generation's X-Wing key and places are gone.

use core::fmt;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use vodozemac::{
    Curve25519PublicKey,
    olm::{Account, OlmMessage, Session as OlmSession, SessionConfig, SessionPickle},
};
use zeroize::Zeroizing;

use crate::{
    bundle::{ReceivingKeys, VerifiedBundle},
    delivery::{Capability, Drop, DropChain, ScanPublic, cover_hint},
    encoding::{Codec, DecodeError, Reader, put_var},
    envelope::{self, EnvelopeError, KeyName},
    kdf,
    seal::{PUBLIC_LEN, SealRecipient, SealSecret},
    secret::Secret32,
    wire::{Envelope, Tag},
};

const FRAME_VERSION: u8 = 1;
/// How many places ahead of the last one used a receiver looks, in each generation: so many messages in a row may be
/// lost.
pub const LOOKAHEAD: u32 = 8;
/// Own generations kept while the peer is silent. A sender of more messages in a row repeats its newest.
pub const GENERATIONS_MAX: usize = 12;
/// Places that are kept aside in a session because their envelopes did not open.
pub const ASIDE_MAX: usize = 8;
/// The longest message body: bytes.
pub const BODY_MAX: usize = envelope::CONTENT_MAX - OLM_OVERHEAD - FRAME_OVERHEAD;
const FRAME_OVERHEAD: usize = 1 + 4 + PUBLIC_LEN + 32 + 4;
/// Olm type byte, pre-key header, ratchet key, counter, CBC padding and MAC, rounded up.
const OLM_OVERHEAD: usize = 256;

/// Why a message could not be sent or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RatchetError {
    /// The message is longer than [`BODY_MAX`].
    #[error("the message is too long ({0} bytes, {BODY_MAX} fit)")]
    TooLong(usize),
    /// A key of the peer is not valid.
    #[error("a key of the other side is not valid")]
    Key,
    /// The envelope does not open.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The key that this message was sealed to is not held (any more): used before, rotated away, or never ours.
    #[error("the key for this message is gone; it may have been read before")]
    KeyGone,
    /// The ratchet refuses it: altered, repeated, or from a state that was lost.
    #[error("the message was altered, or was read before")]
    Ratchet,
    /// What was sealed is not a message of this version.
    #[error("the message is not understood: {0}")]
    Frame(#[from] DecodeError),
}

/// Where in a session an envelope lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    generation: u32,
    index: u32,
}

/// One of our own generations: what the peer may be answering under.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OwnGeneration {
    number: u32,
    seal: SealSecret,
    chain: DropChain,
}

/// A place that was listed and did not open: its keys are kept while later places are read.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Aside {
    place: Place,
    drop: Drop,
    seal: SealSecret,
}

/// The newest generation of the peer that we know of.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct PeerGeneration {
    number: u32,
    seal: SealRecipient,
    chain: DropChain,
}

/// One side of a conversation. Serialisable; not `Clone`: two copies that both send would break it, so copying is
/// [`Session::snapshot`], by name.
#[derive(Serialize, Deserialize)]
pub struct Session {
    #[serde(with = "session_pickle")]
    olm: OlmSession,
    own: Vec<OwnGeneration>,
    peer: PeerGeneration,
    next_number: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aside: Vec<Aside>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session([redacted])")
    }
}

/// A message that was opened.
#[derive(Debug)]
pub struct Opened {
    /// What the sender wrote.
    pub body: Zeroizing<Vec<u8>>,
}

/// The public keys of somebody to write to, from the charter.
#[derive(Debug, Clone, Copy)]
pub struct Contact {
    /// Olm identity key.
    pub olm: [u8; 32],
    /// The key by which the holder finds first contacts.
    pub scan: ScanPublic,
}

impl Session {
    /// Writes first to a holder, with one of its bundles.
    pub fn initiate(
        contact: &Contact,
        bundle: &VerifiedBundle,
        body: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Envelope), RatchetError> {
        Self::initiate_named(contact, bundle, |_| Zeroizing::new(body.to_vec()), rng)
    }

    /// As [`Session::initiate`], with a body that is made once the conversation has its [`Session::name`], so that what
    /// is said in it can be bound to it.
    pub fn initiate_named(
        contact: &Contact,
        bundle: &VerifiedBundle,
        body: impl FnOnce(&[u8; 32]) -> Zeroizing<Vec<u8>>,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Envelope), RatchetError> {
        let bundle = bundle.get();
        let (hint, drop) = contact.scan.address(rng).ok_or(RatchetError::Key)?;
        let olm = Account::new()
            .create_outbound_session(
                SessionConfig::version_1(),
                Curve25519PublicKey::from_bytes(contact.olm),
                Curve25519PublicKey::from_bytes(bundle.olm),
            )
            .map_err(|_| RatchetError::Key)?;
        let seal = SealRecipient(bundle.xwing.clone());
        let peer = PeerGeneration { number: 0, seal: seal.clone(), chain: first_chain(&drop) };
        let mut session = Self { olm, own: Vec::new(), peer, next_number: 1, aside: Vec::new() };
        let content = session.frame(&body(&session.name()), rng)?;
        let envelope = envelope::write(&drop, hint, &seal, &bundle.id, &content, rng)?;
        Ok((session, envelope))
    }

    /// The conversation's name, the same on both sides and in no other conversation: 32 bytes from the three keys of
    /// first contact. Whoever does not hold the private keys behind them cannot speak in a conversation of this name.
    pub fn name(&self) -> [u8; 32] {
        kdf::digest("subrosa/conversation/v1", &[self.olm.session_id().as_bytes()])
    }

    /// Opens a first contact found at `drop` (by scanning). The one-time keys it used are forgotten in `keys`: save
    /// keys and session together before discarding the envelope.
    pub fn accept(keys: &mut ReceivingKeys, drop: &Drop, body: &[u8]) -> Result<(Self, Opened), RatchetError> {
        let name = envelope::read_key_name(drop, body)?;
        let seal = keys.seal_key(&name).ok_or(RatchetError::KeyGone)?.clone();
        let content = envelope::read(drop, &seal, body)?;
        let OlmMessage::PreKey(first) = olm_message(&content)? else { return Err(RatchetError::Ratchet) };
        let inbound = keys
            .account
            .create_inbound_session(SessionConfig::version_1(), first.identity_key(), &first)
            .map_err(|_| RatchetError::Ratchet)?;
        let plaintext = Zeroizing::new(inbound.plaintext);
        let (peer, body) = read_frame(&plaintext)?;
        keys.used(&name);
        let own = vec![OwnGeneration { number: 0, seal, chain: first_chain(drop) }];
        Ok((Self { olm: inbound.session, own, peer, next_number: 1, aside: Vec::new() }, Opened { body }))
    }

    /// Writes a message to the peer's newest generation. Save the session before depositing the envelope; depositing
    /// the saved envelope again is harmless.
    pub fn send(&mut self, body: &[u8], rng: &mut impl CryptoRng) -> Result<Envelope, RatchetError> {
        self.send_with_capability(body, rng).map(|(envelope, _)| envelope)
    }

    /// As [`Session::send`], with the right to destroy the envelope while it is unread.
    pub fn send_with_capability(
        &mut self,
        body: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(Envelope, Capability), RatchetError> {
        let content = self.frame(body, rng)?;
        let name = generation_name(self.peer.number);
        let drop = self.peer.chain.advance();
        let envelope = envelope::write(&drop, cover_hint(rng), &self.peer.seal, &name, &content, rng)?;
        Ok((envelope, drop.capability().clone()))
    }

    /// Every place where the peer's next messages may lie.
    pub fn expected(&self) -> Vec<(Tag, Place, Drop)> {
        let mut out = Vec::with_capacity(self.own.len() * LOOKAHEAD as usize);
        for g in &self.own {
            for (index, drop) in g.chain.peek(LOOKAHEAD) {
                out.push((drop.tag(), Place { generation: g.number, index }, drop));
            }
        }
        out
    }

    /// Opens the envelope found at `place`, and moves on: the message key, this place and those before it, and all
    /// older generations are forgotten. Open what a poll found in the order of places. To look without moving on, work
    /// on a [`Session::snapshot`].
    pub fn receive(&mut self, place: Place, body: &[u8]) -> Result<Opened, RatchetError> {
        if let Some(at) = self.aside.iter().position(|a| a.place == place) {
            return self.receive_aside(at, body);
        }
        let g = self.own.iter_mut().find(|g| g.number == place.generation).ok_or(RatchetError::KeyGone)?;
        if place.index < g.chain.index() {
            return Err(RatchetError::KeyGone);
        }
        let ahead = place.index.saturating_sub(g.chain.index());
        if ahead >= LOOKAHEAD {
            return Err(RatchetError::KeyGone);
        }
        let (_, drop) = g.chain.peek(ahead + 1).pop().ok_or(RatchetError::KeyGone)?;
        if envelope::read_key_name(&drop, body)? != generation_name(g.number) {
            return Err(RatchetError::KeyGone);
        }
        let content = envelope::read(&drop, &g.seal, body)?;
        let message = olm_message(&content)?;
        let plaintext = Zeroizing::new(self.olm.decrypt(&message).map_err(|_| RatchetError::Ratchet)?);
        let (peer, body) = read_frame(&plaintext)?;
        g.chain.forget_before(place.index.saturating_add(1));
        self.own.retain(|g| g.number >= place.generation);
        if peer.number > self.peer.number {
            self.peer = peer;
        }
        Ok(Opened { body })
    }

    /// Opens what was put aside. Nothing else moves: later places may have been read since.
    fn receive_aside(&mut self, at: usize, body: &[u8]) -> Result<Opened, RatchetError> {
        let aside = self.aside.get(at).ok_or(RatchetError::KeyGone)?;
        if envelope::read_key_name(&aside.drop, body)? != generation_name(aside.place.generation) {
            return Err(RatchetError::KeyGone);
        }
        let content = envelope::read(&aside.drop, &aside.seal, body)?;
        let message = olm_message(&content)?;
        let plaintext = Zeroizing::new(self.olm.decrypt(&message).map_err(|_| RatchetError::Ratchet)?);
        let (peer, body) = read_frame(&plaintext)?;
        self.aside.remove(at);
        if peer.number > self.peer.number {
            self.peer = peer;
        }
        Ok(Opened { body })
    }

    /// Puts a place aside that is listed and does not open: altered on the way, or withheld. Later places can be read,
    /// and this one is tried again with [`Session::receive`]. At most [`ASIDE_MAX`] are kept; the oldest falls out.
    pub fn put_aside(&mut self, place: Place) {
        let Some(g) = self.own.iter().find(|g| g.number == place.generation) else { return };
        let Some(ahead) = place.index.checked_sub(g.chain.index()).filter(|a| *a < LOOKAHEAD) else { return };
        let Some((_, drop)) = g.chain.peek(ahead + 1).pop() else { return };
        let seal = g.seal.clone();
        self.aside.push(Aside { place, drop, seal });
        if self.aside.len() > ASIDE_MAX {
            self.aside.remove(0);
        }
        if let Some(g) = self.own.iter_mut().find(|g| g.number == place.generation) {
            g.chain.forget_before(place.index.saturating_add(1));
        }
    }

    /// The places that were put aside, oldest first.
    pub fn aside(&self) -> Vec<(Place, Drop)> {
        self.aside.iter().map(|a| (a.place, a.drop.clone())).collect()
    }

    /// Gives up on the message at `place`: it is gone or does not open. Later ones in the same generation stay
    /// readable.
    pub fn skip(&mut self, place: Place) {
        self.aside.retain(|a| a.place != place);
        if let Some(g) = self.own.iter_mut().find(|g| g.number == place.generation) {
            g.chain.forget_before(place.index.saturating_add(1).min(g.chain.index().saturating_add(LOOKAHEAD)));
        }
    }

    /// A copy, for reading without acknowledging. Never send from both.
    pub fn snapshot(&self) -> Self {
        Self {
            olm: OlmSession::from_pickle(self.olm.pickle()),
            own: self.own.clone(),
            peer: self.peer.clone(),
            next_number: self.next_number,
            aside: self.aside.clone(),
        }
    }

    /// `version || number || seal key || chain seed || body`, encrypted by the ratchet: one type byte and the Olm
    /// message.
    fn frame(&mut self, body: &[u8], rng: &mut impl CryptoRng) -> Result<Zeroizing<Vec<u8>>, RatchetError> {
        if body.len() > BODY_MAX {
            return Err(RatchetError::TooLong(body.len()));
        }
        let mut frame = Zeroizing::new(Vec::with_capacity(FRAME_OVERHEAD + body.len()));
        let (number, seal, seed) = self.fresh_generation(rng)?;
        frame.push(FRAME_VERSION);
        number.write(&mut frame);
        seal.0.write(&mut frame);
        seed.expose().write(&mut frame);
        put_var(&mut frame, body).map_err(|e| RatchetError::TooLong(e.found))?;
        let (kind, ciphertext) = self.olm.encrypt(frame.as_slice()).map_err(|_| RatchetError::Key)?.to_parts();
        let mut content = Zeroizing::new(Vec::with_capacity(1 + ciphertext.len()));
        content.push(u8::try_from(kind).map_err(|_| RatchetError::Ratchet)?);
        content.extend_from_slice(&ciphertext);
        Ok(content)
    }

    /// A new generation, unless the peer has been silent for [`GENERATIONS_MAX`] messages: then the newest once more,
    /// which it cannot have used yet (using it would have made us forget the older ones). So no generation is ever
    /// dropped that an answer may be under way to.
    fn fresh_generation(&mut self, rng: &mut impl CryptoRng) -> Result<(u32, SealRecipient, Secret32), RatchetError> {
        if let Some(newest) = self.own.last().filter(|_| self.own.len() >= GENERATIONS_MAX)
            && let Some(seed) = newest.chain.unused_seed()
        {
            let recipient = newest.seal.recipient().map_err(|_| RatchetError::Key)?;
            return Ok((newest.number, recipient, seed));
        }
        let number = self.next_number;
        self.next_number = self.next_number.checked_add(1).ok_or(RatchetError::Key)?;
        let seal = SealSecret::random(rng);
        let recipient = seal.recipient().map_err(|_| RatchetError::Key)?;
        let seed = Secret32::random(rng);
        self.own.push(OwnGeneration { number, seal, chain: DropChain::new(seed.clone()) });
        Ok((number, recipient, seed))
    }
}

/// The places for what the initiator writes before the first answer.
fn first_chain(drop: &Drop) -> DropChain {
    DropChain::new(kdf::derive(b"", drop.header_key().expose(), "subrosa/first-chain/v1", &[]))
}

fn generation_name(number: u32) -> KeyName {
    let mut name = [0; 16];
    if let Some(tail) = name.last_chunk_mut::<4>() {
        *tail = number.to_be_bytes();
    }
    name
}

fn olm_message(content: &[u8]) -> Result<OlmMessage, RatchetError> {
    let (kind, ciphertext) = content.split_first().ok_or(RatchetError::Ratchet)?;
    OlmMessage::from_parts(usize::from(*kind), ciphertext).map_err(|_| RatchetError::Ratchet)
}

fn read_frame(plaintext: &[u8]) -> Result<(PeerGeneration, Zeroizing<Vec<u8>>), RatchetError> {
    let mut r = Reader::new(plaintext);
    r.version(FRAME_VERSION)?;
    let number = r.u32("generation")?;
    let seal = SealRecipient(r.get("seal key")?);
    let chain = DropChain::new(Secret32::new(r.array("chain seed")?));
    let body = Zeroizing::new(r.var(BODY_MAX, "body")?.to_vec());
    r.end()?;
    Ok((PeerGeneration { number, seal, chain }, body))
}

mod session_pickle {
    use super::{OlmSession, SessionPickle};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(session: &OlmSession, s: S) -> Result<S::Ok, S::Error> {
        session.pickle().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<OlmSession, D::Error> {
        SessionPickle::deserialize(d).map(OlmSession::from_pickle)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
