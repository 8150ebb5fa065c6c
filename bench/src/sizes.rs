//! Lengths that the formats fix. That a tip makes these requests and no others is a proof of its own
//! (`e2e/tests/attacks/uniformity.rs`).

use subrosa_crypto::wire::{Bundle, BundleRequest, CapRequest, DepositRequest, DepositResponse, ENVELOPE_LEN};

use crate::table::{Aim, Table};

/// Room for one request's line and headers; ours have fewer.
const HEAD: usize = 400;
/// Parameters, charter, keys, deposit.
const REQUESTS: usize = 4;

pub(crate) fn measure(table: &mut Table) {
    let bodies = DepositRequest::LEN + BundleRequest::LEN;
    let mut line = |name: &str, bytes: usize, aim| table.line(name, "B", bytes as f64, None, aim);
    line("envelope", ENVELOPE_LEN, Aim::None);
    line("deposit, request", DepositRequest::LEN, Aim::None);
    line("deposit, answer", DepositResponse::LEN, Aim::None);
    line("everybody's keys, request", BundleRequest::LEN, Aim::None);
    // Version, count, and a bundle of each.
    line("everybody's keys, answer for six people", 3 + 6 * Bundle::LEN, Aim::None);
    line("everybody's keys, answer for twenty people", 3 + 20 * Bundle::LEN, Aim::None);
    line("one key bundle", Bundle::LEN, Aim::None);
    line("take or discard, request", CapRequest::LEN, Aim::None);
    line(
        "a tip without files, all four requests up (400 B a head)",
        bodies + REQUESTS * HEAD,
        Aim::ValueAtMost(150_000.0),
    );
}
