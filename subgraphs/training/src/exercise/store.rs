//! The SQL of exercises.

use chrono::{DateTime, Utc};
use setwise_service::Locale;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    exercise::{Equipment, Exercise, Measurement, Target},
    ids::{ExerciseId, MuscleGroupId, UserId},
    muscle_group::MuscleGroup,
};

/// Which exercises of a person's view to list.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    /// In either language, without regard to case, е for ё.
    pub(super) search: Option<String>,
    /// At least one of these is trained.
    pub(super) muscle_groups: Option<Vec<Uuid>>,
    pub(super) exclude: Vec<Uuid>,
    pub(super) equipment: Option<Vec<String>>,
    pub(super) only_own: bool,
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
        SELECT e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId", e.name_en, e.name_ru, e.description_en,
               e.description_ru, e.video_url, e.equipment AS "equipment: Equipment",
               e.measurement AS "measurement: Measurement", e.created_at, e.updated_at
          FROM training.exercise e
         CROSS JOIN LATERAL (SELECT CASE WHEN $2 THEN e.name_ru ELSE e.name_en END AS name) localized
         WHERE (e.user_id = $1 OR (e.user_id IS NULL AND NOT $3))
           AND ($4::text IS NULL
                OR position(translate(lower($4 COLLATE "und-x-icu"), 'ё', 'е') IN translate(lower(e.name_en), 'ё', 'е')) > 0
                OR position(translate(lower($4 COLLATE "und-x-icu"), 'ё', 'е') IN translate(lower(e.name_ru), 'ё', 'е')) > 0)
           AND ($5::uuid[] IS NULL
                OR EXISTS (SELECT FROM training.exercise_muscle_group m
                            WHERE m.exercise_id = e.id AND m.muscle_group_id = ANY($5)))
           AND e.id <> ALL($6::uuid[])
           AND ($7::text[] IS NULL OR e.equipment = ANY($7))
           AND ($8::text IS NULL OR (localized.name, e.id) > ($8 COLLATE "und-x-icu", $9::uuid))
         ORDER BY localized.name, e.id
         LIMIT $10
        "#,
        viewer.0,
        locale == Locale::Ru,
        selection.only_own,
        selection.search.as_deref(),
        selection.muscle_groups.as_deref(),
        &selection.exclude,
        selection.equipment.as_deref(),
        after_name,
        after_id.map(|id| id.0),
        limit,
    )
    .fetch_all(conn)
    .await
}

/// Those of the wanted exercises that their viewers can use.
pub(super) async fn by_ids(
    conn: &mut PgConnection,
    viewers: &[Uuid],
    ids: &[Uuid],
) -> sqlx::Result<Vec<SeenBy>> {
    let rows = sqlx::query!(
        r#"
        SELECT wanted.viewer AS "viewer!: UserId", e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId",
               e.name_en, e.name_ru, e.description_en, e.description_ru, e.video_url,
               e.equipment AS "equipment: Equipment", e.measurement AS "measurement: Measurement",
               e.created_at, e.updated_at
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
        exercise: Exercise {
            id: row.id,
            user_id: row.user_id,
            name_en: row.name_en,
            name_ru: row.name_ru,
            description_en: row.description_en,
            description_ru: row.description_ru,
            video_url: row.video_url,
            equipment: row.equipment,
            measurement: row.measurement,
            created_at: row.created_at,
            updated_at: row.updated_at,
        },
    });
    Ok(seen.collect())
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

/// What shares a muscle group with each of some exercises: most primary ones in common first, then most in common,
/// then what needs the same equipment.
pub(super) async fn alternatives(
    conn: &mut PgConnection,
    viewer: UserId,
    exercises: &[ExerciseId],
    limit: i64,
) -> sqlx::Result<Vec<AlternativeOf>> {
    let exercises: Vec<Uuid> = exercises.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"
        SELECT wanted.id AS "of: ExerciseId", e.id AS "id: ExerciseId", e.user_id AS "user_id: UserId",
               e.name_en, e.name_ru, e.description_en, e.description_ru, e.video_url,
               e.equipment AS "equipment: Equipment", e.measurement AS "measurement: Measurement",
               e.created_at, e.updated_at
          FROM training.exercise wanted
         CROSS JOIN LATERAL (
               SELECT theirs.exercise_id AS id, count(*) AS shared,
                      count(*) FILTER (WHERE mine.is_primary AND theirs.is_primary) AS shared_primaries
                 FROM training.exercise_muscle_group mine
                 JOIN training.exercise_muscle_group theirs
                   ON theirs.muscle_group_id = mine.muscle_group_id AND theirs.exercise_id <> mine.exercise_id
                 JOIN training.exercise other
                   ON other.id = theirs.exercise_id AND (other.user_id IS NULL OR other.user_id = $1)
                WHERE mine.exercise_id = wanted.id
                GROUP BY theirs.exercise_id, other.equipment, other.name_en
                ORDER BY shared_primaries DESC, shared DESC, (other.equipment = wanted.equipment) DESC,
                         other.name_en, theirs.exercise_id
                LIMIT $3
               ) alternative
          JOIN training.exercise e ON e.id = alternative.id
         WHERE wanted.id = ANY($2)
         ORDER BY wanted.id, alternative.shared_primaries DESC, alternative.shared DESC,
                  (e.equipment = wanted.equipment) DESC, e.name_en, e.id
        "#,
        viewer.0,
        &exercises,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let alternatives = rows.into_iter().map(|row| AlternativeOf {
        of: row.of,
        exercise: Exercise {
            id: row.id,
            user_id: row.user_id,
            name_en: row.name_en,
            name_ru: row.name_ru,
            description_en: row.description_en,
            description_ru: row.description_ru,
            video_url: row.video_url,
            equipment: row.equipment,
            measurement: row.measurement,
            created_at: row.created_at,
            updated_at: row.updated_at,
        },
    });
    Ok(alternatives.collect())
}

