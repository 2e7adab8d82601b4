use serde_json::{Value, json};
use sqlx::PgPool;

use super::{find, listed, muscle_group, person};
use crate::testing::text;

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
        "measurement": "BODYWEIGHT_REPS", "movement": "VERTICAL_PUSH", "instructions": ["Support yourself. ", " ", "Go down."],
    });
    let selection = "exercise { id name description instructions videoUrl equipment measurement movement level isUnilateral isOwn primaryMuscleGroups { slug } secondaryMuscleGroups { slug } }";
    let mut made = person.succeed("createExercise", input, selection).await;
    let id = text(&made["exercise"]["id"].take());
    assert_eq!(
        made["exercise"],
        json!({
            "id": null, "name": "Ring dip", "description": "Support yourself. Go down.", "instructions": ["Support yourself.", "Go down."],
            "movement": "VERTICAL_PUSH", "level": null, "isUnilateral": false, "videoUrl": "https://example.org/ring-dip",
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
    for filter in [
        json!({ "search": "ring dip" }),
        json!({ "search": "rnig dip" }),
        json!({ "onlyOwn": true }),
        json!({ "owner": "MINE" }),
        json!({ "primaryMuscleGroupIds": [chest], "search": "ring dip" }),
        json!({ "primaryMuscleGroupIds": [chest], "owner": "ALL" }),
    ] {
        let found = listed(&stranger, filter.clone()).await;
        assert!(
            found.iter().all(|exercise| exercise["id"] != *id),
            "{filter}"
        );
        let found = listed(&person, filter.clone()).await;
        assert!(
            found.iter().any(|exercise| exercise["id"] == *id),
            "{filter}"
        );
    }
    let found = listed(
        &person,
        json!({ "search": "ring dip", "owner": "CATALOGUE" }),
    )
    .await;
    assert!(found.iter().all(|exercise| exercise["id"] != *id));

    let dip = find(&person, "Dip").await;
    let query_alternatives =
        "query($id: ID!) { exercise(id: $id) { alternatives(first: 100) { id } } }";
    for (viewer, is_seen) in [(&person, true), (&stranger, false)] {
        let data = viewer.ask(query_alternatives, json!({ "id": dip })).await;
        let mut found = data["exercise"]["alternatives"].as_array().unwrap().iter();
        assert_eq!(found.any(|alternative| alternative["id"] == *id), is_seen);
    }
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
        json!({ "name": "A", "instructions": vec!["x"; 21] }),
        json!({ "name": "A", "instructions": ["x".repeat(1001)] }),
    ] {
        assert_eq!(person.refusal("createExercise", input).await, "INVALID");
    }
    assert!(listed(&person, json!({ "onlyOwn": true })).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_own_exercise_is_changed_by_its_owner_alone(pool: PgPool) {
    let person = person(&pool).await;
    let (chest, triceps) = (
        muscle_group(&person, "chest").await,
        muscle_group(&person, "triceps").await,
    );
    let input = json!({
        "name": "Ring dip", "description": "Hard.", "videoUrl": "https://example.org/a", "movement": "VERTICAL_PUSH",
        "primaryMuscleGroupIds": [chest], "secondaryMuscleGroupIds": [triceps],
    });
    let made = person
        .succeed("createExercise", input, "exercise { id }")
        .await;
    let id = text(&made["exercise"]["id"]);
    let selection = "exercise { name description videoUrl movement equipment isUnilateral primaryMuscleGroups { slug } secondaryMuscleGroups { slug } }";
    let input = json!({ "exerciseId": id, "name": "Deep ring dip", "secondaryMuscleGroupIds": [] });
    let changed = person.succeed("updateExercise", input, selection).await;
    assert_eq!(
        changed["exercise"],
        json!({
            "name": "Deep ring dip", "description": "Hard.", "videoUrl": "https://example.org/a", "movement": "VERTICAL_PUSH",
            "equipment": "OTHER", "isUnilateral": false,
            "primaryMuscleGroups": [{ "slug": "chest" }], "secondaryMuscleGroups": [],
        })
    );
    let input = json!({
        "exerciseId": id, "movement": null, "videoUrl": "", "description": "", "isUnilateral": true,
        "primaryMuscleGroupIds": [triceps],
    });
    let changed = person.succeed("updateExercise", input, selection).await;
    assert_eq!(
        changed["exercise"],
        json!({
            "name": "Deep ring dip", "description": "", "videoUrl": null, "movement": null,
            "equipment": "OTHER", "isUnilateral": true,
            "primaryMuscleGroups": [{ "slug": "triceps" }], "secondaryMuscleGroups": [],
        })
    );
    let found = listed(&person, json!({ "search": "deep ring" })).await;
    assert_eq!(found.len(), 1, "the search knows the new name");

    let of_the_catalogue = find(&person, "Dip").await;
    let stranger = person.somebody_else();
    for (whose, id) in [(&stranger, &id), (&person, &of_the_catalogue)] {
        let input = json!({ "exerciseId": id, "name": "Mine now" });
        assert_eq!(whose.refusal("updateExercise", input).await, "NOT_FOUND");
        let input = json!({ "exerciseId": id });
        assert_eq!(whose.refusal("deleteExercise", input).await, "NOT_FOUND");
    }
    for input in [
        json!({ "exerciseId": id, "name": " " }),
        json!({ "exerciseId": id, "videoUrl": "ftp://example.org" }),
        json!({ "exerciseId": id, "primaryMuscleGroupIds": ["nonsense"] }),
    ] {
        assert_eq!(person.refusal("updateExercise", input).await, "INVALID");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deleted_exercise_is_listed_no_more_but_stays_in_workouts(pool: PgPool) {
    let person = person(&pool).await;
    let chest = muscle_group(&person, "chest").await;
    let input = json!({ "name": "Ring dip", "primaryMuscleGroupIds": [chest] });
    let made = person
        .succeed("createExercise", input, "exercise { id }")
        .await;
    let id = text(&made["exercise"]["id"]);
    let workout = person.start().await;
    person.log_exercise(&workout, &id).await;

    let input = json!({ "exerciseId": id });
    let deleted = person
        .succeed("deleteExercise", input.clone(), "deletedExerciseId")
        .await;
    assert_eq!(deleted["deletedExerciseId"], *id);
    assert_eq!(
        person.refusal("deleteExercise", input.clone()).await,
        "NOT_FOUND"
    );
    assert_eq!(person.refusal("updateExercise", input).await, "NOT_FOUND");
    for filter in [
        json!({ "owner": "MINE" }),
        json!({ "search": "ring dip", "owner": "MINE" }),
    ] {
        assert!(listed(&person, filter).await.is_empty());
    }
    let dip = find(&person, "Dip").await;
    let query = "query($id: ID!) { exercise(id: $id) { alternatives(first: 100) { id } } }";
    let data = person.ask(query, json!({ "id": dip })).await;
    let mut alternatives = data["exercise"]["alternatives"].as_array().unwrap().iter();
    assert!(alternatives.all(|alternative| alternative["id"] != *id));

    let query = "query($id: ID!) { workout(id: $id) { exerciseLogs { exercise { name } } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(
        data["workout"]["exerciseLogs"][0]["exercise"]["name"],
        "Ring dip"
    );
    let input = json!({ "workoutId": workout, "exerciseId": id });
    assert_eq!(person.refusal("logExercise", input).await, "NOT_FOUND");
}
