//! An award on its way to the administrators, and back as public records.

use rand_core::CryptoRng;
use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest},
    case::Step,
    records::{LedgerBody, Movement},
    refusal::{Refusal, Rule},
};
use subrosa_crypto::wire::{PARCEL_COUNT, RecordKind};

use super::{content::token_request, context::DeskContext, desk::Desk, error::OfficerError, journal::JournalError};
use crate::{
    message::{IssueOrder, Message},
    session::Session,
    transport::Transport,
    treasury::public::{ListedRecord, PublicView},
};

impl Desk {
    /// Hands the signed order to every administrator who signs tokens, if it is the one that was shown
    /// ([`Case::basis`]). Harmless to repeat: each acts on an award once.
    ///
    /// [`Case::basis`]: subrosa_casework::case::Case::basis
    pub async fn deliver_order<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
        shown: Option<Digest>,
    ) -> Result<usize, OfficerError> {
        let replay = self.open(s, case, ctx).await?;
        if replay.case().basis(Step::Deliver) != shown {
            return Err(JournalError::from(Refusal::from(Rule::ProposalChanged)).into());
        }
        let (order, batch) = replay.case().signed_order().ok_or(OfficerError::OrderUnsigned)?;
        let request = token_request(replay.case(), &order.order.award_ref).ok_or(OfficerError::TokensNotAsked)?;
        let mut to = Vec::new();
        for admin in s.directory.signing() {
            let return_box = request.boxes.iter().find(|b| b.issuer == admin.index.0).cloned();
            let return_box = return_box.ok_or(OfficerError::NoReturnBox)?;
            let message = Message::IssueOrder(Box::new(IssueOrder { order, batch: batch.0.clone(), return_box }));
            to.push((admin.name.as_str(), &admin.key, &admin.contact, message.encode()?));
        }
        for some in to.chunks(PARCEL_COUNT) {
            self.first_contact(s, some).await?;
        }
        Ok(to.len())
    }

    /// The public ledger records that show this case's award as issued, for `Event::Paid`. None before all signers have
    /// signed its tokens: fewer administrators state a movement, and until the last one signs the source has nothing.
    pub async fn issued_records<T: Transport, R>(
        &self,
        s: &mut Session<'_, T, R>,
        award: &AwardRef,
    ) -> Result<Vec<Blob>, OfficerError> {
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        if !view.is_whole(award, s.directory) {
            return Ok(Vec::new());
        }
        let ours = |l: &&ListedRecord| {
            l.record.kind == RecordKind::Ledger
                && LedgerBody::parse(&l.record.body)
                    .is_ok_and(|b| b.award_ref == Some(*award) && b.movement == Movement::TokensIssued)
        };
        Ok(view.records.iter().filter(ours).map(|l| Blob(l.bytes.clone())).collect())
    }
}
