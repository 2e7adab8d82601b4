//! Every operation of the contract: with a good request, with a bad field, on what is another
//! person's, and without a token.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use setwise_e2e::PASSWORD;

use crate::{
    api::{Api, text},
    contract::{self, Operation},
    person::{FinishedWorkout, Person, new_address},
    stack::Shared,
};

/// One call of one operation.
struct Case {
    name: &'static str,
    /// Ids for the parameters of the path, in order.
    ids: Vec<String>,
    query: &'static str,
    /// A query that is refused, and the parameter at fault.
    bad_query: &'static str,
    good: Value,
    /// A body that is refused, and the field at fault; null where every body is taken.
    bad: Value,
    bad_field: &'static str,
}

fn case(name: &'static str, ids: &[&str]) -> Case {
    Case {
        name,
        ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        query: "",
        bad_query: "",
        good: Value::Null,
        bad: Value::Null,
        bad_field: "",
    }
}

impl Case {
    fn good(self, good: Value) -> Self {
        Self { good, ..self }
    }

    fn bad(self, bad_field: &'static str, bad: Value) -> Self {
        Self {
            bad,
            bad_field,
            ..self
        }
    }

    fn query(self, query: &'static str) -> Self {
        Self { query, ..self }
    }

    fn bad_query(self, bad_field: &'static str, bad_query: &'static str) -> Self {
        Self {
            bad_query,
            bad_field,
            ..self
        }
    }

    /// The path with a query.
    fn path(&self, operation: &Operation, query: &str) -> String {
        let mut ids = self.ids.iter();
        let segments = operation.path.split('/').map(|segment| {
            if segment.starts_with('{') {
                ids.next().expect("an id for each parameter")
            } else {
                segment
            }
        });
        let path = segments.collect::<Vec<_>>().join("/");
        format!("{path}{query}")
    }
}

/// What the person of the test has, made before the calls.
struct World {
    tokens: Value,
    user: String,
    muscle_group: String,
    exercise: String,
    own_exercise: String,
    routine: String,
    instances: [String; 2],
    set: String,
    workout: String,
    log: String,
    set_log: String,
    empty: String,
    finished: FinishedWorkout,
}

impl World {
    async fn of(person: &Person) -> Self {
        let api = &person.api;
        let muscle_groups = api.get("/v1/muscle_groups").await;
        let muscle_group = text(&muscle_groups, "muscleGroups.0.id");
        let exercise = person.exercise().await;
        let own = json!({ "name": "Mine", "targetMuscleGroupIds": [muscle_group] });
        let own_exercise = text(&api.post("/v1/exercises", own).await, "exercise.id");
        let routine = api.post("/v1/routines", json!({ "name": "Push" })).await;
        let routine = text(&routine, "routine.id");
        let path = format!("/v1/routines/{routine}/exercises");
        let mut instances = [const { String::new() }; 2];
        for (instance, exercise) in instances.iter_mut().zip([&exercise, &own_exercise]) {
            let added = api.post(&path, json!({ "exerciseId": exercise })).await;
            *instance = text(&added, "exerciseInstance.id");
        }
        let path = format!(
            "/v1/routines/{routine}/exercise_instances/{}/sets",
            instances[0]
        );
        let planned = json!({ "setType": "SET_TYPE_WEIGHT", "reps": 5, "weight": 60 });
        let set = text(&api.post(&path, planned).await, "set.id");
        let (workout, log) = person.workout().await;
        let path = format!("/v1/workouts/{workout}/log/exercise/{log}/set");
        let set_log = api.post(&path, json!({ "reps": 5, "weight": 60 })).await;
        let empty = api.post("/v1/workouts", json!({})).await;
        Self {
            tokens: person.tokens.clone(),
            user: person.id.clone(),
            muscle_group,
            exercise,
            own_exercise,
            routine,
            instances,
            set,
            workout,
            log,
            set_log: text(&set_log, "setLog.id"),
            empty: text(&empty, "workout.id"),
            finished: person.finished_workout().await,
        }
    }

