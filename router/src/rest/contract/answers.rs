use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, to_value};

use super::{CONTRACT, ContractType, Kind};
use crate::rest::{
    auth::{LoginResponse, RefreshResponse},
    exercises::{
        ExerciseHistoryResponse, ExerciseResponse, GetExerciseAlternativesResponse,
        GetExercisesResponse,
    },
    failure::Status,
    files::PresignUploadResponse,
    generation_settings::WorkoutGenerationSettingsResponse,
    muscle_groups::GetMuscleGroupsResponse,
    route::type_name,
    routines::{
        RoutineDetailResponse, RoutineListResponse, RoutineResponse,
        instances::{
            ExerciseInstanceDetails, GetExerciseInstanceDetailsResponse, RoutineInstanceResponse,
        },
        sets::SetResponse,
    },
    users::UserResponse,
    workouts::{
        GetWorkoutResponse, GetWorkoutsResponse, GetWorkoutsResponseWorkoutDetails,
        WorkoutResponse, WorkoutsListResponse,
        exercise_logs::{ExerciseLog, ExerciseLogDetails, ExerciseLogResponse},
        report::WorkoutReportResponse,
        set_logs::SetLogResponse,
    },
};

/// Whether `value` is what a client expects where the contract says `kind`. Lists hold a sample.
fn check(kind: &Kind, value: &Value, at: &str) {
    let name = match kind {
        Kind::One(name) => name.as_str(),
        Kind::Many([name]) => {
            let list = value.as_array().unwrap_or_else(|| panic!("{at}: {value}"));
            let element = Kind::One(name.clone());
            for value in list {
                check(&element, value, &format!("{at}[]"));
            }
            let is_message = matches!(CONTRACT.types.get(name), Some(ContractType::Fields(_)));
            assert!(!(is_message && list.is_empty()), "{at}: no sample to check");
            return;
        }
    };
    let fits = match name {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "int32" => value.is_i64(),
        "float" => value.is_number(),
        "timestamp" => value.is_null() || text(value).ends_with('Z'),
        "duration" => value.is_null() || text(value).ends_with('s'),
        name => match &CONTRACT.types[name] {
            ContractType::Enum(values) => values.iter().any(|known| known == text(value)),
            ContractType::Fields(_) => {
                check_message(name, value, at);
                true
            }
        },
    };
    assert!(fits, "{at}: {value} where the contract says {name}");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn check_message(name: &str, value: &Value, at: &str) {
    let fields = CONTRACT.fields(name);
    let object = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
    let ours: BTreeSet<_> = object.keys().collect();
    let theirs: BTreeSet<_> = fields.keys().collect();
    assert_eq!(ours, theirs, "{at}");
    for (name, field) in fields {
        check(&field.kind, &object[name], &format!("{at}.{name}"));
    }
}

/// An answer and the name of its type.
fn named<T: Serialize>(answer: T) -> (&'static str, Value) {
    (type_name::<T>(), to_value(answer).unwrap())
}

/// One of each answer, with an element in every list of messages.
fn samples() -> BTreeMap<&'static str, Value> {
    fn one<T: Default>() -> Vec<T> {
        vec![T::default()]
    }
    let instance = || ExerciseInstanceDetails {
        sets: one(),
        ..Default::default()
    };
    let log = || ExerciseLogDetails {
        set_logs: one(),
        expected_sets: one(),
        ..Default::default()
    };
    BTreeMap::from([
        named(Status::default()),
        named(LoginResponse::default()),
        named(RefreshResponse::default()),
        named(UserResponse::default()),
        named(WorkoutGenerationSettingsResponse::default()),
        named(PresignUploadResponse::default()),
        named(GetMuscleGroupsResponse {
            muscle_groups: one(),
        }),
        named(ExerciseResponse::default()),
        named(GetExercisesResponse { exercises: one() }),
        named(GetExerciseAlternativesResponse {
            alternatives: one(),
        }),
        named(ExerciseHistoryResponse {
            exercise_logs: vec![log()],
        }),
        named(RoutineResponse::default()),
        named(RoutineListResponse { routines: one() }),
        named(RoutineDetailResponse {
            exercise_instances: vec![instance()],
            ..Default::default()
        }),
        named(GetExerciseInstanceDetailsResponse {
            exercise_instance_details: instance(),
        }),
        named(RoutineInstanceResponse::default()),
        named(SetResponse::default()),
        named(WorkoutResponse::default()),
        named(WorkoutsListResponse { workouts: one() }),
        named(GetWorkoutsResponse {
            workouts: vec![GetWorkoutsResponseWorkoutDetails {
                exercise_logs: one(),
                ..Default::default()
            }],
        }),
        named(GetWorkoutResponse {
            exercise_logs: vec![log()],
            ..Default::default()
        }),
        named(WorkoutReportResponse {
            exercise_logs: one(),
            ..Default::default()
        }),
        named(ExerciseLog::default()),
        named(ExerciseLogResponse {
            exercise_log_details: log(),
        }),
        named(SetLogResponse::default()),
    ])
}

#[test]
fn every_answer_has_the_fields_of_the_contract() {
    let samples = samples();
    for operation in CONTRACT.operations.iter().filter(|one| one.ok != "{}") {
        assert!(
            samples.contains_key(operation.ok.as_str()),
            "{}",
            operation.ok
        );
    }
    for (name, value) in samples {
        check_message(name, &value, name);
    }
}
