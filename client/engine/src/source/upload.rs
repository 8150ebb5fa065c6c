//! Files on their way up from a source that may lose its circuit, or its browser, before the tip is filed.
//!
//! Spec: `docs/spec/source-state.md`, section "Uploads". Memory: one blob and what was fed for the next.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use rand_core::CryptoRng;
use subrosa_crypto::{
    delivery::{Drop, cover_hint},
    encoding::Codec,
    envelope::{self, EnvelopeError},
    file::{Blob, EncodeFileError, FileEncoder, FileManifest, FileSecret, Fingerprint},
    kdf,
    passphrase::MasterKey,
    seal::SealSecret,
    secret::Secret32,
    wire::{BLOB_LEN, PARCEL_COUNT},
};
use thiserror::Error;

use super::{error::SourceError, state::StateError};
use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    directory::Directory,
    transport::{Circuit, Transport},
};

const VERSION: u8 = 1;
/// Numbers tried for one upload secret: each message with files uses one.
const SEARCH: u64 = 256;
/// How far the encoder may read beyond what one blob holds: one age chunk.
const AHEAD: u64 = 1 << 16;

/// What the secrets of files are derived from until the message that names them is sent.
///
/// It is random and lies in an envelope to oneself, so that an upload goes on from the passphrase alone; that envelope
/// is destroyed when the message is sent, so that afterwards the passphrase leads to nothing that was sent. It says
/// nothing about the files: whoever has it needs a file's very content to derive that file's secret.
#[derive(Debug)]
pub struct UploadSecret {
    number: u64,
    secret: Secret32,
    found: bool,
}

/// Where upload secret `number` lies.
fn upload_drop(master: &MasterKey, number: u64) -> Drop {
    Drop::own(&master.derive("subrosa/upload-drop/v1", &[&number.to_be_bytes()]))
}

/// Where the cover beside upload secret `number` lies.
fn cover_drop(master: &MasterKey, number: u64, n: u8) -> Drop {
    Drop::own(&master.derive("subrosa/upload-cover-drop/v1", &[&number.to_be_bytes(), &[n]]))
}

/// How much cover lies beside an upload secret.
const COVER: u8 = 3;
const _: () = assert!(COVER as usize + 1 == PARCEL_COUNT, "with the secret they fill a parcel");

/// The places of upload secret `number` and of the cover beside it, in the order of their tags: all four are destroyed
/// together, and nothing tells which is which.
pub(crate) fn upload_places(master: &MasterKey, number: u64) -> Vec<Drop> {
    let mut places = vec![upload_drop(master, number)];
    places.extend((0..COVER).map(|n| cover_drop(master, number, n)));
    places.sort_by_key(Drop::tag);
    places
}

fn upload_key(master: &MasterKey, number: u64) -> SealSecret {
    SealSecret::from_seed(master.derive("subrosa/upload-seal/v1", &[&number.to_be_bytes()]))
}

