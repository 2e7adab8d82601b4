//! Copies of routines, one's own and those that others share by a link.
//!
//! Whoever has the link may read and copy the plan until its owner takes the link back. Exercises that only the owner
//! sees stay the owner's: a reader is told how many are left out, and a copy is without them. A training maximum stays
//! with its owner too.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Routine, RoutineDescription, RoutineName, find, store, store::Copying};
use crate::{
    ids::{ExerciseInstanceId, RoutineId, RoutineSetId, UserId},
    refusal::{Failure, Refusal, Thing},
};

/// The link of a routine.
#[derive(Debug, Clone)]
pub struct RoutineShare {
    pub(crate) user_id: UserId,
    pub(crate) routine_id: RoutineId,
    pub(crate) token: String,
    pub(crate) created_at: DateTime<Utc>,
}

/// Copies a routine of one's own under a name.
#[tracing::instrument(skip_all, name = "duplicate_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn duplicate(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    id: RoutineId,
    name: Option<&RoutineName>,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    copy(conn, (user, routine), (user, id), name, now).await
}

/// Copies a routine that somebody shares.
#[tracing::instrument(skip_all, name = "copy_shared_routine", fields(user.id = %user))]
pub(crate) async fn copy_shared(
    conn: &mut PgConnection,
    user: UserId,
    token: &str,
    id: RoutineId,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    let share = store::shared(conn, token)
        .await?
        .ok_or(Refusal::NotFound(Thing::RoutineShare))?;
    copy(
        conn,
        (share.user_id, share.routine_id),
        (user, id),
        None,
        now,
    )
    .await
}

/// Shares a routine; it keeps the link that it has.
#[tracing::instrument(skip_all, name = "share_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn share(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
    now: DateTime<Utc>,
) -> Result<RoutineShare, Failure> {
    if !store::hold(conn, user, routine).await? {
        return Err(Refusal::NotFound(Thing::Routine).into());
    }
    let token = format!("{:032x}", rand::random::<u128>());
    Ok(store::insert_share(conn, user, routine, &token, now).await?)
}

/// Takes the link back: from then on it opens nothing.
#[tracing::instrument(skip_all, name = "unshare_routine", fields(user.id = %user, routine.id = %routine))]
pub(crate) async fn unshare(
    conn: &mut PgConnection,
    user: UserId,
    routine: RoutineId,
) -> Result<Routine, Failure> {
    store::delete_share(conn, user, routine).await?;
    find(conn, user, routine).await
}

async fn copy(
    conn: &mut PgConnection,
    (owner, original): (UserId, RoutineId),
    (to, id): (UserId, RoutineId),
    name: Option<&RoutineName>,
    now: DateTime<Utc>,
) -> Result<Routine, Failure> {
    // A change of the original waits, so that the copy is of one state of it.
    if !store::hold(conn, owner, original).await? {
        return Err(Refusal::NotFound(Thing::Routine).into());
    }
    let old = find(conn, owner, original).await?;
    let name = name.map_or_else(|| RoutineName(old.name), Clone::clone);
    let description = RoutineDescription(old.description);
    let routine = store::insert(conn, to, id, &name, &description, now).await?;
    let copying = Copying {
        owner,
        to,
        routine: id,
    };
    let instances: Vec<_> = store::instances_to_copy(conn, owner, original, to)
        .await?
        .into_iter()
        .map(|old| (old, ExerciseInstanceId::new()))
        .collect();
    store::copy_instances(conn, copying, &instances, now).await?;
    let of: Vec<Uuid> = instances.iter().map(|(old, _)| old.0).collect();
    let sets: Vec<_> = store::sets_to_copy(conn, owner, &of)
        .await?
        .into_iter()
        .map(|old| (old, RoutineSetId::new()))
        .collect();
    store::copy_sets(conn, copying, &instances, &sets, now).await?;
    Ok(Routine {
        exercise_count: i32::try_from(instances.len()).unwrap_or(i32::MAX),
        ..routine
    })
}
