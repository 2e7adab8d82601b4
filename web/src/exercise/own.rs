//! The exercises that a person makes: new, changed, deleted.

use axum::{extract::Path, response::Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Equipment, ExerciseRow, MOVEMENTS, Measurement, MuscleGroup, OPERATIONS, own_view};
use crate::{
    error::{WebError, refusal},
    form::Form,
    graph::{Done, Operation},
    page::{Notice, Page, Shell, SignedIn, Tab, see_other, with_notice},
};

const MUSCLE_GROUPS: Operation = Operation::new(OPERATIONS, "MuscleGroups");
const OWN: Operation = Operation::new(OPERATIONS, "OwnExercise");
const CREATE: Operation = Operation::new(OPERATIONS, "CreateExercise");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateExercise");
const DELETE: Operation = Operation::new(OPERATIONS, "DeleteExercise");

/// The fields as the graph calls them, and as the form does.
const FIELDS: [(&str, &str); 9] = [
    ("name", "name"),
    ("description", "description"),
    ("instructions", "steps"),
    ("videoUrl", "video"),
    ("equipment", "equipment"),
    ("measurement", "measurement"),
    ("movement", "movement"),
    ("primaryMuscleGroupIds", "primary"),
    ("secondaryMuscleGroupIds", "secondary"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    muscle_groups: Vec<MuscleGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    muscle_groups: Vec<MuscleGroup>,
    exercise: Option<Editable>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Editable {
    #[serde(flatten)]
    row: ExerciseRow,
    description: String,
    instructions: Vec<String>,
    video_url: Option<String>,
    movement: Option<String>,
    is_unilateral: bool,
    is_own: bool,
    is_deleted: bool,
    secondary_muscle_groups: Vec<MuscleGroup>,
}

#[derive(Deserialize)]
struct Created {
    exercise: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    id: String,
}

impl Editable {
    fn form(&self) -> Form {
        let value = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let steps = self.instructions.join("\n");
        let is_written = self.description != self.instructions.join(" ");
        let description = if is_written {
            self.description.as_str()
        } else {
            ""
        };
        let mut values = vec![
            value("name", &self.row.name),
            value("description", description),
            value("steps", &steps),
            value("video", self.video_url.as_deref().unwrap_or_default()),
            value("equipment", self.row.equipment.code()),
            value("measurement", self.row.measurement.code()),
            value("movement", self.movement.as_deref().unwrap_or_default()),
        ];
        let primary = self.row.primary_muscle_groups.iter();
        values.extend(primary.map(|group| value("primary", &group.id)));
        let secondary = self.secondary_muscle_groups.iter();
        values.extend(secondary.map(|group| value("secondary", &group.id)));
        values.extend(self.is_unilateral.then(|| value("one_side", "on")));
        Form::of(values)
    }
}

pub(super) async fn new(page: SignedIn) -> Result<Response, WebError> {
    show_new(&page, &Form::default()).await
}

async fn show_new(page: &Page, form: &Form) -> Result<Response, WebError> {
    let listed: Listed = page.query(MUSCLE_GROUPS, json!({})).await?;
    let shell = Shell::new(page.t("own-new-title"), Tab::Exercises).refused(form.failed());
    Ok(page.html(&shell, &own_view::new(page, &listed.muscle_groups, form)))
}

pub(super) async fn create(page: SignedIn, mut form: Form) -> Result<Response, WebError> {
    let mut input = input(&form);
    input.insert("clientMutationId".to_owned(), json!(form.key()));
    match page
        .mutate::<Created>(CREATE, json!({ "input": input }))
        .await?
    {
        Ok(Created {
            exercise: Some(exercise),
        }) => {
            let response = see_other(&format!("/exercises/{}", exercise.id));
            Ok(with_notice(response, Notice::ExerciseSaved))
        }
        Ok(Created { exercise: None }) => Err(WebError::untold()),
        Err(errors) => {
            form.refuse(errors, &FIELDS);
            show_new(&page, &form).await
        }
    }
}

pub(super) async fn edit(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    show_edit(&page, &id, None).await
}

/// The form of an exercise, as it is stored or as it was entered and refused.
async fn show_edit(page: &Page, id: &str, entered: Option<Form>) -> Result<Response, WebError> {
    let pick = |found: Found| {
        let own = found.exercise.filter(|own| own.is_own && !own.is_deleted);
        own.map(|own| (own, found.muscle_groups))
    };
    let found = page.find(OWN, json!({ "id": id }), pick).await?;
    let (own, muscle_groups) = found.ok_or(WebError::NotFound)?;
    let is_refused = entered.is_some();
    let form = entered.unwrap_or_else(|| own.form());
    let shell = Shell::new(own.row.name.clone(), Tab::Exercises).refused(is_refused);
    let body = own_view::edit(page, &own.row, &muscle_groups, &form);
    Ok(page.html(&shell, &body))
}

pub(super) async fn save(
    page: SignedIn,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response, WebError> {
    let mut input = input(&form);
    input.insert("exerciseId".to_owned(), json!(id));
    match page
        .mutate::<Done>(UPDATE, json!({ "input": input }))
        .await?
    {
        Ok(Done {}) => {
            let response = see_other(&format!("/exercises/{id}"));
            Ok(with_notice(response, Notice::ExerciseSaved))
        }
        Err(errors) => {
            form.refuse(errors, &FIELDS);
            show_edit(&page, &id, Some(form)).await
        }
    }
}

pub(super) async fn delete(page: SignedIn, Path(id): Path<String>) -> Result<Response, WebError> {
    let input = json!({ "input": { "exerciseId": id } });
    let done = page.mutate::<Done>(DELETE, input).await?;
    done.map_err(|errors| refusal(&errors))?;
    Ok(with_notice(
        see_other("/exercises"),
        Notice::ExerciseDeleted,
    ))
}

/// What was entered, as the graph takes it. A step is a line.
fn input(form: &Form) -> Map<String, Value> {
    let ids = |name| form.values_of(name).collect::<Vec<_>>();
    let steps: Vec<&str> = form.value("steps").lines().map(str::trim).collect();
    let steps: Vec<&str> = steps.into_iter().filter(|step| !step.is_empty()).collect();
    let mut equipment = Equipment::ALL.into_iter();
    let equipment = equipment.find(|known| known.code() == form.value("equipment"));
    let mut measurement = Measurement::ALL.into_iter();
    let measurement = measurement.find(|known| known.code() == form.value("measurement"));
    let mut movements = MOVEMENTS.into_iter();
    let movement = movements.find(|(code, _)| *code == form.value("movement"));
    let values = [
        ("name", json!(form.value("name"))),
        ("description", json!(form.value("description"))),
        ("instructions", json!(steps)),
        ("videoUrl", json!(form.value("video"))),
        ("equipment", json!(equipment.map(Equipment::code))),
        ("measurement", json!(measurement.map(Measurement::code))),
        ("movement", json!(movement.map(|(code, _)| code))),
        ("primaryMuscleGroupIds", json!(ids("primary"))),
        ("secondaryMuscleGroupIds", json!(ids("secondary"))),
        ("isUnilateral", json!(form.has("one_side"))),
    ];
    let values = values.into_iter();
    values
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
