//! What the model answers: the schema that it is given, and the checks that do not rely on it.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::{Value, json};
use setwise_graphql::WeightUnit;
use setwise_service::Locale;

use super::shortlist::{Candidate, Shortlist};
use crate::{
    exercise::Measurement,
    exercise_log::PlannedExercise,
    generation::{
        brief::Brief,
        planner::{MAX_EXERCISES, MIN_EXERCISES, Plan},
    },
    refusal::Refusal,
    set::{PlannedSet, SetType},
};

const MAX_SETS: usize = 10;
const MAX_REPS: f64 = 100.0;
const MAX_SECONDS: f64 = 7200.0;
/// Kilograms, for who has not lifted the exercise before.
const MAX_NEW_KG: f64 = 200.0;
/// Who has lifted it gets at most so much more: a fifth, and what the smallest weights need.
const MAX_FACTOR: f64 = 1.2;
const MAX_STEP_KG: f64 = 5.0;
/// Characters; the model is asked for fewer.
const MAX_REASONING: usize = 1500;
/// So many problems are told; the others follow from them.
const MAX_PROBLEMS: usize = 12;
const MARKUP: [&str; 6] = ["```", "**", "</", "/>", "](", "<br"];

const KG_PER_LB: f64 = 0.453_592_37;

#[derive(Deserialize)]
struct Answer {
    reasoning: String,
    exercises: Vec<ChosenExercise>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChosenExercise {
    exercise_id: String,
    sets: Vec<ChosenSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChosenSet {
    reps: Option<f64>,
    weight_kg: Option<f64>,
    time_seconds: Option<f64>,
}

/// The JSON schema of an answer. It keeps to what every strict implementation knows: counts and bounds are in the rules,
/// and checked afterwards.
pub(super) fn schema(shortlist: &Shortlist<'_>) -> Value {
    let ids = shortlist.candidates.iter();
    let ids: Vec<_> = ids.map(|candidate| candidate.id.to_string()).collect();
    let set = json!({
        "type": "object",
        "properties": {
            "reps": { "type": ["integer", "null"] },
            "weightKg": { "type": ["number", "null"] },
            "timeSeconds": { "type": ["number", "null"] },
        },
        "required": ["reps", "weightKg", "timeSeconds"],
        "additionalProperties": false,
    });
    let exercise = json!({
        "type": "object",
        "properties": {
            "exerciseId": { "type": "string", "enum": ids },
            "sets": { "type": "array", "items": set },
        },
        "required": ["exerciseId", "sets"],
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "properties": {
            "reasoning": { "type": "string" },
            "exercises": { "type": "array", "items": exercise },
        },
        "required": ["reasoning", "exercises"],
        "additionalProperties": false,
    })
}

/// The plan of an answer, or everything that is wrong with it, in words for the model.
pub(super) fn read(
    content: &str,
    brief: &Brief,
    shortlist: &Shortlist<'_>,
) -> Result<Plan, Vec<String>> {
    let answer: Answer = serde_json::from_str(content).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        vec![format!(
            "it is not JSON of the schema: see line {line}, column {column}"
        )]
    })?;
    let mut problems = Vec::new();
    let reasoning = answer.reasoning.trim().to_owned();
    problems.extend(reasoning_problem(&reasoning, brief.locale));
    let count = answer.exercises.len();
    if !(MIN_EXERCISES..=MAX_EXERCISES).contains(&count) {
        let range = format!("{MIN_EXERCISES} to {MAX_EXERCISES}");
        problems.push(format!("it has {count} exercises instead of {range}"));
    }
    let mut seen = HashSet::new();
    let mut exercises = Vec::new();
    // What is too many is wrong already.
    for chosen in answer.exercises.iter().take(2 * MAX_EXERCISES) {
        match exercise(chosen, brief, shortlist) {
            Ok(planned) if seen.insert(planned.exercise) => exercises.push(planned),
            Ok(planned) => problems.push(format!("exercise {} is there twice", planned.exercise)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() {
        Ok(Plan {
            exercises,
            reasoning,
        })
    } else {
        problems.truncate(MAX_PROBLEMS);
        Err(problems)
    }
}

fn reasoning_problem(reasoning: &str, locale: Locale) -> Option<String> {
    let is_control = |letter: char| letter.is_control() && letter != '\n';
    let is_cyrillic = |letter: &char| ('\u{400}'..='\u{4ff}').contains(letter);
    let cyrillic = reasoning.chars().filter(is_cyrillic).count();
    let latin = reasoning.chars().filter(char::is_ascii_alphabetic).count();
    let (language, is_spoken) = match locale {
        Locale::En => ("English", latin > cyrillic),
        Locale::Ru => ("Russian", cyrillic > latin),
    };
    if reasoning.chars().count() > MAX_REASONING {
        Some(format!(
            "the reasoning is longer than {MAX_REASONING} characters"
        ))
    } else if reasoning.contains(is_control) || MARKUP.iter().any(|mark| reasoning.contains(mark)) {
        Some("the reasoning is not plain text".to_owned())
    } else if !is_spoken {
        Some(format!("the reasoning is not in {language}"))
    } else {
        None
    }
}

fn exercise(
    chosen: &ChosenExercise,
    brief: &Brief,
    shortlist: &Shortlist<'_>,
) -> Result<PlannedExercise, Vec<String>> {
    let Some(candidate) = shortlist.find(&chosen.exercise_id) else {
        let id: String = chosen.exercise_id.chars().take(40).collect();
        return Err(vec![format!(
            "there is no exercise {id:?} in \"exercises\""
        )]);
    };
    let id = candidate.id;
    if !(1..=MAX_SETS).contains(&chosen.sets.len()) {
        let count = chosen.sets.len();
        return Err(vec![format!(
            "exercise {id} has {count} sets instead of 1 to {MAX_SETS}"
        )]);
    }
    let mut sets = Vec::new();
    let mut problems = Vec::new();
    for set in &chosen.sets {
        match planned(set, candidate, brief.weight_unit) {
            Ok(set) => sets.push(set),
            Err(problem) => problems.push(format!("exercise {id}: {problem}")),
        }
    }
    problems.dedup();
    if problems.is_empty() {
        let exercise = id;
        Ok(PlannedExercise { exercise, sets })
    } else {
        Err(problems)
    }
}

/// The set by what the exercise measures. A zero is what some models write for nothing.
fn planned(
    set: &ChosenSet,
    candidate: &Candidate<'_>,
    unit: WeightUnit,
) -> Result<PlannedSet, String> {
    let given = |value: Option<f64>| value.filter(|value| *value != 0.0);
    let (reps, weight, time) = (
        given(set.reps),
        given(set.weight_kg),
        given(set.time_seconds),
    );
    let parsed = match candidate.measurement {
        Measurement::RepsWeight => {
            none(time, "timeSeconds")?;
            let weight = weight.map(|weight| weight_kg(weight, candidate, unit));
            PlannedSet::parse(
                SetType::Weight,
                Some(whole_reps(reps)?),
                weight.transpose()?,
                None,
            )
        }
        Measurement::BodyweightReps | Measurement::Assisted => {
            none(time, "timeSeconds")?;
            none(weight, "weightKg")?;
            PlannedSet::parse(SetType::Reps, Some(whole_reps(reps)?), None, None)
        }
        Measurement::Time | Measurement::Distance => {
            none(reps, "reps")?;
            none(weight, "weightKg")?;
            let time = time.filter(|time| (1.0..=MAX_SECONDS).contains(time));
            let time = time.ok_or(format!("\"timeSeconds\" must be from 1 to {MAX_SECONDS}"))?;
            PlannedSet::parse(SetType::Time, None, None, Some(time))
        }
    };
    parsed.map_err(|_: Refusal| "a number is out of all bounds".to_owned())
}

fn none(value: Option<f64>, name: &str) -> Result<(), String> {
    match value {
        Some(_) => Err(format!("{name:?} must be null")),
        None => Ok(()),
    }
}

fn whole_reps(reps: Option<f64>) -> Result<i32, String> {
    let reps = reps.filter(|reps| (1.0..=MAX_REPS).contains(reps) && reps.fract() == 0.0);
    #[expect(clippy::cast_possible_truncation, reason = "a whole number up to 100")]
    reps.map(|reps| reps as i32).ok_or(format!(
        "\"reps\" must be a whole number from 1 to {MAX_REPS}"
    ))
}

/// The weight as it can be read off: half kilograms, or whole pounds.
fn weight_kg(weight: f64, candidate: &Candidate<'_>, unit: WeightUnit) -> Result<f64, String> {
    let most = candidate
        .heaviest_kg
        .map_or(MAX_NEW_KG, |heaviest| heaviest * MAX_FACTOR + MAX_STEP_KG);
    if !(0.0..=most).contains(&weight) {
        return Err(format!("\"weightKg\" must be null or from 0 to {most:.1}"));
    }
    let step = match unit {
        WeightUnit::Kg => 0.5,
        WeightUnit::Lb => KG_PER_LB,
    };
    Ok((weight / step).round().max(1.0) * step)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{exercise::Equipment, ids::ExerciseId};

    fn candidate(measurement: Measurement, heaviest_kg: Option<f64>) -> Candidate<'static> {
        Candidate {
            id: ExerciseId::from(Uuid::nil()),
            name: "Anything",
            primary: &[],
            secondary: &[],
            equipment: Equipment::Other,
            measurement,
            compound: None,
            heaviest_kg,
        }
    }

    fn set(reps: Option<f64>, weight_kg: Option<f64>, time_seconds: Option<f64>) -> ChosenSet {
        ChosenSet {
            reps,
            weight_kg,
            time_seconds,
        }
    }

    #[test]
    fn each_measure_takes_its_own_numbers() {
        let kg = WeightUnit::Kg;
        let body = candidate(Measurement::BodyweightReps, None);
        let pull_up = planned(&set(Some(8.0), Some(0.0), None), &body, kg).unwrap();
        assert_eq!(
            (pull_up.set_type, pull_up.weight, pull_up.time),
            (SetType::Reps, None, None)
        );
        assert!(planned(&set(Some(8.0), Some(20.0), None), &body, kg).is_err());
        for measurement in [Measurement::Time, Measurement::Distance] {
            let timed = candidate(measurement, None);
            let plank = planned(&set(Some(0.0), None, Some(45.5)), &timed, kg).unwrap();
            assert_eq!((plank.set_type, plank.reps), (SetType::Time, None));
            assert!(planned(&set(None, None, Some(7201.0)), &timed, kg).is_err());
            assert!(planned(&set(None, None, None), &timed, kg).is_err());
            assert!(planned(&set(Some(3.0), None, Some(45.0)), &timed, kg).is_err());
        }
    }

    #[test]
    fn weights_stay_near_what_was_lifted_and_can_be_read_off() {
        let lift = |weight: f64, heaviest, unit| {
            let candidate = candidate(Measurement::RepsWeight, heaviest);
            let planned = planned(&set(Some(8.0), Some(weight), None), &candidate, unit);
            planned.map(|set| set.weight.map(crate::set::WeightKg::get))
        };
        assert_eq!(lift(62.6, None, WeightUnit::Kg), Ok(Some(62.5)));
        assert_eq!(lift(0.0, None, WeightUnit::Kg), Ok(None));
        let pounds = lift(61.235, None, WeightUnit::Lb).unwrap().unwrap() / KG_PER_LB;
        assert!((pounds - 135.0).abs() < 1e-9, "{pounds}");
        assert!(lift(200.5, None, WeightUnit::Kg).is_err());
        assert_eq!(lift(65.0, Some(50.0), WeightUnit::Kg), Ok(Some(65.0)));
        assert!(lift(65.5, Some(50.0), WeightUnit::Kg).is_err());
        assert!(lift(f64::NAN, Some(50.0), WeightUnit::Kg).is_err());
    }

    #[test]
    fn the_reasoning_is_plain_text_in_the_language() {
        let problem = |text: &str, locale| reasoning_problem(text, locale).unwrap_or_default();
        assert_eq!(problem("Legs first.\nThen the rest.", Locale::En), "");
        assert_eq!(problem("Сначала ноги, потом Face pull.", Locale::Ru), "");
        assert!(problem("Legs first.", Locale::Ru).contains("Russian"));
        assert!(problem("", Locale::En).contains("English"));
        for marked in [
            "**Legs** first",
            "<b>Legs</b>",
            "Legs\u{7}",
            "[Legs](http://x)",
        ] {
            assert!(problem(marked, Locale::En).contains("plain"), "{marked}");
        }
        assert!(problem(&"legs ".repeat(301), Locale::En).contains("1500"));
    }
}
