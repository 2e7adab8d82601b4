//! Which exercises a workout gets.

use std::cmp::Reverse;

use chrono::TimeDelta;
use rand::{Rng as _, rngs::StdRng};

use crate::{
    exercise::{
        Equipment,
        catalogue::{Catalogue, Entry, Level, Movement},
    },
    generation::{
        ExperienceLevel, Goal, OwnExercise,
        planner::{Day, Wishes, prescription::Volume},
    },
    ids::ExerciseId,
};

/// What is left of the need for a muscle group after an exercise for it.
const COVERED: f64 = 0.4;
/// What a muscle group that only helps counts.
const HELPING: f64 = 0.3;
/// What it costs to train a muscle group that is not of today.
const STRAY: f64 = 0.7;
/// What it costs to repeat a movement.
const REPEATED: f64 = 0.6;
const COMPOUND: f64 = 0.3;
const PRIORITY: f64 = 0.5;
/// The part of the need for a muscle group that goes with the sets that the week still owes it.
const WEEKLY: f64 = 0.4;
/// An exercise counts as new when it was not done for so long.
const RECENT: TimeDelta = TimeDelta::days(8);

/// How many exercises somebody else may choose from: of the catalogue, of each movement, of those that were done
/// lately besides, and of the person's own.
const RANKED: usize = 40;
const RANKED_OF_A_MOVEMENT: usize = 6;
const RANKED_AS_KNOWN: usize = 8;
const RANKED_OWN: usize = 12;
const LATELY: TimeDelta = TimeDelta::days(30);

/// How much of a workout each muscle group deserves.
pub(super) fn weight(slug: &str) -> f64 {
    match slug {
        "chest" | "upper-back" | "lats" | "quadriceps" => 1.0,
        "hamstrings" | "glutes" => 0.9,
        "side-delts" => 0.7,
        "front-delts" | "rear-delts" | "biceps" | "triceps" | "abs" => 0.6,
        "calves" => 0.5,
        "obliques" | "lower-back" | "traps" => 0.4,
        "forearms" => 0.25,
        _ => 0.3,
    }
}

/// Picks exercises, the best for what is still needed each time, and puts them in the order in which they are done.
pub(super) fn choose<'a>(
    catalogue: &'a Catalogue,
    wishes: &Wishes<'_>,
    day: &Day,
    volume: Volume,
    random: &mut StdRng,
) -> Vec<&'a Entry> {
    let choice = Choice::of(catalogue, wishes, day);
    let mut candidates: Vec<(&Entry, f64)> = catalogue
        .exercises
        .iter()
        .filter(|entry| choice.allows(entry) && choice.belongs(entry))
        .map(|entry| (entry, choice.taste(entry) + choice.jitter(random)))
        .collect();
    let mut chosen: Vec<&Entry> = Vec::new();
    while chosen.len() < volume.exercises {
        let score = |(entry, taste): &(&Entry, f64)| taste + choice.use_of(entry, &chosen);
        let best = (0..candidates.len())
            .max_by(|a, b| score(&candidates[*a]).total_cmp(&score(&candidates[*b])));
        let Some(best) = best else { break };
        chosen.push(candidates.swap_remove(best).0);
    }
    // Heavy movements of many muscles first, endurance and stretching last.
    chosen.sort_by_key(|entry| {
        let muscles = entry.primary.len() * 2 + entry.secondary.len();
        (phase(entry), Reverse(muscles))
    });
    chosen
}

/// What the person can and may do and what serves the goal, the most useful for today first: at most [`RANKED`], of
/// each movement a few, and what was done lately.
pub(super) fn rank<'a>(
    catalogue: &'a Catalogue,
    wishes: &Wishes<'_>,
    day: &Day,
    random: &mut StdRng,
) -> Vec<&'a Entry> {
    let choice = Choice::of(catalogue, wishes, day);
    let mut allowed: Vec<(&Entry, f64)> = catalogue
        .exercises
        .iter()
        .filter(|entry| choice.allows(entry) && choice.serves(entry))
        .map(|entry| {
            let use_of = choice.use_of(entry, &[]);
            (entry, choice.taste(entry) + choice.jitter(random) + use_of)
        })
        .collect();
    allowed.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let (mut ranked, mut known): (Vec<&Entry>, Vec<&Entry>) = Default::default();
    for (entry, _) in allowed {
        let same = ranked
            .iter()
            .filter(|other| other.movement == entry.movement)
            .count();
        if same < RANKED_OF_A_MOVEMENT && ranked.len() < RANKED {
            ranked.push(entry);
        } else if known.len() < RANKED_AS_KNOWN && choice.is_recent(entry.id, LATELY) {
            known.push(entry);
        }
    }
    ranked.extend(known);
    ranked
}

