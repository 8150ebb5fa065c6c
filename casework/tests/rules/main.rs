//! The rules of casework, from outside: one binary, one module for each theme.

mod across;
mod books;
mod catalog;
mod clocks;
mod desk;
mod keys;
mod orders;
mod portfolio;
mod quorums;
mod readers;
mod regimes;
mod shown;
mod vectors;
mod whole_case;
mod words;
