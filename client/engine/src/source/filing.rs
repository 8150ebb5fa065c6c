//! Filing a tip: first contact with up to three officers, and the source's first state, in one parcel.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::{bytes::Digest, case::message_digest, words::meeting};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    file::FileManifest,
    log::ReceiptFile,
    passphrase::{MasterKey, Passphrase},
    ratchet::Session,
    secret::Secret32,
    sign::HolderId,
    wire::{Bundle, Envelope},
};

use super::{
    client::Source,
    error::SourceError,
    state::{Correspondent, SourceState, claim_key},
    upload::UploadSecret,
    words::Hand,
};
use crate::{
    api::Api,
    board::Circuits,
    directory::{Directory, Officer},
    message::{Message, Tip, is_blank},
    transport::Transport,
};

/// Officers that a tip is addressed to, at most: with the state they fill one parcel.
pub const RECIPIENTS_MAX: usize = 3;

const DAY: u64 = 86_400;

/// What a source wants to say first.
#[derive(Clone, Debug, Default)]
pub struct TipForm {
    /// Id of the regime pack whose questions were answered.
    pub regime: String,
    /// Answers to the pack's questions, question id to answer; the class stands under `class`.
    pub answers: BTreeMap<String, String>,
    /// What happened, in the source's own words.
    pub narrative: String,
    /// Files already uploaded.
    pub files: Vec<FileManifest>,
    /// The number of the source's first state: 0, or the next one after those whose places were asked for in vain
    /// ([`Source::just_filed`]). Nothing is put where somebody has shown the capability before.
    pub first_state: u64,
}

/// What the source learns when its tip is on the board.
#[derive(Debug)]
pub struct Filed {
    /// The receipts, verified against the log's key.
    pub receipts: Vec<ReceiptFile>,
    /// The epoch after whose close the officers can see it and the log proves it.
    pub epoch: u64,
    /// Officers who were reached only through their fallback keys: first contact is weaker.
    pub fallback: Vec<String>,
}

impl<T: Transport> Source<T> {
    /// Files a tip: asks for everybody's keys, writes to up to three intake officers and to itself, in one parcel. Four
    /// requests with the charter's own.
    pub async fn file_tip(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        form: TipForm,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Filed), SourceError> {
        Self::file_tip_uploaded(api, directory, master, form, None, now, rng).await
    }

    /// As [`Source::file_tip`], with files under an upload secret, which is destroyed once the receipts are verified:
    /// see [`UploadSecret`].
    pub async fn file_tip_uploaded(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        form: TipForm,
        upload: Option<&UploadSecret>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Filed), SourceError> {
        api.trust(directory.log_key());
        let officers = addressed(&directory, &form, rng)?;
        let first_state = form.first_state;
        let circuits = Circuits::new(rng);
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let holders: Vec<HolderId> = officers.iter().map(|o| o.key.holder_id()).collect();
        let offered = api.bundles(&params, rng, circuit).await?;
        let (case_secret, key) = (Secret32::random(rng), claim_key(&master));
        let (journal, _) = meeting(&case_secret, &key.verifying_key());
        let tip = Message::Tip(Box::new(Tip {
            case_secret,
            regime: form.regime,
            answers: form.answers,
            narrative: form.narrative,
            files: form.files,
            claim_key: key.verifying_key(),
        }));
        let hand = Hand { directory: &directory, journal, key };
        let words = hand.sign(&tip, 0, &holders)?;
        let mut begun = Begun::default();
        for officer in &officers {
            begun.with(officer, offered.of(officer.key.holder_id()).cloned(), &hand, &words, now, rng)?;
        }
        let Begun { correspondents, envelopes, fallback } = begun;
        let state = SourceState {
            correspondents,
            journal: Digest(journal.0),
            sent: 1,
            recent: vec![message_digest(&words)],
            cursor: params.epoch,
            charter: directory.seen(),
            log: None,
            case_state: None,
            awards: Vec::new(),
            filed_day: u32::try_from(now / DAY).ok(),
            next_upload: upload.map_or(0, |u| u.number() + 1),
            spent_uploads: upload.map(UploadSecret::number).into_iter().collect(),
            cover_from: 0,
            cover_next: 0,
        };
        let mut source = Self::at(api, directory, master, circuits, state, first_state);
        let kept = source.deposit_with_state(envelopes, first_state, Some(params), rng).await?;
        source.destroy_uploads().await;
        let epoch = kept.iter().map(|k| k.receipt.epoch).max().unwrap_or(0);
        Ok((source, Filed { receipts: kept, epoch, fallback }))
    }
}

/// Conversations that a tip opens.
#[derive(Default)]
struct Begun {
    correspondents: Vec<Correspondent>,
    envelopes: Vec<Envelope>,
    /// Officers who were reached only through their fallback keys.
    fallback: Vec<String>,
}

impl Begun {
    /// Opens one with `officer`, who offers `bundle`, by these signed words.
    fn with(
        &mut self,
        officer: &Officer,
        bundle: Option<Bundle>,
        hand: &Hand<'_>,
        words: &[u8],
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), SourceError> {
        let bundle = bundle.ok_or_else(|| SourceError::NoBundle(officer.name.clone()))?;
        let bundle = VerifiedBundle::verify(bundle, &officer.key, now)
            .map_err(|why| SourceError::Bundle { name: officer.name.clone(), why })?;
        let (holder, one_time) = (officer.key.holder_id(), bundle.is_one_time());
        let body = |conversation: &[u8; 32]| hand.open(words, holder, conversation);
        let (session, envelope) = Session::initiate_named(&officer.contact, &bundle, body, rng)?;
        if !one_time {
            self.fallback.push(officer.name.clone());
        }
        self.correspondents.push(Correspondent { holder, session, one_time });
        self.envelopes.push(envelope);
        Ok(())
    }
}

/// Who gets the tip. One that says nothing goes to nobody.
fn addressed(directory: &Directory, form: &TipForm, rng: &mut impl CryptoRng) -> Result<Vec<Officer>, SourceError> {
    if is_blank(&form.narrative) {
        return Err(SourceError::Empty);
    }
    if core::iter::once(&form.narrative).chain(form.answers.values()).any(|t| Passphrase::stands_in(t)) {
        return Err(SourceError::OwnWords);
    }
    match choose(directory.intake(), rng) {
        officers if officers.is_empty() => Err(SourceError::NoOfficer),
        officers => Ok(officers),
    }
}

/// Up to [`RECIPIENTS_MAX`] officers, at random if there are more.
pub(crate) fn choose(mut officers: Vec<&Officer>, rng: &mut impl CryptoRng) -> Vec<Officer> {
    let mut chosen = Vec::new();
    while chosen.len() < RECIPIENTS_MAX && !officers.is_empty() {
        let mut b = [0; 8];
        rng.fill_bytes(&mut b);
        let i = usize::try_from(u64::from_be_bytes(b) % officers.len() as u64).unwrap_or(0);
        chosen.push(officers.swap_remove(i).clone());
    }
    chosen
}
