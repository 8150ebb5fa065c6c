//! The officers' console over real HTTP.

mod console_guards;
mod desk;
