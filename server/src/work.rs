//! The price of a request: challenges that follow from the log, a difficulty that follows load, and ids that were seen.
//!
//! Spec: `docs/spec/board.md`, section "Proof of work".

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Mutex,
    time::Duration,
};

use subrosa_crypto::{
    log::Hash,
    pow::{self, Challenge},
    wire::Work,
};

use crate::{lock::locked, refusal::Refusal};

/// Most bits that load can add.
const MOST_EXTRA_BITS: u8 = 10;
/// Most request ids remembered for one challenge; past it requests for keys are refused until the next epoch.
const MOST_IDS: usize = 200_000;
/// A challenge is accepted for at least this long, also where epochs are shorter.
const CHALLENGE_LIFETIME: Duration = Duration::from_secs(30);

/// How the difficulty follows load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pricing {
    /// Leading zero bits asked when the server is idle.
    pub base_bits: u8,
    /// Paid requests a second up to which the base is asked; each doubling above adds one bit.
    pub threshold: f64,
    /// Half-life of the rate's moving average.
    pub half_life: Duration,
    /// How long load must stay lower before one bit is taken back.
    pub cooldown: Duration,
}

impl Default for Pricing {
    fn default() -> Self {
        Self { base_bits: 14, threshold: 20.0, half_life: Duration::from_secs(15), cooldown: Duration::from_secs(60) }
    }
}

/// The moving average of paid requests and the bits that it adds. Time is an argument: milliseconds on any steady
/// clock.
#[derive(Debug)]
pub(crate) struct Load {
    pricing: Pricing,
    /// Decayed count: at a steady rate r a second it tends to r * half-life / ln 2.
    count: f64,
    at: u64,
    extra: u8,
    changed: u64,
}

impl Load {
    pub(crate) fn new(pricing: Pricing) -> Self {
        Self { pricing, count: 0.0, at: 0, extra: 0, changed: 0 }
    }

    /// Notes one paid request.
    pub(crate) fn note(&mut self, now: u64) {
        self.decay(now);
        self.count += 1.0;
        self.settle(now);
    }

    /// The difficulty asked now.
    pub(crate) fn difficulty(&mut self, now: u64) -> u8 {
        self.decay(now);
        self.settle(now);
        self.pricing.base_bits.saturating_add(self.extra)
    }

    fn decay(&mut self, now: u64) {
        let passed = now.saturating_sub(self.at) as f64 / 1000.0;
        self.count *= (-passed / self.pricing.half_life.as_secs_f64().max(0.001)).exp2();
        self.at = self.at.max(now);
    }

    fn settle(&mut self, now: u64) {
        let rate = self.count * core::f64::consts::LN_2 / self.pricing.half_life.as_secs_f64().max(0.001);
        let doublings = (rate / self.pricing.threshold.max(0.001)).log2();
        // Float to integer conversion saturates; what is not above the threshold becomes 0.
        let wanted = (doublings.max(0.0).floor() as u8).min(MOST_EXTRA_BITS);
        let cooldown = u64::try_from(self.pricing.cooldown.as_millis()).unwrap_or(u64::MAX);
        if wanted > self.extra {
            self.extra = wanted;
            self.changed = now;
        } else if wanted == self.extra {
            self.changed = now;
        } else if now.saturating_sub(self.changed) >= cooldown {
            self.extra = self.extra.saturating_sub(1);
            self.changed = now;
        }
    }
}

/// A challenge that is accepted.
#[derive(Debug)]
struct Known {
    /// The log's size in the checkpoint from which it follows.
    log_size: u64,
    challenge: Challenge,
    /// That checkpoint; `None` before there is one.
    published: Option<Published>,
}

/// What a closing publishes first and last, told in one piece: whoever learns of a list can work on its checkpoint.
#[derive(Clone, Debug)]
pub(crate) struct Published {
    /// The epoch that was closed.
    pub(crate) epoch: u64,
    /// The checkpoint, a signed note.
    pub(crate) note: String,
}

