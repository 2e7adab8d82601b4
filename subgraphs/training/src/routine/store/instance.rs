//! The SQL of exercise instances.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::{
    ids::{ExerciseId, ExerciseInstanceId, RoutineId, UserId},
    progression::Progression,
    routine::{ExerciseInstance, InstancePath, store::End},
};

pub(in crate::routine) async fn instances_by_ids(
    conn: &mut PgConnection,
    users: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        SELECT i.user_id AS "user_id: UserId", i.id AS "id: ExerciseInstanceId",
               i.routine_id AS "routine_id: RoutineId", i.exercise_id AS "exercise_id: ExerciseId",
               i.position, i.superset_group, i.notes, i.training_max_kg::float8 AS training_max_kg,
               i.progression AS "progression: Json<Progression>", i.progression_since, i.created_at, i.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, id)
          JOIN training.exercise_instance i ON i.user_id = wanted.user_id AND i.id = wanted.id
        "#,
        users,
        ids,
    )
    .fetch_all(conn)
    .await
}

pub(in crate::routine) async fn instances_of_routines(
    conn: &mut PgConnection,
    users: &[Uuid],
    routines: &[Uuid],
) -> sqlx::Result<Vec<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        SELECT i.user_id AS "user_id: UserId", i.id AS "id: ExerciseInstanceId",
               i.routine_id AS "routine_id: RoutineId", i.exercise_id AS "exercise_id: ExerciseId",
               i.position, i.superset_group, i.notes, i.training_max_kg::float8 AS training_max_kg,
               i.progression AS "progression: Json<Progression>", i.progression_since, i.created_at, i.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (user_id, routine_id)
          JOIN training.exercise_instance i ON i.user_id = wanted.user_id AND i.routine_id = wanted.routine_id
         ORDER BY i.user_id, i.routine_id, i.position
        "#,
        users,
        routines,
    )
    .fetch_all(conn)
    .await
}

pub(in crate::routine) async fn instance_ids(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<Vec<ExerciseInstanceId>> {
    sqlx::query_scalar!(
        r#"
        SELECT id AS "id: ExerciseInstanceId" FROM training.exercise_instance
         WHERE user_id = $1 AND routine_id = $2
        "#,
        user.0,
        routine.0,
    )
    .fetch_all(conn)
    .await
}

pub(in crate::routine) async fn end_of_routine(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> sqlx::Result<End> {
    sqlx::query_as!(
        End,
        r#"
        SELECT count(*) AS "count!", coalesce(max(position), 0) + 1 AS "next_position!"
          FROM training.exercise_instance WHERE user_id = $1 AND routine_id = $2
        "#,
        user.0,
        routine.0,
    )
    .fetch_one(conn)
    .await
}

pub(in crate::routine) async fn insert_instance(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseInstanceId,
    routine: RoutineId,
    exercise: ExerciseId,
    position: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<ExerciseInstance> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        INSERT INTO training.exercise_instance (user_id, id, routine_id, exercise_id, position, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6)
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseInstanceId",
                  routine_id AS "routine_id: RoutineId", exercise_id AS "exercise_id: ExerciseId",
                  position, superset_group, notes, training_max_kg::float8 AS training_max_kg,
                  progression AS "progression: Json<Progression>", progression_since, created_at, updated_at
        "#,
        user.0,
        id.0,
        routine.0,
        exercise.0,
        position,
        now,
    )
    .fetch_one(conn)
    .await
}

pub(in crate::routine) async fn delete_instance(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    id: ExerciseInstanceId,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "DELETE FROM training.exercise_instance WHERE user_id = $1 AND routine_id = $2 AND id = $3",
        user.0,
        routine.0,
        id.0,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() > 0)
}

pub(in crate::routine) async fn set_positions(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    order: &[ExerciseInstanceId],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let order: Vec<Uuid> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "
        UPDATE training.exercise_instance i
           SET position = wanted.position, updated_at = $4
          FROM unnest($3::uuid[]) WITH ORDINALITY AS wanted (id, position)
         WHERE i.user_id = $1 AND i.routine_id = $2 AND i.id = wanted.id
        ",
        user.0,
        routine.0,
        &order,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(in crate::routine) async fn touch_instance(
    conn: &mut PgConnection,
    path: InstancePath,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ExerciseInstance>> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        UPDATE training.exercise_instance SET updated_at = $4
         WHERE user_id = $1 AND routine_id = $2 AND id = $3
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseInstanceId",
                  routine_id AS "routine_id: RoutineId", exercise_id AS "exercise_id: ExerciseId",
                  position, superset_group, notes, training_max_kg::float8 AS training_max_kg,
                  progression AS "progression: Json<Progression>", progression_since, created_at, updated_at
        "#,
        path.user.0,
        path.routine.0,
        path.instance.0,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Writes what the plan says of an instance beside its sets.
pub(in crate::routine) async fn update_instance(
    conn: &mut PgConnection,
    instance: &ExerciseInstance,
    now: DateTime<Utc>,
) -> sqlx::Result<ExerciseInstance> {
    sqlx::query_as!(
        ExerciseInstance,
        r#"
        UPDATE training.exercise_instance
           SET superset_group = $3, notes = $4, training_max_kg = $5::float8::numeric, progression = $6,
               progression_since = $7, updated_at = $8
         WHERE user_id = $1 AND id = $2
        RETURNING user_id AS "user_id: UserId", id AS "id: ExerciseInstanceId",
                  routine_id AS "routine_id: RoutineId", exercise_id AS "exercise_id: ExerciseId",
                  position, superset_group, notes, training_max_kg::float8 AS training_max_kg,
                  progression AS "progression: Json<Progression>", progression_since, created_at, updated_at
        "#,
        instance.user_id.0,
        instance.id.0,
        instance.superset_group,
        instance.notes.as_deref(),
        instance.training_max_kg,
        instance.progression.as_ref() as Option<&Json<Progression>>,
        instance.progression_since,
        now,
    )
    .fetch_one(conn)
    .await
}
