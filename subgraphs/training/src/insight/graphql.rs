//! Insight in the graph.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};
use setwise_graphql::ResolverError;

use crate::{
    State,
    exercise::TargetsOfExercise,
    exercise_log::{ExerciseLog, ExerciseLogById},
    ids::{ExerciseId, UserId, WorkoutId},
    insight::{
        Date, ExerciseSession, ProgressOfExercise, ProgressPoint, SessionPages,
        calendar::{self, Streak, Week},
        date,
        loader::ProgressKey,
        progress, store,
    },
    loading::{load_many, load_one},
    muscle_group::MuscleGroup,
    page::{Connection, PageRequest},
    set_log::{SetLog, SetLogById},
    workout::{Workout, WorkoutById},
};

const MAX_WEEKS: i32 = 53;
const MAX_POINTS: i32 = 200;

/// What an exercise came to in a workout. Warm-up sets are left out.
#[Object]
impl ExerciseSession {
    /// The exercise within the workout, with all its sets.
    async fn exercise_log(&self, ctx: &Context<'_>) -> Result<ExerciseLog, ResolverError> {
        load_one::<ExerciseLogById, _>(ctx, (self.user_id, self.exercise_log_id))
            .await?
            .ok_or_else(|| {
                ResolverError::Internal(anyhow::anyhow!("a session without its exercise log"))
            })
    }

    /// When the workout started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    /// How many sets were done.
    async fn sets(&self) -> i32 {
        self.sets
    }

    /// The sum of the repetitions.
    async fn reps(&self) -> i32 {
        self.reps
    }

    /// The sum of the times of timed sets, in seconds.
    async fn time_seconds(&self) -> f64 {
        self.seconds
    }

    /// The sum of the distances, in metres.
    async fn distance_meters(&self) -> f64 {
        self.meters
    }

    /// The sum over the sets of repetitions × kilograms; assistance is no weight.
    async fn volume_kg(&self) -> f64 {
        self.volume_kg
    }

    /// The heaviest weight of a set, in kilograms.
    async fn heaviest_kg(&self) -> Option<f64> {
        self.heaviest_kg
    }

    /// The highest one-repetition maximum by Epley's formula, in kilograms: weight × (1 + repetitions / 30), from sets of
    /// 1 to 10 repetitions.
    async fn epley_one_rep_max_kg(&self) -> Option<f64> {
        self.epley_kg
    }

    /// The highest one-repetition maximum by Brzycki's formula, in kilograms: weight × 36 / (37 − repetitions), from sets
    /// of 1 to 10 repetitions.
    async fn brzycki_one_rep_max_kg(&self) -> Option<f64> {
        self.brzycki_kg
    }

    /// The set with the highest maximum by Epley's formula; where there is none the heaviest, then the one with the most
    /// repetitions, the longest, the farthest.
    async fn best_set(&self, ctx: &Context<'_>) -> Result<Option<SetLog>, ResolverError> {
        match self.best_set_id {
            Some(set) => load_one::<SetLogById, _>(ctx, (self.user_id, set)).await,
            None => Ok(None),
        }
    }
}

/// A point of a chart of an exercise: one session, or some in a row where there are more sessions than points.
#[Object]
impl ProgressPoint {
    /// When the first of its workouts started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.first
    }

    /// When the last of its workouts started.
    async fn last_started_at(&self) -> DateTime<Utc> {
        self.last
    }

    /// How many sessions it stands for.
    async fn sessions(&self) -> i32 {
        self.sessions
    }

    /// The mean volume of its sessions: repetitions × kilograms, summed over the sets of a session.
    async fn volume_kg(&self) -> f64 {
        self.mean_volume_kg
    }

    /// The mean number of repetitions of its sessions.
    async fn reps(&self) -> f64 {
        self.mean_reps
    }

    /// The heaviest weight of its sets, in kilograms.
    async fn heaviest_kg(&self) -> Option<f64> {
        self.heaviest_kg
    }

    /// The highest one-repetition maximum by Epley's formula, in kilograms.
    async fn epley_one_rep_max_kg(&self) -> Option<f64> {
        self.epley_kg
    }

    /// The highest one-repetition maximum by Brzycki's formula, in kilograms.
    async fn brzycki_one_rep_max_kg(&self) -> Option<f64> {
        self.brzycki_kg
    }
}

