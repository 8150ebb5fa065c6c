//! Insiders with patched programs: a source who is the accused, an officer who wants the award, a colleague who speaks
//! in a source's name. What each of them can still do is nothing, and the others are told who tried.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use anyhow::Result;
use serde::Deserialize;
use subrosa_casework::{
    access::{AccessError, CaseAccess},
    award::SourceAct,
    bytes::{Blob, CaseSecret, Digest},
    case::{Author, Event, MessageKind, Received, State, Visibility, message_digest},
    journal::{self, CaseKey, Moment, SignedEvent},
    refusal::Rule,
    role::RoleName,
    words::{Heading, Opening, SignedWords, meeting},
};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    kdf,
    keeper::{KeeperSignature, KeeperStatement},
    ratchet::Session,
    secret::Secret32,
    sign::{HolderId, SigningKey},
    wire::{JournalAccess, JournalAppend, JournalHead, JournalId, JournalPurge, Work},
};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, new_source, random_bytes, rng, stored},
    whole_case::{Stage, form},
    wire::{Answering, answer},
};
use subrosa_engine::{
    api::{ApiError, Appended},
    board,
    directory::Officer,
    log_lists::Lists,
    log_watch::LogWatch,
    message::{Message, Notice, Tip},
    officer::{JournalError, OfficerError, notice},
    transport::{Circuit, Request},
};
use zeroize::Zeroizing;

use crate::forged_entries::forged;

/// What a desk keeps of a journal: what its owner can take out of the keystore.
#[derive(Deserialize)]
struct Taken {
    capability: Secret32,
    keys: Vec<(u32, Secret32)>,
}

fn taken(p: &Programme, n: usize) -> Result<(JournalId, Taken)> {
    let access = p.desks[n].cases.last().unwrap().journal.as_ref().unwrap();
    let mut bytes = Vec::new();
    ciborium::into_writer(access, &mut bytes)?;
    Ok((access.journal(), ciborium::from_reader(bytes.as_slice())?))
}

/// A source with a patched program: it keeps the case secret, and can tell each officer something else.
struct Patched {
    claim: SigningKey,
    secret: Secret32,
}

impl Patched {
    fn new() -> Self {
        let secret = Secret32::random(&mut rng());
        Self { claim: SigningKey::from_seed(&Secret32::random(&mut rng())), secret }
    }

    fn meeting(&self) -> (JournalId, CaseAccess) {
        meeting(&self.secret, &self.claim.verifying_key())
    }

    /// The tip, signed for these officers.
    fn words(&self, story: &str, charter: [u8; 32], recipients: &[HolderId]) -> Result<Vec<u8>> {
        let f = form(Vec::new());
        let tip = Message::Tip(Box::new(Tip {
            case_secret: self.secret.clone(),
            regime: f.regime,
            answers: f.answers,
            narrative: story.into(),
            files: Vec::new(),
            claim_key: self.claim.verifying_key(),
        }));
        let (journal, _) = self.meeting();
        let heading = Heading { programme: PROGRAMME, journal, counter: 0, charter: Digest(charter), recipients };
        Ok(SignedWords::sign(&heading, tip.encode()?.to_vec(), &self.claim)?.encode())
    }

    /// Writes to one officer. The conversation is opened with `key`.
    async fn write_to(&self, p: &Programme, officer: &Officer, words: &[u8], key: &SigningKey) -> Result<Session> {
        let holder = officer.key.holder_id();
        let opened = |name: &[u8; 32]| {
            let opening = Opening::sign(PROGRAMME, holder, name, words, key).encode();
            Zeroizing::new([opening.as_slice(), words].concat())
        };
        first_contact(p, officer, opened).await
    }

