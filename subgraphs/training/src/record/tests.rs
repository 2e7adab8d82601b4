mod assisted;
mod deletion;
mod marking;
mod upkeep;

use serde_json::{Value, json};

use crate::testing::Person;

const RECORDS: &str = "query($id: ID!) { exercise(id: $id) { records {
    heaviest: heaviestWeight { value } epley: epleyOneRepMax { value } brzycki: brzyckiOneRepMax { value }
    mostReps { weight reps } volume: sessionVolume { value } } } }";

/// The records of an exercise as they stand.
async fn records(person: &Person, exercise: &str) -> Value {
    let mut data = person.ask(RECORDS, json!({ "id": exercise })).await;
    data["exercise"]["records"].take()
}

/// The value of a record; 0 when there is none.
fn value(records: &Value, name: &str) -> f64 {
    records[name]["value"].as_f64().unwrap_or(0.0)
}
