//! The SQL of body measurements.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    ids::{BodyMeasurementId, UserId},
    measurement::{BodyMeasurement, Measured, MeasurementKind, MeasurementUnit},
};

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<BodyMeasurement>> {
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        SELECT m.user_id AS "user_id: UserId", m.id AS "id: BodyMeasurementId", m.kind AS "kind: MeasurementKind",
               m.value::float8 AS "value!", m.unit AS "unit: MeasurementUnit", m.metric_value::float8 AS "metric_value!",
               m.measured_at, m.created_at, m.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.body_measurement m ON m.user_id = wanted.user_id AND m.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// The measurements of a user after a cursor, of one kind or of all, newest first.
pub(super) async fn page(
    conn: &mut PgConnection,
    user: UserId,
    kind: Option<MeasurementKind>,
    limit: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<BodyMeasurement>> {
    match kind {
        Some(kind) => page_of_kind(conn, user, kind, limit, after).await,
        None => page_of_all(conn, user, limit, after).await,
    }
}

async fn page_of_all(
    conn: &mut PgConnection,
    user: UserId,
    limit: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<BodyMeasurement>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: BodyMeasurementId", kind AS "kind: MeasurementKind",
               value::float8 AS "value!", unit AS "unit: MeasurementUnit", metric_value::float8 AS "metric_value!",
               measured_at, created_at, updated_at
          FROM training.body_measurement
         WHERE user_id = $1
           AND (measured_at, id) < (coalesce($3::timestamptz, 'infinity'), coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY measured_at DESC, id DESC
         LIMIT $2
        "#,
        user.0,
        limit,
        after_time,
        after_id,
    )
    .fetch_all(conn)
    .await
}

async fn page_of_kind(
    conn: &mut PgConnection,
    user: UserId,
    kind: MeasurementKind,
    limit: i64,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> sqlx::Result<Vec<BodyMeasurement>> {
    let (after_time, after_id) = after.unzip();
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: BodyMeasurementId", kind AS "kind: MeasurementKind",
               value::float8 AS "value!", unit AS "unit: MeasurementUnit", metric_value::float8 AS "metric_value!",
               measured_at, created_at, updated_at
          FROM training.body_measurement
         WHERE user_id = $1 AND kind = $5
           AND (measured_at, id) < (coalesce($3::timestamptz, 'infinity'), coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
         ORDER BY measured_at DESC, id DESC
         LIMIT $2
        "#,
        user.0,
        limit,
        after_time,
        after_id,
        kind.as_str(),
    )
    .fetch_all(conn)
    .await
}

/// The newest measurement of each of the kinds, in their order.
pub(super) async fn latest(
    conn: &mut PgConnection,
    user: UserId,
    kinds: &[&str],
) -> sqlx::Result<Vec<BodyMeasurement>> {
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        SELECT m.user_id AS "user_id: UserId", m.id AS "id: BodyMeasurementId", m.kind AS "kind: MeasurementKind",
               m.value::float8 AS "value!", m.unit AS "unit: MeasurementUnit", m.metric_value::float8 AS "metric_value!",
               m.measured_at, m.created_at, m.updated_at
          FROM unnest($2::text[]) WITH ORDINALITY AS wanted (kind, place)
         CROSS JOIN LATERAL (
               SELECT * FROM training.body_measurement b
                WHERE b.user_id = $1 AND b.kind = wanted.kind
                ORDER BY b.measured_at DESC, b.id DESC
                LIMIT 1) AS m
         ORDER BY wanted.place
        "#,
        user.0,
        kinds as &[&str],
    )
    .fetch_all(conn)
    .await
}

/// A measurement that stays as it is until the transaction ends.
pub(super) async fn lock(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
) -> sqlx::Result<Option<BodyMeasurement>> {
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        SELECT user_id AS "user_id: UserId", id AS "id: BodyMeasurementId", kind AS "kind: MeasurementKind",
               value::float8 AS "value!", unit AS "unit: MeasurementUnit", metric_value::float8 AS "metric_value!",
               measured_at, created_at, updated_at
          FROM training.body_measurement WHERE user_id = $1 AND id = $2 FOR UPDATE
        "#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
    measured: Measured,
    now: DateTime<Utc>,
) -> sqlx::Result<BodyMeasurement> {
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        INSERT INTO training.body_measurement (user_id, id, kind, value, unit, measured_at, created_at, updated_at)
        VALUES ($1, $2, $3, $4::float8::numeric, $5, $6, $7, $7)
        RETURNING user_id AS "user_id: UserId", id AS "id: BodyMeasurementId", kind AS "kind: MeasurementKind",
                  value::float8 AS "value!", unit AS "unit: MeasurementUnit", metric_value::float8 AS "metric_value!",
                  measured_at, created_at, updated_at
        "#,
        user.0,
        id.0,
        measured.kind.as_str(),
        measured.value,
        measured.unit.as_str(),
        measured.at,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
    measured: Measured,
    now: DateTime<Utc>,
) -> sqlx::Result<BodyMeasurement> {
    sqlx::query_as!(
        BodyMeasurement,
        r#"
        UPDATE training.body_measurement
           SET value = $3::float8::numeric, unit = $4, measured_at = $5, updated_at = $6
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: BodyMeasurementId", kind AS "kind: MeasurementKind",
                  value::float8 AS "value!", unit AS "unit: MeasurementUnit", metric_value::float8 AS "metric_value!",
                  measured_at, created_at, updated_at
        "#,
        user.0,
        id.0,
        measured.value,
        measured.unit.as_str(),
        measured.at,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(super) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.body_measurement WHERE user_id = $1 AND id = $2",
        user.0,
        id.0
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}
