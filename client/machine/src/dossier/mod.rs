//! The dossier: what an authority gets of a case, in one encrypted file that can be verified without a Subrosa server
//! and without this program.
//!
//! Spec: `docs/spec/dossier.md`. The source's own words and the team's notes stay behind unless an officer says
//! otherwise: writing style identifies people, so a paraphrase leaves the team. What is left out is listed, place by
//! place, and the journal's chain shows that nothing else is missing.

mod archive;
mod export;
mod report;
mod verify;

use std::{collections::BTreeMap, io::Read};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subrosa_casework::{
    bytes::Digest,
    case::{Event, Handling},
    journal::Replay,
};
use subrosa_crypto::{
    charter::RootKey,
    file::{HybridIdentity, HybridRecipient},
    kdf,
    sign::{Domain, HolderId, SigningKey},
};
use subrosa_templates::Text;
use thiserror::Error;

pub use archive::{ArchiveError, Files, pack, unpack};
pub use export::{Wishes, export};
pub use verify::{Findings, VerifyError, verify};

/// The format's name in its manifest.
pub const FORMAT: &str = "subrosa-dossier/1";
/// A piece of evidence that fewer people than this received in this exact version is not enclosed: it would point at
/// them.
pub const READERS_MIN: u32 = 10;
/// The longest dossier: bytes.
pub const DOSSIER_MAX: usize = 1 << 30;

/// Why there is no dossier.
#[derive(Debug, Error)]
pub enum DossierError {
    /// Something does not fit into the archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Not a recipient.
    #[error("`{0}` is not an age recipient; it looks like age1… or age1pq1…")]
    Recipient(String),
    /// Not an identity.
    #[error(
        "the identity file holds no age identity; a line of it looks like AGE-SECRET-KEY-1… or AGE-SECRET-KEY-PQ-1…"
    )]
    Identity,
    /// Nobody to encrypt to.
    #[error("say for whom the dossier is: --to age1…")]
    Nobody,
    /// Encrypting or opening with age failed, in age's own words.
    #[error("the dossier cannot be encrypted or opened: {0}")]
    Age(String),
    /// The journal's entries do not belong to the replay.
    #[error("the case has changed while the dossier was made; try again")]
    Changed,
    /// The report cannot be rendered.
    #[error("the report could not be made; nothing was written")]
    Report,
}

/// A file that goes along with its piece of evidence.
#[derive(Clone, Debug)]
pub struct Enclosure {
    /// The evidence's place in the journal.
    pub item: u64,
    /// What is enclosed: a sanitised copy, or the original.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media: String,
    /// What the copy left behind; empty for an original.
    pub left_behind: Vec<String>,
}

/// The proof that a charter version stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharterReceipt {
    /// The charter's version.
    pub version: u64,
    /// Its leaf's place.
    pub index: u64,
    /// RFC 6962 inclusion proof: hexadecimal, from the leaf up.
    pub proof: Vec<String>,
}

