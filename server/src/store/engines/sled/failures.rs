//! What went wrong, in the words for the operator.

use crate::store::StoreError;

/// The directory is damaged: says so, and what to do.
pub(super) fn damaged(what: &str) -> StoreError {
    StoreError::Corrupt(format!(
        "{what}. Restore a backup, or point the server at an empty directory; nothing was deleted"
    ))
}

/// The system refused something that was being done.
pub(super) fn io(doing: &str, e: std::io::Error) -> StoreError {
    StoreError::Io(format!("{doing}: {e}"))
}

/// The index's own engine refused something.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(super) fn sled_failed(e: sled::Error) -> StoreError {
    StoreError::Io(format!("the index: {e}"))
}
