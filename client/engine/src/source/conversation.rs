//! Replies read and acknowledged, and what the source writes back.

use rand_core::CryptoRng;
use subrosa_casework::{
    award::{SourceAct, SourceStatement},
    bytes::Nonce,
    case::message_digest,
};
use subrosa_crypto::{
    delivery::{Capability, Drop},
    log::ReceiptFile,
    ratchet::{Place, Session},
    sign::HolderId,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    client::Source,
    error::SourceError,
    filing::RECIPIENTS_MAX,
    state::{claim_key, cover_beside, cover_drop},
    upload::UploadSecret,
    words::Hand,
};
use crate::{
    api::Fetched,
    board,
    log_lists::{Lists, Unproven, finding},
    log_watch::{LogFinding, LogWatch, against_clock},
    message::{Message, MessageError},
    transport::Transport,
};

/// A reply that was opened and not yet acknowledged.
#[derive(Debug)]
pub struct Unread {
    /// Which officer wrote.
    pub from: String,
    /// What the officer wrote, opened and decoded.
    pub message: Message,
    holder: HolderId,
    place: Place,
    capability: Capability,
    body: Zeroizing<Vec<u8>>,
}

/// A reply that could not be read.
#[derive(Debug, Error)]
#[error("a reply from {from} could not be read: {why}")]
pub struct Unreadable {
    /// The officer's name in the charter.
    pub from: String,
    /// What stood in the way.
    pub why: SourceError,
}

/// A reply that opens and says nothing.
#[derive(Debug)]
struct Empty {
    holder: HolderId,
    place: Place,
    capability: Capability,
    body: Zeroizing<Vec<u8>>,
}

/// What a visit found.
#[derive(Debug, Default)]
pub struct Inbox {
    /// Replies, in the order of each officer's writing.
    pub unread: Vec<Unread>,
    /// Replies that could not be read. They hold up none of the others.
    pub troubles: Vec<Unreadable>,
    /// What opened and holds no message that this program reads: it is burnt with the rest, for it would be the same
    /// another time.
    empty: Vec<Empty>,
    /// Where replies lie that may open another time.
    aside: Vec<(HolderId, Place)>,
    /// How much cover was fetched with them, and is destroyed with them.
    cover: u64,
    /// The newest epoch looked at.
    upto: Option<u64>,
    /// The log as it was then: size and root.
    log: Option<(u64, [u8; 32])>,
    /// When the log's newest statement was made, by its own clock: unix seconds.
    stated: Option<u64>,
    /// How long an epoch lasts, by the charter: seconds.
    epoch_seconds: u64,
    /// Lists that are not those in the log. Nothing was believed that stands in them.
    unproven: Vec<Unproven>,
}

impl Inbox {
    /// What is to be told about the log. It ends no conversation: a reply may be missing, none was made up. `now` is
    /// the reader's clock, in Unix seconds.
    pub fn log_findings(&self, now: u64) -> Vec<LogFinding> {
        let clock = self.stated.and_then(|stated| against_clock(stated, now, self.epoch_seconds));
        finding(&self.unproven).into_iter().chain(clock).collect()
    }
}

