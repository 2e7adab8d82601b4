//! What is kept beside the sets is what the sets come to, whatever was done to them and in whatever order.

use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{records, value};
use crate::testing::{Person, text};

/// Something that a person does with one exercise in some open workouts. The numbers choose among what is there.
#[derive(Debug, Clone)]
enum Action {
    Log {
        workout: usize,
        reps: i32,
        steps: u32,
        pounds: bool,
    },
    Change {
        set: usize,
        reps: i32,
        steps: u32,
    },
    Delete {
        set: usize,
    },
    DeleteExercise {
        workout: usize,
    },
    /// Goes on with the same exercise at another place of the workout.
    LogExercise {
        workout: usize,
    },
    DeleteWorkout {
        workout: usize,
    },
}

fn action() -> impl Strategy<Value = Action> {
    let reps = 1..=14_i32;
    let steps = 20..=30_u32;
    prop_oneof![
        8 => (0..4_usize, reps.clone(), steps.clone(), any::<bool>())
            .prop_map(|(workout, reps, steps, pounds)| Action::Log { workout, reps, steps, pounds }),
        2 => (any::<usize>(), reps, steps).prop_map(|(set, reps, steps)| Action::Change { set, reps, steps }),
        2 => any::<usize>().prop_map(|set| Action::Delete { set }),
        1 => (0..4_usize).prop_map(|workout| Action::DeleteExercise { workout }),
        1 => (0..4_usize).prop_map(|workout| Action::LogExercise { workout }),
        1 => (0..4_usize).prop_map(|workout| Action::DeleteWorkout { workout }),
    ]
}

/// An open workout with its latest exercise log, and its sets with their logs.
struct Open {
    workout: String,
    log: String,
    sets: Vec<(String, String)>,
}

struct Gym<'a> {
    person: &'a Person,
    exercise: &'a str,
    open: Vec<Open>,
}

impl Gym<'_> {
    async fn start(&self) -> Open {
        let workout = self.person.start().await;
        let log = self.person.log_exercise(&workout, self.exercise).await;
        Open {
            workout,
            log,
            sets: Vec::new(),
        }
    }

    /// The workout and the place of one of all sets.
    fn choose(&self, set: usize) -> Option<(usize, usize)> {
        let all: Vec<_> = (0..self.open.len())
            .flat_map(|open| (0..self.open[open].sets.len()).map(move |set| (open, set)))
            .collect();
        (!all.is_empty()).then(|| all[set % all.len()])
    }

    fn input(&self, open: usize, set: usize) -> Value {
        let Open { workout, sets, .. } = &self.open[open];
        let (log, set) = &sets[set];
        json!({ "workoutId": workout, "exerciseLogId": log, "setLogId": set })
    }

    async fn act(&mut self, action: &Action) {
        match *action {
            Action::Log {
                workout,
                reps,
                steps,
                pounds,
            } => {
                let unit = if pounds { "LB" } else { "KG" };
                let Open {
                    workout: id, log, ..
                } = &self.open[workout];
                let input = json!({ "workoutId": id, "exerciseLogId": log, "reps": reps,
                                    "weight": f64::from(steps) * 2.5, "weightUnit": unit });
                let payload = self.person.succeed("logSet", input, "setLog { id }").await;
                let set = (log.clone(), text(&payload["setLog"]["id"]));
                self.open[workout].sets.push(set);
            }
            Action::Change { set, reps, steps } => {
                if let Some((open, set)) = self.choose(set) {
                    let mut input = self.input(open, set);
                    input["reps"] = json!(reps);
                    input["weight"] = json!(f64::from(steps) * 2.5);
                    self.person
                        .succeed("updateSetLog", input, "setLog { id }")
                        .await;
                }
            }
            Action::Delete { set } => {
                if let Some((open, set)) = self.choose(set) {
                    let input = self.input(open, set);
                    self.person
                        .succeed("deleteSetLog", input, "exerciseLog { id }")
                        .await;
                    self.open[open].sets.remove(set);
                }
            }
            Action::DeleteExercise { workout } => {
                let Open {
                    workout: id, log, ..
                } = &self.open[workout];
                let input = json!({ "workoutId": id, "exerciseLogId": log });
                self.person
                    .succeed("deleteExerciseLog", input, "workout { id }")
                    .await;
                let gone = log.clone();
                let log = self.person.log_exercise(id, self.exercise).await;
                self.open[workout].log = log;
                self.open[workout].sets.retain(|(log, _)| *log != gone);
            }
            Action::LogExercise { workout } => {
                let Open { workout: id, .. } = &self.open[workout];
                let log = self.person.log_exercise(id, self.exercise).await;
                self.open[workout].log = log;
            }
            Action::DeleteWorkout { workout } => {
                let input = json!({ "workoutId": self.open[workout].workout });
                self.person
                    .succeed("deleteWorkout", input, "deletedWorkoutId")
                    .await;
                self.open[workout] = self.start().await;
            }
        }
    }
}

