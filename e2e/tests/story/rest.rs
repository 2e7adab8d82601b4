//! The story over `/v1`, as a client of the old system tells it.

use serde_json::{Value, json};
use setwise_e2e::PASSWORD;

use crate::{
    api::{Api, text},
    person::{Person, new_address},
    stack::Shared,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_trains_over_rest() {
    let stack = Shared::stack();
    let api = Api::new(&stack);
    let email = new_address();
    let registration = json!({ "email": email, "password": PASSWORD, "firstName": "Anna" });
    let user = api.post("/v1/users", registration).await;
    assert_eq!(user["user"]["firstName"], "Anna");
    stack.mail(&email, "Welcome to Setwise").await;

    let sign_in = json!({ "email": email, "password": PASSWORD });
    let tokens = api.post("/api/v1/auth/login", sign_in).await;
    let api = api.with_token(&text(&tokens, "tokens.accessToken"));
    assert_eq!(api.get("/v1/users/me").await, user);

    let exercises = choose_exercises(&api).await;
    let routine = build_routine(&api, &exercises).await;
    let workout = train(&api, &routine, &exercises).await;
    stack.mail(&email, "Workout finished").await;
    look_back(&api, &workout, &exercises).await;
}

/// Two exercises for the same muscle group.
async fn choose_exercises(api: &Api) -> [String; 2] {
    let groups = api.get("/v1/muscle_groups").await;
    let (group, name) = (
        text(&groups, "muscleGroups.0.id"),
        &groups["muscleGroups"][0]["name"],
    );
    let found = api
        .get(&format!("/v1/exercises?muscleGroupIds={group}"))
        .await;
    let found = found["exercises"].as_array().unwrap();
    assert!(found.len() > 1);
    for exercise in found {
        let groups = exercise["targetMuscleGroups"].as_array().unwrap();
        assert!(groups.contains(name), "{exercise}");
    }
    let [first, second] = [0, 1].map(|index| text(&found[index], "id"));
    let others = format!("/v1/exercises?muscle_group_ids[]={group}&excludeExerciseIds[]={first}");
    let others = api.get(&others).await;
    assert_eq!(
        others["exercises"].as_array().unwrap().len(),
        found.len() - 1
    );

    let alternatives = api
        .get(&format!("/v1/exercises/{first}/alternatives"))
        .await;
    let alternatives = alternatives["alternatives"].as_array().unwrap();
    assert!(!alternatives.is_empty());
    let groups = found[0]["targetMuscleGroups"].as_array().unwrap();
    for alternative in alternatives {
        assert_ne!(alternative["id"], first);
        let theirs = alternative["targetMuscleGroups"].as_array().unwrap();
        assert!(
            theirs.iter().any(|name| groups.contains(name)),
            "{alternative}"
        );
    }
    [first, second]
}

/// A routine of both exercises, the second first, with two sets of the first.
async fn build_routine(api: &Api, exercises: &[String; 2]) -> String {
    let routine = json!({ "name": "Strong", "description": "Twice a week" });
    let routine = text(&api.post("/v1/routines", routine).await, "routine.id");
    let mut instances = Vec::new();
    for exercise in exercises {
        let path = format!("/v1/routines/{routine}/exercises");
        let added = api.post(&path, json!({ "exerciseId": exercise })).await;
        instances.push(text(&added, "exerciseInstance.id"));
    }
    let sets = format!(
        "/v1/routines/{routine}/exercise_instances/{}/sets",
        instances[0]
    );
    for weight in [100.0, 102.5] {
        let set =
            json!({ "setType": "SET_TYPE_WEIGHT", "reps": 5, "weight": weight, "time": "0s" });
        let set = api.post(&sets, set).await;
        assert_eq!(set["set"]["weight"].as_f64(), Some(weight), "{set}");
        assert_eq!(set["set"]["time"], Value::Null, "{set}");
    }
    instances.reverse();
    let order = format!("/v1/routines/{routine}/exercise_instances/order");
    api.post(&order, json!({ "exerciseInstanceIds": instances }))
        .await;

    let detail = api.get(&format!("/v1/routines/{routine}")).await;
    assert_eq!(detail["routine"]["exerciseCount"], 2);
    let ids = |key: &str| [0, 1].map(|at| text(&detail, &format!("exerciseInstances.{at}.{key}")));
    assert_eq!(ids("exerciseInstance.id").to_vec(), instances);
    assert_eq!(
        ids("exercise.id"),
        [exercises[1].clone(), exercises[0].clone()]
    );
    routine
}

async fn train(api: &Api, routine: &str, exercises: &[String; 2]) -> String {
    let workout = api
        .post("/v1/workouts", json!({ "routineId": routine }))
        .await;
    assert_eq!(workout["workout"]["routineId"], routine);
    assert_eq!(workout["workout"]["finishedAt"], Value::Null);
    let workout = text(&workout, "workout.id");
    let active = api.get("/v1/workouts/active").await;
    assert_eq!(text(&active, "workouts.0.id"), workout);

    let detail = api.get(&format!("/v1/workouts/{workout}")).await;
    let logs = detail["exerciseLogs"].as_array().unwrap();
    assert_eq!(text(&logs[0], "exerciseLog.exerciseId"), exercises[1]);
    assert_eq!(text(&logs[1], "exercise.id"), exercises[0]);
    let expected = logs[1]["expectedSets"].as_array().unwrap();
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[1]["weight"], json!(102.5));
    assert_eq!(expected[0]["exerciseLogId"], logs[1]["exerciseLog"]["id"]);

    let log = text(&logs[1], "exerciseLog.id");
    let log = format!("/v1/workouts/{workout}/log/exercise/{log}");
    for (reps, weight) in [(5, 100.0), (4, 102.5)] {
        let set = json!({ "reps": reps, "weight": weight });
        let (key, path) = (format!("{reps} times"), format!("{log}/set"));
        let logged = api.post_once(&key, &path, &set).await;
        let weight_logged = logged["setLog"]["weight"].as_f64();
        assert_eq!(weight_logged, Some(weight), "{logged}");
        let quoted = format!("\"{key}\"");
        let again = api.post_once(&quoted, &path, &set).await;
        assert_eq!(again, logged, "applied once");
    }
    let timed = text(&logs[0], "exerciseLog.id");
    let timed = format!("/v1/workouts/{workout}/log/exercise/{timed}/set");
    let set = api.post(&timed, json!({ "time": "90.500s" })).await;
    assert_eq!(set["setLog"]["time"], "90.500s");
    assert_eq!(set["setLog"]["reps"], 0);

    api.post(&format!("{log}/notes"), json!({ "notes": "heavy" }))
        .await;
    api.post(&format!("{log}/power_rating"), json!({ "powerRating": 8 }))
        .await;
    let details = api.get(&log).await;
    let details = &details["exerciseLogDetails"];
    assert_eq!(details["exerciseLog"]["notes"], "heavy");
    assert_eq!(details["exerciseLog"]["powerRating"], 8);
    assert_eq!(details["exerciseLog"]["weightUnit"], "WEIGHT_UNIT_KG");
    assert_eq!(details["setLogs"].as_array().unwrap().len(), 2);

    let done = format!("/v1/workouts/{workout}/complete");
    assert_eq!(api.call_with("POST", &done, "").await.ok(), json!({}));
    workout
}

