//! Assistance is no load.

use futures_util::join;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{deletion::waiting, marking::log, records};
use crate::{
    ids::{ExerciseId, UserId},
    record,
    testing::Person,
};

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn less_assistance_is_harder(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.assisted_exercise().await;
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    let mut broken = Vec::new();
    for (reps, assistance) in [(8, 20.0), (10, 20.0), (10, 10.0), (10, 20.0), (9, 15.0)] {
        let set = json!({ "reps": reps, "weight": assistance });
        broken.push(log(&person, &workout, &log_id, set).await.1);
    }
    let most_reps = || vec!["MOST_REPS_AT_WEIGHT".to_owned()];
    // ten with ten kilograms are as many as ten with twenty, and more than nine with fifteen
    assert_eq!(broken, [vec![], most_reps(), vec![], vec![], vec![]]);
    let unassisted = json!({ "reps": 11 });
    log(&person, &workout, &log_id, unassisted).await;
    let with_help = json!({ "reps": 11, "weight": 20.0 });
    assert!(
        log(&person, &workout, &log_id, with_help)
            .await
            .1
            .is_empty()
    );
    let now = records(&person, &exercise).await;
    assert_eq!(
        now,
        json!({ "heaviest": null, "epley": null, "brzycki": null, "volume": null,
                "mostReps": [{ "weight": 20.0, "reps": 10 }, { "weight": 10.0, "reps": 10 }, { "weight": 0.0, "reps": 11 }] })
    );
    let query = "query($id: ID!) { workout(id: $id) { report { totalReps totalVolumeKg } } }";
    let data = person.ask(query, json!({ "id": workout })).await;
    assert_eq!(
        data["workout"]["report"],
        json!({ "totalReps": 69, "totalVolumeKg": 0.0 })
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_load_that_turns_out_to_be_assistance_makes_no_records(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.own_exercise().await;
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    person.log_set(&workout, &log_id, 5, 20.0).await;
    let before = records(&person, &exercise).await;
    assert_eq!(before["heaviest"], json!({ "value": 20.0 }));
    let change = |measurement| json!({ "exerciseId": exercise, "measurement": measurement });
    let assisted = change("ASSISTED");
    person.succeed("updateExercise", assisted, "").await;
    let now = records(&person, &exercise).await;
    assert_eq!(now["heaviest"], json!(null));
    assert_eq!(now["mostReps"], before["mostReps"]);
    person
        .succeed("updateExercise", change("REPS_WEIGHT"), "")
        .await;
    assert_eq!(records(&person, &exercise).await, before);
}

/// What a set weighs is known once its turn comes, not when it begins to wait for it.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_set_that_waits_while_a_load_turns_out_to_be_assistance_makes_no_record(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.own_exercise().await;
    let workout = person.start().await;
    let log_id = person.log_exercise(&workout, &exercise).await;
    let id = exercise.parse::<Uuid>().unwrap();
    let mut change = pool.begin().await.unwrap();
    let exercises = vec![ExerciseId(id)];
    record::lock(&mut change, UserId(person.id), exercises)
        .await
        .unwrap();
    let query = "UPDATE training.exercise SET measurement = 'assisted' WHERE id = $1";
    let update = sqlx::query(query).bind(id);
    update.execute(&mut *change).await.unwrap();
    let commit = async {
        waiting(&pool, 1).await;
        change.commit().await.unwrap();
    };
    join!(person.log_set(&workout, &log_id, 5, 20.0), commit);
    assert_eq!(records(&person, &exercise).await["heaviest"], json!(null));
}
