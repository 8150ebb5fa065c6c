#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
use super::*;
use crate::{delivery::ScanSecret, sign::SigningKey};
use rand_core::UnwrapErr;

fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

struct Officer {
    keys: ReceivingKeys,
    scan: ScanSecret,
    signer: SigningKey,
}

impl Officer {
    fn new() -> Self {
        let scan = ScanSecret::from_seed(&Secret32::random(&mut rng()));
        let signer = SigningKey::from_seed(&Secret32::random(&mut rng()));
        Self { keys: ReceivingKeys::generate(), scan, signer }
    }

    fn contact(&self) -> Contact {
        Contact { olm: self.keys.olm_identity(), scan: self.scan.public() }
    }

    fn bundle(&mut self) -> VerifiedBundle {
        let b = self.keys.make_one_time(1, 10, &self.signer, &mut rng()).unwrap().remove(0);
        VerifiedBundle::verify(b, &self.signer.verifying_key(), 1).unwrap()
    }

    fn accept(&mut self, e: &Envelope) -> Result<(Session, Opened), RatchetError> {
        let drop = self.scan.drop_for(&e.hint).unwrap();
        assert_eq!(drop.tag(), e.tag);
        Session::accept(&mut self.keys, &drop, e.body.as_slice())
    }
}

fn pass(to: &mut Session, e: &Envelope) -> Result<Vec<u8>, RatchetError> {
    let (_, place, drop) = to.expected().into_iter().find(|(t, ..)| *t == e.tag).ok_or(RatchetError::KeyGone)?;
    assert_eq!(drop.capability().hash(), e.cap_hash);
    to.receive(place, e.body.as_slice()).map(|o| o.body.to_vec())
}

fn started() -> (Officer, Session, Session, Envelope) {
    let mut officer = Officer::new();
    let bundle = officer.bundle();
    let (source, first) = Session::initiate(&officer.contact(), &bundle, b"tip", &mut rng()).unwrap();
    let (session, opened) = officer.accept(&first).unwrap();
    assert_eq!(*opened.body, b"tip");
    (officer, source, session, first)
}

fn stored(s: &Session) -> Session {
    let mut bytes = Vec::new();
    ciborium::into_writer(s, &mut bytes).unwrap();
    assert!(bytes.len() < 8192, "{}", bytes.len());
    ciborium::from_reader(bytes.as_slice()).unwrap()
}

#[test]
fn a_conversation_survives_storage_bursts_and_disorder() {
    let (_, mut source, mut officer, _) = started();
    // The source writes on before any answer.
    let more: Vec<_> = (0..20u8).map(|i| source.send(&[i], &mut rng()).unwrap()).collect();
    for (i, e) in more.iter().enumerate() {
        assert_eq!(pass(&mut officer, e).unwrap(), [i as u8]);
    }
    for round in 0..3u8 {
        let (a, b) = (officer.send(&[round], &mut rng()).unwrap(), officer.send(&[9, round], &mut rng()).unwrap());
        source = stored(&source);
        assert_eq!(pass(&mut source, &a).unwrap(), [round]);
        assert_eq!(pass(&mut source, &b).unwrap(), [9, round]);
        let (c, d) = (source.send(b"c", &mut rng()).unwrap(), source.send(b"d", &mut rng()).unwrap());
        officer = stored(&officer);
        // One lost in between does not stop the next.
        assert_eq!(pass(&mut officer, &d).unwrap(), b"d");
        assert!(pass(&mut officer, &c).is_err(), "what lies before the last one read is closed");
    }
}

#[test]
fn what_was_put_aside_opens_later_and_once() {
    let (_, mut source, mut officer, _) = started();
    let sent: Vec<_> = (0..4u8).map(|i| source.send(&[i], &mut rng()).unwrap()).collect();
    let place = |s: &Session, e: &Envelope| s.expected().into_iter().find(|(t, ..)| *t == e.tag).unwrap().1;
    let (first, third) = (place(&officer, &sent[0]), place(&officer, &sent[2]));
    let mut altered = sent[0].body.to_vec();
    altered[9000] ^= 1;
    assert!(officer.receive(first, &altered).is_err());
    officer.put_aside(first);
    assert!(officer.expected().iter().all(|(tag, ..)| *tag != sent[0].tag));
    assert_eq!(pass(&mut officer, &sent[1]).unwrap(), [1]);
    officer.put_aside(third);
    assert_eq!(pass(&mut officer, &sent[3]).unwrap(), [3]);
    // A turn of the conversation later, and from storage, both are still there.
    let answer = officer.send(b"a", &mut rng()).unwrap();
    pass(&mut source, &answer).unwrap();
    let next = source.send(b"next", &mut rng()).unwrap();
    assert_eq!(pass(&mut officer, &next).unwrap(), b"next");
    let mut officer = stored(&officer);
    assert_eq!(
        officer.aside().iter().map(|(p, d)| (*p, d.tag())).collect::<Vec<_>>(),
        [(first, sent[0].tag), (third, sent[2].tag)]
    );
    assert!(officer.receive(first, &altered).is_err(), "and an altered body leaves it there");
    assert_eq!(*officer.receive(third, sent[2].body.as_slice()).unwrap().body, [2]);
    assert_eq!(*officer.receive(first, sent[0].body.as_slice()).unwrap().body, [0]);
    assert!(officer.aside().is_empty());
    assert!(officer.receive(first, sent[0].body.as_slice()).is_err());
    let last = officer.send(b"z", &mut rng()).unwrap();
    assert_eq!(pass(&mut source, &last).unwrap(), b"z");
}

