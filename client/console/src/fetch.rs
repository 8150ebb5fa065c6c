//! Visits to the server while the desk is open: one at a time, beside the requests, with progress for every page.

use std::sync::Arc;

use actix_web::{rt, web::Data};
use subrosa_templates::key;

use crate::{
    clock::now,
    console::Console,
    office::{News, Recalled},
    progress::{Progress, step_key},
    trouble::Trouble,
};

/// Begins a visit to the server: charter, keys on offer, the board, the journals, the outbox. One at a time.
pub(crate) fn fetch(console: &Data<Console>) {
    if console.with_progress(|p| p.running()) {
        return;
    }
    let own = console.clone();
    let task = rt::spawn(async move {
        let outcome = match own.view().is_some_and(|v| v.treasurer.is_some()) {
            true => visit_as_administrator(&own).await,
            false => visit_as_officer(&own).await,
        };
        own.with_progress(|p| p.ended(outcome.err().map(|e| Trouble::from(&e))));
    });
    console.with_progress(|p| *p = Progress::begun(task.abort_handle()));
}

async fn visit_as_administrator(console: &Console) -> anyhow::Result<()> {
    let mut guard = console.treasurer.lock().await;
    let Some(treasurer) = guard.as_mut() else { return Ok(()) };
    let at = |step| console.with_progress(|p| p.at(step, 0, 0));
    let (snapshot, troubles) = treasurer.visit(&console.settings, at).await?;
    console.change_view(|v| {
        v.treasurer = Some(Arc::new(snapshot));
        v.troubles = troubles;
        v.fetched = Some(now());
    });
    Ok(())
}

async fn visit_as_officer(console: &Console) -> anyhow::Result<()> {
    let mut guard = console.office.lock().await;
    let Some(office) = guard.as_mut() else { return Ok(()) };
    console.with_progress(|p| p.at(key!("fetch-charter"), 0, 0));
    let known = match office.charter(&console.settings).await {
        Ok(known) => known,
        Err(e) => {
            if office.known.is_none()
                && let Some(recalled) = office.recall(&console.settings)
            {
                show_recalled(console, recalled);
            }
            return Err(e);
        }
    };
    console.change_view(|v| {
        v.recalled = false;
        v.me.roles = known.directory.roles_of(v.me.holder).to_vec();
        v.known = Some(known.clone());
    });
    let visited = office.visit(&known, |news| show(console, news)).await;
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| v.waiting = waiting);
    office.save()?;
    office.keep_index()?;
    visited?;
    console.change_view(|v| v.fetched = Some(now()));
    Ok(())
}

/// Shows what a visit has brought so far, for as long as it still goes on.
fn show(console: &Console, news: News) {
    match news {
        News::Step(step, done, of) => console.with_progress(|p| p.at(step_key(step), done, of)),
        News::Troubles(troubles) => console.change_view(|v| v.troubles = troubles),
        News::Delivered { settled, waiting } => console.change_view(|v| {
            v.settled.extend(settled);
            v.waiting = waiting;
        }),
        News::Case(id, case) => console.change_view(|v| {
            v.cases.insert(id, *case);
        }),
    }
}

/// What the last visits left here, while the server cannot be reached.
fn show_recalled(console: &Console, Recalled { known, cases }: Recalled) {
    console.change_view(|v| {
        v.me.roles = known.directory.roles_of(v.me.holder).to_vec();
        v.known = Some(known);
        v.recalled = true;
        v.cases.extend(cases);
    });
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::Duration;

    use subrosa_crypto::{
        charter::RootKey,
        sign::{HolderId, VerifyingKey},
    };
    use subrosa_engine::session::Step;

    use super::*;
    use crate::{
        settings::Settings,
        snapshot::{CaseView, Me, View},
    };

    #[test]
    fn what_a_visit_brings_is_shown_while_it_still_goes_on() {
        let settings = Settings {
            keystore: "anna.key".into(),
            server: "http://127.0.0.1:1".into(),
            proxy: None,
            root: RootKey(VerifyingKey([1; 32])),
            idle: Duration::from_secs(600),
        };
        let console = Console::new(settings, "127.0.0.1:2".into());
        console.show(Some(View::of(Me { name: "Anna".into(), holder: HolderId([7; 16]), roles: Vec::new() })));
        show(&console, News::Step(Step::Reading, 1, 3));
        show(&console, News::Troubles(vec![Trouble::own(key!("error-locked"))]));
        show(&console, News::Case([5; 32], Box::new(CaseView::unread(true, false, None))));
        let view = console.view().unwrap();
        assert_eq!((view.troubles.len(), view.cases.len(), view.fetched), (1, 1, None));
        assert_eq!(console.with_progress(|p| (p.step, p.done, p.of)), ("fetch-cases", 1, 3));
        // The visit ends in an error: what it told stays.
        console.with_progress(|p| p.ended(Some(Trouble::own(key!("error-locked")))));
        let view = console.view().unwrap();
        assert_eq!((view.troubles.len(), view.cases.len()), (1, 1));
    }
}
