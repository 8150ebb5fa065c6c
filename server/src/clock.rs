//! The wall clock, and no more of it than a caller needs.

use std::time::{Duration, Instant, SystemTime};

const DAY: u64 = 24 * 60 * 60;

/// Milliseconds since 1970.
pub(crate) fn wall_millis() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since 1970.
pub(crate) fn wall_seconds() -> u64 {
    wall_millis() / 1000
}

/// Notices when the wall clock does not go on as a steady one does.
#[derive(Debug)]
pub(crate) struct Pendulum {
    wall: u64,
    steady: Instant,
}

/// By how much the two may differ: milliseconds.
const SLACK: u64 = 60_000;

impl Pendulum {
    /// From now on.
    pub(crate) fn new() -> Self {
        Self { wall: wall_millis(), steady: Instant::now() }
    }

    /// By how many seconds the wall clock has jumped since the last call, if it has.
    pub(crate) fn jumped(&mut self) -> Option<i64> {
        let (wall, steady) = (wall_millis(), Instant::now());
        let passed = u64::try_from(steady.saturating_duration_since(self.steady).as_millis()).unwrap_or(u64::MAX);
        let jump = difference(wall, self.wall.saturating_add(passed));
        (self.wall, self.steady) = (wall, steady);
        jump
    }
}

fn difference(wall: u64, expected: u64) -> Option<i64> {
    if wall.abs_diff(expected) <= SLACK {
        return None;
    }
    let seconds = i64::try_from(wall.abs_diff(expected) / 1000).unwrap_or(i64::MAX);
    Some(if wall < expected { -seconds } else { seconds })
}

/// What is odd about the clock when a server starts on files that were last written at `written`.
pub fn oddity(written: SystemTime, now: SystemTime) -> Option<&'static str> {
    const HOUR: Duration = Duration::from_secs(3600);
    const LONG: Duration = Duration::from_secs(60 * DAY);
    match now.duration_since(written) {
        Ok(since) if since > LONG => Some(
            "the data directory was last written more than 60 days ago: if this server ran since, the clock is wrong",
        ),
        Err(ahead) if ahead.duration() > HOUR => {
            Some("the data directory was last written in the future: the clock is wrong")
        }
        _ => None,
    }
}

/// The beginning of the day, for whatever must not tell the hour.
pub(crate) fn today() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(wall_seconds() / DAY * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_noticed_and_a_pace_is_not() {
        assert_eq!(difference(1_000_000, 1_030_000), None);
        assert_eq!(difference(1_000_000, 1_090_000), Some(-90));
        assert_eq!(difference(100_000_000, 1_000_000), Some(99_000));
        assert_eq!(Pendulum::new().jumped(), None);
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(100 * DAY);
        assert_eq!(oddity(written, written + Duration::from_secs(30 * DAY)), None);
        assert!(oddity(written, written + Duration::from_secs(61 * DAY)).is_some());
        assert!(oddity(written, written - Duration::from_secs(2 * 3600)).is_some());
        assert!(oddity(written, written - Duration::from_secs(60)).is_none());
    }
}
