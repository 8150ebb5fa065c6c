//! The ways on which money leaves: each turns released redemptions into what a payer executes.

pub mod pain001;
