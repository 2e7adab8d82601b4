//! What a workout from a routine expects: the planned sets, with percentages made weights and progressions moved on.

use std::collections::HashMap;

use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use super::store::{self, PastSet, Progressing};
use crate::{
    exercise::{self, Measurement},
    ids::{ExerciseId, ExerciseInstanceId, RoutineId},
    progression::{self, Advice, Done, Load, Next, Past, Progression, Reason},
    refusal::{Failure, Refusal},
    routine::{self, ExerciseInstance, RoutineSet},
    set::{
        KG_PER_LB, Percent, PlanDetails, PlannedSet, Reps, Rpe, SetKind, SetType, WeightKg, convert,
    },
    workout::OpenWorkout,
};

/// How many earlier workouts a progression looks back on: it may count failures in a row up to this.
const SESSIONS: i64 = 10;

/// An exercise that a workout expects.
pub(super) struct Expectation {
    pub(super) instance: ExerciseInstanceId,
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
    let mut histories = histories(conn, workout, routine, &plan).await?;
    let mut expectations = Vec::with_capacity(plan.len());
    for (instance, sets) in plan {
        let mut history = histories.remove(&instance.id).unwrap_or_default();
        if let Some(since) = instance.progression_since {
            let (user, exercise) = (workout.user, instance.exercise_id);
            history.completed =
                store::completed_since(conn, user, routine, exercise, since).await?;
            let progression = instance.progression.as_deref();
            let of_round = progression.map_or(0, |one| one.done_of_round(history.completed));
            if of_round > 0 {
                history.break_in_round =
                    store::longest_break_before(conn, user, routine, exercise, since, of_round)
                        .await?;
            }
        }
        expectations.push(expect(workout, &instance, &sets, &history)?);
    }
    Ok(expectations)
}

/// What was done of an exercise.
#[derive(Default)]
struct History {
    load: Load,
    /// By session, the latest first: all for this exercise of the routine or, if there are none or they are long
    /// outdated, all elsewhere.
    sessions: Vec<Vec<PastSet>>,
    /// The workouts from the routine since the progression was set.
    completed: i64,
    /// The most whole days away before one of the current round of waves.
    break_in_round: i64,
}

/// The pasts of the exercises that progress.
async fn histories(
    conn: &mut PgConnection,
    workout: &OpenWorkout,
    routine: RoutineId,
    plan: &[(ExerciseInstance, Vec<RoutineSet>)],
) -> sqlx::Result<HashMap<ExerciseInstanceId, History>> {
    let instances = plan.iter().map(|(instance, _)| instance);
    let instances: Vec<_> = instances
        .filter(|instance| instance.progression.is_some())
        .collect();
    if instances.is_empty() {
        return Ok(HashMap::new());
    }
    let exercises: Vec<_> = instances.iter().map(|one| one.exercise_id).collect();
    let measurements = exercise::measurements(conn, &exercises).await?;
    let loads: HashMap<_, _> = measurements
        .into_iter()
        .map(|(exercise, measurement)| (exercise, load_of(measurement)))
        .collect();
    let load = |exercise| loads.get(&exercise).copied().unwrap_or_default();
    let progressing: Vec<_> = instances
        .iter()
        .map(|instance| Progressing {
            instance: instance.id,
            exercise: instance.exercise_id,
            without_weight: load(instance.exercise_id) != Load::Weight,
        })
        .collect();
    let outdated_after = progression::LONG_BREAK_DAYS;
    let sets = store::past_sets(
        conn,
        workout.user,
        routine,
        &progressing,
        SESSIONS,
        outdated_after,
    )
    .await?;
    let mut sessions = by_session(sets);
    let histories = instances.into_iter().map(|instance| {
        let history = History {
            load: load(instance.exercise_id),
            sessions: sessions.remove(&instance.id).unwrap_or_default(),
            completed: 0,
            break_in_round: 0,
        };
        (instance.id, history)
    });
    Ok(histories.collect())
}

/// What a weight does in sets that are measured so.
fn load_of(measurement: Measurement) -> Load {
    match measurement {
        Measurement::RepsWeight | Measurement::Time | Measurement::Distance => Load::Weight,
        Measurement::BodyweightReps => Load::Bodyweight,
        Measurement::Assisted => Load::Assistance,
    }
}

/// The sets of each exercise by session, as the store lists them: all done where the first were.
fn by_session(sets: Vec<PastSet>) -> HashMap<ExerciseInstanceId, Vec<Vec<PastSet>>> {
    let mut sessions = HashMap::<ExerciseInstanceId, Vec<Vec<PastSet>>>::new();
    for set in sets {
        let of_instance = sessions.entry(set.instance_id).or_default();
        match of_instance.last_mut() {
            Some(session) if session[0].exercise_log_id == set.exercise_log_id => session.push(set),
            Some(session) if session[0].is_of_instance != set.is_of_instance => {}
            _ => of_instance.push(vec![set]),
        }
    }
    sessions
}

