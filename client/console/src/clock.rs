//! The machine's clock, and points in time as pages write them.

use std::time::SystemTime;

use subrosa_casework::clock::Zone;

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// `2026-11-24 14:05 UTC`
pub(crate) fn time(at: u64) -> String {
    let minutes = at / 60 % 1440;
    format!("{} {:02}:{:02} UTC", day(at), minutes / 60, minutes % 60)
}

/// `2026-11-24`
pub(crate) fn day(at: u64) -> String {
    Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(time(1_795_530_300), "2026-11-24 14:25 UTC");
        assert_eq!(day(1_795_530_300), "2026-11-24");
    }
}
