//! The public suite for storage engines, run from outside the crate on an engine that is not in it: the store in memory
//! on which the other tests of the server stand.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use subrosa_server::{store::conformance::Ground, store_conformance};
use support::memory::Memory;

/// What stays when the store is left: the memory behind it.
struct Shared(Memory);

impl Ground for Shared {
    type Engine = Memory;

    fn new() -> Self {
        Self(Memory::default())
    }

    fn open(&self) -> Memory {
        self.0.state().closed = false;
        self.0.clone()
    }
}

store_conformance!(Shared);
