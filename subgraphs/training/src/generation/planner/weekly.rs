//! How many sets of the week each muscle group is still owed.
//!
//! The aim by experience follows the dose-response of Schoenfeld, Ogborn and Krieger (2017): from about ten hard sets a
//! week a muscle group grows most, and beginners need fewer.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::{
    exercise::catalogue::Catalogue,
    generation::{
        ExperienceLevel, GenerationSettings,
        planner::{Trains, Wishes, selection::weight, sets},
    },
};

const WEEK: TimeDelta = TimeDelta::days(7);
/// What a set counts for a muscle group that only helps.
const HELPING: f64 = 0.5;
/// More hard sets than this for a muscle group in one workout do little.
const SETS_A_DAY: i32 = 5;
/// A muscle group is behind when more than half of its sets are missing.
const BEHIND: f64 = 0.5;

/// The sets done in the last seven days, and how many they should be.
#[derive(Debug, Clone)]
pub(super) struct Owed {
    done: BTreeMap<String, f64>,
    /// For a muscle group that deserves most.
    aim: f64,
}

impl Owed {
    pub(super) fn of(catalogue: &Catalogue, wishes: &Wishes<'_>) -> Self {
        let mut done = BTreeMap::new();
        let since = wishes.now - WEEK;
        let this_week = wishes.history.iter();
        for trained in this_week.filter(|trained| trained.started_at > since) {
            let trains = Trains::of(catalogue, wishes.own, trained.exercise_id);
            for (slug, share) in trains.iter().flat_map(|trains| trains.shares(HELPING)) {
                *done.entry(slug.to_owned()).or_default() += sets(trained) * share;
            }
        }
        Self {
            done,
            aim: aim(wishes.settings),
        }
    }

    /// The part of the week's sets that a muscle group still lacks: 1 when it has none yet, 0 when it has them all.
    pub(super) fn share(&self, slug: &str) -> f64 {
        let done = self.done.get(slug).copied().unwrap_or_default();
        (1.0 - done / (self.aim * weight(slug))).clamp(0.0, 1.0)
    }

    /// Whether a muscle group lacks most of its sets in a week that was trained in.
    pub(super) fn is_behind(&self, slug: &str) -> bool {
        !self.done.is_empty() && self.share(slug) > BEHIND
    }
}

/// Sets a week for a muscle group that deserves most; fewer days hold fewer.
fn aim(settings: &GenerationSettings) -> f64 {
    let wanted = match settings.experience_level {
        ExperienceLevel::Beginner => 8,
        ExperienceLevel::Intermediate => 12,
        ExperienceLevel::Advanced => 16,
    };
    f64::from(wanted.min(SETS_A_DAY * i32::from(settings.days_per_week)))
}
