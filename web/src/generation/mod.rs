//! What the viewer wants from workouts that are made for them.

mod view;

use axum::{Router, response::Response, routing::get};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    app::App,
    error::WebError,
    exercise::{Equipment, MuscleGroup},
    form::{Entered, Form},
    graph::{Done, Operation},
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
    text::{Message, msg},
};

const OPERATIONS: &str = include_str!("operations.graphql");
const SETTINGS: Operation = Operation::new(OPERATIONS, "GenerationSettings");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateGenerationSettings");

/// Where the settings are.
pub(crate) const PATH: &str = "/generation";
const FORM: &str = "generation";

const FIELDS: [(&str, &str); 11] = [
    ("primaryGoal", "goal"),
    ("secondaryGoals", "other_goals"),
    ("experienceLevel", "level"),
    ("workoutPlanType", "plan"),
    ("daysPerWeek", "days"),
    ("sessionDurationMinutes", "minutes"),
    ("varietyLevel", "variety"),
    ("priorityMuscleGroupIds", "priority"),
    ("equipment", "equipment"),
    ("injuries", "injuries"),
    ("basePrompt", "base_prompt"),
];

/// A value as the graph writes it, and what people read.
type Choice = (&'static str, Message);

const GOALS: [Choice; 5] = [
    ("MUSCLE_GAIN", msg("goal-muscle-gain")),
    ("STRENGTH", msg("goal-strength")),
    ("WEIGHT_LOSS", msg("goal-weight-loss")),
    ("ENDURANCE", msg("goal-endurance")),
    ("FLEXIBILITY", msg("goal-flexibility")),
];
const LEVELS: [Choice; 3] = [
    ("BEGINNER", msg("level-beginner")),
    ("INTERMEDIATE", msg("level-intermediate")),
    ("ADVANCED", msg("level-advanced")),
];
const PLANS: [Choice; 4] = [
    ("FULL_BODY", msg("plan-full-body")),
    ("UPPER_LOWER", msg("plan-upper-lower")),
    ("PUSH_PULL_LEGS", msg("plan-push-pull-legs")),
    ("SPLIT", msg("plan-split")),
];
const VARIETIES: [Choice; 3] = [
    ("1", msg("variety-little")),
    ("2", msg("variety-some")),
    ("3", msg("variety-much")),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    generation_settings: Settings,
    generation_allowance: Option<Allowance>,
    muscle_groups: Vec<MuscleGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    base_prompt: String,
    variety_level: u8,
    primary_goal: String,
    secondary_goals: Vec<String>,
    experience_level: String,
    days_per_week: u8,
    session_duration_minutes: u16,
    injuries: String,
    priority_muscle_groups: Vec<Id>,
    workout_plan_type: String,
    equipment: Vec<Equipment>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// How many workouts may still be made today.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Allowance {
    per_day: u32,
    left: u32,
}

impl Allowance {
    pub(crate) fn show(&self, page: &Page) -> Markup {
        let counts = [("left", self.left.into()), ("day", self.per_day.into())];
        html! { p class="hint" id="allowance" { (page.t_with("generation-left", counts)) } }
    }
}

impl Settings {
    fn form(&self) -> Form {
        let single = [
            ("goal", self.primary_goal.clone()),
            ("other_goals", self.secondary_goals.join("\n")),
            ("level", self.experience_level.clone()),
            ("plan", self.workout_plan_type.clone()),
            ("days", self.days_per_week.to_string()),
            ("minutes", self.session_duration_minutes.to_string()),
            ("variety", self.variety_level.to_string()),
            ("injuries", self.injuries.clone()),
            ("base_prompt", self.base_prompt.clone()),
        ];
        let priorities = self.priority_muscle_groups.iter();
        let priorities = priorities.map(|group| ("priority", group.id.clone()));
        let equipment = self.equipment.iter();
        let equipment = equipment.map(|kind| ("equipment", kind.code().to_owned()));
        let values = single.into_iter().chain(priorities).chain(equipment);
        Form::of(values.map(|(name, value)| (name.into(), value)).collect())
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(update))
}

async fn show(page: SignedIn) -> Result<Response, WebError> {
    show_settings(&page, &Entered::nothing()).await
}

async fn show_settings(page: &Page, entered: &Entered) -> Result<Response, WebError> {
    let found: Found = page.query(SETTINGS, json!({})).await?;
    let shell = Shell::new(page.t("generation-title"), Tab::Workout).refused(entered.is_refused());
    Ok(page.html(&shell, &view::settings(page, &found, entered)))
}

async fn update(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    let input = read(&page, &mut form);
    if !form.failed() {
        match page
            .mutate::<Done>(UPDATE, json!({ "input": input }))
            .await?
        {
            Ok(Done {}) => return Ok(with_notice(see_other(PATH), Notice::GenerationSaved)),
            Err(errors) => form.refuse(errors, &FIELDS),
        }
    }
    show_settings(&page, &Entered::refused(FORM.into(), form)).await
}

/// An emptied text and a list without a tick clear what was stored.
fn read(page: &Page, form: &mut Form) -> Value {
    let days = required(page, form, "days");
    let minutes = required(page, form, "minutes");
    let other_goals = form.value("other_goals").lines().map(str::trim);
    let other_goals: Vec<_> = other_goals.filter(|goal| !goal.is_empty()).collect();
    let known = |code: &&str| Equipment::ALL.iter().any(|kind| kind.code() == *code);
    json!({
        "primaryGoal": chosen(form, "goal", &GOALS),
        "secondaryGoals": other_goals,
        "experienceLevel": chosen(form, "level", &LEVELS),
        "workoutPlanType": chosen(form, "plan", &PLANS),
        "daysPerWeek": days,
        "sessionDurationMinutes": minutes,
        "varietyLevel": chosen(form, "variety", &VARIETIES).and_then(|level| level.parse::<u8>().ok()),
        "priorityMuscleGroupIds": form.values_of("priority").collect::<Vec<_>>(),
        "equipment": form.values_of("equipment").filter(known).collect::<Vec<_>>(),
        "injuries": form.value("injuries"),
        "basePrompt": form.value("base_prompt"),
    })
}

/// A number that must not be left out: the graph would keep what is stored.
fn required(page: &Page, form: &mut Form, name: &str) -> Option<i32> {
    if form.text(name).is_none() {
        form.fail(name, page.t("error-whole-number"));
    }
    form.whole(page, name)
}

/// What was chosen, if it is among the choices.
fn chosen(form: &Form, name: &str, choices: &[Choice]) -> Option<&'static str> {
    let value = form.value(name);
    let found = choices.iter().find(|(code, _)| *code == value);
    found.map(|(code, _)| *code)
}
