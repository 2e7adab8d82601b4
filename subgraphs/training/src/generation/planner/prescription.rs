//! How many sets, repetitions and kilograms.
//!
//! Repetitions and rests by goal follow the position stand of the American College of Sports Medicine on progression in
//! resistance training (2009): strength up to 6 repetitions with rests of 2 to 3 minutes, muscle 6 to 12 with 1 to 2
//! minutes, endurance 15 and more with less than 90 seconds.

use setwise_graphql::WeightUnit;

use crate::{
    exercise::{
        Equipment, Measurement,
        catalogue::{Entry, Movement},
    },
    exercise_log::PlannedExercise,
    generation::{
        ExperienceLevel, GenerationSettings, Goal,
        planner::{MAX_EXERCISES, MIN_EXERCISES, Wishes},
    },
    refusal::Refusal,
    set::{PlannedSet, SetType, WeightKg},
    workout::TrainedExercise,
};

const KG_PER_LB: f64 = 0.453_592_37;
/// Seconds that a set takes, and those to get ready for the next exercise.
const SET_SECONDS: i32 = 40;
const CHANGE_SECONDS: i32 = 90;
/// Who felt no stronger than this gets no more weight.
const WEAK: i16 = 3;

/// How much fits into a workout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Volume {
    pub(super) exercises: usize,
    pub(super) sets: i32,
    pub(super) rest_seconds: i32,
    pub(super) minutes: i16,
}

impl Volume {
    /// Five to eight exercises: as many as the minutes hold with the sets that the goal asks for; in less time fewer sets.
    pub(super) fn of(settings: &GenerationSettings, minutes: i16) -> Self {
        let (wanted, rest_seconds) = match settings.primary_goal {
            Goal::Strength => (5, 150),
            Goal::MuscleGain => (4, 90),
            Goal::WeightLoss | Goal::Endurance => (3, 45),
            Goal::Flexibility => (2, 30),
        };
        let wanted = match settings.experience_level {
            ExperienceLevel::Beginner => (wanted - 1).max(2),
            ExperienceLevel::Intermediate | ExperienceLevel::Advanced => wanted,
        };
        let seconds = i32::from(minutes) * 60;
        let fits = |exercises: usize, sets: i32| {
            let count = i32::try_from(exercises).unwrap_or(i32::MAX);
            count * (CHANGE_SECONDS + sets * (SET_SECONDS + rest_seconds)) <= seconds
        };
        let sets = (1..=wanted)
            .rev()
            .find(|sets| fits(MIN_EXERCISES, *sets))
            .unwrap_or(1);
        let exercises = (MIN_EXERCISES..=MAX_EXERCISES)
            .rev()
            .find(|exercises| fits(*exercises, sets));
        Self {
            exercises: exercises.unwrap_or(MIN_EXERCISES),
            sets,
            rest_seconds,
            minutes,
        }
    }
}

/// The sets of an exercise.
///
/// # Errors
/// Never, as long as the numbers here are those of a set.
pub(super) fn prescribe(
    entry: &Entry,
    wishes: &Wishes<'_>,
    volume: Volume,
) -> Result<PlannedExercise, Refusal> {
    let last = wishes
        .history
        .iter()
        .find(|trained| trained.exercise_id == entry.id);
    let reps = reps(entry, wishes.settings.primary_goal);
    let set = match entry.measurement {
        Measurement::RepsWeight => {
            let weight =
                last.and_then(|last| next_weight_kg(entry, last, reps, wishes.weight_unit));
            PlannedSet {
                weight: weight.map(WeightKg::capped),
                ..PlannedSet::parse(SetType::Weight, Some(reps), None, None)?
            }
        }
        Measurement::BodyweightReps | Measurement::Assisted => {
            let done = last.and_then(|last| last.top_reps);
            let reps = done.map_or(reps, |done| (done + 1).clamp(reps.min(5), 30));
            PlannedSet::parse(SetType::Reps, Some(reps), None, None)?
        }
        Measurement::Time | Measurement::Distance => PlannedSet::parse(
            SetType::Time,
            None,
            None,
            Some(seconds(entry, wishes.settings.primary_goal)),
        )?,
    };
    let sets = match entry.movement {
        // One long stretch of endurance work; the others repeat.
        Movement::Conditioning if entry.equipment == Equipment::CardioMachine => 1,
        Movement::Mobility => volume.sets.min(2),
        _ if entry.compound => volume.sets,
        _ => volume.sets.min(3),
    };
    let sets = usize::try_from(sets).unwrap_or(1);
    Ok(PlannedExercise {
        exercise: entry.id,
        sets: vec![set; sets],
    })
}

fn reps(entry: &Entry, goal: Goal) -> i32 {
    match (goal, entry.compound) {
        (Goal::Strength, true) => 5,
        (Goal::Strength | Goal::MuscleGain, false) | (Goal::WeightLoss, true) => 12,
        (Goal::MuscleGain, true) => 8,
        (Goal::Flexibility, _) => 10,
        (Goal::WeightLoss, false) | (Goal::Endurance, true) => 15,
        (Goal::Endurance, false) => 20,
    }
}

fn seconds(entry: &Entry, goal: Goal) -> f64 {
    match (entry.movement, entry.equipment, goal) {
        (Movement::Conditioning, Equipment::CardioMachine, Goal::Endurance) => 1200.0,
        (Movement::Conditioning, Equipment::CardioMachine, _) => 600.0,
        (_, _, Goal::Strength | Goal::MuscleGain | Goal::WeightLoss) => 40.0,
        (_, _, Goal::Endurance | Goal::Flexibility) => 60.0,
    }
}

/// The weight to try: what was lifted last, one step more when the repetitions were reached with strength to spare, and less when more
/// repetitions are asked for than were done, in the ratio of Epley's formula (1RM = weight × (1 + reps / 30), 1985).
fn next_weight_kg(
    entry: &Entry,
    last: &TrainedExercise,
    reps: i32,
    unit: WeightUnit,
) -> Option<f64> {
    let lifted = last.max_weight_kg.filter(|weight| *weight > 0.0)?;
    let done = last.top_reps.unwrap_or(reps);
    let step = step_kg(entry, unit);
    let was_weak = last.power_rating.is_some_and(|rating| rating <= WEAK);
    let weight = if done >= reps {
        if was_weak { lifted } else { lifted + step }
    } else {
        lifted * (1.0 + f64::from(done) / 30.0) / (1.0 + f64::from(reps) / 30.0)
    };
    // Down to what can be loaded, but never to nothing.
    Some(((weight / step + 1e-6).floor() * step).max(step))
}

/// The smallest step of the equipment in the unit in which it is marked.
fn step_kg(entry: &Entry, unit: WeightUnit) -> f64 {
    match (unit, entry.equipment) {
        (WeightUnit::Lb, _) => 5.0 * KG_PER_LB,
        (WeightUnit::Kg, Equipment::Dumbbell) => 2.0,
        (WeightUnit::Kg, Equipment::Kettlebell) => 4.0,
        (WeightUnit::Kg, _) => 2.5,
    }
}