async fn look_back(api: &Api, workout: &str, exercises: &[String; 2]) {
    let report = api.get(&format!("/v1/workouts/{workout}/report")).await;
    let expected = json!({
        "totalSets": 3, "totalReps": 9, "totalWeight": 5 * 100 + 4 * 102 + 2, "totalTime": "90.500s",
    });
    assert_eq!(report["additionalInfo"], expected);
    assert_eq!(report["exerciseLogs"].as_array().unwrap().len(), 2);
    assert!(report["workout"]["finishedAt"].is_string());

    let rated = api
        .post(
            &format!("/v1/workouts/{workout}/rate"),
            json!({ "rating": 4 }),
        )
        .await;
    assert_eq!(rated["workout"]["rating"], 4);
    let path = format!("/v1/workouts/{workout}/comment");
    let commented = api.post(&path, json!({ "comment": "Good day" })).await;
    assert_eq!(commented["workout"]["notes"], "Good day");

    let history = api
        .get(&format!("/v1/exercises/{}/history", exercises[0]))
        .await;
    assert_eq!(
        text(&history, "exerciseLogs.0.exerciseLog.workoutId"),
        workout
    );
    assert_eq!(history["exerciseLogs"][0]["setLogs"][1]["reps"], 4);
    let active = api.get("/v1/workouts/active").await;
    assert_eq!(active, json!({ "workouts": [] }));

    let copy = json!({ "name": "As done", "workoutId": workout });
    let copy = text(&api.post("/v1/routines", copy).await, "routine.id");
    let copy = api.get(&format!("/v1/routines/{copy}")).await;
    let sets = copy["exerciseInstances"][1]["sets"].as_array().unwrap();
    let numbers: Vec<_> = sets
        .iter()
        .map(|set| (&set["reps"], &set["weight"]))
        .collect();
    assert_eq!(
        numbers,
        [(&json!(5), &json!(100)), (&json!(4), &json!(102.5))]
    );
    assert_eq!(copy["exerciseInstances"][0]["sets"][0]["time"], "90.500s");
    assert_eq!(
        copy["exerciseInstances"][0]["sets"][0]["setType"],
        "SET_TYPE_TIME"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_newest_first_and_cut() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let exercise = person.exercise().await;
    let mut workouts = Vec::new();
    for _ in 0..3 {
        workouts.insert(0, person.finished_workout().await.workout);
    }
    let ids = |list: Value, path: &str| -> Vec<String> {
        let list = list.as_object().unwrap().values().next().unwrap().clone();
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| text(one, path))
            .collect()
    };
    let all = person.api.get("/v1/workouts").await;
    assert_eq!(ids(all, "workout.id"), workouts);
    let some = person.api.get("/v1/workouts?offset=1&limit=1").await;
    assert_eq!(ids(some, "workout.id"), workouts[1..2]);
    let history = format!("/v1/exercises/{exercise}/history?offset=1&limit=5");
    let history = person.api.get(&history).await;
    assert_eq!(ids(history, "exerciseLog.workoutId"), workouts[1..]);
    for window in ["limit=-1", "offset=-1", "limit=ten", "offset=99999999999"] {
        let path = format!("/v1/workouts?{window}");
        person.api.call("GET", &path, &Value::Null).await.invalid();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_generation_begin_with_defaults_and_keep_what_is_given() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let path = "/v1/users/workout_generation_settings";
    let before = person.api.get(path).await["settings"].take();
    assert_ne!(before["primaryGoal"], "GOAL_UNSPECIFIED");
    let groups = person.api.get("/v1/muscle_groups").await;
    let group = text(&groups, "muscleGroups.0.id");
    let change = json!({
        "basePrompt": "no barbell", "primaryGoal": "GOAL_ENDURANCE", "daysPerWeek": "4",
        "secondaryGoals": ["posture"], "priority_muscle_groups_ids": [group],
        "experienceLevel": "EXPERIENCE_LEVEL_UNSPECIFIED",
    });
    assert_eq!(person.api.put(path, change).await, json!({}));
    let after = person.api.get(path).await["settings"].take();
    assert_eq!(after["basePrompt"], "no barbell");
    assert_eq!(after["primaryGoal"], "GOAL_ENDURANCE");
    assert_eq!(after["daysPerWeek"], 4);
    assert_eq!(after["secondaryGoals"], json!(["posture"]));
    assert_eq!(after["priorityMuscleGroupsIds"], json!([group]));
    assert_eq!(after["experienceLevel"], before["experienceLevel"]);
    assert_eq!(after["workoutPlanType"], before["workoutPlanType"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_keeps_what_is_not_given() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let unset = person.api.get("/v1/users/me").await["user"].take();
    assert_eq!(unset["firstName"], "");
    assert_eq!(unset["height"], 0);
    assert_eq!(unset["dateOfBirth"], Value::Null);
    assert_eq!(unset["hasCompletedOnboarding"], false);
    let change = json!({
        "height": 170.5, "weight": "65", "date_of_birth": "1990-05-01T02:00:00+02:00",
        "lastName": null, "unknown": {},
    });
    person.api.put("/v1/users", change).await;
    let change = json!({ "firstName": "Anna" });
    let user = person.api.put("/v1/users", change).await["user"].take();
    assert_eq!(user["firstName"], "Anna");
    assert_eq!(user["height"], json!(170.5));
    assert_eq!(user["weight"], 65);
    assert_eq!(user["dateOfBirth"], "1990-05-01T00:00:00Z");
    assert_eq!(user["hasCompletedOnboarding"], true);
    for (field, value) in [
        ("firstName", json!("")),
        ("weight", json!(0)),
        ("height", json!("tall")),
        ("profilePictureUrl", json!("not a uri")),
        ("dateOfBirth", json!("yesterday")),
    ] {
        let message = person
            .api
            .call("PUT", "/v1/users", &json!({ field: value }))
            .await
            .invalid();
        assert!(message.starts_with(field), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generated_workout_has_exercises() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let request = json!({ "generateWorkout": true, "userPrompt": "legs" });
    let workout = person.api.post("/v1/workouts", request).await;
    assert_eq!(workout["workout"]["isAiGenerated"], true);
    let id = text(&workout, "workout.id");
    let path = format!("/v1/workouts/{id}");
    let done = setwise_testkit::eventually(
        "a generated workout",
        setwise_e2e::MAIL_DEADLINE,
        async || {
            let workout = person.api.get(&path).await;
            let status = text(&workout, "workout.generationStatus");
            (status != "GENERATION_STATUS_RUNNING").then_some(workout)
        },
    )
    .await;
    assert_eq!(
        text(&done, "workout.generationStatus"),
        "GENERATION_STATUS_COMPLETED"
    );
    assert!(!done["exerciseLogs"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn past_its_limit_generation_says_when_to_come_back() {
    const GENERATE: &str = r#"{ "generateWorkout": true }"#;
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    for _ in 0..5 {
        let started = person.api.send("POST", "/v1/workouts", GENERATE).await;
        assert_eq!(started.status().as_u16(), 200);
    }
    let refused = person.api.send("POST", "/v1/workouts", GENERATE).await;
    assert_eq!(refused.status().as_u16(), 429);
    let retry_after = refused.headers()["retry-after"].to_str().unwrap();
    let seconds: u32 = retry_after.parse().unwrap();
    assert!((1..=24 * 60 * 60).contains(&seconds), "{seconds}");
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["code"], 8, "{body}");
}
