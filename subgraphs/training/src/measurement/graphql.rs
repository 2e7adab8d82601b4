//! Body measurements in the graph.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use setwise_graphql::{ResolverError, UserError};

use crate::{
    State,
    change::Change,
    idempotency::Claim,
    ids::{BodyMeasurementId, UserId},
    loading::load_one,
    measurement::{
        self, BodyMeasurement, BodyMeasurementById, Measured, MeasurementChange, MeasurementKind,
        MeasurementUnit, store,
    },
    page::{Connection, PageRequest},
    refusal::Failure,
};

/// The kinds in the order in which they are shown.
const KINDS: [MeasurementKind; 15] = [
    MeasurementKind::BodyWeight,
    MeasurementKind::BodyFat,
    MeasurementKind::Neck,
    MeasurementKind::Shoulders,
    MeasurementKind::Chest,
    MeasurementKind::Waist,
    MeasurementKind::Hips,
    MeasurementKind::LeftUpperArm,
    MeasurementKind::RightUpperArm,
    MeasurementKind::LeftForearm,
    MeasurementKind::RightForearm,
    MeasurementKind::LeftThigh,
    MeasurementKind::RightThigh,
    MeasurementKind::LeftCalf,
    MeasurementKind::RightCalf,
];

/// Something measured of the viewer's body.
#[Object]
impl BodyMeasurement {
    /// Identifies the measurement.
    async fn id(&self) -> BodyMeasurementId {
        self.id
    }

    /// What was measured.
    async fn kind(&self) -> MeasurementKind {
        self.kind
    }

    /// How much it was, as entered, in `unit`.
    async fn value(&self) -> f64 {
        self.value
    }

    /// The unit that it was entered in.
    async fn unit(&self) -> MeasurementUnit {
        self.unit
    }

    /// How much it was in kilograms for the weight, percent for body fat, centimetres for everything else.
    async fn metric_value(&self) -> f64 {
        self.metric_value
    }

    /// When it was measured.
    async fn measured_at(&self) -> DateTime<Utc> {
        self.measured_at
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime<Utc> {
        self.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

#[derive(Default)]
pub(crate) struct MeasurementQuery;

#[Object]
impl MeasurementQuery {
    /// The viewer's body measurements, newest first.
    async fn body_measurements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only what measures this; everything when left out.")] kind: Option<
            MeasurementKind,
        >,
        #[graphql(desc = "How many, at most 100.", default = 20)] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
    ) -> Result<Connection<BodyMeasurement>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let request = PageRequest::parse(first, after, None)?;
        let page = request.of(viewer);
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        let found = store::page(&mut conn, viewer, kind, page.limit, page.after).await?;
        Ok(request.connection(found, |measurement| {
            (measurement.measured_at, measurement.id.0)
        }))
    }

    /// The newest of the viewer's measurements of each kind that was ever measured: weight, body fat, then girths from
    /// the neck downwards.
    async fn latest_body_measurements(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<BodyMeasurement>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let kinds = KINDS.map(MeasurementKind::as_str);
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        Ok(store::latest(&mut conn, viewer, &kinds).await?)
    }

    /// One of the viewer's body measurements; null when there is none.
    async fn body_measurement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The measurement.")] id: BodyMeasurementId,
    ) -> Result<Option<BodyMeasurement>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        load_one::<BodyMeasurementById, _>(ctx, (viewer, id)).await
    }
}

/// What was measured.
#[derive(InputObject)]
struct LogBodyMeasurementInput {
    /// What it is.
    kind: MeasurementKind,
    /// How much it is, in `unit`: a weight of 1 to 700 kg, a girth of 5 to 400 cm, body fat of 1 to 90 percent.
    value: f64,
    /// The unit of `value`, which must fit the kind.
    unit: MeasurementUnit,
    /// When it was measured, not in the future; now when left out.
    measured_at: Option<DateTime<Utc>>,
    /// A key of the client's, 1 to 255 characters, best a new UUID for each thing to make: however often the mutation is
    /// sent with it, it is applied once. A key holds for at least 24 hours.
    client_mutation_id: Option<String>,
}