impl UploadSecret {
    /// Makes sure that a secret lies on the board, before the first blob leaves: the one that an earlier visit left
    /// behind, from number `first` on, or a new one.
    ///
    /// A new one is deposited first, and only if the server says that the place is taken is it asked for what lies
    /// there: a place that is asked for in vain would be known again as soon as it is used.
    ///
    /// # Errors
    /// As a deposit; or an envelope that does not open. Nothing is lost: begin again.
    pub async fn prepare<T: Transport>(
        api: &Api<T>,
        directory: &Directory,
        master: &MasterKey,
        first: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SourceError> {
        api.trust(directory.log_key());
        for number in first..first.saturating_add(SEARCH) {
            match Self::begin(api, directory, master, number, circuits.fresh(), rng).await {
                Err(SourceError::Api(ApiError::Refused { status: 409, .. })) => {}
                begun => return begun,
            }
            if let Some(found) = Self::fetch(api, master, number, circuits.fresh()).await? {
                return Ok(found);
            }
        }
        Err(SourceError::Withheld)
    }

    /// Draws a secret and deposits it as number `number`, with its cover.
    async fn begin<T: Transport>(
        api: &Api<T>,
        directory: &Directory,
        master: &MasterKey,
        number: u64,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SourceError> {
        let secret = Secret32::random(rng);
        let mut content = zeroize::Zeroizing::new(vec![VERSION]);
        secret.expose().write(&mut content);
        let recipient = upload_key(master, number).recipient().map_err(EnvelopeError::from)?;
        let place = upload_drop(master, number);
        let mut envelopes = vec![envelope::write(&place, cover_hint(rng), &recipient, &[0; 16], &content, rng)?];
        for n in 0..COVER {
            envelopes.push(envelope::cover_at(&cover_drop(master, number, n), rng)?);
        }
        let parcel = board::parcel(envelopes, rng)?;
        let params = api.params(circuit).await?;
        board::promised(api, directory.log_key(), &params, &parcel, circuit).await?;
        Ok(Self { number, secret, found: false })
    }

    /// What an earlier visit deposited as number `number`; `None` if its files were sent.
    async fn fetch<T: Transport>(
        api: &Api<T>,
        master: &MasterKey,
        number: u64,
        circuit: Circuit,
    ) -> Result<Option<Self>, SourceError> {
        let place = upload_drop(master, number);
        let body = match api.take(place.capability(), circuit).await? {
            Fetched::Body(body) => body,
            Fetched::Gone => return Ok(None),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        let content = envelope::read(&place, &upload_key(master, number), &body)?;
        let bytes = match content.split_first() {
            Some((&VERSION, rest)) => <[u8; 32]>::try_from(rest).ok(),
            _ => None,
        };
        let secret = Secret32::new(bytes.ok_or(StateError::Version)?);
        Ok(Some(Self { number, secret, found: true }))
    }

    /// Whether an earlier visit left it behind.
    pub fn was_found(&self) -> bool {
        self.found
    }

    /// Which one it is.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The secret of the file with this content: always the same for the same content, and another one for any other.
    pub fn file_secret(&self, content: &Fingerprint) -> FileSecret {
        let context: [&dyn kdf::Part; 2] = [&content.size.to_be_bytes(), &content.sha256];
        FileSecret::from_secret(kdf::derive(b"", self.secret.expose(), "subrosa/upload-file/v1", &context))
    }
}

/// Why a step of an upload failed.
#[derive(Debug, Error)]
pub enum UploadError {
    /// The server or the network. The same step can be taken again.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The file is not what it was, or was not fed as asked for. Begin with the file anew.
    #[error(transparent)]
    File(#[from] EncodeFileError),
}

/// One file on its way up. Does not read the file itself: [`Uploader::wants`] says which bytes to feed next.
pub struct Uploader {
    manifest: FileManifest,
    content: Feed,
    encoder: FileEncoder<Feed>,
    fed: u64,
    waiting: Option<Blob>,
    sent: u32,
    held: u32,
}

#[derive(Clone, Default)]
struct Feed(Rc<RefCell<VecDeque<u8>>>);

impl std::io::Read for Feed {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().read(out)
    }
}

impl core::fmt::Debug for Uploader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Uploader([redacted], {} of {})", self.sent, self.manifest.blobs())
    }
}

impl Uploader {
    /// Starts at the first byte.
    ///
    /// # Errors
    /// None that a valid manifest meets.
    pub fn new(manifest: FileManifest) -> Result<Self, UploadError> {
        let content = Feed::default();
        let encoder = FileEncoder::new(&manifest, content.clone())?;
        Ok(Self { manifest, content, encoder, fed: 0, waiting: None, sent: 0, held: 0 })
    }

    /// What a receiver needs to fetch and open the file. It goes into sealed messages only.
    pub fn manifest(&self) -> &FileManifest {
        &self.manifest
    }

    /// Blobs that are on the server.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Whether every blob is there.
    pub fn is_done(&self) -> bool {
        self.sent >= self.manifest.blobs()
    }

    /// The bytes of the file to feed before the next step: offset and length; `None` if that step needs none.
    pub fn wants(&self) -> Option<(u64, u64)> {
        if self.waiting.is_some() || self.is_done() {
            return None;
        }
        let blobs = u64::from(self.sent).saturating_add(1);
        let need = blobs.saturating_mul(BLOB_LEN as u64).saturating_add(AHEAD).min(self.manifest.fingerprint().size);
        need.checked_sub(self.fed).filter(|n| *n > 0).map(|n| (self.fed, n))
    }

    /// What [`Uploader::wants`] asked for.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.content.0.borrow_mut().extend(bytes);
        self.fed = self.fed.saturating_add(bytes.len() as u64);
    }

    /// Asks the server how many of the first blobs it has, so that they are not sent again. Blobs go up in order, so a
    /// search by halves finds it.
    ///
    /// # Errors
    /// The server or the network.
    pub async fn look<T: Transport>(&mut self, api: &Api<T>, circuit: Circuit) -> Result<u32, UploadError> {
        let (mut there, mut missing) = (0, self.manifest.blobs());
        // Most uploads are new: one question settles them.
        if !api.blob_is_held(self.manifest.secret().blob_name(0), circuit).await? {
            self.held = 0;
            return Ok(0);
        }
        while there + 1 < missing {
            let middle = there + (missing - there) / 2;
            if api.blob_is_held(self.manifest.secret().blob_name(middle), circuit).await? {
                there = middle;
            } else {
                missing = middle;
            }
        }
        self.held = missing;
        Ok(missing)
    }

    /// Encrypts the next blob and sends it, unless the server has it. After an error of the server or the network the
    /// step can be repeated.
    ///
    /// # Errors
    /// [`UploadError`].
    pub async fn step<T: Transport>(&mut self, api: &Api<T>, circuit: Circuit) -> Result<(), UploadError> {
        let blob = match self.waiting.take() {
            Some(blob) => blob,
            None => match self.encoder.next_blob()? {
                Some(blob) => blob,
                None => return Ok(()),
            },
        };
        if blob.index >= self.held {
            let put = async { api.put_blob(&api.params(circuit).await?, blob.name, &blob.bytes, circuit).await };
            if let Err(e) = put.await {
                self.waiting = Some(blob);
                return Err(e.into());
            }
        }
        self.sent = blob.index + 1;
        Ok(())
    }
}
