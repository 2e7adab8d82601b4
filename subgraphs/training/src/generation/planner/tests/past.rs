//! What was trained before: it rests, it goes on, and the week may owe more of it.

use super::*;

#[test]
fn what_was_trained_yesterday_rests_today() {
    let mut settings = settings();
    settings.workout_plan_type = WorkoutPlanType::UpperLower;
    let upper = [
        "barbell-bench-press",
        "seated-cable-row",
        "lat-pulldown",
        "seated-dumbbell-press",
    ];
    let history: Vec<_> = upper
        .iter()
        .map(|slug| trained(slug, 20, 40.0, 8))
        .collect();
    let (plan, entries) = planned(&wishes(&settings, "", &history));
    let worked = primaries(&entries);
    assert!(
        worked.contains("quadriceps") && !worked.contains("chest"),
        "{worked:?}"
    );
    assert!(
        plan.reasoning
            .starts_with("Your lower body is the most rested"),
        "{}",
        plan.reasoning
    );
    let lower = [
        "leg-press",
        "hip-thrust",
        "lying-leg-curl",
        "standing-calf-raise",
        "plank",
    ];
    let history: Vec<_> = lower
        .iter()
        .map(|slug| trained(slug, 20, 40.0, 8))
        .collect();
    let (_, entries) = planned(&wishes(&settings, "", &history));
    assert!(primaries(&entries).contains("chest"));
}

#[test]
fn weights_go_on_from_the_last_ones() {
    let mut settings = settings();
    settings.variety_level = 1;
    settings.session_duration_minutes = 90;
    let prompt = "chest";
    let weight = |history: &[TrainedExercise], unit| {
        let (plan, _) = planned(&Wishes {
            weight_unit: unit,
            ..wishes(&settings, prompt, history)
        });
        let bench = plan
            .exercises
            .iter()
            .find(|planned| planned.exercise == id("barbell-bench-press"));
        let set = bench.expect("the bench press is chosen").sets[0];
        set.weight.map(crate::set::WeightKg::get)
    };
    let ago = 24 * 6;
    let reached = [trained("barbell-bench-press", ago, 60.0, 8)];
    assert_eq!(weight(&reached, WeightUnit::Kg), Some(62.5));
    let mistyped = [trained("barbell-bench-press", ago, 10_000.0, 8)];
    assert_eq!(weight(&mistyped, WeightUnit::Kg), Some(10_000.0));
    let missed = [trained("barbell-bench-press", ago, 60.0, 5)];
    assert_eq!(weight(&missed, WeightUnit::Kg), Some(55.0));
    let pounds = weight(&reached, WeightUnit::Lb).unwrap() / 0.453_592_37;
    assert!(
        (pounds - pounds.round()).abs() < 1e-6 && pounds.round() % 5.0 == 0.0,
        "{pounds}"
    );
    let newest_first = [
        trained("barbell-bench-press", ago, 70.0, 8),
        trained("barbell-bench-press", 24 * 60, 50.0, 8),
    ];
    assert_eq!(weight(&newest_first, WeightUnit::Kg), Some(72.5));
}

#[test]
fn what_the_week_still_owes_is_trained_when_all_is_rested() {
    let mut settings = settings();
    settings.workout_plan_type = WorkoutPlanType::UpperLower;
    // Four days ago: rested again, but within the week.
    let upper = [
        "barbell-bench-press",
        "seated-cable-row",
        "lat-pulldown",
        "seated-dumbbell-press",
    ]
    .map(|slug| trained(slug, 24 * 4, 40.0, 8));
    let (plan, entries) = planned(&wishes(&settings, "", &upper));
    assert!(
        plan.reasoning
            .contains("This week these are still short of sets: "),
        "{}",
        plan.reasoning
    );
    assert!(primaries(&entries).contains("quadriceps"));
    // Eight days ago is another week: both parts are owed the same, and the first is taken.
    let long_ago = upper.map(|trained| TrainedExercise {
        started_at: noon() - TimeDelta::days(8),
        ..trained
    });
    let (plan, entries) = planned(&wishes(&settings, "", &long_ago));
    assert!(!plan.reasoning.contains("short of sets"));
    assert!(primaries(&entries).contains("chest"));
}

#[test]
fn a_week_owes_more_to_the_experienced_and_less_to_those_with_few_days() {
    let history = [trained("barbell-bench-press", 24 * 4, 60.0, 8)];
    let share = |level, days| {
        let mut settings = settings();
        settings.experience_level = level;
        settings.days_per_week = days;
        Owed::of(Catalogue::embedded(), &wishes(&settings, "", &history)).share("chest")
    };
    // Five sets are done: of 8, of 16, and of the 5 that one day holds.
    assert!((share(ExperienceLevel::Beginner, 3) - 0.375).abs() < 1e-9);
    assert!((share(ExperienceLevel::Advanced, 4) - 0.6875).abs() < 1e-9);
    assert!(share(ExperienceLevel::Advanced, 1).abs() < 1e-9);
}

#[test]
fn what_was_trained_with_an_exercise_of_ones_own_rests_too() {
    let mut settings = settings();
    settings.workout_plan_type = WorkoutPlanType::UpperLower;
    let own = [OwnExercise {
        id: ExerciseId::from(Uuid::from_u128(1)),
        name: "Sled push".to_owned(),
        equipment: Equipment::Other,
        measurement: Measurement::RepsWeight,
        primary: ["chest", "lats", "upper-back", "biceps"]
            .map(str::to_owned)
            .into(),
        secondary: vec!["triceps".to_owned()],
    }];
    let history = [TrainedExercise {
        exercise_id: own[0].id,
        ..trained("plank", 20, 40.0, 8)
    }];
    let (_, entries) = planned(&Wishes {
        own: &own,
        ..wishes(&settings, "", &history)
    });
    assert!(primaries(&entries).contains("quadriceps"));
    let (_, entries) = planned(&wishes(&settings, "", &history));
    assert!(primaries(&entries).contains("chest"), "nobody's exercise");
}
