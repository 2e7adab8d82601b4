use std::time::Duration;

use chrono::Utc;
use serde_json::{Value, json};
use setwise_service::Locale;
use setwise_testkit::eventually;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::{
    exercise::catalogue,
    generation::{Worker, run, worker},
    testing::{Person, text},
};

const WORKOUT: &str = "query($id: ID!) { workout(id: $id) { isGenerated generationStatus reasoning
    exerciseLogs { exercise { id name } expectedSets { type reps weightKg timeSeconds } } } }";

async fn person(pool: &PgPool) -> Person {
    catalogue::load(pool).await.unwrap();
    Person::new(pool)
}

/// Lets a worker without a model do one job; false when there is none.
async fn work(pool: &PgPool) -> sqlx::Result<bool> {
    worker::work(pool, None, &CancellationToken::new()).await
}

async fn workout(person: &Person, id: &str) -> Value {
    let mut data = person.ask(WORKOUT, json!({ "id": id })).await;
    data["workout"].take()
}

async fn start_generated(person: &Person) -> String {
    let input = json!({ "generate": true, "ifActive": "START_ANOTHER" });
    let selection = "workout { id isGenerated generationStatus exerciseLogs { id } }";
    let started = person.succeed("startWorkout", input, selection).await;
    assert_eq!(started["workout"]["isGenerated"], true);
    assert_eq!(started["workout"]["generationStatus"], "RUNNING");
    assert_eq!(started["workout"]["exerciseLogs"], json!([]));
    text(&started["workout"]["id"])
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn everyone_has_settings(pool: PgPool) {
    let person = person(&pool).await;
    let query = "{ generationSettings { basePrompt varietyLevel primaryGoal secondaryGoals experienceLevel daysPerWeek
        sessionDurationMinutes injuries priorityMuscleGroups { slug } workoutPlanType equipment updatedAt } }";
    let first = person.ask(query, json!({})).await;
    let mut expected = first["generationSettings"].clone();
    expected["updatedAt"].take();
    assert_eq!(
        expected,
        json!({
            "basePrompt": "", "varietyLevel": 2, "primaryGoal": "MUSCLE_GAIN", "secondaryGoals": [],
            "experienceLevel": "BEGINNER", "daysPerWeek": 3, "sessionDurationMinutes": 60, "injuries": "",
            "priorityMuscleGroups": [], "workoutPlanType": "FULL_BODY", "equipment": [], "updatedAt": null,
        })
    );
    let again = person.ask(query, json!({})).await;
    assert_eq!(again, first, "the defaults are written down once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_what_is_given_changes(pool: PgPool) {
    let person = person(&pool).await;
    let groups = person.ask("{ muscleGroups { id slug } }", json!({})).await;
    let ids: Vec<_> = groups["muscleGroups"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|group| &group["id"])
        .collect();
    let selection = "settings { varietyLevel primaryGoal secondaryGoals injuries daysPerWeek priorityMuscleGroups { id }
        equipment }";
    let input = json!({
        "primaryGoal": "STRENGTH", "secondaryGoals": [" Run 10 km ", "", "Run 10 km"],
        "priorityMuscleGroupIds": [ids[1], ids[0], ids[1]], "equipment": ["EZ_BAR", "DUMBBELL", "EZ_BAR"],
    });
    person
        .succeed("updateGenerationSettings", input, selection)
        .await;
    let input = json!({ "injuries": "knee", "varietyLevel": 3, "daysPerWeek": null });
    let changed = person
        .succeed("updateGenerationSettings", input, selection)
        .await;
    assert_eq!(
        changed["settings"],
        json!({
            "varietyLevel": 3, "primaryGoal": "STRENGTH", "secondaryGoals": ["Run 10 km"], "injuries": "knee",
            "daysPerWeek": 3, "priorityMuscleGroups": [{ "id": ids[1] }, { "id": ids[0] }], "equipment": ["EZ_BAR", "DUMBBELL"],
        })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_settings_out_of_bounds(pool: PgPool) {
    let person = person(&pool).await;
    for input in [
        json!({ "varietyLevel": 0 }),
        json!({ "varietyLevel": 4 }),
        json!({ "daysPerWeek": 0 }),
        json!({ "daysPerWeek": 8 }),
        json!({ "sessionDurationMinutes": 9 }),
        json!({ "sessionDurationMinutes": 241 }),
        json!({ "sessionDurationMinutes": 100_000 }),
        json!({ "basePrompt": "x".repeat(2001) }),
        json!({ "injuries": "x".repeat(2001) }),
        json!({ "secondaryGoals": ["x".repeat(101)] }),
        json!({ "secondaryGoals": (0..11).map(|goal| goal.to_string()).collect::<Vec<_>>() }),
        json!({ "priorityMuscleGroupIds": ["0195d3a0-0000-7000-8000-000000000001"] }),
    ] {
        assert_eq!(
            person.refusal("updateGenerationSettings", input).await,
            "INVALID"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_fills_a_started_workout(pool: PgPool) {
    let person = person(&pool).await;
    let id = start_generated(&person).await;
    let shutdown = CancellationToken::new();
    let serve = run(pool.clone(), Worker::default(), None, shutdown.clone());
    let watch = async {
        let filled = eventually(
            "the workout is filled",
            Duration::from_secs(10),
            async || {
                let workout = workout(&person, &id).await;
                (workout["generationStatus"] == "COMPLETED").then_some(workout)
            },
        )
        .await;
        shutdown.cancel();
        filled
    };
    let (served, filled) = tokio::join!(serve, watch);
    served.unwrap();
    let logs = filled["exerciseLogs"].as_array().unwrap();
    assert!((5..=8).contains(&logs.len()));
    for log in logs {
        assert!(!log["expectedSets"].as_array().unwrap().is_empty(), "{log}");
    }
    assert!(text(&filled["reasoning"]).starts_with("Today is for the whole body."));
    assert!(!work(&pool).await.unwrap(), "nothing is left to do");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_with_exercises_gets_others_too(pool: PgPool) {
    let person = person(&pool).await;
    let exercise = person.exercises(1).await.remove(0);
    let id = person.start().await;
    person.log_exercise(&id, &exercise).await;
    let input = json!({ "workoutId": id, "prompt": "legs, my shoulder hurts" });
    person
        .succeed("generateWorkout", input, "workout { generationStatus }")
        .await;
    assert!(work(&pool).await.unwrap());
    let filled = workout(&person, &id).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    let logs = filled["exerciseLogs"].as_array().unwrap();
    assert!(logs.len() > 5);
    let same = logs
        .iter()
        .filter(|log| log["exercise"]["id"] == exercise.as_str());
    assert_eq!(same.count(), 1);
    assert!(text(&filled["reasoning"]).contains("spared"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_reasoning_is_in_the_language_of_the_request(pool: PgPool) {
    let person = person(&pool).await;
    let query = "mutation { startWorkout(input: { generate: true }) { workout { id } userErrors { code } } }";
    let response = person.execute(query, json!({}), Locale::Ru).await;
    let data = response.data.into_json().unwrap();
    assert!(work(&pool).await.unwrap());
    let filled = workout(&person, &text(&data["startWorkout"]["workout"]["id"])).await;
    assert!(
        text(&filled["reasoning"]).starts_with("Сегодня"),
        "{filled}"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_an_own_unfinished_workout_that_is_not_under_way_is_filled(pool: PgPool) {
    let person = person(&pool).await;
    let id = start_generated(&person).await;
    let again = json!({ "workoutId": id });
    assert_eq!(
        person.refusal("generateWorkout", again.clone()).await,
        "FAILED_PRECONDITION"
    );
    let stranger = person.somebody_else();
    assert_eq!(
        stranger.refusal("generateWorkout", again).await,
        "NOT_FOUND"
    );
    assert_eq!(
        person
            .refusal("generateWorkout", json!({ "workoutId": "x" }))
            .await,
        "NOT_FOUND"
    );
    let finished = person.start().await;
    person.complete(&finished).await;
    let input = json!({ "workoutId": finished });
    assert_eq!(
        person.refusal("generateWorkout", input).await,
        "FAILED_PRECONDITION"
    );
    let long = json!({ "workoutId": person.start().await, "prompt": "x".repeat(2001) });
    assert_eq!(person.refusal("generateWorkout", long).await, "INVALID");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_day_allows_five_even_at_once_and_for_deleted_workouts(pool: PgPool) {
    let tomorrow = Utc::now().date_naive().succ_opt().unwrap();
    let person = person(&pool).await;
    let start = async |_| {
        person
            .change(
                "startWorkout",
                json!({ "generate": true, "ifActive": "START_ANOTHER" }),
                "workout { id }",
            )
            .await
    };
    let started = futures_util::future::join_all((0..8).map(start)).await;
    let ids: Vec<_> = started
        .iter()
        .filter_map(|payload| payload["workout"]["id"].as_str())
        .collect();
    assert_eq!(ids.len(), 5, "{started:?}");
    person
        .succeed(
            "deleteWorkout",
            json!({ "workoutId": ids[0] }),
            "deletedWorkoutId",
        )
        .await;
    let allowance = "{ generationAllowance { perDay left renewsAt } }";
    let used_up = person.ask(allowance, json!({})).await;
    let renews_at = tomorrow.and_time(chrono::NaiveTime::MIN).and_utc();
    assert_eq!(
        used_up["generationAllowance"],
        json!({ "perDay": 5, "left": 0, "renewsAt": renews_at.to_rfc3339() })
    );
    let payload = person
        .change(
            "startWorkout",
            json!({ "generate": true, "ifActive": "START_ANOTHER" }),
            "userErrors { retryAfterSeconds }",
        )
        .await;
    let refusal = &payload["userErrors"][0];
    assert_eq!(refusal["code"], "RESOURCE_EXHAUSTED");
    let seconds = refusal["retryAfterSeconds"].as_i64().unwrap();
    let again = Utc::now() + chrono::TimeDelta::seconds(seconds);
    assert_eq!(again.date_naive(), tomorrow, "{refusal}");
    let workouts = person.ask("{ workouts { nodes { id } } }", json!({})).await;
    let left = workouts["workouts"]["nodes"].as_array().unwrap().len();
    assert_eq!(left, 4, "a refused start leaves no workout");
    let stranger = person.somebody_else();
    start_generated(&stranger).await;
    let left = stranger.ask(allowance, json!({})).await;
    assert_eq!(left["generationAllowance"]["left"], 4);
    while work(&pool).await.unwrap() {}
    let yesterday = Utc::now() - chrono::TimeDelta::days(1);
    sqlx::query("UPDATE training.generation_job SET created_at = $1")
        .bind(yesterday)
        .execute(&pool)
        .await
        .unwrap();
    start_generated(&person).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_of_a_dead_worker_is_done_once_by_another(pool: PgPool) {
    let person = person(&pool).await;
    let id = start_generated(&person).await;
    // A worker took the job and died; its lease is over.
    sqlx::query("UPDATE training.generation_job SET attempts = 1, lease_until = now()")
        .execute(&pool)
        .await
        .unwrap();
    let (first, second) = tokio::join!(work(&pool), work(&pool));
    assert_ne!(first.unwrap(), second.unwrap(), "one of them finds nothing");
    let filled = workout(&person, &id).await;
    assert_eq!(filled["generationStatus"], "COMPLETED");
    assert!(filled["exerciseLogs"].as_array().unwrap().len() <= 8);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_finished_or_deleted_meanwhile_is_left_alone(pool: PgPool) {
    let person = person(&pool).await;
    let finished = start_generated(&person).await;
    person.complete(&finished).await;
    assert!(work(&pool).await.unwrap());
    let workout = workout(&person, &finished).await;
    assert_eq!(workout["generationStatus"], "FAILED");
    assert_eq!(workout["exerciseLogs"], json!([]));
    let deleted = start_generated(&person).await;
    person
        .succeed(
            "deleteWorkout",
            json!({ "workoutId": deleted }),
            "deletedWorkoutId",
        )
        .await;
    assert!(work(&pool).await.unwrap());
    assert!(!work(&pool).await.unwrap(), "the job is not tried again");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_workout_that_cannot_be_planned_says_why(pool: PgPool) {
    let person = person(&pool).await;
    let injuries = "knees, shoulders, lower back, elbows, wrists, ankles, hips, neck, chest, back, abs, glutes, hamstrings, calves";
    person
        .succeed(
            "updateGenerationSettings",
            json!({ "injuries": injuries }),
            "settings { injuries }",
        )
        .await;
    let id = start_generated(&person).await;
    assert!(work(&pool).await.unwrap());
    let failed = workout(&person, &id).await;
    assert_eq!(failed["generationStatus"], "FAILED");
    assert!(text(&failed["reasoning"]).contains("avoid"), "{failed}");
    person
        .succeed(
            "updateGenerationSettings",
            json!({ "injuries": "" }),
            "settings { injuries }",
        )
        .await;
    person
        .succeed(
            "generateWorkout",
            json!({ "workoutId": id }),
            "workout { generationStatus }",
        )
        .await;
    assert!(work(&pool).await.unwrap());
    assert_eq!(
        self::workout(&person, &id).await["generationStatus"],
        "COMPLETED"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_that_fails_again_and_again_ends_with_a_reason(pool: PgPool) {
    let person = person(&pool).await;
    let id = start_generated(&person).await;
    sqlx::query("UPDATE training.generation_job SET attempts = 3, lease_until = now()")
        .execute(&pool)
        .await
        .unwrap();
    assert!(work(&pool).await.unwrap());
    let failed = workout(&person, &id).await;
    assert_eq!(failed["generationStatus"], "FAILED");
    assert!(text(&failed["reasoning"]).contains("try again"), "{failed}");
    assert!(!work(&pool).await.unwrap());
}

#[test]
fn a_new_day_begins_at_midnight() {
    let in_time = |text: &str| super::seconds_to_midnight(text.parse().unwrap());
    assert_eq!(in_time("2026-11-24T00:00:00Z"), 24 * 60 * 60);
    assert_eq!(in_time("2026-11-24T23:59:58.5Z"), 2);
    assert_eq!(in_time("2026-11-24T23:59:59.999Z"), 1);
}
