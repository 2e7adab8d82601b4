//! All that a planner may know about a person and a workout, read at once: nothing is held while it is thought about.

use chrono::{DateTime, TimeDelta, Utc};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    generation::{GenerationSettings, Job, OwnExercise, planner::Wishes, settings, store},
    ids::{ExerciseId, WorkoutId},
    refusal::Failure,
    workout::{self, TrainedExercise},
};

/// How far back the last weights are looked for.
const HISTORY: TimeDelta = TimeDelta::days(180);
/// The exercises of a person's own that are looked at, the newest.
const MAX_OWN: i64 = 200;

/// What a workout is made from.
#[derive(Debug, Clone)]
pub(super) struct Brief {
    pub(super) settings: GenerationSettings,
    pub(super) prompt: String,
    /// What was trained, newest first.
    pub(super) history: Vec<TrainedExercise>,
    /// The last eight workouts, newest first.
    pub(super) recent: Vec<RecentWorkout>,
    pub(super) own: Vec<OwnExercise>,
    /// What the workout holds already.
    pub(super) present: Vec<ExerciseId>,
    pub(super) weight_unit: WeightUnit,
    pub(super) locale: Locale,
    pub(super) now: DateTime<Utc>,
    pub(super) seed: u64,
}

/// A finished workout with its sets.
#[derive(Debug, Clone)]
pub(super) struct RecentWorkout {
    pub(super) started_at: DateTime<Utc>,
    pub(super) exercises: Vec<RecentExercise>,
}

#[derive(Debug, Clone)]
pub(super) struct RecentExercise {
    pub(super) id: ExerciseId,
    pub(super) name: String,
    pub(super) power_rating: Option<i16>,
    pub(super) sets: Vec<RecentSet>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct RecentSet {
    pub(super) reps: Option<i32>,
    pub(super) weight_kg: Option<f64>,
    pub(super) time_seconds: Option<f64>,
    pub(super) distance_meters: Option<f64>,
}

impl Brief {
    /// # Errors
    /// When the workout takes no changes any more.
    pub(super) async fn read(
        conn: &mut PgConnection,
        job: &Job,
        workout: WorkoutId,
        now: DateTime<Utc>,
    ) -> Result<Self, Failure> {
        let user = job.user_id;
        let workout = workout::open(conn, user, workout).await?;
        let locale = Locale::from_tag(&job.locale).unwrap_or_default();
        Ok(Self {
            settings: settings::of(conn, user, now).await?,
            prompt: job.prompt.clone(),
            history: workout::trained_since(conn, user, now - HISTORY).await?,
            recent: workouts(store::recent_sets(conn, user).await?, locale),
            own: store::own_exercises(conn, user, MAX_OWN).await?,
            present: store::exercises_of(conn, user, workout.id).await?,
            weight_unit: workout.weight_unit,
            locale,
            now,
            seed: job.id.0.as_u64_pair().1,
        })
    }

    pub(super) fn wishes(&self) -> Wishes<'_> {
        Wishes {
            settings: &self.settings,
            prompt: &self.prompt,
            history: &self.history,
            own: &self.own,
            present: &self.present,
            weight_unit: self.weight_unit,
            locale: self.locale,
            now: self.now,
            seed: self.seed,
        }
    }
}

/// The rows of sets, which come in order, as workouts.
fn workouts(rows: Vec<store::RecentRow>, locale: Locale) -> Vec<RecentWorkout> {
    let mut workouts: Vec<(WorkoutId, RecentWorkout)> = Vec::new();
    for row in rows {
        let name = match locale {
            Locale::En => row.name_en,
            Locale::Ru => row.name_ru,
        };
        let set = RecentSet {
            reps: row.reps,
            weight_kg: row.weight_kg,
            time_seconds: row.time_seconds,
            distance_meters: row.distance_meters,
        };
        if workouts.last().is_none_or(|(id, _)| *id != row.workout_id) {
            let workout = RecentWorkout {
                started_at: row.started_at,
                exercises: Vec::new(),
            };
            workouts.push((row.workout_id, workout));
        }
        let Some((_, workout)) = workouts.last_mut() else {
            continue;
        };
        match workout.exercises.last_mut() {
            Some(exercise) if exercise.id == row.exercise_id => exercise.sets.push(set),
            _ => workout.exercises.push(RecentExercise {
                id: row.exercise_id,
                name,
                power_rating: row.power_rating,
                sets: vec![set],
            }),
        }
    }
    workouts.into_iter().map(|(_, workout)| workout).collect()
}