/// What came of writing down a measurement.
#[derive(SimpleObject)]
struct LogBodyMeasurementPayload {
    /// The measurement, unless it was refused.
    body_measurement: Option<BodyMeasurement>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
    /// The key that the mutation came with.
    client_mutation_id: Option<String>,
}

/// What to change of a measurement: what is left out stays.
#[derive(InputObject)]
struct UpdateBodyMeasurementInput {
    /// One of the viewer's measurements.
    body_measurement_id: BodyMeasurementId,
    /// How much it is, in `unit`.
    value: Option<f64>,
    /// The unit of the value. Alone it changes the unit of the number that is there.
    unit: Option<MeasurementUnit>,
    /// When it was measured, not in the future.
    measured_at: Option<DateTime<Utc>>,
}

/// What came of changing a measurement.
#[derive(SimpleObject)]
struct UpdateBodyMeasurementPayload {
    /// The measurement, unless the change was refused.
    body_measurement: Option<BodyMeasurement>,
    /// Why the change was refused.
    user_errors: Vec<UserError>,
}

/// The measurement to delete.
#[derive(InputObject)]
struct DeleteBodyMeasurementInput {
    /// One of the viewer's measurements.
    body_measurement_id: BodyMeasurementId,
}

/// What came of deleting a measurement.
#[derive(SimpleObject)]
struct DeleteBodyMeasurementPayload {
    /// The measurement that is gone.
    deleted_body_measurement_id: Option<BodyMeasurementId>,
    /// Why the deletion was refused.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub(crate) struct MeasurementMutation;

#[Object]
impl MeasurementMutation {
    /// Writes down something measured of the viewer's body.
    async fn log_body_measurement(
        &self,
        ctx: &Context<'_>,
        input: LogBodyMeasurementInput,
    ) -> Result<LogBodyMeasurementPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let result = log(&mut change, &input).await;
        let (body_measurement, user_errors) = change.finish(result).await?;
        Ok(LogBodyMeasurementPayload {
            body_measurement,
            user_errors,
            client_mutation_id: input.client_mutation_id,
        })
    }

    /// Changes a body measurement.
    async fn update_body_measurement(
        &self,
        ctx: &Context<'_>,
        input: UpdateBodyMeasurementInput,
    ) -> Result<UpdateBodyMeasurementPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, now) = (change.user, change.now);
        let wanted = MeasurementChange {
            value: input.value,
            unit: input.unit,
            measured_at: input.measured_at,
        };
        let id = input.body_measurement_id;
        let result = measurement::update(change.conn(), user, id, wanted, now).await;
        let (body_measurement, user_errors) = change.finish(result).await?;
        Ok(UpdateBodyMeasurementPayload {
            body_measurement,
            user_errors,
        })
    }

    /// Deletes a body measurement.
    async fn delete_body_measurement(
        &self,
        ctx: &Context<'_>,
        input: DeleteBodyMeasurementInput,
    ) -> Result<DeleteBodyMeasurementPayload, ResolverError> {
        let mut change = Change::begin(ctx).await?;
        let (user, id) = (change.user, input.body_measurement_id);
        let result = measurement::delete(change.conn(), user, id).await;
        let (deleted, user_errors) = change.finish(result).await?;
        Ok(DeleteBodyMeasurementPayload {
            deleted_body_measurement_id: deleted.map(|()| id),
            user_errors,
        })
    }
}

async fn log(
    change: &mut Change,
    input: &LogBodyMeasurementInput,
) -> Result<BodyMeasurement, Failure> {
    let (user, now) = (change.user, change.now);
    let claim = change.claim("logBodyMeasurement", input, BodyMeasurementId::new());
    let id = match claim.await? {
        Claim::First(id) => id,
        Claim::Again(id) => return measurement::find(change.conn(), user, id).await,
    };
    let at = input.measured_at.unwrap_or(now);
    let measured = Measured::parse(input.kind, input.value, input.unit, at, now)?;
    measurement::log(change.conn(), user, id, measured, now).await
}
