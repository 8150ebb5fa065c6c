//! The console's rooms: each answers requests with pages made from the snapshot.

#![expect(clippy::result_large_err, reason = "what is not found is answered with a page, once in a request")]

pub(crate) mod act;
pub(crate) mod award;
pub(crate) mod bulk;
pub(crate) mod checks;
pub(crate) mod dossier;
pub(crate) mod evidence;
pub(crate) mod file;
mod filter;
mod head;
pub(crate) mod journal;
pub(crate) mod numbers;
pub(crate) mod overview;
mod parts;
pub(crate) mod people;
mod proposal;
pub(crate) mod queue;
pub(crate) mod reading;
pub(crate) mod search;
pub(crate) mod signing;
pub(crate) mod thread;
pub(crate) mod treasury;
pub(crate) mod unlock;
pub(crate) mod waiting;
