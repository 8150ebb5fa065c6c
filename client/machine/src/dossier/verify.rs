//! Checking a dossier: needs nothing but its bytes and, to know whose it is, the root fingerprint that the programme
//! has printed.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, prelude::BASE64_STANDARD};
use subrosa_casework::{
    case::{Act, Author, Event},
    journal::SignedEvent,
    role::{Member, Members, RoleName},
};
use subrosa_crypto::{
    charter::{Charter, CharterError, RootKey, UnverifiedCharter},
    encoding_hex,
    log::{self, Checkpoint},
    sign::{Domain, HolderId, VerifyingKey},
    wire::{JournalHead, JournalId, LeafKind},
};
use thiserror::Error;

use super::{
    ArchiveError, CharterReceipt, FORMAT, Files,
    form::{Entry, EvidenceEntry, Journal, LeftOut, Manifest, Seal, Speaker, Words, redactions},
    unpack,
};
use subrosa_engine::history::History;

/// Why a dossier is not what it claims to be. Names the file at fault.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The bytes are no archive, or not one in the dossier's form.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A charter is not signed by the root key, or does not follow from the one before it.
    #[error("a charter in the dossier is refused: {0}")]
    Charter(#[from] CharterError),
    /// A file is missing or not what it should be: its name, then what is wrong.
    #[error("{0}: {1}")]
    File(String, &'static str),
}

/// What a dossier shows, once everything in it was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Findings {
    /// The programme's id.
    pub programme: String,
    /// The programme's name for people, as the newest charter says it.
    pub title: String,
    /// The root key under which all was checked.
    pub root: RootKey,
    /// The case's name.
    pub case: String,
    /// When it was made, by its officer's clock: Unix seconds.
    pub made_at: u64,
    /// The officer who signed it.
    pub made_by: String,
    /// Charter versions, and how many of them are proven to stand in the log.
    pub charters: (usize, usize),
    /// Entries of the journal, and how many of them are shown.
    pub entries: (usize, usize),
    /// Findings that are shown with the signatures of two, and those that are shown with the first alone: not decided,
    /// or the second is left out.
    pub findings: (usize, usize),
    /// Pieces of evidence, and how many files are enclosed.
    pub evidence: (usize, usize),
}

/// Checks a plain archive. Without `root` the root key that the dossier names is taken: compare [`Findings::root`] with
/// the printed fingerprint then.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(archive: &[u8], root: Option<&RootKey>) -> Result<Findings, VerifyError> {
    let (time, files) = unpack(archive)?;
    in_order(&files)?;
    let files: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
    let wrong = |file: &str, why| VerifyError::File(file.to_owned(), why);
    let file = |name: &str| files.get(name).ok_or_else(|| wrong(name, "it is missing"));
    let manifest: Manifest = json("manifest.json", file("manifest.json")?)?;
    if manifest.format != FORMAT || manifest.made_at != time {
        return Err(wrong("manifest.json", "another format, or another time than the archive's"));
    }
    listed(&manifest, &files)?;
    let stated = RootKey(VerifyingKey(bytes("manifest.json", &manifest.root)?));
    if root.is_some_and(|r| *r != stated) {
        return Err(wrong("manifest.json", "it is from another programme: the root key is not the one that you gave"));
    }
    let charters = chain(&manifest, &files, &stated)?;
    let newest = charters.last().ok_or_else(|| wrong("charters", "there is none"))?;
    let made_by = made_by(&manifest, newest, file("manifest.json")?, file("manifest.sig.json")?)?;
    let proven = receipts(&charters, file("receipts/charters.json")?, file("receipts/checkpoint.note")?)?;
    let (title, count) = (newest.document().programme.clone(), charters.len());
    let directory = History::of_chain(charters).ok_or_else(|| wrong("charters", "there is none"))?;
    let journal: Journal = json("journal.json", file("journal.json")?)?;
    let checked = entries(&manifest, &journal, &directory.members())?;
    let evidence: Vec<EvidenceEntry> = json("evidence.json", file("evidence.json")?)?;
    pieces(&evidence, &files, &checked)?;
    withheld(&journal, &evidence, file("redactions.json")?)?;
    if let Some(list) = files.get("words.json") {
        said(&journal, list)?;
    }
    file("report.html")?;
    belong(&files, &evidence)?;
    let enclosed = evidence.iter().filter(|e| e.enclosed.is_some()).count();
    Ok(Findings {
        programme: manifest.programme,
        title,
        root: stated,
        case: manifest.case,
        made_at: time,
        made_by,
        charters: (count, proven),
        entries: (checked.entries, checked.shown),
        findings: (checked.found.len(), checked.written.len()),
        evidence: (evidence.len(), enclosed),
    })
}

