//! All SQL of accounts.

use setwise_graphql::WeightUnit;
use sqlx::PgConnection;

use super::{
    Account, BodyWeightKg, DateOfBirth, Email, HeightCm, Language, Name, PictureUrl, UserId,
};

/// The unique index that holds one account per address.
pub(crate) const EMAIL_KEY: &str = "account_email_key";

/// What a sign-in is checked against.
pub(crate) struct Credentials {
    pub user_id: UserId,
    pub password_hash: String,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    account: &Account,
    password_hash: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO users.account (
            id, email, password_hash, first_name, last_name, date_of_birth, height_cm,
            weight_kg, language, weight_unit, created_at, updated_at
        )
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        "#,
        account.id.0,
        account.email.as_str(),
        password_hash,
        account.first_name.as_ref().map(Name::as_str),
        account.last_name.as_ref().map(Name::as_str),
        account.date_of_birth.map(DateOfBirth::get),
        account.height_cm.map(HeightCm::get),
        account.weight_kg.map(BodyWeightKg::get),
        account.language as Language,
        account.weight_unit as WeightUnit,
        account.created_at,
        account.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find_many(
    conn: &mut PgConnection,
    ids: &[UserId],
) -> sqlx::Result<Vec<Account>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Account,
        r#"
        SELECT
            id AS "id: UserId", email AS "email: Email", first_name AS "first_name: Name",
            last_name AS "last_name: Name", date_of_birth AS "date_of_birth: DateOfBirth",
            height_cm AS "height_cm: HeightCm", weight_kg AS "weight_kg: BodyWeightKg",
            language AS "language: Language", weight_unit AS "weight_unit: WeightUnit",
            profile_picture_url AS "profile_picture_url: PictureUrl", created_at, updated_at
        FROM users.account
        WHERE id = ANY($1)
        "#,
        &ids,
    )
    .fetch_all(conn)
    .await
}

pub(crate) async fn find_for_update(
    conn: &mut PgConnection,
    id: UserId,
) -> sqlx::Result<Option<Account>> {
    sqlx::query_as!(
        Account,
        r#"
        SELECT
            id AS "id: UserId", email AS "email: Email", first_name AS "first_name: Name",
            last_name AS "last_name: Name", date_of_birth AS "date_of_birth: DateOfBirth",
            height_cm AS "height_cm: HeightCm", weight_kg AS "weight_kg: BodyWeightKg",
            language AS "language: Language", weight_unit AS "weight_unit: WeightUnit",
            profile_picture_url AS "profile_picture_url: PictureUrl", created_at, updated_at
        FROM users.account
        WHERE id = $1
        FOR UPDATE
        "#,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

pub(crate) async fn find_credentials(
    conn: &mut PgConnection,
    email: &Email,
) -> sqlx::Result<Option<Credentials>> {
    sqlx::query_as!(
        Credentials,
        r#"
        SELECT id AS "user_id: UserId", password_hash
        FROM users.account
        WHERE lower(email COLLATE "C") = lower($1 COLLATE "C")
        "#,
        email.as_str(),
    )
    .fetch_optional(conn)
    .await
}

pub(crate) async fn update(conn: &mut PgConnection, account: &Account) -> sqlx::Result<()> {
    sqlx::query!(
        r#"
        UPDATE users.account
        SET first_name = $2, last_name = $3, date_of_birth = $4, height_cm = $5, weight_kg = $6,
            language = $7, weight_unit = $8, profile_picture_url = $9, updated_at = $10
        WHERE id = $1
        "#,
        account.id.0,
        account.first_name.as_ref().map(Name::as_str),
        account.last_name.as_ref().map(Name::as_str),
        account.date_of_birth.map(DateOfBirth::get),
        account.height_cm.map(HeightCm::get),
        account.weight_kg.map(BodyWeightKg::get),
        account.language as Language,
        account.weight_unit as WeightUnit,
        account.profile_picture_url.as_ref().map(PictureUrl::as_str),
        account.updated_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
