mod past;
mod wishes;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use setwise_graphql::WeightUnit;
use setwise_service::Locale;
use uuid::Uuid;

use super::{Plan, Wishes, entry, plan, weekly::Owed, words::Words};
use crate::{
    exercise::{
        Equipment, Measurement,
        catalogue::{Catalogue, Entry, Level, Movement},
    },
    generation::{ExperienceLevel, GenerationSettings, Goal, OwnExercise, WorkoutPlanType},
    ids::{ExerciseId, UserId},
    refusal::Refusal,
    workout::TrainedExercise,
};

fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn settings() -> GenerationSettings {
    GenerationSettings {
        user_id: UserId::from(Uuid::nil()),
        base_prompt: String::new(),
        variety_level: 2,
        primary_goal: Goal::MuscleGain,
        secondary_goals: Vec::new(),
        experience_level: ExperienceLevel::Beginner,
        days_per_week: 3,
        session_duration_minutes: 60,
        injuries: String::new(),
        priority_muscle_group_ids: Vec::new(),
        workout_plan_type: WorkoutPlanType::FullBody,
        equipment: Vec::new(),
        updated_at: noon(),
    }
}

fn wishes<'a>(
    settings: &'a GenerationSettings,
    prompt: &'a str,
    history: &'a [TrainedExercise],
) -> Wishes<'a> {
    Wishes {
        settings,
        prompt,
        history,
        own: &[],
        present: &[],
        weight_unit: WeightUnit::Kg,
        locale: Locale::En,
        now: noon(),
        seed: 7,
    }
}

fn planned(wishes: &Wishes<'_>) -> (Plan, Vec<&'static Entry>) {
    let catalogue = Catalogue::embedded();
    let plan = plan(catalogue, wishes).unwrap();
    let entries = plan
        .exercises
        .iter()
        .map(|planned| entry(catalogue, planned.exercise).unwrap());
    let entries = entries.collect();
    (plan, entries)
}

fn id(slug: &str) -> ExerciseId {
    let exercises = &Catalogue::embedded().exercises;
    exercises
        .iter()
        .find(|entry| entry.slug == slug)
        .unwrap()
        .id
}

fn trained(slug: &str, hours_ago: i64, weight_kg: f64, reps: i32) -> TrainedExercise {
    TrainedExercise {
        exercise_id: id(slug),
        started_at: noon() - TimeDelta::hours(hours_ago),
        sets: 5,
        top_reps: Some(reps),
        max_weight_kg: Some(weight_kg),
        power_rating: None,
    }
}

fn primaries(entries: &[&Entry]) -> BTreeSet<String> {
    entries
        .iter()
        .flat_map(|entry| entry.primary.clone())
        .collect()
}

#[test]
fn a_full_body_workout_covers_the_body_with_compounds_first() {
    let settings = settings();
    let (plan, entries) = planned(&wishes(&settings, "", &[]));
    assert!((5..=8).contains(&entries.len()), "{}", entries.len());
    let trained = primaries(&entries);
    for group in ["quadriceps", "chest"] {
        assert!(trained.contains(group), "{group}: {trained:?}");
    }
    assert!(
        trained.contains("lats") || trained.contains("upper-back"),
        "{trained:?}"
    );
    assert!(entries[0].compound && entries[1].compound);
    assert!(entries.iter().all(|entry| entry.level == Level::Beginner));
    for exercise in &plan.exercises {
        assert!((1..=5).contains(&exercise.sets.len()));
    }
    assert!(
        plan.reasoning.starts_with("Today is for the whole body."),
        "{}",
        plan.reasoning
    );
}

#[test]
fn the_same_seed_gives_the_same_plan_and_another_seed_another() {
    let mut settings = settings();
    settings.variety_level = 3;
    let first = wishes(&settings, "", &[]);
    let chosen = |seed| {
        let (plan, _) = planned(&Wishes {
            seed,
            ..first.clone()
        });
        plan.exercises
            .iter()
            .map(|planned| planned.exercise)
            .collect::<Vec<_>>()
    };
    assert_eq!(chosen(1), chosen(1));
    assert!((2..20).any(|seed| chosen(seed) != chosen(1)));
}

#[test]
fn less_time_means_less_work() {
    let sets = |minutes| {
        let mut settings = settings();
        settings.session_duration_minutes = minutes;
        let (plan, _) = planned(&wishes(&settings, "", &[]));
        plan.exercises
            .iter()
            .map(|planned| planned.sets.len())
            .sum::<usize>()
    };
    let totals: Vec<_> = [10, 30, 60, 120].into_iter().map(sets).collect();
    assert!(totals.is_sorted() && totals[0] < totals[3], "{totals:?}");
}

