//! An administrator's deed, done, and shown as it stands then.

use std::sync::Arc;

use subrosa_templates::key;

use crate::{
    console::Console,
    treasurer::{Deed, Outcome},
    trouble::Trouble,
};

/// Does it, saves, and shows what is so now.
pub(crate) async fn run(console: &Console, deed: &Deed) -> Result<Outcome, Trouble> {
    let mut guard = console.treasurer.lock().await;
    let treasurer = guard.as_mut().ok_or_else(|| Trouble::own(key!("error-locked")))?;
    let outcome = treasurer.carry_out(deed).await;
    if let Ok(snapshot) = treasurer.snapshot().await {
        console.change_view(|v| v.treasurer = Some(Arc::new(snapshot)));
    }
    outcome
}
