//! The officers' console over real HTTP.

mod connections;
mod console_guards;
mod desk;
