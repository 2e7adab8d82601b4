//! The catalogue: the exercises that everyone has, as data in `catalogue/*.json`, embedded and loaded at start.
//!
//! To add an exercise, write it into the file of its region with a new random id; to add a file, name it in [`SOURCES`].
//! Ids never change and nothing is taken out: people's workouts refer to them. The tests below check the rest.

use std::sync::LazyLock;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use sqlx::{PgConnection, PgPool};

use crate::{
    exercise::{Equipment, Exercise, Measurement, store},
    ids::{ExerciseId, MuscleGroupId},
    muscle_group::{self, MuscleGroup},
};

const MUSCLE_GROUPS: &str = include_str!("../../catalogue/muscle_groups.json");

const SOURCES: [&str; 7] = [
    include_str!("../../catalogue/chest.json"),
    include_str!("../../catalogue/back.json"),
    include_str!("../../catalogue/shoulders.json"),
    include_str!("../../catalogue/arms.json"),
    include_str!("../../catalogue/legs.json"),
    include_str!("../../catalogue/core.json"),
    include_str!("../../catalogue/conditioning.json"),
];

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::parse(MUSCLE_GROUPS, &SOURCES)
        .expect("the embedded catalogue parses, as its tests show")
});

/// The muscle groups and the exercises that everyone has.
#[derive(Debug)]
pub(crate) struct Catalogue {
    pub(crate) muscle_groups: Vec<MuscleGroupEntry>,
    pub(crate) exercises: Vec<Entry>,
}

/// A muscle group as the file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MuscleGroupEntry {
    pub(crate) id: MuscleGroupId,
    pub(crate) slug: String,
    pub(crate) name: Localized,
}

/// An exercise as the files have it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) id: ExerciseId,
    pub(crate) slug: String,
    pub(crate) name: Localized,
    /// Two to four sentences on how it is done.
    pub(crate) description: Localized,
    /// Slugs of the muscle groups that do most of the work.
    pub(crate) primary: Vec<String>,
    /// Slugs of the muscle groups that help.
    pub(crate) secondary: Vec<String>,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
    pub(crate) movement: Movement,
    /// The least experience that it takes to do it safely.
    pub(crate) level: Level,
    /// Whether more than one joint moves.
    pub(crate) compound: bool,
}

/// A text in each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Localized {
    pub(crate) en: String,
    pub(crate) ru: String,
}

/// How experienced a person must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Beginner,
    Intermediate,
    Advanced,
}

/// What the body does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Movement {
    HorizontalPush,
    VerticalPush,
    HorizontalPull,
    VerticalPull,
    Squat,
    Lunge,
    Hinge,
    ChestFly,
    ShoulderRaise,
    Shrug,
    ElbowFlexion,
    ElbowExtension,
    Grip,
    KneeExtension,
    KneeFlexion,
    HipExtension,
    HipAbduction,
    HipAdduction,
    CalfRaise,
    TrunkFlexion,
    TrunkExtension,
    TrunkRotation,
    TrunkStability,
    Carry,
    Conditioning,
    Mobility,
}

impl Catalogue {
    /// The catalogue of this build.
    pub(crate) fn embedded() -> &'static Self {
        &CATALOGUE
    }

    fn parse(muscle_groups: &str, sources: &[&str]) -> serde_json::Result<Self> {
        let mut exercises = Vec::new();
        for source in sources {
            exercises.extend(list::<Entry>(source)?);
        }
        Ok(Self {
            muscle_groups: list(muscle_groups)?,
            exercises,
        })
    }

    pub(crate) fn muscle_group(&self, slug: &str) -> Option<MuscleGroupId> {
        let group = self.muscle_groups.iter().find(|group| group.slug == slug);
        group.map(|group| group.id)
    }
}

fn list<T: DeserializeOwned>(source: &str) -> serde_json::Result<Vec<T>> {
    serde_json::from_str(source)
}

/// Loads the catalogue into the database, unless it is there already.
///
/// # Errors
/// When the database fails.
pub(crate) async fn load(pool: &PgPool) -> anyhow::Result<()> {
    let fingerprint = fingerprint();
    let mut transaction = pool
        .begin()
        .await
        .context("the catalogue cannot be loaded")?;
    let loaded = load_if_changed(&mut transaction, &fingerprint, Utc::now()).await;
    let loaded = loaded.context("the catalogue cannot be loaded")?;
    transaction
        .commit()
        .await
        .context("the catalogue cannot be loaded")?;
    if loaded {
        let exercises = Catalogue::embedded().exercises.len();
        tracing::info!(catalogue.exercises = exercises, "the catalogue is loaded");
    }
    Ok(())
}

async fn load_if_changed(
    conn: &mut PgConnection,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let is_loaded = |loaded: Option<String>| loaded.as_deref() == Some(fingerprint);
    if is_loaded(store::loaded_catalogue(conn).await?) {
        return Ok(false);
    }
    store::lock_catalogue(conn).await?;
    if is_loaded(store::loaded_catalogue(conn).await?) {
        return Ok(false);
    }
    let catalogue = Catalogue::embedded();
    let groups: Vec<_> = catalogue
        .muscle_groups
        .iter()
        .map(muscle_group_row)
        .collect();
    muscle_group::upsert_all(conn, &groups).await?;
    let exercises: Vec<_> = catalogue
        .exercises
        .iter()
        .map(|entry| exercise_row(entry, now))
        .collect();
    store::upsert_all(conn, &exercises).await?;
    let targets: Vec<_> = catalogue
        .exercises
        .iter()
        .flat_map(|entry| target_rows(catalogue, entry))
        .collect();
    store::replace_targets(conn, &targets).await?;
    store::set_loaded_catalogue(conn, fingerprint).await?;
    Ok(true)
}

