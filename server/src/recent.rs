//! A bounded cache of immutable bytes: closed lists and log tiles, so that serving them costs no more than sending
//! them.

use std::{collections::BTreeMap, sync::Mutex};

use bytes::Bytes;

use crate::lock::locked;

/// Keeps what was used last, up to a number of bytes. Values are shared, not copied.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    limit: usize,
    kept: Mutex<Kept<K, V>>,
}

/// What knows its size in bytes.
pub(crate) trait Weigh {
    fn size(&self) -> usize;
}

impl Weigh for Bytes {
    fn size(&self) -> usize {
        self.len()
    }
}

impl Weigh for (Bytes, Bytes) {
    fn size(&self) -> usize {
        self.0.len().saturating_add(self.1.len())
    }
}

#[derive(Debug)]
struct Kept<K, V> {
    values: BTreeMap<K, (u64, V)>,
    by_use: BTreeMap<u64, K>,
    uses: u64,
    bytes: usize,
}

impl<K: Ord + Copy, V: Weigh + Clone> Recent<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, kept: Mutex::new(Kept { values: BTreeMap::new(), by_use: BTreeMap::new(), uses: 0, bytes: 0 }) }
    }

    pub(crate) fn get(&self, key: K) -> Option<V> {
        let mut guard = locked(&self.kept);
        let kept = &mut *guard;
        let (used, value) = kept.values.get_mut(&key)?;
        kept.uses += 1;
        kept.by_use.remove(used);
        kept.by_use.insert(kept.uses, key);
        *used = kept.uses;
        Some(value.clone())
    }

    pub(crate) fn put(&self, key: K, value: V) {
        let mut guard = locked(&self.kept);
        let kept = &mut *guard;
        kept.uses += 1;
        kept.bytes = kept.bytes.saturating_add(value.size());
        kept.by_use.insert(kept.uses, key);
        if let Some((used, old)) = kept.values.insert(key, (kept.uses, value)) {
            kept.by_use.remove(&used);
            kept.bytes = kept.bytes.saturating_sub(old.size());
        }
        while kept.bytes > self.limit && kept.values.len() > 1 {
            let Some((_, oldest)) = kept.by_use.pop_first() else { break };
            if let Some((_, gone)) = kept.values.remove(&oldest) {
                kept.bytes = kept.bytes.saturating_sub(gone.size());
            }
        }
    }

    /// Forgets everything whose key is smaller.
    pub(crate) fn forget_before(&self, key: K) {
        let mut guard = locked(&self.kept);
        let kept = &mut *guard;
        let later = kept.values.split_off(&key);
        for (used, value) in std::mem::replace(&mut kept.values, later).into_values() {
            kept.by_use.remove(&used);
            kept.bytes = kept.bytes.saturating_sub(value.size());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let cache = Recent::new(100);
        for key in 0..50 {
            cache.put(key, (Bytes::from(vec![0; 10]), Bytes::from(vec![0; 20])));
            assert!(cache.get(0).is_some());
        }
        assert!(cache.get(47).is_none() && cache.get(48).is_some() && cache.get(49).is_some());
        assert_eq!(locked(&cache.kept).bytes, 90);
        cache.put(49, (Bytes::new(), Bytes::new()));
        assert_eq!(locked(&cache.kept).bytes, 60);
        cache.forget_before(49);
        assert!(cache.get(48).is_none() && cache.get(49).is_some());
        let kept = locked(&cache.kept);
        assert_eq!((kept.bytes, kept.by_use.len()), (0, 1));
    }
}
