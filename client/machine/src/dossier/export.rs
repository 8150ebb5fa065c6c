//! Making a dossier from a desk: fetches the evidence, copies it safely, records in the journal that it went out, and
//! encrypts.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Command, Event, Handling},
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::{
    log::{charter_digest, leaf_data},
    wire::LeafKind,
};
use subrosa_templates::Language;

use super::{CharterReceipt, DossierError, Enclosure, Material, READERS_MIN, encrypt, make, verify};
use crate::{
    preview::{FILE_MAX, PreviewError, Previewer},
    upload::download_bytes,
};
use subrosa_engine::{
    log_watch::{LogView, LogWatch},
    officer::{Desk, Known, files_of},
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
/// What stood in the way; each cause has a code. Entries about an export that then failed stay: they say that it was
/// tried.
pub async fn export<T: Transport, R: CryptoRng>(
    desk: &mut Desk,
    s: &mut Session<'_, T, R>,
    case: usize,
    known: &Known,
    role: RoleName,
    previewer: &Previewer,
    wishes: &Wishes,
) -> Result<Vec<u8>> {
    let words = Language::from_code(&wishes.language).and_then(Language::console);
    let words = words.ok_or_else(|| DossierError::Language(wishes.language.clone()))?;
    if wishes.summary.trim().is_empty() {
        return Err(DossierError::NoAccount.into());
    }
    // A wrong recipient is found before anything is done.
    encrypt(&[], &wishes.to)?;
    // A log that contradicts what this desk saw must not be passed on, and nothing is written on its server's word.
    let watch = LogWatch::new(s.api, s.directory.log_key().clone(), s.circuits.fresh());
    let mut view = desk.identity.follow_log(&watch).await?;
    let ctx = &known.ctx;
    let replay = desk.open(s, case, ctx).await?;
    let enclosures = enclosures(s, &replay, previewer, wishes.with_originals).await?;
    for item in enclosures.iter().map(|e| e.item) {
        let handled = Event::EvidenceHandled { item, how: Handling::Exported };
        desk.act(s, case, ctx, role, |_| Some(Command::Write(handled.clone()))).await?;
    }
    let replay = desk.open(s, case, ctx).await?;
    let entries = desk.entries(s, case).await?;
    let (directory, root) = (s.directory, s.directory.charter().root());
    let charters = directory.charter_notes();
    let receipts = receipts(&watch, &mut view, &charters).await?;
    let checkpoint = view.checkpoint().to_bytes();
    let names = directory.members().iter().map(|(holder, _)| (holder, directory.name_of(holder))).collect();
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
        policies: &known.policies,
        names: &names,
        made_at: s.clock,
        words,
    };
    let archive = make(&material, &desk.identity.signer())?;
    // What no reader would accept must not go out.
    verify(&archive, Some(root)).map_err(DossierError::Unsound)?;
    Ok(encrypt(&archive, &wishes.to)?)
}

/// Fetches each piece of evidence that may go out, and copies it safely; an original stays as it is.
async fn enclosures<T: Transport, R>(
    s: &Session<'_, T, R>,
    replay: &Replay,
    previewer: &Previewer,
    with_originals: bool,
) -> Result<Vec<Enclosure>> {
    let manifests = files_of(replay.case());
    let mut out = Vec::new();
    for (item, piece) in replay.case().evidence() {
        let e = &piece.evidence;
        if e.readers.is_some_and(|n| n < READERS_MIN) {
            continue;
        }
        let Some(manifest) = manifests.iter().find(|f| f.fingerprint().sha256 == e.sha256.0) else { continue };
        if e.size > FILE_MAX as u64 {
            continue;
        }
        let original = download_bytes(s.api, s.circuits, manifest).await?;
        if with_originals {
            out.push(Enclosure { item: *item, media: e.media.clone(), bytes: original, left_behind: Vec::new() });
            continue;
        }
        match previewer.derive(&original) {
            Ok(d) => {
                out.push(Enclosure { item: *item, media: d.media.into(), bytes: d.bytes, left_behind: d.removed });
            }
            Err(PreviewError::Kind | PreviewError::Damaged | PreviewError::Locked | PreviewError::TooLarge(_)) => {}
            Err(e) => return Err(e).with_context(|| format!("evidence {item}")),
        }
    }
    Ok(out)
}

/// The place in the log of each charter that it holds.
async fn receipts<T: Transport>(
    watch: &LogWatch<'_, T>,
    view: &mut LogView,
    charters: &[Vec<u8>],
) -> Result<Vec<CharterReceipt>> {
    let mut found = Vec::new();
    for (version, note) in (1u64..).zip(charters) {
        let leaf = leaf_data(LeafKind::Charter, &[0; 32], &charter_digest(note));
        // A charter that was published a moment ago is in the log when its epoch closes.
        if let Some((index, proof)) = watch.find(view, 0, &leaf).await? {
            found.push(CharterReceipt { version, index, proof: proof.iter().map(hex::encode).collect() });
        }
    }
    Ok(found)
}
