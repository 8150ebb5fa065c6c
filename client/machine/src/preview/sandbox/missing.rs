//! What the sandbox lacks.

use thiserror::Error;

/// The sandbox is not whole. The text is for the developer; the person is told that this machine cannot do it.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct NoSandbox(pub(super) String);

pub(super) fn not(what: &str) -> impl Fn(String) -> NoSandbox {
    let what = what.to_owned();
    move |e| NoSandbox(format!("{what}: {e}"))
}
