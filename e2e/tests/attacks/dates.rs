//! Entries with false dates: what is dated ahead or back changes no deadline, for anybody, then or later.

#![expect(clippy::unwrap_used, reason = "tests")]

use anyhow::Result;
use subrosa_casework::{
    case::{ClockName, Event, MessageKind, State},
    journal::Moment,
    role::RoleName,
};
use subrosa_e2e::{
    programme::{Programme, new_source},
    whole_case::{Stage, form},
};
use subrosa_engine::officer::notice;

use crate::insiders::{next_place, note, push};

/// One entry from the future closes nothing: it does not count, now or when its time has come.
#[tokio::test]
async fn an_entry_from_the_future_closes_nothing() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let before = p.case(2).await?;
    let (at, key) = next_place(&mut p, 2).await?;
    let late = p.now + 400 * 86_400;
    push(&p, 2, &at, &key, RoleName::Investigator, late, note("x")).await?;
    for n in 0..2 {
        let read = p.case(n).await?;
        assert_eq!(read.case(), before.case());
        assert_eq!(read.passed_over().last().unwrap().fault.code(), "from-the-future");
    }
    let written = p.event(1, RoleName::Triager, note("y")).await?;
    assert!(written.case().last_at() <= p.now + 600);
    // A year later it is what it was.
    p.now += 401 * 86_400;
    let later = p.event(0, RoleName::Triager, note("z")).await?;
    let passed: Vec<_> = later.passed_over().iter().map(|p| p.fault.code()).collect();
    assert_eq!(passed, ["from-the-future"]);
    Ok(())
}

/// An entry that is dated later than it was written makes nothing late that a colleague does after it in time.
#[tokio::test]
async fn an_entry_dated_later_than_it_was_written_changes_no_deadline() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let due = p.case(0).await?.case().due(ClockName::Acknowledge, &Default::default()).unwrap();
    p.now = due - 3_600;
    let (at, key) = next_place(&mut p, 2).await?;
    push(&p, 2, &at, &key, RoleName::Investigator, due + 10 * 3_600, note("x")).await?;
    p.now += 60;
    let hello = notice(State::Received, "Your tip has arrived.", None);
    p.reply(0, RoleName::Triager, MessageKind::Acknowledgement, &hello).await?;
    let done = p.now;
    for days in [0, 1, 30] {
        p.now = done + days * 86_400;
        for n in 0..3 {
            let read = p.case(n).await?;
            assert_eq!(read.case().acknowledged(), Some(done), "{days} days later");
            assert!(read.case().breaches().is_empty(), "{days} days later");
            assert_eq!(read.odd_date(at.seq), Some(due + 10 * 3_600), "its date is marked");
        }
    }
    Ok(())
}

/// An entry that is dated earlier than its epoch makes nothing timely that was done too late.
#[tokio::test]
async fn an_entry_dated_earlier_than_its_epoch_changes_no_deadline() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let due = p.case(0).await?.case().due(ClockName::Acknowledge, &Default::default()).unwrap();
    // Two colleagues write three hours before the deadline; the charter's epochs are a second long.
    p.now = due - 3 * 3_600;
    p.event(0, RoleName::Triager, note("a")).await?;
    let named = p.event(1, RoleName::Triager, note("b")).await?.events().last().unwrap().closed;
    assert!(named > 0, "an entry names the newest closed epoch");
    // An hour after it the third acknowledges, and dates that back by three hours.
    p.now = due + 3_600;
    let (at, key) = next_place(&mut p, 2).await?;
    let early = Moment { now: due - 2 * 3_600, closed: named + 4 * 3_600 };
    let hello = Event::message_sent(MessageKind::Acknowledgement, b"It has arrived.".to_vec(), true);
    push(&p, 2, &at, &key, RoleName::Investigator, early, hello).await?;
    for days in [0, 1, 30] {
        p.now = due + 3_600 + days * 86_400;
        for n in 0..3 {
            let read = p.case(n).await?;
            assert!(read.passed_over().is_empty());
            assert!(read.case().acknowledged().is_some_and(|at| at > due), "{days} days later");
            assert_eq!(read.case().breaches().len(), 1);
            assert_eq!(read.odd_date(at.seq), Some(early.now));
        }
    }
    Ok(())
}