#[test]
fn no_more_is_put_aside_than_fits() {
    let (_, mut source, mut officer, _) = started();
    for _ in 0..ASIDE_MAX + 3 {
        let e = source.send(b"x", &mut rng()).unwrap();
        let (_, place, _) = officer.expected().into_iter().find(|(t, ..)| *t == e.tag).unwrap();
        officer.put_aside(place);
    }
    assert_eq!(officer.aside().len(), ASIDE_MAX);
    let (oldest, _) = officer.aside().remove(0);
    officer.skip(oldest);
    assert_eq!(officer.aside().len(), ASIDE_MAX - 1);
}

#[test]
fn messages_are_read_once() {
    let (mut o, mut source, mut officer, first) = started();
    assert_eq!(o.accept(&first).unwrap_err(), RatchetError::KeyGone, "the one-time key is gone");
    let e = officer.send(b"x", &mut rng()).unwrap();
    assert!(pass(&mut source, &e).is_ok());
    assert!(pass(&mut source, &e).is_err());
    assert!(pass(&mut officer, &e).is_err(), "its sender cannot read it either");
}

#[test]
fn looking_without_acknowledging_keeps_the_message_readable() {
    let (_, source, mut officer, _) = started();
    let e = officer.send(b"x", &mut rng()).unwrap();
    for _ in 0..2 {
        assert_eq!(pass(&mut source.snapshot(), &e).unwrap(), b"x");
    }
}

#[test]
fn a_stolen_snapshot_of_either_side_stops_working_after_a_round_trip() {
    let (_, mut source, mut officer, _) = started();
    for thief_has_source in [true, false] {
        let mut stolen = if thief_has_source { source.snapshot() } else { officer.snapshot() };
        {
            let e = source.send(b"s", &mut rng()).unwrap();
            pass(&mut officer, &e).unwrap();
            let e = officer.send(b"o", &mut rng()).unwrap();
            pass(&mut source, &e).unwrap();
        }
        let to_source = officer.send(b"after", &mut rng()).unwrap();
        let to_officer = source.send(b"after", &mut rng()).unwrap();
        for (e, reader) in [(&to_source, &source), (&to_officer, &officer)] {
            let (_, _, true_place) = reader.expected().into_iter().find(|(tag, ..)| *tag == e.tag).unwrap();
            assert!(stolen.expected().iter().all(|(tag, ..)| *tag != e.tag), "not even the place is known");
            for g in &stolen.own {
                let forced = envelope::read(&true_place, &g.seal, e.body.as_slice());
                assert!(forced.is_err(), "nor do the keys open it, once shown the place");
            }
            for (_, place, _) in stolen.expected() {
                assert!(stolen.receive(place, e.body.as_slice()).is_err());
            }
        }
        pass(&mut source, &to_source).unwrap();
        pass(&mut officer, &to_officer).unwrap();
    }
}

#[test]
fn read_messages_do_not_open_with_all_that_is_left() {
    let (mut o, mut source, mut officer, first) = started();
    let mut recorded = vec![first];
    for _ in 0..3 {
        let e = source.send(b"more", &mut rng()).unwrap();
        pass(&mut officer, &e).unwrap();
        recorded.push(e);
        let e = officer.send(b"answer", &mut rng()).unwrap();
        pass(&mut source, &e).unwrap();
        recorded.push(e);
    }
    for e in &recorded {
        let places: Vec<_> = officer.expected().into_iter().chain(source.expected()).collect();
        assert!(places.iter().all(|(tag, ..)| *tag != e.tag));
        if let Some(drop) = o.scan.drop_for(&e.hint).filter(|d| d.tag() == e.tag) {
            assert_eq!(Session::accept(&mut o.keys, &drop, e.body.as_slice()).unwrap_err(), RatchetError::KeyGone);
        }
    }
}

#[test]
fn altered_envelopes_change_nothing() {
    let (_, source, mut officer, _) = started();
    let e = officer.send(b"x", &mut rng()).unwrap();
    let (_, place, _) = source.expected().into_iter().find(|(t, ..)| *t == e.tag).unwrap();
    for at in [0, 40, 2000, 32_767] {
        let mut bad = e.body.to_vec();
        bad[at] ^= 1;
        assert!(source.snapshot().receive(place, &bad).is_err());
    }
    let mut s = source.snapshot();
    assert!(s.receive(place, &[0; 5]).is_err());
    assert_eq!(pass(&mut s, &e).unwrap(), b"x", "a refused envelope leaves the session as it was");
    assert_eq!(s.send(&vec![0; BODY_MAX + 1], &mut rng()).unwrap_err(), RatchetError::TooLong(BODY_MAX + 1));
    assert!(s.send(&vec![0; BODY_MAX], &mut rng()).is_ok());
}
