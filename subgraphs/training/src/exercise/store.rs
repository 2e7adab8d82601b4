//! The SQL of exercises.

pub(super) mod loaded;
pub(super) mod measured;
pub(super) mod search;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use setwise_service::Locale;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    exercise::{Equipment, Exercise, Level, Measurement, Movement, Target},
    ids::{ExerciseId, MuscleGroupId, UserId},
    muscle_group::MuscleGroup,
};

/// Which exercises of a person's view to list.
#[derive(Debug, Clone)]
pub(super) struct Selection {
    /// Those of the catalogue.
    pub(super) catalogue: bool,
    /// Those of the person.
    pub(super) own: bool,
    /// At least one of these is trained.
    pub(super) muscle_groups: Option<Vec<Uuid>>,
    /// At least one of these does most of the work.
    pub(super) primary: Option<Vec<Uuid>>,
    /// At least one of these helps.
    pub(super) secondary: Option<Vec<Uuid>>,
    pub(super) exclude: Vec<Uuid>,
    pub(super) equipment: Option<Vec<String>>,
}

/// An exercise with the person or the exercise that it was looked up for.
pub(super) struct SeenBy {
    pub(super) viewer: UserId,
    pub(super) exercise: Exercise,
}

pub(super) struct AlternativeOf {
    pub(super) of: ExerciseId,
    pub(super) exercise: Exercise,
}

/// An exercise of a row that has more columns than its own.
macro_rules! exercise {
    ($row:ident) => {
        Exercise {
            id: $row.id,
            user_id: $row.user_id,
            name_en: $row.name_en,
            name_ru: $row.name_ru,
            aliases: $row.aliases,
            description_en: $row.description_en,
            description_ru: $row.description_ru,
            instructions_en: $row.instructions_en,
            instructions_ru: $row.instructions_ru,
            video_url: $row.video_url,
            equipment: $row.equipment,
            measurement: $row.measurement,
            movement: $row.movement,
            level: $row.level,
            is_unilateral: $row.is_unilateral,
            is_deleted: $row.is_deleted,
            created_at: $row.created_at,
            updated_at: $row.updated_at,
        }
    };
}

