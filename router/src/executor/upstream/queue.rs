//! No more requests to a subgraph at a time than it may get; few wait for their turn.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};

#[derive(Debug)]
pub(crate) struct Queue {
    places: Semaphore,
    waiting: AtomicUsize,
    max_waiting: usize,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Queue {
    pub(crate) fn new(places: usize, max_waiting: usize) -> Self {
        Self {
            places: Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS)),
            waiting: AtomicUsize::new(0),
            max_waiting,
        }
    }

    /// Waits for a place, which is given back when dropped.
    pub(crate) async fn enter(&self) -> Result<SemaphorePermit<'_>, Full> {
        if let Ok(place) = self.places.try_acquire() {
            return Ok(place);
        }
        let _waiting = Waiting::begin(self)?;
        // it is never closed
        self.places.acquire().await.map_err(|_| Full)
    }
}

/// Counts among those who wait until dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn begin(queue: &'a Queue) -> Result<Self, Full> {
        let waiting = Self(&queue.waiting);
        if queue.waiting.fetch_add(1, Ordering::AcqRel) >= queue.max_waiting {
            return Err(Full);
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn few_wait_and_further_ones_are_refused() {
        let queue = Queue::new(1, 1);
        let first = queue.enter().await.unwrap();
        let mut second = Box::pin(queue.enter());
        assert!(second.as_mut().now_or_never().is_none());
        assert_eq!(queue.enter().await.unwrap_err(), Full);
        drop(first);
        let second = second.await.unwrap();
        let mut third = Box::pin(queue.enter());
        assert!(third.as_mut().now_or_never().is_none());
        drop(third);
        drop(second);
        drop(queue.enter().await.unwrap());
    }
}