    /// Calls in an order in which nothing is asked for after it was deleted.
    fn cases(&self) -> Vec<Case> {
        let mut cases = self.user_cases();
        cases.extend(self.exercise_cases());
        cases.extend(self.workout_cases());
        cases.extend(self.routine_cases());
        let logout = json!({ "refreshToken": self.tokens["refreshToken"] });
        cases.push(
            case("auth.logout", &[])
                .good(logout)
                .bad("refreshToken", json!({ "refreshToken": "" })),
        );
        cases
    }

    fn user_cases(&self) -> Vec<Case> {
        let email = new_address();
        vec![
            case("user.createUser", &[])
                .good(json!({
                    "email": email, "password": PASSWORD, "firstName": "Anna", "height": 170.5,
                    "weight": "65", "dateOfBirth": "1990-05-01T00:00:00Z",
                }))
                .bad("email", json!({ "email": "nobody", "password": PASSWORD })),
            case("auth.login", &[])
                .good(json!({ "email": email, "password": PASSWORD }))
                .bad("password", json!({ "email": email })),
            case("auth.refresh", &[])
                .good(json!({ "tokens": self.tokens }))
                .bad("tokens.refreshToken", json!({ "tokens": { "accessToken": "a" } })),
            case("user.getMe", &[]),
            case("user.getUser", &[&self.user]),
            case("user.updateUser", &[])
                .good(json!({ "first_name": "Anna", "profilePictureUrl": "https://example.org/a.png" }))
                .bad("height", json!({ "height": -1 })),
            case("user.getWorkoutGenerationSettings", &[]),
            case("user.updateWorkoutGenerationSettings", &[])
                .good(json!({
                    "daysPerWeek": 3, "primaryGoal": "GOAL_STRENGTH",
                    "priorityMuscleGroupsIds": [self.muscle_group],
                }))
                .bad("daysPerWeek", json!({ "daysPerWeek": 99 })),
            case("file.presignUpload", &[])
                .good(json!({ "filename": "me.png", "contentType": "image/png" }))
                .bad("contentType", json!({ "filename": "me.png" })),
        ]
    }

    fn exercise_cases(&self) -> Vec<Case> {
        let own = &self.own_exercise;
        vec![
            case("exercise.getMuscleGroups", &[]),
            case("exercise.getExercises", &[]),
            case("exercise.createExercise", &[])
                .good(json!({ "name": "Mine too", "description": "Up.", "videoUrl": "" }))
                .bad("name", json!({ "name": "" })),
            case("exercise.getExerciseDetail", &[own]),
            case("exercise.getExerciseAlternatives", &[own]),
            case("exercise.getExerciseHistory", &[own])
                .query("?limit=2")
                .bad_query("offset", "?offset=-1"),
        ]
    }

