use http::Method;
use serde::{Deserialize, Serialize};

use super::{
    Failure,
    call::{Call, Document, Mutation},
    input::Text,
    output::Zeroed,
    route::{Empty, Route},
};

pub(super) static DOCUMENT: Document =
    Document::new("files", || include_str!("operations/files.graphql").into());

static PRESIGN_UPLOAD: Mutation<PresignUploadRequest, PresignUploadResponse> =
    Mutation::new(&DOCUMENT, "PresignUpload");

pub(super) fn routes() -> Vec<Route> {
    vec![Route::signed_in(
        Method::POST,
        "/files/presign",
        "file.presignUpload",
        presign_upload,
    )]
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct PresignUploadRequest {
    filename: Text,
    content_type: Text,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PresignUploadResponse {
    /// Takes one PUT of the file, within minutes.
    upload_url: Zeroed<String>,
    /// Serves the file for good: clients keep it as `profilePictureUrl`.
    get_url: String,
}

async fn presign_upload(
    call: Call,
    _: Empty,
    request: PresignUploadRequest,
) -> Result<PresignUploadResponse, Failure> {
    call.mutate(&PRESIGN_UPLOAD, request).await
}
