//! Letters between officers: which heads of the journals that both read each has seen.
//!
//! Spec: `docs/spec/journal-heads.md`. A letter is first contact, signed by its writer for its reader. Crash points:
//! when this desk has written is kept in the keystore after the letters were sent; a crash in between sends them again.

use rand_core::CryptoRng;
use subrosa_casework::{
    bytes::Digest,
    heads::{View, Views, case_name},
    journal::Replay,
};
use subrosa_crypto::{
    kdf,
    sign::HolderId,
    wire::{JournalId, PARCEL_COUNT},
};

use super::{desk::Desk, error::OfficerError, heads::Doubt, send::seal};
use crate::{directory::Officer, message::Message, session::Session, transport::Transport, trouble::Trouble};

/// How long a desk waits before it writes to its colleagues again: seconds.
const PAUSE: u64 = 20 * 60 * 60;
/// Cases in one letter, at most. Of more, those that came to the desk last.
const VIEWS_MAX: usize = 200;
/// Letters that wait to be looked at, at most: anybody can send some.
const LETTERS_MAX: usize = 64;

/// A case as it was read on this visit: what colleagues on its team are told of it.
#[derive(Debug)]
pub(super) struct Seen {
    journal: JournalId,
    seq: u64,
    head: Digest,
    team: Vec<HolderId>,
}

impl Seen {
    /// As it was read.
    pub(super) fn of(replay: &Replay) -> Self {
        Self {
            journal: replay.case().id(),
            seq: replay.seq(),
            head: Digest(replay.head().0),
            team: replay.case().team().collect(),
        }
    }
}

impl Desk {
    /// Keeps what a colleague, or somebody in a colleague's name, has written. The oldest gives way.
    pub(super) fn note_views(&mut self, views: Views) {
        if self.letters.len() >= LETTERS_MAX {
            self.letters.remove(0);
        }
        self.letters.push(views);
    }

    /// Takes in what colleagues have seen, to be compared when each case is read. Answers a trouble for each letter
    /// that its writer did not sign for this officer.
    pub(super) fn hear<T: Transport, R>(&mut self, s: &Session<'_, T, R>) -> Vec<Trouble> {
        let (me, programme) = (self.identity.holder(), s.directory.programme());
        let mut troubles = Vec::new();
        for letter in core::mem::take(&mut self.letters) {
            let writer = s.directory.officers().iter().find(|o| o.key.holder_id() == letter.writer);
            if writer.is_none_or(|o| letter.verify(programme, me, &o.key).is_err()) {
                troubles.push(Trouble::ViewsForged);
                continue;
            }
            for journal in self.cases.iter_mut().filter_map(|c| c.journal.as_mut()) {
                let name = case_name(&journal.journal(), letter.writer, me);
                if let Some(view) = letter.views.iter().find(|v| v.case == name) {
                    journal.watch.claim(letter.writer, letter.at, view.seq, view.head);
                }
            }
        }
        troubles
    }

    /// What does not fit between what this officer is shown of each case, the log, and what colleagues were shown. It
    /// is told at each visit, as long as it is so.
    pub fn doubts(&self) -> Vec<Trouble> {
        let cases = self.cases.iter().filter_map(|c| Some((c, c.journal.as_ref()?)));
        let all = cases.flat_map(|(c, journal)| {
            let case = hex::encode(c.id.first_chunk::<4>().unwrap_or(&[0; 4]));
            journal.watch.doubts().iter().map(move |doubt| told(*doubt, case.clone()))
        });
        all.collect()
    }

    /// Makes the next visit write to the colleagues, however short a time ago the last letters were sent. Save
    /// afterwards.
    pub fn write_soon(&mut self) {
        self.written = None;
    }

