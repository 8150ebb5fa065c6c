//! Whoever wants nothing but to stop the line: against the real program, over real sockets.
//!
//! In `make test` each attack is short, and what must hold is that every honest request gets through. `make siege` lets
//! each go on for longer (`SUBROSA_SIEGE_SECONDS`), measures how fast honest people get through before and during it,
//! and holds the rate to nine tenths. Figures are printed.
#![expect(clippy::indexing_slicing, clippy::print_stdout, reason = "tests, and their figures are printed")]

mod answers;
mod bodies;
mod field;
mod heads;
mod sealed;
