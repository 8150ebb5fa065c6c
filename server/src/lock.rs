//! Mutexes that outlive a thread which died while it held one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex; what another thread left when it died is still whole, because no update here can stop halfway.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
