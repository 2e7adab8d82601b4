//! The SQL of how exercises are measured.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{exercise::Measurement, ids::ExerciseId};

pub(crate) async fn measurements(
    conn: &mut PgConnection,
    exercises: &[ExerciseId],
) -> sqlx::Result<Vec<(ExerciseId, Measurement)>> {
    let exercises: Vec<Uuid> = exercises.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ExerciseId", measurement AS "measurement: Measurement"
          FROM training.exercise WHERE id = ANY ($1)
        "#,
        &exercises,
    );
    let rows = rows.fetch_all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, row.measurement))
        .collect())
}
