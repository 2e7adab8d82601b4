mod own;
mod search;

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

/// The id of the exercise with an English name.
async fn find(person: &Person, name: &str) -> String {
    let found = listed(person, json!({ "search": name })).await;
    let exercise = found.iter().find(|exercise| exercise["name"] == name);
    text(&exercise.unwrap_or_else(|| panic!("no {name} in {found:?}"))["id"])
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
        json!([{ "name": "Romanian deadlift" }, { "name": "Dumbbell Romanian deadlift" }, { "name": "Single-leg Romanian deadlift" }])
    );
    assert_eq!(
        russian["exercises"]["nodes"],
        json!([{ "name": "Румынская тяга" }, { "name": "Румынская тяга с гантелями" }, { "name": "Румынская тяга на одной ноге" }])
    );
    assert_eq!(english["muscleGroups"][0]["name"], "Chest");
    assert_eq!(russian["muscleGroups"][0]["name"], "Грудь");
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
async fn filters_tell_primary_from_secondary_muscle_groups(pool: PgPool) {
    let person = person(&pool).await;
    let triceps = muscle_group(&person, "triceps").await;
    let ids = async |filter: Value| -> HashSet<String> {
        let found = listed(&person, filter).await;
        found.iter().map(|exercise| text(&exercise["id"])).collect()
    };
    let primary = ids(json!({ "primaryMuscleGroupIds": [triceps] })).await;
    let secondary = ids(json!({ "secondaryMuscleGroupIds": [triceps] })).await;
    let any = ids(json!({ "muscleGroupIds": [triceps] })).await;
    assert!(!primary.is_empty() && !secondary.is_empty());
    assert!(primary.is_disjoint(&secondary));
    assert_eq!(
        primary.union(&secondary).cloned().collect::<HashSet<_>>(),
        any
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_exercise_tells_how_it_is_done(pool: PgPool) {
    let person = person(&pool).await;
    let id = find(&person, "Cable lateral raise").await;
    let query = "query($id: ID!) { exercise(id: $id) { instructions description movement measurement level isUnilateral } }";
    for (locale, first) in [
        (
            Locale::En,
            "Stand sideways to a low pulley and hold the handle with the far hand.",
        ),
        (
            Locale::Ru,
            "Встаньте боком к нижнему блоку и возьмите рукоятку дальней рукой.",
        ),
    ] {
        let data = ask_in(&person, locale, query, json!({ "id": id })).await;
        let exercise = &data["exercise"];
        assert_eq!(exercise["instructions"].as_array().unwrap().len(), 4);
        assert_eq!(exercise["instructions"][0], first);
        assert_eq!(exercise["movement"], "SHOULDER_RAISE");
        assert_eq!(exercise["measurement"], "REPS_WEIGHT");
        assert_eq!(exercise["level"], "BEGINNER");
        assert_eq!(exercise["isUnilateral"], true);
    }
    let id = find(&person, "Assisted dip machine").await;
    let data = person.ask(query, json!({ "id": id })).await;
    let steps: Vec<_> = data["exercise"]["instructions"]
        .as_array()
        .unwrap()
        .iter()
        .map(text)
        .collect();
    assert_eq!(data["exercise"]["measurement"], "ASSISTED");
    assert_eq!(
        data["exercise"]["description"],
        steps.join(" "),
        "without a description, the steps"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn alternatives_go_by_shared_primary_muscles_movement_and_equipment(pool: PgPool) {
    let person = person(&pool).await;
    let bench = find(&person, "Barbell bench press").await;
    let query = "query($id: ID!, $first: Int) { exercise(id: $id) { alternatives(first: $first) { id movement equipment primaryMuscleGroups { slug } muscleGroups { id } } } }";
    let data = person.ask(query, json!({ "id": bench, "first": 60 })).await;
    let alternatives = data["exercise"]["alternatives"].as_array().unwrap();
    assert_eq!(alternatives.len(), 60);
    let keys: Vec<_> = alternatives
        .iter()
        .map(|alternative| {
            assert_ne!(text(&alternative["id"]), bench);
            let primary = alternative["primaryMuscleGroups"].as_array().unwrap();
            let shares_chest = primary.iter().any(|group| group["slug"] == "chest");
            let is_push = alternative["movement"] == "HORIZONTAL_PUSH";
            (
                !shares_chest,
                !is_push,
                alternative["equipment"] != "BARBELL",
            )
        })
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(keys[0], (false, false, false));
    assert!(keys.contains(&(false, true, true)) && keys.contains(&(true, true, true)));
    let again = person.ask(query, json!({ "id": bench, "first": 60 })).await;
    assert_eq!(again, data);
    let one = person.ask(query, json!({ "id": bench, "first": 1 })).await;
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