    /// Files the tip with every intake officer; each reads the story for their number.
    async fn file(&self, p: &Programme, story: impl Fn(usize) -> String) -> Result<()> {
        let directory = p.directory().await?;
        let holders: Vec<_> = directory.intake().iter().map(|o| o.key.holder_id()).collect();
        for (n, officer) in directory.intake().into_iter().enumerate() {
            let words = self.words(&story(n), directory.seen().1, &holders)?;
            self.write_to(p, officer, &words, &self.claim).await?;
        }
        Ok(())
    }
}

async fn first_contact(
    p: &Programme,
    officer: &Officer,
    body: impl FnOnce(&[u8; 32]) -> Zeroizing<Vec<u8>>,
) -> Result<Session> {
    let api = p.api();
    let params = api.params(Circuit(7)).await?;
    let offered = api.bundles(&params, &mut rng(), Circuit(7)).await?;
    let bundle = offered.of(officer.key.holder_id()).cloned().unwrap();
    let bundle = VerifiedBundle::verify(bundle, &officer.key, p.now).unwrap();
    let (session, envelope) = Session::initiate_named(&officer.contact, &bundle, body, &mut rng())?;
    board::deposit(&api, &params, &board::parcel(vec![envelope], &mut rng())?, Circuit(7)).await?;
    Ok(session)
}

/// What the server wants to see from a case officer, signed with `key`.
async fn signed(p: &Programme, asked: KeeperStatement, key: &SigningKey) -> Result<KeeperSignature> {
    let epoch = p.api().params(Circuit(1)).await?.epoch;
    Ok(asked.sign(p.directory().await?.seen().1, epoch, key))
}

/// The place of an entry, and what it changes at the server.
pub(crate) struct At {
    journal: JournalId,
    pub(crate) seq: u64,
    head: JournalHead,
    capability: Secret32,
    next: Secret32,
}

impl At {
    fn append(&self, entry: Vec<u8>) -> JournalAppend {
        JournalAppend {
            work: Work { log_size: 0, nonce: 0 },
            journal: self.journal,
            expected_seq: self.seq,
            expected_head: self.head,
            capability: *self.capability.expose(),
            next_cap_hash: kdf::digest("subrosa/journal-capability/v1", &[self.next.expose()]),
            leaf: random_bytes(32).try_into().unwrap(),
            entry: entry.try_into().unwrap(),
            keeper: None,
        }
    }
}

/// Officer `n` pushes an entry past every check of the program.
pub(crate) async fn push(
    p: &Programme,
    n: usize,
    at: &At,
    key: &CaseKey,
    role: RoleName,
    time: impl Into<Moment>,
    event: Event,
) -> Result<()> {
    let signer = p.desks[n].identity.signer();
    let Moment { now, closed } = time.into();
    let author = Author { holder: signer.verifying_key().holder_id(), role, at: now, seq: at.seq };
    let written = SignedEvent::sign(&at.journal, author, closed, at.head, event, &signer)?;
    let entry = journal::seal(&at.journal, key, &random_bytes(24).try_into().unwrap(), &written)?;
    let mut append = at.append(entry.into_vec());
    if let Some(asked) = append.asks() {
        append.keeper = Some(signed(p, asked, &signer).await?);
    }
    assert!(matches!(p.api().journal_append(append, Circuit(1)).await?, Appended::Done(_)));
    Ok(())
}

fn status(result: Result<impl core::fmt::Debug, ApiError>) -> Option<u16> {
    result.err().and_then(|e| e.status())
}

pub(crate) fn note(text: &str) -> Event {
    Event::Noted { text: text.into(), visibility: Visibility::Adjudicators }
}

