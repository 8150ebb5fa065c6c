//! The first entry of a journal, which is written before anybody reads.

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Command, Event},
    journal::Replay,
    role::RoleName,
};

use super::{Entry, Hand, JournalAccessKeys, JournalError, decide_as};
use crate::{
    api::{Api, ApiError},
    transport::{Circuit, Transport},
};

impl JournalAccessKeys {
    /// Writes the first entry of a journal that nobody may have begun yet. Whoever read first would show the server the
    /// capability before anything lies under it. If a colleague was faster, nothing is written, and whoever goes on
    /// with [`JournalAccessKeys::act`] reads what stands there.
    pub(in crate::officer) async fn begin<T: Transport>(
        &self,
        api: &Api<T>,
        hand: &Hand<'_>,
        role: RoleName,
        event: Event,
        circuit: Circuit,
        rng: &mut impl CryptoRng,
    ) -> Result<(), JournalError> {
        let replay = Replay::new(self.journal());
        let command = Command::Write(event);
        let mut events = decide_as(replay.case(), role, &hand.signer, command, &hand.ctx.get(), 0, hand.now)?;
        if events.len() != 1 {
            return Ok(());
        }
        let Some(event) = events.pop() else { return Ok(()) };
        match self.append(api, hand, &replay, Entry { role, event, next: None }, circuit, rng).await {
            // A colleague has begun it, and turned its key.
            Err(JournalError::Api(ApiError::Refused { status: 404, .. })) | Ok(_) => Ok(()),
            Err(e) => Err(e),
        }
    }
}