fn fingerprint() -> String {
    let mut hash = Sha256::new();
    for source in std::iter::once(&MUSCLE_GROUPS).chain(&SOURCES) {
        hash.update(source.len().to_be_bytes());
        hash.update(source);
    }
    format!("{:x}", hash.finalize())
}

fn muscle_group_row(entry: &MuscleGroupEntry) -> MuscleGroup {
    MuscleGroup {
        id: entry.id,
        slug: entry.slug.clone(),
        name_en: entry.name.en.clone(),
        name_ru: entry.name.ru.clone(),
    }
}

fn exercise_row(entry: &Entry, now: DateTime<Utc>) -> Exercise {
    Exercise {
        id: entry.id,
        user_id: None,
        name_en: entry.name.en.clone(),
        name_ru: entry.name.ru.clone(),
        description_en: entry.description.en.clone(),
        description_ru: entry.description.ru.clone(),
        video_url: None,
        equipment: entry.equipment,
        measurement: entry.measurement,
        created_at: now,
        updated_at: now,
    }
}

fn target_rows<'a>(
    catalogue: &'a Catalogue,
    entry: &'a Entry,
) -> impl Iterator<Item = store::NewTarget> + 'a {
    let primary = entry.primary.iter().map(|slug| (slug, true));
    let secondary = entry.secondary.iter().map(|slug| (slug, false));
    (1..)
        .zip(primary.chain(secondary))
        .filter_map(|(position, (slug, is_primary))| {
            Some(store::NewTarget {
                exercise: entry.id,
                muscle_group: catalogue.muscle_group(slug)?,
                is_primary,
                position,
            })
        })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn is_unique<'a, T: std::hash::Hash + Eq>(items: impl Iterator<Item = T> + 'a) -> bool {
        let mut seen = HashSet::new();
        items.into_iter().all(|item| seen.insert(item))
    }

    fn sentences(text: &str) -> usize {
        text.split_inclusive(['.', '!', '?'])
            .filter(|part| part.trim().len() > 1)
            .count()
    }

    #[test]
    fn names_and_ids_are_unique() {
        let catalogue = Catalogue::embedded();
        let groups = &catalogue.muscle_groups;
        assert!(is_unique(groups.iter().map(|group| group.id)));
        assert!(is_unique(groups.iter().map(|group| &group.slug)));
        assert!(is_unique(groups.iter().map(|group| &group.name.en)));
        assert!(is_unique(groups.iter().map(|group| &group.name.ru)));
        let exercises = &catalogue.exercises;
        assert!(is_unique(exercises.iter().map(|entry| entry.id)));
        assert!(is_unique(exercises.iter().map(|entry| &entry.slug)));
        assert!(is_unique(
            exercises.iter().map(|entry| entry.name.en.to_lowercase())
        ));
        assert!(is_unique(
            exercises.iter().map(|entry| entry.name.ru.to_lowercase())
        ));
    }

    #[test]
    fn every_exercise_trains_known_muscle_groups_each_once() {
        let catalogue = Catalogue::embedded();
        for entry in &catalogue.exercises {
            let slugs = || entry.primary.iter().chain(&entry.secondary);
            assert!(!entry.primary.is_empty(), "{}", entry.slug);
            assert!(is_unique(slugs()), "{}", entry.slug);
            for slug in slugs() {
                assert!(
                    catalogue.muscle_group(slug).is_some(),
                    "{}: {slug}",
                    entry.slug
                );
            }
        }
        for group in &catalogue.muscle_groups {
            let is_trained = catalogue
                .exercises
                .iter()
                .any(|entry| entry.primary.contains(&group.slug));
            assert!(is_trained, "nothing trains {}", group.slug);
        }
    }

    #[test]
    fn every_text_is_there_in_its_language() {
        let is_cyrillic = |letter: char| ('\u{400}'..='\u{4ff}').contains(&letter);
        for entry in &Catalogue::embedded().exercises {
            let slug = &entry.slug;
            for text in [&entry.name, &entry.description] {
                assert!(
                    !text.en.trim().is_empty() && text.en.trim() == text.en,
                    "{slug}"
                );
                assert!(
                    !text.ru.trim().is_empty() && text.ru.trim() == text.ru,
                    "{slug}"
                );
                assert!(!text.en.chars().any(is_cyrillic), "{slug}: {}", text.en);
                assert!(text.ru.chars().any(is_cyrillic), "{slug}: {}", text.ru);
            }
            for text in [&entry.description.en, &entry.description.ru] {
                assert!((2..=4).contains(&sentences(text)), "{slug}: {text}");
            }
        }
    }

    #[test]
    fn there_are_at_least_eighty_exercises() {
        assert!(Catalogue::embedded().exercises.len() >= 80);
    }

    #[test]
    fn refuses_fields_that_it_does_not_know() {
        let group = r#"[{ "id": "0195d3a0-0000-7000-8000-000000000001", "slug": "a", "name": { "en": "A", "ru": "А" }, "x": 1 }]"#;
        let error = Catalogue::parse(group, &[]).unwrap_err();
        assert!(error.to_string().contains("unknown field `x`"), "{error}");
    }
}
