//! First contact and messages inside a session, against the public-key operations that the design cannot do without.

use anyhow::{Context, Result};
use curve25519_dalek::{MontgomeryPoint, RistrettoPoint, Scalar};
use hpke::{Deserializable, Kem, kem::XWing};
use rand_core::{CryptoRng, UnwrapErr};
use subrosa_crypto::{
    bundle::{ReceivingKeys, VerifiedBundle},
    delivery::{ScanSecret, cover_hint},
    envelope,
    ratchet::{Contact, Session},
    seal::SealSecret,
    secret::Secret32,
    sign::SigningKey,
    wire::{Bundle, Envelope},
};

use crate::table::{Aim, Table, median, micros};

const BATCHES: usize = 21;
const ROUNDS: usize = 5;
const MESSAGE: [u8; 1000] = [b'm'; 1000];

/// The system's randomness.
pub(crate) fn rng() -> impl CryptoRng {
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
        Self { keys: ReceivingKeys::generate(), scan, signer: SigningKey::from_seed(&Secret32::random(&mut rng())) }
    }

    fn contact(&self) -> Contact {
        Contact { olm: self.keys.olm_identity(), scan: self.scan.public() }
    }

    fn offer(&mut self, count: usize) -> Result<Vec<Bundle>> {
        Ok(self.keys.make_one_time(count, u64::MAX, &self.signer, &mut rng())?)
    }

    fn check(&self, bundle: Bundle) -> Result<VerifiedBundle> {
        Ok(VerifiedBundle::verify(bundle, &self.signer.verifying_key(), 1)?)
    }

    /// Finds its place by scanning, and opens it.
    fn open(&mut self, envelope: &Envelope) -> Result<Session> {
        let drop = self.scan.drop_for(&envelope.hint).context("a hint does not decode")?;
        Ok(Session::accept(&mut self.keys, &drop, envelope.body.as_slice())?.0)
    }
}

/// Microseconds of one X-Wing encapsulation, one decapsulation (from the 32 stored bytes, as RFC drafts have it) and
/// one X25519.
fn primitives() -> Result<(f64, f64, f64)> {
    let key = SealSecret::random(&mut rng());
    let public = key.recipient()?;
    let public = <XWing as Kem>::PublicKey::from_bytes(public.0.as_slice()).ok().context("the key does not decode")?;
    let private =
        <XWing as Kem>::PrivateKey::from_bytes(key.seed().expose()).ok().context("the seed does not decode")?;
    let point = MontgomeryPoint::mul_base(&Scalar::random(&mut rng()));
    let mut times: [Vec<f64>; 3] = Default::default();
    let [encap, decap, dh] = &mut times;
    for _ in 0..BATCHES {
        let (t, made) = micros(|| XWing::encap_with_rng(&public, None, &mut rng()));
        encap.push(t);
        let (_, capsule) = made.ok().context("encapsulation failed")?;
        let (t, opened) = micros(|| XWing::decap(&private, None, &capsule));
        opened.ok().context("decapsulation failed")?;
        decap.push(t);
        let scalars: [[u8; 32]; 4] = std::array::from_fn(|_| *Secret32::random(&mut rng()).expose());
        let (t, _) = micros(|| scalars.map(|s| point.mul_clamped(s)));
        dh.push(t / 4.0);
    }
    let [encap, decap, dh] = times.map(median);
    Ok((encap, decap, dh))
}

struct FirstContact {
    seal: f64,
    open: f64,
}

/// First contact while the officer holds `held` one-time keys.
fn first_contact(held: usize, batches: usize) -> Result<FirstContact> {
    let mut officer = Officer::new();
    let contact = officer.contact();
    let mut offered = officer.offer(held)?;
    let (mut seal, mut open) = (Vec::new(), Vec::new());
    for _ in 0..batches {
        let bundle = officer.check(offered.pop().context("no key is left")?)?;
        let (t, made) = micros(|| Session::initiate(&contact, &bundle, &MESSAGE, &mut rng()));
        seal.push(t);
        let (_, envelope) = made?;
        let (t, opened) = micros(|| officer.open(&envelope));
        open.push(t);
        opened?;
        offered.append(&mut officer.offer(1)?);
    }
    Ok(FirstContact { seal: median(seal), open: median(open) })
}

/// Microseconds of a send and of a receive, when the sides take turns: each message is a step of the ratchet.
fn conversation() -> Result<(f64, f64)> {
    let mut officer = Officer::new();
    let bundle = officer.offer(1)?.pop().context("no key was made")?;
    let (mut one, envelope) = Session::initiate(&officer.contact(), &officer.check(bundle)?, &MESSAGE, &mut rng())?;
    let mut other = officer.open(&envelope)?;
    let (mut send, mut receive) = (Vec::new(), Vec::new());
    for _ in 0..BATCHES {
        let (t, made) = micros(|| other.send(&MESSAGE, &mut rng()));
        send.push(t);
        let envelope = made?;
        let places = one.expected();
        let (_, place, _) = places.iter().find(|(tag, ..)| *tag == envelope.tag).context("not where it should lie")?;
        let (t, opened) = micros(|| one.receive(*place, envelope.body.as_slice()));
        receive.push(t);
        opened?;
        std::mem::swap(&mut one, &mut other);
    }
    Ok((median(send), median(receive)))
}

pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let mut times: [Vec<f64>; 7] = Default::default();
    // Floors and what is held against them take turns, so that other work on the machine slows both.
    for _ in 0..ROUNDS {
        let (encap, decap, dh) = primitives()?;
        let first = first_contact(10, BATCHES)?;
        let (send, receive) = conversation()?;
        for (all, one) in times.iter_mut().zip([encap, decap, dh, first.seal, first.open, send, receive]) {
            all.push(one);
        }
    }
    let [encap, decap, dh, seal, open, send, receive] = times.map(median);
    let pair = encap + decap + 4.0 * dh;
    table.note("floor of seal + open: X-Wing encapsulation + decapsulation + 4 X25519, once for the pair");
    table.note("floor of seal alone: encapsulation + 2 X25519; of open alone: decapsulation + 2 X25519");
    table.line("floor part: X-Wing encapsulation", "us", encap, None, Aim::None);
    table.line("floor part: X-Wing decapsulation", "us", decap, None, Aim::None);
    table.line("floor part: X25519", "us", dh, None, Aim::None);

    let aim = Aim::RatioAtMost(1.5);
    table.line("first contact: seal + open", "us", seal + open, Some(pair), aim);
    table.line("first contact: seal (initiate)", "us", seal, Some(encap + 2.0 * dh), aim);
    table.line("first contact: open (scan the hint, accept)", "us", open, Some(decap + 2.0 * dh), aim);
    table.line("in session: send + receive, each a ratchet step", "us", send + receive, Some(pair), aim);
    table.line("in session: send", "us", send, Some(encap + 2.0 * dh), aim);
    table.line("in session: receive", "us", receive, Some(decap + 2.0 * dh), aim);

    outside_the_floor(table, encap, decap)?;
    with_many_keys(table)?;
    scanning(table);
    Ok(())
}

/// What the floor leaves out, one by one. `encap` and `decap` are the floor's parts in microseconds.
fn outside_the_floor(table: &mut Table, encap: f64, decap: f64) -> Result<()> {
    let key = SealSecret::random(&mut rng());
    let fresh = median((0..BATCHES).map(|_| micros(|| SealSecret::random(&mut rng()).recipient()).0).collect());
    table.line("outside the floor: a new X-Wing key for the answer", "us", fresh, None, Aim::None);
    let drop = subrosa_crypto::delivery::Drop::own(&Secret32::random(&mut rng()));
    let (hint, recipient) = (cover_hint(&mut rng()), key.recipient()?);
    let content = vec![1; envelope::CONTENT_MAX];
    let (mut write, mut read) = (Vec::new(), Vec::new());
    for _ in 0..BATCHES {
        let (t, made) = micros(|| envelope::write(&drop, hint, &recipient, &[0; 16], &content, &mut rng()));
        write.push(t);
        let made = made?;
        let (t, opened) = micros(|| envelope::read(&drop, &key, made.body.as_slice()));
        read.push(t);
        opened?;
    }
    table.line(
        "outside the floor: 32 KiB envelope, written, less encapsulation",
        "us",
        median(write) - encap,
        None,
        Aim::None,
    );
    table.line(
        "outside the floor: 32 KiB envelope, read, less decapsulation",
        "us",
        median(read) - decap,
        None,
        Aim::None,
    );
    Ok(())
}

/// Opening first contact must not cost more while more one-time keys are held.
fn with_many_keys(table: &mut Table) -> Result<()> {
    table.note("floor of the next four: the same with one key held; flat is 1");
    let counts = [1, 10, 100, 1000];
    let mut opens = counts.map(|_| Vec::new());
    // Taking turns, so that other work on the machine slows all alike.
    for _ in 0..5 {
        for (held, times) in counts.into_iter().zip(&mut opens) {
            times.push(first_contact(held, 11)?.open);
        }
    }
    let mut one = None;
    for (held, times) in counts.into_iter().zip(opens) {
        let open = median(times);
        let floor = *one.get_or_insert(open);
        table.line(&format!("open with {held} one-time keys held"), "us", open, Some(floor), Aim::RatioAtMost(1.2));
    }
    Ok(())
}

/// What an officer pays for each row that is for somebody else.
fn scanning(table: &mut Table) {
    let officer = Officer::new();
    let hints: Vec<_> = (0..100).map(|_| cover_hint(&mut rng())).collect();
    let scan = (0..11).map(|_| micros(|| hints.iter().filter_map(|h| officer.scan.drop_for(h)).count()).0 / 100.0);
    let scan = median(scan.collect());
    table.line("scan one hint of somebody else's", "us", scan, Some(multiplication()), Aim::None);
}

/// Microseconds of one variable-base ristretto255 multiplication.
pub(crate) fn multiplication() -> f64 {
    let points: Vec<(Scalar, RistrettoPoint)> =
        (0..100).map(|_| (Scalar::random(&mut rng()), RistrettoPoint::random(&mut rng()))).collect();
    let batch = || micros(|| points.iter().map(|(s, p)| s * p).collect::<Vec<_>>()).0 / 100.0;
    median((0..5).map(|_| batch()).collect())
}
