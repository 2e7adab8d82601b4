//! What a routine says of an exercise beside its sets: supersets, notes, the training maximum, and how it progresses.

use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};

use super::{ExerciseInstance, InstancePath, lock_instance, store};
use crate::{
    progression::Progression,
    refusal::{Failure, Refusal, optional_text},
    set::WeightKg,
};

const MAX_NOTES: usize = 5000;

/// The group of exercises that are done in turn: 1 to 100.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SupersetGroup(i16);

impl SupersetGroup {
    pub(crate) fn parse(group: i32) -> Result<Self, Refusal> {
        match i16::try_from(group) {
            Ok(group @ 1..=100) => Ok(Self(group)),
            _ => Err(Refusal::out_of_range("supersetGroup", 1, 100)),
        }
    }
}

/// Notes on an exercise of a routine: at most 5,000 characters; empty ones are none.
#[derive(Debug, Clone)]
pub(crate) struct InstanceNotes(Option<String>);

impl InstanceNotes {
    pub(crate) fn parse(notes: &str) -> Result<Self, Refusal> {
        let notes = optional_text("notes", notes, MAX_NOTES)?;
        Ok(Self(Some(notes).filter(|notes| !notes.is_empty())))
    }
}

/// A training maximum: more than 0, at most 10,000 kg.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrainingMax(f64);

impl TrainingMax {
    pub(crate) fn parse(kilograms: f64) -> Result<Self, Refusal> {
        match WeightKg::parse(kilograms) {
            Ok(weight) if weight.get() > 0.0 => Ok(Self(kilograms)),
            _ => Err(Refusal::not_positive("trainingMaxKg", 10_000)),
        }
    }
}

/// What to change of an exercise of a routine: undefined stays, null goes.
#[derive(Debug, Clone)]
pub(crate) struct InstanceChange {
    pub(crate) superset_group: MaybeUndefined<SupersetGroup>,
    pub(crate) notes: MaybeUndefined<InstanceNotes>,
    pub(crate) training_max: MaybeUndefined<TrainingMax>,
    pub(crate) progression: MaybeUndefined<Progression>,
}

/// Changes what is given. A progression that is set anew begins anew, and so do percentage waves with another maximum.
#[tracing::instrument(skip_all, name = "update_exercise_instance", fields(user.id = %path.user, routine.id = %path.routine))]
pub(crate) async fn update_instance(
    conn: &mut PgConnection,
    path: InstancePath,
    change: InstanceChange,
    now: DateTime<Utc>,
) -> Result<ExerciseInstance, Failure> {
    let mut instance = lock_instance(conn, path, now).await?;
    match change.superset_group {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => instance.superset_group = None,
        MaybeUndefined::Value(group) => instance.superset_group = Some(group.0),
    }
    match change.notes {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => instance.notes = None,
        MaybeUndefined::Value(notes) => instance.notes = notes.0,
    }
    let old_max = instance.training_max_kg;
    match change.training_max {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => instance.training_max_kg = None,
        MaybeUndefined::Value(max) => instance.training_max_kg = Some(max.0),
    }
    if differs(old_max, instance.training_max_kg) && instance.progression.is_some() {
        // the rounds before have no share in the new maximum
        instance.progression_since = Some(now);
    }
    match change.progression {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => {
            instance.progression = None;
            instance.progression_since = None;
        }
        MaybeUndefined::Value(progression) => {
            let is_new = instance.progression.as_deref() != Some(&progression);
            if is_new {
                instance.progression = Some(Json(progression));
                instance.progression_since = Some(now);
            }
        }
    }
    Ok(store::update_instance(conn, &instance, now).await?)
}

/// By more than what is rounded away on the way through the database.
fn differs(old: Option<f64>, new: Option<f64>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => (old - new).abs() > 1e-6,
        (old, new) => old.is_some() != new.is_some(),
    }
}
