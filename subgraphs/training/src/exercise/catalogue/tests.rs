use std::{collections::HashSet, ops::RangeInclusive};

use uuid::{Uuid, uuid};

use super::*;

/// What the ids of new exercises are made in: the UUID v5 of `urn:setwise:exercise` in the namespace of URLs.
const NAMESPACE: Uuid = uuid!("e8703a34-2647-53ff-a3b5-f6bceeb547e0");
/// The exercises that were there before ids came from slugs: an id and a slug a line. They keep their ids for good.
const FROZEN: &str = include_str!("../../../catalogue/frozen_ids.txt");
const STEPS: RangeInclusive<usize> = 3..=6;

fn is_unique<'a, T: std::hash::Hash + Eq>(items: impl Iterator<Item = T> + 'a) -> bool {
    let mut seen = HashSet::new();
    items.into_iter().all(|item| seen.insert(item))
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&letter)
}

/// The text has visible letters of its language alone, and no blanks around it or doubled within.
fn assert_language(slug: &str, text: &str, is_russian: bool) {
    assert!(
        text.trim() == text && !text.contains("  "),
        "{slug}: {text}"
    );
    let cyrillic = text.chars().filter(|letter| is_cyrillic(*letter)).count();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    if is_russian {
        assert!(cyrillic > 4 * latin, "{slug}: {text}");
    } else {
        assert!(latin > 0 && cyrillic == 0, "{slug}: {text}");
    }
}

#[test]
fn there_are_at_least_250_exercises() {
    assert!(Catalogue::embedded().exercises.len() >= 250);
}

#[test]
fn names_slugs_and_ids_are_unique() {
    let catalogue = Catalogue::embedded();
    let groups = &catalogue.muscle_groups;
    assert!(is_unique(groups.iter().map(|group| group.id)));
    assert!(is_unique(groups.iter().map(|group| &group.slug)));
    assert!(is_unique(groups.iter().map(|group| &group.name.en)));
    assert!(is_unique(groups.iter().map(|group| &group.name.ru)));
    let exercises = &catalogue.exercises;
    assert!(is_unique(exercises.iter().map(|entry| entry.id)));
    assert!(is_unique(exercises.iter().map(|entry| &entry.slug)));
    let folded = |name: &str| name.to_lowercase().replace('ё', "е");
    assert!(is_unique(
        exercises.iter().map(|entry| folded(&entry.name.en))
    ));
    assert!(is_unique(
        exercises.iter().map(|entry| folded(&entry.name.ru))
    ));
}

#[test]
fn slugs_are_plain_words() {
    for entry in &Catalogue::embedded().exercises {
        let is_plain = |word: &str| {
            let mut letters = word.bytes();
            !word.is_empty()
                && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        assert!(entry.slug.split('-').all(is_plain), "{}", entry.slug);
    }
}

#[test]
fn the_first_exercises_keep_their_ids_and_new_ones_have_theirs_from_the_slug() {
    let frozen: Vec<(&str, &str)> = FROZEN
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    assert_eq!(frozen.len(), 130);
    let exercises = &Catalogue::embedded().exercises;
    for (id, slug) in &frozen {
        let entry = exercises.iter().find(|entry| entry.slug == *slug);
        let kept = entry.map(|entry| entry.id.to_string());
        assert_eq!(kept.as_deref(), Some(*id), "{slug}");
    }
    for entry in exercises {
        if !frozen.iter().any(|(_, slug)| *slug == entry.slug) {
            let id = Uuid::new_v5(&NAMESPACE, entry.slug.as_bytes());
            assert_eq!(entry.id.0, id, "the id of {} must be {id}", entry.slug);
        }
    }
}

#[test]
fn every_exercise_trains_known_muscle_groups_each_once() {
    let catalogue = Catalogue::embedded();
    for entry in &catalogue.exercises {
        let slugs = || entry.primary.iter().chain(&entry.secondary);
        assert!(!entry.primary.is_empty(), "{}", entry.slug);
        assert!(is_unique(slugs()), "{}", entry.slug);
        for slug in slugs() {
            let group = catalogue.muscle_group(slug);
            assert!(group.is_some(), "{}: {slug}", entry.slug);
        }
    }
    for group in &catalogue.muscle_groups {
        let trains = |entry: &&Entry| entry.primary.contains(&group.slug);
        let count = catalogue.exercises.iter().filter(trains).count();
        assert!(count >= 3, "{count} exercises for {}", group.slug);
    }
}

#[test]
fn every_text_is_there_in_its_language() {
    for entry in &Catalogue::embedded().exercises {
        let slug = &entry.slug;
        assert_language(slug, &entry.name.en, false);
        assert_language(slug, &entry.name.ru, true);
        if let Some(description) = &entry.description {
            assert_language(slug, &description.en, false);
            assert_language(slug, &description.ru, true);
        }
        assert!(is_unique(entry.aliases.iter()), "{slug}");
        assert!(
            entry.aliases.iter().all(|alias| !alias.trim().is_empty()),
            "{slug}"
        );
    }
}

#[test]
fn every_exercise_has_three_to_six_steps_in_both_languages() {
    for entry in &Catalogue::embedded().exercises {
        let slug = &entry.slug;
        let Steps { en, ru } = &entry.instructions;
        assert!(STEPS.contains(&en.len()) && en.len() == ru.len(), "{slug}");
        for (steps, is_russian) in [(en, false), (ru, true)] {
            assert!(is_unique(steps.iter()), "{slug}");
            for step in steps {
                assert_language(slug, step, is_russian);
                assert!(step.ends_with('.'), "{slug}: {step}");
                assert!(step.starts_with(char::is_uppercase), "{slug}: {step}");
            }
        }
    }
}

#[test]
fn every_measurement_is_used_and_stretches_are_held_or_counted() {
    let exercises = &Catalogue::embedded().exercises;
    for measurement in [
        Measurement::RepsWeight,
        Measurement::BodyweightReps,
        Measurement::Assisted,
        Measurement::Time,
        Measurement::Distance,
    ] {
        let is_used = exercises
            .iter()
            .any(|entry| entry.measurement == measurement);
        assert!(is_used, "{measurement:?}");
    }
    for entry in exercises {
        let carries_distance = entry.measurement == Measurement::Distance;
        let is_mobility = entry.movement == Movement::Mobility;
        assert!(!(carries_distance && is_mobility), "{}", entry.slug);
    }
}

#[test]
fn refuses_fields_that_it_does_not_know() {
    let group = r#"[{ "id": "0195d3a0-0000-7000-8000-000000000001", "slug": "a", "name": { "en": "A", "ru": "А" }, "x": 1 }]"#;
    let error = Catalogue::parse(group, &[]).unwrap_err();
    assert!(error.to_string().contains("unknown field `x`"), "{error}");
}

#[test]
fn refuses_movements_that_it_does_not_know() {
    let entry = r#"[{ "id": "0195d3a0-0000-7000-8000-000000000001", "slug": "a", "name": { "en": "A", "ru": "А" },
        "instructions": { "en": [], "ru": [] }, "primary": [], "secondary": [], "equipment": "band",
        "measurement": "time", "movement": "dancing", "level": "beginner", "compound": false, "unilateral": false }]"#;
    let error = Catalogue::parse("[]", &[entry]).unwrap_err();
    assert!(
        error.to_string().contains("unknown variant `dancing`"),
        "{error}"
    );
}
