//! About half a year of plausible training for an account that shows what Setwise is.
//!
//! [`programme`] says what the person trains; here it is spread over the weeks: some missed, weights rising, now and
//! then a lighter week, a bad day, a comment.

mod programme;
mod store;
#[cfg(test)]
mod tests;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use setwise_graphql::WeightUnit;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{
    exercise::catalogue,
    generation::{self, ExperienceLevel, SettingsChange, WorkoutPlanType},
    ids::{ExerciseInstanceId, RoutineId, RoutineSetId, UserId},
    refusal::{Failure, Refusal},
    routine::{self, InstancePath, RoutineDescription, RoutineName},
    workout::{self, Comment, Rating, RecordedExercise, RecordedWorkout},
};

use programme::{Day, PROGRAMME};

const WEEKS: u64 = 26;
const TRAINING_DAYS: [Weekday; 4] = [Weekday::Mon, Weekday::Tue, Weekday::Thu, Weekday::Sat];
/// Every so many weeks the weights go down for a week.
const LIGHT_WEEK: u64 = 8;

/// Gives a person routines and half a year of workouts up to `now`, unless the person has workouts already. The same
/// seed gives the same training.
///
/// # Errors
/// When the database fails.
pub async fn seed_demo(
    pool: &PgPool,
    user_id: Uuid,
    now: DateTime<Utc>,
    seed: u64,
) -> anyhow::Result<()> {
    catalogue::load(pool).await?;
    let mut transaction = pool.begin().await.context("the demo cannot be written")?;
    let user = UserId::from(user_id);
    let written = write(&mut transaction, user, now, seed).await;
    let workouts = written.context("the demo cannot be written")?;
    transaction
        .commit()
        .await
        .context("the demo cannot be written")?;
    tracing::info!(user.id = %user, demo.workouts = workouts, "the demo account has its training");
    Ok(())
}

async fn write(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
    seed: u64,
) -> Result<usize, Failure> {
    // The row of settings also keeps two that seed the same person apart.
    let change = SettingsChange {
        experience_level: Some(ExperienceLevel::Intermediate),
        workout_plan_type: Some(WorkoutPlanType::PushPullLegs),
        days_per_week: Some(4),
        ..SettingsChange::default()
    };
    generation::hold_settings(conn, user, now).await?;
    if store::has_workouts(conn, user).await? {
        return Ok(0);
    }
    generation::update_settings(conn, user, change, now).await?;
    let first_day = monday_of(now.date_naive()) - Days::new(7 * WEEKS);
    let mut routines = Vec::new();
    for (day, minutes) in PROGRAMME.iter().zip(0..) {
        let created = at(first_day, 9 * 60 + minutes);
        routines.push(write_routine(conn, user, day, created).await?);
    }
    let mut random = StdRng::seed_from_u64(seed);
    let history = history(&routines, first_day, now, &mut random)?;
    for workout in &history {
        workout::record(conn, user, workout).await?;
    }
    Ok(history.len())
}

async fn write_routine(
    conn: &mut PgConnection,
    user: UserId,
    day: &Day,
    now: DateTime<Utc>,
) -> Result<RoutineId, Failure> {
    let name = RoutineName::parse(day.name)?;
    let description = RoutineDescription::parse(day.description)?;
    let routine = routine::create(conn, user, RoutineId::new(), &name, &description, now)
        .await?
        .id;
    for lift in day.lifts {
        let instance = routine::add_exercise(
            conn,
            user,
            routine,
            ExerciseInstanceId::new(),
            lift.exercise(),
            now,
        )
        .await?
        .id;
        let path = InstancePath {
            user,
            routine,
            instance,
        };
        for _ in 0..lift.sets {
            routine::add_set(conn, path, RoutineSetId::new(), lift.planned()?, now).await?;
        }
    }
    Ok(routine)
}

/// The workouts from the first day until now, in order of time.
fn history(
    routines: &[RoutineId],
    first_day: NaiveDate,
    now: DateTime<Utc>,
    random: &mut StdRng,
) -> Result<Vec<RecordedWorkout>, Refusal> {
    let mut workouts = Vec::new();
    for week in 0..=WEEKS {
        // Holidays and colds: a whole week is missed now and then, but not the last ones.
        if week + 3 < WEEKS && random.random_bool(0.08) {
            continue;
        }
        for weekday in TRAINING_DAYS {
            let day = first_day + Days::new(7 * week + u64::from(weekday.num_days_from_monday()));
            let started_at = at(day, random.random_range(17 * 60..19 * 60));
            let finished_at = started_at + TimeDelta::minutes(random.random_range(48..78));
            if random.random_bool(0.08) || finished_at > now {
                continue;
            }
            let part = workouts.len() % routines.len();
            let routine = routines[part];
            let mood = Mood::of(week, random);
            workouts.push(RecordedWorkout {
                routine: Some(routine),
                weight_unit: WeightUnit::Kg,
                started_at,
                finished_at,
                comment: mood.comment(random).map(Comment::parse).transpose()?,
                rating: Some(Rating::parse(mood.rating(random))?),
                exercises: perform(&PROGRAMME[part], week, mood, random)?,
            });
        }
    }
    Ok(workouts)
}

fn perform(
    day: &Day,
    week: u64,
    mood: Mood,
    random: &mut StdRng,
) -> Result<Vec<RecordedExercise>, Refusal> {
    let mut exercises = Vec::new();
    for lift in day.lifts {
        let sets = (0..lift.sets)
            .map(|set| lift.performed(week_number(week), mood.strength(), set, random));
        exercises.push(RecordedExercise {
            exercise: lift.exercise(),
            sets: sets.collect::<Result<_, _>>()?,
        });
    }
    Ok(exercises)
}

/// How a day goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Light,
    Bad,
    Normal,
    Great,
}

impl Mood {
    fn of(week: u64, random: &mut StdRng) -> Self {
        if week % LIGHT_WEEK == LIGHT_WEEK - 1 {
            return Self::Light;
        }
        match random.random_range(0..10) {
            0 => Self::Bad,
            1..8 => Self::Normal,
            _ => Self::Great,
        }
    }

    /// How much of the usual weight is lifted.
    fn strength(self) -> f64 {
        match self {
            Self::Light => 0.85,
            Self::Bad => 0.95,
            Self::Normal => 1.0,
            Self::Great => 1.02,
        }
    }

    fn rating(self, random: &mut StdRng) -> i32 {
        match self {
            Self::Light => 3,
            Self::Bad => random.random_range(1..=2),
            Self::Normal => random.random_range(3..=4),
            Self::Great => 5,
        }
    }

    fn comment(self, random: &mut StdRng) -> Option<&'static str> {
        let comments: &[&str] = match self {
            Self::Light => &[
                "Light week, everything felt easy.",
                "Deload. Good to move without grinding.",
            ],
            Self::Bad => &[
                "Slept badly, cut the last sets short.",
                "Tired from work today.",
                "Shoulder felt stiff, kept it easy.",
            ],
            Self::Normal => &[
                "Solid session.",
                "Took longer rests than usual.",
                "Gym was busy, but got everything done.",
            ],
            Self::Great => &[
                "Felt strong, moved up in weight!",
                "Best session in weeks.",
                "New personal best.",
            ],
        };
        let share = if self == Self::Normal { 0.12 } else { 0.6 };
        random
            .random_bool(share)
            .then(|| comments[random.random_range(0..comments.len())])
    }
}

fn week_number(week: u64) -> f64 {
    f64::from(u32::try_from(week).unwrap_or(u32::MAX))
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

fn at(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minutes)
}
