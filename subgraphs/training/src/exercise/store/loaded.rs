//! The SQL of which catalogue is loaded.

use sqlx::PgConnection;

/// One loads the catalogue at a time; the lock ends with the transaction.
pub(crate) async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('training.catalogue', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// The fingerprint of the catalogue that is loaded.
pub(crate) async fn fingerprint(conn: &mut PgConnection) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT fingerprint FROM training.loaded_catalogue")
        .fetch_optional(conn)
        .await
}

pub(crate) async fn set_fingerprint(
    conn: &mut PgConnection,
    fingerprint: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "
        INSERT INTO training.loaded_catalogue (fingerprint) VALUES ($1)
        ON CONFLICT (only_one) DO UPDATE SET fingerprint = EXCLUDED.fingerprint
        ",
        fingerprint,
    )
    .execute(conn)
    .await?;
    Ok(())
}
