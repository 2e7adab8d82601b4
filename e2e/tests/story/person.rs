use serde_json::{Value, json};
use setwise_e2e::{PASSWORD, Stack};
use uuid::Uuid;

use crate::api::{Api, text};

/// Somebody who has registered and signed in over `/v1`.
pub struct Person {
    pub id: String,
    pub email: String,
    pub tokens: Value,
    pub api: Api,
}

/// An address that nobody has yet.
pub fn new_address() -> String {
    format!("{}@example.org", Uuid::now_v7().simple())
}

impl Person {
    pub async fn register(stack: &Stack) -> Self {
        let api = Api::new(stack);
        let email = new_address();
        let sign_in = json!({ "email": email, "password": PASSWORD });
        let created = api.post("/v1/users", sign_in.clone()).await;
        let tokens = api.post("/v1/auth/login", sign_in).await["tokens"].take();
        Self {
            id: text(&created, "user.id"),
            api: api.with_token(&text(&tokens, "accessToken")),
            email,
            tokens,
        }
    }

    /// Some exercise of the catalogue that takes repetitions and a weight.
    pub async fn exercise(&self) -> String {
        let exercises = self.api.get("/v1/exercises").await;
        text(&exercises, "exercises.0.id")
    }

    /// A workout with one exercise: their ids.
    pub async fn workout(&self) -> (String, String) {
        let workout = self.api.post("/v1/workouts", json!({})).await;
        let workout = text(&workout, "workout.id");
        let exercise = json!({ "exerciseId": self.exercise().await });
        let path = format!("/v1/workouts/{workout}/log/exercise");
        let log = self.api.post(&path, exercise).await;
        (workout, text(&log, "id"))
    }

    /// A workout with one exercise and one set, finished.
    pub async fn finished_workout(&self) -> FinishedWorkout {
        let (workout, log) = self.workout().await;
        let set = format!("/v1/workouts/{workout}/log/exercise/{log}/set");
        let set = self
            .api
            .post(&set, json!({ "reps": 5, "weight": 60 }))
            .await;
        let complete = format!("/v1/workouts/{workout}/complete");
        self.api.post(&complete, json!({})).await;
        FinishedWorkout {
            workout,
            log,
            set: text(&set, "setLog.id"),
        }
    }
}

/// The ids of a finished workout and what is in it.
pub struct FinishedWorkout {
    pub workout: String,
    pub log: String,
    pub set: String,
}
