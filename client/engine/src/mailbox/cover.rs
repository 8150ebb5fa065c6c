//! The cover in a member's own parcels, which that member fetches and has destroyed as letters are.
//!
//! Spec: `docs/spec/delivery.md`, section "Cover".

use std::collections::HashMap;

use subrosa_crypto::{delivery::Drop, wire::Tag};

use super::Identity;
use crate::{
    api::{Api, ApiError},
    board::Circuits,
    transport::Transport,
};

/// Places of cover that are remembered, at most.
const COVER_MAX: usize = 1024;

impl Identity {
    /// Fetches the cover that is listed now, and has it destroyed with the letters after the next save.
    pub(super) async fn fetch_cover<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        listed: &HashMap<Tag, u64>,
    ) -> Result<(), ApiError> {
        let (due, later): (Vec<Drop>, Vec<Drop>) =
            core::mem::take(&mut self.cover).into_iter().partition(|p| listed.contains_key(&p.tag()));
        self.cover = later;
        let mut due = due.into_iter();
        while let Some(place) = due.next() {
            // What lies there says nothing: that it was fetched is all that counts.
            if let Err(e) = api.take(place.capability(), circuits.fresh()).await {
                self.cover.push(place);
                self.cover.extend(due);
                return Err(e);
            }
            self.taken.push(place.capability().clone());
        }
        Ok(())
    }

    /// Notes where cover lies that was deposited just now: the next visit fetches it. Save afterwards.
    pub(crate) fn note_cover(&mut self, places: Vec<Drop>) {
        self.cover.extend(places);
        // What no list has shown by then was dropped or has expired.
        let over = self.cover.len().saturating_sub(COVER_MAX);
        self.cover.drain(..over);
    }
}
