//! What a person does with whole routines: putting them away, copying and sharing them.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    change::Change,
    idempotency::Claim,
    ids::RoutineId,
    refusal::Failure,
    routine::{self, Routine, RoutineName, RoutineShare},
};

/// The routine to put away.
#[derive(InputObject)]
struct ArchiveRoutineInput {
    /// The routine.
    routine_id: RoutineId,
}

/// What came of putting a routine away.
#[derive(SimpleObject)]
struct ArchiveRoutinePayload {
    /// The archived routine, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The routine to take out again.
#[derive(InputObject)]
struct UnarchiveRoutineInput {
    /// The routine.
    routine_id: RoutineId,
}

/// What came of taking a routine out again.
#[derive(SimpleObject)]
struct UnarchiveRoutinePayload {
    /// The routine, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The routine to copy.
#[derive(InputObject)]
struct DuplicateRoutineInput {
    /// One of the viewer's routines, archived or not.
    routine_id: RoutineId,
    /// What to call the copy, 1 to 200 characters; the name of the original when left out.
    name: Option<String>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of copying a routine.
#[derive(SimpleObject)]
struct DuplicateRoutinePayload {
    /// The copy, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The routine to share.
#[derive(InputObject)]
struct ShareRoutineInput {
    /// The routine.
    routine_id: RoutineId,
}

/// What came of sharing a routine.
#[derive(SimpleObject)]
struct ShareRoutinePayload {
    /// The link, which stays the same until it is taken back; null when it was refused.
    share: Option<RoutineShare>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The routine to share no longer.
#[derive(InputObject)]
struct UnshareRoutineInput {
    /// The routine, shared or not.
    routine_id: RoutineId,
}

/// What came of taking a link back.
#[derive(SimpleObject)]
struct UnshareRoutinePayload {
    /// The routine, which its old link no longer opens, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// The shared routine to copy.
#[derive(InputObject)]
struct CopySharedRoutineInput {
    /// The token of the link.
    token: String,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of copying a shared routine.
#[derive(SimpleObject)]
struct CopySharedRoutinePayload {
    /// The viewer's copy, without the exercises that only its author sees, unless it was refused.
    routine: Option<Routine>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// The link by which a routine is shared.
#[Object]
impl RoutineShare {
    /// 128 random bits as 32 hexadecimal digits: whoever knows it may read and copy the routine, its notes included.
    async fn token(&self) -> &str {
        &self.token
    }

    /// Since when it is shared by this link.
    async fn created_at(&self) -> chrono::DateTime<chrono::Utc> {
        self.created_at
    }
}

#[derive(Default)]
pub(crate) struct RoutineCopyMutation;

#[Object]
impl RoutineCopyMutation {
    /// Puts a routine away: it is not listed any more unless asked for. Everything else stays as it is.
    async fn archive_routine(
        &self,
        ctx: &Context<'_>,
        input: ArchiveRoutineInput,
    ) -> Result<ArchiveRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = routine::archive(change.conn(), user, input.routine_id, true, now).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(ArchiveRoutinePayload {
            routine,
            user_errors,
        })
    }

    /// Takes an archived routine out again.
    async fn unarchive_routine(
        &self,
        ctx: &Context<'_>,
        input: UnarchiveRoutineInput,
    ) -> Result<UnarchiveRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = routine::archive(change.conn(), user, input.routine_id, false, now).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(UnarchiveRoutinePayload {
            routine,
            user_errors,
        })
    }

    /// Copies a routine with its exercises and sets.
    async fn duplicate_routine(
        &self,
        ctx: &Context<'_>,
        input: DuplicateRoutineInput,
    ) -> Result<DuplicateRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = duplicate_routine(&mut change, &input).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(DuplicateRoutinePayload {
            routine,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Shares a routine by a link that cannot be guessed. The description and the notes on its exercises go along with the
    /// plan; training maxima and exercises that only the author sees do not.
    async fn share_routine(
        &self,
        ctx: &Context<'_>,
        input: ShareRoutineInput,
    ) -> Result<ShareRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let result = routine::share(change.conn(), user, input.routine_id, now).await;
        let (share, user_errors) = change.finish(result).await?;
        Ok(ShareRoutinePayload { share, user_errors })
    }

    /// Takes back the link of a routine. Copies that others have made stay theirs.
    async fn unshare_routine(
        &self,
        ctx: &Context<'_>,
        input: UnshareRoutineInput,
    ) -> Result<UnshareRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let user = change.user;
        let result = routine::unshare(change.conn(), user, input.routine_id).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(UnshareRoutinePayload {
            routine,
            user_errors,
        })
    }

    /// Copies a routine that somebody shares to the viewer's own, with the author's notes.
    async fn copy_shared_routine(
        &self,
        ctx: &Context<'_>,
        input: CopySharedRoutineInput,
    ) -> Result<CopySharedRoutinePayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = copy_shared_routine(&mut change, &input).await;
        let (routine, user_errors) = change.finish(result).await?;
        Ok(CopySharedRoutinePayload {
            routine,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }
}

async fn duplicate_routine(
    change: &mut Change,
    input: &DuplicateRoutineInput,
) -> Result<Routine, Failure> {
    let name = input.name.as_deref().map(RoutineName::parse).transpose()?;
    let (user, now) = (change.user, change.now);
    let claim = change.claim("duplicateRoutine", input, RoutineId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return routine::find(change.conn(), user, id).await,
    };
    let original = input.routine_id;
    routine::duplicate(change.conn(), user, original, id, name.as_ref(), now).await
}

async fn copy_shared_routine(
    change: &mut Change,
    input: &CopySharedRoutineInput,
) -> Result<Routine, Failure> {
    let (user, now) = (change.user, change.now);
    let claim = change.claim("copySharedRoutine", input, RoutineId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return routine::find(change.conn(), user, id).await,
    };
    routine::copy_shared(change.conn(), user, &input.token, id, now).await
}