impl<T: Transport> Source<T> {
    /// Looks for replies and opens copies of them; nothing is acknowledged. Cover is fetched beside them, so that a
    /// visit asks for as many envelopes with few replies as with none. A log that no longer continues what this source
    /// has seen stops everything. A list that is not the one in the log counts for nothing, and the next visit asks for
    /// it again.
    pub async fn inbox(&self) -> Result<Inbox, SourceError> {
        let circuit = self.circuits.fresh();
        let mut inbox = Inbox::default();
        let Some((mut view, first_epoch)) = self.view(circuit).await? else { return Ok(inbox) };
        let from = self.state.cursor.max(first_epoch);
        let watch = LogWatch::new(&self.api, self.directory.log_key().clone(), circuit);
        let read = board::tags(&self.api, &mut Lists::new(&watch, &mut view), from, circuit).await?;
        let (listed, mut letters) = (read.found, 0);
        for c in &self.state.correspondents {
            let mut copy = c.session.snapshot();
            let mut again = c.session.aside();
            // Each message read moves the window of expected places on, so look again until nothing new is listed.
            while let Some((place, drop)) = again.pop().or_else(|| board::next_listed(&copy, &listed)) {
                let from = self.directory.name_of(c.holder);
                let (capability, holder) = (drop.capability().clone(), c.holder);
                letters += 1;
                let fetched = match self.api.take(drop.capability(), self.circuits.fresh()).await? {
                    Fetched::Body(body) => Ok(Zeroizing::new(body)),
                    Fetched::Gone => Err(SourceError::ReplyGone),
                    Fetched::Unknown => Err(SourceError::ReplyWithheld),
                };
                let read = fetched.and_then(|body| Ok((open(&mut copy, place, &body)?, body)));
                let why = match read {
                    Ok((Ok(message), body)) => {
                        inbox.unread.push(Unread { from, message, holder, place, capability, body });
                        continue;
                    }
                    Ok((Err(e), body)) => {
                        inbox.empty.push(Empty { holder, place, capability, body });
                        e.into()
                    }
                    Err(SourceError::ReplyGone) => {
                        copy.skip(place);
                        SourceError::ReplyGone
                    }
                    Err(e) => {
                        // Altered or withheld: it is looked for again on the next visit, whatever else is acknowledged
                        // now.
                        copy.put_aside(place);
                        inbox.aside.push((c.holder, place));
                        e
                    }
                };
                inbox.troubles.push(Unreadable { from, why });
            }
        }
        inbox.cover = self.fetch_cover(letters).await?;
        inbox.upto = Some(read.unproven.iter().map(|u| u.epoch).min().unwrap_or(view.epoch()));
        inbox.log = Some((view.size(), view.root()));
        inbox.stated = Some(view.checkpoint().time());
        inbox.epoch_seconds = self.directory.charter().document().epoch_seconds;
        inbox.unproven = read.unproven;
        Ok(inbox)
    }

    /// Fetches cover beside so many letters; answers how much. Only what is listed: whatever is fetched before it is
    /// listed was fetched by whoever deposited it.
    pub(super) async fn fetch_cover(&self, letters: u64) -> Result<u64, SourceError> {
        let first = self.state.cover_from;
        let there = self.cover_listed.min(self.state.cover_next).saturating_sub(first);
        let wanted = cover_beside(letters).min(there);
        for n in first..first + wanted {
            // What lies there says nothing, and may have expired: that it was asked for is all that counts.
            self.api.take(cover_drop(&self.master, n).capability(), self.circuits.fresh()).await?;
        }
        Ok(wanted)
    }

    /// Counts cover that was fetched as used up; answers its places, to be destroyed once the state is saved. What
    /// another look in this visit finds is fetched alone: cover of the same minute would stand out.
    pub(super) fn use_up_cover(&mut self, fetched: u64) -> Vec<Drop> {
        let first = self.state.cover_from;
        self.state.cover_from = first.saturating_add(fetched).min(self.state.cover_next);
        self.cover_listed = 0;
        (first..self.state.cover_from).map(|n| cover_drop(&self.master, n)).collect()
    }

