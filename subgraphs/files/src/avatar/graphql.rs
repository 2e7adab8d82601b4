use async_graphql::{Context, InputObject, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, Upload, UserError, locale, viewer};

use super::{Image, ImageId, ImageLoader, SetError, file::set_from_file, remove, set_from_upload};
use crate::{
    App,
    refusal::Refusal,
    upload::UploadId,
    user::{User, UserId},
};

/// A picture, encoded by this service and without metadata. It never changes: a new one has a new id.
#[Object]
impl Image {
    /// Identifies the picture.
    async fn id(&self) -> ImageId {
        self.id
    }

    /// Serves the picture until another takes its place: absolute and signed. Whoever has this URL can see the picture.
    async fn url(&self, ctx: &Context<'_>) -> String {
        ctx.data_unchecked::<App>().urls.get_url(self.id.0)
    }

    /// Its media type: image/jpeg, or image/png where parts are transparent.
    async fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Its size in bytes.
    async fn byte_size(&self) -> i32 {
        i32::try_from(self.byte_size).unwrap_or(i32::MAX)
    }

    /// Its width in pixels.
    async fn width(&self) -> Option<i32> {
        Some(self.width)
    }

    /// Its height in pixels.
    async fn height(&self) -> Option<i32> {
        Some(self.height)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }
}

/// Which picture becomes the viewer's avatar.
#[derive(InputObject)]
pub(crate) struct SetAvatarInput {
    /// An upload of the viewer whose file has arrived: JPEG, PNG or WebP.
    upload_id: UploadId,
}

/// The outcome of `setAvatar` and `uploadAvatar`.
#[derive(SimpleObject)]
pub(crate) struct SetAvatarPayload {
    /// The new avatar; null when it was refused.
    image: Option<Image>,
    /// The viewer, with the new avatar; null when it was refused.
    user: Option<User>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// The outcome of `removeAvatar`.
#[derive(SimpleObject)]
pub(crate) struct RemoveAvatarPayload {
    /// The viewer, without an avatar.
    user: Option<User>,
    /// Empty: there is nothing to refuse.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct AvatarQuery;

#[Object]
impl AvatarQuery {
    #[graphql(entity)]
    async fn find_image(
        &self,
        ctx: &Context<'_>,
        id: ImageId,
    ) -> Result<Option<Image>, ResolverError> {
        let viewer = UserId(viewer(ctx)?.user_id);
        let loader = ctx.data_unchecked::<DataLoader<ImageLoader>>();
        let image = loader.load_one(id).await;
        let image = image.map_err(|error| ResolverError::Internal(error.into()))?;
        Ok(image.filter(|image| image.user_id == viewer))
    }
}

#[derive(Default)]
pub(crate) struct AvatarMutation;

#[Object]
impl AvatarMutation {
    /// Makes an uploaded picture the viewer's avatar: decoded, turned by its EXIF orientation, resized to at most 512 px, encoded again without metadata. The avatar before it goes.
    async fn set_avatar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which picture.")] input: SetAvatarInput,
    ) -> Result<SetAvatarPayload, ResolverError> {
        let user = UserId(viewer(ctx)?.user_id);
        let app = ctx.data_unchecked::<App>();
        let outcome = set_from_upload(app, user, input.upload_id).await;
        payload(user, outcome, |refusal| refusal.user_error(locale(ctx)))
    }

    /// Makes a picture that is sent with the mutation the viewer's avatar, as `setAvatar` does.
    async fn upload_avatar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The picture: JPEG, PNG or WebP.")] file: Upload,
    ) -> Result<SetAvatarPayload, ResolverError> {
        let user = UserId(viewer(ctx)?.user_id);
        let app = ctx.data_unchecked::<App>();
        let file = file.open(ctx).await?;
        let outcome = set_from_file(app, user, file).await;
        payload(user, outcome, |refusal| {
            refusal.user_error(locale(ctx)).on("file")
        })
    }

    /// Takes the viewer's avatar away, if there is one.
    async fn remove_avatar(&self, ctx: &Context<'_>) -> Result<RemoveAvatarPayload, ResolverError> {
        let user = UserId(viewer(ctx)?.user_id);
        let app = ctx.data_unchecked::<App>();
        let mut tx = app.pool.begin().await?;
        remove(&mut tx, user, Utc::now()).await?;
        tx.commit().await?;
        app.sweeper.wake();
        Ok(RemoveAvatarPayload {
            user: Some(User { id: user }),
            user_errors: Vec::new(),
        })
    }
}

fn payload(
    user: UserId,
    outcome: Result<Image, SetError>,
    told: impl FnOnce(Refusal) -> UserError,
) -> Result<SetAvatarPayload, ResolverError> {
    match outcome {
        Ok(image) => Ok(SetAvatarPayload {
            image: Some(image),
            user: Some(User { id: user }),
            user_errors: Vec::new(),
        }),
        Err(SetError::Refused(refusal)) => Ok(SetAvatarPayload {
            image: None,
            user: None,
            user_errors: vec![told(refusal)],
        }),
        Err(SetError::Interrupted(_)) => {
            let message = "the file did not arrive whole";
            Err(ResolverError::BadUserInput(message.into()))
        }
        Err(SetError::Database(error)) => Err(error.into()),
        Err(SetError::Store(error)) => Err(ResolverError::Internal(error.into())),
    }
}