/// Whoever files a tip keeps the case secret. It leads to the meeting place and no further: officers' notes are not
/// read, nobody is shut out, nothing is destroyed.
#[tokio::test]
async fn a_source_neither_reads_nor_locks_nor_destroys_the_officers_journal() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let source = Patched::new();
    source.file(&p, |_| "A probe.".into()).await?;
    let (id, access) = source.meeting();
    let own = Secret32::random(&mut rng());
    let at = |seq, head, next: &Secret32| At {
        journal: id,
        seq,
        head,
        capability: access.capability.clone(),
        next: next.clone(),
    };
    // First at the meeting place, before any officer: the server takes nothing from anybody else.
    let api = p.api();
    let first = at(0, JournalHead::EMPTY, &own).append(random_bytes(4096));
    assert_eq!(status(api.journal_append(first.clone(), Circuit(1)).await), Some(403));
    let own_signature = signed(&p, first.asks().unwrap(), &source.claim).await?;
    let in_a_name = KeeperSignature { holder: p.desks[0].identity.holder(), ..own_signature };
    for keeper in [own_signature, in_a_name] {
        let append = JournalAppend { keeper: Some(keeper), ..first.clone() };
        assert_eq!(status(api.journal_append(append, Circuit(1)).await), Some(403));
    }

    p.everybody_visits().await?;
    let written = p.event(0, RoleName::Triager, note("Witness: Mrs. Y of accounting. Raid on Tuesday.")).await?;
    assert_eq!((written.case().key_generation(), written.seq()), (1, 3));
    // The source reads its own tip, and that the key was turned. The server hands out no more than that.
    let page = api
        .journal_read(&JournalAccess { journal: id, capability: *access.capability.expose(), from_seq: 0 }, Circuit(8))
        .await?;
    let (mut head, mut read) = (JournalHead::EMPTY, Vec::new());
    for (seq, entry) in (0..).zip(&page.entries) {
        let event = journal::open(&id, core::slice::from_ref(&access.key), seq, &head, entry).unwrap();
        read.push(event.event.name());
        head = head.after(entry);
    }
    assert_eq!((read, page.position.seq), (vec!["received", "key-turned"], 2));
    // It shuts nobody out and destroys nothing.
    let lock = at(page.position.seq, head, &own).append(random_bytes(4096));
    assert_eq!(status(api.journal_append(lock, Circuit(1)).await), Some(403));
    let keeper = signed(&p, JournalPurge::asks(id, access.capability.expose()), &source.claim).await?;
    let purge = JournalPurge { journal: id, capability: *access.capability.expose(), keeper };
    assert_eq!(status(api.journal_purge(&purge, Circuit(9)).await), Some(403));
    for n in 0..3 {
        let after = p.event(n, if n == 2 { RoleName::Investigator } else { RoleName::Triager }, note("here")).await?;
        assert!(after.passed_over().is_empty());
    }
    Ok(())
}

/// The first of three addressed officers writes another tip and another claim key into the first entry. Colleagues pass
/// it over, name its author, and the award stays the source's.
#[tokio::test]
async fn the_first_officer_cannot_replace_tip_and_claim_key() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    // Desk 0 opens its envelope, and then a patched program writes the first entries.
    let (api, circuits) = (p.api(), board::Circuits::new(&mut rng()));
    let log = p.log_key().clone();
    p.desks[0].collect(&api, &circuits, &log, PROGRAMME).await?;
    p.desks[0] = stored(&p.desks[0])?;
    let (id, t) = taken(&p, 0)?;
    let thief = Patched::new();
    let team: Vec<HolderId> = p.desks.iter().map(|d| d.identity.holder()).collect();
    let f = form(Vec::new());
    let tip = |secret: &Secret32| {
        Message::Tip(Box::new(Tip {
            case_secret: secret.clone(),
            regime: f.regime.clone(),
            answers: f.answers.clone(),
            narrative: "Nothing much happened.".into(),
            files: Vec::new(),
            claim_key: thief.claim.verifying_key(),
        }))
        .encode()
    };
    let heading =
        Heading { programme: PROGRAMME, journal: id, counter: 0, charter: Digest([0; 32]), recipients: &team };
    let words = SignedWords::sign(&heading, tip(&thief.secret)?.to_vec(), &thief.claim)?.encode();
    let received = Event::Received(Received {
        case_secret: CaseSecret(thief.secret.clone()),
        claim_key: thief.claim.verifying_key(),
        receipt: Digest([1; 32]),
        digest: message_digest(&words),
        tip: Blob(words),
        received_at: p.now - p.now % 60,
        team,
    });
    let key = CaseKey { generation: 0, key: t.keys[0].1.clone() };
    let at = At {
        journal: id,
        seq: 0,
        head: JournalHead::EMPTY,
        capability: t.capability.clone(),
        next: t.capability.clone(),
    };
    push(&p, 0, &at, &key, RoleName::Triager, p.now, received).await?;
    for n in 1..3 {
        assert_eq!(p.desk_visit(n).await?, Vec::<String>::new());
        let replay = p.case(n).await?;
        let Ok(Message::Tip(seen)) = Message::recorded(&replay.case().received().unwrap().tip.0) else { panic!() };
        assert_eq!(seen.narrative, f.narrative);
        assert_ne!(replay.case().claim_key(), Some(&thief.claim.verifying_key()));
        let passed: Vec<_> = replay.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect();
        assert_eq!(passed, [(0, "wrong-journal")]);
        assert!(replay.passed_over()[0].fault.to_string().contains("belongs to another case"));
    }
    // The true source's words count.
    p.desk_visit(0).await?;
    p.source_states(&master, SourceAct::Withdraw).await?;
    p.everybody_visits().await?;
    assert_eq!(p.case(1).await?.case().state(), State::Closed);
    Ok(())
}

