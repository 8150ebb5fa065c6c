//! Files on their way up and down: blob after blob, never whole in memory.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use rand_core::CryptoRng;
use subrosa_crypto::{
    delivery::Capability,
    file::{FileDecoder, FileEncoder, FileManifest, FileSecret, Fingerprint, OpenFileError, safe_name},
};
use thiserror::Error;

use subrosa_engine::{
    api::{Api, ApiError, Fetched},
    board::{self, BLOB_TRIES, Circuits},
    transport::Transport,
};

/// A file did not arrive, or could not be kept.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The target is there already.
    #[error("{} is there already; nothing was overwritten", .0.display())]
    Exists(PathBuf),
    /// The server lacks a part.
    #[error("part {part} of {of} of the file is not on the server (any more)")]
    Missing {
        /// Which part, from 1.
        part: u32,
        /// How many there are.
        of: u32,
    },
    /// The network failed, or the server refused.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// What arrived is not what was announced.
    #[error(transparent)]
    Open(#[from] OpenFileError),
    /// The system refused to write.
    #[error("the system refused {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

/// Encrypts and uploads a file; `progress` is told how many of how many blobs are there.
pub async fn upload<T: Transport>(
    api: &Api<T>,
    circuits: &Circuits,
    path: &Path,
    rng: &mut impl CryptoRng,
    mut progress: impl FnMut(u32, u32),
) -> Result<FileManifest> {
    let open = || File::open(path).with_context(|| format!("{}", path.display()));
    let fingerprint = Fingerprint::of(BufReader::new(open()?))?;
    let name = safe_name(&path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default());
    let manifest = FileManifest::new(&name, media_type(&name), fingerprint, FileSecret::random(rng))?;
    let mut encoder = FileEncoder::new(&manifest, BufReader::new(open()?))?;
    while let Some(blob) = encoder.next_blob()? {
        board::put_blob(api, circuits, &blob).await?;
        progress(blob.index + 1, manifest.blobs());
    }
    Ok(manifest)
}

/// Downloads, decrypts and checks a file; the target appears only if it is whole and right.
pub async fn download<T: Transport>(
    api: &Api<T>,
    circuits: &Circuits,
    manifest: &FileManifest,
    target: &Path,
) -> Result<(), DownloadError> {
    let io = |e| DownloadError::Io(target.to_owned(), e);
    if target.exists() {
        return Err(DownloadError::Exists(target.to_owned()));
    }
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = tempfile::Builder::new().prefix(".subrosa-").tempfile_in(folder).map_err(io)?;
    let mut writer = fetch(api, circuits, manifest, BufWriter::new(part)).await?;
    writer.flush().map_err(io)?;
    let part = writer.into_inner().map_err(|e| io(e.into_error()))?;
    part.as_file().sync_all().map_err(io)?;
    part.persist_noclobber(target).map_err(|e| match e.error.kind() {
        io::ErrorKind::AlreadyExists => DownloadError::Exists(target.to_owned()),
        _ => io(e.error),
    })?;
    Ok(())
}

/// Downloads, decrypts and checks a file that is to be looked at: it stays in memory.
pub async fn download_bytes<T: Transport>(
    api: &Api<T>,
    circuits: &Circuits,
    manifest: &FileManifest,
) -> Result<Vec<u8>, DownloadError> {
    fetch(api, circuits, manifest, Vec::new()).await
}

async fn fetch<T: Transport, W: io::Write>(
    api: &Api<T>,
    circuits: &Circuits,
    manifest: &FileManifest,
    to: W,
) -> Result<W, DownloadError> {
    let mut decoder = FileDecoder::new(manifest, to);
    for i in 0..manifest.blobs() {
        let capability = Capability::new(manifest.secret().capability(i));
        let mut tries = 0;
        let blob = loop {
            tries += 1;
            match api.take_blob(&capability, circuits.fresh()).await {
                Ok(Fetched::Body(b)) => break b,
                Ok(Fetched::Gone | Fetched::Unknown) => {
                    return Err(DownloadError::Missing { part: i + 1, of: manifest.blobs() });
                }
                Err(ApiError::Transport(_)) if tries < BLOB_TRIES => {}
                Err(e) => return Err(e.into()),
            }
        };
        decoder.push_blob(&blob)?;
    }
    Ok(decoder.finish()?)
}

/// A media type from the name's ending; the officer's side checks the content itself.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
