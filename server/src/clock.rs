//! The wall clock, and no more of it than a caller needs.

use std::time::{Duration, SystemTime};

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

/// The beginning of the day, for whatever must not tell the hour.
pub(crate) fn today() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(wall_seconds() / DAY * DAY)
}