/// The manifest and its signature come first, and the others ascend by name.
fn in_order(files: &Files) -> Result<(), VerifyError> {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        ["manifest.json", "manifest.sig.json", rest @ ..] if rest.is_sorted_by(|a, b| a < b) => Ok(()),
        _ => Err(ArchiveError::Form.into()),
    }
}

/// The officer of the newest charter who signed the manifest, by name.
fn made_by(manifest: &Manifest, newest: &Charter, signed: &[u8], seal: &[u8]) -> Result<String, VerifyError> {
    let name = "manifest.sig.json";
    let wrong = |why| VerifyError::File(name.to_owned(), why);
    let seal: Seal = json(name, seal)?;
    let officer = newest.officers().iter().find(|o| o.keys.holder_id().to_string() == seal.holder);
    let officer = officer.filter(|_| seal.holder == manifest.made_by);
    let officer = officer.ok_or_else(|| wrong("not by an officer of the newest charter"))?;
    let valid = officer.keys.sign.verify(Domain::DOSSIER, signed, &bytes(name, &seal.signature)?);
    valid.map_err(|_| wrong("the signature is not valid: the dossier was altered"))?;
    Ok(officer.name.clone())
}

/// Each piece is the one of the journal, and is enclosed as it is listed or has a reason; none is missing.
fn pieces(evidence: &[EvidenceEntry], files: &BTreeMap<String, Vec<u8>>, journal: &Checked) -> Result<(), VerifyError> {
    let wrong = |file: &str, why| VerifyError::File(file.to_owned(), why);
    if !evidence.is_sorted_by(|a, b| a.item < b.item) {
        return Err(wrong("evidence.json", "its pieces do not ascend"));
    }
    if journal.added.keys().any(|item| evidence.iter().all(|e| e.item != *item)) {
        return Err(wrong("evidence.json", "a piece that the journal shows is missing"));
    }
    for e in evidence {
        // A piece whose entry is shown must be the piece that the entry added.
        if journal.added.get(&e.item).is_some_and(|digest| *digest != e.original_sha256) {
            return Err(wrong("evidence.json", "a digest is not the one in the journal"));
        }
        if e.enclosed.is_some() == e.not_enclosed.is_some() || e.enclosed.is_some() != e.enclosed_sha256.is_some() {
            return Err(wrong("evidence.json", "a piece is neither enclosed nor left out with a reason"));
        }
        if let Some(path) = &e.enclosed {
            let content = files.get(path).ok_or_else(|| wrong(path, "it is missing"))?;
            let digest = hex::encode(subrosa_crypto::kdf::sha256(content));
            if !path.starts_with(&format!("evidence/{:04}.", e.item)) || e.enclosed_sha256.as_ref() != Some(&digest) {
                return Err(wrong(path, "it is not the file that evidence.json lists"));
            }
        }
    }
    Ok(())
}

/// The list of what is left out is what journal and evidence say, and no more or less.
fn withheld(journal: &Journal, evidence: &[EvidenceEntry], list: &[u8]) -> Result<(), VerifyError> {
    let name = "redactions.json";
    let list: Vec<serde_json::Value> = json(name, list)?;
    if list == redactions(journal, evidence) {
        Ok(())
    } else {
        Err(VerifyError::File(name.to_owned(), "it is not what the other files leave out"))
    }
}

/// Words stand for entries that are left out because of them, each once and from whom the reason says.
fn said(journal: &Journal, list: &[u8]) -> Result<(), VerifyError> {
    let name = "words.json";
    let wrong = |why| VerifyError::File(name.to_owned(), why);
    let list: Vec<Words> = json(name, list)?;
    if !list.is_sorted_by(|a, b| a.entry < b.entry) {
        return Err(wrong("its entries do not ascend"));
    }
    for words in &list {
        let why = journal.entries.iter().find(|e| e.seq == words.entry).and_then(|e| e.redacted);
        let fits = match words.from {
            Speaker::Source => why == Some(LeftOut::SourceWords),
            Speaker::Team => why == Some(LeftOut::Letter),
        };
        if !fits {
            return Err(wrong("words of an entry that is not left out for its words"));
        }
    }
    Ok(())
}

/// Files with one name; charters and evidence have names with numbers.
const FILES: [&str; 9] = [
    "manifest.json",
    "manifest.sig.json",
    "receipts/checkpoint.note",
    "receipts/charters.json",
    "journal.json",
    "words.json",
    "evidence.json",
    "redactions.json",
    "report.html",
];

