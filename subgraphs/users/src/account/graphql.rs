use async_graphql::{Context, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use setwise_auth::AuthError;
use setwise_graphql::{ResolverError, UserError, WeightUnit};

use super::{
    Account, AccountById, BodyWeightKg, DateOfBirth, HeightCm, Language, Name, PictureUrl,
    RegisterError, RegisterInput, UserId, input::UpdateProfileInput,
};
use crate::{
    State, account,
    refusal::Refusal,
    session::{self, Tokens},
};

/// A person with an account.
#[Object(name = "User")]
impl Account {
    /// Identifies the person in every subgraph.
    async fn id(&self) -> UserId {
        self.id
    }

    /// The address to sign in with and to write to.
    async fn email(&self) -> &str {
        self.email.as_str()
    }

    /// Null when not given.
    async fn first_name(&self) -> Option<&str> {
        self.first_name.as_ref().map(Name::as_str)
    }

    /// Null when not given.
    async fn last_name(&self) -> Option<&str> {
        self.last_name.as_ref().map(Name::as_str)
    }

    /// First and last name, else the part of the e-mail address before the @.
    #[graphql(name = "displayName")]
    async fn shown_name(&self) -> String {
        self.display_name()
    }

    /// Null when not given.
    async fn date_of_birth(&self) -> Option<DateTime<Utc>> {
        self.date_of_birth.map(DateOfBirth::get)
    }

    /// Height in centimetres; null when not given.
    async fn height_cm(&self) -> Option<f64> {
        self.height_cm.map(HeightCm::get)
    }

    /// Weight in kilograms; null when not given.
    async fn weight_kg(&self) -> Option<f64> {
        self.weight_kg.map(BodyWeightKg::get)
    }

    /// The language of mails and pages.
    async fn language(&self) -> Language {
        self.language
    }

    /// The unit that weights are shown in. The graph itself is always in kilograms.
    async fn weight_unit(&self) -> WeightUnit {
        self.weight_unit
    }

    /// The address of a picture elsewhere, as clients of /v1 give it; null when not given.
    async fn profile_picture_url(&self) -> Option<&str> {
        self.profile_picture_url.as_ref().map(PictureUrl::as_str)
    }

    /// True once height, weight and date of birth are given.
    #[graphql(name = "hasCompletedOnboarding")]
    async fn onboarded(&self) -> bool {
        self.has_completed_onboarding()
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When the profile last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

/// An `Option` of a `Result`, not the other way round: then an error makes
/// its own field null, and the rest of the answer stays.
#[derive(Default)]
pub(crate) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The signed-in person. Without a valid token: null, and an error with code UNAUTHENTICATED.
    async fn me(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        Some(viewer(ctx).await.map_err(Into::into))
    }

    /// A person by id: only the viewer themself, null for everyone else.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Identifies the person.")] id: UserId,
    ) -> Option<async_graphql::Result<Account>> {
        let user = visible(ctx, id).await.transpose()?;
        Some(user.map_err(Into::into))
    }

    #[graphql(entity)]
    async fn find_user(
        &self,
        ctx: &Context<'_>,
        id: UserId,
    ) -> Result<Option<Account>, ResolverError> {
        visible(ctx, id).await
    }
}

async fn viewer(ctx: &Context<'_>) -> Result<Account, ResolverError> {
    let viewer = setwise_graphql::viewer(ctx)?;
    let account = load(ctx, UserId(viewer.user_id)).await?;
    // The token outlived its account.
    account.ok_or_else(|| AuthError::Invalid.into())
}

async fn visible(ctx: &Context<'_>, id: UserId) -> Result<Option<Account>, ResolverError> {
    if setwise_graphql::viewer(ctx)?.user_id != id.0 {
        return Ok(None);
    }
    load(ctx, id).await
}

async fn load(ctx: &Context<'_>, id: UserId) -> Result<Option<Account>, ResolverError> {
    let loader = ctx.data_unchecked::<DataLoader<AccountById>>();
    Ok(loader.load_one(id).await.map_err(anyhow::Error::from)?)
}

/// The new account and its first tokens, or what is wrong.
#[derive(SimpleObject, Default)]
pub(crate) struct RegisterPayload {
    /// The new account; null when there are errors.
    pub user: Option<Account>,
    /// The person is signed in at once; null when there are errors.
    pub tokens: Option<Tokens>,
    /// What is wrong with the input; empty when the account was made.
    pub user_errors: Vec<UserError>,
}

/// The changed profile, or what is wrong.
#[derive(SimpleObject, Default)]
pub(crate) struct UpdateProfilePayload {
    /// The person after the change; null when there are errors.
    pub user: Option<Account>,
    /// What is wrong with the input; empty when the profile was changed.
    pub user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account, signs in and sends a welcome mail.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who it is for.")] input: RegisterInput,
    ) -> Result<RegisterPayload, ResolverError> {
        let locale = setwise_graphql::locale(ctx);
        let now = Utc::now();
        let refused = |refusals: Vec<Refusal>| RegisterPayload {
            user_errors: Refusal::all_into_user_errors(refusals, locale),
            ..RegisterPayload::default()
        };
        let registration = match input.parse(locale.into(), now) {
            Ok(registration) => registration,
            Err(refusals) => return Ok(refused(refusals)),
        };
        let state = ctx.data_unchecked::<State>();
        let hash = state.hasher.hash(registration.password.clone()).await?;
        let account = Account::new(UserId::new(), registration, now);
        let mut tx = state.pool.begin().await?;
        match account::register(&mut tx, &state.mail, &account, &hash).await {
            Ok(()) => {}
            Err(RegisterError::EmailTaken) => return Ok(refused(vec![Refusal::EmailTaken])),
            Err(error) => return Err(anyhow::Error::from(error).into()),
        }
        let tokens = session::open(&mut tx, &state.signing, account.id, now).await?;
        tx.commit().await?;
        Ok(RegisterPayload {
            user: Some(account),
            tokens: Some(tokens),
            user_errors: Vec::new(),
        })
    }

    /// Changes the viewer's profile: only the fields that are given, an explicit null clears.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, ResolverError> {
        let viewer = setwise_graphql::viewer(ctx)?;
        let locale = setwise_graphql::locale(ctx);
        let now = Utc::now();
        let change = match input.parse(locale.into(), now) {
            Ok(change) => change,
            Err(refusals) => {
                let user_errors = Refusal::all_into_user_errors(refusals, locale);
                return Ok(UpdateProfilePayload {
                    user: None,
                    user_errors,
                });
            }
        };
        let mut tx = ctx.data_unchecked::<State>().pool.begin().await?;
        let account = account::update_profile(&mut tx, UserId(viewer.user_id), change, now).await?;
        let account = account.ok_or(AuthError::Invalid)?;
        tx.commit().await?;
        Ok(UpdateProfilePayload {
            user: Some(account),
            user_errors: Vec::new(),
        })
    }
}
