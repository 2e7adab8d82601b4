//! How fresh muscle groups are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    exercise::catalogue::Catalogue,
    generation::planner::{Trains, Wishes, sets},
};

/// Muscle groups whose training is felt for three days; the others take two.
const LARGE: [&str; 7] = [
    "chest",
    "upper-back",
    "lats",
    "lower-back",
    "quadriceps",
    "hamstrings",
    "glutes",
];

/// As many hard sets tire a muscle group out.
const TIRING_SETS: f64 = 8.0;
/// What a set counts for a muscle group that only helps.
const HELPING: f64 = 0.4;

/// How tired muscle groups are, from 0 to 1, by slug.
#[derive(Debug, Clone, Default)]
pub(super) struct Recovery {
    fatigue: BTreeMap<String, f64>,
}

impl Recovery {
    /// Each set tires what it trains; the tiredness falls evenly to nothing in two or three days.
    pub(super) fn of(catalogue: &Catalogue, wishes: &Wishes<'_>) -> Self {
        let mut recovery = Self::default();
        for trained in wishes.history {
            let Some(trains) = Trains::of(catalogue, wishes.own, trained.exercise_id) else {
                continue;
            };
            let hours = hours_between(trained.started_at, wishes.now);
            for (slug, share) in trains.shares(HELPING) {
                let left = (1.0 - hours / recovery_hours(slug)).max(0.0);
                let tired = sets(trained) / TIRING_SETS * share * left;
                *recovery.fatigue.entry(slug.to_owned()).or_default() += tired;
            }
        }
        recovery
    }

    /// From 0, worn out, to 1, rested.
    pub(super) fn freshness(&self, slug: &str) -> f64 {
        1.0 - self.fatigue.get(slug).copied().unwrap_or_default().min(1.0)
    }
}

fn recovery_hours(slug: &str) -> f64 {
    if LARGE.contains(&slug) { 72.0 } else { 48.0 }
}

fn hours_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    ((to - from).as_seconds_f64() / 3600.0).max(0.0)
}