/// What a dossier is made of.
#[derive(Debug)]
pub struct Material<'a> {
    /// The programme's id.
    pub programme: &'a str,
    /// The programme's name for people.
    pub title: &'a str,
    /// The root key.
    pub root: RootKey,
    /// Every signed charter, version 1 first.
    pub charters: &'a [Vec<u8>],
    /// The log's newest signed checkpoint.
    pub checkpoint: &'a [u8],
    /// Where the charters stand in it; one that was published a moment ago may be missing.
    pub receipts: &'a [CharterReceipt],
    /// The case as its journal was replayed; its entries must be those below.
    pub replay: &'a Replay,
    /// The journal's entries as the server keeps them.
    pub entries: &'a [Vec<u8>],
    /// The officers' own account of the case.
    pub summary: &'a str,
    /// Files to put in, each with the evidence that it belongs to; empty if none goes along.
    pub enclosures: &'a [Enclosure],
    /// Further entries to leave out, with reasons.
    pub redact: &'a BTreeMap<u64, String>,
    /// Whether the source's own words, and letters to the source, go along.
    pub with_words: bool,
    /// People by name.
    pub names: &'a BTreeMap<HolderId, String>,
    /// When the dossier is made: Unix seconds. The archive bears the same time.
    pub made_at: u64,
    /// The report's language.
    pub words: &'static Text,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: String,
    programme: String,
    root: String,
    case: String,
    made_at: u64,
    made_by: String,
    files: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    path: String,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    holder: String,
    signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journal {
    journal: String,
    head: String,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    seq: u64,
    sealed: String,
    event: Option<String>,
    redacted: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceEntry {
    item: u64,
    name: String,
    media: String,
    origin: String,
    original_bytes: u64,
    original_sha256: String,
    derived_from: Option<u64>,
    enclosed: Option<String>,
    enclosed_sha256: Option<String>,
    left_behind: Vec<String>,
    not_enclosed: Option<String>,
    custody: Vec<Custody>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Custody {
    by: String,
    at: u64,
    how: String,
}

/// Puts a dossier together and signs it: the plain archive. The same material gives the same bytes.
///
/// # Errors
/// [`DossierError::Changed`] if entries and replay do not belong together; [`DossierError::Archive`].
pub fn make(m: &Material<'_>, signer: &SigningKey) -> Result<Vec<u8>, DossierError> {
    let case = m.replay.case();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (n, note) in m.charters.iter().enumerate() {
        files.insert(format!("charters/{:04}.note", n + 1), note.clone());
    }
    files.insert("receipts/checkpoint.note".into(), m.checkpoint.to_vec());
    files.insert("receipts/charters.json".into(), pretty(&m.receipts));
    let journal = extract(m)?;
    files.insert("journal.json".into(), pretty(&journal));
    let evidence = evidence(m, &mut files);
    files.insert("evidence.json".into(), pretty(&evidence));
    let left_out: Vec<_> = journal.entries.iter().filter_map(|e| Some((e.seq, e.redacted.clone()?))).collect();
    let redactions: Vec<_> = left_out
        .iter()
        .map(|(seq, why)| json!({ "entry": seq, "reason": why }))
        .chain(evidence.iter().filter_map(|e| Some(json!({ "evidence": e.item, "reason": e.not_enclosed.as_ref()? }))))
        .collect();
    files.insert("redactions.json".into(), pretty(&redactions));
    let report = report::html(m, &evidence, &left_out).ok_or(DossierError::Report)?;
    files.insert("report.html".into(), report.into_bytes());
    let listed = files.iter().map(|(path, bytes)| Listed {
        path: path.clone(),
        bytes: bytes.len() as u64,
        sha256: hex::encode(kdf::sha256(bytes)),
    });
    let holder = signer.verifying_key().holder_id().to_string();
    let manifest = pretty(&Manifest {
        format: FORMAT.into(),
        programme: m.programme.to_owned(),
        root: hex::encode(m.root.0.0),
        case: hex::encode(case.id().0),
        made_at: m.made_at,
        made_by: holder.clone(),
        files: listed.collect(),
    });
    let signature = hex::encode(signer.sign(Domain::DOSSIER, &manifest));
    let seal = pretty(&Seal { holder, signature });
    let mut all = vec![("manifest.json".to_owned(), manifest), ("manifest.sig.json".to_owned(), seal)];
    all.extend(files);
    Ok(pack(&all, m.made_at)?)
}

/// JSON with two spaces for each level and a line break at the end.
fn pretty(value: &impl Serialize) -> Vec<u8> {
    // Text, numbers and lists: nothing here can fail to be written.
    let mut out = serde_json::to_vec_pretty(value).unwrap_or_default();
    out.push(b'\n');
    out
}

fn extract(m: &Material<'_>) -> Result<Journal, DossierError> {
    if m.replay.seq() != m.entries.len() as u64 {
        return Err(DossierError::Changed);
    }
    let events: BTreeMap<u64, _> = m.replay.events().iter().map(|e| (e.author.seq, e)).collect();
    let faults: BTreeMap<u64, _> = m.replay.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect();
    let entries = m.entries.iter().zip(0u64..).map(|(sealed, seq)| {
        let event = events.get(&seq);
        let redacted = match (m.redact.get(&seq), event, faults.get(&seq)) {
            (Some(why), _, _) => Some(why.clone()),
            (None, Some(e), _) => kept_back(&e.event, m.with_words).map(str::to_owned),
            (None, None, fault) => Some(format!("does not count: {}", fault.unwrap_or(&"unknown"))),
        };
        let shown = event.filter(|_| redacted.is_none()).map(|e| BASE64_STANDARD.encode(e.encode()));
        Entry { seq, sealed: BASE64_STANDARD.encode(sealed), event: shown, redacted }
    });
    Ok(Journal {
        journal: hex::encode(m.replay.case().id().0),
        head: hex::encode(m.replay.head().0),
        entries: entries.collect(),
    })
}

/// Why an event stays with the team, if it does.
fn kept_back(event: &Event, with_words: bool) -> Option<&'static str> {
    match event {
        Event::Received(_) | Event::MessageReceived(_) if !with_words => {
            Some("the source's own words: style identifies people")
        }
        Event::MessageSent(_) if !with_words => Some("a letter to the source"),
        Event::Noted { .. } => Some("an internal note"),
        Event::MemberAdded { .. } | Event::KeyTurned(_) => Some("keys of the team"),
        Event::SourceStated(_) | Event::ClaimFiled { .. } => Some("a statement under the source's claim key"),
        Event::AwardProposed { .. }
        | Event::TokenRequestReceived { .. }
        | Event::OrderSigned { .. }
        | Event::Paid { .. } => Some("the award"),
        Event::Linked { .. } => Some("another case"),
        _ => None,
    }
}

fn evidence(m: &Material<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Vec<EvidenceEntry> {
    let name = |holder: HolderId| m.names.get(&holder).cloned().unwrap_or_else(|| holder.to_string());
    let mut out = Vec::new();
    for (item, piece) in m.replay.case().evidence() {
        let e = &piece.evidence;
        let few = e.readers.filter(|n| *n < READERS_MIN);
        let enclosure = m.enclosures.iter().find(|x| x.item == *item);
        let (enclosed, not_enclosed) = match (few, enclosure) {
            (Some(n), _) => {
                (None, Some(format!("only {n} people received this exact version: forwarding it would point at them")))
            }
            (None, None) => (None, Some("no safe copy of this kind of file can be made".to_owned())),
            (None, Some(x)) => (Some(x), None),
        };
        let path = enclosed.map(|x| {
            let path = format!("evidence/{item:04}.{}", ending(&x.media));
            files.insert(path.clone(), x.bytes.clone());
            path
        });
        let custody = piece.custody.iter().map(|(author, how)| Custody {
            by: name(author.holder),
            at: author.at,
            how: match how {
                Handling::Opened => "opened",
                Handling::Exported => "exported",
                Handling::Verified => "verified",
            }
            .into(),
        });
        let taken = Custody { by: name(piece.taken_by.holder), at: piece.taken_by.at, how: "taken in".into() };
        out.push(EvidenceEntry {
            item: *item,
            name: e.name.clone(),
            media: e.media.clone(),
            origin: e.origin.clone(),
            original_bytes: e.size,
            original_sha256: e.sha256.to_string(),
            derived_from: e.derived_from,
            enclosed_sha256: enclosed.map(|x| Digest(kdf::sha256(&x.bytes)).to_string()),
            enclosed: path,
            left_behind: enclosed.map(|x| x.left_behind.clone()).unwrap_or_default(),
            not_enclosed,
            custody: core::iter::once(taken).chain(custody).collect(),
        });
    }
    out
}

fn ending(media: &str) -> &'static str {
    match media {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        _ => "bin",
    }
}

/// Encrypts a dossier to age recipients: X25519 (`age1…`) or hybrid with ML-KEM-768 (`age1pq1…`). They cannot be mixed:
/// a post-quantum file would then open without it.
///
/// # Errors
/// Not a recipient, or none.
pub fn encrypt(archive: &[u8], to: &[String]) -> Result<Vec<u8>, DossierError> {
    let mut recipients: Vec<Box<dyn age::Recipient>> = Vec::new();
    for text in to {
        let text = text.trim();
        if let Ok(hybrid) = text.parse::<HybridRecipient>() {
            recipients.push(Box::new(hybrid));
        } else {
            let plain: age::x25519::Recipient = text.parse().map_err(|_| DossierError::Recipient(text.to_owned()))?;
            recipients.push(Box::new(plain));
        }
    }
    if recipients.is_empty() {
        return Err(DossierError::Nobody);
    }
    let failed = |e: &dyn core::fmt::Display| DossierError::Age(e.to_string());
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|r| &**r)).map_err(|e| failed(&e))?;
    let mut out = Vec::new();
    let mut writer = encryptor.wrap_output(&mut out).map_err(|e| failed(&e))?;
    std::io::Write::write_all(&mut writer, archive).map_err(|e| failed(&e))?;
    writer.finish().map_err(|e| failed(&e))?;
    Ok(out)
}

/// Opens an encrypted dossier with the identities of an age identity file.
///
/// # Errors
/// No identity, or none that fits.
pub fn decrypt(file: &[u8], identity_file: &str) -> Result<Vec<u8>, DossierError> {
    let mut identities: Vec<Box<dyn age::Identity>> = Vec::new();
    for line in identity_file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Ok(hybrid) = line.parse::<HybridIdentity>() {
            identities.push(Box::new(hybrid));
        } else if let Ok(plain) = line.parse::<age::x25519::Identity>() {
            identities.push(Box::new(plain));
        } else {
            return Err(DossierError::Identity);
        }
    }
    if identities.is_empty() {
        return Err(DossierError::Identity);
    }
    let failed = |e: &dyn core::fmt::Display| DossierError::Age(e.to_string());
    let decryptor = age::Decryptor::new(file).map_err(|e| failed(&e))?;
    let reader = decryptor.decrypt(identities.iter().map(|i| &**i)).map_err(|e| failed(&e))?;
    let mut out = Vec::new();
    reader.take(DOSSIER_MAX as u64).read_to_end(&mut out).map_err(|e| failed(&e))?;
    Ok(out)
}
