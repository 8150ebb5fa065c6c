//! What stolen keystores open of what was recorded, and a server that shows recordings again.

use std::sync::Arc;

use anyhow::Result;
use ciborium::Value;
use subrosa_casework::journal::{self, CaseKey};
use subrosa_crypto::{
    delivery::Capability,
    kdf,
    log::{self, NoteKey, NoteSigner, TreeHead},
    seal::SealSecret,
    secret::Secret32,
    sign::SigningKey,
    wire::{CapRequest, Envelope, EpochList, JournalAppend},
};
use subrosa_engine::{
    officer::Desk,
    transport::{Request, Response},
};
use vodozemac::olm::{Account, AccountPickle, OlmMessage, Session, SessionConfig, SessionPickle};

use crate::wire::{Tap, answer};

/// A server that lists and hands out every envelope of a recording, as often as it is asked; everything else passes
/// through. The list stands in a log of its own: the thief's program does not ask whose.
pub struct Replaying {
    envelopes: Vec<Envelope>,
    list: EpochList,
    checkpoint: Vec<u8>,
    leaves: Vec<[u8; 32]>,
}

/// Leaves of the log of [`Replaying`].
const LEAVES: usize = 16;

fn thiefs_log() -> Result<NoteSigner> {
    Ok(NoteSigner::new("thief/log", SigningKey::from_seed(&Secret32::new([7; 32])))?)
}

/// A copy of a stolen desk as the thief's program has it: it remembers no log, and reads the board from its beginning.
///
/// # Errors
/// It cannot be written or read.
pub fn thiefs_copy(desk: &Desk) -> Result<Desk> {
    let mut bytes = Vec::new();
    ciborium::into_writer(desk, &mut bytes)?;
    let mut value: Value = ciborium::from_reader(bytes.as_slice())?;
    forget(&mut value, "log");
    bytes.clear();
    ciborium::into_writer(&value, &mut bytes)?;
    let mut copy: Desk = ciborium::from_reader(bytes.as_slice())?;
    copy.identity.cursor = 0;
    Ok(copy)
}

fn forget(value: &mut Value, name: &str) {
    if let Value::Map(pairs) = value {
        for (key, inner) in pairs {
            match key.as_text() == Some(name) {
                true => *inner = Value::Null,
                false => forget(inner, name),
            }
        }
    }
}

/// The key of the log in which [`Replaying`] shows what it lists.
///
/// # Errors
/// None that is expected.
pub fn thiefs_key() -> Result<NoteKey> {
    Ok(thiefs_log()?.key().clone())
}

impl Replaying {
    /// Lists `envelopes` as one epoch.
    ///
    /// # Errors
    /// There are more than a list can count.
    pub fn new(mut envelopes: Vec<Envelope>) -> Result<Arc<Self>> {
        envelopes.sort_by_key(|e| e.tag);
        envelopes.dedup_by_key(|e| e.tag);
        let rows: Vec<_> = envelopes.iter().map(|e| (e.tag, e.hint)).collect();
        let list = EpochList { epoch: 1, rows: rows.try_into()? };
        let mut leaves = vec![[0; 32]; LEAVES - 2];
        let (tags, hints) = (kdf::sha256(&list.encode_tags()), kdf::sha256(&list.encode_hints()));
        leaves.extend(log::list_leaves(LEAVES, &tags, &hints));
        let mut tree = log::Appender::new();
        leaves.iter().for_each(|leaf| tree.append(leaf, &mut Vec::new()));
        let signer = thiefs_log()?;
        let origin = signer.key().name().to_owned();
        let head = TreeHead { origin, size: tree.size(), root: tree.root(), epoch: 1, time: 0 };
        Ok(Arc::new(Self { envelopes, list, checkpoint: head.sign(&signer)?.to_bytes(), leaves }))
    }

    fn take(&self, body: &[u8]) -> Response {
        let asked = CapRequest::decode(body).map(|r| Capability::new(Secret32::new(r.capability)).hash());
        let found = asked.ok().and_then(|hash| self.envelopes.iter().find(|e| e.cap_hash == hash));
        found.map_or_else(|| answer(404, Vec::new()), |e| answer(200, e.body.to_vec()))
    }
}

impl Tap for Replaying {
    fn before(&self, request: &mut Request) -> Option<Response> {
        match request.path.as_str() {
            "/v1/params" => {
                let params = serde_json::json!({
                    "epoch": 2, "first_epoch": 1, "last_published": 1, "epoch_seconds": 1, "charter_version": 1, "now": 0,
                    "pow": { "difficulty": 0 },
                });
                Some(answer(200, params.to_string().into_bytes()))
            }
            "/v1/log/checkpoint" => Some(answer(200, self.checkpoint.clone())),
            "/v1/log/tile/entries/000.p/16" => Some(answer(200, log::encode_entries(&self.leaves))),
            "/v1/epoch/1/tags" => Some(answer(200, self.list.encode_tags())),
            "/v1/epoch/1/hints" => Some(answer(200, self.list.encode_hints())),
            "/v1/take" => Some(self.take(&request.body)),
            "/v1/discard" => Some(answer(200, Vec::new())),
            _ => None,
        }
    }
}

