//! The SQL of the search for exercises: what may be meant. [`crate::exercise::search`] decides what is.

use setwise_service::Locale;
use sqlx::PgConnection;

use crate::{
    exercise::{search::Candidate, store::Selection},
    ids::{ExerciseId, UserId},
};

/// What share of the three-letter pieces of a search must be in a name: a transposed word of five letters has a sixth.
const LIKENESS: &str = "0.15";

/// What was typed as names are compared, see `training.search_form`. Until the end of the transaction, names count as
/// alike from [`LIKENESS`] on.
pub(crate) async fn forms(conn: &mut PgConnection, typed: &[String]) -> sqlx::Result<Vec<String>> {
    sqlx::query!(
        "SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)",
        LIKENESS
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        r#"
        SELECT training.search_form(written) AS "form!"
          FROM unnest($1::text[]) WITH ORDINALITY AS typed (written, place) ORDER BY place
        "#,
        typed,
    )
    .fetch_all(conn)
    .await
}

/// What may be meant by one of two forms; of what the person made, all.
pub(crate) async fn candidates(
    conn: &mut PgConnection,
    viewer: UserId,
    locale: Locale,
    selection: &Selection,
    forms: [&str; 2],
) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_file_as!(
        Candidate,
        "src/exercise/store/candidates.sql",
        viewer.0,
        locale == Locale::Ru,
        selection.own,
        selection.catalogue,
        forms[0],
        forms[1],
        selection.muscle_groups.as_deref(),
        selection.primary.as_deref(),
        selection.secondary.as_deref(),
        &selection.exclude,
        selection.equipment.as_deref(),
    )
    .fetch_all(conn)
    .await
}