/// A source that writes different things to different officers is found out by the first who compares, in front of all.
#[tokio::test]
async fn a_tip_that_differs_between_officers_is_contradicted_before_everybody() -> Result<()> {
    let mut p = Programme::start(250).await?;
    Patched::new().file(&p, |n| format!("Story number {n}.")).await?;
    p.everybody_visits().await?;
    for n in 0..3 {
        let case = p.case(n).await?;
        let who: Vec<_> = case.case().contradictions().iter().map(|(h, _)| *h).collect();
        assert_eq!(who, [1, 2].map(|n: usize| p.desks[n].identity.holder()), "desk {n} sees it");
    }
    // Once is enough.
    let before = p.case(0).await?.seq();
    p.everybody_visits().await?;
    assert_eq!(p.case(0).await?.seq(), before);
    Ok(())
}

/// No officer can put words into a source's mouth: not invented ones, not true ones again, not those of another case,
/// and not those that were written to somebody else.
#[tokio::test]
async fn nobody_invents_repeats_or_moves_a_sources_words() -> Result<()> {
    use RoleName::{Investigator, Triager};
    let mut p = Programme::start(250).await?;
    let (_, other) = new_source();
    let (mut elsewhere, _) = p.file_tip(&other, form(Vec::new())).await?;
    elsewhere.send(&Message::Text { text: "Of another case.".into(), files: Vec::new() }, &mut rng()).await?;
    p.everybody_visits().await?;
    let moved = p.case(0).await?.case().messages().last().unwrap().body.0.clone();

    let source = Patched::new();
    source.file(&p, |_| "The second case.".into()).await?;
    p.everybody_visits().await?;
    let body = Message::Text { text: "I made it all up.".into(), files: Vec::new() }.encode()?.to_vec();
    let refused = p.event(2, Investigator, Event::message_received(body.clone())).await.unwrap_err();
    assert!(refused.to_string().contains(Rule::BadClaim.text()), "{refused}");
    assert_eq!(forged(&mut p, 2, Investigator, Event::message_received(body.clone()), None).await?, "bad-claim");
    assert_eq!(forged(&mut p, 0, Triager, Event::message_received(moved), None).await?, "wrong-journal");

    let (journal, _) = source.meeting();
    let sign = |counter, to: HolderId, programme: &str, key: &SigningKey| {
        let recipients = [to];
        let heading = Heading { programme, journal, counter, charter: Digest([0; 32]), recipients: &recipients };
        Event::message_received(SignedWords::sign(&heading, body.clone(), key).unwrap().encode())
    };
    let (zero, one) = (p.desks[0].identity.holder(), p.desks[1].identity.holder());
    let colleague = p.desks[1].identity.signer();
    assert_eq!(forged(&mut p, 0, Triager, sign(1, zero, PROGRAMME, &colleague), None).await?, "bad-claim");
    assert_eq!(forged(&mut p, 0, Triager, sign(1, zero, "another.example", &source.claim), None).await?, "bad-claim");
    assert_eq!(forged(&mut p, 0, Triager, sign(0, zero, PROGRAMME, &source.claim), None).await?, "bad-claim");
    assert_eq!(forged(&mut p, 0, Triager, sign(1, one, PROGRAMME, &source.claim), None).await?, "not-addressed");
    let said = sign(2, zero, PROGRAMME, &source.claim);
    p.event(0, Triager, said.clone()).await?;
    assert_eq!(forged(&mut p, 0, Triager, said, None).await?, "words-repeated");
    // What a colleague keeps back shows as a gap, and two messages under one number are named.
    assert_eq!(p.case(1).await?.case().missing_words(), [1]);
    p.event(1, Triager, sign(2, one, PROGRAMME, &source.claim)).await?;
    assert_eq!(p.case(2).await?.case().doubled_words(), [2]);
    Ok(())
}

