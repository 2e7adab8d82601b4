//! What a workout from a routine expects: the planned sets, with percentages made weights and progressions moved on.

use std::collections::HashMap;

use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use super::store::{self, PastSet};
use crate::{
    ids::{ExerciseId, RoutineId},
    progression::{self, Advice, Done, Next, Past, Progression, Reason},
    refusal::{Failure, Refusal},
    routine::{self, ExerciseInstance, RoutineSet},
    set::{KG_PER_LB, Percent, PlanDetails, PlannedSet, Reps, SetKind, SetType, WeightKg, convert},
    workout::OpenWorkout,
};

/// How many earlier workouts a progression looks back on: it may count failures in a row up to this.
const SESSIONS: i64 = 10;

/// An exercise that a workout expects.
pub(super) struct Expectation {
    pub(super) exercise: ExerciseId,
    pub(super) superset_group: Option<i16>,
    pub(super) sets: Vec<PlannedSet>,
    pub(super) reason: Option<Reason>,
}

/// What a workout expects of a routine, in order.
pub(super) async fn of_routine(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    routine: RoutineId,
) -> Result<Vec<Expectation>, Failure> {
    let plan = routine::exercises(conn, workout.user, routine).await?;
    let progressing: Vec<_> = plan
        .iter()
        .filter(|(instance, _)| instance.progression.is_some())
        .map(|(instance, _)| instance.exercise_id)
        .collect();
    let mut sessions = HashMap::new();
    if !progressing.is_empty() {
        let sets = store::past_sets(conn, workout.user, &progressing, SESSIONS).await?;
        sessions = by_session(sets);
    }
    let mut expectations = Vec::with_capacity(plan.len());
    for (instance, sets) in plan {
        let completed = match instance.progression_since {
            Some(since) => {
                let (user, exercise) = (workout.user, instance.exercise_id);
                store::completed_since(conn, user, routine, exercise, since).await?
            }
            None => 0,
        };
        let past = sessions.get(&instance.exercise_id);
        let past = past.map_or(&[][..], Vec::as_slice);
        expectations.push(expect(workout, &instance, &sets, past, completed)?);
    }
    Ok(expectations)
}

/// The sets of each exercise by session, the latest first, as the store lists them.
fn by_session(sets: Vec<PastSet>) -> HashMap<ExerciseId, Vec<Vec<PastSet>>> {
    let mut sessions = HashMap::<ExerciseId, Vec<Vec<PastSet>>>::new();
    for set in sets {
        let of_exercise = sessions.entry(set.exercise_id).or_default();
        match of_exercise.last_mut() {
            Some(session)
                if session
                    .first()
                    .is_some_and(|first| first.exercise_log_id == set.exercise_log_id) =>
            {
                session.push(set);
            }
            _ => of_exercise.push(vec![set]),
        }
    }
    sessions
}

fn expect(
    workout: &OpenWorkout,
    instance: &ExerciseInstance,
    sets: &[RoutineSet],
    past: &[Vec<PastSet>],
    completed: i64,
) -> Result<Expectation, Refusal> {
    let planned = sets.iter().map(|set| {
        let planned = set.planned()?;
        weigh(planned, instance.training_max_kg, workout.weight_unit)
    });
    let planned: Vec<_> = planned.collect::<Result<_, _>>()?;
    let advice = instance
        .progression
        .as_ref()
        .and_then(|progression| advise(progression, instance, &planned, past, completed));
    let progression = instance.progression.as_deref();
    let (sets, reason) = match (progression, advice) {
        (Some(progression), Some(advice)) => {
            let reason = advice.reason;
            (follow(progression, &advice, planned)?, Some(reason))
        }
        _ => (planned, None),
    };
    Ok(Expectation {
        exercise: instance.exercise_id,
        superset_group: instance.superset_group,
        sets,
        reason,
    })
}

