//! Records in the graph.

use std::collections::HashMap;

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, WeightUnit};

use crate::{
    ids::{ExerciseId, SetLogId, UserId},
    loading::load_one,
    record::{BestsOfExercise, RecordKind, RecordSet, RecordsOfSetLog, one_rep_max},
    set::convert,
    set_log::{SetLog, SetLogById},
};

/// How many weights the most repetitions are told for.
const MAX_WEIGHTS: usize = 100;

/// A record of an exercise.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    kind: RecordKind,
    set: RecordSet,
}

impl Record {
    /// All that a set is a record of.
    pub(crate) fn all_of(set: &RecordSet) -> impl Iterator<Item = Self> {
        set.kinds.iter().map(|kind| Self {
            kind,
            set: set.clone(),
        })
    }

    fn entered_weight(&self, unit: WeightUnit) -> f64 {
        match (self.set.weight, self.set.weight_unit) {
            (Some(weight), Some(entered)) => convert(weight, entered, unit),
            _ => 0.0,
        }
    }

    fn estimate(&self, formula: fn(f64, i32) -> Option<f64>) -> Option<f64> {
        formula(self.set.weight_kg?, self.set.reps?)
    }
}

/// Rounded to two digits: nobody lifts more precisely than that.
fn kilograms_in(kilograms: Option<f64>, unit: WeightUnit) -> f64 {
    let value = convert(kilograms.unwrap_or(0.0), WeightUnit::Kg, unit);
    (value * 100.0).round() / 100.0
}

/// A record of an exercise: the best of its kind when it was done. Warm-up sets make none.
#[Object]
impl Record {
    /// What the record is about.
    async fn kind(&self) -> RecordKind {
        self.kind
    }

    /// How much it is, in `unit`: a weight, an estimated maximum, or the volume that the exercise came to in that
    /// workout; the number of repetitions for `MOST_REPS_AT_WEIGHT`, whatever the unit.
    async fn value(
        &self,
        #[graphql(
            desc = "The unit of weights and volumes. A weight that was entered in it is shown as entered; everything else is rounded to two digits.",
            default_with = "WeightUnit::Kg"
        )]
        unit: WeightUnit,
    ) -> f64 {
        match self.kind {
            RecordKind::HeaviestWeight => self.entered_weight(unit),
            RecordKind::EstimatedOneRepMaxEpley => {
                kilograms_in(self.estimate(one_rep_max::epley), unit)
            }
            RecordKind::EstimatedOneRepMaxBrzycki => {
                kilograms_in(self.estimate(one_rep_max::brzycki), unit)
            }
            RecordKind::MostRepsAtWeight => f64::from(self.set.reps.unwrap_or(0)),
            RecordKind::SessionVolume => kilograms_in(Some(self.set.volume_kg), unit),
        }
    }

    /// The weight of the set in `unit`: 0 for sets with one's own body.
    async fn weight(
        &self,
        #[graphql(
            desc = "The unit. A weight that was entered in it is shown as entered, others are converted and rounded to two digits.",
            default_with = "WeightUnit::Kg"
        )]
        unit: WeightUnit,
    ) -> f64 {
        self.entered_weight(unit)
    }

    /// The repetitions of the set.
    async fn reps(&self) -> Option<i32> {
        self.set.reps
    }

    /// When the workout of the set started.
    async fn achieved_at(&self) -> DateTime<Utc> {
        self.set.started_at
    }

    /// The set that made the record; for `SESSION_VOLUME` the one that took the workout over the earlier record.
    async fn set_log(&self, ctx: &Context<'_>) -> Result<SetLog, ResolverError> {
        load_one::<SetLogById, _>(ctx, (self.set.user_id, self.set.set_log_id))
            .await?
            .ok_or_else(|| ResolverError::Internal(anyhow::anyhow!("a record without its set")))
    }
}

/// The records of an exercise as they stand.
#[derive(Debug, Default)]
pub(crate) struct ExerciseRecords {
    /// In the order in which they were done.
    bests: Vec<RecordSet>,
}

impl ExerciseRecords {
    /// The latest that was the best so far is the best of all.
    fn latest(&self, kind: RecordKind) -> Option<Record> {
        let set = self.bests.iter().rfind(|set| set.kinds.has(kind))?;
        Some(Record {
            kind,
            set: set.clone(),
        })
    }
}

/// The viewer's records of an exercise as they stand. Warm-up sets make none.
#[Object]
impl ExerciseRecords {
    /// The heaviest weight of one set.
    async fn heaviest_weight(&self) -> Option<Record> {
        self.latest(RecordKind::HeaviestWeight)
    }

    /// The highest one-repetition maximum by Epley's formula, weight × (1 + repetitions / 30), from a set of 1 to 10
    /// repetitions.
    async fn epley_one_rep_max(&self) -> Option<Record> {
        self.latest(RecordKind::EstimatedOneRepMaxEpley)
    }

    /// The highest one-repetition maximum by Brzycki's formula, weight × 36 / (37 − repetitions), from a set of 1 to 10
    /// repetitions.
    async fn brzycki_one_rep_max(&self) -> Option<Record> {
        self.latest(RecordKind::EstimatedOneRepMaxBrzycki)
    }

    /// The most repetitions at each weight, heaviest weight first, at most 100; for assisted exercises the most with each
    /// assistance that were the most with it or less when they were done.
    async fn most_reps(&self) -> Vec<Record> {
        let mut by_weight = HashMap::new();
        for set in &self.bests {
            if set.kinds.has(RecordKind::MostRepsAtWeight) {
                let weight = set.weight_kg.unwrap_or(0.0) + 0.0;
                by_weight.insert(weight.to_bits(), set);
            }
        }
        let mut sets: Vec<_> = by_weight.into_values().collect();
        sets.sort_by(|one, other| {
            let weights = [one, other].map(|set| set.weight_kg.unwrap_or(0.0));
            weights[1].total_cmp(&weights[0])
        });
        sets.truncate(MAX_WEIGHTS);
        let record = |set: &RecordSet| Record {
            kind: RecordKind::MostRepsAtWeight,
            set: set.clone(),
        };
        sets.into_iter().map(record).collect()
    }

    /// The highest volume of one workout.
    async fn session_volume(&self) -> Option<Record> {
        self.latest(RecordKind::SessionVolume)
    }
}

/// The viewer's records of an exercise.
pub(crate) async fn records_of_exercise(
    ctx: &Context<'_>,
    exercise: ExerciseId,
) -> Result<ExerciseRecords, ResolverError> {
    let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
    let bests = load_one::<BestsOfExercise, _>(ctx, (viewer, exercise)).await?;
    Ok(ExerciseRecords {
        bests: bests.unwrap_or_default(),
    })
}

/// The records that a set broke when it was done.
pub(crate) async fn records_of_set(
    ctx: &Context<'_>,
    user: UserId,
    set: SetLogId,
) -> Result<Vec<Record>, ResolverError> {
    let set = load_one::<RecordsOfSetLog, _>(ctx, (user, set)).await?;
    Ok(set.iter().flat_map(Record::all_of).collect())
}
