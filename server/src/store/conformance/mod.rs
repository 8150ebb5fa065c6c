//! What every engine must do, for whoever writes one. Behind the cargo feature `conformance`, so that nothing of it is
//! in a server: it panics where an engine is wrong, and brings a generator of random commands along.
//!
//! Implement [`Ground`] for a place in which your engine can be opened, and call [`store_conformance!`] in a test file;
//! it makes one test of each promise, and one that runs random commands on your engine and on [`Model`].
//!
//! [`store_conformance!`]: crate::store_conformance

mod board;
mod ground;
mod journals;
mod kept;
mod model;
mod random;
pub(crate) mod samples;

pub use board::{
    a_closed_store_refuses, a_parcel_is_stored_whole_and_again_without_effect,
    a_replay_answers_after_discard_and_across_epochs, a_taken_tag_refuses_the_whole_parcel,
    an_epoch_closes_once_and_a_crash_between_halves_loses_nothing, discards_destroy_once,
    expiry_destroys_what_is_older, racing_parcels_share_no_tag,
};
pub use ground::Ground;
pub use journals::{
    a_purged_journal_is_closed_for_ever, appends_are_logged, journals_append_by_compare_and_swap,
    racing_appends_have_one_winner,
};
pub use kept::{
    a_bundle_is_handed_out_once, a_bundle_that_is_refused_stays, blobs_are_idempotent_and_never_come_back,
    long_journals_and_records_come_in_pages, records_charters_and_secrets_stand,
};
pub use model::Model;
pub use random::engine_and_model_agree;

/// Runs one promise's test on threads of its own.
pub fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap().block_on(test);
}

/// How many runs of random commands: the variable `SUBROSA_SOAK_ROUNDS`, or 24.
pub fn rounds() -> u32 {
    std::env::var("SUBROSA_SOAK_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

/// Makes tests of all promises on a [`Ground`](crate::store::conformance::Ground).
#[macro_export]
macro_rules! store_conformance {
    ($ground:ty: $($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                $crate::store::conformance::run($crate::store::conformance::$name::<$ground>());
            }
        )*

        #[test]
        fn it_answers_as_the_model_does() {
            $crate::store::conformance::engine_and_model_agree::<$ground>($crate::store::conformance::rounds());
        }
    };
    ($ground:ty) => {
        $crate::store_conformance!($ground:
            a_parcel_is_stored_whole_and_again_without_effect,
            a_taken_tag_refuses_the_whole_parcel,
            a_replay_answers_after_discard_and_across_epochs,
            racing_parcels_share_no_tag,
            discards_destroy_once,
            expiry_destroys_what_is_older,
            an_epoch_closes_once_and_a_crash_between_halves_loses_nothing,
            blobs_are_idempotent_and_never_come_back,
            a_bundle_is_handed_out_once,
            a_bundle_that_is_refused_stays,
            journals_append_by_compare_and_swap,
            racing_appends_have_one_winner,
            a_purged_journal_is_closed_for_ever,
            appends_are_logged,
            records_charters_and_secrets_stand,
            long_journals_and_records_come_in_pages,
            a_closed_store_refuses,
        );
    };
}

#[cfg(test)]
mod tests {
    use super::{Ground, Model};

    struct Memory(Model);

    impl Ground for Memory {
        type Engine = Model;
        fn new() -> Self {
            Self(Model::new())
        }
        fn open(&self) -> Model {
            self.0.reopen()
        }
    }

    crate::store_conformance!(Memory);
}
