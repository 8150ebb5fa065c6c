//! Putting a dossier together: its files, its manifest, its signature.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    kdf,
    sign::{Domain, HolderId, SigningKey},
};

use super::{
    DossierError, FORMAT, Material, READERS_MIN,
    form::{
        Custodial, Custody, Entry, EvidenceEntry, Journal, LeftOut, Listed, Manifest, NotEnclosed, Seal, Words,
        redactions,
    },
    pack, report,
    stays::{self, Stays},
};

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
    if m.with_words {
        files.insert("words.json".into(), pretty(&words(m, &journal)));
    }
    let evidence = evidence(m, &mut files);
    files.insert("evidence.json".into(), pretty(&evidence));
    files.insert("redactions.json".into(), pretty(&redactions(&journal, &evidence)));
    let report = report::html(m, &evidence, &journal.entries).ok_or(DossierError::Report)?;
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
    let mut decide = Stays::default();
    let why = m.replay.events().iter().map(|e| (e.author.seq, decide.reason(e.author.seq, &e.event)));
    let stays: BTreeMap<u64, LeftOut> = why.filter_map(|(seq, why)| Some((seq, why?))).collect();
    let faults: BTreeMap<u64, _> = m.replay.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect();
    let entries = m.entries.iter().zip(0u64..).map(|(sealed, seq)| {
        let event = events.get(&seq);
        let (redacted, detail) = match (m.redact.get(&seq), event, faults.get(&seq)) {
            (Some(why), _, _) => (Some(LeftOut::Officer), Some(why.clone())),
            (None, Some(e), _) => {
                let why = stays.get(&seq).copied();
                // Who stepped back is told, without the reason that stands in the entry.
                (why, why.filter(|why| *why == LeftOut::Recusal).map(|_| e.author.holder.to_string()))
            }
            (None, None, fault) => (Some(LeftOut::DoesNotCount), fault.map(|code| (*code).to_owned())),
        };
        let shown = event.filter(|_| redacted.is_none()).map(|e| BASE64_STANDARD.encode(e.encode()));
        Entry { seq, sealed: BASE64_STANDARD.encode(sealed), event: shown, redacted, detail }
    });
    Ok(Journal {
        journal: hex::encode(m.replay.case().id().0),
        head: hex::encode(m.replay.head().0),
        entries: entries.collect(),
    })
}

/// What was said, without anything else of the entries in which it stands.
fn words(m: &Material<'_>, journal: &Journal) -> Vec<Words> {
    let said = |e: &&Entry| matches!(e.redacted, Some(LeftOut::SourceWords | LeftOut::Letter));
    let open: BTreeSet<u64> = journal.entries.iter().filter(said).map(|e| e.seq).collect();
    let events = m.replay.events().iter().filter(|e| open.contains(&e.author.seq));
    events.filter_map(|e| stays::words(e.author.seq, &e.event)).collect()
}

/// The fewest people who received these very bytes, as far as anybody said, if they are too few, whichever item says
/// so.
fn few_readers(m: &Material<'_>, sha256: &Digest) -> Option<u32> {
    let same = m.replay.case().evidence().iter().filter(|(_, piece)| piece.evidence.sha256 == *sha256);
    same.filter_map(|(_, piece)| piece.evidence.readers).min().filter(|n| *n < READERS_MIN)
}

fn evidence(m: &Material<'_>, files: &mut BTreeMap<String, Vec<u8>>) -> Vec<EvidenceEntry> {
    let name = |holder: HolderId| m.names.get(&holder).cloned().unwrap_or_else(|| holder.to_string());
    let mut out = Vec::new();
    for (item, piece) in m.replay.case().evidence() {
        let e = &piece.evidence;
        let few = few_readers(m, &e.sha256);
        let enclosure = m.enclosures.iter().find(|x| x.item == *item);
        let (enclosed, not_enclosed) = match (few, enclosure) {
            (Some(_), _) => (None, Some(NotEnclosed::FewReaders)),
            (None, None) => (None, Some(NotEnclosed::NoSafeCopy)),
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
            how: (*how).into(),
        });
        let taken = Custody { by: name(piece.taken_by.holder), at: piece.taken_by.at, how: Custodial::TakenIn };
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
            readers: few,
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
