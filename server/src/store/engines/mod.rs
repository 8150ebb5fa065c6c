//! The engines that this server has: each is a folder here, and one line in the list below. The operator names one with
//! `--engine`.

use std::path::Path;

use super::{Store, StoreError};

/// What an operator can set, whatever the engine.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes that the engine may fill; beyond, writes answer [`StoreError::Full`]. Discards still work.
    pub max_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: u64::MAX }
    }
}

/// An engine that lives in one directory.
pub trait Engine: Store + Sized {
    /// Opens the store in `dir`, or makes one if the directory is empty or missing. Blocks; finishes what a crash
    /// interrupted.
    fn open_in(dir: &Path, limits: Limits) -> Result<Self, StoreError>;

    /// Whether a store was ever finished in `dir`. Changes nothing, also if `dir` is missing.
    ///
    /// # Errors
    /// [`StoreError::Io`] if the directory cannot be looked at.
    fn is_made(dir: &Path) -> Result<bool, StoreError>;

    /// Reads every body, which opening leaves alone. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] says how many are damaged.
    fn read_all(&self) -> Result<Bodies, StoreError>;
}

/// What an engine has read of bodies: envelopes, blobs, entries, records, lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bodies {
    /// How many were read.
    pub count: u64,
    /// How long they are together.
    pub bytes: u64,
}

/// What is to be done with an engine, whichever it is.
pub trait WithEngine {
    /// What comes of it.
    type Output;
    /// Does it with this engine.
    fn with<E: Engine>(self) -> Self::Output;
}

/// No engine has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no storage engine \"{0}\"; this server has: {names}", names = NAMES.join(", "))]
pub struct UnknownEngine(pub String);

macro_rules! engines {
    ($($module:ident: $engine:ident,)*) => {
        $(pub mod $module;)*

        /// The engines' names, the default one first.
        pub const NAMES: &[&str] = &[$(stringify!($module)),*];

        /// Does `task` with the engine that is called `name`.
        pub fn with_engine<T: WithEngine>(name: &str, task: T) -> Result<T::Output, UnknownEngine> {
            match name {
                $(stringify!($module) => Ok(task.with::<$module::$engine>()),)*
                _ => Err(UnknownEngine(name.to_owned())),
            }
        }

        #[cfg(test)]
        mod tests {
            use std::marker::PhantomData;

            use tempfile::TempDir;

            use super::{Engine, Limits};
            use crate::store::conformance::Ground;

            struct Directory<E>(TempDir, PhantomData<E>);

            impl<E: Engine> Ground for Directory<E> {
                type Engine = E;
                fn new() -> Self {
                    Self(TempDir::new().unwrap(), PhantomData)
                }
                fn open(&self) -> E {
                    E::open_in(&self.0.path().join("data"), Limits::default()).unwrap()
                }
            }

            $(mod $module {
                crate::store_conformance!(super::Directory<crate::store::engines::$module::$engine>);
            })*
        }
    };
}

engines! {
    sled: SledStore,
}