/// Nothing is there of which no other file speaks.
fn belong(files: &BTreeMap<String, Vec<u8>>, evidence: &[EvidenceEntry]) -> Result<(), VerifyError> {
    let enclosed: BTreeSet<&str> = evidence.iter().filter_map(|e| e.enclosed.as_deref()).collect();
    let known = |name: &str| FILES.contains(&name) || name.starts_with("charters/") || enclosed.contains(name);
    match files.keys().find(|name| !known(name)) {
        Some(stray) => Err(VerifyError::File(stray.clone(), "a dossier has no such file")),
        None => Ok(()),
    }
}

fn json<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, VerifyError> {
    serde_json::from_slice(bytes)
        .map_err(|_| VerifyError::File(name.to_owned(), "it is not in the form of the specification"))
}

fn bytes<const N: usize>(name: &str, text: &str) -> Result<[u8; N], VerifyError> {
    let text = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text);
    encoding_hex::deserialize(text)
        .map_err(|_| VerifyError::File(name.to_owned(), "a field is not hexadecimal of its length"))
}

fn base64(name: &str, text: &str) -> Result<Vec<u8>, VerifyError> {
    BASE64_STANDARD.decode(text).map_err(|_| VerifyError::File(name.to_owned(), "a field is not base64"))
}

/// Every file but the manifest and its signature is listed with its digest, and nothing else is.
fn listed(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<(), VerifyError> {
    let wrong = |file: &str, why| VerifyError::File(file.to_owned(), why);
    if !manifest.files.is_sorted_by(|a, b| a.path < b.path) {
        return Err(wrong("manifest.json", "its files do not ascend"));
    }
    let mut seen = BTreeSet::from(["manifest.json", "manifest.sig.json"]);
    for l in &manifest.files {
        let content = files.get(&l.path).ok_or_else(|| wrong(&l.path, "it is missing"))?;
        let digest = hex::encode(subrosa_crypto::kdf::sha256(content));
        if l.sha256 != digest || l.bytes != content.len() as u64 || !seen.insert(&l.path) {
            return Err(wrong(&l.path, "it is not the file that the manifest lists"));
        }
    }
    match files.keys().find(|name| !seen.contains(name.as_str())) {
        Some(stray) => Err(wrong(stray, "the manifest does not list it")),
        None => Ok(()),
    }
}

fn chain(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>, root: &RootKey) -> Result<Vec<Charter>, VerifyError> {
    let mut charters: Vec<Charter> = Vec::new();
    for (n, (name, note)) in files.iter().filter(|(name, _)| name.starts_with("charters/")).enumerate() {
        let before = charters.last().map(Charter::seen);
        let charter = UnverifiedCharter::parse(note)?.verify_archived(root, before.as_ref())?;
        let placed = charter.version() == n as u64 + 1 && *name == format!("charters/{:04}.note", n + 1);
        if !placed || charter.programme_id() != manifest.programme {
            return Err(VerifyError::File(name.clone(), "it is out of place"));
        }
        charters.push(charter);
    }
    Ok(charters)
}

/// Checks the proofs, and answers how many charters have one.
fn receipts(charters: &[Charter], list: &[u8], checkpoint: &[u8]) -> Result<usize, VerifyError> {
    let name = "receipts/charters.json";
    let wrong = |why| VerifyError::File(name.to_owned(), why);
    let list: Vec<CharterReceipt> = json(name, list)?;
    let newest = charters.last().ok_or_else(|| wrong("there is no charter"))?;
    let checkpoint = Checkpoint::verify(checkpoint, newest.log_key(), &[])
        .map_err(|_| VerifyError::File("receipts/checkpoint.note".into(), "it is not signed by the log's key"))?;
    if !list.is_sorted_by(|a, b| a.version < b.version) {
        return Err(wrong("its versions do not ascend"));
    }
    for r in &list {
        let charter = charters.iter().find(|c| c.version() == r.version).ok_or_else(|| wrong("of no charter here"))?;
        let leaf = log::leaf_data(LeafKind::Charter, &[0; 32], &charter.digest());
        let proof = r.proof.iter().map(|h| bytes(name, h)).collect::<Result<Vec<[u8; 32]>, _>>()?;
        log::verify_inclusion(&proof, r.index, &log::leaf_hash(&leaf), checkpoint.size(), checkpoint.root())
            .map_err(|_| wrong("a proof does not lead to the log's root"))?;
    }
    Ok(list.len())
}

/// What a checked journal shows.
#[derive(Default)]
struct Checked {
    entries: usize,
    shown: usize,
    /// The digests of evidence that its entries add.
    added: BTreeMap<u64, String>,
    /// Findings with one signature, each with whoever wrote it.
    written: BTreeMap<u64, HolderId>,
    /// Findings with two.
    found: BTreeSet<u64>,
}

impl Checked {
    /// Takes in an event whose signature is valid.
    fn take_in(&mut self, author: &Author, event: &Event) {
        self.shown += 1;
        match event {
            Event::EvidenceAdded(e) => drop(self.added.insert(author.seq, e.sha256.to_string())),
            Event::Proposed(Act::Substantiate { .. } | Act::CloseUnsubstantiated { .. }) => {
                self.written.insert(author.seq, author.holder);
            }
            Event::Confirmed { proposal } if self.written.get(proposal).is_some_and(|by| *by != author.holder) => {
                self.written.remove(proposal);
                self.found.insert(*proposal);
            }
            _ => {}
        }
    }
}

/// The chain of entries, and the signature of every event that is shown.
fn entries(manifest: &Manifest, journal: &Journal, members: &Members) -> Result<Checked, VerifyError> {
    let name = "journal.json";
    let wrong = |why| VerifyError::File(name.to_owned(), why);
    if journal.journal != manifest.case {
        return Err(wrong("it is another case's"));
    }
    let id = JournalId(bytes(name, &journal.journal)?);
    let mut head = JournalHead::EMPTY;
    let mut checked = Checked { entries: journal.entries.len(), ..Checked::default() };
    for (seq, entry) in (0u64..).zip(&journal.entries) {
        if entry.seq != seq || entry.event.is_some() == entry.redacted.is_some() {
            return Err(wrong("an entry is out of place, or neither shown nor redacted"));
        }
        explained(entry, members).map_err(wrong)?;
        if let Some(event) = &entry.event {
            let event = SignedEvent::decode(&base64(name, event)?).map_err(|_| wrong("an event cannot be read"))?;
            let author = event.author;
            let member = members
                .check(author.holder, author.role, author.at)
                .map_err(|_| wrong("an event's author is not in the charter in that role"))?;
            event.verify(&id, &member.key).map_err(|_| wrong("an event's signature is not valid"))?;
            if author.seq != seq || event.prev_head != head {
                return Err(wrong("an event does not stand at the place that its author signed for"));
            }
            checked.take_in(&author, &event.event);
        }
        head = head.after(&base64(name, &entry.sealed)?);
    }
    if hex::encode(head.0) != journal.head {
        return Err(wrong("the chain of entries does not lead to its head: something is missing or was changed"));
    }
    Ok(checked)
}

/// A detail stands exactly where the reason takes one, and whoever stepped back is an officer.
fn explained(entry: &Entry, members: &Members) -> Result<(), &'static str> {
    if entry.redacted.is_some_and(LeftOut::has_detail) != entry.detail.is_some() {
        return Err("an entry has a detail without a reason that takes one, or lacks it");
    }
    match &entry.detail {
        Some(who) if entry.redacted == Some(LeftOut::Recusal) => {
            let officer = |member: &Member| !member.roles.contains(&RoleName::Finance);
            let known = members.iter().any(|(holder, member)| holder.to_string() == *who && officer(member));
            if known { Ok(()) } else { Err("somebody stepped back who is no officer of the charter") }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn journal() -> Journal {
        let entry = |(seq, why): (u64, LeftOut)| {
            let detail = why.has_detail().then(|| "x".to_owned());
            Entry { seq, sealed: String::new(), event: None, redacted: Some(why), detail }
        };
        let left_out = [LeftOut::SourceWords, LeftOut::Letter, LeftOut::Detriment, LeftOut::Officer];
        let entries = (0u64..).zip(left_out).map(entry).collect();
        Journal { journal: String::new(), head: String::new(), entries }
    }

    #[test]
    fn the_list_of_what_is_left_out_is_that_of_the_other_files() {
        let journal = journal();
        let list = redactions(&journal, &[]);
        assert_eq!(list.len(), 4);
        let fits = |list: &[serde_json::Value]| withheld(&journal, &[], &serde_json::to_vec(list).unwrap()).is_ok();
        assert!(fits(&list));
        assert!(!fits(list.get(1..).unwrap()), "one is missing");
        assert!(!fits(&[list.clone(), list.clone()].concat()), "each stands there twice");
        let turned: Vec<_> = list.iter().rev().cloned().collect();
        assert!(!fits(&turned), "another order");
    }

    #[test]
    fn words_stand_for_entries_that_are_left_out_for_their_words() {
        let journal = journal();
        let fits = |entry: u64, from: &str| {
            let list = format!(r#"[{{"entry":{entry},"from":"{from}","text":"x","answers":{{}}}}]"#);
            said(&journal, list.as_bytes()).is_ok()
        };
        assert!(fits(0, "source") && fits(1, "team"));
        for (entry, from) in [(0, "team"), (1, "source"), (2, "source"), (3, "team"), (4, "source"), (0, "nobody")] {
            assert!(!fits(entry, from), "entry {entry} from {from}");
        }
    }
}
