use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened in training, on the topic of `KAFKA_TRAINING_TOPIC`,
/// keyed by the user's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "payload", rename_all = "snake_case")]
pub enum TrainingEvent {
    /// A workout was finished.
    WorkoutCompleted {
        /// Whose workout it is.
        user_id: Uuid,
        /// The workout.
        workout_id: Uuid,
        /// When it was started.
        started_at: DateTime<Utc>,
        /// When it was finished.
        finished_at: DateTime<Utc>,
        /// How many exercises were logged.
        exercises: i64,
        /// How many sets were logged.
        sets: i64,
        /// How many repetitions all sets had together.
        reps: i64,
        /// Σ repetitions × weight, in kilograms.
        volume_kg: f64,
        /// Σ time of the timed sets, in seconds.
        time_seconds: f64,
    },
}

impl TrainingEvent {
    /// Whose event it is; also the message's key.
    #[must_use]
    pub fn user_id(&self) -> Uuid {
        match self {
            Self::WorkoutCompleted { user_id, .. } => *user_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_finished_workout_keeps_its_json() {
        let json = json!({
            "type": "workout_completed",
            "payload": {
                "user_id": "0192f0c1-2345-7abc-8def-0123456789aa",
                "workout_id": "0192f0c1-2345-7abc-8def-0123456789ab",
                "started_at": "2026-03-01T17:28:00Z",
                "finished_at": "2026-03-01T18:30:00Z",
                "exercises": 5,
                "sets": 18,
                "reps": 144,
                "volume_kg": 4210.5,
                "time_seconds": 90.0,
            }
        });
        let event: TrainingEvent = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(
            event.user_id().to_string(),
            "0192f0c1-2345-7abc-8def-0123456789aa"
        );
        assert_eq!(serde_json::to_value(event).unwrap(), json);
    }
}