/// A page of what a person can use, by name in a language.
pub(super) async fn page(
    conn: &mut PgConnection,
    viewer: UserId,
    locale: Locale,
    selection: &Selection,
    after: Option<(String, ExerciseId)>,
    limit: i64,
) -> sqlx::Result<Vec<Exercise>> {
    let (after_name, after_id) = after.unzip();
    sqlx::query_as!(
        Exercise,
        r#"
        SELECT e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId", e.name_en, e.name_ru, e.aliases, e.description_en,
               e.description_ru, e.instructions_en, e.instructions_ru, e.video_url, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement", e.movement AS "movement: Movement",
               e.level AS "level: Level", e.is_unilateral, e.deleted_at IS NOT NULL AS "is_deleted!", e.created_at, e.updated_at
          FROM training.exercise e
         CROSS JOIN LATERAL (SELECT CASE WHEN $2 THEN e.name_ru ELSE e.name_en END AS name) localized
         WHERE ((e.user_id = $1 AND $3) OR (e.user_id IS NULL AND $4))
           AND e.deleted_at IS NULL
           AND ($5::uuid[] IS NULL
                OR EXISTS (SELECT FROM training.exercise_muscle_group m
                            WHERE m.exercise_id = e.id AND m.muscle_group_id = ANY($5)))
           AND ($6::uuid[] IS NULL
                OR EXISTS (SELECT FROM training.exercise_muscle_group m
                            WHERE m.exercise_id = e.id AND m.is_primary AND m.muscle_group_id = ANY($6)))
           AND ($7::uuid[] IS NULL
                OR EXISTS (SELECT FROM training.exercise_muscle_group m
                            WHERE m.exercise_id = e.id AND NOT m.is_primary AND m.muscle_group_id = ANY($7)))
           AND e.id <> ALL($8::uuid[])
           AND ($9::text[] IS NULL OR e.equipment = ANY($9))
           AND ($10::text IS NULL OR (localized.name, e.id) > ($10 COLLATE "und-x-icu", $11::uuid))
         ORDER BY localized.name, e.id
         LIMIT $12
        "#,
        viewer.0,
        locale == Locale::Ru,
        selection.own,
        selection.catalogue,
        selection.muscle_groups.as_deref(),
        selection.primary.as_deref(),
        selection.secondary.as_deref(),
        &selection.exclude,
        selection.equipment.as_deref(),
        after_name,
        after_id.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Those of the wanted exercises that their viewers can use, or used before they deleted them.
pub(super) async fn by_ids(
    conn: &mut PgConnection,
    viewers: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<SeenBy>> {
    let rows = sqlx::query!(
        r#"
        SELECT wanted.viewer AS "viewer!: UserId", e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId", e.name_en, e.name_ru, e.aliases, e.description_en,
               e.description_ru, e.instructions_en, e.instructions_ru, e.video_url, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement", e.movement AS "movement: Movement",
               e.level AS "level: Level", e.is_unilateral, e.deleted_at IS NOT NULL AS "is_deleted!", e.created_at, e.updated_at
          FROM unnest($1::uuid[], $2::uuid[]) AS wanted (viewer, id)
          JOIN training.exercise e ON e.id = wanted.id AND (e.user_id IS NULL OR e.user_id = wanted.viewer)
        "#,
        viewers,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let seen = rows.into_iter().map(|row| SeenBy {
        viewer: row.viewer,
        exercise: exercise!(row),
    });
    Ok(seen.collect())
}

/// Whether a person can train an exercise from now on.
pub(super) async fn is_usable(
    conn: &mut PgConnection,
    viewer: UserId,
    id: ExerciseId,
) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
               SELECT FROM training.exercise
                WHERE id = $2 AND (user_id IS NULL OR user_id = $1) AND deleted_at IS NULL) AS "found!"
        "#,
        viewer.0,
        id.0,
    );
    found.fetch_one(conn).await
}

/// What exercises train: primary muscle groups first, in the order of the exercise.
pub(super) async fn targets(
    conn: &mut PgConnection,
    exercises: &[ExerciseId],
) -> sqlx::Result<Vec<Target>> {
    let exercises: Vec<Uuid> = exercises.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT m.exercise_id AS "exercise_id: ExerciseId", m.is_primary,
               g.id AS "id: MuscleGroupId", g.slug, g.name_en, g.name_ru
          FROM training.exercise_muscle_group m
          JOIN training.muscle_group g ON g.id = m.muscle_group_id
         WHERE m.exercise_id = ANY($1)
         ORDER BY m.exercise_id, m.is_primary DESC, m.position
        "#,
        &exercises,
    )
    .fetch_all(conn)
    .await?;
    let targets = rows.into_iter().map(|row| Target {
        exercise_id: row.exercise_id,
        is_primary: row.is_primary,
        muscle_group: MuscleGroup {
            id: row.id,
            slug: row.slug,
            name_en: row.name_en,
            name_ru: row.name_ru,
        },
    });
    Ok(targets.collect())
}