    fn workout_cases(&self) -> Vec<Case> {
        let (workout, log, set) = (&*self.workout, &*self.log, &*self.set_log);
        let finished = &*self.finished.workout;
        vec![
            case("workout.getWorkouts", &[])
                .query("?offset=0&limit=2")
                .bad_query("limit", "?limit=ten"),
            case("workout.getActiveWorkouts", &[]),
            case("workout.startWorkout", &[])
                .good(json!({ "routineId": self.routine, "userPrompt": "" }))
                .bad("generateWorkout", json!({ "generateWorkout": "maybe" })),
            case("workout.getWorkout", &[workout]),
            case("workout.generateWorkout", &[&self.empty])
                .good(json!({}))
                .bad("userPrompt", json!({ "userPrompt": 5 })),
            case("workout.logExercise", &[workout])
                .good(json!({ "exerciseId": self.exercise }))
                .bad("exerciseId", json!({})),
            case("workout.getExerciseLogDetails", &[workout, log]),
            case("workout.addNotesToExerciseLog", &[workout, log])
                .good(json!({ "notes": "easy" }))
                .bad("notes", json!({ "notes": 5 })),
            case("workout.addPowerRatingToExerciseLog", &[workout, log])
                .good(json!({ "powerRating": 10 }))
                .bad("powerRating", json!({ "powerRating": 11 })),
            case("workout.updateExerciseLogWeightUnit", &[workout, log])
                .good(json!({ "weightUnit": "WEIGHT_UNIT_LB" }))
                .bad(
                    "weightUnit",
                    json!({ "weightUnit": "WEIGHT_UNIT_UNSPECIFIED" }),
                ),
            case("workout.logSet", &[workout, log])
                .good(json!({ "reps": "8", "weight": 0, "time": "1.5s" }))
                .bad("reps", json!({ "reps": 0, "weight": 60 })),
            case("workout.updateSetLog", &[workout, log, set])
                .good(json!({ "weight": 62.5 }))
                .bad("weight", json!({ "weight": -1 })),
            case("workout.deleteSetLog", &[workout, log, set]),
            case("workout.deleteExerciseLog", &[workout, log]),
            case("workout.completeWorkout", &[workout]).good(json!({})),
            case("workout.rateWorkout", &[finished])
                .good(json!({ "rating": 5 }))
                .bad("rating", json!({ "rating": 6 })),
            case("workout.addCommentToWorkout", &[finished])
                .good(json!({ "comment": "good" }))
                .bad("comment", json!({ "comment": [] })),
            case("workout.getWorkoutReport", &[finished]),
            case("workout.deleteWorkout", &[finished]),
        ]
    }