/// Writes exercises, new or as they are now; those that are there keep their creation time.
pub(super) async fn upsert_all(
    conn: &mut PgConnection,
    exercises: &[Exercise],
) -> sqlx::Result<()> {
    let column = |text: fn(&Exercise) -> &str| -> Vec<String> {
        exercises
            .iter()
            .map(|exercise| text(exercise).to_owned())
            .collect()
    };
    let ids: Vec<Uuid> = exercises.iter().map(|exercise| exercise.id.0).collect();
    let owners: Vec<Option<Uuid>> = exercises
        .iter()
        .map(|exercise| exercise.user_id.map(|id| id.0))
        .collect();
    let created: Vec<DateTime<Utc>> = exercises
        .iter()
        .map(|exercise| exercise.created_at)
        .collect();
    let updated: Vec<DateTime<Utc>> = exercises
        .iter()
        .map(|exercise| exercise.updated_at)
        .collect();
    let videos: Vec<Option<String>> = exercises
        .iter()
        .map(|exercise| exercise.video_url.clone())
        .collect();
    sqlx::query!(
        "
        INSERT INTO training.exercise
               (id, user_id, name_en, name_ru, description_en, description_ru, video_url, equipment, measurement,
                created_at, updated_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                             $9::text[], $10::timestamptz[], $11::timestamptz[])
        ON CONFLICT (id) DO UPDATE
           SET name_en = EXCLUDED.name_en, name_ru = EXCLUDED.name_ru, description_en = EXCLUDED.description_en,
               description_ru = EXCLUDED.description_ru, video_url = EXCLUDED.video_url,
               equipment = EXCLUDED.equipment, measurement = EXCLUDED.measurement, updated_at = EXCLUDED.updated_at
         WHERE (exercise.name_en, exercise.name_ru, exercise.description_en, exercise.description_ru, exercise.video_url,
                exercise.equipment, exercise.measurement)
               IS DISTINCT FROM
               (EXCLUDED.name_en, EXCLUDED.name_ru, EXCLUDED.description_en, EXCLUDED.description_ru, EXCLUDED.video_url,
                EXCLUDED.equipment, EXCLUDED.measurement)
        ",
        &ids,
        &owners as &[Option<Uuid>],
        &column(|exercise| &exercise.name_en),
        &column(|exercise| &exercise.name_ru),
        &column(|exercise| &exercise.description_en),
        &column(|exercise| &exercise.description_ru),
        &videos as &[Option<String>],
        &column(|exercise| exercise.equipment.as_str()),
        &column(|exercise| exercise.measurement.as_str()),
        &created,
        &updated,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A muscle group that an exercise trains, at its place.
pub(super) struct NewTarget {
    pub(super) exercise: ExerciseId,
    pub(super) muscle_group: MuscleGroupId,
    pub(super) is_primary: bool,
    pub(super) position: i32,
}

/// Writes what exercises train, in place of what was written before.
pub(super) async fn replace_targets(
    conn: &mut PgConnection,
    targets: &[NewTarget],
) -> sqlx::Result<()> {
    let exercises: Vec<Uuid> = targets.iter().map(|target| target.exercise.0).collect();
    let groups: Vec<Uuid> = targets.iter().map(|target| target.muscle_group.0).collect();
    let primary: Vec<bool> = targets.iter().map(|target| target.is_primary).collect();
    let positions: Vec<i32> = targets.iter().map(|target| target.position).collect();
    sqlx::query!(
        "DELETE FROM training.exercise_muscle_group WHERE exercise_id = ANY($1)",
        &exercises
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

/// One loads the catalogue at a time; the lock ends with the transaction.
pub(super) async fn lock_catalogue(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('training.catalogue', 0))")
        .execute(conn)
        .await?;
    Ok(())
}

/// The fingerprint of the catalogue that is loaded.
pub(super) async fn loaded_catalogue(conn: &mut PgConnection) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("SELECT fingerprint FROM training.loaded_catalogue")
        .fetch_optional(conn)
        .await
}

pub(super) async fn set_loaded_catalogue(
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
