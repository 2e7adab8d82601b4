//! The first page: what Setwise is, or, for who is signed in, what is next.

mod landing;
mod view;

use axum::{Router, response::Response, routing::get};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    error::WebError,
    graph::{Connection, Operation},
    page::{Page, Shell, Tab},
    workout::WorkoutSummary,
};

const HOME: Operation = Operation::new(include_str!("operations.graphql"), "Home");

#[derive(Deserialize)]
struct Home {
    me: Option<Me>,
}

/// Each part is of another subgraph, or may be: null when that one is away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    display_name: String,
    active_workouts: Option<Vec<WorkoutSummary>>,
    workouts: Option<Connection<WorkoutSummary>>,
    routines: Option<Connection<RoutineSummary>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoutineSummary {
    id: String,
    name: String,
    exercise_count: u32,
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/", get(first))
}

async fn first(page: Page) -> Result<Response, WebError> {
    if page.session.is_none() {
        let shell = Shell::new(page.t("landing-title"), Tab::Landing);
        return Ok(page.html(&shell, &landing::landing(&page)));
    }
    let me = page.find(HOME, json!({}), |home: Home| home.me);
    let me = me.await?.ok_or(WebError::SignedOut)?;
    let shell = Shell::new(page.t("nav-home"), Tab::Home);
    Ok(page.html(&shell, &view::home(&page, &me)))
}