    fn routine_cases(&self) -> Vec<Case> {
        let [first, second] = &self.instances;
        let (routine, set) = (&*self.routine, &*self.set);
        vec![
            case("routine.getRoutines", &[]),
            case("routine.createRoutine", &[])
                .good(json!({ "name": "Pull", "workoutId": self.workout }))
                .bad("name", json!({ "name": null })),
            case("routine.getRoutineDetail", &[routine]),
            case("routine.updateRoutine", &[routine])
                .good(json!({ "description": "three times a week" }))
                .bad("name", json!({ "name": " " })),
            case("routine.setExerciseOrder", &[routine])
                .good(json!({ "exercise_instance_ids": [second, first] }))
                .bad(
                    "exerciseInstanceIds",
                    json!({ "exerciseInstanceIds": [first] }),
                ),
            case("routine.addExerciseToRoutine", &[routine])
                .good(json!({ "exerciseId": self.exercise }))
                .bad("exerciseId", json!({ "exerciseId": "" })),
            case("routine.getExerciseInstanceDetails", &[routine, first]),
            case("routine.addSetToExerciseInstance", &[routine, first])
                .good(json!({ "setType": "SET_TYPE_TIME", "time": "90s", "reps": 0, "weight": 0 }))
                .bad(
                    "setType",
                    json!({ "setType": "SET_TYPE_UNSPECIFIED", "reps": 5 }),
                ),
            case(
                "routine.updateSetInExerciseInstance",
                &[routine, first, set],
            )
            .good(json!({ "setType": "SET_TYPE_REPS", "reps": 12 }))
            .bad("reps", json!({ "setType": "SET_TYPE_REPS", "reps": -1 })),
            case(
                "routine.removeSetFromExerciseInstance",
                &[routine, first, set],
            ),
            case(
                "routine.removeExerciseInstanceFromRoutine",
                &[routine, first],
            ),
            case("routine.deleteRoutine", &[routine]),
        ]
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_keeps_the_contract() {
    let stack = Shared::stack();
    let (person, stranger) = (
        Person::register(&stack).await,
        Person::register(&stack).await,
    );
    let world = World::of(&person).await;
    let operations = contract::operations();
    let mut called = BTreeSet::new();
    for case in world.cases() {
        let operation = &operations[case.name];
        let path = case.path(operation, case.query);
        refuses(&case, operation, &path, &person.api, &stranger.api).await;
        let answer = person.api.call(operation.method, &path, &case.good).await;
        let answer = answer.ok();
        contract::check(operation.ok, &answer);
        if operation.method == "GET" {
            let alias = format!("/api{path}");
            assert_eq!(person.api.get(&alias).await, answer, "{alias}");
        }
        called.insert(case.name);
    }
    assert_eq!(called, operations.keys().copied().collect());
}

/// What is refused before the good call, and must not have changed a thing.
async fn refuses(case: &Case, operation: &Operation, path: &str, api: &Api, stranger: &Api) {
    let method = operation.method;
    if operation.needs_token {
        let nobody = api.without_token();
        nobody
            .call(method, path, &case.good)
            .await
            .unauthenticated();
        let forged = api.with_token("not.a.token");
        forged
            .call(method, path, &case.good)
            .await
            .unauthenticated();
    }
    if operation.has_body {
        api.call_with(method, path, "{").await.invalid();
    }
    let is_wrong = !case.bad.is_null() || !case.bad_query.is_empty();
    assert_eq!(is_wrong, operation.has_fields, "{}", case.name);
    if is_wrong {
        let path = case.path(operation, case.bad_query);
        let message = api.call(method, &path, &case.bad).await.invalid();
        assert!(
            message.starts_with(&format!("{}: ", case.bad_field)),
            "{message}"
        );
    }
    assert_eq!(case.ids.is_empty(), !operation.path.contains('{'));
    if !case.ids.is_empty() {
        stranger.call(method, path, &case.good).await.not_found();
        for unknown in ["00000000-0000-7000-8000-000000000000", "nonsense"] {
            let unknown = Case {
                ids: vec![unknown.to_owned(); case.ids.len()],
                good: Value::Null,
                bad: Value::Null,
                ..*case
            };
            let path = unknown.path(operation, "");
            api.call(method, &path, &case.good).await.not_found();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_ids_in_a_body_are_not_found() {
    let stack = Shared::stack();
    let (person, stranger) = (
        Person::register(&stack).await,
        Person::register(&stack).await,
    );
    let world = World::of(&person).await;
    let (workout, _) = stranger.workout().await;
    let routine = stranger
        .api
        .post("/v1/routines", json!({ "name": "Own" }))
        .await;
    let routine = text(&routine, "routine.id");
    let own_exercise = json!({ "exerciseId": world.own_exercise });
    for (path, body) in [
        (
            "/v1/workouts".to_owned(),
            json!({ "routineId": world.routine }),
        ),
        (
            "/v1/routines".to_owned(),
            json!({ "name": "Stolen", "workoutId": world.workout }),
        ),
        (
            format!("/v1/workouts/{workout}/log/exercise"),
            own_exercise.clone(),
        ),
        (format!("/v1/routines/{routine}/exercises"), own_exercise),
    ] {
        stranger.api.call("POST", &path, &body).await.not_found();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_found_below_its_own_parent_only() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let world = World::of(&person).await;
    let other = text(
        &person
            .api
            .post("/v1/routines", json!({ "name": "Other" }))
            .await,
        "routine.id",
    );
    let instance = &world.instances[0];
    for (method, path, body) in [
        (
            "GET",
            format!("/v1/routines/{other}/exercise_instances/{instance}"),
            Value::Null,
        ),
        (
            "DELETE",
            format!("/v1/routines/{other}/exercise_instances/{instance}"),
            Value::Null,
        ),
        (
            "GET",
            format!("/v1/workouts/{}/log/exercise/{}", world.empty, world.log),
            Value::Null,
        ),
        (
            "POST",
            format!(
                "/v1/workouts/{}/log/exercise/{}/set",
                world.empty, world.log
            ),
            json!({ "reps": 5 }),
        ),
    ] {
        person.api.call(method, &path, &body).await.not_found();
    }
}