/// A member turns the key and hands different keys to different colleagues. Whoever got another one than the entry
/// commits to is told who did it; nobody reads two different journals without knowing.
#[tokio::test]
async fn one_turn_with_two_keys_names_its_author() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let before = p.case(0).await?;
    let (id, t) = taken(&p, 0)?;
    let directory = p.directory().await?;
    let next = before.case().key_generation() + 1;
    let capability = Secret32::random(&mut rng());
    let access = |byte| CaseAccess {
        key: CaseKey { generation: next, key: Secret32::new([byte; 32]) },
        capability: capability.clone(),
    };
    let mut team: Vec<(HolderId, u8)> =
        (0..3).map(|n| (p.desks[n].identity.holder(), if n < 2 { 1 } else { 2 })).collect();
    team.sort_by_key(|(h, _)| *h);
    let mut wraps = Vec::new();
    for (holder, byte) in team {
        let officer = directory.officers().iter().find(|o| o.key.holder_id() == holder).unwrap();
        wraps.push(access(byte).wrap(&id, holder, &officer.wrap, &mut rng())?);
    }
    let (generation, key) = t.keys.last().unwrap().clone();
    let old = CaseKey { generation, key };
    let at =
        At { journal: id, seq: before.seq(), head: before.head(), capability: t.capability, next: capability.clone() };
    let event = Event::KeyTurned(access(1).turned(&id, wraps));
    push(&p, 0, &at, &old, RoleName::Triager, p.now.max(before.case().last_at()), event).await?;
    p.event(1, RoleName::Triager, note("from desk 1")).await?;
    let told = p.case(2).await.unwrap_err();
    let Some(OfficerError::Journal(JournalError::Access { by, why })) = told.downcast_ref() else { panic!("{told}") };
    assert_eq!((*by, *why), (p.desks[0].identity.holder(), AccessError::Commitment));
    assert!(told.to_string().contains("tell a third colleague"), "{told}");
    Ok(())
}

/// Where desk `n` would write next, with the keys that it holds.
pub(crate) async fn next_place(p: &mut Programme, n: usize) -> Result<(At, CaseKey)> {
    let before = p.case(n).await?;
    let (journal, t) = taken(p, n)?;
    let (generation, key) = t.keys.last().unwrap().clone();
    let (seq, head, capability) = (before.seq(), before.head(), t.capability);
    Ok((At { journal, seq, head, next: capability.clone(), capability }, CaseKey { generation, key }))
}

