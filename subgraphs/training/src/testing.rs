//! What the feature tests share: one person at the graph of a fresh database.

use async_graphql::{Request, Variables};
use futures_util::{StreamExt as _, stream::BoxStream};
use serde_json::{Value, json};
use setwise_auth::Viewer;
use setwise_graphql::RequestContext;
use setwise_service::Locale;
use sqlx::PgPool;
use uuid::Uuid;

/// What somebody who follows hears.
pub(crate) type Events = BoxStream<'static, Value>;

/// A person who talks to the graph.
#[derive(Clone)]
pub(crate) struct Person {
    pool: PgPool,
    schema: crate::TrainingSchema,
    live: crate::workout::Live,
    pub(crate) id: Uuid,
}

impl Person {
    pub(crate) fn new(pool: &PgPool) -> Self {
        let state = crate::State::for_tests(pool.clone());
        Self {
            pool: pool.clone(),
            live: state.live.clone(),
            schema: crate::schema(state),
            id: Uuid::now_v7(),
        }
    }

    /// Somebody else, at the same graph.
    pub(crate) fn somebody_else(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            schema: self.schema.clone(),
            live: self.live.clone(),
            id: Uuid::now_v7(),
        }
    }

    pub(crate) async fn execute(
        &self,
        query: &str,
        variables: Value,
        locale: Locale,
    ) -> async_graphql::Response {
        self.schema
            .execute(self.request(query, variables, locale))
            .await
    }

    fn request(&self, query: &str, variables: Value, locale: Locale) -> Request {
        let viewer = Viewer {
            user_id: self.id,
            session_id: Uuid::now_v7(),
        };
        Request::new(query)
            .variables(Variables::from_json(variables))
            .data(RequestContext::for_viewer(viewer, locale))
    }

    /// What this person's screens follow.
    pub(crate) fn live(&self) -> crate::workout::Live {
        self.live.clone()
    }

    /// What happens to whoever subscribes.
    pub(crate) fn subscribe(&self, query: &str, variables: Value) -> Events {
        let request = self.request(query, variables, Locale::En);
        let events = self.schema.execute_stream(request);
        let data = events.map(|response| {
            assert!(response.errors.is_empty(), "{:?}", response.errors);
            response.data.into_json().unwrap()
        });
        data.boxed()
    }

    /// Follows a workout on a second screen.
    pub(crate) fn follow(&self, workout: &str) -> Events {
        const QUERY: &str = "subscription($id: ID!) { workoutUpdated(workoutId: $id) {
            finishedAt rating exerciseLogs { setLogs { reps } } } }";
        self.subscribe(QUERY, json!({ "id": workout }))
    }

    /// The data of an operation that has no top-level errors.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let response = self.execute(query, variables, Locale::En).await;
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        response.data.into_json().unwrap()
    }

    /// Runs a mutation with its input and returns the payload, `userErrors { code field message }` included.
    pub(crate) async fn change(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let mut chars = mutation.chars();
        let capital = chars.next().unwrap().to_ascii_uppercase();
        let input_type = format!("{capital}{}Input", chars.as_str());
        let query = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
        );
        let mut data = self.ask(&query, json!({ "input": input })).await;
        data[mutation].take()
    }

    /// Runs a mutation that must succeed.
    pub(crate) async fn succeed(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let payload = self.change(mutation, input.clone(), selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation} {input}");
        payload
    }

    /// The code of the one user error of a mutation that must be refused.
    pub(crate) async fn refusal(&self, mutation: &str, input: Value) -> String {
        let payload = self.change(mutation, input.clone(), "").await;
        let errors = payload["userErrors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{mutation} {input}: {payload}");
        errors[0]["code"].as_str().unwrap().to_owned()
    }

    /// The ids of some exercises of the catalogue.
    pub(crate) async fn exercises(&self, count: usize) -> Vec<String> {
        crate::exercise::catalogue::load(&self.pool).await.unwrap();
        let data = self
            .ask(
                "query($first: Int!) { exercises(first: $first) { nodes { id } } }",
                json!({ "first": count }),
            )
            .await;
        let nodes = data["exercises"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), count);
        nodes.iter().map(|node| text(&node["id"])).collect()
    }

    /// An exercise that only this person sees.
    pub(crate) async fn own_exercise(&self) -> String {
        let id = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO training.exercise (id, user_id, name_en, name_ru, description_en, description_ru, equipment, measurement, created_at, updated_at)
             VALUES ($1, $2, 'Own', 'Own', '', '', 'other', 'reps_weight', now(), now())",
        )
        .bind(id)
        .bind(self.id)
        .execute(&self.pool)
        .await
        .unwrap();
        id.to_string()
    }

    /// An exercise that only this person sees, whose weights are assistance.
    pub(crate) async fn assisted_exercise(&self) -> String {
        let id = self.own_exercise().await;
        let change = "UPDATE training.exercise SET measurement = 'assisted' WHERE id = $1::uuid";
        let change = sqlx::query(change).bind(&id);
        change.execute(&self.pool).await.unwrap();
        id
    }

    /// Starts an empty workout and returns its id.
    pub(crate) async fn start(&self) -> String {
        let payload = self
            .succeed(
                "startWorkout",
                json!({ "ifActive": "START_ANOTHER" }),
                "workout { id }",
            )
            .await;
        text(&payload["workout"]["id"])
    }

    /// Appends an exercise to a workout and returns the id of the exercise log.
    pub(crate) async fn log_exercise(&self, workout: &str, exercise: &str) -> String {
        let input = json!({ "workoutId": workout, "exerciseId": exercise });
        let payload = self
            .succeed("logExercise", input, "exerciseLog { id }")
            .await;
        text(&payload["exerciseLog"]["id"])
    }

    /// Logs repetitions with a weight and returns the id of the set log.
    pub(crate) async fn log_set(&self, workout: &str, log: &str, reps: i32, weight: f64) -> String {
        let input =
            json!({ "workoutId": workout, "exerciseLogId": log, "reps": reps, "weight": weight });
        let payload = self.succeed("logSet", input, "setLog { id }").await;
        text(&payload["setLog"]["id"])
    }

    /// Completes a workout.
    pub(crate) async fn complete(&self, workout: &str) {
        self.succeed(
            "completeWorkout",
            json!({ "workoutId": workout }),
            "workout { id }",
        )
        .await;
    }

    /// Creates an empty routine and returns its id.
    pub(crate) async fn routine(&self, name: &str) -> String {
        let payload = self
            .succeed("createRoutine", json!({ "name": name }), "routine { id }")
            .await;
        text(&payload["routine"]["id"])
    }

    /// Appends an exercise to a routine and returns the id of the exercise instance.
    pub(crate) async fn add_exercise(&self, routine: &str, exercise: &str) -> String {
        let input = json!({ "routineId": routine, "exerciseId": exercise });
        let payload = self
            .succeed("addExerciseToRoutine", input, "exerciseInstance { id }")
            .await;
        text(&payload["exerciseInstance"]["id"])
    }
}

/// The text of a JSON string.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not a string: {value}"))
        .to_owned()
}
