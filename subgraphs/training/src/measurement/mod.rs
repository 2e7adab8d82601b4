//! Body measurements: weight, body fat and girths, each as it was entered, with their history.

mod graphql;
mod loader;
mod store;
#[cfg(test)]
mod tests;

use async_graphql::Enum;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::{
    ids::{BodyMeasurementId, UserId},
    refusal::{Failure, Refusal, Thing},
};

pub(crate) use graphql::{MeasurementMutation, MeasurementQuery};
pub(crate) use loader::BodyMeasurementById;

/// How far a clock may be ahead of ours.
const CLOCK_SKEW: TimeDelta = TimeDelta::days(1);

/// One thing that was measured.
#[derive(Debug, Clone)]
pub struct BodyMeasurement {
    pub(crate) user_id: UserId,
    pub(crate) id: BodyMeasurementId,
    pub(crate) kind: MeasurementKind,
    /// As entered, in `unit`.
    pub(crate) value: f64,
    pub(crate) unit: MeasurementUnit,
    /// Kilograms, centimetres or percent.
    pub(crate) metric_value: f64,
    pub(crate) measured_at: DateTime<Utc>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, sqlx::Type)]
#[graphql(name = "BodyMeasurementKind")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MeasurementKind {
    /// The weight of the body, in kilograms or pounds.
    BodyWeight,
    /// The share of fat in the body's weight, in percent.
    BodyFat,
    /// Around the neck, in centimetres or inches.
    Neck,
    /// Around the shoulders at their widest, in centimetres or inches.
    Shoulders,
    /// Around the chest, in centimetres or inches.
    Chest,
    /// Around the waist, in centimetres or inches.
    Waist,
    /// Around the hips at their widest, in centimetres or inches.
    Hips,
    /// Around the left upper arm, in centimetres or inches.
    LeftUpperArm,
    /// Around the right upper arm, in centimetres or inches.
    RightUpperArm,
    /// Around the left forearm, in centimetres or inches.
    LeftForearm,
    /// Around the right forearm, in centimetres or inches.
    RightForearm,
    /// Around the left thigh, in centimetres or inches.
    LeftThigh,
    /// Around the right thigh, in centimetres or inches.
    RightThigh,
    /// Around the left calf, in centimetres or inches.
    LeftCalf,
    /// Around the right calf, in centimetres or inches.
    RightCalf,
}

impl MeasurementKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::BodyWeight => "body_weight",
            Self::BodyFat => "body_fat",
            Self::Neck => "neck",
            Self::Shoulders => "shoulders",
            Self::Chest => "chest",
            Self::Waist => "waist",
            Self::Hips => "hips",
            Self::LeftUpperArm => "left_upper_arm",
            Self::RightUpperArm => "right_upper_arm",
            Self::LeftForearm => "left_forearm",
            Self::RightForearm => "right_forearm",
            Self::LeftThigh => "left_thigh",
            Self::RightThigh => "right_thigh",
            Self::LeftCalf => "left_calf",
            Self::RightCalf => "right_calf",
        }
    }
}

/// The unit that a measurement was entered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, sqlx::Type)]
#[graphql(name = "BodyMeasurementUnit")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum MeasurementUnit {
    /// Kilograms.
    Kg,
    /// Pounds, of exactly 0.45359237 kg.
    Lb,
    /// Centimetres.
    Cm,
    /// Inches, of exactly 2.54 cm.
    In,
    /// Percent.
    Percent,
}

impl MeasurementUnit {
    fn as_str(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::Lb => "lb",
            Self::Cm => "cm",
            Self::In => "in",
            Self::Percent => "percent",
        }
    }

    /// Whether a kind is measured in it.
    fn fits(self, kind: MeasurementKind) -> bool {
        match kind {
            MeasurementKind::BodyWeight => matches!(self, Self::Kg | Self::Lb),
            MeasurementKind::BodyFat => self == Self::Percent,
            MeasurementKind::Neck
            | MeasurementKind::Shoulders
            | MeasurementKind::Chest
            | MeasurementKind::Waist
            | MeasurementKind::Hips
            | MeasurementKind::LeftUpperArm
            | MeasurementKind::RightUpperArm
            | MeasurementKind::LeftForearm
            | MeasurementKind::RightForearm
            | MeasurementKind::LeftThigh
            | MeasurementKind::RightThigh
            | MeasurementKind::LeftCalf
            | MeasurementKind::RightCalf => matches!(self, Self::Cm | Self::In),
        }
    }

    /// The least and the most that a body can measure in it.
    fn range(self) -> (i32, i32) {
        match self {
            Self::Kg => (1, 700),
            Self::Lb => (2, 1500),
            Self::Cm => (5, 400),
            Self::In => (2, 160),
            Self::Percent => (1, 90),
        }
    }
}

/// A measurement within its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Measured {
    kind: MeasurementKind,
    value: f64,
    unit: MeasurementUnit,
    at: DateTime<Utc>,
}

impl Measured {
    pub(crate) fn parse(
        kind: MeasurementKind,
        value: f64,
        unit: MeasurementUnit,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if !unit.fits(kind) {
            return Err(Refusal::WrongUnit { field: "unit" });
        }
        let (min, max) = unit.range();
        // A NaN is in no range.
        if !(f64::from(min)..=f64::from(max)).contains(&value) {
            return Err(Refusal::out_of_range("value", min, max));
        }
        if at > now + CLOCK_SKEW || at < DateTime::UNIX_EPOCH {
            return Err(Refusal::NoSuchTime {
                field: "measuredAt",
            });
        }
        Ok(Self {
            kind,
            value,
            unit,
            at,
        })
    }
}

/// Writes down a measurement.
#[tracing::instrument(skip_all, name = "log_body_measurement", fields(user.id = %user))]
pub(crate) async fn log(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
    measured: Measured,
    now: DateTime<Utc>,
) -> Result<BodyMeasurement, Failure> {
    Ok(store::insert(conn, user, id, measured, now).await?)
}

/// One of the user's measurements.
pub(crate) async fn find(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
) -> Result<BodyMeasurement, Failure> {
    let found = store::by_ids(conn, &[user.0], &[id.0]).await?.pop();
    found.ok_or(Refusal::NotFound(Thing::BodyMeasurement).into())
}

/// What to change of a measurement: what is none stays.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MeasurementChange {
    pub(crate) value: Option<f64>,
    pub(crate) unit: Option<MeasurementUnit>,
    pub(crate) measured_at: Option<DateTime<Utc>>,
}

/// Changes what is given.
#[tracing::instrument(skip_all, name = "update_body_measurement", fields(user.id = %user))]
pub(crate) async fn update(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
    change: MeasurementChange,
    now: DateTime<Utc>,
) -> Result<BodyMeasurement, Failure> {
    let old = store::lock(conn, user, id)
        .await?
        .ok_or(Refusal::NotFound(Thing::BodyMeasurement))?;
    let measured = Measured::parse(
        old.kind,
        change.value.unwrap_or(old.value),
        change.unit.unwrap_or(old.unit),
        change.measured_at.unwrap_or(old.measured_at),
        now,
    )?;
    Ok(store::update(conn, user, id, measured, now).await?)
}

/// Removes a measurement.
#[tracing::instrument(skip_all, name = "delete_body_measurement", fields(user.id = %user))]
pub(crate) async fn delete(
    conn: &mut PgConnection,
    user: UserId,
    id: BodyMeasurementId,
) -> Result<(), Failure> {
    if store::delete(conn, user, id).await? {
        Ok(())
    } else {
        Err(Refusal::NotFound(Thing::BodyMeasurement).into())
    }
}