/// Whoever knows the tip (a colleague) and the server together cannot take over another officer's conversation with the
/// source; the officer is told.
#[tokio::test]
async fn a_forwarded_tip_takes_over_no_conversation() -> Result<()> {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    p.desk_visit(0).await?;
    let words = p.case(0).await?.case().received().unwrap().tip.0.clone();
    let directory = p.directory().await?;
    let victim =
        directory.officers().iter().find(|o| o.key.holder_id() == p.desks[1].identity.holder()).unwrap().clone();
    // Desk 0's owner sends the tip to desk 1: bare, and with an opening that another key signed.
    let bare = words.clone();
    let mut mine = first_contact(&p, &victim, |_| Zeroizing::new(bare)).await?;
    let thief = Patched::new();
    thief.write_to(&p, &victim, &words, &thief.claim).await?;
    p.next_epoch().await?;
    // The server withholds the true one, once.
    let honest = p.wire.clone();
    let takes = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&takes);
    p.wire = honest.tapped(Arc::new(Answering(move |r: &mut Request| {
        (r.path == "/v1/take" && seen.fetch_add(1, Ordering::SeqCst) == 0).then(|| answer(404, Vec::new()))
    })));
    let mut troubles = p.desk_visit(1).await?;
    p.wire = honest;
    for _ in 0..3 {
        p.next_epoch().await?;
        troubles.extend(p.desk_visit(1).await?);
    }
    let forwarded = troubles.iter().filter(|t| t.contains("is not the source")).count();
    assert_eq!(forwarded, 2, "{troubles:?}");
    assert_eq!((p.desks[1].identity.unopened(), p.desks[1].cases.len()), (0, 1));
    // Desk 1 answers the source, and the colleague's conversation stays silent.
    let text = Message::Text { text: "Tell me more.".into(), files: Vec::new() };
    p.reply(1, RoleName::Triager, MessageKind::Text, &text).await?;
    p.next_epoch().await?;
    assert_eq!(p.source(&master).await?.inbox().await?.unread.len(), 1);
    let api = p.api();
    let watch = LogWatch::new(&api, p.log_key().clone(), Circuit(9));
    let mut view = watch.advance(None).await?;
    let listed = board::tags(&api, &mut Lists::new(&watch, &mut view), 1, Circuit(9)).await?.found;
    assert!(board::next_listed(&mine, &listed).is_none());
    // What it says there reaches nobody's case.
    let invented = Message::Text { text: "I am Jane Doe, and I withdraw.".into(), files: Vec::new() }.encode()?;
    let envelope = mine.send(&invented, &mut rng())?;
    let params = api.params(Circuit(7)).await?;
    board::deposit(&api, &params, &board::parcel(vec![envelope], &mut rng())?, Circuit(7)).await?;
    p.everybody_visits().await?;
    for n in 0..3 {
        let case = p.case(n).await?;
        assert_eq!(case.case().messages().iter().filter(|m| m.sent.is_none()).count(), 1, "the tip alone");
    }
    Ok(())
}

/// One letter that no program reads stops no source: it is told, and burnt with the others. Nor does the state of a
/// source grow with what it says.
#[tokio::test]
async fn neither_a_long_letter_nor_many_messages_stop_a_source() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let long = Message::Notice(Notice { state: "x".repeat(29_000), text: String::new(), award: None });
    p.reply(2, RoleName::Investigator, MessageKind::Text, &long).await?;
    p.reply(0, RoleName::Triager, MessageKind::Text, &notice(State::Received, "An honest word.", None)).await?;
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    let inbox = source.inbox().await?;
    assert_eq!((inbox.unread.len(), inbox.troubles.len()), (1, 1), "{:?}", inbox.troubles);
    assert!(inbox.troubles[0].to_string().contains("Chiyoko"), "{:?}", inbox.troubles);
    source.acknowledge(inbox, &mut rng()).await?;
    // Burnt: it is not asked for again.
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    let inbox = source.inbox().await?;
    assert_eq!((inbox.unread.len(), inbox.troubles.len()), (0, 0));
    for n in 0..16u32 {
        source.send(&Message::Text { text: format!("message {n}"), files: Vec::new() }, &mut rng()).await?;
    }
    let grown = source.state().encode()?.len();
    for n in 0..4u32 {
        source.send(&Message::Text { text: format!("message {n}"), files: Vec::new() }, &mut rng()).await?;
    }
    assert!(source.state().encode()?.len() <= grown + 64, "{grown} and {}", source.state().encode()?.len());
    Ok(())
}

