//! What a person wants, must spare, and has at hand.

use super::*;

#[test]
fn injuries_leave_out_what_loads_them_in_both_languages() {
    for (injuries, movements, muscles) in [
        (
            "Bad knees",
            vec![Movement::Squat, Movement::Lunge],
            vec!["quadriceps"],
        ),
        (
            "болит колено",
            vec![Movement::Squat, Movement::Lunge],
            vec!["quadriceps"],
        ),
        (
            "herniated disc, lower back",
            vec![Movement::Hinge],
            vec!["lower-back"],
        ),
        (
            "Грыжа в пояснице",
            vec![Movement::Hinge],
            vec!["lower-back"],
        ),
        (
            "rotator cuff",
            vec![Movement::VerticalPush],
            vec!["front-delts"],
        ),
        (
            "травма плеча",
            vec![Movement::VerticalPush],
            vec!["front-delts"],
        ),
    ] {
        let mut settings = settings();
        injuries.clone_into(&mut settings.injuries);
        let (plan, entries) = planned(&wishes(&settings, "", &[]));
        for entry in entries {
            assert!(
                !movements.contains(&entry.movement),
                "{injuries}: {}",
                entry.slug
            );
            let loads = |slug: &&str| {
                entry
                    .primary
                    .iter()
                    .chain(&entry.secondary)
                    .any(|other| other == slug)
            };
            assert!(!muscles.iter().any(loads), "{injuries}: {}", entry.slug);
        }
        assert!(plan.reasoning.contains("spared"), "{}", plan.reasoning);
    }
}

#[test]
fn reads_what_a_person_wants_today() {
    let settings = settings();
    let read = |prompt: &str| Words::read(&settings, prompt);
    assert_eq!(read("legs and abs, 30 minutes").minutes, Some(30));
    assert_eq!(read("ноги и пресс на 45 минут").minutes, Some(45));
    assert_eq!(read("1 hour please").minutes, Some(60));
    assert!(read("legs and abs").focus.contains("quadriceps"));
    assert!(read("Хочу прокачать ягодицы").focus.contains("glutes"));
    assert_eq!(
        read("biceps, no chest today").focus,
        BTreeSet::from(["biceps"])
    );
    assert!(read("my lower back hurts").avoided.contains("lower-back"));
    assert!(!read("my lower back hurts").avoided.contains("lats"));
    assert!(read("предплечья").focus.contains("forearms"));
    assert!(!read("предплечья").focus.contains("side-delts"));
    let home = read("training at home");
    assert_eq!(
        home.only_equipment,
        [Equipment::Bodyweight, Equipment::Band]
    );
    let dumbbells = read("только гантели");
    assert_eq!(
        dumbbells.only_equipment,
        [Equipment::Dumbbell, Equipment::Bodyweight]
    );
    assert_eq!(read("без штанги").avoided_equipment, [Equipment::Barbell]);
    assert_eq!(read("surprise me").focus, BTreeSet::new());
}

#[test]
fn a_wish_and_the_equipment_at_hand_are_kept() {
    let settings = settings();
    let (_, entries) = planned(&wishes(&settings, "legs, at home without equipment", &[]));
    for entry in &entries {
        assert!(
            matches!(entry.equipment, Equipment::Bodyweight | Equipment::Band),
            "{}",
            entry.slug
        );
    }
    assert!(primaries(&entries).contains("quadriceps"));
}

#[test]
fn only_what_is_at_hand_and_the_body_are_used() {
    let mut settings = settings();
    settings.equipment = vec![Equipment::Dumbbell, Equipment::Kettlebell];
    for seed in 0..10 {
        let (_, entries) = planned(&Wishes {
            seed,
            ..wishes(&settings, "", &[])
        });
        for entry in &entries {
            let is_at_hand = settings.equipment.contains(&entry.equipment);
            assert!(
                is_at_hand || entry.equipment == Equipment::Bodyweight,
                "{}",
                entry.slug
            );
        }
        let uses = |equipment| entries.iter().any(|entry| entry.equipment == equipment);
        assert!(uses(Equipment::Dumbbell) || uses(Equipment::Kettlebell));
    }
}