/// What shares a muscle group with each of some exercises: most primary ones in common first, then what is the same
/// movement, then what needs the same equipment, then most muscle groups in common.
pub(super) async fn alternatives(
    conn: &mut PgConnection,
    viewer: UserId,
    exercises: &[ExerciseId],
    limit: i64,
) -> sqlx::Result<Vec<AlternativeOf>> {
    let exercises: Vec<Uuid> = exercises.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT wanted.id AS "of: ExerciseId", e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId", e.name_en, e.name_ru, e.aliases, e.description_en,
               e.description_ru, e.instructions_en, e.instructions_ru, e.video_url, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement", e.movement AS "movement: Movement",
               e.level AS "level: Level", e.is_unilateral, e.deleted_at IS NOT NULL AS "is_deleted!", e.created_at, e.updated_at
          FROM training.exercise wanted
         CROSS JOIN LATERAL (
               SELECT shared.id, row_number() OVER (
                        ORDER BY shared.primaries DESC, (other.movement IS NOT DISTINCT FROM wanted.movement) DESC,
                                 (other.equipment = wanted.equipment) DESC, shared.groups DESC, other.name_en, other.id
                      ) AS place
                 FROM (SELECT theirs.exercise_id AS id, count(*) AS groups,
                              count(*) FILTER (WHERE mine.is_primary AND theirs.is_primary) AS primaries
                         FROM training.exercise_muscle_group mine
                         JOIN training.exercise_muscle_group theirs
                           ON theirs.muscle_group_id = mine.muscle_group_id AND theirs.exercise_id <> mine.exercise_id
                        WHERE mine.exercise_id = wanted.id
                        GROUP BY theirs.exercise_id
                      ) shared
                 JOIN training.exercise other
                   ON other.id = shared.id AND (other.user_id IS NULL OR other.user_id = $1) AND other.deleted_at IS NULL
                ORDER BY place
                LIMIT $3
               ) alternative
          JOIN training.exercise e ON e.id = alternative.id
         WHERE wanted.id = ANY($2) AND (wanted.user_id IS NULL OR wanted.user_id = $1)
         ORDER BY wanted.id, alternative.place
        "#,
        viewer.0,
        &exercises,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let alternatives = rows.into_iter().map(|row| AlternativeOf {
        of: row.of,
        exercise: exercise!(row),
    });
    Ok(alternatives.collect())
}

/// Writes exercises, new or as they are now; those that are there keep their creation time.
pub(super) async fn upsert_all(
    conn: &mut PgConnection,
    exercises: &[Exercise],
) -> sqlx::Result<()> {
    // One statement for all, with their lists of steps: unnest knows no lists of lists.
    let rows: Vec<Value> = exercises.iter().map(row).collect();
    sqlx::query!(
        "
        INSERT INTO training.exercise
               (id, user_id, name_en, name_ru, aliases, description_en, description_ru, instructions_en, instructions_ru,
                video_url, equipment, measurement, movement, level, is_unilateral, created_at, updated_at)
        SELECT id, user_id, name_en, name_ru, aliases, description_en, description_ru, instructions_en, instructions_ru,
               video_url, equipment, measurement, movement, level, is_unilateral, created_at, updated_at
          FROM jsonb_to_recordset($1) AS new (
               id uuid, user_id uuid, name_en text, name_ru text, aliases text[], description_en text, description_ru text,
               instructions_en text[], instructions_ru text[], video_url text, equipment text, measurement text,
               movement text, level text, is_unilateral boolean, created_at timestamptz, updated_at timestamptz)
        ON CONFLICT (id) DO UPDATE
           SET name_en = EXCLUDED.name_en, name_ru = EXCLUDED.name_ru, aliases = EXCLUDED.aliases,
               description_en = EXCLUDED.description_en, description_ru = EXCLUDED.description_ru,
               instructions_en = EXCLUDED.instructions_en, instructions_ru = EXCLUDED.instructions_ru,
               video_url = EXCLUDED.video_url, equipment = EXCLUDED.equipment, measurement = EXCLUDED.measurement,
               movement = EXCLUDED.movement, level = EXCLUDED.level, is_unilateral = EXCLUDED.is_unilateral,
               updated_at = EXCLUDED.updated_at
         WHERE (exercise.name_en, exercise.name_ru, exercise.aliases, exercise.description_en, exercise.description_ru,
                exercise.instructions_en, exercise.instructions_ru, exercise.video_url, exercise.equipment,
                exercise.measurement, exercise.movement, exercise.level, exercise.is_unilateral)
               IS DISTINCT FROM
               (EXCLUDED.name_en, EXCLUDED.name_ru, EXCLUDED.aliases, EXCLUDED.description_en, EXCLUDED.description_ru,
                EXCLUDED.instructions_en, EXCLUDED.instructions_ru, EXCLUDED.video_url, EXCLUDED.equipment,
                EXCLUDED.measurement, EXCLUDED.movement, EXCLUDED.level, EXCLUDED.is_unilateral)
        ",
        Value::Array(rows),
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn row(exercise: &Exercise) -> Value {
    json!({
        "id": exercise.id.0,
        "user_id": exercise.user_id.map(|id| id.0),
        "name_en": exercise.name_en,
        "name_ru": exercise.name_ru,
        "aliases": exercise.aliases,
        "description_en": exercise.description_en,
        "description_ru": exercise.description_ru,
        "instructions_en": exercise.instructions_en,
        "instructions_ru": exercise.instructions_ru,
        "video_url": exercise.video_url,
        "equipment": exercise.equipment.as_str(),
        "measurement": exercise.measurement.as_str(),
        "movement": exercise.movement.map(Movement::as_str),
        "level": exercise.level.map(Level::as_str),
        "is_unilateral": exercise.is_unilateral,
        "created_at": exercise.created_at,
        "updated_at": exercise.updated_at,
    })
}

/// Takes an exercise of a person off the lists, and says whether there was one.
pub(super) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "
        UPDATE training.exercise SET deleted_at = $3, updated_at = $3
         WHERE id = $2 AND user_id = $1 AND deleted_at IS NULL
        ",
        user.0,
        id.0,
        now,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected() == 1)
}

