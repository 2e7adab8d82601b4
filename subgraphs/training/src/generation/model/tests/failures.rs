//! What follows when the endpoint does not do as it should.

use super::{
    endpoint::{model, says, workout_of},
    *,
};

/// The built-in planner made the workout, and says so.
fn assert_planned(filled: &Value, why: &str) {
    assert_eq!(filled["generationStatus"], "COMPLETED", "{filled}");
    let reasoning = text(&filled["reasoning"]);
    assert!(reasoning.starts_with(why), "{reasoning}");
    assert!(reasoning.contains(PLANNED), "{reasoning}");
    let logs = filled["exerciseLogs"].as_array().unwrap();
    assert!((5..=8).contains(&logs.len()), "{filled}");
}

const UNAVAILABLE: &str = "The language model is not available now";
const UNUSABLE: &str = "The language model's answer could not be used";
const DECLINED: &str = "The language model declined to answer";

/// What the model is told about its first answer.
fn told(requests: &[Value]) -> String {
    let messages = requests[1]["messages"].as_array().unwrap();
    assert_eq!(
        messages.len(),
        4,
        "the rules, the person, the answer, the problems"
    );
    assert_eq!(messages[2]["role"], "assistant");
    text(&messages[3]["content"])
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_bad_answer_is_told_what_is_wrong_and_the_next_one_counts(pool: PgPool) {
    let bad = says(|request| {
        let mut answer = workout_of(request, 4, "Коротко.");
        answer["exercises"][0]["exerciseId"] = "0195d3a0-0000-7000-8000-000000000001".into();
        answer["exercises"][1]["sets"] =
            json!([{ "reps": 500, "weightKg": null, "timeSeconds": null }]);
        answer["exercises"][2] = answer["exercises"][3].clone();
        answer
    });
    let (filled, requests) = generated(&pool, vec![bad, good()]).await;
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    let told = told(&requests);
    for problem in [
        "has 4 exercises instead of 5 to 8",
        "there is no exercise \"0195d3a0-0000-7000-8000-000000000001\"",
        "is there twice",
        "the reasoning is not in English",
        "\"reps\" must be",
    ] {
        assert!(told.contains(problem), "{problem}: {told}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn after_two_bad_answers_the_planner_takes_over(pool: PgPool) {
    let unknown = || {
        says(|request| {
            let mut answer = workout_of(request, 6, "These are fine.");
            answer["exercises"][5]["exerciseId"] = "bench press".into();
            answer
        })
    };
    let (filled, requests) = generated(&pool, vec![unknown(), unknown(), good()]).await;
    assert_planned(&filled, UNUSABLE);
    assert_eq!(requests.len(), 2);
    assert!(told(&requests).contains("there is no exercise \"bench press\""));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_not_json_is_asked_for_again(pool: PgPool) {
    let cut = "{\"reasoning\": \"Legs\", \"exerc";
    let (filled, requests) = generated(&pool, vec![Reply::Text(cut), good()]).await;
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    assert!(told(&requests).contains("it is not JSON of the schema"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_no_chat_completion_is_tried_once_more(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Body("{\"choi"), good()]).await;
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    assert_eq!(requests[0], requests[1]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_pages_of_html_leave_it_to_the_planner(pool: PgPool) {
    let page = || Reply::Body("<!doctype html><title>Welcome</title>");
    let (filled, requests) = generated(&pool, vec![page(), page(), good()]).await;
    assert_planned(&filled, UNUSABLE);
    assert_eq!(requests.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_refusal_is_not_argued_with(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Refuses, good()]).await;
    assert_planned(&filled, DECLINED);
    assert_eq!(requests.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_busy_is_asked_again_when_it_says(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Status(429, Some("0")), good()]).await;
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    assert_eq!(requests.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_busy_without_a_word_is_asked_again_soon(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Status(429, None), good()]).await;
    assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
    assert_eq!(requests.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_busy_past_the_deadline_is_not_waited_for(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Status(429, Some("3600")), good()]).await;
    assert_planned(&filled, UNAVAILABLE);
    assert_eq!(requests.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_broken_endpoint_is_tried_twice(pool: PgPool) {
    let broken = || Reply::Status(500, Some("0"));
    let (filled, requests) = generated(&pool, vec![broken(), broken(), good()]).await;
    assert_planned(&filled, UNAVAILABLE);
    assert_eq!(requests.len(), 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_wrong_key_is_not_tried_twice(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Status(401, None), good()]).await;
    assert_planned(&filled, UNAVAILABLE);
    assert_eq!(requests.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_redirect_is_not_followed(pool: PgPool) {
    let elsewhere = Endpoint::start(vec![good()]).await;
    let to = format!("{}/chat/completions", elsewhere.base_url());
    let (filled, _) = generated(&pool, vec![Reply::RedirectsTo(to)]).await;
    assert_planned(&filled, UNAVAILABLE);
    assert_eq!(elsewhere.requests().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_body_without_end_is_cut_off(pool: PgPool) {
    let (filled, requests) = generated(&pool, vec![Reply::Endless, good()]).await;
    assert_planned(&filled, UNUSABLE);
    assert_eq!(requests.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_slow_endpoint_is_given_up_at_the_deadline(pool: PgPool) {
    let person = person(&pool).await;
    for reply in [Reply::Held(Box::new(good())), Reply::Stalls] {
        let endpoint = Endpoint::start(vec![reply]).await;
        let id = ask(&person, Locale::Ru, "").await;
        work_with(&pool, &endpoint.model(1)).await;
        let filled = workout(&person, &id).await;
        assert_eq!(filled["generationStatus"], "COMPLETED");
        let reasoning = text(&filled["reasoning"]);
        let told = "Языковая модель сейчас недоступна, поэтому тренировку составил встроенный планировщик. Сегодня";
        assert!(reasoning.starts_with(told), "{reasoning}");
        assert_eq!(endpoint.requests().len(), 1);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_closed_port_leaves_it_to_the_planner(pool: PgPool) {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", closed.local_addr().unwrap());
    drop(closed);
    let person = person(&pool).await;
    let id = ask(&person, Locale::En, "").await;
    work_with(&pool, &model(&base_url, 10)).await;
    assert_planned(&workout(&person, &id).await, UNAVAILABLE);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sets_out_of_bounds_are_refused_one_by_one(pool: PgPool) {
    let person = person(&pool).await;
    // Only what is lifted: the first exercise takes repetitions and a weight.
    let equipment = json!({ "equipment": ["BARBELL"], "primaryGoal": "STRENGTH" });
    person
        .succeed(
            "updateGenerationSettings",
            equipment,
            "settings { equipment }",
        )
        .await;
    let set = |reps: Value, weight: Value, time: Value| json!({ "reps": reps, "weightKg": weight, "timeSeconds": time });
    let null = Value::Null;
    for (sets, problem) in [
        (json!([]), "has 0 sets instead of 1 to 10"),
        (
            json!(vec![set(8.into(), 40.into(), null.clone()); 11]),
            "has 11 sets",
        ),
        (
            json!([set(null.clone(), 40.into(), null.clone())]),
            "\"reps\" must be",
        ),
        (
            json!([set(101.into(), 40.into(), null.clone())]),
            "\"reps\" must be",
        ),
        (
            json!([set(7.5.into(), 40.into(), null.clone())]),
            "\"reps\" must be",
        ),
        (
            json!([set((-1).into(), 40.into(), null.clone())]),
            "\"reps\" must be",
        ),
        (
            json!([set(8.into(), 900.into(), null.clone())]),
            "\"weightKg\" must be null or from 0 to 200.0",
        ),
        (
            json!([set(8.into(), (-2).into(), null.clone())]),
            "\"weightKg\" must be",
        ),
        (
            json!([set(8.into(), 40.into(), 30.into())]),
            "\"timeSeconds\" must be null",
        ),
    ] {
        let id = ask(&person, Locale::En, "").await;
        let endpoint = Endpoint::answering_first_with(sets).await;
        work_with(&pool, &endpoint.model(10)).await;
        let told = told(&endpoint.requests());
        assert!(told.contains(problem), "{problem}: {told}");
        let filled = workout(&person, &id).await;
        assert_eq!(filled["reasoning"], "Strong legs first, then the rest.");
        sqlx::query("UPDATE training.generation_job SET created_at = now() - interval '2 days'")
            .execute(&pool)
            .await
            .unwrap();
    }
}
