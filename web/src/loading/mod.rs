//! The bar: which plates go on it, and the sets to warm up with on the way there.

mod rack;
mod view;

use axum::{
    Router,
    extract::Query,
    response::{IntoResponse, Response},
    routing::get,
};
use axum_extra::extract::CookieJar;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    app::App,
    error::WebError,
    form::Form,
    graph::Operation,
    page::{Page, Shell, SignedIn, Tab},
    unit::WeightUnit,
};

use rack::{Kept, Plate};

pub(crate) use view::at_the_bar;

const OPERATIONS: &str = include_str!("operations.graphql");
const LOADING: Operation = Operation::new(OPERATIONS, "Loading");
const PLATES: Operation = Operation::new(OPERATIONS, "Plates");

/// Where the plates are.
const PATH: &str = "/plates";
/// The most that the graph loads, in either unit.
const MAX_WEIGHT: f64 = 1500.0;

/// A weight to load, all of it in one unit.
#[derive(Serialize)]
struct Asked {
    weight: f64,
    /// What it weighs; what bars usually do when it is not said.
    bar: Option<f64>,
    /// The plates that there are; those of a well-stocked gym when it is not said.
    rack: Option<Vec<Plate>>,
    unit: WeightUnit,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    plates: Option<Loading>,
    warm_up_sets: Vec<WarmUp>,
}

#[derive(Deserialize)]
struct FoundPlates {
    plates: Option<Loading>,
}

/// What to put on a bar; without one, the bar alone is heavier.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Loading {
    plates_per_side: Vec<f64>,
    weight: f64,
    missing: f64,
}

#[derive(Deserialize)]
struct WarmUp {
    weight: f64,
    reps: i32,
}

/// The working weight with the sets that lead to it, each with what lies on the bar.
struct Ladder {
    asked: Asked,
    working: Option<Loading>,
    warm_up: Vec<(WarmUp, Option<Loading>)>,
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show))
}

async fn show(
    page: SignedIn,
    jar: CookieJar,
    Query(entered): Query<Vec<(String, String)>>,
) -> Result<Response, WebError> {
    let mut form = Form::of(entered);
    let unit = WeightUnit::from_code(form.value("unit")).unwrap_or(page.unit());
    let is_own = form.has("bar") && form.has("rack");
    let asked = if is_own {
        read(&page, &mut form, unit)
    } else {
        Kept::of(&jar, unit).fill(&page, &mut form);
        read(&page, &mut form, unit)
    };
    // Whoever has a bar and a rack of their own names them once.
    let kept = asked.as_ref().filter(|_| is_own).map(Kept::from);
    let ladder = match asked {
        Some(asked) => Some(climb(&page, asked).await?),
        None => None,
    };
    let shell = Shell::new(page.t("plates-title"), Tab::Workout).refused(form.failed());
    let response = page.html(&shell, &view::plates(&page, &form, unit, ladder.as_ref()));
    Ok(match kept {
        Some(kept) => (jar.add(kept.cookie(&page)), response).into_response(),
        None => response,
    })
}

/// What is asked for; nothing when no weight is, or something cannot be.
fn read(page: &Page, form: &mut Form, unit: WeightUnit) -> Option<Asked> {
    let weight = form.number(page, "weight");
    let bar = form.number(page, "bar");
    for (name, number) in [("weight", weight), ("bar", bar)] {
        if number.is_some_and(|number| !(0.01..=MAX_WEIGHT).contains(&number)) {
            let most = crate::format::number(page.locale, MAX_WEIGHT, 0);
            form.fail(name, page.t_with("error-load", [("most", most.into())]));
        }
    }
    let rack = match form.text("rack") {
        None => None,
        Some(text) => {
            let rack = rack::read(page.locale, text);
            if rack.is_none() {
                form.fail("rack", page.t("error-rack"));
            }
            rack
        }
    };
    let weight = weight.filter(|_| !form.failed())?;
    Some(Asked {
        weight,
        bar,
        rack,
        unit,
    })
}

async fn climb(page: &Page, asked: Asked) -> Result<Ladder, WebError> {
    let found: Found = page.query(LOADING, json!(asked)).await?;
    let loads = found.warm_up_sets.iter().map(async |set| {
        let mut variables = json!(asked);
        variables["weight"] = Value::from(set.weight);
        let found: FoundPlates = page.query(PLATES, variables).await?;
        Ok::<_, WebError>(found.plates)
    });
    let loads = try_join_all(loads).await?;
    Ok(Ladder {
        working: found.plates,
        warm_up: found.warm_up_sets.into_iter().zip(loads).collect(),
        asked,
    })
}
