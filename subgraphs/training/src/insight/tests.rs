mod plans;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use setwise_graphql::WeightUnit;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, UserId},
    set::{PerformedSet, SetEntry},
    testing::Person,
    workout::{RecordedExercise, RecordedWorkout, record},
};

/// Writes down a finished workout with sets of 5 repetitions with these weights, in kilograms.
async fn train(pool: &PgPool, person: &Person, at: &str, exercise: &str, weights: &[f64]) {
    let started_at: DateTime<Utc> = at.parse().unwrap();
    let set = |weight: &f64| SetEntry {
        kind: crate::set::SetKind::Normal,
        rpe: None,
        set_type: None,
        reps: Some(5),
        weight: Some(*weight),
        weight_unit: WeightUnit::Kg,
        time_seconds: None,
        distance_meters: None,
    };
    let sets = weights
        .iter()
        .map(|weight| PerformedSet::parse(set(weight)).unwrap());
    let workout = RecordedWorkout {
        routine: None,
        weight_unit: WeightUnit::Kg,
        started_at,
        finished_at: started_at + TimeDelta::hours(1),
        comment: None,
        rating: None,
        exercises: vec![RecordedExercise {
            exercise: ExerciseId::from(exercise.parse::<Uuid>().unwrap()),
            sets: sets.collect(),
        }],
    };
    let mut conn = pool.acquire().await.unwrap();
    record(&mut conn, UserId::from(person.id), &workout)
        .await
        .unwrap();
}

