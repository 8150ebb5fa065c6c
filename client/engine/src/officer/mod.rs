//! The case officer: opens tips and replies, keeps the case journal with colleagues, writes to the source, hands award
//! orders to the administrators.
//!
//! What is written to disk before what is said, and what is destroyed after: [`visit`].

mod acts;
mod award;
mod collect;
mod content;
mod context;
mod desk;
mod draft;
mod error;
mod handover;
mod heads;
mod journal;
pub mod leak;
mod news;
mod plan;
mod send;
mod shelf;
mod views;
mod visit;
mod waiting;
mod words;

pub(crate) use self::heads::Leaves;
pub use self::{
    acts::Letter,
    collect::Filed,
    content::{claim_statement, files_of},
    context::DeskContext,
    desk::{Desk, DeskCase},
    draft::{colleagues, outside},
    error::OfficerError,
    journal::{JournalAccessKeys, JournalError},
    news::{news_for_source, notice},
    plan::{Between, Delivered, Outcome, Plan, Planned, Refused, Waiting},
    shelf::Shelf,
    visit::{Known, Visit, Watcher, deliver, read, visit},
};
