use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{Call, Document, Query},
    output::Id,
    route::{Empty, Route},
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    include_str!("operations/muscle_groups.graphql").into()
});

static MUSCLE_GROUPS: Query<Empty, Vec<MuscleGroup>> = Query::new(&DOCUMENT, "MuscleGroups");

pub(super) fn routes() -> Vec<Route> {
    let all = Route::signed_in(
        Method::GET,
        "/muscle_groups",
        "exercise.getMuscleGroups",
        get_muscle_groups,
    );
    vec![all.about(
        "List muscle groups",
        "All of them, with names in the language of `Accept-Language`.",
    )]
}

/// What an exercise trains.
#[derive(Default, Deserialize, JsonSchema, Serialize)]
pub(super) struct MuscleGroup {
    id: Id,
    /// In the language of the request.
    name: String,
}

#[derive(Default, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetMuscleGroupsResponse {
    /// All muscle groups.
    pub(super) muscle_groups: Vec<MuscleGroup>,
}

async fn get_muscle_groups(
    call: Call,
    _: Empty,
    _: Empty,
) -> Result<GetMuscleGroupsResponse, Failure> {
    let muscle_groups = call.query(&MUSCLE_GROUPS, Empty {}).await?;
    Ok(GetMuscleGroupsResponse { muscle_groups })
}
