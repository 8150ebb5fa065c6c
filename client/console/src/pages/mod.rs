//! The console's rooms: each answers requests with pages made from the snapshot.

pub(super) mod act;
pub(super) mod award;
pub(super) mod case;
pub(super) mod dossier;
pub(super) mod evidence;
pub(super) mod file;
pub(super) mod people;
pub(super) mod queue;
pub(super) mod reading;
pub(super) mod signing;
pub(super) mod thread;
pub(super) mod treasury;
pub(super) mod unlock;
pub(super) mod waiting;
