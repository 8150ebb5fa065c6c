//! Healing: a stolen copy of either side stops working after a round trip both ways.
#![expect(clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use anyhow::Result;
use subrosa_casework::{case::MessageKind, role::RoleName};
use subrosa_crypto::{passphrase::MasterKey, wire::Envelope};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, new_source, rng, stored},
    stolen_keys::{Depth, Replaying, StolenKeys, secrets, thiefs_copy, thiefs_key},
    whole_case::{Stage, form},
    wire::{Recorder, Wire},
};
use subrosa_engine::{api::Api, board::Circuits, message::Message, officer::Desk, source::SourceState};

fn text(words: &str) -> Message {
    Message::Text { text: words.into(), files: Vec::new() }
}

struct Talk {
    p: Programme,
    recorder: Arc<Recorder>,
    master: MasterKey,
}

impl Talk {
    async fn begin() -> Result<Self> {
        let mut p = Programme::start(200).await?;
        let recorder = Recorder::new();
        p.wire = p.wire.tapped(recorder.clone());
        let (_, master) = new_source();
        p.file_tip(&master, form(Vec::new())).await?;
        p.advance(&master, None, Stage::Acknowledged).await?;
        p.next_epoch().await?;
        Ok(Self { p, recorder, master })
    }

    /// The source writes and the officers read it; officer 0 writes and the source reads it.
    async fn round_trip(&mut self) -> Result<()> {
        self.p.source(&self.master).await?.send(&text("there"), &mut rng()).await?;
        self.p.everybody_visits().await?;
        self.p.reply(0, RoleName::Triager, MessageKind::Text, &text("and back")).await?;
        self.p.source_reads(&self.master).await?;
        self.p.next_epoch().await
    }

    /// One message each way; answers the envelopes that carried them.
    async fn next_messages(&mut self) -> Result<Vec<Envelope>> {
        self.recorder.clear();
        self.p.source(&self.master).await?.send(&text("after"), &mut rng()).await?;
        self.p.reply(0, RoleName::Triager, MessageKind::Text, &text("after, too")).await?;
        Ok(self.recorder.envelopes())
    }

    /// What a stolen desk reads of them with the program itself: how much its cases grow.
    async fn desk_reads(&self, desk: &Desk, envelopes: Vec<Envelope>) -> Result<bool> {
        let mut desk = thiefs_copy(desk)?;
        let wire = Wire::new(&self.p.server.url)?.tapped(Replaying::new(envelopes)?);
        let (api, circuits, before) = (Api::new(wire), Circuits::new(&mut rng()), secrets(&desk.cases)?);
        let troubles = desk.collect(&api, &circuits, &thiefs_key()?, PROGRAMME).await?;
        assert!(troubles.is_empty(), "{troubles:?}");
        Ok(secrets(&desk.cases)? != before)
    }
}

/// What a stolen state reads of them with the engine's own session.
fn state_reads(state: &SourceState, envelopes: &[Envelope]) -> bool {
    state.correspondents.iter().any(|c| {
        let session = c.session.snapshot();
        let expected = session.expected();
        let mut found =
            expected.iter().filter_map(|(tag, place, _)| envelopes.iter().find(|e| e.tag == *tag).map(|e| (*place, e)));
        found.any(|(place, e)| session.snapshot().receive(place, e.body.as_slice()).is_ok())
    })
}

fn deepest(stolen: &StolenKeys, envelopes: &[Envelope]) -> Depth {
    envelopes.iter().map(|e| stolen.read(e)).max().unwrap_or(Depth::Closed)
}

#[tokio::test]
async fn a_stolen_copy_heals_after_a_round_trip_both_ways() -> Result<()> {
    let mut talk = Talk::begin().await?;
    // Without anything in between, a stolen copy reads along: so the attempts below are good ones.
    let desk: Desk = stored(&talk.p.desks[0])?;
    let state: SourceState = stored(talk.p.source(&talk.master).await?.state())?;
    let messages = talk.next_messages().await?;
    assert!(talk.desk_reads(&desk, messages.clone()).await?, "a fresh copy of the desk reads along");
    assert!(state_reads(&state, &messages), "a fresh copy of the state reads along");
    assert_eq!(deepest(&StolenKeys::of(&desk)?, &messages), Depth::Content);
    assert_eq!(deepest(&StolenKeys::of(&state)?, &messages), Depth::Content);
    talk.p.everybody_visits().await?;
    talk.p.source_reads(&talk.master).await?;
    talk.p.next_epoch().await?;

    let desk: Desk = stored(&talk.p.desks[0])?;
    let state: SourceState = stored(talk.p.source(&talk.master).await?.state())?;
    talk.round_trip().await?;
    let messages = talk.next_messages().await?;
    // Colleagues' sessions were not answered in between, so only the one between the source and the first desk has
    // healed.
    let healed = &state.correspondents.iter().find(|c| c.holder == talk.p.desks[0].identity.holder());
    let healed = healed.map(|c| &c.session);
    assert!(!talk.desk_reads(&desk, messages.clone()).await?, "the stolen desk reads nothing any more");
    assert_eq!(deepest(&StolenKeys::of(&desk)?, &messages), Depth::Closed);
    assert_eq!(deepest(&StolenKeys::of(&healed)?, &messages), Depth::Closed);
    assert!(!state_reads(&state, &messages), "the stolen state reads nothing any more");
    assert_eq!(deepest(&StolenKeys::of(&state)?, &messages), Depth::Closed);
    Ok(())
}
