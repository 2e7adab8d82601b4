use serde_json::{Value, json};
use sqlx::PgPool;

use crate::testing::{Person, text};

async fn log(person: &Person, kind: &str, value: f64, unit: &str, at: &str) -> String {
    let input = json!({ "kind": kind, "value": value, "unit": unit, "measuredAt": at });
    let payload = person
        .succeed("logBodyMeasurement", input, "bodyMeasurement { id }")
        .await;
    text(&payload["bodyMeasurement"]["id"])
}

async fn history(person: &Person, arguments: &str) -> Value {
    let query = format!(
        "{{ bodyMeasurements({arguments}) {{ nodes {{ kind value unit metricValue }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    person.ask(&query, json!({})).await["bodyMeasurements"].take()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn keeps_what_was_entered_with_its_history(pool: PgPool) {
    let person = Person::new(&pool);
    log(&person, "BODY_WEIGHT", 180.5, "LB", "2026-01-05T07:00:00Z").await;
    log(&person, "BODY_WEIGHT", 81.2, "KG", "2026-02-05T07:00:00Z").await;
    log(&person, "WAIST", 33.0, "IN", "2026-02-05T07:00:00Z").await;
    log(&person, "BODY_FAT", 17.5, "PERCENT", "2026-02-05T07:00:00Z").await;
    let weights = history(&person, "kind: BODY_WEIGHT").await;
    assert_eq!(
        weights["nodes"],
        json!([
            { "kind": "BODY_WEIGHT", "value": 81.2, "unit": "KG", "metricValue": 81.2 },
            { "kind": "BODY_WEIGHT", "value": 180.5, "unit": "LB", "metricValue": 81.873_422_785 },
        ])
    );
    let data = person
        .ask("{ latestBodyMeasurements { kind metricValue } }", json!({}))
        .await;
    assert_eq!(
        data["latestBodyMeasurements"],
        json!([
            { "kind": "BODY_WEIGHT", "metricValue": 81.2 },
            { "kind": "BODY_FAT", "metricValue": 17.5 },
            { "kind": "WAIST", "metricValue": 83.82 },
        ])
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_through_all_of_them(pool: PgPool) {
    let person = Person::new(&pool);
    for day in 1..=5 {
        let at = format!("2026-03-0{day}T07:00:00Z");
        log(&person, "NECK", f64::from(day) + 35.0, "CM", &at).await;
    }
    let mut values = Vec::new();
    let mut after = String::new();
    loop {
        let page = history(&person, &format!("first: 2{after}")).await;
        values.extend(
            page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["value"].as_f64().unwrap()),
        );
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(values, [40.0, 39.0, 38.0, 37.0, 36.0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn changes_and_deletes(pool: PgPool) {
    let person = Person::new(&pool);
    let id = log(&person, "HIPS", 95.0, "CM", "2026-01-05T07:00:00Z").await;
    let input = json!({ "bodyMeasurementId": id, "value": 37.5, "unit": "IN" });
    let payload = person
        .succeed(
            "updateBodyMeasurement",
            input,
            "bodyMeasurement { value unit metricValue measuredAt }",
        )
        .await;
    assert_eq!(
        payload["bodyMeasurement"],
        json!({ "value": 37.5, "unit": "IN", "metricValue": 95.25, "measuredAt": "2026-01-05T07:00:00+00:00" })
    );
    let input = json!({ "bodyMeasurementId": id });
    person
        .succeed(
            "deleteBodyMeasurement",
            input.clone(),
            "deletedBodyMeasurementId",
        )
        .await;
    assert_eq!(
        person.refusal("deleteBodyMeasurement", input).await,
        "NOT_FOUND"
    );
    assert_eq!(history(&person, "first: 1").await["nodes"], json!([]));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn refuses_what_no_body_measures(pool: PgPool) {
    let person = Person::new(&pool);
    for (kind, value, unit, at) in [
        ("BODY_WEIGHT", 80.0, "CM", "2026-01-05T07:00:00Z"),
        ("BODY_FAT", 20.0, "KG", "2026-01-05T07:00:00Z"),
        ("WAIST", 80.0, "PERCENT", "2026-01-05T07:00:00Z"),
        ("BODY_WEIGHT", 0.0, "KG", "2026-01-05T07:00:00Z"),
        ("BODY_WEIGHT", 701.0, "KG", "2026-01-05T07:00:00Z"),
        ("BODY_FAT", 100.0, "PERCENT", "2026-01-05T07:00:00Z"),
        ("WAIST", 80.0, "CM", "2999-01-05T07:00:00Z"),
        ("WAIST", 80.0, "CM", "1900-01-05T07:00:00Z"),
    ] {
        let input = json!({ "kind": kind, "value": value, "unit": unit, "measuredAt": at });
        assert_eq!(
            person.refusal("logBodyMeasurement", input).await,
            "INVALID",
            "{kind} {value} {unit} {at}"
        );
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_another_persons_is_not_found(pool: PgPool) {
    let person = Person::new(&pool);
    let other = person.somebody_else();
    let id = log(&person, "CHEST", 100.0, "CM", "2026-01-05T07:00:00Z").await;
    let input = json!({ "bodyMeasurementId": id });
    assert_eq!(
        other.refusal("updateBodyMeasurement", input.clone()).await,
        "NOT_FOUND"
    );
    assert_eq!(
        other.refusal("deleteBodyMeasurement", input).await,
        "NOT_FOUND"
    );
    let query = "query($id: ID!) { bodyMeasurement(id: $id) { id } }";
    assert_eq!(
        other.ask(query, json!({ "id": id })).await["bodyMeasurement"],
        json!(null)
    );
    assert_eq!(history(&other, "first: 1").await["nodes"], json!([]));
}
