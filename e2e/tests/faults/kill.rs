use std::time::Duration;

use serde_json::{Value, json};
use setwise_e2e::{MAIL_DEADLINE, PASSWORD, Person, client};
use setwise_testkit::eventually;

use crate::process::Process;

const PEOPLE: usize = 3;
/// Sets that must be acknowledged before the process is killed.
const ACKNOWLEDGED: usize = 40;

async fn register(process: &Process) -> Person {
    let mut person = Person::at(&process.router);
    let answer = person
        .data(
            "mutation ($input: RegisterInput!) { register(input: $input) { tokens { accessToken } } }",
            json!({ "input": { "email": person.email, "password": PASSWORD } }),
        )
        .await;
    let token = &answer["register"]["tokens"]["accessToken"];
    person.access_token = token.as_str().map(str::to_owned);
    person
}

/// A workout with one exercise; the ids to log sets with.
async fn start_workout(person: &Person) -> Value {
    let answer = person
        .data(
            "mutation { startWorkout(input: {}) { workout { id } } }",
            json!({}),
        )
        .await;
    let workout_id = &answer["startWorkout"]["workout"]["id"];
    let exercises = person
        .data("{ exercises(first: 1) { nodes { id } } }", json!({}))
        .await;
    let exercise_id = &exercises["exercises"]["nodes"][0]["id"];
    let answer = person
        .data(
            "mutation ($input: LogExerciseInput!) { logExercise(input: $input) { exerciseLog { id } } }",
            json!({ "input": { "workoutId": workout_id, "exerciseId": exercise_id } }),
        )
        .await;
    let exercise_log_id = &answer["logExercise"]["exerciseLog"]["id"];
    json!({ "workoutId": workout_id, "exerciseLogId": exercise_log_id })
}

/// Logs sets until the process is gone; answers the acknowledged ids.
async fn log_sets(
    person: Person,
    place: Value,
    acknowledged: tokio::sync::mpsc::UnboundedSender<String>,
) {
    for reps in 1.. {
        let mut input = place.clone();
        input["reps"] = json!(reps % 30 + 1);
        input["weight"] = json!(60);
        let body = json!({
            "query": "mutation ($input: LogSetInput!) { logSet(input: $input) { setLog { id } } }",
            "variables": { "input": input },
        });
        let request = client()
            .post(person.router.join("/graphql").unwrap())
            .bearer_auth(person.access_token.as_ref().unwrap())
            .json(&body);
        let Ok(response) = request.send().await else {
            return;
        };
        let Ok(answer) = response.json::<Value>().await else {
            return;
        };
        let Some(id) = answer["data"]["logSet"]["setLog"]["id"].as_str() else {
            return;
        };
        if acknowledged.send(id.to_owned()).is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill_of_the_process() {
    let data = tempfile::tempdir().unwrap();
    let process = Process::start(data.path(), &[]).await;
    let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
    let mut people = Vec::new();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..PEOPLE {
        let person = register(&process).await;
        let place = start_workout(&person).await;
        writers.spawn(log_sets(person.clone(), place.clone(), sender.clone()));
        people.push((person, place));
    }
    drop(sender);
    let mut acknowledged = Vec::new();
    while acknowledged.len() < ACKNOWLEDGED {
        let id = tokio::time::timeout(Duration::from_mins(1), receiver.recv()).await;
        acknowledged.push(
            id.expect("sets are logged in time")
                .expect("a writer lives"),
        );
    }
    process.kill().await;
    while let Some(id) = receiver.recv().await {
        acknowledged.push(id);
    }
    while writers.join_next().await.is_some() {}

    let process = Process::start(data.path(), &[]).await;
    let mut kept = Vec::new();
    for (person, place) in &mut people {
        person.router = process.router.clone();
        let answer = person
            .data(
                "query ($id: ID!) { workout(id: $id) { exerciseLogs { setLogs { id } } } }",
                json!({ "id": place["workoutId"] }),
            )
            .await;
        let sets = answer["workout"]["exerciseLogs"][0]["setLogs"].as_array();
        kept.extend(
            sets.unwrap()
                .iter()
                .map(|set| set["id"].as_str().unwrap().to_owned()),
        );
    }
    let lost: Vec<_> = acknowledged
        .iter()
        .filter(|id| !kept.contains(id))
        .collect();
    assert_eq!(
        lost,
        Vec::<&String>::new(),
        "of {} acknowledged",
        acknowledged.len()
    );

    let messages = process.mailbox.join("/api/messages").unwrap();
    for (person, _) in &people {
        eventually("the welcome mail of each", MAIL_DEADLINE, async || {
            let mails: Value = client()
                .get(messages.clone())
                .send()
                .await
                .ok()?
                .json()
                .await
                .ok()?;
            mails.to_string().contains(&person.email).then_some(())
        })
        .await;
    }
    assert!(process.interrupt().await.success());
}
