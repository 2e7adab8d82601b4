//! GraphiQL as the router serves it: a token, an answer, the documentation, and a link.

use serde_json::{Value, json};
use setwise_e2e::{Person, Stack};
use url::Url;

use crate::{
    browser::{Browser, Look},
    with_stack,
};

pub(crate) const DESK: Look = Look {
    name: "desk",
    width: 1280,
    height: 900,
    scripts: true,
    language: "en",
    dark: false,
};

const QUERY: &str = ".graphiql-query-editor .CodeMirror";
const HEADERS: &str = ".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror";
const RUN: &str = ".graphiql-execute-button";
const ANSWER: &str = ".graphiql-response";
const DOCUMENTATION: &str = ".graphiql-doc-explorer";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_asks_with_a_token_and_reads_the_documentation() {
    with_stack(async |stack| {
        let person = Person::register(stack).await;
        let site = stack.running.router_url.as_str().trim_end_matches('/');
        Browser::run(site, DESK, async |browser| {
            ask(browser, &person).await;
            read_the_documentation(browser).await;
            follow_a_link(browser, stack, &person).await;
            let from = browser.run_script(ORIGINS).await;
            assert_eq!(from, json!([site]), "something came from elsewhere");
            assert_eq!(browser.complaints().await, Vec::<String>::new());
        })
        .await;
    })
    .await;
}

/// Where all came from that the page has loaded.
pub(crate) const ORIGINS: &str = "return [...new Set(performance.getEntriesByType('resource')
    .map((entry) => new URL(entry.name.replace(/^ws/, 'http')).origin))]";

async fn ask(browser: &Browser, person: &Person) {
    browser.open_page("/graphql").await;
    browser.paste(QUERY, "{ me { email displayName } }").await;
    browser.click(RUN).await;
    browser.shows(ANSWER, "UNAUTHENTICATED").await;

    browser.paste(HEADERS, &headers(person).to_string()).await;
    browser.click(RUN).await;
    browser.shows(ANSWER, &person.email).await;
    let name = person.email.split('@').next().unwrap();
    let shown = format!("\"displayName\": \"{name}\"");
    browser.shows(ANSWER, &shown).await;
    browser.picture("graphiql-answer").await;
}

async fn read_the_documentation(browser: &Browser) {
    let open = "[aria-label='Show Documentation Explorer']";
    browser.click(open).await;
    browser.shows(DOCUMENTATION, "Root Types").await;
    browser.follow("Query").await;
    browser.shows(DOCUMENTATION, "The signed-in person.").await;
    browser.follow("User").await;
    let description = "The address to sign in with and to write to.";
    browser.shows(DOCUMENTATION, description).await;
    browser.picture("graphiql-documentation").await;
}

/// What a link holds is taken over; here a subscription, which goes on over a WebSocket.
async fn follow_a_link(browser: &Browser, stack: &Stack, person: &Person) {
    let started = person
        .mutate("startWorkout", "workout { id }", json!({}))
        .await;
    let workout = &started["workout"]["id"];
    let query = "subscription ($id: ID!) {
        workoutUpdated(workoutId: $id) { exerciseLogs { exercise { name } } }
    }";
    let link = Url::parse_with_params(
        stack.running.router_url.join("/graphql").unwrap().as_str(),
        [
            ("query", query),
            ("variables", &json!({ "id": workout }).to_string()),
            ("headers", &headers(person).to_string()),
        ],
    );
    browser.open_page(link.unwrap().as_str()).await;
    browser.shows(QUERY, "workoutUpdated").await;
    let address = browser.run_script("return location.search").await;
    assert_eq!(address, "", "the token stays in the address");
    browser.click(RUN).await;
    browser.shows(ANSWER, "\"exerciseLogs\": []").await;

    let found = person
        .data("{ exercises(first: 1) { nodes { id name } } }", json!({}))
        .await;
    let exercise = &found["exercises"]["nodes"][0];
    let input = json!({ "workoutId": workout, "exerciseId": exercise["id"] });
    person
        .mutate("logExercise", "exerciseLog { id }", input)
        .await;
    browser
        .shows(ANSWER, exercise["name"].as_str().unwrap())
        .await;
    browser.picture("graphiql-subscription").await;
}

fn headers(person: &Person) -> Value {
    let token = person.access_token.as_ref().unwrap();
    json!({ "Authorization": format!("Bearer {token}") })
}