#[test]
fn priority_muscles_come_more_often() {
    let count = |priorities: &[&str]| {
        let mut settings = settings();
        let catalogue = Catalogue::embedded();
        settings.priority_muscle_group_ids = priorities
            .iter()
            .map(|slug| catalogue.muscle_group(slug).unwrap())
            .collect();
        let (_, entries) = planned(&wishes(&settings, "", &[]));
        entries
            .iter()
            .filter(|entry| entry.primary.contains(&"calves".to_owned()))
            .count()
    };
    assert!(count(&["calves"]) > count(&[]));
}

#[test]
fn fresh_exercises_for_those_who_want_variety() {
    let mut settings = settings();
    settings.variety_level = 3;
    let (first, _) = planned(&wishes(&settings, "", &[]));
    let history: Vec<_> = first
        .exercises
        .iter()
        .map(|planned| TrainedExercise {
            exercise_id: planned.exercise,
            ..trained("plank", 24 * 4, 20.0, 8)
        })
        .collect();
    let mut repeated = |level| {
        settings.variety_level = level;
        let (again, _) = planned(&wishes(&settings, "", &history));
        let known = |planned: &&crate::exercise_log::PlannedExercise| {
            history
                .iter()
                .any(|trained| trained.exercise_id == planned.exercise)
        };
        again.exercises.iter().filter(known).count()
    };
    let (same, fresh) = (repeated(1), repeated(3));
    assert!(fresh < same, "{fresh} {same}");
}

#[test]
fn what_the_workout_holds_is_not_planned_again() {
    let settings = settings();
    let (first, _) = planned(&wishes(&settings, "", &[]));
    let present: Vec<_> = first
        .exercises
        .iter()
        .map(|planned| planned.exercise)
        .collect();
    let (second, _) = planned(&Wishes {
        present: &present,
        ..wishes(&settings, "", &[])
    });
    assert!(
        second
            .exercises
            .iter()
            .all(|planned| !present.contains(&planned.exercise))
    );
}

#[test]
fn says_when_nothing_fits() {
    let mut settings = settings();
    settings.injuries = "knees, shoulders, lower back, elbows, wrists, ankles, hips, neck, chest, back, abs, glutes, hamstrings, calves".to_owned();
    let refused = plan(Catalogue::embedded(), &wishes(&settings, "", &[]));
    assert_eq!(
        refused.map(|plan| plan.exercises.len()),
        Err(Refusal::NothingFits)
    );
}

#[test]
fn the_reasoning_is_in_the_persons_language() {
    let settings = settings();
    let (plan, _) = planned(&Wishes {
        locale: Locale::Ru,
        ..wishes(&settings, "", &[])
    });
    assert!(
        plan.reasoning
            .starts_with("Сегодня — тренировка всего тела. Основная нагрузка: "),
        "{}",
        plan.reasoning
    );
    assert!(
        plan.reasoning
            .ends_with("в запасе оставалось два-три повторения."),
        "{}",
        plan.reasoning
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn whatever_is_written_gives_a_plan_or_a_refusal(
        prompt in ".{0,80}",
        injuries in "[ a-zа-я,.]{0,60}",
        goal in 0..5_usize,
        kind in 0..4_usize,
        level in 0..3_usize,
        minutes in 10..=240_i16,
        variety in 1..=3_i16,
        seed: u64,
    ) {
        let goals = [Goal::MuscleGain, Goal::WeightLoss, Goal::Strength, Goal::Endurance, Goal::Flexibility];
        let kinds = [WorkoutPlanType::FullBody, WorkoutPlanType::Split, WorkoutPlanType::UpperLower, WorkoutPlanType::PushPullLegs];
        let levels = [ExperienceLevel::Beginner, ExperienceLevel::Intermediate, ExperienceLevel::Advanced];
        let settings = GenerationSettings {
            injuries,
            primary_goal: goals[goal],
            workout_plan_type: kinds[kind],
            experience_level: levels[level],
            session_duration_minutes: minutes,
            variety_level: variety,
            ..settings()
        };
        let wishes = Wishes { seed, ..wishes(&settings, &prompt, &[]) };
        if let Ok(plan) = plan(Catalogue::embedded(), &wishes) {
            prop_assert!((1..=8).contains(&plan.exercises.len()));
            let ids: BTreeSet<_> = plan.exercises.iter().map(|planned| planned.exercise).collect();
            prop_assert_eq!(ids.len(), plan.exercises.len());
            prop_assert!(plan.exercises.iter().all(|planned| !planned.sets.is_empty()));
            prop_assert!(!plan.reasoning.is_empty());
        }
    }
}
