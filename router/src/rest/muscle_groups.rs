use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{Call, Document, Query},
    route::{Empty, Route},
};

pub(super) static DOCUMENT: Document = Document::new("training", || {
    include_str!("operations/muscle_groups.graphql").into()
});

static MUSCLE_GROUPS: Query<Empty, Vec<MuscleGroup>> = Query::new(&DOCUMENT, "MuscleGroups");

pub(super) fn routes() -> Vec<Route> {
    vec![Route::signed_in(
        Method::GET,
        "/muscle_groups",
        "exercise.getMuscleGroups",
        get_muscle_groups,
    )]
}

#[derive(Default, Deserialize, Serialize)]
pub(super) struct MuscleGroup {
    id: String,
    name: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetMuscleGroupsResponse {
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