/// Every string of 32 bytes in a keystore or state, whatever it is for.
pub fn secrets(holder: &impl serde::Serialize) -> Result<Vec<[u8; 32]>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(holder, &mut bytes)?;
    let mut out = Vec::new();
    walk(&ciborium::from_reader(bytes.as_slice())?, &mut out);
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

fn walk(value: &Value, out: &mut Vec<[u8; 32]>) {
    match value {
        Value::Bytes(bytes) => out.extend(<&[u8; 32]>::try_from(bytes.as_slice()).ok().copied()),
        Value::Text(text) => {
            let mut key = [0; 32];
            if hex::decode_to_slice(text, &mut key).is_ok() {
                out.push(key);
            }
        }
        Value::Array(items) => {
            let numbers: Option<Vec<u8>> =
                items.iter().map(|i| i.as_integer().and_then(|n| u8::try_from(n).ok())).collect();
            out.extend(numbers.and_then(|n| <[u8; 32]>::try_from(n).ok()));
            items.iter().for_each(|i| walk(i, out));
        }
        Value::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            walk(key, out);
            walk(value, out);
        }),
        Value::Tag(_, inner) => walk(inner, out),
        _ => {}
    }
}

/// How far into an envelope stolen keys lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Nothing opens: both layers stay closed.
    Closed,
    /// Through the post-quantum seal; the ratchet's message inside stays closed.
    Seal,
    /// Through both layers: the content is read.
    Content,
}

/// Everything in a keystore or state that could open an envelope: every secret as an X-Wing key, every Olm session and
/// account.
#[derive(Debug)]
pub struct StolenKeys {
    keys: Vec<SealSecret>,
    sessions: Vec<Value>,
    accounts: Vec<Value>,
}

impl StolenKeys {
    /// Takes all there is.
    pub fn of(holder: &impl serde::Serialize) -> Result<Self> {
        let mut bytes = Vec::new();
        ciborium::into_writer(holder, &mut bytes)?;
        let value: Value = ciborium::from_reader(bytes.as_slice())?;
        let mut out = Self { keys: Vec::new(), sessions: Vec::new(), accounts: Vec::new() };
        find(&value, "olm", &mut out.sessions);
        find(&value, "account", &mut out.accounts);
        out.keys = secrets(holder)?.into_iter().map(|s| SealSecret::from_seed(Secret32::new(s))).collect();
        Ok(out)
    }

    /// Tries everything on one envelope. What binds a seal to its row (tag and capability hash) is public, so not even
    /// the place need be known.
    pub fn read(&self, e: &Envelope) -> Depth {
        let bound = [e.tag.0.as_slice(), &e.cap_hash.0, b"body"].concat();
        let sealed = e.body.get(SEALED_FROM..).unwrap_or_default();
        let mut depth = Depth::Closed;
        for padded in self.keys.iter().filter_map(|k| k.open(b"subrosa/envelope/v1", &bound, sealed).ok()) {
            depth = depth.max(Depth::Seal);
            let content = padded
                .split_first_chunk::<4>()
                .and_then(|(n, rest)| rest.get(..usize::try_from(u32::from_be_bytes(*n)).ok()?));
            if content.is_some_and(|c| self.ratchet_opens(c)) {
                return Depth::Content;
            }
        }
        depth
    }

    fn ratchet_opens(&self, content: &[u8]) -> bool {
        let Some((kind, ciphertext)) = content.split_first() else { return false };
        let Ok(message) = OlmMessage::from_parts(usize::from(*kind), ciphertext) else { return false };
        let sessions = self.sessions.iter().filter_map(|v| v.deserialized::<SessionPickle>().ok());
        let mut opens = sessions.map(Session::from_pickle).any(|mut s| s.decrypt(&message).is_ok());
        if let OlmMessage::PreKey(first) = &message {
            let accounts = self.accounts.iter().filter_map(|v| v.deserialized::<AccountPickle>().ok());
            opens |= accounts
                .map(Account::from_pickle)
                .any(|mut a| a.create_inbound_session(SessionConfig::version_1(), first.identity_key(), first).is_ok());
        }
        opens
    }
}

/// Bytes of an envelope's body before the seal: the header with its tag.
const SEALED_FROM: usize = 32;

fn find(value: &Value, name: &str, out: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|i| find(i, name, out)),
        Value::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            if key.as_text() == Some(name) {
                out.push(value.clone());
            }
            find(value, name, out);
        }),
        Value::Tag(_, inner) => find(inner, name, out),
        _ => {}
    }
}

/// Tries every secret as case key on recorded journal entries. Answers how many open.
pub fn opened_entries(secrets: &[[u8; 32]], appends: &[JournalAppend]) -> usize {
    let opens = |a: &&JournalAppend| {
        let Ok(generation) = journal::generation(&a.entry) else { return false };
        secrets.iter().any(|s| {
            let key = [CaseKey { generation, key: Secret32::new(*s) }];
            journal::open(&a.journal, &key, a.expected_seq, &a.expected_head, &a.entry).is_ok()
        })
    };
    appends.iter().filter(opens).count()
}
