//! The officers' console over real HTTP.

mod amounts;
mod connections;
mod console_guards;
mod desk;
mod log_first;
mod shown;
mod words;
