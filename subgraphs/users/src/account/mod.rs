//! Accounts: who a person is, and what they say about themself.

mod email;
mod graphql;
mod input;
mod loader;
mod password;
mod profile;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use async_graphql::{Enum, MaybeUndefined};
use chrono::{DateTime, SubsecRound, Utc};
use serde_json::Value;
use setwise_events::EmailMessage;
use setwise_graphql::{WeightUnit, id_type};
use setwise_outbox::{NewEvent, Outbox};
use setwise_service::Locale;
use sqlx::{PgConnection, PgPool};

pub use email::Email;
pub(crate) use graphql::{AccountMutation, AccountQuery};
pub use input::RegisterInput;
pub(crate) use loader::AccountById;
pub(crate) use password::Hasher;
pub use password::Password;
pub use profile::{BodyWeightKg, DateOfBirth, HeightCm, Name, PictureUrl};

id_type!(UserId);

/// One row of `users.account`, without the password.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) first_name: Option<Name>,
    pub(crate) last_name: Option<Name>,
    pub(crate) date_of_birth: Option<DateOfBirth>,
    pub(crate) height_cm: Option<HeightCm>,
    pub(crate) weight_kg: Option<BodyWeightKg>,
    pub(crate) language: Language,
    pub(crate) weight_unit: WeightUnit,
    pub(crate) profile_picture_url: Option<PictureUrl>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// A language that Setwise speaks.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Language {
    /// English
    En,
    /// Russian
    Ru,
}

/// A registration whose every field was found right.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub email: Email,
    pub password: Password,
    pub first_name: Option<Name>,
    pub last_name: Option<Name>,
    pub date_of_birth: Option<DateOfBirth>,
    pub height_cm: Option<HeightCm>,
    pub weight_kg: Option<BodyWeightKg>,
    pub language: Language,
    pub weight_unit: WeightUnit,
}

