//! The catalogue: the exercises that everyone has, as data in `catalogue/*.json`, embedded and loaded at start.
//!
//! To add an exercise, write it into the file of its region; to add a file, name it in [`SOURCES`]. Its id follows from
//! its slug, and the tests say which it is. Ids never change and nothing is taken out: people's workouts refer to them.
//! The tests check the rest.

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

pub(crate) use crate::exercise::{Level, Movement};

const MUSCLE_GROUPS: &str = include_str!("../../catalogue/muscle_groups.json");

const SOURCES: [&str; 10] = [
    include_str!("../../catalogue/chest.json"),
    include_str!("../../catalogue/back.json"),
    include_str!("../../catalogue/shoulders.json"),
    include_str!("../../catalogue/arms.json"),
    include_str!("../../catalogue/legs.json"),
    include_str!("../../catalogue/core.json"),
    include_str!("../../catalogue/conditioning.json"),
    include_str!("../../catalogue/olympic.json"),
    include_str!("../../catalogue/strongman.json"),
    include_str!("../../catalogue/mobility.json"),
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
    /// What else people call it, in either language.
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    /// Two to four sentences on what it is.
    #[serde(default)]
    pub(crate) description: Option<Localized>,
    /// Three to six steps.
    pub(crate) instructions: Steps,
    /// Slugs of the muscle groups that do most of the work.
    pub(crate) primary: Vec<String>,
    /// Slugs of the muscle groups that help.
    pub(crate) secondary: Vec<String>,
    pub(crate) equipment: Equipment,
    pub(crate) measurement: Measurement,
    pub(crate) movement: Movement,
    pub(crate) level: Level,
    /// Whether more than one joint moves.
    pub(crate) compound: bool,
    /// Whether a set is for one side of the body.
    pub(crate) unilateral: bool,
}

/// The steps of an exercise in each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Steps {
    pub(crate) en: Vec<String>,
    pub(crate) ru: Vec<String>,
}

/// A text in each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Localized {
    pub(crate) en: String,
    pub(crate) ru: String,
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
    if is_loaded(store::loaded::fingerprint(conn).await?) {
        return Ok(false);
    }
    store::loaded::lock(conn).await?;
    if is_loaded(store::loaded::fingerprint(conn).await?) {
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
    let ids: Vec<_> = catalogue.exercises.iter().map(|entry| entry.id).collect();
    let targets: Vec<_> = catalogue
        .exercises
        .iter()
        .flat_map(|entry| target_rows(catalogue, entry))
        .collect();
    store::replace_targets(conn, &ids, &targets).await?;
    store::loaded::set_fingerprint(conn, fingerprint).await?;
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
    let description = entry.description.as_ref();
    Exercise {
        id: entry.id,
        user_id: None,
        name_en: entry.name.en.clone(),
        name_ru: entry.name.ru.clone(),
        aliases: entry.aliases.clone(),
        description_en: description.map_or_else(String::new, |text| text.en.clone()),
        description_ru: description.map_or_else(String::new, |text| text.ru.clone()),
        instructions_en: entry.instructions.en.clone(),
        instructions_ru: entry.instructions.ru.clone(),
        video_url: None,
        equipment: entry.equipment,
        measurement: entry.measurement,
        movement: Some(entry.movement),
        level: Some(entry.level),
        is_unilateral: entry.unilateral,
        is_deleted: false,
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
mod tests;