/// An exercise that a person made, locked for a change.
pub(super) async fn own_for_update(
    conn: &mut PgConnection,
    user: UserId,
    id: ExerciseId,
) -> sqlx::Result<Option<Exercise>> {
    sqlx::query_as!(
        Exercise,
        r#"
        SELECT e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId", e.name_en, e.name_ru, e.aliases, e.description_en,
               e.description_ru, e.instructions_en, e.instructions_ru, e.video_url, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement", e.movement AS "movement: Movement",
               e.level AS "level: Level", e.is_unilateral, e.deleted_at IS NOT NULL AS "is_deleted!", e.created_at, e.updated_at
          FROM training.exercise e
         WHERE e.id = $2 AND e.user_id = $1 AND e.deleted_at IS NULL
           FOR UPDATE
        "#,
        user.0,
        id.0,
    )
    .fetch_optional(conn)
    .await
}

/// A muscle group that an exercise trains, at its place.
pub(super) struct NewTarget {
    pub(super) exercise: ExerciseId,
    pub(super) muscle_group: MuscleGroupId,
    pub(super) is_primary: bool,
    pub(super) position: i32,
}

/// Writes what some exercises train, in place of what was written before.
pub(super) async fn replace_targets(
    conn: &mut PgConnection,
    of: &[ExerciseId],
    targets: &[NewTarget],
) -> sqlx::Result<()> {
    let of: Vec<Uuid> = of.iter().map(|id| id.0).collect();
    let exercises: Vec<Uuid> = targets.iter().map(|target| target.exercise.0).collect();
    let groups: Vec<Uuid> = targets.iter().map(|target| target.muscle_group.0).collect();
    let primary: Vec<bool> = targets.iter().map(|target| target.is_primary).collect();
    let positions: Vec<i32> = targets.iter().map(|target| target.position).collect();
    sqlx::query!(
        "DELETE FROM training.exercise_muscle_group WHERE exercise_id = ANY($1)",
        &of
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "
        INSERT INTO training.exercise_muscle_group (exercise_id, muscle_group_id, is_primary, position)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::integer[])
        ",
        &exercises,
        &groups,
        &primary,
        &positions,
    )
    .execute(conn)
    .await?;
    Ok(())
}