/// The person's own exercises that may be done.
pub(super) fn own<'a>(
    catalogue: &Catalogue,
    wishes: &Wishes<'a>,
    day: &Day,
) -> Vec<&'a OwnExercise> {
    let choice = Choice::of(catalogue, wishes, day);
    let own = wishes.own.iter();
    own.filter(|exercise| choice.allows_own(exercise))
        .take(RANKED_OWN)
        .collect()
}

struct Choice<'a> {
    wishes: &'a Wishes<'a>,
    day: &'a Day,
    priorities: Vec<&'a str>,
}

impl<'a> Choice<'a> {
    fn of(catalogue: &'a Catalogue, wishes: &'a Wishes<'a>, day: &'a Day) -> Self {
        Self {
            wishes,
            day,
            priorities: wishes
                .settings
                .priority_muscle_group_ids
                .iter()
                .filter_map(|id| catalogue.muscle_groups.iter().find(|group| group.id == *id))
                .map(|group| group.slug.as_str())
                .collect(),
        }
    }

    /// What the person can and may do.
    fn allows(&self, entry: &Entry) -> bool {
        let level = match self.wishes.settings.experience_level {
            ExperienceLevel::Beginner => Level::Beginner,
            ExperienceLevel::Intermediate => Level::Intermediate,
            ExperienceLevel::Advanced => Level::Advanced,
        };
        let words = &self.day.words;
        let loads_avoided = entry
            .primary
            .iter()
            .chain(&entry.secondary)
            .any(|slug| words.avoided.contains(slug.as_str()));
        entry.level <= level
            && !loads_avoided
            && !words.avoided_movements.contains(&entry.movement)
            && self.has_at_hand(entry.equipment)
            && !self.wishes.present.contains(&entry.id)
    }

    /// Nobody says which movement an own exercise is: who must spare something does only what is known not to load it.
    fn allows_own(&self, exercise: &OwnExercise) -> bool {
        let avoided = &self.day.words.avoided;
        let spares = |slug: &String| !avoided.contains(slug.as_str());
        let mut muscles = exercise.primary.iter().chain(&exercise.secondary);
        let is_safe = avoided.is_empty() || (!exercise.primary.is_empty() && muscles.all(spares));
        is_safe
            && self.has_at_hand(exercise.equipment)
            && !self.wishes.present.contains(&exercise.id)
    }

    /// By the settings, which always allow the body, and by what the person wrote.
    fn has_at_hand(&self, equipment: Equipment) -> bool {
        let at_hand = &self.wishes.settings.equipment;
        let words = &self.day.words;
        let only = &words.only_equipment;
        let is_there = at_hand.is_empty()
            || equipment == Equipment::Bodyweight
            || at_hand.contains(&equipment);
        is_there
            && (only.is_empty() || only.contains(&equipment))
            && !words.avoided_equipment.contains(&equipment)
    }

    /// What is of today and serves the goal.
    fn belongs(&self, entry: &Entry) -> bool {
        self.serves(entry) && entry.primary.iter().any(|slug| self.is_of_today(slug))
    }

    /// What serves the goal.
    fn serves(&self, entry: &Entry) -> bool {
        let goal = self.wishes.settings.primary_goal;
        match entry.movement {
            Movement::Conditioning | Movement::Jump | Movement::Throw => {
                matches!(goal, Goal::WeightLoss | Goal::Endurance)
            }
            Movement::OlympicLift => goal == Goal::Strength,
            Movement::Mobility => goal == Goal::Flexibility,
            _ => true,
        }
    }