    /// "Read, burn it": moves the ratchets on, saves the new state, and only then destroys the replies and the old
    /// state on the server. A visit that found nothing does the same, so that nothing tells it apart.
    pub async fn acknowledge(&mut self, inbox: Inbox, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        self.tried = None;
        for c in &mut self.state.correspondents {
            // In the order of places: what lies before a place that is read would be forgotten with it.
            let read = inbox.unread.iter().map(|u| (u.holder, u.place, Some(&u.body)));
            let burnt = inbox.empty.iter().map(|u| (u.holder, u.place, Some(&u.body)));
            let aside = inbox.aside.iter().map(|(h, place)| (*h, *place, None));
            let mut steps: Vec<_> = read.chain(burnt).chain(aside).filter(|(h, ..)| *h == c.holder).collect();
            steps.sort_by_key(|(_, place, _)| *place);
            for (_, place, body) in steps {
                match body {
                    Some(body) => drop(c.session.receive(place, body)?),
                    None => c.session.put_aside(place),
                }
            }
        }
        for u in &inbox.unread {
            match &u.message {
                Message::Notice(notice) => {
                    let denominations = self.directory.denominations();
                    self.state.take_notice(u.holder, notice, &denominations);
                }
                Message::Leaving => self.state.correspondents.retain(|c| c.holder != u.holder),
                _ => {}
            }
        }
        if let Some(upto) = inbox.upto {
            // Replies sent under places already expected may still lie in epochs that are listed by now, so the cursor
            // stops at the last one.
            self.state.cursor = self.state.cursor.max(upto);
        }
        self.state.log = inbox.log.or(self.state.log);
        let cover = self.use_up_cover(inbox.cover);
        self.save(Vec::new(), rng).await?;
        let letters = inbox.unread.iter().map(|u| &u.capability).chain(inbox.empty.iter().map(|u| &u.capability));
        for capability in letters.chain(cover.iter().map(Drop::capability)) {
            self.api.discard(capability, self.circuits.fresh()).await?;
        }
        Ok(())
    }

    /// Writes to every officer of the tip who is still there: the charter names them, and they have not said that they
    /// left the case.
    pub async fn send(&mut self, message: &Message, rng: &mut impl CryptoRng) -> Result<Vec<ReceiptFile>, SourceError> {
        self.tried = None;
        if message.is_empty() {
            return Err(SourceError::Empty);
        }
        if message.holds_passphrase() {
            return Err(SourceError::OwnWords);
        }
        let mut envelopes = Vec::with_capacity(RECIPIENTS_MAX + 1);
        // Whom the charter no longer names as an officer gets nothing more.
        let named: Vec<HolderId> = self.directory.officers().iter().map(|o| o.key.holder_id()).collect();
        let here = self.state.correspondents.iter().map(|c| c.holder).filter(|h| named.contains(h));
        let recipients: Vec<HolderId> = here.collect();
        if recipients.is_empty() {
            return Err(SourceError::NobodyLeft);
        }
        let hand = Hand { directory: &self.directory, journal: self.journal(), key: claim_key(&self.master) };
        let words = hand.sign(message, self.state.sent, &recipients)?;
        for c in self.state.correspondents.iter_mut().filter(|c| recipients.contains(&c.holder)) {
            envelopes.push(c.session.send(&words, rng)?);
        }
        let digest = message_digest(&words);
        self.state.note_sent(digest);
        self.tried = Some(digest);
        self.save(envelopes, rng).await
    }

    /// Says something with the claim key: claims, accepts, contests, withdraws.
    pub async fn state_act(&mut self, act: SourceAct, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        let statement = self.statement(act, rng);
        self.send(&Message::Statement(statement), rng).await.map(drop)
    }

    pub(super) fn statement(&self, act: SourceAct, rng: &mut impl CryptoRng) -> SourceStatement {
        let mut nonce = [0; 16];
        rng.fill_bytes(&mut nonce);
        SourceStatement::sign(act, Nonce(nonce), &self.journal(), &claim_key(&self.master))
    }

    /// As [`Source::send`], with files under an upload secret, which is destroyed once the receipts are verified.
    pub async fn send_uploaded(
        &mut self,
        message: &Message,
        upload: &UploadSecret,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        if message.is_empty() {
            return Err(SourceError::Empty);
        }
        if message.holds_passphrase() {
            return Err(SourceError::OwnWords);
        }
        self.state.next_upload = upload.number() + 1;
        self.state.spent_uploads.push(upload.number());
        let receipts = self.send(message, rng).await?;
        self.destroy_uploads().await;
        Ok(receipts)
    }
}

/// Opens a reply; inside, the message or why there is none.
fn open(session: &mut Session, place: Place, body: &[u8]) -> Result<Result<Message, MessageError>, SourceError> {
    let opened = session.receive(place, body)?;
    Ok(Message::decode(&opened.body))
}