/// Knows the challenges of the newest checkpoints and checks what was worked on them.
#[derive(Debug)]
pub(crate) struct Challenges {
    accepted_back: u64,
    /// The challenges that are accepted, the newest one last.
    known: Mutex<VecDeque<Known>>,
    load: Mutex<Load>,
    seen: Mutex<BTreeMap<u64, HashSet<[u8; 16]>>>,
}

impl Challenges {
    /// Before there is a checkpoint. A server that starts on a log tells of its newest one
    /// ([`Challenges::checkpoint`]); of those before it nothing is remembered.
    pub(crate) fn new(pricing: Pricing, epoch: Duration) -> Self {
        let accepted_back = CHALLENGE_LIFETIME.as_millis().div_ceil(epoch.as_millis().max(1));
        let first = Known { log_size: 0, challenge: Challenge::of_no_checkpoint(), published: None };
        Self {
            accepted_back: u64::try_from(accepted_back).unwrap_or(u64::MAX).max(1),
            known: Mutex::new([first].into()),
            load: Mutex::new(Load::new(pricing)),
            seen: Mutex::new(BTreeMap::new()),
        }
    }

    /// The checkpoint of a closed epoch was published: its challenge is taken from here on, and the oldest one no
    /// longer.
    pub(crate) fn checkpoint(&self, log_size: u64, root: &Hash, published: Published) {
        let mut known = locked(&self.known);
        let challenge = Challenge::of_checkpoint(log_size, root);
        known.push_back(Known { log_size, challenge, published: Some(published) });
        while known.len() as u64 > self.accepted_back.saturating_add(1) {
            known.pop_front();
        }
    }

    /// As [`Challenges::checkpoint`], at the start: nothing before it is accepted.
    pub(crate) fn begin_with(&self, log_size: u64, root: &Hash, published: Published) {
        locked(&self.known).clear();
        self.checkpoint(log_size, root, published);
    }

    /// The newest checkpoint: its challenge is to be worked on.
    pub(crate) fn newest(&self) -> Option<Published> {
        locked(&self.known).back().and_then(|k| k.published.clone())
    }

    pub(crate) fn difficulty(&self, now: u64) -> u8 {
        locked(&self.load).difficulty(now)
    }

    /// Whether `epoch` is the open one, or was open not long ago.
    pub(crate) fn is_fresh(&self, open: u64, epoch: u64) -> bool {
        epoch <= open && open - epoch <= self.accepted_back
    }

    /// Accepts work on the challenge of the newest checkpoint or of one not long before it.
    pub(crate) fn check(&self, work: Work, payload_sha256: &[u8; 32], now: u64) -> Result<(), Refusal> {
        let difficulty = self.difficulty(now);
        let known = locked(&self.known).iter().find(|k| k.log_size == work.log_size).map(|k| k.challenge);
        let good = known.is_some_and(|challenge| pow::verify(&challenge, payload_sha256, work.nonce, difficulty));
        if !good {
            return Err(Refusal::Work { difficulty });
        }
        locked(&self.load).note(now);
        Ok(())
    }