    fn is_recent(&self, id: ExerciseId, within: TimeDelta) -> bool {
        let since = self.wishes.now - within;
        let mut history = self.wishes.history.iter();
        history.any(|trained| trained.exercise_id == id && trained.started_at >= since)
    }

    fn is_of_today(&self, slug: &str) -> bool {
        self.day.session.muscles.contains(slug)
    }

    /// How much an exercise adds to those that are chosen.
    fn use_of(&self, entry: &Entry, chosen: &[&Entry]) -> f64 {
        let primary: f64 = entry
            .primary
            .iter()
            .map(|slug| self.need(slug, chosen))
            .sum();
        // Between the sum and the mean: what trains two muscle groups is worth more than one, but not twice as much.
        let breadth = f64::from(u32::try_from(entry.primary.len()).unwrap_or(1)).sqrt();
        let primary = primary / breadth;
        let secondary: f64 = entry
            .secondary
            .iter()
            .map(|slug| self.need(slug, chosen).max(0.0))
            .sum();
        let same = chosen
            .iter()
            .filter(|other| other.movement == entry.movement)
            .count();
        let mut score = primary + HELPING * secondary;
        for _ in 0..same {
            score -= REPEATED;
        }
        // The first half of a workout is for movements of several joints.
        if entry.compound && chosen.len() < 3 {
            score += COMPOUND;
        }
        score
    }

    fn need(&self, slug: &str, chosen: &[&Entry]) -> f64 {
        if !self.is_of_today(slug) {
            return -STRAY;
        }
        let is_priority = self.priorities.contains(&slug);
        let rested = 0.3 + 0.7 * self.day.recovery.freshness(slug);
        let owed = 1.0 - WEEKLY + WEEKLY * self.day.owed.share(slug);
        let wanted = weight(slug) * rested * owed + if is_priority { PRIORITY } else { 0.0 };
        let is_trained = |entry: &&&Entry| entry.primary.iter().any(|other| other == slug);
        chosen
            .iter()
            .filter(is_trained)
            .fold(wanted, |need, _| need * COVERED)
    }

    /// What speaks for an exercise whatever else is chosen: the goal, and the liking for old or new.
    fn taste(&self, entry: &Entry) -> f64 {
        let settings = self.wishes.settings;
        let familiar = match (self.is_recent(entry.id, RECENT), settings.variety_level) {
            (false, _) => 0.0,
            (true, ..=1) => 0.4,
            (true, 2) => -0.1,
            (true, 3..) => -0.8,
        };
        let goal = match (settings.primary_goal, entry.movement, entry.equipment) {
            (Goal::Flexibility, Movement::Mobility, _) => 1.1,
            (Goal::WeightLoss | Goal::Endurance, Movement::Conditioning, _) => 0.3,
            (Goal::Strength, _, Equipment::Barbell | Equipment::TrapBar) if entry.compound => 0.4,
            _ => 0.0,
        };
        // A band stands in for what is not at hand.
        let stopgap = match entry.equipment {
            Equipment::Band
                if self.day.words.only_equipment.is_empty() && !self.has(Equipment::Band) =>
            {
                -0.4
            }
            _ => 0.0,
        };
        familiar + goal + stopgap
    }

    /// Whether the person says to have it.
    fn has(&self, equipment: Equipment) -> bool {
        self.wishes.settings.equipment.contains(&equipment)
    }

    /// Chance, more of it the more variety is wanted.
    fn jitter(&self, random: &mut StdRng) -> f64 {
        let most = match self.wishes.settings.variety_level {
            ..=1 => 0.05,
            2 => 0.25,
            3.. => 0.5,
        };
        random.random_range(0.0..most)
    }
}

/// When in a workout an exercise comes.
fn phase(entry: &Entry) -> u8 {
    match entry.movement {
        Movement::Mobility => 4,
        Movement::Conditioning => 3,
        Movement::TrunkFlexion
        | Movement::TrunkExtension
        | Movement::TrunkRotation
        | Movement::TrunkStability
        | Movement::Carry => 2,
        _ if entry.compound => 0,
        _ => 1,
    }
}
