//! Weeks, streaks and days with training.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    exercise::Target,
    ids::{ExerciseId, MuscleGroupId, WorkoutId},
    insight::{Trained, date},
    muscle_group::MuscleGroup,
};

/// What a set counts for a muscle group that helps; it counts 1 for one that does most of the work.
const SECONDARY_SETS: f64 = 0.5;

/// What was trained in a week.
#[derive(Debug, Clone)]
pub(super) struct Week {
    pub(super) monday: NaiveDate,
    pub(super) workouts: BTreeSet<uuid::Uuid>,
    pub(super) sets: i32,
    pub(super) volume_kg: f64,
    /// The muscle groups with most sets first.
    pub(super) muscle_groups: Vec<(MuscleGroup, f64)>,
}

/// The weeks from the one of `first` to the one of `last`, both included, oldest first.
pub(super) fn weeks(
    first: NaiveDate,
    last: NaiveDate,
    trained: &[Trained],
    targets: &HashMap<ExerciseId, Vec<Target>>,
    zone: Tz,
) -> Vec<Week> {
    let mut by_week = BTreeMap::<_, Vec<_>>::new();
    for exercise in trained {
        let monday = date::monday(date::day(exercise.started_at, zone));
        by_week.entry(monday).or_default().push(exercise);
    }
    let mondays = date::monday(first).iter_weeks();
    mondays
        .take_while(|monday| *monday <= last)
        .map(|monday| week(monday, by_week.get(&monday), targets))
        .collect()
}

fn week(
    monday: NaiveDate,
    trained: Option<&Vec<&Trained>>,
    targets: &HashMap<ExerciseId, Vec<Target>>,
) -> Week {
    let trained = trained.map_or(&[][..], Vec::as_slice);
    let mut muscle_groups = HashMap::<MuscleGroupId, (MuscleGroup, f64)>::new();
    for exercise in trained {
        for target in targets.get(&exercise.exercise_id).into_iter().flatten() {
            let share = if target.is_primary {
                1.0
            } else {
                SECONDARY_SETS
            };
            let group = &target.muscle_group;
            let entry = muscle_groups.entry(group.id);
            entry.or_insert_with(|| (group.clone(), 0.0)).1 += share * f64::from(exercise.sets);
        }
    }
    let mut muscle_groups: Vec<_> = muscle_groups.into_values().collect();
    muscle_groups.sort_by(|(group, sets), (other, others)| {
        others
            .total_cmp(sets)
            .then_with(|| group.slug.cmp(&other.slug))
    });
    Week {
        monday,
        workouts: trained.iter().map(|trained| trained.workout_id.0).collect(),
        sets: trained.iter().map(|trained| trained.sets).sum(),
        volume_kg: trained.iter().map(|trained| trained.volume_kg).sum(),
        muscle_groups,
    }
}

/// Weeks in a row with at least one workout.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Streak {
    /// The weeks up to this one, or up to the last one while this one has no workout yet.
    pub(super) current: i32,
    pub(super) longest: i32,
    pub(super) this_week: bool,
}

impl Streak {
    pub(super) fn of(started: &[DateTime<Utc>], today: NaiveDate, zone: Tz) -> Self {
        let mondays: BTreeSet<_> = started
            .iter()
            .map(|time| date::monday(date::day(*time, zone)))
            .collect();
        let this_monday = date::monday(today);
        let mut streak = Self::default();
        let mut length = 0;
        let mut before = None;
        for monday in mondays.iter().copied() {
            let follows = before.is_some_and(|before: NaiveDate| before + Days::new(7) == monday);
            length = if follows { length + 1 } else { 1 };
            streak.longest = streak.longest.max(length);
            if monday == this_monday || monday + Days::new(7) == this_monday {
                streak.current = length;
            }
            before = Some(monday);
        }
        streak.this_week = mondays.contains(&this_monday);
        streak
    }
}

/// The workouts of each day that has some, earliest day first.
pub(super) fn days(
    workouts: &[(WorkoutId, DateTime<Utc>)],
    zone: Tz,
) -> BTreeMap<NaiveDate, Vec<WorkoutId>> {
    let mut days = BTreeMap::<_, Vec<_>>::new();
    for (workout, started_at) in workouts {
        let day = date::day(*started_at, zone);
        days.entry(day).or_default().push(*workout);
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: &[&str]) -> Vec<DateTime<Utc>> {
        let noon = |day: &&str| format!("{day}T12:00:00Z").parse().unwrap();
        days.iter().map(noon).collect()
    }

    fn streak(days: &[&str], today: &str) -> (i32, i32, bool) {
        let Streak {
            current,
            longest,
            this_week,
        } = Streak::of(&at(days), today.parse().unwrap(), Tz::UTC);
        (current, longest, this_week)
    }

    #[test]
    fn counts_weeks_in_a_row() {
        let days = ["2026-11-02", "2026-11-08", "2026-11-10", "2026-11-20"];
        assert_eq!(streak(&days, "2026-11-21"), (3, 3, true));
    }

    #[test]
    fn a_week_that_is_not_over_breaks_no_streak() {
        let days = ["2026-11-02", "2026-11-10", "2026-11-20"];
        assert_eq!(streak(&days, "2026-11-25"), (3, 3, false));
        assert_eq!(streak(&days, "2026-11-30"), (0, 3, false));
    }

    #[test]
    fn a_week_without_a_workout_breaks_the_streak() {
        let days = ["2026-10-05", "2026-10-12", "2026-10-19", "2026-11-20"];
        assert_eq!(streak(&days, "2026-11-20"), (1, 3, true));
        assert_eq!(streak(&[], "2026-11-20"), (0, 0, false));
    }

    #[test]
    fn the_week_is_the_one_where_the_person_is() {
        let sunday_evening = ["2026-11-22T21:00:00Z".parse().unwrap()];
        let today = "2026-11-23".parse().unwrap();
        let in_moscow = Streak::of(&sunday_evening, today, chrono_tz::Europe::Moscow);
        let in_london = Streak::of(&sunday_evening, today, chrono_tz::Europe::London);
        assert!(in_moscow.this_week);
        assert!(!in_london.this_week);
    }
}
