//! Token buckets, one for each key, of which only so many are kept.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use quick_cache::sync::Cache;

use crate::config::Rate;

/// Keys that are kept: those that were asked for least go first, and begin with a full bucket when
/// they come back.
const KEYS: usize = 100_000;

const MINUTE_NANOS: u64 = 60_000_000_000;

/// Buckets that fill at one rate.
pub(super) struct Buckets<K> {
    /// How long one unit takes to come back, in nanoseconds.
    unit: u64,
    /// How long an empty bucket takes to be full, in nanoseconds.
    full: u64,
    started: Instant,
    /// For each key, when its bucket is full again, in nanoseconds since the start.
    full_at: Cache<K, Arc<AtomicU64>>,
}

impl<K: Clone + Eq + Hash> Buckets<K> {
    pub(super) fn new(rate: Rate) -> Self {
        let unit = MINUTE_NANOS / u64::from(rate.per_minute.max(1));
        Self {
            unit,
            full: unit.saturating_mul(u64::from(rate.burst.max(1))),
            started: Instant::now(),
            full_at: Cache::new(KEYS),
        }
    }

    /// Takes `units` from the bucket of `key` at `now`, or none and says how long to wait for them.
    pub(super) fn take(&self, key: &K, units: usize, now: Instant) -> Result<(), Duration> {
        let nanos = now.saturating_duration_since(self.started).as_nanos();
        let now = u64::try_from(nanos).unwrap_or(u64::MAX);
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        let needed = self.unit.saturating_mul(units);
        let full_at = self.full_at.get(key).unwrap_or_else(|| {
            let new = || Ok::<_, std::convert::Infallible>(Arc::default());
            let Ok(full_at) = self.full_at.get_or_insert_with(key, new);
            full_at
        });
        let take = |full_at: u64| {
            let taken = full_at.max(now).saturating_add(needed);
            (taken - now <= self.full).then_some(taken)
        };
        match full_at.try_update(Ordering::AcqRel, Ordering::Acquire, take) {
            Ok(_) => Ok(()),
            Err(full_at) => {
                let taken = full_at.max(now).saturating_add(needed);
                Err(Duration::from_nanos(taken - now - self.full))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_burst_and_then_what_comes_back() {
        let buckets = Buckets::new(Rate {
            per_minute: 60,
            burst: 5,
        });
        let now = Instant::now();
        assert_eq!(buckets.take(&"a", 5, now), Ok(()));
        let second = Duration::from_secs(1);
        let wait = buckets.take(&"a", 1, now).unwrap_err();
        assert!(wait <= second && wait > second / 2, "{wait:?}");
        assert_eq!(buckets.take(&"b", 3, now), Ok(()));
        assert_eq!(buckets.take(&"a", 1, now + second), Ok(()));
        assert!(buckets.take(&"a", 1, now + second).is_err());
        assert_eq!(buckets.take(&"a", 5, now + 10 * second), Ok(()));
    }

    #[test]
    fn takes_nothing_when_it_refuses() {
        let buckets = Buckets::new(Rate {
            per_minute: 60,
            burst: 5,
        });
        let now = Instant::now();
        assert!(buckets.take(&"a", 50, now).is_err());
        assert_eq!(buckets.take(&"a", 5, now), Ok(()));
    }

    #[test]
    fn keeps_no_more_than_so_many_keys() {
        let buckets = Buckets::new(Rate {
            per_minute: 60,
            burst: 5,
        });
        let now = Instant::now();
        for key in 0..2 * KEYS {
            assert_eq!(buckets.take(&key, 1, now), Ok(()));
        }
        assert!(buckets.full_at.len() <= KEYS);
    }
}