/// The viewer's sessions of an exercise, newest first.
pub(crate) async fn sessions_of(
    ctx: &Context<'_>,
    exercise: ExerciseId,
    first: Option<i32>,
    after: Option<String>,
) -> Result<Connection<ExerciseSession>, ResolverError> {
    let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
    let request = PageRequest::parse(first, after, None)?;
    let sessions = load_one::<SessionPages, _>(ctx, request.of((viewer, exercise))).await?;
    Ok(request.connection(sessions.unwrap_or_default(), |session| {
        (session.started_at, session.exercise_log_id.0)
    }))
}

/// The viewer's sessions of an exercise within a time, as at most `points` points.
pub(crate) async fn progress_of(
    ctx: &Context<'_>,
    exercise: ExerciseId,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    points: Option<i32>,
) -> Result<Vec<ProgressPoint>, ResolverError> {
    let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
    let points = within("points", points.unwrap_or(100), MAX_POINTS)?;
    let key = ProgressKey {
        user: viewer,
        exercise,
        from: from.unwrap_or(DateTime::UNIX_EPOCH),
        to: to.unwrap_or(FAR_FUTURE),
    };
    let sessions = load_one::<ProgressOfExercise, _>(ctx, key).await?;
    let points = usize::try_from(points).unwrap_or(1);
    Ok(progress::points(&sessions.unwrap_or_default(), points))
}

/// The end of times that nobody bounds: the year 9999, which PostgreSQL and RFC 3339 can write.
const FAR_FUTURE: DateTime<Utc> = DateTime::from_timestamp(253_402_300_799, 0).unwrap();

fn within(argument: &str, value: i32, max: i32) -> Result<i32, ResolverError> {
    if (1..=max).contains(&value) {
        Ok(value)
    } else {
        let message = format!("{argument} must be 1 to {max}");
        Err(ResolverError::BadUserInput(message))
    }
}

/// Sets of a muscle group.
#[derive(SimpleObject)]
pub(crate) struct MuscleGroupSets {
    /// The muscle group.
    muscle_group: MuscleGroup,
    /// The sets that trained it: 1 for each set of an exercise where it does most of the work, 0.5 where it helps.
    sets: f64,
}

/// A week of training, from Monday to Sunday. Warm-up sets are left out.
#[derive(SimpleObject)]
pub(crate) struct TrainingWeek {
    /// Its Monday.
    starts_on: Date,
    /// How many workouts had a set.
    workouts: i32,
    /// How many sets were done.
    sets: i32,
    /// The sum over the sets of repetitions × kilograms; assistance is no weight.
    volume_kg: f64,
    /// The sets of each muscle group that was trained, most sets first.
    muscle_groups: Vec<MuscleGroupSets>,
}

impl From<Week> for TrainingWeek {
    fn from(week: Week) -> Self {
        let muscle_groups = week.muscle_groups.into_iter();
        Self {
            starts_on: Date(week.monday),
            workouts: i32::try_from(week.workouts.len()).unwrap_or(i32::MAX),
            sets: week.sets,
            volume_kg: week.volume_kg,
            muscle_groups: muscle_groups
                .map(|(muscle_group, sets)| MuscleGroupSets { muscle_group, sets })
                .collect(),
        }
    }
}

/// Weeks in a row, from Monday to Sunday, with at least one finished workout.
#[derive(SimpleObject)]
pub(crate) struct TrainingStreak {
    /// How many weeks in a row up to this one. A week that is not over breaks no streak: without a workout in it, how
    /// many up to the last one.
    current_weeks: i32,
    /// The most weeks in a row that there ever were.
    longest_weeks: i32,
    /// Whether this week has a finished workout.
    trained_this_week: bool,
}

/// A day with finished workouts.
pub(crate) struct TrainingDay {
    user: UserId,
    date: NaiveDate,
    workouts: Vec<WorkoutId>,
}

/// A day with finished workouts.
#[Object]
impl TrainingDay {
    /// The day.
    async fn date(&self) -> Date {
        Date(self.date)
    }

    /// The workouts that started on it, earliest first.
    async fn workouts(&self, ctx: &Context<'_>) -> Result<Vec<Workout>, ResolverError> {
        let keys = self.workouts.iter().map(|id| (self.user, *id));
        load_many::<WorkoutById, _>(ctx, keys).await
    }
}

