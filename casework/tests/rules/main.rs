//! The rules of casework, from outside: one binary, one module for each theme.

mod desk;
mod road;
