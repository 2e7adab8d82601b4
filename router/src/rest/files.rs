use http::Method;
use schemars::JsonSchema;
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
    let presign = Route::signed_in(
        Method::POST,
        "/files/presign",
        "file.presignUpload",
        presign_upload,
    );
    vec![presign.about(
        "Prepare an upload",
        "Send the file by one PUT to `uploadUrl`, with the same `Content-Type`; afterwards \
         `getUrl` serves it.",
    )]
}

#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("examples" = [{ "filename": "me.jpg", "contentType": "image/jpeg" }]))]
struct PresignUploadRequest {
    /// 1 to 255 characters; of a path, the last part counts.
    filename: Text,
    /// The media type of the file, such as `image/jpeg`.
    content_type: Text,
}

#[derive(Default, Deserialize, JsonSchema, Serialize)]
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
