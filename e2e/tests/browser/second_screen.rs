//! A workout on two devices at once.

use serde_json::json;
use setwise_e2e::{PASSWORD, Person};

use crate::{
    browser::{Browser, Look},
    graphiql::DESK,
    story::SMALL_PHONE,
    with_stack,
};

const SCREEN: Look = Look {
    name: "second-screen",
    ..DESK
};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_screen_follows_a_workout() {
    with_stack(async |stack| {
        let person = Person::register(stack).await;
        let logs = start_workout(&person).await;
        let site = stack.running.web_url.as_str().trim_end_matches('/');
        Browser::run(site, SMALL_PHONE, async |phone| {
            Browser::run(site, SCREEN, async |screen| {
                for device in [phone, screen] {
                    sign_in(device, &person).await;
                    device.open_page(&logs.workout).await;
                }
                follow(phone, screen, &logs).await;
                assert_eq!(screen.complaints().await, Vec::<String>::new());
            })
            .await;
        })
        .await;
    })
    .await;
}

/// The paths of a workout, and the cards of its two exercises.
struct Logs {
    workout: String,
    cards: [String; 2],
}

async fn start_workout(person: &Person) -> Logs {
    let started = person
        .mutate("startWorkout", "workout { id }", json!({}))
        .await;
    let workout = started["workout"]["id"].as_str().unwrap();
    let query = "{ exercises(first: 2, filter: { equipment: [BARBELL] }) { nodes { id } } }";
    let found = person.data(query, json!({})).await;
    let mut cards = Vec::new();
    for exercise in found["exercises"]["nodes"].as_array().unwrap() {
        let input = json!({ "workoutId": workout, "exerciseId": exercise["id"] });
        let logged = person
            .mutate("logExercise", "exerciseLog { id }", input)
            .await;
        let id = logged["exerciseLog"]["id"].as_str().unwrap();
        cards.push(format!("#log-{id}"));
    }
    Logs {
        workout: format!("/workouts/{workout}"),
        cards: cards.try_into().unwrap(),
    }
}

async fn sign_in(device: &Browser, person: &Person) {
    device.open_page("/sign-in").await;
    device.fill("#sign-in-email", &person.email).await;
    device.fill("#sign-in-password", PASSWORD).await;
    device.click("#sign-in button[type=submit]").await;
    device.arrives_at("/").await;
}

async fn follow(phone: &Browser, screen: &Browser, logs: &Logs) {
    let [first, second] = &logs.cards;
    // what is being typed stays, and so does the page itself
    let half = format!("{second} .is-next [name=reps]");
    screen.fill(&half, "7").await;
    screen.run_script("window.isStill = true").await;

    phone
        .fill(&format!("{first} .is-next [name=reps]"), "5")
        .await;
    phone
        .fill(&format!("{first} .is-next [name=weight]"), "60")
        .await;
    phone.click(&format!("{first} .log-button")).await;
    screen
        .shows(&format!("{first} .is-done strong"), "× 5")
        .await;
    screen.shows("#workout-totals", "300").await;
    let is_still = screen.run_script("return window.isStill").await;
    assert_eq!(is_still, true, "the page was loaded again");
    screen.holds(&half, "7").await;
    screen.picture("followed").await;

    screen.click(&format!("{second} .log-button")).await;
    phone.shows(&format!("{second} .is-done strong"), "7").await;

    phone.click("#complete-workout button").await;
    phone.find("#report").await;
    screen.find("#report").await;
}
