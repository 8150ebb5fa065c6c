//! Replies read and acknowledged, and what the source writes back.

use rand_core::CryptoRng;
use subrosa_casework::{
    award::{SourceAct, SourceStatement},
    bytes::Nonce,
};
use subrosa_crypto::{
    delivery::Capability,
    kdf,
    log::ReceiptFile,
    ratchet::{Place, Session},
    sign::HolderId,
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{client::Source, error::SourceError, filing::RECIPIENTS_MAX, state::claim_key, upload::UploadSecret};
use crate::{api::Fetched, board, log_watch::LogWatch, message::Message, transport::Transport};

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

/// A reply that could not be opened.
#[derive(Debug, Error)]
#[error("a reply from {from} could not be read: {why}")]
pub struct Unreadable {
    /// The officer's name in the charter.
    pub from: String,
    /// What stood in the way.
    pub why: SourceError,
}

/// What a visit found.
#[derive(Debug, Default)]
pub struct Inbox {
    /// Replies, in the order of each officer's writing.
    pub unread: Vec<Unread>,
    /// Replies that could not be opened. They hold up none of the others.
    pub troubles: Vec<Unreadable>,
    /// Where replies lie that may open another time.
    aside: Vec<(HolderId, Place)>,
    /// The newest epoch looked at.
    upto: Option<u64>,
    /// The log as it was then: size and root.
    log: Option<(u64, [u8; 32])>,
}

impl<T: Transport> Source<T> {
    /// Looks for replies and opens copies of them; nothing is acknowledged.
    pub async fn inbox(&self) -> Result<Inbox, SourceError> {
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let mut inbox = Inbox::default();
        let Some(last) = params.last_published else { return Ok(inbox) };
        let from = self.state.cursor.max(params.first_epoch);
        let listed = board::tags(&self.api, from, last, circuit).await?;
        for c in &self.state.correspondents {
            let mut copy = c.session.snapshot();
            let mut again = c.session.aside();
            // Each message read moves the window of expected places on, so look again until nothing new is listed.
            while let Some((place, drop)) = again.pop().or_else(|| board::next_listed(&copy, &listed)) {
                let unread = match self.api.take(drop.capability(), self.circuits.fresh()).await? {
                    Fetched::Body(body) => open(&mut copy, place, &body).map(|message| Unread {
                        from: self.directory.name_of(c.holder),
                        message,
                        holder: c.holder,
                        place,
                        capability: drop.capability().clone(),
                        body: Zeroizing::new(body),
                    }),
                    Fetched::Gone => Err(SourceError::ReplyGone),
                    Fetched::Unknown => Err(SourceError::ReplyWithheld),
                };
                match unread {
                    Ok(unread) => inbox.unread.push(unread),
                    Err(why) => {
                        if matches!(why, SourceError::ReplyGone) {
                            copy.skip(place);
                        } else {
                            // Altered or withheld: it is looked for again on the next visit, whatever else is
                            // acknowledged now.
                            copy.put_aside(place);
                            inbox.aside.push((c.holder, place));
                        }
                        inbox.troubles.push(Unreadable { from: self.directory.name_of(c.holder), why });
                    }
                }
            }
        }
        inbox.upto = Some(last);
        // A log that no longer continues what this source has seen stops everything, before anything is acknowledged.
        let view = LogWatch::new(&self.api, self.directory.log_key().clone(), circuit).advance(self.state.log).await?;
        inbox.log = Some((view.size(), view.root()));
        Ok(inbox)
    }

    /// "Read, burn it": moves the ratchets on, saves the new state, and only then destroys the replies and the old
    /// state on the server.
    pub async fn acknowledge(&mut self, inbox: Inbox, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        for c in &mut self.state.correspondents {
            // In the order of places: what lies before a place that is read would be forgotten with it.
            let mut steps: Vec<(Place, Option<&Unread>)> =
                inbox.unread.iter().filter(|u| u.holder == c.holder).map(|u| (u.place, Some(u))).collect();
            steps.extend(inbox.aside.iter().filter(|(h, _)| *h == c.holder).map(|(_, place)| (*place, None)));
            steps.sort_by_key(|(place, _)| *place);
            for (place, unread) in steps {
                match unread {
                    Some(u) => drop(c.session.receive(place, &u.body)?),
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
        self.save(Vec::new(), rng).await?;
        for u in &inbox.unread {
            self.api.discard(&u.capability, self.circuits.fresh()).await?;
        }
        Ok(())
    }

    /// Writes to every officer of the tip who is still there: the charter names them, and they have not said that they
    /// left the case.
    pub async fn send(&mut self, message: &Message, rng: &mut impl CryptoRng) -> Result<Vec<ReceiptFile>, SourceError> {
        if message.is_empty() {
            return Err(SourceError::Empty);
        }
        let body = message.encode()?;
        let mut envelopes = Vec::with_capacity(RECIPIENTS_MAX + 1);
        // Whom the charter no longer names as an officer gets nothing more.
        let named: Vec<HolderId> = self.directory.officers().iter().map(|o| o.key.holder_id()).collect();
        for c in self.state.correspondents.iter_mut().filter(|c| named.contains(&c.holder)) {
            envelopes.push(c.session.send(&body, rng)?);
        }
        if envelopes.is_empty() {
            return Err(SourceError::NobodyLeft);
        }
        self.state.sent.push(kdf::digest("subrosa/message/v1", &[&body]));
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
        SourceStatement::sign(act, Nonce(nonce), &claim_key(&self.master))
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
        self.state.next_upload = upload.number() + 1;
        self.state.spent_uploads.push(upload.number());
        let receipts = self.send(message, rng).await?;
        self.destroy_uploads().await;
        Ok(receipts)
    }
}

fn open(session: &mut Session, place: Place, body: &[u8]) -> Result<Message, SourceError> {
    let opened = session.receive(place, body)?;
    Ok(Message::decode(&opened.body)?)
}
