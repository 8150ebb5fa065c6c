//! Making a dossier from a desk: fetches the evidence, copies it safely, records in the journal that it went out, and
//! encrypts.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, Result, bail};
use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Command, Event, Handling},
    role::RoleName,
};
use subrosa_crypto::{
    log::{charter_digest, leaf_data},
    wire::LeafKind,
};
use subrosa_templates::Language;

use super::{CharterReceipt, Enclosure, Material, READERS_MIN, encrypt, make};
use crate::{
    preview::{FILE_MAX, PreviewError, Previewer},
    upload::download,
};
use subrosa_engine::{
    log_watch::LogWatch,
    officer::{Desk, DeskContext, files_of},
    session::Session,
    transport::Transport,
};

/// What an officer decides about a dossier.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// Recipients: age1… or age1pq1….
    pub to: Vec<String>,
    /// The officers' own account: what leaves the team in place of the source's words.
    pub summary: String,
    /// Further entries to leave out, with reasons.
    pub redact: BTreeMap<u64, String>,
    /// The source's own words and the letters to the source go along.
    pub with_words: bool,
    /// Originals go along instead of sanitised copies, metadata and all.
    pub with_originals: bool,
    /// The report's language by its code.
    pub language: String,
}

/// Makes the encrypted dossier of a case. The export of each enclosed piece stands in the journal before the dossier is
/// made; save the desk afterwards, whatever the outcome.
///
/// # Errors
/// What stood in the way, in words for the officer. Entries about an export that then failed stay: they say that it was
/// tried.
pub async fn export<T: Transport, R: CryptoRng>(
    desk: &mut Desk,
    s: &mut Session<'_, T, R>,
    case: usize,
    ctx: &DeskContext,
    role: RoleName,
    previewer: &Previewer,
    wishes: &Wishes,
) -> Result<Vec<u8>> {
    let words = Language::from_code(&wishes.language).and_then(Language::console);
    let words = words.with_context(|| format!("there are no words for a report in `{}`", wishes.language))?;
    if wishes.summary.trim().is_empty() {
        bail!("write an account of the case in your own words: it goes out in place of the source's");
    }
    // A wrong recipient is found before anything is done.
    encrypt(&[], &wishes.to)?;
    let replay = desk.open(s, case, ctx).await?;
    let manifests = files_of(replay.case());
    let folder = tempfile::tempdir()?;
    let mut enclosures = Vec::new();
    for (item, piece) in replay.case().evidence() {
        let e = &piece.evidence;
        if e.readers.is_some_and(|n| n < READERS_MIN) {
            continue;
        }
        let Some(manifest) = manifests.iter().find(|f| f.fingerprint().sha256 == e.sha256.0) else { continue };
        if e.size > FILE_MAX as u64 {
            continue;
        }
        let path = folder.path().join(item.to_string());
        download(s.api, s.circuits, manifest, &path).await?;
        let original = fs::read(&path)?;
        fs::remove_file(&path)?;
        let enclosed = if wishes.with_originals {
            Some(Enclosure { item: *item, media: e.media.clone(), bytes: original, left_behind: Vec::new() })
        } else {
            match previewer.derive(&original) {
                Ok(d) => Some(Enclosure { item: *item, media: d.media.into(), bytes: d.bytes, left_behind: d.removed }),
                Err(PreviewError::Kind | PreviewError::Damaged | PreviewError::TooLarge(_)) => None,
                Err(e) => return Err(e).with_context(|| format!("evidence {item}")),
            }
        };
        enclosures.extend(enclosed);
    }
    for item in enclosures.iter().map(|e| e.item).collect::<Vec<_>>() {
        let handled = Event::EvidenceHandled { item, how: Handling::Exported };
        desk.act(s, case, ctx, role, |_| Some(Command::Write(handled.clone()))).await?;
    }
    let replay = desk.open(s, case, ctx).await?;
    let entries = desk.entries(s, case).await?;
    let (directory, root) = (s.directory, s.directory.charter().root());
    let charters = directory.charter_notes();
    let watch = LogWatch::new(s.api, directory.log_key().clone(), s.circuits.fresh());
    let mut view = watch.advance(None).await?;
    let mut receipts = Vec::new();
    for (version, note) in (1u64..).zip(&charters) {
        let leaf = leaf_data(LeafKind::Charter, &[0; 32], &charter_digest(note));
        // A charter that was published a moment ago is in the log when its epoch closes.
        if let Some((index, proof)) = watch.find(&mut view, 0, &leaf).await? {
            receipts.push(CharterReceipt { version, index, proof: proof.iter().map(hex::encode).collect() });
        }
    }
    let names = directory.members().iter().map(|(holder, _)| (holder, directory.name_of(holder))).collect();
    let checkpoint = view.checkpoint().to_bytes();
    let material = Material {
        programme: directory.programme(),
        title: &directory.charter().document().programme,
        root: *root,
        charters: &charters,
        checkpoint: &checkpoint,
        receipts: &receipts,
        replay: &replay,
        entries: &entries,
        summary: &wishes.summary,
        enclosures: &enclosures,
        redact: &wishes.redact,
        with_words: wishes.with_words,
        names: &names,
        made_at: s.clock,
        words,
    };
    let archive = make(&material, &desk.identity.signer())?;
    // What no reader would accept must not go out.
    super::verify(&archive, Some(root)).context("the dossier does not verify; nothing was written")?;
    Ok(encrypt(&archive, &wishes.to)?)
}