/// The kept rows as text, floating-point numbers rounded.
async fn kept(pool: &PgPool) -> Vec<String> {
    let query = "
        SELECT concat_ws(' ', 'log', id, work_sets, work_reps, round(volume_kg::numeric, 6), round(heaviest_kg::numeric, 6),
                         round(epley_kg::numeric, 6), round(brzycki_kg::numeric, 6), best_set_id)
          FROM training.exercise_log
        UNION ALL
        SELECT concat_ws(' ', 'set', set_log_id, exercise_id, exercise_log_id, started_at, best, broken)
          FROM training.personal_record
         ORDER BY 1";
    sqlx::query_scalar(query).fetch_all(pool).await.unwrap()
}

/// Fills what is kept anew, as the migrations do.
async fn fill_anew(pool: &PgPool) {
    const ALL: &str =
        include_str!("../../../../../migrations/training/0011_records_of_the_past.sql");
    const ASSISTED_AND_TWICE: &str =
        include_str!("../../../../../migrations/training/0016_records_of_assisted_sets.sql");
    let empty = "
        DELETE FROM training.personal_record;
        UPDATE training.exercise_log
           SET work_sets = 0, work_reps = 0, volume_kg = 0, heaviest_kg = NULL, epley_kg = NULL, brzycki_kg = NULL,
               best_set_id = NULL";
    sqlx::raw_sql(empty).execute(pool).await.unwrap();
    for migration in [ALL, ASSISTED_AND_TWICE] {
        sqlx::raw_sql(migration).execute(pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn keeps_what_the_sets_come_to(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    kept_is_what_the_sets_come_to(&pool, &person, &exercise).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn keeps_what_assisted_sets_come_to(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.assisted_exercise().await;
    kept_is_what_the_sets_come_to(&pool, &person, &exercise).await;
}

async fn kept_is_what_the_sets_come_to(pool: &PgPool, person: &Person, exercise: &str) {
    let mut runner = TestRunner::deterministic();
    for _ in 0..6 {
        let actions = prop::collection::vec(action(), 25)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let mut gym = Gym {
            person,
            exercise,
            open: Vec::new(),
        };
        for _ in 0..4 {
            let open = gym.start().await;
            gym.open.push(open);
        }
        for action in &actions {
            gym.act(action).await;
        }
        let as_kept = kept(pool).await;
        fill_anew(pool).await;
        assert_eq!(as_kept, kept(pool).await, "after {actions:?}");
        for open in gym.open {
            let input = json!({ "workoutId": open.workout });
            person
                .succeed("deleteWorkout", input, "deletedWorkoutId")
                .await;
        }
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn records_never_go_down_when_sets_are_added(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let mut runner = TestRunner::deterministic();
    let mut gym = Gym {
        person: &person,
        exercise: &exercise,
        open: Vec::new(),
    };
    for _ in 0..4 {
        let open = gym.start().await;
        gym.open.push(open);
    }
    let mut before = records(&person, &exercise).await;
    let sets = action().prop_filter("only added", |action| matches!(action, Action::Log { .. }));
    for _ in 0..60 {
        let action = sets.new_tree(&mut runner).unwrap().current();
        gym.act(&action).await;
        let after = records(&person, &exercise).await;
        for kind in ["heaviest", "epley", "brzycki", "volume"] {
            assert!(
                value(&after, kind) >= value(&before, kind),
                "{action:?}: {before} {after}"
            );
        }
        for most in before["mostReps"].as_array().unwrap() {
            let still = after["mostReps"].as_array().unwrap().iter();
            let still = still.filter(|still| still["weight"] == most["weight"]);
            assert!(
                still
                    .clone()
                    .any(|still| still["reps"].as_i64() >= most["reps"].as_i64())
            );
        }
        before = after;
    }
}

/// Sets logged at once into several workouts are reckoned one after the other.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn sets_logged_at_once_are_reckoned_one_by_one(pool: PgPool) {
    let person = Person::new(&pool);
    let exercise = person.exercises(1).await.remove(0);
    let mut open = Vec::new();
    for _ in 0..4 {
        let workout = person.start().await;
        let log = person.log_exercise(&workout, &exercise).await;
        open.push((workout, log));
    }
    let writers = (0..40_u32).map(|number| {
        let (person, open) = (&person, &open);
        async move {
            let (workout, log) = &open[number as usize % open.len()];
            person
                .log_set(workout, log, 5, 50.0 + f64::from(number * 7 % 40))
                .await;
        }
    });
    futures_util::future::join_all(writers).await;
    let as_kept = kept(&pool).await;
    fill_anew(&pool).await;
    assert_eq!(as_kept, kept(&pool).await);
}
