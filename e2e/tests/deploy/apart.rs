//! The story of a person, through nginx alone, while every service is a
//! process of its own with the environment of `compose.yaml`.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Any,
};
use prost::Message;
use reqwest::{Client, Method, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use setwise_e2e::{PASSWORD, Person, client, mail, register_by_form};
use tokio::net::TcpListener;

use crate::{follow, services::Apart};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_trains_while_every_service_is_a_process_of_its_own() {
    let (collector, traced) = collect().await;
    let mut apart = Apart::start(collector).await;
    let mut person = Person::at(&apart.door);
    let browser = register_by_form(&apart.door, &person.email).await;
    mail(&apart.mailbox, &person.email, "Setwise").await;
    sign_in(&mut person).await;

    let routine = build_routine(&person).await;
    let workout = train(&person, &routine).await;
    look_back(&person, &browser, &workout).await;
    mail(&apart.mailbox, &person.email, "Workout finished").await;
    show_a_picture(&person).await;
    follow::a_workout_through_restarts(&mut apart, &person, &routine).await;
    only_the_web_and_the_router_are_reached(&apart, &person).await;

    apart.stop().await;
    // Each has sent its last spans before it ended.
    let services = [
        "users",
        "training",
        "files",
        "router",
        "email-consumer",
        "web",
    ];
    let expected = services.map(|name| format!("setwise-{name}"));
    assert_eq!(*traced.lock().unwrap(), BTreeSet::from(expected));
}

/// In the place of Jaeger: which services have sent spans.
async fn collect() -> (SocketAddr, Arc<Mutex<BTreeSet<String>>>) {
    let traced = Arc::<Mutex<BTreeSet<String>>>::default();
    let keep = async |State(traced): State<Arc<Mutex<BTreeSet<String>>>>, body: Bytes| {
        let request = ExportTraceServiceRequest::decode(body).unwrap();
        let resources = request.resource_spans.into_iter();
        let attributes = resources.filter_map(|spans| spans.resource);
        let attributes = attributes.flat_map(|resource| resource.attributes);
        for attribute in attributes.filter(|attribute| attribute.key == "service.name") {
            if let Some(Any::StringValue(name)) = attribute.value.and_then(|value| value.value) {
                traced.lock().unwrap().insert(name);
            }
        }
    };
    let app = Router::new()
        .route("/v1/traces", post(keep))
        .with_state(traced.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, traced)
}

async fn sign_in(person: &mut Person) {
    let input = json!({ "email": person.email, "password": PASSWORD });
    let session = person
        .mutate("login", "tokens { accessToken }", input)
        .await;
    person.access_token = Some(text(&session, "/tokens/accessToken"));
}

/// A routine with the first exercise of the catalogue and a set to do of it.
async fn build_routine(person: &Person) -> String {
    let query = "{ exercises(first: 1) { nodes { id } } }";
    let found = person.data(query, json!({})).await;
    let exercise = text(&found, "/exercises/nodes/0/id");
    let input = json!({ "name": "Strength" });
    let routine = person
        .mutate("createRoutine", "routine { id }", input)
        .await;
    let routine = text(&routine, "/routine/id");
    let input = json!({ "routineId": routine, "exerciseId": exercise });
    let entity = "exerciseInstance { id }";
    let instance = person.mutate("addExerciseToRoutine", entity, input).await;
    let input = json!({
        "routineId": routine, "exerciseInstanceId": text(&instance, "/exerciseInstance/id"),
        "type": "WEIGHT", "reps": 5, "weightKg": 100,
    });
    let set = person
        .mutate("addRoutineSet", "set { weightKg }", input)
        .await;
    assert_eq!(set["set"]["weightKg"], 100.0, "{set}");
    routine
}

async fn train(person: &Person, routine: &str) -> String {
    let entity = "workout { id exerciseLogs { id expectedSets { reps } } }";
    let input = json!({ "routineId": routine });
    let started = person.mutate("startWorkout", entity, input).await;
    let log = &started["workout"]["exerciseLogs"][0];
    assert_eq!(log["expectedSets"], json!([{ "reps": 5 }]), "{started}");
    let workout = text(&started, "/workout/id");
    for reps in [5, 4] {
        let input = json!({
            "workoutId": workout, "exerciseLogId": log["id"], "reps": reps, "weight": 100,
        });
        let set = person.mutate("logSet", "setLog { reps }", input).await;
        assert_eq!(set["setLog"]["reps"], reps, "{set}");
    }
    let entity = "workout { report { totalSets totalReps totalVolumeKg } }";
    let input = json!({ "workoutId": workout });
    let done = person.mutate("completeWorkout", entity, input).await;
    let report = json!({ "totalSets": 2, "totalReps": 9, "totalVolumeKg": 900.0 });
    assert_eq!(done["workout"]["report"], report, "{done}");
    workout
}

/// The workout over REST, and in the browser that registered.
async fn look_back(person: &Person, browser: &Client, workout: &str) {
    let path = format!("/v1/workouts/{workout}");
    let (status, answer) = person.rest(Method::GET, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["workout"]["id"], workout, "{answer}");
    let page = person.router.join(&format!("/workouts/{workout}")).unwrap();
    let page = browser.get(page).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let html = page.text().await.unwrap();
    assert!(html.contains("900"), "no volume in {html}");
}

/// Signed URLs lead through nginx, in both directions.
async fn show_a_picture(person: &Person) {
    const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let input = json!({ "filename": "me.png", "contentType": "image/png" });
    let entity = "upload { id uploadUrl }";
    let created = person.mutate("createUpload", entity, input).await;
    let url = text(&created, "/upload/uploadUrl");
    assert!(url.starts_with(person.router.as_str()), "{url}");
    let picture = BASE64_STANDARD.decode(PIXEL).unwrap();
    let put = client().put(url).header(CONTENT_TYPE, "image/png");
    let put = put.body(picture).send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.status());
    let input = json!({ "uploadId": created["upload"]["id"] });
    let set = person.mutate("setAvatar", "user { id }", input).await;
    assert_eq!(set["userErrors"], json!([]), "{set}");
    let me = person.data("{ me { avatar { url } } }", json!({})).await;
    let url = text(&me, "/me/avatar/url");
    assert!(url.starts_with(person.router.as_str()), "{url}");
    let served = client().get(url).send().await.unwrap();
    assert_eq!(served.status(), StatusCode::OK);
    let content_type = served.headers()[CONTENT_TYPE].to_str().unwrap();
    assert!(content_type.starts_with("image/"), "{content_type}");
    assert!(!served.bytes().await.unwrap().is_empty());
}

/// What the services tell each other and their operator is not told outside.
async fn only_the_web_and_the_router_are_reached(apart: &Apart, person: &Person) {
    for (inside, path) in [
        (None, "/metrics"),
        (None, "/readyz"),
        (None, "/.well-known/jwks.json"),
        (Some(&apart.mailbox), "/api/messages"),
    ] {
        if let Some(inside) = inside {
            let there = client().get(inside.join(path).unwrap()).send().await;
            assert_eq!(there.unwrap().status(), StatusCode::OK, "{path}");
        }
        let url = apart.door.join(path).unwrap();
        let answer = client().get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let query = "{ _service { sdl } }";
    let answer = person.graphql(query, json!({})).await;
    assert!(answer["errors"].is_array(), "{answer}");
}

fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    let found = found.unwrap_or_else(|| panic!("no text at {pointer} of {value}"));
    found.to_owned()
}
