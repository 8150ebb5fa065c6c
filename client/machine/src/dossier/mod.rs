//! The dossier: what an authority gets of a case, in one encrypted file that can be verified without a Subrosa server
//! and without this program.
//!
//! Spec: `docs/spec/dossier.md`. The source's own words and the team's notes stay behind unless an officer says
//! otherwise: writing style identifies people, so a paraphrase leaves the team. What is left out is listed, place by
//! place, and the journal's chain shows that nothing else is missing.

mod archive;
mod error;
mod export;
mod form;
mod make;
mod material;
mod report;
mod sealed;
mod verify;

pub use archive::{ArchiveError, Files, pack, unpack};
pub use error::DossierError;
pub use export::{Wishes, export};
pub use form::{CharterReceipt, FORMAT};
pub use make::make;
pub use material::{Enclosure, Material, READERS_MIN};
pub use sealed::{DOSSIER_MAX, decrypt, encrypt};
pub use verify::{Findings, VerifyError, verify};
