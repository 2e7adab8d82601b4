//! What the training comes to: streak, weeks, muscle groups and a calendar.

pub(crate) mod chart;
mod view;

use axum::{Router, extract::Query, response::Response, routing::get};
use chrono::{Datelike as _, Months, NaiveDate};
use serde::Deserialize;
use serde_json::json;

use crate::{
    app::App,
    error::WebError,
    graph::Operation,
    page::{Shell, SignedIn, Tab},
};

const PROGRESS: Operation = Operation::new(include_str!("operations.graphql"), "Progress");

/// Where the progress is.
pub(crate) const PATH: &str = "/progress";

#[derive(Deserialize)]
struct Progress {
    streak: Streak,
    weeks: Vec<Week>,
    days: Vec<Day>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Streak {
    current_weeks: u32,
    longest_weeks: u32,
    trained_this_week: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Week {
    starts_on: NaiveDate,
    workouts: u32,
    sets: u32,
    volume_kg: f64,
    muscle_groups: Vec<MuscleGroupSets>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MuscleGroupSets {
    sets: f64,
    muscle_group: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Day {
    date: NaiveDate,
    workouts: Vec<Id>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Wanted {
    /// The calendar's, as `2026-03`.
    month: Option<String>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(progress))
}

async fn progress(page: SignedIn, Query(wanted): Query<Wanted>) -> Result<Response, WebError> {
    let month = month_of(wanted.month.as_deref(), page.today()).ok_or(WebError::NotFound)?;
    let variables = json!({ "month": month, "timeZone": page.zone.name() });
    let progress: Progress = page.query(PROGRESS, variables).await?;
    let shell = Shell::new(page.t("progress-title"), Tab::History);
    Ok(page.html(&shell, &view::progress(&page, &progress, month)))
}

/// The first day of a month of which there can be a calendar; of today's when none is asked for.
fn month_of(wanted: Option<&str>, today: NaiveDate) -> Option<NaiveDate> {
    let first = match wanted {
        Some(month) => format!("{month}-01").parse().ok()?,
        None => today.with_day(1)?,
    };
    Some(first).filter(|first| (1971..=2999).contains(&first.year()))
}

/// The month before or after, for a link.
fn months_on(month: NaiveDate, forward: bool) -> String {
    let one = Months::new(1);
    let other = if forward { month + one } else { month - one };
    other.format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_as_they_are_linked() {
        let today = "2026-11-24".parse().unwrap();
        let month_of = |wanted| month_of(wanted, today);
        let month = month_of(Some("2026-01")).unwrap();
        assert_eq!(months_on(month, false), "2025-12");
        assert_eq!(months_on(month, true), "2026-02");
        for not_a_month in ["2026", "2026-13", "1", "9999-01", "2026-01-05"] {
            assert_eq!(month_of(Some(not_a_month)), None, "{not_a_month}");
        }
        assert_eq!(month_of(None), "2026-11-01".parse().ok());
    }
}