async fn ask(person: &Person, query: &str, exercise: &str) -> Value {
    person.ask(query, json!({ "id": exercise })).await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sessions_say_what_an_exercise_came_to(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    train(
        &pool,
        &person,
        "2026-01-05T10:00:00Z",
        &exercise,
        &[100.0, 90.0],
    )
    .await;
    train(&pool, &person, "2026-01-12T10:00:00Z", &exercise, &[]).await;
    train(
        &pool,
        &person,
        "2026-01-19T10:00:00Z",
        &exercise,
        &[80.0, 120.0, 110.0],
    )
    .await;
    let query = "query($id: ID!) { exercise(id: $id) { sessions(first: 5) {
        nodes { startedAt sets reps volumeKg heaviestKg epleyOneRepMaxKg brzyckiOneRepMaxKg bestSet { weight } }
        pageInfo { hasNextPage } } } }";
    let data = ask(&person, query, &exercise).await;
    let epley = [140.0, 100.0 * (1.0 + 5.0 / 30.0)];
    assert_eq!(
        data["exercise"]["sessions"],
        json!({ "nodes": [
            { "startedAt": "2026-01-19T10:00:00+00:00", "sets": 3, "reps": 15, "volumeKg": 1550.0, "heaviestKg": 120.0,
              "epleyOneRepMaxKg": epley[0], "brzyckiOneRepMaxKg": 135.0, "bestSet": { "weight": 120.0 } },
            { "startedAt": "2026-01-05T10:00:00+00:00", "sets": 2, "reps": 10, "volumeKg": 950.0, "heaviestKg": 100.0,
              "epleyOneRepMaxKg": epley[1], "brzyckiOneRepMaxKg": 112.5, "bestSet": { "weight": 100.0 } },
        ], "pageInfo": { "hasNextPage": false } })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sessions_page_by_cursor(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    for day in 1..=7 {
        let at = format!("2026-01-0{day}T10:00:00Z");
        train(&pool, &person, &at, &exercise, &[f64::from(day) * 10.0]).await;
    }
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query($id: ID!, $after: String) { exercise(id: $id) { sessions(first: 3, after: $after) {
            nodes { heaviestKg } pageInfo { hasNextPage endCursor } } } }";
        let data = person
            .ask(query, json!({ "id": exercise, "after": after }))
            .await;
        let page = &data["exercise"]["sessions"];
        let nodes = page["nodes"].as_array().unwrap();
        seen.extend(
            nodes
                .iter()
                .map(|node| node["heaviestKg"].as_f64().unwrap()),
        );
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, [70.0, 60.0, 50.0, 40.0, 30.0, 20.0, 10.0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn progress_has_no_more_points_than_asked_for(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    for day in 1..=7 {
        let at = format!("2026-01-0{day}T10:00:00Z");
        train(&pool, &person, &at, &exercise, &[f64::from(day) * 10.0]).await;
    }
    let query = "query($id: ID!) { exercise(id: $id) {
        few: progress(points: 3) { startedAt lastStartedAt sessions volumeKg heaviestKg }
        part: progress(from: \"2026-01-02T10:00:00Z\", to: \"2026-01-04T10:00:00Z\") { sessions heaviestKg } } }";
    let data = ask(&person, query, &exercise).await;
    assert_eq!(
        data["exercise"]["few"],
        json!([
            { "startedAt": "2026-01-01T10:00:00+00:00", "lastStartedAt": "2026-01-03T10:00:00+00:00", "sessions": 3,
              "volumeKg": 100.0, "heaviestKg": 30.0 },
            { "startedAt": "2026-01-04T10:00:00+00:00", "lastStartedAt": "2026-01-06T10:00:00+00:00", "sessions": 3,
              "volumeKg": 250.0, "heaviestKg": 60.0 },
            { "startedAt": "2026-01-07T10:00:00+00:00", "lastStartedAt": "2026-01-07T10:00:00+00:00", "sessions": 1,
              "volumeKg": 350.0, "heaviestKg": 70.0 },
        ])
    );
    assert_eq!(
        data["exercise"]["part"],
        json!([{ "sessions": 1, "heaviestKg": 20.0 }, { "sessions": 1, "heaviestKg": 30.0 }])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn weeks_count_primary_sets_whole_and_secondary_ones_half(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    // Sunday evening in London is Monday in Moscow
    train(
        &pool,
        &person,
        "2026-01-11T22:00:00Z",
        &exercise,
        &[100.0, 100.0, 100.0],
    )
    .await;
    train(&pool, &person, "2026-01-14T10:00:00Z", &exercise, &[100.0]).await;
    let targets = "query($id: ID!) { exercise(id: $id) { primary: muscleGroups { slug } } }";
    assert!(
        !ask(&person, targets, &exercise).await["exercise"]["primary"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let weeks = async |zone: &str| {
        let query = format!(
            "{{ trainingWeeks(weeks: 3, until: \"2026-01-20\", timeZone: \"{zone}\") {{ startsOn workouts sets volumeKg
                muscleGroups {{ muscleGroup {{ slug }} sets }} }} }}"
        );
        person.ask(&query, json!({})).await["trainingWeeks"].take()
    };
    let expected = sqlx::query_as::<_, (String, bool)>(
        "SELECT g.slug, m.is_primary FROM training.exercise_muscle_group m
           JOIN training.muscle_group g ON g.id = m.muscle_group_id WHERE m.exercise_id = $1::uuid",
    )
    .bind(exercise.parse::<Uuid>().unwrap())
    .fetch_all(&pool)
    .await
    .unwrap();
    let in_london = weeks("Europe/London").await;
    let starts: Vec<_> = in_london
        .as_array()
        .unwrap()
        .iter()
        .map(|week| week["startsOn"].clone())
        .collect();
    assert_eq!(starts, ["2026-01-05", "2026-01-12", "2026-01-19"]);
    let sets = |weeks: &Value| -> Vec<Value> {
        let weeks = weeks.as_array().unwrap();
        weeks
            .iter()
            .map(|week| json!([week["workouts"], week["sets"], week["volumeKg"]]))
            .collect()
    };
    assert_eq!(
        sets(&in_london),
        [
            json!([1, 3, 1500.0]),
            json!([1, 1, 500.0]),
            json!([0, 0, 0.0])
        ]
    );
    let in_moscow = weeks("Europe/Moscow").await;
    assert_eq!(
        sets(&in_moscow),
        [
            json!([0, 0, 0.0]),
            json!([2, 4, 2000.0]),
            json!([0, 0, 0.0])
        ]
    );
    for (slug, is_primary) in expected {
        let groups = in_london[0]["muscleGroups"].as_array().unwrap();
        let group = groups
            .iter()
            .find(|group| group["muscleGroup"]["slug"] == slug.as_str())
            .unwrap();
        assert_eq!(group["sets"], if is_primary { 3.0 } else { 1.5 }, "{slug}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn days_are_those_where_the_person_is(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    train(&pool, &person, "2026-01-31T22:00:00Z", &exercise, &[100.0]).await;
    train(&pool, &person, "2026-02-03T10:00:00Z", &exercise, &[100.0]).await;
    train(&pool, &person, "2026-02-03T18:00:00Z", &exercise, &[100.0]).await;
    let unfinished = person.start().await;
    let days = async |month: &str, zone: &str| -> Vec<Value> {
        let query = format!(
            "{{ trainingDays(month: \"{month}\", timeZone: \"{zone}\") {{ date workouts {{ id startedAt }} }} }}"
        );
        let data = person.ask(&query, json!({})).await;
        let days = data["trainingDays"].as_array().unwrap();
        days.iter()
            .map(|day| json!([day["date"], day["workouts"].as_array().unwrap().len()]))
            .collect()
    };
    assert_eq!(days("2026-02-14", "UTC").await, [json!(["2026-02-03", 2])]);
    assert_eq!(
        days("2026-02-01", "Europe/Moscow").await,
        [json!(["2026-02-01", 1]), json!(["2026-02-03", 2])]
    );
    assert_eq!(days("2026-01-31", "UTC").await, [json!(["2026-01-31", 1])]);
    assert!(!unfinished.is_empty());
    let today = person.ask("{ trainingDays { date } }", json!({})).await;
    assert_eq!(today["trainingDays"], json!([]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_streak_counts_finished_workouts_of_the_viewer(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    for weeks in [1, 2, 3, 5] {
        let at = (Utc::now() - TimeDelta::weeks(weeks)).to_rfc3339();
        train(&pool, &person, &at, &exercise, &[100.0]).await;
    }
    let query = "{ trainingStreak { currentWeeks longestWeeks trainedThisWeek } }";
    assert_eq!(
        person.ask(query, json!({})).await["trainingStreak"],
        json!({ "currentWeeks": 3, "longestWeeks": 3, "trainedThisWeek": false })
    );
    let other = person.somebody_else();
    assert_eq!(
        other.ask(query, json!({})).await["trainingStreak"],
        json!({ "currentWeeks": 0, "longestWeeks": 0, "trainedThisWeek": false })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn bad_arguments_say_what_is_wrong(pool: PgPool) {
    let person = Person::new(&pool);
    for (query, said) in [
        (
            "{ trainingWeeks(weeks: 54) { sets } }",
            "weeks must be 1 to 53",
        ),
        (
            "{ trainingStreak(timeZone: \"Mars/Olympus\") { longestWeeks } }",
            "IANA",
        ),
        (
            "{ trainingDays(month: \"2026-02-30\") { date } }",
            "2026-03-31",
        ),
        ("{ trainingDays(month: \"0001-02-03\") { date } }", "1970"),
    ] {
        let response = person
            .execute(query, json!({}), setwise_service::Locale::En)
            .await;
        let message = response.errors.first().map(|error| error.message.clone());
        assert!(
            message
                .clone()
                .is_some_and(|message| message.contains(said)),
            "{query}: {message:?}"
        );
    }
}
