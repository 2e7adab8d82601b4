//! The contract's rules over `/v1`.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use setwise_auth::TokenIssuer;
use setwise_e2e::PASSWORD;
use uuid::Uuid;

use crate::{
    api::{Api, text},
    person::{Person, new_address},
    stack::Shared,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_workout_takes_no_changes() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let exercise = person.exercise().await;
    let finished = person.finished_workout().await;
    let workout = format!("/v1/workouts/{}", finished.workout);
    let log = format!("{workout}/log/exercise/{}", finished.log);
    let set = format!("{log}/set/{}", finished.set);
    for (method, path, body) in [
        ("POST", format!("{workout}/complete"), json!({})),
        ("POST", format!("{workout}/generate"), json!({})),
        (
            "POST",
            format!("{workout}/log/exercise"),
            json!({ "exerciseId": exercise }),
        ),
        ("DELETE", log.clone(), Value::Null),
        ("POST", format!("{log}/notes"), json!({ "notes": "late" })),
        (
            "POST",
            format!("{log}/power_rating"),
            json!({ "powerRating": 5 }),
        ),
        (
            "PATCH",
            format!("{log}/weight_unit"),
            json!({ "weightUnit": "WEIGHT_UNIT_LB" }),
        ),
        (
            "POST",
            format!("{log}/set"),
            json!({ "reps": 5, "weight": 60 }),
        ),
        ("PUT", set.clone(), json!({ "reps": 6 })),
        ("DELETE", set, Value::Null),
    ] {
        let answer = person.api.call(method, &path, &body).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (400, &json!(3)),
            "{answer}"
        );
    }
    let sets = person.api.get(&log).await;
    assert_eq!(sets["exerciseLogDetails"]["setLogs"][0]["reps"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_finished_workout_is_rated_and_commented_on() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let (workout, _) = person.workout().await;
    let rate = format!("/v1/workouts/{workout}/rate");
    let comment = format!("/v1/workouts/{workout}/comment");
    let (rating, text) = (json!({ "rating": 5 }), json!({ "comment": "good" }));
    person.api.call("POST", &rate, &rating).await.invalid();
    person.api.call("POST", &comment, &text).await.invalid();
    person
        .api
        .post(&format!("/v1/workouts/{workout}/complete"), Value::Null)
        .await;
    person.api.post(&rate, rating).await;
    person.api.post(&comment, text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_email_and_a_wrong_password_answer_the_same() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let login = async |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password });
        person
            .api
            .without_token()
            .call("POST", "/v1/auth/login", &body)
            .await
    };
    let wrong_password = login(&person.email, "something else").await.invalid();
    let wrong_email = login(&new_address(), PASSWORD).await.invalid();
    assert_eq!(wrong_password, wrong_email);
    login(&person.email.to_uppercase(), PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_registers_once() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let api = person.api.without_token();
    let body = json!({ "email": person.email, "password": PASSWORD });
    api.call("POST", "/v1/users", &body).await.refused(409, 6);
    let short = json!({ "email": new_address(), "password": "seven77" });
    let message = api.call("POST", "/v1/users", &short).await.invalid();
    assert!(message.starts_with("password: "), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_refreshed_and_the_request_repeated() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let access = text(&person.tokens, "accessToken");
    let issuer = TokenIssuer::from_pem(&stack.token_signing_key()).unwrap();
    let (user, session) = claims(&access);
    let quarter = TimeDelta::minutes(15);
    let fresh = issuer.issue(user, session, Utc::now(), quarter).unwrap();
    let expired = issuer
        .issue(user, session, Utc::now() - quarter * 2, quarter)
        .unwrap();
    person.api.with_token(&fresh).get("/v1/users/me").await;
    let late = person.api.with_token(&expired);
    late.call("GET", "/v1/users/me", &Value::Null)
        .await
        .unauthenticated();
    late.call("GET", "/v1/workouts", &Value::Null)
        .await
        .unauthenticated();
    let presign = json!({ "filename": "a.png", "contentType": "image/png" });
    late.call("POST", "/v1/files/presign", &presign)
        .await
        .unauthenticated();

    let old = json!({ "tokens": { "accessToken": expired, "refreshToken": person.tokens["refreshToken"] } });
    let tokens = late.post("/v1/auth/refresh", old).await;
    let api = late.with_token(&text(&tokens, "tokens.accessToken"));
    assert_eq!(text(&api.get("/v1/users/me").await, "user.id"), person.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_another_key_signed_is_none() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let (user, session) = claims(&text(&person.tokens, "accessToken"));
    let other_key = TokenIssuer::generate().unwrap();
    let forged = other_key
        .issue(user, session, Utc::now(), TimeDelta::minutes(15))
        .unwrap();
    let api = person.api.with_token(&forged);
    api.call("GET", "/v1/users/me", &Value::Null)
        .await
        .unauthenticated();
    let tokens = json!({ "tokens": { "accessToken": forged, "refreshToken": person.tokens["refreshToken"] } });
    api.call("POST", "/v1/auth/refresh", &tokens)
        .await
        .invalid();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_once() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let api = person.api.without_token();
    let old = json!({ "tokens": person.tokens });
    let new = api.post("/v1/auth/refresh", old.clone()).await;
    assert_ne!(new["tokens"]["refreshToken"], person.tokens["refreshToken"]);
    api.call("POST", "/v1/auth/refresh", &old).await.invalid();
    // whoever used it twice, the session is over for both
    api.call("POST", "/v1/auth/refresh", &new).await.invalid();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session() {
    let stack = Shared::stack();
    let person = Person::register(&stack).await;
    let refresh = json!({ "refreshToken": person.tokens["refreshToken"] });
    assert_eq!(
        person.api.post("/v1/auth/logout", refresh.clone()).await,
        json!({})
    );
    let tokens = json!({ "tokens": person.tokens });
    person
        .api
        .call("POST", "/v1/auth/refresh", &tokens)
        .await
        .invalid();
    assert_eq!(person.api.post("/v1/auth/logout", refresh).await, json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_in_the_language_of_the_client_and_knows_its_paths() {
    let stack = Shared::stack();
    let api = Api::new(&stack);
    let nothing = api
        .call("GET", "/v1/nothing", &Value::Null)
        .await
        .not_found();
    assert_eq!(nothing, "there is nothing at this path");
    api.call("DELETE", "/v1/auth/login", &Value::Null)
        .await
        .refused(501, 12);
    let answer = api
        .in_russian()
        .call("GET", "/v1/users/me", &Value::Null)
        .await;
    assert_eq!(answer.unauthenticated(), "нужен токен доступа");
}

/// The user and the session of an access token.
fn claims(token: &str) -> (Uuid, Uuid) {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let payload = token.split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let id = |name| text(&claims, name).parse().unwrap();
    (id("sub"), id("sid"))
}