/// What to change: `Undefined` stays as it is, `Null` is cleared.
#[derive(Clone, Debug)]
pub(crate) struct ProfileChange {
    pub first_name: MaybeUndefined<Name>,
    pub last_name: MaybeUndefined<Name>,
    pub date_of_birth: MaybeUndefined<DateOfBirth>,
    pub height_cm: MaybeUndefined<HeightCm>,
    pub weight_kg: MaybeUndefined<BodyWeightKg>,
    pub language: Option<Language>,
    pub weight_unit: Option<WeightUnit>,
    pub profile_picture_url: MaybeUndefined<PictureUrl>,
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    #[error("the e-mail address belongs to another account")]
    EmailTaken,
    #[error("database failed")]
    Database(#[from] sqlx::Error),
    #[error("the welcome message cannot be written as JSON")]
    Message(#[from] serde_json::Error),
}

/// Makes the account and, in the same transaction, asks for its welcome mail.
#[tracing::instrument(skip_all, name = "account.register", fields(user.id = %account.id.0))]
pub(crate) async fn register(
    conn: &mut PgConnection,
    mail: &Mail,
    account: &Account,
    password_hash: &str,
) -> Result<(), RegisterError> {
    insert(conn, account, password_hash).await?;
    let welcome = EmailMessage::Welcome {
        email: account.email.as_str().to_owned(),
        name: account.display_name(),
        language: Locale::from(account.language).tag().to_owned(),
    };
    let payload = serde_json::to_value(welcome)?;
    mail.send(conn, &account.email, payload).await?;
    Ok(())
}

async fn insert(
    conn: &mut PgConnection,
    account: &Account,
    password_hash: &str,
) -> Result<(), RegisterError> {
    let inserted = store::insert(conn, account, password_hash).await;
    inserted.map_err(|error| match error.as_database_error() {
        Some(database) if database.constraint() == Some(store::EMAIL_KEY) => {
            RegisterError::EmailTaken
        }
        _ => RegisterError::Database(error),
    })
}

/// Changes a profile; `None` when the account is gone.
#[tracing::instrument(skip_all, name = "account.update_profile", fields(user.id = %user_id.0))]
pub(crate) async fn update_profile(
    conn: &mut PgConnection,
    user_id: UserId,
    change: ProfileChange,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Account>> {
    let Some(mut account) = store::find_for_update(conn, user_id).await? else {
        return Ok(None);
    };
    account.change(change, now);
    store::update(conn, &account).await?;
    Ok(Some(account))
}

/// The account with this address, made if it is missing and left as it is if
/// it is there; no welcome mail. For demo data: everyone else registers.
///
/// # Errors
/// When a field is not valid, or the database fails.
pub async fn ensure_account(pool: &PgPool, input: RegisterInput) -> anyhow::Result<UserId> {
    let now = Utc::now();
    let registration = input
        .parse(Language::En, now)
        .map_err(|refusals| anyhow::anyhow!("the account is not valid: {refusals:?}"))?;
    let mut conn = pool.acquire().await?;
    if let Some(found) = store::find_credentials(&mut conn, &registration.email).await? {
        return Ok(found.user_id);
    }
    let hash = Hasher::new(1)?.hash(registration.password.clone()).await?;
    let account = Account::new(UserId::new(), registration, now);
    match insert(&mut conn, &account, &hash).await {
        Ok(()) => Ok(account.id),
        Err(RegisterError::EmailTaken) => {
            let found = store::find_credentials(&mut conn, &account.email).await?;
            Ok(found.context("the account came and went")?.user_id)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where mail is asked for: the outbox, and the topic that the e-mail consumer reads.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub outbox: Outbox,
    pub topic: String,
}

impl Mail {
    /// Asks for a mail; it goes out once the transaction of `conn` commits.
    pub(crate) async fn send(
        &self,
        conn: &mut PgConnection,
        to: &Email,
        payload: Value,
    ) -> sqlx::Result<()> {
        let event = NewEvent {
            topic: self.topic.clone(),
            key: to.as_str().to_owned(),
            payload,
        };
        self.outbox.append(conn, event).await?;
        Ok(())
    }
}

impl Account {
    pub(crate) fn new(id: UserId, registration: Registration, now: DateTime<Utc>) -> Self {
        // To the microsecond, as the database keeps it.
        let now = now.trunc_subsecs(6);
        Self {
            id,
            email: registration.email,
            first_name: registration.first_name,
            last_name: registration.last_name,
            date_of_birth: registration.date_of_birth,
            height_cm: registration.height_cm,
            weight_kg: registration.weight_kg,
            language: registration.language,
            weight_unit: registration.weight_unit,
            profile_picture_url: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn change(&mut self, change: ProfileChange, now: DateTime<Utc>) {
        change.first_name.update_to(&mut self.first_name);
        change.last_name.update_to(&mut self.last_name);
        change.date_of_birth.update_to(&mut self.date_of_birth);
        change.height_cm.update_to(&mut self.height_cm);
        change.weight_kg.update_to(&mut self.weight_kg);
        change
            .profile_picture_url
            .update_to(&mut self.profile_picture_url);
        self.language = change.language.unwrap_or(self.language);
        self.weight_unit = change.weight_unit.unwrap_or(self.weight_unit);
        self.updated_at = now.trunc_subsecs(6);
    }

    /// First and last name, else the part of the address before the `@`.
    pub(crate) fn display_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let names: Vec<_> = names.into_iter().flatten().map(Name::as_str).collect();
        if names.is_empty() {
            self.email.local_part().to_owned()
        } else {
            names.join(" ")
        }
    }

    pub(crate) fn has_completed_onboarding(&self) -> bool {
        self.height_cm.is_some() && self.weight_kg.is_some() && self.date_of_birth.is_some()
    }
}

impl From<Locale> for Language {
    fn from(locale: Locale) -> Self {
        match locale {
            Locale::En => Self::En,
            Locale::Ru => Self::Ru,
        }
    }
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Ru => Self::Ru,
        }
    }
}
