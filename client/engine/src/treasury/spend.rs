//! From tokens that a stranger shows to money: reserve, commit, release.
//!
//! One administrator's word about a token is final: it is reserved for one redemption and for no other. Tokens are
//! spent once as many signers of their keyset as it takes have reserved them for the same redemption; only then does
//! anybody publish a proof, for with enough proofs anybody could show the tokens. Any two such groups share an
//! administrator, so no token is spent twice unless that one breaks its word, in public.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use subrosa_casework::{
    bytes::Digest,
    records::{LedgerBody, Movement, ReservationBody, Version},
};
use subrosa_crypto::{
    sign::HolderId,
    token::{Keyset, Nullifier, Presentation, ShareError},
    wire::RecordKind,
};

use super::{
    BountyError, PaidFrom, Received, Stage, Treasury,
    public::{PublicView, redemption_body},
    rail::{Details, Payment},
};
use crate::{
    history::History,
    session::{Saved, Session},
    transport::Transport,
};

impl Received {
    fn shown(&self) -> Result<Presentation, BountyError> {
        Presentation::decode(&self.tokens).map_err(|_| BountyError::Share(ShareError::NotOurs))
    }

    /// Its keyset, as the charter names it.
    fn keyset<'d>(&self, directory: &'d History) -> Result<&'d Keyset, BountyError> {
        let id = self.shown()?.keyset;
        directory.charter().keyset(&id).ok_or(BountyError::NoKeyset)
    }

    /// The nullifiers of its tokens; none if it cannot be read.
    pub fn nullifiers(&self) -> BTreeSet<Nullifier> {
        self.shown().map(|p| p.nullifiers().into_iter().collect()).unwrap_or_default()
    }

    /// How many tokens were shown.
    pub fn count(&self) -> usize {
        self.shown().map_or(0, |p| p.rows.len())
    }

    /// How many administrators have to do each step.
    ///
    /// # Errors
    /// The charter does not name the tokens' keyset.
    pub fn need(&self, directory: &History) -> Result<usize, BountyError> {
        Ok(usize::from(self.keyset(directory)?.threshold()))
    }

    fn movement(&self, movement: Movement) -> LedgerBody {
        LedgerBody::of_reference(movement, self.context, self.amount)
    }

    /// Administrators who have publicly released its money, in the order of their records.
    pub fn released_by(&self, view: &PublicView) -> Vec<HolderId> {
        view.ledger_signers(&self.movement(Movement::PayoutReleased).to_json())
    }

    /// Administrators who have publicly stated that its money has arrived, in the order of their records.
    pub fn settled_by(&self, view: &PublicView) -> Vec<HolderId> {
        view.ledger_signers(&self.movement(Movement::PayoutSettled).to_json())
    }

    /// Administrators who have publicly proven these very tokens.
    pub fn verified_by(&self, view: &PublicView) -> BTreeSet<HolderId> {
        match self.shown() {
            Ok(shown) => view.redemption_signers(&shown.keyset, &self.context, &self.nullifiers()),
            Err(_) => BTreeSet::new(),
        }
    }
}

impl Saved<'_, Treasury> {
    /// Publishes what was reserved, and the proofs of what enough others have reserved too. Answers how many
    /// redemptions were proven. Save afterwards. Repeating it is harmless.
    ///
    /// # Errors
    /// The server or the network; what is left is said again at the next visit.
    pub async fn commit<T: Transport, R: CryptoRng>(mut self, s: &mut Session<'_, T, R>) -> Result<usize, BountyError> {
        self.contents().commit(s).await
    }
}

impl Treasury {
    /// Keeps a redemption that came in, and answers whether there is something new. Whoever was shown a redemption can
    /// name it to others with false shares; that must not keep out what its holder shows.
    pub(super) fn keep(&mut self, r: Received, directory: &History) -> bool {
        let Some(at) = self.redemptions.iter().position(|old| old.context == r.context) else {
            self.redemptions.push(r);
            return true;
        };
        let old = self.redemptions.get(at).filter(|old| matches!(old.stage, Stage::Received | Stage::Refused));
        let replaced = old.is_some_and(|old| !self.is_genuine(old, directory)) && self.is_genuine(&r, directory);
        if let Some(old) = self.redemptions.get_mut(at).filter(|_| replaced) {
            *old = r;
        }
        replaced
    }

