//! The source's engine for the browser: the same `subrosa_engine::source` as the program's, behind functions that a
//! page can call.
//!
//! Everything crosses the border as text: JSON, or the person's own words. Errors are JSON too: a code, which the page
//! turns into words in its reader's language, and what belongs into those words. Nothing is stored anywhere; dropping
//! [`Client`] wipes what it held.

mod client;
mod mail;
mod money;
mod page;
mod trouble;
mod upload;

pub use client::Client;
pub use mail::Download;
pub use upload::{Fingerprinting, Upload};
