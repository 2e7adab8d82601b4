//! What a person does, from starting a workout to deleting it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{client::Client, figures::Figures, people::Person};

/// A name, the input type is its own with a capital, what is selected, the input with `$` names of what came before,
/// and the name that the id of what was made gets.
type Step = (
    &'static str,
    &'static str,
    &'static str,
    Option<(&'static str, &'static str)>,
);

const STEPS: [Step; 17] = [
    (
        "startWorkout",
        "workout { id }",
        "{}",
        Some(("$workout", "/workout/id")),
    ),
    (
        "logExercise",
        "exerciseLog { id }",
        r#"{ "workoutId": "$workout", "exerciseId": "$exercise" }"#,
        Some(("$log", "/exerciseLog/id")),
    ),
    (
        "logSet",
        "setLog { id records { kind } }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "reps": 5, "weight": 62.5 }"#,
        None,
    ),
    (
        "logSet",
        "setLog { id records { kind } }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "reps": 6, "weight": 65 }"#,
        None,
    ),
    (
        "logSet",
        "setLog { id records { kind } }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "reps": 8, "weight": 600 }"#,
        Some(("$set", "/setLog/id")),
    ),
    (
        "updateSetLog",
        "setLog { id records { kind } }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "setLogId": "$set", "weight": 60 }"#,
        None,
    ),
    (
        "deleteSetLog",
        "exerciseLog { id }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "setLogId": "$set" }"#,
        None,
    ),
    (
        "updateExerciseLog",
        "exerciseLog { id }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log", "notes": "as it should be" }"#,
        None,
    ),
    (
        "deleteExerciseLog",
        "workout { id }",
        r#"{ "workoutId": "$workout", "exerciseLogId": "$log" }"#,
        None,
    ),
    (
        "completeWorkout",
        "workout { id }",
        r#"{ "workoutId": "$workout" }"#,
        None,
    ),
    (
        "rateWorkout",
        "workout { id }",
        r#"{ "workoutId": "$workout", "rating": 4 }"#,
        None,
    ),
    (
        "commentWorkout",
        "workout { id }",
        r#"{ "workoutId": "$workout", "comment": "as it should be" }"#,
        None,
    ),
    (
        "deleteWorkout",
        "deletedWorkoutId",
        r#"{ "workoutId": "$workout" }"#,
        None,
    ),
    (
        "deleteWorkout",
        "deletedWorkoutId",
        r#"{ "workoutId": "$latest" }"#,
        None,
    ),
    (
        "logBodyMeasurement",
        "bodyMeasurement { id }",
        r#"{ "kind": "BODY_WEIGHT", "value": 80.5, "unit": "KG" }"#,
        Some(("$measurement", "/bodyMeasurement/id")),
    ),
    (
        "updateBodyMeasurement",
        "bodyMeasurement { id }",
        r#"{ "bodyMeasurementId": "$measurement", "value": 80.7 }"#,
        None,
    ),
    (
        "deleteBodyMeasurement",
        "deletedBodyMeasurementId",
        r#"{ "bodyMeasurementId": "$measurement" }"#,
        None,
    ),
];

/// All steps for one person, each with the time it took.
pub(crate) async fn run(
    client: &mut Client,
    person: &Person,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut known = HashMap::from([
        ("$exercise", person.exercise.clone()),
        ("$latest", person.workout.clone()),
    ]);
    for (name, selection, input, made) in STEPS {
        let mut input = input.to_owned();
        for (place, id) in &known {
            input = input.replace(place, id);
        }
        let mut input: Value = serde_json::from_str(&input)?;
        let name_in_table = match (name, &input["workoutId"]) {
            ("deleteWorkout", id) if *id == json!(person.workout) => {
                input = json!({ "workoutId": person.workout });
                "deleteWorkout, the latest with its sets"
            }
            _ => name,
        };
        let query = format!(
            "mutation($input: {}{}Input!) {{ {name}(input: $input) {{ {selection} userErrors {{ code message }} }} }}",
            name[..1].to_uppercase(),
            &name[1..]
        );
        let variables = json!({ "input": input });
        let (data, took) = client.ask(&person.token, &query, &variables).await?;
        figures.note(name_in_table, took)?;
        if let Some((place, pointer)) = made {
            let id = data[name].pointer(pointer).and_then(Value::as_str);
            known.insert(place, id.unwrap_or_default().to_owned());
        }
    }
    Ok(())
}
