//! The description of `/v1` at `/docs`, with nothing in reach but the router.

use serde_json::json;
use setwise_e2e::Person;

use crate::{
    browser::Browser,
    graphiql::{DESK, ORIGINS},
    with_stack,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_is_tried_out_in_the_description() {
    with_stack(async |stack| {
        let person = Person::register(stack).await;
        let site = stack.running.router_url.as_str().trim_end_matches('/');
        Browser::run(site, DESK, async |browser| {
            try_out(browser, &person).await;
            let from = browser.run_script(ORIGINS).await;
            assert_eq!(from, json!([site]), "something came from elsewhere");
            assert_eq!(browser.complaints().await, Vec::<String>::new());
        })
        .await;
    })
    .await;
}

async fn try_out(browser: &Browser, person: &Person) {
    browser.open_page("/docs").await;
    browser.shows("#swagger-ui h1", "Setwise REST API").await;

    browser.click(".auth-wrapper > .authorize").await;
    let token = person.access_token.as_ref().unwrap();
    browser.fill("#auth-bearer-value", token).await;
    browser
        .click(".auth-container:has(#auth-bearer-value) .authorize")
        .await;
    browser.click(".btn-done").await;

    let get_me = "#operations-user-getMe";
    browser
        .click(&format!("{get_me} .opblock-summary-control"))
        .await;
    browser.click(&format!("{get_me} .try-out__btn")).await;
    browser.click(&format!("{get_me} .execute")).await;
    let answer = format!("{get_me} .live-responses-table");
    browser
        .shows(&format!("{answer} .response .response-col_status"), "200")
        .await;
    browser
        .shows(
            &format!("{answer} .response .response-col_description"),
            &person.email,
        )
        .await;
    browser.picture("description").await;
}
