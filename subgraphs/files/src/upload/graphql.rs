use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError, locale, viewer};

use super::{Announcement, CreateError, Upload, UploadId, create, find_for_owner};
use crate::{App, user::UserId};

/// A file that its owner announced, and sends or has sent.
#[Object(name = "FileUpload")]
impl Upload {
    /// Identifies the upload.
    async fn id(&self) -> UploadId {
        self.id
    }

    /// The name that the owner gave, without folders.
    async fn filename(&self) -> &str {
        self.filename.as_str()
    }

    /// The media type that the file must be sent with, in lower case and without parameters.
    async fn content_type(&self) -> &str {
        self.content_type.as_str()
    }

    /// Takes one PUT of the file with the given Content-Type until expiresAt; null once the file is there or the time is over.
    async fn upload_url(&self, ctx: &Context<'_>) -> Option<String> {
        let open = self.arrived.is_none() && Utc::now() < self.expires_at;
        let urls = &ctx.data_unchecked::<App>().urls;
        open.then(|| urls.put_url(self.id.0, &self.content_type, self.expires_at))
    }

    /// Serves the file once it is there, for as long as it is there: absolute and signed. Whoever has this URL can read
    /// the file.
    async fn get_url(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<App>().urls.get_url(self.id.0)
    }

    /// Until when uploadUrl takes the file: 15 minutes after it was announced.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// When the whole file had arrived; null before.
    async fn uploaded_at(&self) -> Option<DateTime<Utc>> {
        self.arrived.as_ref().map(|arrived| arrived.at)
    }
}

/// What to say about a file before sending it.
#[derive(InputObject)]
pub(crate) struct CreateUploadInput {
    /// The name of the file, 1 to 255 characters; of a path, the last part counts.
    filename: String,
    /// The media type of the file, like `image/jpeg`.
    content_type: String,
}

/// The outcome of `createUpload`.
#[derive(SimpleObject)]
pub(crate) struct CreateUploadPayload {
    /// The upload; null when it was refused.
    upload: Option<Upload>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct UploadQuery;

#[Object]
impl UploadQuery {
    /// An upload of the viewer; null when there is none with this id.
    async fn upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which upload.")] id: UploadId,
    ) -> Result<Option<Upload>, ResolverError> {
        let viewer = UserId(viewer(ctx)?.user_id);
        let mut conn = ctx.data_unchecked::<App>().pool.acquire().await?;
        Ok(find_for_owner(&mut conn, viewer, id).await?)
    }
}

#[derive(Default)]
pub(crate) struct UploadMutation;

#[Object]
impl UploadMutation {
    /// Announces a file and answers the URL to send it to.
    async fn create_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "About the file.")] input: CreateUploadInput,
    ) -> Result<CreateUploadPayload, ResolverError> {
        let announcement = Announcement {
            id: UploadId::new(),
            user_id: UserId(viewer(ctx)?.user_id),
            filename: input.filename,
            content_type: input.content_type,
        };
        let mut tx = ctx.data_unchecked::<App>().pool.begin().await?;
        match create(&mut tx, announcement, Utc::now()).await {
            Ok(upload) => {
                tx.commit().await?;
                Ok(CreateUploadPayload {
                    upload: Some(upload),
                    user_errors: Vec::new(),
                })
            }
            Err(CreateError::Refused(refusal)) => Ok(CreateUploadPayload {
                upload: None,
                user_errors: vec![refusal.user_error(locale(ctx))],
            }),
            Err(CreateError::Database(error)) => Err(error.into()),
        }
    }
}