/// A percentage of a training maximum becomes a weight that can be loaded.
fn weigh(
    set: PlannedSet,
    training_max_kg: Option<f64>,
    unit: WeightUnit,
) -> Result<PlannedSet, Refusal> {
    let (Some(percent), Some(max_kg)) = (set.details.percent_of_max, training_max_kg) else {
        return Ok(set);
    };
    let max = convert(max_kg, WeightUnit::Kg, unit);
    let weight = progression::loadable(max * percent.get() / 100.0, unit);
    Ok(PlannedSet {
        weight: Some(kilograms(weight, unit)?),
        ..set
    })
}

fn advise(
    progression: &Progression,
    instance: &ExerciseInstance,
    planned: &[PlannedSet],
    past: &[Vec<PastSet>],
    completed: i64,
) -> Option<Advice> {
    let unit = progression.unit();
    let sessions: Vec<Vec<Done>> = past
        .iter()
        .map(|session| session.iter().map(|set| done(set, unit)).collect())
        .collect();
    let planned_reps: Vec<i32> = planned
        .iter()
        .filter(|set| is_working(set))
        .map(|set| set.reps.map_or(1, Reps::get))
        .collect();
    progression.advise(Past {
        planned_reps: &planned_reps,
        sessions: &sessions,
        training_max: instance
            .training_max_kg
            .map(|max| convert(max, WeightUnit::Kg, unit)),
        completed: u32::try_from(completed).unwrap_or(u32::MAX),
    })
}

fn done(set: &PastSet, unit: WeightUnit) -> Done {
    Done {
        reps: set.reps,
        weight: convert(set.weight, set.weight_unit, unit),
        rpe: set.rpe,
    }
}

/// The planned sets with what a progression advises in place of the working sets.
fn follow(
    progression: &Progression,
    advice: &Advice,
    planned: Vec<PlannedSet>,
) -> Result<Vec<PlannedSet>, Refusal> {
    let unit = progression.unit();
    if let Progression::Waves { .. } = progression {
        let before = planned.iter().take_while(|set| !is_working(set)).copied();
        let after = planned.iter().rev().take_while(|set| !is_working(set));
        let mut sets: Vec<_> = before.collect();
        let has_working = sets.len() < planned.len();
        for next in &advice.sets {
            sets.push(next_set(*next, PlanDetails::default(), unit)?);
        }
        if has_working {
            let mut after: Vec<_> = after.copied().collect();
            after.reverse();
            sets.extend(after);
        }
        return Ok(sets);
    }
    let mut next = advice.sets.iter();
    let sets = planned.into_iter().map(|set| {
        if !is_working(&set) {
            return Ok(set);
        }
        let Some(next) = next.next() else {
            return Ok(set);
        };
        let max_reps = match progression {
            Progression::Double { max_reps, .. } => Some(Reps::parse_max(*max_reps)?),
            Progression::Linear { .. } | Progression::Rpe { .. } | Progression::Waves { .. } => {
                set.details.max_reps
            }
        };
        let details = PlanDetails {
            max_reps: max_reps.filter(|max| max.get() > next.reps),
            ..set.details
        };
        next_set(*next, details, unit)
    });
    sets.collect()
}

fn next_set(next: Next, details: PlanDetails, unit: WeightUnit) -> Result<PlannedSet, Refusal> {
    let percent = |percent| Percent::parse("percent", percent);
    Ok(PlannedSet {
        set_type: SetType::Weight,
        reps: Some(Reps::parse(next.reps)?),
        weight: Some(kilograms(next.weight, unit)?),
        time: None,
        details: PlanDetails {
            percent_of_max: match next.percent {
                Some(share) => Some(percent(share)?),
                None => details.percent_of_max,
            },
            ..details
        },
    })
}

/// Whether a progression goes by this set.
fn is_working(set: &PlannedSet) -> bool {
    match set.details.kind {
        SetKind::Normal | SetKind::ToFailure => set.set_type != SetType::Time,
        SetKind::WarmUp | SetKind::Drop | SetKind::Timed => false,
    }
}

fn kilograms(weight: f64, unit: WeightUnit) -> Result<WeightKg, Refusal> {
    WeightKg::parse(match unit {
        WeightUnit::Kg => weight,
        WeightUnit::Lb => weight * KG_PER_LB,
    })
}
