//! Subrosa's server: the board, the log, journals and the public pages. It is trusted with availability only: it holds
//! no password, session, address or user agent, and sees ciphertext.
//!
//! Start it from code with [`run::start`], as a process with the program `subrosa-server`. Routes: [`routes`].

mod admission;
mod app;
mod arriving;
mod assets;
mod body;
mod books;
mod chain;
mod clock;
mod closer;
pub mod config;
mod directory;
mod handlers;
mod headers;
mod lock;
mod log_batch;
pub mod metrics;
mod packed;
pub mod padding;
mod policies;
mod random;
mod recent;
mod refusal;
pub mod routes;
pub mod run;
mod sliced;
mod spool;
pub mod store;
mod terms;
mod work;

pub use app::{App, Settings, StartError, log_key, log_key_line};
pub use assets::AssetsError;
pub use clock::oddity as clock_oddity;
pub use directory::{Directory, Holder};
pub use refusal::Refusal;
pub use work::Pricing;
