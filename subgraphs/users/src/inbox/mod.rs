//! Training events on their way to mail: training knows the workout, this
//! service knows the address, the language and the unit.

mod consumer;
mod store;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use setwise_events::{EmailMessage, TrainingEvent};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::account::{self, Account, Mail, UserId};

pub(crate) use consumer::{TrainingEvents, consume};
pub(crate) use store::delete_received_before;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Its mail is asked for.
    Mailed,
    /// It was taken before.
    Again,
    /// The account is not there (any more).
    NoAccount,
}

/// Takes an event once, however often it is delivered.
pub(crate) async fn take(
    conn: &mut PgConnection,
    mail: &Mail,
    event_id: Uuid,
    event: &TrainingEvent,
    now: DateTime<Utc>,
) -> anyhow::Result<Taken> {
    if !store::insert(conn, event_id, now).await? {
        return Ok(Taken::Again);
    }
    let user_id = UserId(event.user_id());
    // Locked: mails to one address stay in order.
    let Some(account) = account::store::find_for_update(conn, user_id).await? else {
        return Ok(Taken::NoAccount);
    };
    let message = serde_json::to_value(message(&account, event))
        .context("the message cannot be written as JSON")?;
    mail.send(conn, &account.email, message).await?;
    Ok(Taken::Mailed)
}

/// Kilograms in a pound (international avoirdupois, exact).
const KG_PER_LB: f64 = 0.453_592_37;

fn message(account: &Account, event: &TrainingEvent) -> EmailMessage {
    let TrainingEvent::WorkoutCompleted {
        workout_id,
        started_at,
        finished_at,
        exercises,
        sets,
        reps,
        volume_kg,
        ..
    } = *event;
    let (volume, weight_unit) = match account.weight_unit {
        WeightUnit::Kg => (volume_kg, "kg"),
        WeightUnit::Lb => (volume_kg / KG_PER_LB, "lb"),
    };
    EmailMessage::WorkoutCompleted {
        email: account.email.as_str().to_owned(),
        name: account.display_name(),
        language: Locale::from(account.language).tag().to_owned(),
        workout_id,
        finished_at,
        duration_seconds: (finished_at - started_at).num_seconds(),
        exercises,
        sets,
        reps,
        volume,
        weight_unit: weight_unit.to_owned(),
        url: None,
    }
}
