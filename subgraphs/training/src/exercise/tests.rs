use std::collections::HashSet;

use serde_json::{Value, json};
use setwise_service::Locale;
use sqlx::PgPool;

use crate::{
    exercise::catalogue,
    testing::{Person, text},
};

async fn person(pool: &PgPool) -> Person {
    catalogue::load(pool).await.unwrap();
    Person::new(pool)
}

async fn ask_in(person: &Person, locale: Locale, query: &str, variables: Value) -> Value {
    let response = person.execute(query, variables, locale).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    response.data.into_json().unwrap()
}

/// The ids and the muscle group slugs of what a filter lists, first hundred.
async fn listed(person: &Person, filter: Value) -> Vec<Value> {
    let query = "query($filter: ExerciseFilter) { exercises(filter: $filter, first: 100) { nodes { id name equipment isOwn muscleGroups { id slug } } } }";
    let mut data = person.ask(query, json!({ "filter": filter })).await;
    serde_json::from_value(data["exercises"]["nodes"].take()).unwrap()
}

async fn muscle_group(person: &Person, slug: &str) -> String {
    let data = person.ask("{ muscleGroups { id slug } }", json!({})).await;
    let groups = data["muscleGroups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["slug"] == slug).unwrap();
    text(&group["id"])
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_catalogue_is_loaded_once_however_often_it_is_started(pool: PgPool) {
    let (first, second) = tokio::join!(catalogue::load(&pool), catalogue::load(&pool));
    first.and(second).unwrap();
    let count = || async {
        sqlx::query_as::<_, (i64, i64, i64)>(
            "SELECT (SELECT count(*) FROM training.exercise), (SELECT count(*) FROM training.exercise_muscle_group),
                    (SELECT count(*) FROM training.muscle_group)",
        )
        .fetch_one(&pool)
        .await
        .unwrap()
    };
    let before = count().await;
    let embedded = catalogue::Catalogue::embedded();
    assert_eq!(usize::try_from(before.0), Ok(embedded.exercises.len()));
    sqlx::query("DELETE FROM training.loaded_catalogue")
        .execute(&pool)
        .await
        .unwrap();
    catalogue::load(&pool).await.unwrap();
    assert_eq!(count().await, before);
    let (changed,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM training.exercise WHERE updated_at <> created_at")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(changed, 0, "loading again changes nothing");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn names_are_in_the_viewers_language(pool: PgPool) {
    let person = person(&pool).await;
    let query = r#"{ exercises(filter: { search: "ROMANIAN deadlift" }) { nodes { name } } muscleGroups { name } }"#;
    let english = ask_in(&person, Locale::En, query, json!({})).await;
    let russian = ask_in(&person, Locale::Ru, query, json!({})).await;
    assert_eq!(
        english["exercises"]["nodes"],
        json!([{ "name": "Dumbbell Romanian deadlift" }, { "name": "Romanian deadlift" }])
    );
    assert_eq!(
        russian["exercises"]["nodes"],
        json!([{ "name": "Румынская тяга" }, { "name": "Румынская тяга с гантелями" }])
    );
    assert_eq!(english["muscleGroups"][0]["name"], "Chest");
    assert_eq!(russian["muscleGroups"][0]["name"], "Грудь");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn search_knows_both_languages_and_no_wildcards(pool: PgPool) {
    let person = person(&pool).await;
    for (search, expected) in [
        ("ПЛАНКА", 2),
        ("side plank", 1),
        ("подъем на носки", 2),
        ("%", 0),
        ("_", 0),
        ("'; DROP TABLE training.exercise; --", 0),
    ] {
        let found = listed(&person, json!({ "search": search })).await;
        assert_eq!(found.len(), expected, "{search}: {found:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_hold_every_exercise_once_in_order(pool: PgPool) {
    let person = person(&pool).await;
    let query = "query($after: String) { exercises(first: 37, after: $after) { nodes { id name } pageInfo { hasNextPage hasPreviousPage endCursor } } }";
    for locale in Locale::ALL {
        let (mut names, mut ids, mut after) = (Vec::new(), HashSet::new(), Value::Null);
        loop {
            let data = ask_in(&person, locale, query, json!({ "after": after })).await;
            let page = &data["exercises"];
            assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
            for node in page["nodes"].as_array().unwrap() {
                names.push(text(&node["name"]).to_lowercase());
                assert!(ids.insert(text(&node["id"])));
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(ids.len(), catalogue::Catalogue::embedded().exercises.len());
        let first = &names[0];
        let last = names.last().unwrap();
        assert!(first < last, "{first} … {last}");
    }
    for (first, after) in [(0, Value::Null), (101, Value::Null), (5, json!("x"))] {
        let query = "query($first: Int, $after: String) { exercises(first: $first, after: $after) { nodes { id } } }";
        let variables = json!({ "first": first, "after": after });
        let response = person.execute(query, variables, Locale::En).await;
        let extensions = response.errors[0].extensions.as_ref().unwrap();
        assert_eq!(extensions.get("code"), Some(&"BAD_USER_INPUT".into()));
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn filters_hold_together(pool: PgPool) {
    let person = person(&pool).await;
    let calves = muscle_group(&person, "calves").await;
    let machines = json!({ "muscleGroupIds": [calves], "equipment": ["MACHINE"] });
    let found = listed(&person, machines.clone()).await;
    assert!(!found.is_empty());
    for exercise in &found {
        assert_eq!(exercise["equipment"], "MACHINE");
        let groups = exercise["muscleGroups"].as_array().unwrap();
        assert!(groups.iter().any(|group| group["slug"] == "calves"));
    }
    let mut without = machines;
    without["excludeIds"] = json!([found[0]["id"], "not an id"]);
    let left = listed(&person, without).await;
    assert_eq!(left.len(), found.len() - 1);
    assert!(left.iter().all(|exercise| exercise["id"] != found[0]["id"]));
    let unknown = listed(&person, json!({ "muscleGroupIds": ["not an id"] })).await;
    assert!(unknown.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_own_exercise_is_seen_by_its_owner_alone(pool: PgPool) {
    let person = person(&pool).await;
    let (chest, triceps) = (
        muscle_group(&person, "chest").await,
        muscle_group(&person, "triceps").await,
    );
    let input = json!({
        "name": "  Ring dip ", "videoUrl": "https://example.org/ring-dip",
        "primaryMuscleGroupIds": [chest, chest], "secondaryMuscleGroupIds": [triceps, chest],
        "measurement": "BODYWEIGHT_REPS",
    });
    let selection = "exercise { id name description videoUrl equipment measurement isOwn primaryMuscleGroups { slug } secondaryMuscleGroups { slug } }";
    let mut made = person.succeed("createExercise", input, selection).await;
    let id = text(&made["exercise"]["id"].take());
    assert_eq!(
        made["exercise"],
        json!({
            "id": null, "name": "Ring dip", "description": "", "videoUrl": "https://example.org/ring-dip",
            "equipment": "OTHER", "measurement": "BODYWEIGHT_REPS", "isOwn": true,
            "primaryMuscleGroups": [{ "slug": "chest" }], "secondaryMuscleGroups": [{ "slug": "triceps" }],
        })
    );
    let query = "query($id: ID!) { exercise(id: $id) { name } }";
    let seen = person.ask(query, json!({ "id": id })).await;
    assert_eq!(seen["exercise"]["name"], "Ring dip");
    assert_eq!(listed(&person, json!({ "onlyOwn": true })).await.len(), 1);

    let stranger = person.somebody_else();
    let unseen = stranger.ask(query, json!({ "id": id })).await;
    assert_eq!(unseen["exercise"], Value::Null);
    assert!(
        listed(&stranger, json!({ "search": "ring dip" }))
            .await
            .is_empty()
    );
    let entities = r#"query($id: ID!) { _entities(representations: [{ __typename: "Exercise", id: $id }]) { ... on Exercise { name } } }"#;
    let unseen = stranger.ask(entities, json!({ "id": id })).await;
    assert_eq!(unseen["_entities"], json!([null]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_exercises_that_make_no_sense(pool: PgPool) {
    let person = person(&pool).await;
    for input in [
        json!({ "name": " " }),
        json!({ "name": "x".repeat(201) }),
        json!({ "name": "A", "videoUrl": "javascript:alert(1)" }),
        json!({ "name": "A", "videoUrl": "https:///" }),
        json!({ "name": "A", "primaryMuscleGroupIds": ["0195d3a0-0000-7000-8000-000000000001"] }),
        json!({ "name": "A", "secondaryMuscleGroupIds": ["nonsense"] }),
    ] {
        assert_eq!(person.refusal("createExercise", input).await, "INVALID");
    }
    assert!(listed(&person, json!({ "onlyOwn": true })).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn alternatives_share_a_muscle_group_and_leave_out_the_exercise(pool: PgPool) {
    let person = person(&pool).await;
    let bench = listed(&person, json!({ "search": "Barbell bench press" })).await;
    let bench = bench
        .iter()
        .find(|exercise| exercise["name"] == "Barbell bench press")
        .unwrap();
    let query = "query($id: ID!, $first: Int) { exercise(id: $id) { alternatives(first: $first) { id equipment primaryMuscleGroups { slug } muscleGroups { id } } } }";
    let data = person
        .ask(query, json!({ "id": bench["id"], "first": 10 }))
        .await;
    let alternatives = data["exercise"]["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 10);
    let trained: Vec<_> = bench["muscleGroups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| &group["id"])
        .collect();
    for alternative in alternatives {
        assert_ne!(alternative["id"], bench["id"]);
        let groups = alternative["muscleGroups"].as_array().unwrap();
        assert!(groups.iter().any(|group| trained.contains(&&group["id"])));
    }
    let best = alternatives[0]["primaryMuscleGroups"].as_array().unwrap();
    assert!(best.iter().any(|group| group["slug"] == "chest"));
    assert_eq!(alternatives[0]["equipment"], "BARBELL");
    let one = person
        .ask(query, json!({ "id": bench["id"], "first": 1 }))
        .await;
    assert_eq!(one["exercise"]["alternatives"][0], alternatives[0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn entities_and_everything_else_need_a_viewer(pool: PgPool) {
    catalogue::load(&pool).await.unwrap();
    let schema = crate::schema(crate::State::for_tests(pool));
    for query in [
        "{ muscleGroups { id } }",
        "{ exercises { nodes { id } } }",
        r#"{ exercise(id: "x") { id } }"#,
        r#"{ _entities(representations: [{ __typename: "Exercise", id: "x" }]) { __typename } }"#,
        r#"{ _entities(representations: [{ __typename: "MuscleGroup", id: "x" }]) { __typename } }"#,
        r#"mutation { createExercise(input: { name: "A" }) { exercise { id } } }"#,
    ] {
        let response = schema.execute(query).await;
        let extensions = response.errors[0].extensions.as_ref();
        let code = extensions.and_then(|extensions| extensions.get("code"));
        assert_eq!(code, Some(&"UNAUTHENTICATED".into()), "{query}");
    }
}
