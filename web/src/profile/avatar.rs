//! A picture goes where a signed URL of the graph says, then becomes the avatar.

use axum::{
    extract::{Multipart, multipart::Field},
    response::Response,
};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{OPERATIONS, show_profile};
use crate::{
    csrf,
    error::{WebError, refusal},
    form::{Entered, Form},
    graph::{Done, GraphError, Operation, UserError},
    page::{Notice, Page, SignedIn, see_other, with_notice},
};

/// Of the picture itself; phones make pictures of 5 MB and more.
const MAX_PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// The picture and the rest of the form.
pub(super) const MAX_BODY_BYTES: usize = MAX_PICTURE_BYTES + 64 * 1024;

const CREATE_UPLOAD: Operation = Operation::new(OPERATIONS, "CreateUpload");
const SET_AVATAR: Operation = Operation::new(OPERATIONS, "SetAvatar");
const REMOVE_AVATAR: Operation = Operation::new(OPERATIONS, "RemoveAvatar");

struct Picture {
    filename: String,
    content_type: String,
    bytes: Bytes,
}

#[derive(Deserialize)]
struct Created {
    upload: Option<Upload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    id: String,
    upload_url: Option<String>,
}

pub(super) async fn upload(
    page: SignedIn,
    mut form: Form,
    body: Multipart,
) -> Result<Response, WebError> {
    let picture = match read(&page, &form, body).await? {
        Ok(picture) => picture,
        Err(problem) => {
            form.fail("picture", problem);
            return show_profile(&page, &Entered::refused("avatar".into(), form)).await;
        }
    };
    match keep(&page, picture).await? {
        Ok(()) => Ok(with_notice(see_other("/profile"), Notice::AvatarSaved)),
        Err(errors) => {
            for error in errors {
                form.fail("picture", error.message);
            }
            show_profile(&page, &Entered::refused("avatar".into(), form)).await
        }
    }
}

/// The token comes first in the form; nothing is read before it holds.
async fn read(
    page: &Page,
    form: &Form,
    mut body: Multipart,
) -> Result<Result<Picture, String>, WebError> {
    let holder = form.holder.ok_or(WebError::Forgery)?;
    let token = next(&mut body).await?.ok_or(WebError::Forgery)?;
    if token.name() != Some(csrf::FIELD) {
        return Err(WebError::Forgery);
    }
    let token = token.text().await.map_err(|_| WebError::Forgery)?;
    if !page.app.csrf().holds(holder, &token) {
        return Err(WebError::Forgery);
    }
    let Some(file) = next(&mut body)
        .await?
        .filter(|file| file.name() == Some("picture"))
    else {
        return Ok(Err(page.t("error-no-picture")));
    };
    let filename = file.file_name().unwrap_or_default().to_owned();
    let content_type = file.content_type().unwrap_or_default().to_owned();
    let Ok(bytes) = file.bytes().await else {
        return Ok(Err(page.t("error-picture-size")));
    };
    if bytes.is_empty() {
        return Ok(Err(page.t("error-no-picture")));
    }
    if bytes.len() > MAX_PICTURE_BYTES {
        return Ok(Err(page.t("error-picture-size")));
    }
    if !["image/jpeg", "image/png", "image/webp"].contains(&content_type.as_str()) {
        return Ok(Err(page.t("error-picture-type")));
    }
    Ok(Ok(Picture {
        filename,
        content_type,
        bytes,
    }))
}

async fn next(body: &mut Multipart) -> Result<Option<Field<'_>>, WebError> {
    let field = body.next_field().await;
    field.map_err(|_| WebError::BadRequest("not a form".into()))
}

async fn keep(page: &Page, picture: Picture) -> Result<Result<(), Vec<UserError>>, WebError> {
    let input = json!({ "input": {
        "filename": picture.filename,
        "contentType": picture.content_type,
    }});
    let created = match page.mutate::<Created>(CREATE_UPLOAD, input).await? {
        Ok(created) => created,
        Err(errors) => return Ok(Err(errors)),
    };
    let upload = created.upload.ok_or_else(WebError::untold)?;
    let url = upload.upload_url.as_deref().map(Url::parse);
    let Some(Ok(url)) = url else {
        return Err(WebError::untold());
    };
    put(page, &url, picture).await?;
    let input = json!({ "input": { "uploadId": upload.id } });
    let set = page.mutate::<Done>(SET_AVATAR, input).await?;
    Ok(set.map(|Done {}| ()))
}

/// The URL is meant for browsers; from here the same path is asked of the router.
async fn put(page: &Page, url: &Url, picture: Picture) -> Result<(), WebError> {
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let graph = page.app.graph();
    let request = graph
        .http()
        .put(graph.at(&format!("{}{query}", url.path())));
    let request = request
        .header(CONTENT_TYPE, picture.content_type)
        .body(picture.bytes);
    let answer = request.send().await.map_err(GraphError::Unreachable)?;
    let status = answer.status();
    if status.is_success() {
        Ok(())
    } else if status.is_client_error() {
        Err(WebError::Refused(page.t("error-picture-refused")))
    } else {
        Err(GraphError::PartUnavailable(format!("the upload ended with {status}")).into())
    }
}

pub(super) async fn remove(page: SignedIn) -> Result<Response, WebError> {
    let removed = page.mutate::<Done>(REMOVE_AVATAR, json!({})).await?;
    removed.map_err(|errors| refusal(&errors))?;
    Ok(with_notice(see_other("/profile"), Notice::AvatarRemoved))
}
