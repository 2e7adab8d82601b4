//! A series of an exercise's sessions that a chart can show: at most as many points as are asked for.

use chrono::{DateTime, Utc};

use crate::insight::ExerciseSession;

/// Some sessions in a row; one, where they are few.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProgressPoint {
    pub(super) first: DateTime<Utc>,
    pub(super) last: DateTime<Utc>,
    pub(super) sessions: i32,
    pub(super) mean_volume_kg: f64,
    pub(super) heaviest_kg: Option<f64>,
    pub(super) epley_kg: Option<f64>,
    pub(super) brzycki_kg: Option<f64>,
    pub(super) mean_reps: f64,
}

/// The sessions, oldest first, as at most `max` points of as many sessions each as can be.
pub(super) fn points(sessions: &[ExerciseSession], max: usize) -> Vec<ProgressPoint> {
    let size = sessions.len().div_ceil(max.max(1)).max(1);
    sessions.chunks(size).filter_map(point).collect()
}

fn point(sessions: &[ExerciseSession]) -> Option<ProgressPoint> {
    let (first, last) = (sessions.first()?, sessions.last()?);
    let count = i32::try_from(sessions.len()).unwrap_or(i32::MAX);
    let mean = |value: fn(&ExerciseSession) -> f64| {
        sessions.iter().map(value).sum::<f64>() / f64::from(count)
    };
    let highest = |value: fn(&ExerciseSession) -> Option<f64>| {
        sessions.iter().filter_map(value).reduce(f64::max)
    };
    Some(ProgressPoint {
        first: first.started_at,
        last: last.started_at,
        sessions: count,
        mean_volume_kg: mean(|session| session.volume_kg),
        heaviest_kg: highest(|session| session.heaviest_kg),
        epley_kg: highest(|session| session.epley_kg),
        brzycki_kg: highest(|session| session.brzycki_kg),
        mean_reps: mean(|session| f64::from(session.reps)),
    })
}
