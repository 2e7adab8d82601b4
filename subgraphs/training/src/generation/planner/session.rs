//! Which part of a training plan today is.

use std::collections::BTreeSet;

use crate::generation::{
    WorkoutPlanType,
    planner::{recovery::Recovery, weekly::Owed, words::Words},
};

/// The muscle groups of today, by slug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) kind: Kind,
    pub(super) muscles: BTreeSet<&'static str>,
}

/// The parts that plans have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    FullBody,
    Upper,
    Lower,
    Push,
    Pull,
    Legs,
    ChestTriceps,
    BackBiceps,
    ShouldersAbs,
    /// What the person asked for.
    Wished,
}

impl Kind {
    fn mean(self, of: impl Fn(&str) -> f64) -> f64 {
        let muscles = self.muscles();
        let count = f64::from(u32::try_from(muscles.len()).unwrap_or(u32::MAX));
        muscles.iter().map(|slug| of(slug)).sum::<f64>() / count
    }

    fn muscles(self) -> &'static [&'static str] {
        match self {
            Self::FullBody | Self::Wished => &[
                "quadriceps",
                "hamstrings",
                "glutes",
                "chest",
                "upper-back",
                "lats",
                "front-delts",
                "side-delts",
                "rear-delts",
                "biceps",
                "triceps",
                "abs",
                "obliques",
                "calves",
                "lower-back",
                "traps",
                "adductors",
                "abductors",
                "forearms",
            ],
            Self::Upper => &[
                "chest",
                "upper-back",
                "lats",
                "front-delts",
                "side-delts",
                "rear-delts",
                "traps",
                "biceps",
                "triceps",
                "forearms",
            ],
            Self::Lower => &[
                "quadriceps",
                "hamstrings",
                "glutes",
                "adductors",
                "abductors",
                "calves",
                "lower-back",
                "abs",
                "obliques",
            ],
            Self::Push => &["chest", "front-delts", "side-delts", "triceps"],
            Self::Pull => &[
                "upper-back",
                "lats",
                "rear-delts",
                "traps",
                "biceps",
                "forearms",
            ],
            Self::Legs => &[
                "quadriceps",
                "hamstrings",
                "glutes",
                "adductors",
                "abductors",
                "calves",
                "abs",
            ],
            Self::ChestTriceps => &["chest", "triceps", "front-delts"],
            Self::BackBiceps => &["upper-back", "lats", "biceps", "rear-delts", "forearms"],
            Self::ShouldersAbs => &[
                "front-delts",
                "side-delts",
                "rear-delts",
                "traps",
                "abs",
                "obliques",
            ],
        }
    }
}

/// Parts that differ by less are equally rested.
const EQUAL: f64 = 0.01;

impl Session {
    /// Today's muscle groups: those that the person asks for, else the part of the plan that is most rested; of equals
    /// the one that the week owes most sets, then the first.
    pub(super) fn choose(
        plan: WorkoutPlanType,
        words: &Words,
        recovery: &Recovery,
        owed: &Owed,
    ) -> Self {
        if !words.focus.is_empty() {
            return Self {
                kind: Kind::Wished,
                muscles: words.focus.clone(),
            };
        }
        let parts: &[Kind] = match plan {
            WorkoutPlanType::FullBody => &[Kind::FullBody],
            WorkoutPlanType::UpperLower => &[Kind::Upper, Kind::Lower],
            WorkoutPlanType::PushPullLegs => &[Kind::Push, Kind::Pull, Kind::Legs],
            WorkoutPlanType::Split => &[
                Kind::ChestTriceps,
                Kind::BackBiceps,
                Kind::Legs,
                Kind::ShouldersAbs,
            ],
        };
        let rest = |kind: Kind| kind.mean(|slug| recovery.freshness(slug));
        let lack = |kind: Kind| kind.mean(|slug| owed.share(slug));
        let mut kind = parts[0];
        for part in parts.iter().copied() {
            let more = rest(part) - rest(kind);
            if more > EQUAL || (more > -EQUAL && lack(part) > lack(kind) + EQUAL) {
                kind = part;
            }
        }
        Self::of(kind)
    }

    /// Every muscle group there is.
    pub(super) fn everything() -> Self {
        Self::of(Kind::FullBody)
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind,
            muscles: kind.muscles().iter().copied().collect(),
        }
    }
}
