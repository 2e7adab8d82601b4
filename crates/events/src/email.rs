use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A mail to send, on the topic of `KAFKA_TOPIC`, keyed by the address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "payload", rename_all = "snake_case")]
pub enum EmailMessage {
    /// Somebody has registered.
    Welcome {
        /// The address that the mail goes to.
        email: String,
        /// How to greet the person; empty when it is not known.
        #[serde(default)]
        name: String,
        /// `en` or `ru`.
        #[serde(default = "english")]
        language: String,
    },
    /// Somebody has finished a workout.
    WorkoutCompleted {
        /// The address that the mail goes to.
        email: String,
        /// How to greet the person; empty when it is not known.
        #[serde(default)]
        name: String,
        /// `en` or `ru`.
        #[serde(default = "english")]
        language: String,
        /// The workout, for the link to its report.
        workout_id: Uuid,
        /// When it was finished.
        finished_at: DateTime<Utc>,
        /// From start to finish.
        duration_seconds: i64,
        /// How many exercises were logged.
        exercises: i64,
        /// How many sets were logged.
        sets: i64,
        /// How many repetitions all sets had together.
        reps: i64,
        /// Σ repetitions × weight, in `weight_unit`.
        volume: f64,
        /// `kg` or `lb`.
        weight_unit: String,
        /// The report's address, where it is not the web's own page for `workout_id`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
}

impl EmailMessage {
    /// The address that the mail goes to; also the message's key.
    #[must_use]
    pub fn email(&self) -> &str {
        match self {
            Self::Welcome { email, .. } | Self::WorkoutCompleted { email, .. } => email,
        }
    }

    /// The `type` of its JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Welcome { .. } => "welcome",
            Self::WorkoutCompleted { .. } => "workout_completed",
        }
    }
}

fn english() -> String {
    "en".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(value: serde_json::Value) -> EmailMessage {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn reads_a_welcome_of_the_backend_before_this_one() {
        let message = parse(json!({"type":"welcome","payload":{"email":"a@b.c","name":"Ann"}}));
        let expected = EmailMessage::Welcome {
            email: "a@b.c".into(),
            name: "Ann".into(),
            language: "en".into(),
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn a_name_may_be_missing() {
        let message = parse(json!({"type":"welcome","payload":{"email":"a@b.c","language":"ru"}}));
        let expected = EmailMessage::Welcome {
            email: "a@b.c".into(),
            name: String::new(),
            language: "ru".into(),
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn a_finished_workout_keeps_its_json() {
        let json = json!({
            "type": "workout_completed",
            "payload": {
                "email": "a@b.c",
                "name": "Ann",
                "language": "ru",
                "workout_id": "0192f0c1-2345-7abc-8def-0123456789ab",
                "finished_at": "2026-03-01T18:30:00Z",
                "duration_seconds": 3725,
                "exercises": 5,
                "sets": 18,
                "reps": 144,
                "volume": 4210.5,
                "weight_unit": "kg",
            }
        });
        let message = parse(json.clone());
        assert_eq!(message.email(), "a@b.c");
        assert_eq!(message.kind(), "workout_completed");
        assert_eq!(serde_json::to_value(message).unwrap(), json);
    }
}
