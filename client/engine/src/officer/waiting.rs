//! Acts of an officer that wait for the server: kept in the keystore before they are tried, decided when the server can
//! be reached, and shown until then.
//!
//! Crash points. [`Desk::plan`] keeps an act in memory; the caller saves the desk; only then does [`Desk::deliver`]
//! write. A crash in between, or an answer that was lost on the way, leaves the act waiting: the next delivery finds in
//! the journal whether this officer has written it since, and writes nothing twice. What a step obliges the officer to
//! tell the source waits in the same way, saved in the moment in which the step no longer does.

use std::{collections::BTreeSet, sync::Arc};

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Case, MessageKind},
    journal::{Replay, SignedEvent},
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;

use super::{
    context::DeskContext,
    desk::Desk,
    error::OfficerError,
    journal::JournalError,
    news::news_for_source,
    plan::{Between, Delivered, Outcome, Plan, Refused, Waiting},
};
use crate::{session::Session, transport::Transport};

impl Desk {
    /// Keeps an act; answers its number. Save, then [`deliver`](super::deliver).
    pub fn plan(&mut self, case: usize, role: RoleName, plan: Plan, now: u64) -> Result<u64, OfficerError> {
        let entry = self.cases.get(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = entry.journal.as_ref().ok_or(JournalError::Purged)?;
        if matches!(plan, Plan::Message { .. }) && entry.session.is_none() {
            return Err(OfficerError::NoSession);
        }
        let (id, seen) = (self.next_waiting, journal.seen());
        self.next_waiting = self.next_waiting.saturating_add(1);
        self.waiting.push(Waiting { id, case: entry.id, role, plan, made_at: now, seen, refused: None, news: false });
        Ok(id)
    }

    /// Acts that wait, or were refused, oldest first.
    pub fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// Forgets a waiting or refused act. Save afterwards.
    pub fn drop_waiting(&mut self, id: u64) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|w| w.id != id);
        before != self.waiting.len()
    }

    /// Decides what waits, oldest first, each on the case as it is by now, and writes it. What a rule forbids is kept
    /// with the rule's name; where the server cannot be reached, everything is kept. An act that follows a failed one
    /// in the same case waits with it. Acts with a number below `first` are left alone.
    ///
    /// What a source must be told of a step is kept as an act of its own in the place of the step. Save afterwards, and
    /// deliver what was added, from [`Desk::next_waiting`] as it was before; then send the outbox.
    pub(super) async fn deliver<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        ctx: &DeskContext,
        first: u64,
    ) -> Vec<Delivered> {
        let mut out = Vec::new();
        let mut stuck: BTreeSet<[u8; 32]> = BTreeSet::new();
        let due = |w: &&Waiting| w.refused.is_none() && w.id >= first;
        let ids: Vec<u64> = self.waiting.iter().filter(due).map(|w| w.id).collect();
        for id in ids {
            let Some(act) = self.waiting.iter().find(|w| w.id == id).cloned() else { continue };
            if stuck.contains(&act.case) {
                continue;
            }
            if act.news && !self.cases.iter().any(|c| c.id == act.case && c.has_conversation()) {
                // This officer has left the case since, or it was purged: there is no way to the source any more.
                self.waiting.retain(|w| w.id != id);
                continue;
            }
            let outcome = match self.carry_out(s, &act, ctx).await {
                Ok(outcome) => {
                    self.waiting.retain(|w| w.id != id);
                    outcome
                }
                Err(OfficerError::Journal(JournalError::Refused(r))) => {
                    let refused = Refused::from(&r);
                    if let Some(w) = self.waiting.iter_mut().find(|w| w.id == id) {
                        w.refused = Some(refused.clone());
                    }
                    Outcome::Refused(refused)
                }
                Err(e) if e.is_unreachable() => {
                    out.push(Delivered { act, outcome: Outcome::Unreachable });
                    return out;
                }
                Err(e) => {
                    stuck.insert(act.case);
                    Outcome::Trouble(Arc::new(e))
                }
            };
            out.push(Delivered { act, outcome });
        }
        out
    }

    async fn carry_out<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        act: &Waiting,
        ctx: &DeskContext,
    ) -> Result<Outcome, OfficerError> {
        let case = self.cases.iter().position(|c| c.id == act.case);
        let case = case.ok_or_else(|| OfficerError::NoCase(hex::encode(act.case)))?;
        let (me, signer) = (self.identity.holder(), self.identity.signer());
        let before = self.open(s, case, ctx).await?;
        let replay = match written(&before, act, me) {
            Some(_) => before,
            None => {
                let command = |_: &Case| Some(act.plan.command(&signer));
                self.act(s, case, ctx, act.role, command).await?
            }
        };
        if let Plan::Message { body, .. } = &act.plan {
            self.post(case, body, s.rng)?;
        }
        let step = written(&replay, act, me).map(|e| e.author.seq);
        if let Some(step) = step {
            self.owe_news(act, &replay, step, ctx, s.clock)?;
        }
        let seq = step.unwrap_or(replay.seq());
        let between = replay
            .events()
            .iter()
            .filter(|e| (act.seen..seq).contains(&e.author.seq) && e.author.holder != me)
            .map(|e| Between {
                seq: e.author.seq,
                by: e.author.holder,
                event: e.event.name().to_owned(),
                at: e.author.at,
            })
            .collect();
        Ok(Outcome::Written { seq, between, replay: Box::new(replay) })
    }

    /// Keeps what the source must be told of the step at place `step`, in the role in which the step was done: the
    /// journal names one author for both. The state before and after is read from the journal, so it is the same when
    /// the step was written by a run of the program that died.
    fn owe_news(
        &mut self,
        act: &Waiting,
        replay: &Replay,
        step: u64,
        ctx: &DeskContext,
        now: u64,
    ) -> Result<(), OfficerError> {
        let (was, after) = (replay.case_at(step, &ctx.get()), replay.case_at(step.saturating_add(1), &ctx.get()));
        let Some(message) = news_for_source(was.state(), &after) else { return Ok(()) };
        if !self.cases.iter().any(|c| c.id == act.case && c.has_conversation()) {
            return Ok(());
        }
        let plan = Plan::Message { kind: MessageKind::Text, body: message.encode()?.to_vec(), leak_checked: true };
        let (id, seen) = (self.next_waiting, step.saturating_add(1));
        self.next_waiting = self.next_waiting.saturating_add(1);
        let news = Waiting { id, plan, made_at: now, seen, refused: None, news: true, ..act.clone() };
        self.waiting.push(news);
        Ok(())
    }
}

/// The entry that this officer has written for the act, if there is one.
fn written<'r>(replay: &'r Replay, act: &Waiting, me: HolderId) -> Option<&'r SignedEvent> {
    let mine = |e: &&SignedEvent| e.author.holder == me && e.author.seq >= act.seen && e.author.at >= act.made_at;
    replay.events().iter().filter(mine).find(|e| act.plan.became(&e.event))
}
