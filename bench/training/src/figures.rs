//! Latencies, and their table.

use std::{fmt, time::Duration};

use hdrhistogram::Histogram;

/// The goal for each query, in milliseconds at p99.
pub(crate) const GOAL_MS: f64 = 20.0;

/// Latencies by name, in the order in which the names came.
#[derive(Default)]
pub(crate) struct Figures(Vec<(String, Histogram<u64>)>);

impl Figures {
    pub(crate) fn note(&mut self, name: &str, took: Duration) -> anyhow::Result<()> {
        let known = self.0.iter().position(|(known, _)| known == name);
        let place = if let Some(place) = known {
            place
        } else {
            // microseconds, up to a minute, to three digits
            let latency = Histogram::new_with_bounds(1, 60_000_000, 3)?;
            self.0.push((name.to_owned(), latency));
            self.0.len() - 1
        };
        let micros = u64::try_from(took.as_micros())?;
        Ok(self.0[place].1.record(micros.max(1))?)
    }

    /// The latency that a share of all requests keeps within, in milliseconds.
    #[expect(
        clippy::cast_precision_loss,
        reason = "latencies are far below 2^52 microseconds"
    )]
    fn quantile_ms(latency: &Histogram<u64>, quantile: f64) -> f64 {
        latency.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// The names that miss the goal.
    pub(crate) fn misses(&self) -> Vec<String> {
        let slow = self
            .0
            .iter()
            .filter(|(_, latency)| Self::quantile_ms(latency, 0.99) >= GOAL_MS);
        slow.map(|(name, _)| name.clone()).collect()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| | requests | p50 ms | p99 ms | max ms |\n|---|--:|--:|--:|--:|"
        )?;
        for (name, latency) in &self.0 {
            let [p50, p99, max] =
                [0.5, 0.99, 1.0].map(|quantile| Self::quantile_ms(latency, quantile));
            writeln!(
                f,
                "| {name} | {} | {p50:.2} | {p99:.2} | {max:.2} |",
                latency.len()
            )?;
        }
        Ok(())
    }
}