#[derive(Default)]
pub(crate) struct InsightQuery;

#[Object]
impl InsightQuery {
    /// What the viewer trained week by week, oldest first, weeks without training included.
    async fn training_weeks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many weeks, at most 53.", default = 12)] weeks: Option<i32>,
        #[graphql(desc = "A day of the last week; today when left out.")] until: Option<Date>,
        #[graphql(
            desc = "Where the viewer's weeks begin: a name of the IANA database, such as `Europe/Berlin`.",
            default = "UTC"
        )]
        time_zone: String,
    ) -> Result<Vec<TrainingWeek>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let zone = date::time_zone(&time_zone)?;
        let weeks = within("weeks", weeks.unwrap_or(12), MAX_WEEKS)?;
        let last = until.map_or_else(|| date::day(Utc::now(), zone), |until| until.0);
        let last = date::monday(bounded(last)?);
        let first = last - Days::new(7 * u64::from((weeks - 1).unsigned_abs()));
        let from = date::beginning(first, zone);
        let to = date::beginning(last + Days::new(7), zone);
        let state = ctx.data_unchecked::<State>();
        let mut conn = state.pool.acquire().await?;
        let trained = store::trained_between(&mut conn, viewer, from, to).await?;
        drop(conn);
        let exercises = trained.iter().map(|trained| trained.exercise_id);
        let loader = ctx.data_unchecked::<DataLoader<TargetsOfExercise>>();
        let targets = loader.load_many(exercises).await;
        let targets: HashMap<_, _> =
            targets.map_err(|error| ResolverError::Internal(error.into()))?;
        let weeks = calendar::weeks(first, last, &trained, &targets, zone);
        Ok(weeks.into_iter().map(TrainingWeek::from).collect())
    }

    /// For how many weeks the viewer has trained without a break.
    async fn training_streak(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Where the viewer's weeks begin: a name of the IANA database, such as `Europe/Berlin`.",
            default = "UTC"
        )]
        time_zone: String,
    ) -> Result<TrainingStreak, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let zone = date::time_zone(&time_zone)?;
        let now = Utc::now();
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        let (from, to) = (DateTime::UNIX_EPOCH, FAR_FUTURE);
        let workouts = store::finished_between(&mut conn, viewer, from, to).await?;
        let started: Vec<_> = workouts.into_iter().map(|(_, started)| started).collect();
        let streak = Streak::of(&started, date::day(now, zone), zone);
        Ok(TrainingStreak {
            current_weeks: streak.current,
            longest_weeks: streak.longest,
            trained_this_week: streak.this_week,
        })
    }

    /// The days of a month on which the viewer trained, earliest first.
    async fn training_days(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Any day of the month; today when left out.")] month: Option<Date>,
        #[graphql(
            desc = "Where the viewer's days begin: a name of the IANA database, such as `Europe/Berlin`.",
            default = "UTC"
        )]
        time_zone: String,
    ) -> Result<Vec<TrainingDay>, ResolverError> {
        let viewer = UserId::from(setwise_graphql::viewer(ctx)?.user_id);
        let zone = date::time_zone(&time_zone)?;
        let day = month.map_or_else(|| date::day(Utc::now(), zone), |month| month.0);
        let day = bounded(day)?;
        let first = day - Days::new(u64::from(day.day0()));
        let from = date::beginning(first, zone);
        let to = date::beginning(first + Months::new(1), zone);
        let mut conn = ctx.data_unchecked::<State>().pool.acquire().await?;
        let workouts = store::finished_between(&mut conn, viewer, from, to).await?;
        let days = calendar::days(&workouts, zone).into_iter();
        Ok(days
            .map(|(date, workouts)| TrainingDay {
                user: viewer,
                date,
                workouts,
            })
            .collect())
    }
}

/// A day of the years 1970 to 9000: nobody trained before, and all that is reckoned with it can be written.
fn bounded(day: NaiveDate) -> Result<NaiveDate, ResolverError> {
    if (1970..=9000).contains(&day.year()) {
        Ok(day)
    } else {
        let message = "a date must be of the years 1970 to 9000".to_owned();
        Err(ResolverError::BadUserInput(message))
    }
}