    /// Writes to every other officer who works on cases, if what this desk has seen is new since the last letters,
    /// which were sent long enough ago. Those with whom no case is shared get a letter without one: the server can
    /// count the letters, and must not learn from it with how many colleagues this officer shares a case. Save
    /// afterwards. Answers which letters were not sent.
    pub(super) async fn write_views<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        seen: &[Seen],
    ) -> Vec<Trouble> {
        let me = self.identity.holder();
        let shared: Vec<&Seen> = seen.iter().filter(|c| c.team.contains(&me) && c.team.len() > 1).collect();
        let what = digest_of(&shared);
        let due = match self.written {
            None => true,
            Some((at, told)) => told != what && s.clock >= at.saturating_add(PAUSE),
        };
        if shared.is_empty() || !due {
            return Vec::new();
        }
        let works = |o: &&Officer| !o.roles.is_empty() && o.key.holder_id() != me;
        let readers: Vec<&Officer> = s.directory.officers().iter().filter(works).collect();
        let unsent = match self.write_to(s, &readers, &shared).await {
            Ok(unsent) => unsent,
            Err(e) if e.is_unreachable() => return Vec::new(),
            Err(_) => readers,
        };
        self.written = Some((s.clock, what));
        // Whoever has put no keys on offer yet is on no case of this officer's either.
        let together = |o: &&Officer| shared.iter().any(|c| c.team.contains(&o.key.holder_id()));
        unsent.into_iter().filter(together).map(|o| Trouble::ViewsUnsent(o.name.clone())).collect()
    }

    /// Writes to all of them with one request for keys, for each request takes one of everybody. Answers to whom there
    /// are no good keys.
    async fn write_to<'o, T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        readers: &[&'o Officer],
        shared: &[&Seen],
    ) -> Result<Vec<&'o Officer>, OfficerError> {
        let circuit = s.circuits.fresh();
        let params = s.api.params(circuit).await?;
        let offered = s.api.bundles(&params, s.rng, circuit).await?;
        let (mut envelopes, mut unsent) = (Vec::new(), Vec::new());
        for officer in readers {
            let message = self.letter(s, officer, shared).encode()?;
            let to = (officer.name.as_str(), &officer.key, &officer.contact, message);
            match seal(&offered, &to, s.clock, s.rng) {
                Ok(envelope) => envelopes.push(envelope),
                Err(_) => unsent.push(*officer),
            }
        }
        let mut left = envelopes.into_iter().peekable();
        while left.peek().is_some() {
            let circuit = s.circuits.fresh();
            let params = s.api.params(circuit).await?;
            self.deposit(s, &params, left.by_ref().take(PARCEL_COUNT).collect(), circuit).await?;
        }
        Ok(unsent)
    }

    /// What this officer tells that one.
    fn letter<T, R>(&self, s: &Session<'_, T, R>, to: &Officer, shared: &[&Seen]) -> Message {
        let (me, reader) = (self.identity.holder(), to.key.holder_id());
        let both = shared.iter().rev().filter(|c| c.team.contains(&reader)).take(VIEWS_MAX);
        let view = |c: &&Seen| View { case: case_name(&c.journal, me, reader), seq: c.seq, head: c.head };
        let views: Vec<View> = both.map(view).collect();
        Message::Views(Box::new(Views::sign(s.directory.programme(), reader, s.clock, views, &self.identity.signer())))
    }
}

fn digest_of(seen: &[&Seen]) -> Digest {
    let one = |c: &&Seen| {
        let team: Vec<u8> = c.team.iter().flat_map(|h| h.0).collect();
        [c.journal.0.as_slice(), &c.seq.to_be_bytes(), &c.head.0, &team].concat()
    };
    let all: Vec<Vec<u8>> = seen.iter().map(one).collect();
    let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    Digest(kdf::digest("subrosa/desk-views/v1", &all))
}

fn told(doubt: Doubt, case: String) -> Trouble {
    match doubt {
        Doubt::OtherHead { seq } => Trouble::HeadOther { case, seq },
        Doubt::Hidden { seq } => Trouble::HeadHidden { case, seq },
        Doubt::NotLogged { seq } => Trouble::HeadNotLogged { case, seq },
        Doubt::Split { seq, by } => Trouble::HeadSplit { case, seq, who: by },
        Doubt::Behind { seq, by } => Trouble::HeadBehind { case, seq, who: by },
    }
}
