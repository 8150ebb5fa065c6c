//! Whole roads through the real programs and engines: what people do with one another, told from their side.

mod again;
mod away;
mod demos;
mod dossier;
mod foreign_text;
mod handover;
mod healing;
mod offline;
mod policies;
mod sealed_intake;
mod shelf;
mod turning;
mod whole_case;
mod words_first;
