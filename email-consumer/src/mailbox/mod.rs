//! The development mailbox: shows the mails of a folder. It has no sign-in and
//! belongs on the loopback address.
//!
//! `GET /api/messages` answers, newest first, `[{"file", "from", "to",
//! "subject", "date", "text"}]`; tests read it.

mod folder;
mod page;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use maud::Markup;
use tokio::{net::TcpListener, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use folder::{Folder, FolderError, StoredMail, Summary};

/// The page itself runs nothing and loads nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";
/// A mail's HTML is a stranger's: no scripts, no loading; links open elsewhere.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/// Shows the mails in `dir` until `shutdown`.
///
/// # Errors
/// When the listener fails.
pub async fn serve_mailbox(
    dir: PathBuf,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    setwise_service::serve_http(listener, app(dir), shutdown).await?;
    Ok(())
}

fn app(dir: PathBuf) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/messages/{file}", get(view))
        .route("/messages/{file}/html", get(html))
        .route("/messages/{file}/raw", get(raw))
        .route("/api/messages", get(messages))
        .with_state(Arc::new(Folder::new(dir)))
}

type Mailbox = State<Arc<Folder>>;

async fn list(folder: Mailbox) -> Result<impl IntoResponse, FolderError> {
    let mails = blocking(folder, Folder::list).await?;
    Ok(with_policy(page::list(&mails)))
}

async fn view(folder: Mailbox, Path(file): Path<String>) -> Result<impl IntoResponse, FolderError> {
    let mail = read(folder, file).await?;
    Ok(with_policy(page::view(&mail)))
}

async fn html(folder: Mailbox, Path(file): Path<String>) -> Result<impl IntoResponse, FolderError> {
    let mail = read(folder, file).await?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, MAIL_POLICY),
    ];
    Ok((headers, mail.html.unwrap_or_default()))
}

async fn raw(folder: Mailbox, Path(file): Path<String>) -> Result<impl IntoResponse, FolderError> {
    let bytes = blocking(folder, move |folder| folder.raw(&file)).await?;
    let headers = [
        (CONTENT_TYPE, "message/rfc822"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("content-disposition"), "attachment"),
    ];
    Ok((headers, bytes))
}

async fn messages(folder: Mailbox) -> Result<Json<Vec<Summary>>, FolderError> {
    Ok(Json(blocking(folder, Folder::list).await?))
}

async fn read(folder: Mailbox, file: String) -> Result<StoredMail, FolderError> {
    blocking(folder, move |folder| folder.read(&file)).await
}

async fn blocking<T: Send + 'static>(
    State(folder): Mailbox,
    work: impl FnOnce(&Folder) -> Result<T, FolderError> + Send + 'static,
) -> Result<T, FolderError> {
    let done = spawn_blocking(move || work(&folder)).await;
    done.map_err(|error| FolderError::Io(std::io::Error::other(error)))?
}

fn with_policy(page: Markup) -> impl IntoResponse {
    ([(CONTENT_SECURITY_POLICY, PAGE_POLICY)], page)
}

impl IntoResponse for FolderError {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "no such mail").into_response(),
            Self::Io(error) => {
                tracing::error!(error.message = %error, "the mail folder cannot be read");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "the mail folder cannot be read",
                )
                    .into_response()
            }
        }
    }
}