    /// Whether every share in it is this administrator's own.
    fn is_genuine(&self, r: &Received, directory: &History) -> bool {
        let secret = r.keyset(directory).and_then(|keyset| self.secret(keyset));
        secret.is_ok_and(|secret| r.shown().is_ok_and(|shown| secret.recognise(&shown).is_ok()))
    }

    /// Recognises the own share in each token and binds this administrator to the redemption. Changes the treasury
    /// only: save, then [`Saved::commit`].
    ///
    /// # Errors
    /// A token is not ours, was bound to another redemption, or is no longer honoured.
    pub async fn recognise<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
    ) -> Result<(), BountyError> {
        self.check_charter(s.directory)?;
        let me = self.identity.signer().verifying_key().holder_id();
        let bound = |r: &&Received| r.context != *context && !matches!(r.stage, Stage::Received | Stage::Refused);
        let elsewhere: BTreeSet<Nullifier> =
            self.redemptions.iter().filter(bound).flat_map(Received::nullifiers).collect();
        let at = self.redemptions.iter().position(|r| r.context == *context);
        let r = at.and_then(|at| self.redemptions.get(at)).ok_or(BountyError::Unknown("redemption"))?;
        if r.stage != Stage::Received {
            return Ok(());
        }
        let keyset = r.keyset(s.directory)?;
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        // Our own memory first: a server that hides what was reserved must not make us pay twice. Then our own public
        // word, which a keystore restored from a backup has forgotten. Then what all others have decided.
        let taken = |n: &Nullifier| {
            let public = [view.reserved_by(me, n), view.spent_for(n)];
            elsewhere.contains(n) || public.into_iter().flatten().any(|word| word != (*context, keyset.id()))
        };
        let verdict = match r.nullifiers().into_iter().find(taken) {
            Some(n) => Err(BountyError::SpentBefore(n)),
            None if s.clock >= keyset.accept_until() => Err(BountyError::Expired),
            None => self.secret(keyset)?.recognise(&r.shown()?).map(drop).map_err(BountyError::from),
        };
        if let Some(r) = at.and_then(|at| self.redemptions.get_mut(at)) {
            r.stage = if verdict.is_ok() { Stage::Reserved } else { Stage::Refused };
        }
        verdict
    }

    async fn commit<T: Transport, R: CryptoRng>(&mut self, s: &mut Session<'_, T, R>) -> Result<usize, BountyError> {
        let me = self.identity.signer().verifying_key().holder_id();
        let reserved: Vec<Received> = self.redemptions.iter().filter(|r| r.stage == Stage::Reserved).cloned().collect();
        if reserved.is_empty() {
            return Ok(0);
        }
        self.check_charter(s.directory)?;
        let mut view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        for r in &reserved {
            // Whose keyset's period is over and which was left out of the charter: nobody redeems it any more, and it
            // must not hold up the others.
            let Ok(keyset) = r.keyset(s.directory) else { continue };
            // A keystore out of a backup may not know of a public word that was given since: one word is never followed
            // by another.
            let elsewhere = |n: &Nullifier| view.reserved_by(me, n).is_some_and(|(context, _)| context != r.context);
            if r.nullifiers().iter().any(elsewhere) {
                if let Some(own) = self.redemptions.iter_mut().find(|own| own.context == r.context) {
                    own.stage = Stage::Refused;
                }
                continue;
            }
            if !view.reservations(keyset, &r.context, &r.nullifiers()).contains(&me) {
                let nullifiers = r.nullifiers().iter().map(|n| Digest(n.0)).collect();
                let (context, keyset, issuer) = (r.context, Digest(keyset.id().0), u16::from(self.issuer));
                let body = ReservationBody { v: Version, context, keyset, issuer, nullifiers };
                self.publish(s, RecordKind::Reservation, body.to_json()).await?;
            }
        }
        view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let mut proven = 0;
        for r in &reserved {
            let Ok(keyset) = r.keyset(s.directory) else { continue };
            let bound = view.reservations(keyset, &r.context, &r.nullifiers());
            let ours = |n: &Nullifier| view.spent_for(n) == Some((r.context, keyset.id()));
            // Signers of two keysets may spend one token without having anybody in common: the first ones have it.
            if !bound.contains(&me) || bound.len() < usize::from(keyset.threshold()) || !r.nullifiers().iter().all(ours)
            {
                continue;
            }
            let secret = self.secret(keyset)?;
            let proof = secret.prove_redemption(&secret.recognise(&r.shown()?)?, s.rng)?;
            self.publish(s, RecordKind::Redemption, redemption_body(r.context, &proof).to_json()).await?;
            self.state(s, &LedgerBody::of_reference(Movement::TokensRedeemed, r.context, r.amount)).await?;
            if let Some(own) = self.redemptions.iter_mut().find(|own| own.context == r.context) {
                own.stage = Stage::Verified;
            }
            proven += 1;
        }
        Ok(proven)
    }

    /// Releases the money. The administrator whose release is the last one needed in the public records gets the
    /// payment that the redemption's rail makes, and only that one; asking again gives the same bytes until the money's
    /// arrival is stated by enough. Whoever releases before is told that others are needed. `debtor` fills that rail's
    /// debtor's fields; it may be left out, and may not be another, where there was a payment before.
    ///
    /// # Errors
    /// Fewer valid proofs are public than the tokens' keyset asks for; or others have to release, or pay; or it was
    /// paid from another account before, or the money has arrived.
    pub async fn pay<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
        debtor: Option<&Details>,
    ) -> Result<Payment, BountyError> {
        self.check_charter(s.directory)?;
        let me = self.identity.signer().verifying_key().holder_id();
        let r = self.redemptions.iter().find(|r| r.context == *context);
        let r = r.ok_or(BountyError::Unknown("redemption"))?;
        let need = r.need(s.directory)?;
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let have = r.verified_by(&view).len();
        if have < need || !matches!(r.stage, Stage::Verified | Stage::Released | Stage::Paid) {
            return Err(BountyError::NotVerified { have, need });
        }
        if r.settled_by(&view).len() >= need {
            return Err(BountyError::Arrived);
        }
        let (debtor, at) = r.paying(debtor, s.clock)?;
        let payment = r.payment(&debtor, at)?;
        let release = r.movement(Movement::PayoutReleased);
        let mut released = r.released_by(&view);
        if !released.contains(&me) {
            self.state(s, &release).await?;
            // Read again: several administrators may have released at the same moment, and the order of the records
            // decides.
            let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
            released = view.ledger_signers(&release.to_json());
        }
        let last = need.checked_sub(1).and_then(|n| released.get(n)).copied();
        if let Some(r) = self.redemptions.iter_mut().find(|r| r.context == *context) {
            if last == Some(me) {
                r.paid = Some(PaidFrom { at, debtor: debtor.members() });
            }
            let paid = r.stage == Stage::Paid || last == Some(me);
            r.stage = if paid { Stage::Paid } else { Stage::Released };
        }
        match last {
            None => Err(BountyError::MoreNeeded { have: released.len(), need }),
            Some(last) if last == me => Ok(payment),
            Some(_) => Err(BountyError::OtherPays),
        }
    }

    /// States that the money has arrived. Counts once as many administrators have stated it as recognised the tokens.
    ///
    /// # Errors
    /// The money was not released by enough, or this administrator has stated it before.
    pub async fn settle<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
    ) -> Result<(), BountyError> {
        self.check_charter(s.directory)?;
        let me = self.identity.signer().verifying_key().holder_id();
        let r = self.redemptions.iter().find(|r| r.context == *context).ok_or(BountyError::Unknown("redemption"))?;
        let need = r.need(s.directory)?;
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let have = r.released_by(&view).len();
        if have < need {
            return Err(BountyError::NotReleased { have, need });
        }
        if r.settled_by(&view).contains(&me) {
            return Err(BountyError::StatedBefore);
        }
        let settled = r.movement(Movement::PayoutSettled);
        self.state(s, &settled).await
    }
}