/// What comes in a source's conversation without its signature is told and not kept, and holds up nothing behind it.
#[tokio::test]
async fn an_unsigned_message_holds_up_nothing_behind_it() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let directory = p.directory().await?;
    let source = Patched::new();
    let officer = directory.intake()[0].clone();
    let holder = officer.key.holder_id();
    let charter = directory.seen().1;
    let words = source.words("A story.", charter, &[holder])?;
    let mut session = source.write_to(&p, &officer, &words, &source.claim).await?;
    p.next_epoch().await?;
    let at = p.desks.iter().position(|d| d.identity.holder() == holder).unwrap();
    assert_eq!(p.desk_visit(at).await?, Vec::<String>::new());
    let bare = Message::Text { text: "And more.".into(), files: Vec::new() }.encode()?.to_vec();
    let (journal, _) = source.meeting();
    let recipients = [holder];
    let heading =
        Heading { programme: PROGRAMME, journal, counter: 1, charter: Digest(charter), recipients: &recipients };
    let signed = SignedWords::sign(&heading, bare.clone(), &source.claim)?.encode();
    let mut envelopes = Vec::new();
    for body in [bare.as_slice(), &[0xff; 40], &signed] {
        envelopes.push(session.send(body, &mut rng())?);
    }
    let (api, params) = (p.api(), p.api().params(Circuit(7)).await?);
    board::deposit(&api, &params, &board::parcel(envelopes, &mut rng())?, Circuit(7)).await?;
    p.next_epoch().await?;
    let troubles = p.desk_visit(at).await?;
    assert_eq!(troubles.iter().filter(|t| t.contains("did not sign")).count(), 2, "{troubles:?}");
    let said = |r: &journal::Replay| r.case().messages().iter().filter(|m| m.sent.is_none()).count();
    assert_eq!(said(&p.case(at).await?), 2, "the tip, and what was signed");
    p.next_epoch().await?;
    assert_eq!(p.desk_visit(at).await?, Vec::<String>::new(), "told once");
    Ok(())
}

/// A second conversation about one tip, even one that the source did open, is shown and never dropped silently.
#[tokio::test]
async fn a_second_conversation_about_one_tip_is_shown() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let source = Patched::new();
    source.file(&p, |_| "Once.".into()).await?;
    p.everybody_visits().await?;
    source.file(&p, |_| "Once.".into()).await?;
    p.next_epoch().await?;
    let troubles = p.desk_visit(1).await?;
    assert!(troubles.len() == 1 && troubles[0].contains("a second conversation"), "{troubles:?}");
    assert_eq!(p.desks[1].cases.len(), 1);
    Ok(())
}

/// A desk whose server shows sources another charter says so: the source signs which one it saw.
#[tokio::test]
async fn a_source_under_another_charter_is_noticed() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let directory = p.directory().await?;
    let source = Patched::new();
    let holders: Vec<_> = directory.intake().iter().map(|o| o.key.holder_id()).collect();
    let words = source.words("Under another charter.", [0xcc; 32], &holders)?;
    let officer = directory.intake()[0].clone();
    source.write_to(&p, &officer, &words, &source.claim).await?;
    p.next_epoch().await?;
    let at = p.desks.iter().position(|d| d.identity.holder() == officer.key.holder_id()).unwrap();
    let troubles = p.desk_visit(at).await?;
    assert!(troubles.len() == 1 && troubles[0].contains("a charter that you do not know"), "{troubles:?}");
    assert_eq!(p.desks[at].cases.len(), 1, "the tip is kept all the same");
    Ok(())
}
