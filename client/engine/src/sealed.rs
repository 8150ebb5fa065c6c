//! The sealed intake's second half: an age file out of the server's spool becomes an ordinary parcel to intake
//! officers, and a case on their desks.
//!
//! Spec: `docs/spec/sealed-intake.md`. Whoever forwards holds no key that opens anything. Crash points: the file stays
//! in the spool until the server's receipts were verified; forwarding it twice makes two parcels and, because the
//! case's secret comes out of the file itself, one case.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    delivery::Capability,
    file::{EncodeFileError, FileDecoder, FileEncoder, FileManifest, FileSecret, Fingerprint, ManifestError},
    intake::{IntakeIdentity, NO_CLAIM_KEY, OpenSealedError, SEALED_MAX},
    ratchet::Session,
    sign::HolderId,
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    cover,
    directory::Directory,
    message::{Message, MessageError, SealedSubmission, Tip},
    source::{SourceError, choose},
    transport::Transport,
    trouble::{SealedFault, Trouble},
};

/// What such a case has in place of a regime.
pub const REGIME: &str = "sealed-intake";
/// The answer that holds the receipt code.
pub const CODE: &str = "receipt-code";
/// Longer text stays in its file.
const NARRATIVE_MAX: usize = 16 * 1024;

/// Why a submission was not passed on. It stays where it is.
#[derive(Debug, Error)]
pub enum ForwardError {
    /// Sealing to the officers, or the server.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Cutting the file into blobs.
    #[error(transparent)]
    Encode(#[from] EncodeFileError),
    /// The name that the spool gives it.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The bytes of the file could not be read to their end.
    #[error("the file cannot be read: {0}")]
    Read(#[from] std::io::Error),
}

impl From<ApiError> for ForwardError {
    fn from(e: ApiError) -> Self {
        Self::Source(e.into())
    }
}

/// Uploads the file as blobs and tells up to three intake officers, in one parcel. When this returns, the server's
/// signed receipts were verified.
///
/// # Errors
/// [`ForwardError`]; it may be repeated.
pub async fn forward<T: Transport>(
    api: &Api<T>,
    circuits: &Circuits,
    directory: &Directory,
    code: &str,
    file: &[u8],
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<(), ForwardError> {
    api.trust(directory.log_key());
    let officers = choose(directory.intake(), rng);
    if officers.is_empty() {
        return Err(SourceError::NoOfficer.into());
    }
    let name = format!("{code}.age");
    let manifest =
        FileManifest::new(&name, "application/octet-stream", Fingerprint::of(file)?, FileSecret::random(rng))?;
    let mut encoder = FileEncoder::new(&manifest, file)?;
    while let Some(blob) = encoder.next_blob()? {
        board::put_blob(api, circuits, &blob).await?;
    }
    let message = Message::Sealed(Box::new(SealedSubmission { code: code.to_owned(), file: manifest }));
    let body = message.encode().map_err(SourceError::from)?;
    let circuit = circuits.fresh();
    let params = api.params(circuit).await?;
    let offered = api.bundles(&params, rng, circuit).await?;
    let mut envelopes = Vec::with_capacity(officers.len());
    for officer in &officers {
        let bundle = offered.of(officer.key.holder_id()).cloned();
        let bundle = bundle.ok_or_else(|| SourceError::NoBundle(officer.name.clone()))?;
        let bundle = VerifiedBundle::verify(bundle, &officer.key, now)
            .map_err(|why| SourceError::Bundle { name: officer.name.clone(), why })?;
        let (_, envelope) = Session::initiate(&officer.contact, &bundle, &body, rng).map_err(SourceError::from)?;
        envelopes.push(envelope);
    }
    let written: Vec<HolderId> = officers.iter().map(|o| o.key.holder_id()).collect();
    cover::fill_up(&mut envelopes, &written, &offered, directory, now, rng).map_err(SourceError::from)?;
    let parcel = board::parcel(envelopes, rng).map_err(SourceError::from)?;
    board::promised(api, directory.log_key(), &params, &parcel, circuit).await.map_err(SourceError::from)?;
    Ok(())
}

/// A submission that reached an officer's desk and was not opened yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) submission: SealedSubmission,
    pub(crate) epoch: u64,
}

/// Fetches, opens and turns into the tip that it stands for; the same bytes on every officer's desk. Nothing is
/// destroyed.
pub(crate) async fn open<T: Transport>(
    api: &Api<T>,
    circuits: &Circuits,
    identity: &IntakeIdentity,
    submission: &SealedSubmission,
) -> Result<Tip, Trouble> {
    let later = |why: ApiError| Trouble::SealedLater { code: submission.code.clone(), why };
    let never = |why: SealedFault| Trouble::SealedNever { code: submission.code.clone(), why };
    if submission.file.fingerprint().size > SEALED_MAX {
        return Err(never(OpenSealedError::TooLong.into()));
    }
    let mut decoder = FileDecoder::new(&submission.file, Vec::new());
    for i in 0..submission.file.blobs() {
        let capability = Capability::new(submission.file.secret().capability(i));
        match api.take_blob(&capability, circuits.fresh()).await {
            Ok(Fetched::Body(blob)) => decoder.push_blob(&blob).map_err(|e| never(e.into()))?,
            Ok(Fetched::Gone | Fetched::Unknown) => return Err(never(SealedFault::Gone)),
            Err(e) => return Err(later(e)),
        }
    }
    let file = decoder.finish().map_err(|e| never(e.into()))?;
    let opened = identity.open(&file).map_err(|e| never(e.into()))?;
    // Text that fits is read in the thread; anything else lies in the file, which `officer files` opens.
    let text = core::str::from_utf8(&opened.plaintext).ok().filter(|t| t.len() <= NARRATIVE_MAX);
    Ok(Tip {
        case_secret: opened.case_secret,
        regime: REGIME.into(),
        answers: BTreeMap::from([(CODE.to_owned(), submission.code.clone())]),
        narrative: text.unwrap_or_default().to_owned(),
        files: vec![submission.file.clone()],
        claim_key: NO_CLAIM_KEY,
    })
}

/// As the message that stands in the case's journal.
pub(crate) fn as_message(tip: Tip) -> Result<zeroize::Zeroizing<Vec<u8>>, MessageError> {
    Message::Tip(Box::new(tip)).encode()
}
