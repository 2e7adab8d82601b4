//! What the model is told. People's words are values of a JSON document, apart from the rules: they cannot end it.

use serde_json::{Value, json};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

use super::{
    client::Message,
    shortlist::{Candidate, Shortlist},
};
use crate::{
    exercise::catalogue::Catalogue,
    generation::brief::{Brief, RecentExercise, RecentSet, RecentWorkout},
};

const RULES: &str = include_str!("rules.txt");
const AGAIN: &str = include_str!("again.txt");

/// The rules, and what there is to know about the person.
pub(super) fn opening(
    catalogue: &Catalogue,
    brief: &Brief,
    shortlist: &Shortlist<'_>,
) -> [Message; 2] {
    let language = match brief.locale {
        Locale::En => "English",
        Locale::Ru => "Russian",
    };
    let rules = RULES.replace("{language}", language);
    let person = person(catalogue, brief, shortlist);
    [Message::system(rules), Message::user(person.to_string())]
}

/// What was wrong with the last answer.
pub(super) fn again(problems: &[String]) -> Message {
    let problems = problems.iter().map(|problem| format!("- {problem}\n"));
    let problems: String = problems.collect();
    Message::user(AGAIN.replace("{problems}", problems.trim_end()))
}

fn person(catalogue: &Catalogue, brief: &Brief, shortlist: &Shortlist<'_>) -> Value {
    let settings = &brief.settings;
    let priorities = settings.priority_muscle_group_ids.iter();
    let priorities = priorities
        .filter_map(|id| catalogue.muscle_groups.iter().find(|group| group.id == *id))
        .map(|group| &group.slug);
    let equipment = settings.equipment.iter().map(|kind| kind.as_str());
    json!({
        "goal": settings.primary_goal.as_str(),
        "secondaryGoals": settings.secondary_goals,
        "level": settings.experience_level.as_str(),
        "daysPerWeek": settings.days_per_week,
        "minutes": settings.session_duration_minutes,
        "plan": settings.workout_plan_type.as_str(),
        "turnOf": shortlist.turn_of,
        "priorityMuscles": priorities.collect::<Vec<_>>(),
        "equipment": equipment.collect::<Vec<_>>(),
        "variety": settings.variety_level,
        "weightUnit": match brief.weight_unit {
            WeightUnit::Kg => "kg",
            WeightUnit::Lb => "lb",
        },
        "injuries": settings.injuries,
        "standingWish": settings.base_prompt,
        "wish": brief.prompt,
        "alreadyInWorkout": brief.present.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "lastWorkouts": brief.recent.iter().map(|workout| last(brief, workout)).collect::<Vec<_>>(),
        "exercises": shortlist.candidates.iter().map(candidate).collect::<Vec<_>>(),
    })
}

fn candidate(candidate: &Candidate<'_>) -> Value {
    let mut described = json!({
        "id": candidate.id.to_string(),
        "name": candidate.name,
        "muscles": candidate.primary,
        "helping": candidate.secondary,
        "equipment": candidate.equipment.as_str(),
        "measure": candidate.measurement.as_str(),
    });
    if let Some(compound) = candidate.compound {
        described["compound"] = compound.into();
    }
    described
}

fn last(brief: &Brief, workout: &RecentWorkout) -> Value {
    let exercises = workout.exercises.iter().map(done);
    json!({
        "daysAgo": (brief.now - workout.started_at).num_days(),
        "exercises": exercises.collect::<Vec<_>>(),
    })
}

fn done(exercise: &RecentExercise) -> Value {
    let mut described = json!({
        "id": exercise.id.to_string(),
        "name": exercise.name,
        "sets": sets(&exercise.sets),
    });
    if let Some(rating) = exercise.power_rating {
        described["strengthFelt0To10"] = rating.into();
    }
    described
}

/// Sets in order, the same ones in a row together: `3 x 8 reps 60 kg`.
fn sets(sets: &[RecentSet]) -> Vec<String> {
    let mut runs: Vec<(usize, String)> = Vec::new();
    for set in sets {
        let text = set_text(set);
        match runs.last_mut() {
            Some((count, last)) if *last == text => *count += 1,
            _ => runs.push((1, text)),
        }
    }
    let runs = runs.into_iter();
    runs.map(|(count, text)| format!("{count} x {text}"))
        .collect()
}

fn set_text(set: &RecentSet) -> String {
    let number = |value: f64| (value * 100.0).round() / 100.0;
    let parts = [
        set.reps.map(|reps| format!("{reps} reps")),
        set.weight_kg.map(|weight| format!("{} kg", number(weight))),
        set.time_seconds
            .map(|seconds| format!("{} s", number(seconds))),
        set.distance_meters
            .map(|meters| format!("{} m", number(meters))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sets_in_a_row_are_told_together() {
        let set = |reps, weight_kg| RecentSet {
            reps: Some(reps),
            weight_kg: Some(weight_kg),
            time_seconds: None,
            distance_meters: None,
        };
        let told = sets(&[set(8, 60.0), set(8, 60.0), set(6, 62.505), set(8, 60.0)]);
        assert_eq!(
            told,
            [
                "2 x 8 reps 60 kg",
                "1 x 6 reps 62.51 kg",
                "1 x 8 reps 60 kg"
            ]
        );
        let plank = RecentSet {
            reps: None,
            weight_kg: None,
            time_seconds: Some(40.0),
            distance_meters: None,
        };
        assert_eq!(sets(&[plank]), ["1 x 40 s"]);
    }

    #[test]
    fn every_blank_of_the_texts_is_filled() {
        assert!(RULES.contains("{language}"));
        let again = serde_json::to_value(again(&["one".into(), "two".into()])).unwrap();
        let text = again["content"].as_str().unwrap();
        assert!(text.contains("- one\n- two\n"), "{text}");
        assert!(!text.contains('{'), "{text}");
    }
}