    /// Notes a request id; refuses one that was seen under the same challenge.
    pub(crate) fn first_use(&self, work: Work, id: [u8; 16]) -> Result<(), Refusal> {
        let oldest = locked(&self.known).front().map_or(0, |k| k.log_size);
        let mut seen = locked(&self.seen);
        while seen.first_key_value().is_some_and(|(size, _)| *size < oldest) {
            seen.pop_first();
        }
        let ids = seen.entry(work.log_size).or_default();
        if ids.len() >= MOST_IDS {
            return Err(Refusal::Busy);
        }
        if !ids.insert(id) {
            return Err(Refusal::Conflict("This request was answered before. Make a new one."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pricing() -> Pricing {
        Pricing { base_bits: 8, threshold: 10.0, half_life: Duration::from_secs(1), cooldown: Duration::from_secs(5) }
    }

    /// Sends `rate` requests a second for `seconds`; answers the time afterwards.
    fn send(load: &mut Load, from: u64, seconds: u64, rate: u64) -> u64 {
        for i in 0..seconds * rate {
            load.note(from + i * 1000 / rate);
        }
        from + seconds * 1000
    }

    #[test]
    fn each_doubling_above_the_threshold_adds_a_bit_and_bits_fall_back_one_by_one() {
        let mut load = Load::new(pricing());
        let mut now = send(&mut load, 0, 10, 9);
        assert_eq!(load.difficulty(now), 8);
        now = send(&mut load, now, 10, 25);
        assert_eq!(load.difficulty(now), 9);
        now = send(&mut load, now, 10, 50);
        assert_eq!(load.difficulty(now), 10);
        assert_eq!(load.difficulty(now + 1000), 10, "not at once");
        assert_eq!(load.difficulty(now + 8_000), 9);
        assert_eq!(load.difficulty(now + 8_001), 9, "one bit at a time");
        assert_eq!(load.difficulty(now + 14_000), 8);
    }

    #[test]
    fn a_flood_never_passes_the_limit() {
        let mut load = Load::new(pricing());
        for _ in 0..1_000_000 {
            load.note(5);
        }
        assert_eq!(load.difficulty(5), 8 + MOST_EXTRA_BITS);
    }

    fn of(epoch: u64) -> Published {
        Published { epoch, note: String::new() }
    }

    /// The challenges of a log that grew by 16 leaves an epoch, four times.
    fn grown() -> Challenges {
        let challenges = Challenges::new(pricing(), Duration::from_secs(300));
        for n in 1..=4u8 {
            challenges.checkpoint(16 * u64::from(n), &[n; 32], of(n.into()));
        }
        challenges
    }

    #[test]
    fn work_is_accepted_for_the_newest_checkpoint_and_the_one_before_only() {
        let challenges = grown();
        let payload = [9; 32];
        let try_at = |challenges: &Challenges, log_size, root: u8| {
            let challenge = Challenge::of_checkpoint(log_size, &[root; 32]);
            let nonce = pow::solve(&challenge, &payload, 8);
            challenges.check(Work { log_size, nonce }, &payload, 0).is_ok()
        };
        for (log_size, root, good) in [(32, 2, false), (48, 3, true), (64, 4, true), (80, 5, false)] {
            assert_eq!(try_at(&challenges, log_size, root), good, "{log_size}");
        }
        let none = pow::solve(&Challenge::of_no_checkpoint(), &payload, 8);
        assert!(challenges.check(Work { log_size: 0, nonce: none }, &payload, 0).is_err(), "there is a log by now");
        challenges.begin_with(96, &[6; 32], of(6));
        assert!(try_at(&challenges, 96, 6) && !try_at(&challenges, 64, 4), "a server that was started anew");
    }

    #[test]
    fn work_on_a_root_that_was_made_up_for_one_client_is_refused() {
        let challenges = grown();
        let (made_up, payload) = (Challenge::of_checkpoint(64, &[77; 32]), [9; 32]);
        let real = Challenge::of_checkpoint(64, &[4; 32]);
        let nonce = (0..).find(|n| pow::verify(&made_up, &payload, *n, 8) && !pow::verify(&real, &payload, *n, 8));
        let work = Work { log_size: 64, nonce: nonce.unwrap_or_default() };
        assert!(challenges.check(work, &payload, 0).is_err());
    }

    #[test]
    fn an_id_is_used_once_while_its_challenge_lives() {
        let challenges = grown();
        let work = Work { log_size: 64, nonce: 0 };
        assert!(challenges.first_use(work, [1; 16]).is_ok());
        challenges.checkpoint(80, &[5; 32], of(5));
        assert!(challenges.first_use(work, [1; 16]).is_err());
        assert!(challenges.first_use(work, [2; 16]).is_ok());
        challenges.checkpoint(96, &[6; 32], of(6));
        assert!(challenges.first_use(Work { log_size: 96, nonce: 0 }, [1; 16]).is_ok());
        assert_eq!(locked(&challenges.seen).len(), 1);
    }
}
