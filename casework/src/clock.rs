//! Legal deadlines: calendar arithmetic in a programme's own zone, to the last second of the last day.
//!
//! Spec: `docs/spec/case.md`, section "Clocks". A period in days or months starts the day after the event and ends with
//! the last second of its last day; a month that lacks the date ends on its own last day (Regulation (EEC, Euratom) No
//! 1182/71, article 3). Weekends and holidays are not added: the earlier date is the safer promise.

use core::fmt;

use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// A date of the proleptic Gregorian calendar, between the years 1 and 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// Whether `year` has a 29 February.
pub fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days in a month; zero for a month that does not exist.
pub fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

impl Date {
    /// The date, if it exists.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let real = (1..=9999).contains(&year) && day >= 1 && day <= days_in_month(year, month);
        real.then_some(Self { year, month, day })
    }

    /// Reads `2026-11-30`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || y.len() != 4 || m.len() != 2 || d.len() != 2 || ![y, m, d].into_iter().all(digits)
        {
            return None;
        }
        Self::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let before = |y: i64| y * 365 + y / 4 - y / 100 + y / 400;
        let mut n = before(i64::from(self.year) - 1) - before(1969);
        for month in 1..self.month {
            n += i64::from(days_in_month(self.year, month));
        }
        n + i64::from(self.day) - 1
    }

    /// The date that is `days` after 1970-01-01; `None` outside the years 1 to 9999.
    pub fn from_days(days: i64) -> Option<Self> {
        let first = Self { year: 1, month: 1, day: 1 }.days();
        // 400 Gregorian years are 146,097 days, so the estimate is at most one year off.
        let guess = days.checked_sub(first)?.checked_mul(400)?.div_euclid(146_097).checked_add(1)?;
        for year in [guess + 1, guess, guess - 1] {
            let Ok(year) = u16::try_from(year) else { continue };
            let Some(start) = Self::new(year, 1, 1) else { continue };
            let mut rest = days - start.days();
            if rest < 0 {
                continue;
            }
            for month in 1..=12 {
                let length = i64::from(days_in_month(year, month));
                if rest < length {
                    return Self::new(year, month, u8::try_from(rest + 1).ok()?);
                }
                rest -= length;
            }
        }
        None
    }

    /// The same date `months` later; a month that lacks it gives its last day.
    pub fn add_months(self, months: u32) -> Option<Self> {
        let count = u32::from(self.year) * 12 + u32::from(self.month) - 1;
        let count = count.checked_add(months)?;
        let year = u16::try_from(count / 12).ok()?;
        let month = u8::try_from(count % 12 + 1).ok()?;
        Self::new(year, month, self.day.min(days_in_month(year, month)))
    }

    /// The date `days` later.
    pub fn add_days(self, days: u32) -> Option<Self> {
        Self::from_days(self.days() + i64::from(days))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected a date such as 2026-11-30"))
    }
}

/// A programme's zone as a fixed distance from UTC, in minutes east. A programme in a zone with summer time states its
/// winter distance: a deadline then ends an hour early in summer where it differs, never late.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(pub i16);

impl Zone {
    /// The local date at `at` (unix seconds).
    pub fn date(self, at: u64) -> Option<Date> {
        let local = i64::try_from(at).ok()?.checked_add(i64::from(self.0) * 60)?;
        Date::from_days(local.div_euclid(DAY))
    }

    /// The last second of the local `date`, in unix seconds.
    pub fn end_of(self, date: Date) -> Option<u64> {
        let end = (date.days() + 1) * DAY - 1 - i64::from(self.0) * 60;
        u64::try_from(end).ok()
    }

    /// The end of a period of `days` after `at`.
    pub fn after_days(self, at: u64, days: u32) -> Option<u64> {
        self.end_of(self.date(at)?.add_days(days)?)
    }

    /// The end of a period of `months` after `at`.
    pub fn after_months(self, at: u64, months: u32) -> Option<u64> {
        self.end_of(self.date(at)?.add_months(months)?)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn d(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn months_end_on_their_own_last_day() {
        assert_eq!(d("2026-08-31").add_months(3), Some(d("2026-11-30")));
        assert_eq!(d("2027-11-30").add_months(3), Some(d("2028-02-29")));
        assert_eq!(d("2026-11-30").add_months(3), Some(d("2027-02-28")));
        assert_eq!(d("2028-02-29").add_months(12), Some(d("2029-02-28")));
        assert_eq!(d("2026-12-31").add_months(6), Some(d("2027-06-30")));
        assert_eq!(d("9999-12-01").add_months(1), None);
    }

    #[test]
    fn days_and_dates_are_inverse() {
        assert_eq!(d("1970-01-01").days(), 0);
        assert_eq!(d("2000-03-01").days(), 11_017);
        assert_eq!(d("2026-10-01").add_days(180), Some(d("2027-03-30")));
        let mut last = None;
        for n in d("0001-01-01").days()..=d("9999-12-31").days() {
            let date = Date::from_days(n).unwrap();
            assert_eq!(date.days(), n);
            assert!(last < Some(date));
            last = Some(date);
        }
        assert_eq!(Date::from_days(d("9999-12-31").days() + 1), None);
        assert_eq!(Date::from_days(i64::MIN), None);
        assert_eq!(Date::from_days(i64::MAX), None);
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-01-", "+026-01-01", ""]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_zone_moves_the_day() {
        // 2026-08-31 22:30 UTC is already 1 September in Brussels.
        let at = u64::try_from(d("2026-08-31").days() * DAY + 22 * 3600 + 1800).unwrap();
        assert_eq!(Zone(0).date(at), Some(d("2026-08-31")));
        assert_eq!(Zone(120).date(at), Some(d("2026-09-01")));
        assert_eq!(Zone(0).after_months(at, 3), Zone(0).end_of(d("2026-11-30")));
        assert_eq!(Zone(120).after_months(at, 3), Zone(120).end_of(d("2026-12-01")));
        let end = Zone(0).end_of(d("2026-11-30")).unwrap();
        assert_eq!(Zone(0).date(end), Some(d("2026-11-30")));
        assert_eq!(Zone(0).date(end + 1), Some(d("2026-12-01")));
        assert_eq!(Zone(-300).date(0), Some(d("1969-12-31")));
    }
}
