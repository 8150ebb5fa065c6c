//! Where an engine is tried.

use crate::store::Store;

/// A place where a store can be opened, left and opened again.
pub trait Ground: Sized {
    /// The engine under test.
    type Engine: Store;
    /// An empty place.
    fn new() -> Self;
    /// Opens what is in the place. The store that was opened there before is closed, or was dropped as in a crash.
    fn open(&self) -> Self::Engine;
}
