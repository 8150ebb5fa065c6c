//! An award on its way to the administrators, and back as public records.

use rand_core::CryptoRng;
use subrosa_casework::{
    bytes::{AwardRef, Blob},
    records::{LedgerBody, Movement},
};
use subrosa_crypto::wire::{BUNDLE_SLOTS, RecordKind};

use super::{content::token_request, context::DeskContext, desk::Desk, error::OfficerError};
use crate::{
    message::{IssueOrder, Message},
    session::Session,
    transport::Transport,
    treasury::public::{ListedRecord, PublicView},
};

impl Desk {
    /// Hands the signed order to every administrator. Harmless to repeat: each acts on an award once.
    pub async fn deliver_order<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<usize, OfficerError> {
        let replay = self.open(s, case, ctx).await?;
        let (order, batch) = replay.case().signed_order().ok_or(OfficerError::OrderUnsigned)?;
        let request = token_request(replay.case(), &order.order.award_ref).ok_or(OfficerError::TokensNotAsked)?;
        let admins: Vec<_> = s.directory.administrators().iter().take(BUNDLE_SLOTS).collect();
        let mut to = Vec::with_capacity(admins.len());
        for admin in admins {
            let return_box = request.boxes.iter().find(|b| b.issuer == admin.issuer.index().0).cloned();
            let return_box = return_box.ok_or(OfficerError::NoReturnBox)?;
            let message = Message::IssueOrder(Box::new(IssueOrder { order, batch: batch.0.clone(), return_box }));
            to.push((admin.name.as_str(), &admin.key, &admin.contact, message.encode()?));
        }
        self.first_contact(s, &to).await?;
        Ok(to.len())
    }

    /// The public ledger records that show this case's award as issued, for `Event::Paid`.
    pub async fn issued_records<T: Transport, R>(
        &self,
        s: &mut Session<'_, T, R>,
        award: &AwardRef,
    ) -> Result<Vec<Blob>, OfficerError> {
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let ours = |l: &&ListedRecord| {
            l.record.kind == RecordKind::Ledger
                && LedgerBody::parse(&l.record.body)
                    .is_ok_and(|b| b.award_ref == Some(*award) && b.movement == Movement::TokensIssued)
        };
        Ok(view.records.iter().filter(ours).map(|l| Blob(l.bytes.clone())).collect())
    }
}
