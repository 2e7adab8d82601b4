//! The SQL of muscle groups.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{ids::MuscleGroupId, muscle_group::MuscleGroup};

pub(super) async fn all(conn: &mut PgConnection) -> sqlx::Result<Vec<MuscleGroup>> {
    sqlx::query_as!(
        MuscleGroup,
        r#"
        SELECT id AS "id: MuscleGroupId", slug, name_en, name_ru
          FROM training.muscle_group ORDER BY position
        "#,
    )
    .fetch_all(conn)
    .await
}

pub(super) async fn by_ids(
    conn: &mut PgConnection,
    ids: &[MuscleGroupId],
) -> sqlx::Result<Vec<MuscleGroup>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        MuscleGroup,
        r#"
        SELECT id AS "id: MuscleGroupId", slug, name_en, name_ru
          FROM training.muscle_group WHERE id = ANY($1)
        "#,
        &ids,
    )
    .fetch_all(conn)
    .await
}

/// Writes the muscle groups of the catalogue, in their order.
pub(crate) async fn upsert_all(
    conn: &mut PgConnection,
    groups: &[MuscleGroup],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = groups.iter().map(|group| group.id.0).collect();
    let slugs: Vec<String> = groups.iter().map(|group| group.slug.clone()).collect();
    let english: Vec<String> = groups.iter().map(|group| group.name_en.clone()).collect();
    let russian: Vec<String> = groups.iter().map(|group| group.name_ru.clone()).collect();
    sqlx::query!(
        "
        INSERT INTO training.muscle_group (id, slug, name_en, name_ru, position)
        SELECT id, slug, name_en, name_ru, position
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
               WITH ORDINALITY AS new (id, slug, name_en, name_ru, position)
        ON CONFLICT (id) DO UPDATE
           SET slug = EXCLUDED.slug, name_en = EXCLUDED.name_en, name_ru = EXCLUDED.name_ru, position = EXCLUDED.position
        ",
        &ids,
        &slugs,
        &english,
        &russian,
    )
    .execute(conn)
    .await?;
    Ok(())
}
