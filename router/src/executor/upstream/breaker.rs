//! A circuit breaker.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::config::CircuitBreaker;

/// How long failures are counted together for their share.
const WINDOW: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(crate) struct Breaker {
    name: String,
    settings: CircuitBreaker,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    failures_in_a_row: u32,
    window_since: Instant,
    asked: u32,
    failed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Closed,
    Open {
        until: Instant,
    },
    /// One request is under way that decides.
    Probing,
}

/// A request that may be sent; what is dropped without a result decides nothing.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

/// Nothing is sent for so long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) retry_after: Duration,
}

impl Breaker {
    pub(crate) fn new(name: &str, settings: CircuitBreaker) -> Self {
        Self {
            name: name.to_owned(),
            settings,
            state: Mutex::new(State {
                phase: Phase::Closed,
                failures_in_a_row: 0,
                window_since: Instant::now(),
                asked: 0,
                failed: 0,
            }),
        }
    }

    /// Whether a request would be refused at `now`.
    pub(crate) fn check(&self, now: Instant) -> Result<(), Open> {
        self.refusal(&self.lock(), now).map_or(Ok(()), Err)
    }

    /// Lets a request through at `now`, or not.
    pub(crate) fn admit(&self, now: Instant) -> Result<Trial<'_>, Open> {
        let mut state = self.lock();
        if let Some(refusal) = self.refusal(&state, now) {
            return Err(refusal);
        }
        let is_probe = state.phase != Phase::Closed;
        if is_probe {
            state.phase = Phase::Probing;
        }
        Ok(Trial {
            breaker: self,
            is_probe,
        })
    }

    fn refusal(&self, state: &State, now: Instant) -> Option<Open> {
        let retry_after = match state.phase {
            Phase::Closed => return None,
            Phase::Open { until } if now >= until => return None,
            Phase::Open { until } => until - now,
            Phase::Probing => self.settings.open(),
        };
        Some(Open { retry_after })
    }

    fn record(&self, is_probe: bool, has_failed: bool, now: Instant) {
        let mut state = self.lock();
        if is_probe {
            if has_failed {
                self.open(&mut state, now);
            } else {
                tracing::info!(subgraph.name = self.name, "subgraph answers again");
                self.set_gauge(0.0);
                *state = State {
                    phase: Phase::Closed,
                    failures_in_a_row: 0,
                    window_since: now,
                    asked: 0,
                    failed: 0,
                };
            }
            return;
        }
        if state.phase != Phase::Closed {
            return;
        }
        if now.duration_since(state.window_since) >= WINDOW {
            state.window_since = now;
            state.asked = 0;
            state.failed = 0;
        }
        state.asked += 1;
        if !has_failed {
            state.failures_in_a_row = 0;
            return;
        }
        state.failed += 1;
        state.failures_in_a_row += 1;
        let CircuitBreaker {
            failures,
            failure_ratio,
            min_requests,
            ..
        } = self.settings;
        let share = f64::from(state.failed) / f64::from(state.asked);
        let is_failing = state.failures_in_a_row >= failures
            || (state.asked >= min_requests && share >= failure_ratio);
        if failures > 0 && is_failing {
            self.open(&mut state, now);
        }
    }

    fn open(&self, state: &mut State, now: Instant) {
        if state.phase == Phase::Closed {
            tracing::warn!(
                subgraph.name = self.name,
                "subgraph fails and is left alone for a while"
            );
            let labels = [("subgraph", self.name.clone())];
            metrics::counter!("router_subgraph_circuit_opened_total", &labels).increment(1);
            self.set_gauge(1.0);
        }
        state.phase = Phase::Open {
            until: now + self.settings.open(),
        };
    }

    fn set_gauge(&self, value: f64) {
        let labels = [("subgraph", self.name.clone())];
        metrics::gauge!("router_subgraph_circuit_open", &labels).set(value);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trial<'_> {
    /// Says what came of the request.
    pub(crate) fn end(self, has_failed: bool, now: Instant) {
        self.breaker.record(self.is_probe, has_failed, now);
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        let mut state = self.breaker.lock();
        // a probe that was given up leaves the next one to decide
        if self.is_probe && state.phase == Phase::Probing {
            state.phase = Phase::Open {
                until: Instant::now(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Duration = Duration::from_secs(3);

    fn breaker() -> Breaker {
        Breaker::new(
            "one",
            CircuitBreaker {
                failures: 3,
                failure_ratio: 0.5,
                min_requests: 8,
                open_ms: 3_000,
            },
        )
    }

    fn send(breaker: &Breaker, now: Instant, has_failed: bool) {
        breaker.admit(now).unwrap().end(has_failed, now);
    }

    #[test]
    fn opens_after_failures_in_a_row_and_closes_after_a_good_probe() {
        let (breaker, now) = (breaker(), Instant::now());
        for has_failed in [true, true, false, true, true, true] {
            send(&breaker, now, has_failed);
        }
        let refused = Open { retry_after: OPEN };
        assert_eq!(breaker.check(now), Err(refused));
        assert!(breaker.admit(now).is_err());
        let later = now + OPEN;
        let probe = breaker.admit(later).unwrap();
        // one probe at a time
        assert!(breaker.admit(later).is_err());
        probe.end(true, later);
        assert!(breaker.admit(later).is_err());
        send(&breaker, later + OPEN, false);
        for has_failed in [true, true] {
            send(&breaker, later + OPEN, has_failed);
        }
        assert_eq!(breaker.check(later + OPEN), Ok(()));
    }

    #[test]
    fn opens_when_too_large_a_share_fails() {
        let (breaker, now) = (breaker(), Instant::now());
        for has_failed in [true, false, true, false, true, false, false] {
            send(&breaker, now, has_failed);
        }
        assert_eq!(breaker.check(now), Ok(()));
        send(&breaker, now, true);
        assert!(breaker.check(now).is_err());
    }

    #[test]
    fn what_failed_long_ago_does_not_count() {
        let (breaker, now) = (breaker(), Instant::now());
        for has_failed in [true, false, true, false, true, false, false] {
            send(&breaker, now, has_failed);
        }
        send(&breaker, now + WINDOW, true);
        assert_eq!(breaker.check(now + WINDOW), Ok(()));
    }

    #[test]
    fn a_probe_that_was_given_up_is_made_again() {
        let (breaker, now) = (breaker(), Instant::now());
        for _ in 0..3 {
            send(&breaker, now, true);
        }
        let later = now + OPEN;
        drop(breaker.admit(later).unwrap());
        send(&breaker, later, false);
        assert_eq!(breaker.check(later), Ok(()));
    }

    #[test]
    fn is_off_when_told_so() {
        let settings = CircuitBreaker {
            failures: 0,
            ..CircuitBreaker::default()
        };
        let (breaker, now) = (Breaker::new("one", settings), Instant::now());
        for _ in 0..100 {
            send(&breaker, now, true);
        }
        assert_eq!(breaker.check(now), Ok(()));
    }
}