fn expect(
    workout: &OpenWorkout,
    instance: &ExerciseInstance,
    sets: &[RoutineSet],
    history: &History,
) -> Result<Expectation, Refusal> {
    let planned = sets.iter().map(|set| {
        let planned = set.planned()?;
        Ok(weigh(
            planned,
            instance.training_max_kg,
            workout.weight_unit,
        ))
    });
    let planned: Vec<_> = planned.collect::<Result<_, Refusal>>()?;
    let progression = instance.progression.as_deref();
    let advice = progression
        .and_then(|progression| advise(progression, workout, instance, &planned, history));
    let (sets, reason) = match (progression, advice) {
        (Some(progression), Some(advice)) => {
            let reason = advice.reason;
            (follow(progression, &advice, planned)?, Some(reason))
        }
        _ => (planned, None),
    };
    Ok(Expectation {
        instance: instance.id,
        exercise: instance.exercise_id,
        superset_group: instance.superset_group,
        sets,
        reason,
    })
}

/// A percentage of a training maximum becomes a weight that can be loaded.
fn weigh(set: PlannedSet, training_max_kg: Option<f64>, unit: WeightUnit) -> PlannedSet {
    let (Some(percent), Some(max_kg)) = (set.details.percent_of_max, training_max_kg) else {
        return set;
    };
    let max = convert(max_kg, WeightUnit::Kg, unit);
    let weight = progression::loadable(max * percent.get() / 100.0, unit);
    PlannedSet {
        weight: Some(kilograms(weight, unit)),
        ..set
    }
}

fn advise(
    progression: &Progression,
    workout: &OpenWorkout,
    instance: &ExerciseInstance,
    planned: &[PlannedSet],
    history: &History,
) -> Option<Advice> {
    let unit = progression.unit();
    let sessions: Vec<Vec<Done>> = history
        .sessions
        .iter()
        .map(|session| session.iter().map(|set| done(set, unit)).collect())
        .collect();
    let working: Vec<_> = planned.iter().filter(|set| is_working(set)).collect();
    // as many as can be done are at least as many as elsewhere in the plan or, when it names none, the last time
    let named = working.iter().find_map(|set| set.reps).map(Reps::get);
    let last_done = sessions.first().into_iter().flatten().map(|set| set.reps);
    let usual = named.or(last_done.min()).unwrap_or(1);
    let planned_reps: Vec<i32> = working
        .iter()
        .map(|set| set.reps.map_or(usual, Reps::get))
        .collect();
    let planned_weights = working.iter().map(|set| set.weight.map(WeightKg::get));
    let planned_weights: Vec<f64> = planned_weights.collect::<Option<_>>().unwrap_or_default();
    let last = history.sessions.first().map(Vec::as_slice);
    let last = last.unwrap_or_default();
    let is_in_other_unit = |set: &PastSet| set.weight_unit.is_some_and(|entered| entered != unit);
    let first = last.first();
    progression.advise(Past {
        planned_reps: &planned_reps,
        planned_weights: &planned_weights,
        planned_rpe: working
            .first()
            .and_then(|set| set.details.rpe)
            .map(Rpe::get),
        load: history.load,
        sessions: &sessions,
        elsewhere: first
            .filter(|set| !set.is_of_instance)
            .map(|set| set.started_at.date_naive()),
        is_converted: last.iter().any(is_in_other_unit),
        days_away: first.map_or(0, |set| (workout.started_at - set.last_done_at).num_days()),
        days_since: first.map_or(0, |set| (workout.started_at - set.started_at).num_days()),
        training_max: instance
            .training_max_kg
            .map(|max| convert(max, WeightUnit::Kg, unit)),
        break_in_round: history.break_in_round,
        completed: u32::try_from(history.completed).unwrap_or(u32::MAX),
    })
}

fn done(set: &PastSet, unit: WeightUnit) -> Done {
    Done {
        reps: set.reps,
        weight: convert(set.weight, set.weight_unit.unwrap_or(unit), unit),
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
            sets.push(next_set(*next, advice, PlanDetails::default(), unit)?);
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
        let followed = next_set(*next, advice, details, unit)?;
        if set.details.kind == SetKind::ToFailure && set.reps.is_none() {
            // as many as can be done, still
            let details = PlanDetails {
                max_reps: None,
                ..followed.details
            };
            return Ok(PlannedSet {
                reps: None,
                details,
                ..followed
            });
        }
        Ok(followed)
    });
    sets.collect()
}

fn next_set(
    next: Next,
    advice: &Advice,
    details: PlanDetails,
    unit: WeightUnit,
) -> Result<PlannedSet, Refusal> {
    let percent = |percent| Percent::parse("percent", percent);
    let has_weight = advice.reason.load != Load::Bodyweight || next.weight > 0.0;
    Ok(PlannedSet {
        set_type: if has_weight {
            SetType::Weight
        } else {
            SetType::Reps
        },
        reps: Some(Reps::parse(next.reps)?),
        weight: has_weight.then(|| kilograms(next.weight, unit)),
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

/// No start fails by a weight that was mistyped once.
fn kilograms(weight: f64, unit: WeightUnit) -> WeightKg {
    WeightKg::capped(match unit {
        WeightUnit::Kg => weight,
        WeightUnit::Lb => weight * KG_PER_LB,
    })
}
