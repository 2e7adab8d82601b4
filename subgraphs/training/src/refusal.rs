//! Why a change is refused, and how that reads. A new rule is a new variant here, with its code and its two sentences.

use async_graphql::MaybeUndefined;
use setwise_graphql::{UserError, UserErrorCode};
use setwise_service::Locale;

/// A rule that a request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing, or it is another person's.
    NotFound(Thing),
    /// A number outside its range, both ends included.
    OutOfRange {
        field: &'static str,
        min: i32,
        max: i32,
    },
    /// A number that is not above zero, or far too large.
    NotPositive { field: &'static str, max: i32 },
    /// A text without a visible character.
    Empty { field: &'static str },
    /// A text with more than `max` characters.
    TooLong { field: &'static str, max: usize },
    /// A set log without repetitions, weight, time or distance.
    NothingMeasured,
    /// An order that does not name each exercise of the routine once.
    NotAPermutation,
    /// A workout cannot both come from a routine and be generated.
    RoutineAndGeneration,
    /// A finished workout takes no changes.
    Finished,
    /// Only a finished workout is rated and commented on.
    NotFinished,
    /// A list is full.
    Full(Full),
    /// A muscle group that is not in the catalogue.
    UnknownMuscleGroup { field: &'static str },
    /// A list with more than `max` entries.
    TooMany { field: &'static str, max: usize },
    /// A text that is no absolute http or https URL.
    NotAUrl { field: &'static str },
    /// A unit in which such a thing is not measured.
    WrongUnit { field: &'static str },
    /// A time in the future, or before anybody wrote anything down.
    NoSuchTime { field: &'static str },
    /// The planner is at work on this workout already.
    AlreadyGenerating,
    /// The planner finds no exercise that the person may do.
    NothingFits,
    /// A number outside its range, or between its halves.
    NotInHalves {
        field: &'static str,
        min: i32,
        max: i32,
    },
    /// An RPE and repetitions in reserve say the same thing.
    RpeAndReserve,
    /// The upper end of a range lies below its beginning, or there is none.
    NotARange,
    /// A time before the workout began or still to come.
    NotDuringTheWorkout,
    /// A workout is under way, and another was not asked for.
    WorkoutActive,
    /// A workout was finished too long ago to be gone on with.
    TooLateToReopen { hours: i64 },
    /// A progression that names not exactly one way.
    NotOneProgression,
    /// A key of the client's that came before with another mutation or other input.
    KeyUsedOtherwise,
    /// The workouts that a person may have generated in a day are used up.
    DailyGenerations { max: u32, retry_after_seconds: u32 },
}

/// What can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Exercise,
    Routine,
    ExerciseInstance,
    RoutineSet,
    Workout,
    ExerciseLog,
    SetLog,
    BodyMeasurement,
    RoutineShare,
}

/// What holds no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    Exercises { max: i64 },
    Sets { max: i64 },
}

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("database failed")]
    Database(#[from] sqlx::Error),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Refusal {
    pub(crate) fn out_of_range(field: &'static str, min: i32, max: i32) -> Self {
        Self::OutOfRange { field, min, max }
    }

    pub(crate) fn not_positive(field: &'static str, max: i32) -> Self {
        Self::NotPositive { field, max }
    }

    /// The error as the person reads it.
    pub(crate) fn user_error(self, locale: Locale) -> UserError {
        let message = match locale {
            Locale::En => self.english(),
            Locale::Ru => self.russian(),
        };
        let error = UserError {
            retry_after_seconds: self.retry_after_seconds(),
            ..UserError::new(self.code(), message)
        };
        match self.field() {
            Some(field) => error.on(field),
            None => error,
        }
    }

    fn retry_after_seconds(self) -> Option<u32> {
        match self {
            Self::DailyGenerations {
                retry_after_seconds,
                ..
            } => Some(retry_after_seconds),
            Self::NotFound(_)
            | Self::OutOfRange { .. }
            | Self::NotPositive { .. }
            | Self::Empty { .. }
            | Self::TooLong { .. }
            | Self::TooMany { .. }
            | Self::UnknownMuscleGroup { .. }
            | Self::NotAUrl { .. }
            | Self::WrongUnit { .. }
            | Self::NoSuchTime { .. }
            | Self::NothingMeasured
            | Self::NotAPermutation
            | Self::RoutineAndGeneration
            | Self::Finished
            | Self::NotFinished
            | Self::Full(_)
            | Self::KeyUsedOtherwise
            | Self::NotInHalves { .. }
            | Self::RpeAndReserve
            | Self::NotARange
            | Self::NotDuringTheWorkout
            | Self::WorkoutActive
            | Self::TooLateToReopen { .. }
            | Self::NotOneProgression
            | Self::AlreadyGenerating
            | Self::NothingFits => None,
        }
    }

    fn code(self) -> UserErrorCode {
        match self {
            Self::NotFound(_) => UserErrorCode::NotFound,
            Self::WorkoutActive => UserErrorCode::AlreadyExists,
            Self::TooLateToReopen { .. } => UserErrorCode::FailedPrecondition,
            Self::Finished | Self::NotFinished | Self::AlreadyGenerating | Self::NothingFits => {
                UserErrorCode::FailedPrecondition
            }
            Self::Full(_) | Self::DailyGenerations { .. } => UserErrorCode::ResourceExhausted,
            Self::OutOfRange { .. }
            | Self::NotPositive { .. }
            | Self::Empty { .. }
            | Self::TooLong { .. }
            | Self::TooMany { .. }
            | Self::UnknownMuscleGroup { .. }
            | Self::NotAUrl { .. }
            | Self::WrongUnit { .. }
            | Self::NoSuchTime { .. }
            | Self::NothingMeasured
            | Self::NotAPermutation
            | Self::KeyUsedOtherwise
            | Self::NotInHalves { .. }
            | Self::RpeAndReserve
            | Self::NotARange
            | Self::NotDuringTheWorkout
            | Self::NotOneProgression
            | Self::RoutineAndGeneration => UserErrorCode::Invalid,
        }
    }

    fn field(self) -> Option<&'static str> {
        match self {
            Self::OutOfRange { field, .. }
            | Self::NotPositive { field, .. }
            | Self::Empty { field }
            | Self::TooLong { field, .. }
            | Self::TooMany { field, .. }
            | Self::UnknownMuscleGroup { field }
            | Self::WrongUnit { field }
            | Self::NoSuchTime { field }
            | Self::NotInHalves { field, .. }
            | Self::NotAUrl { field } => Some(field),
            Self::RpeAndReserve => Some("repsInReserve"),
            Self::NotARange => Some("maxReps"),
            Self::NotDuringTheWorkout => Some("performedAt"),
            Self::NotOneProgression => Some("progression"),
            Self::NotFound(thing) => Some(thing.field()),
            Self::NotAPermutation => Some("exerciseInstanceIds"),
            Self::RoutineAndGeneration => Some("generate"),
            Self::KeyUsedOtherwise => Some("clientMutationId"),
            Self::NothingMeasured
            | Self::WorkoutActive
            | Self::TooLateToReopen { .. }
            | Self::Finished
            | Self::NotFinished
            | Self::Full(_)
            | Self::AlreadyGenerating
            | Self::NothingFits
            | Self::DailyGenerations { .. } => None,
        }
    }

    fn english(self) -> String {
        match self {
            Self::NotFound(thing) => format!("{} not found", thing.english()),
            Self::OutOfRange { min, max, .. } => format!("Must be from {min} to {max}"),
            Self::NotPositive { max, .. } => format!("Must be more than 0 and at most {max}"),
            Self::Empty { .. } => "Must not be empty".to_owned(),
            Self::TooLong { max, .. } => format!("Must be at most {max} characters"),
            Self::NothingMeasured => {
                "Enter at least one of repetitions, weight, time or distance".to_owned()
            }
            Self::NotAPermutation => {
                "The order must name each exercise of the routine exactly once".to_owned()
            }
            Self::RoutineAndGeneration => {
                "A workout either comes from a routine or is generated".to_owned()
            }
            Self::Finished => "The workout is finished".to_owned(),
            Self::NotFinished => "The workout is not finished yet".to_owned(),
            Self::Full(Full::Exercises { max }) => format!("There can be at most {max} exercises"),
            Self::Full(Full::Sets { max }) => format!("There can be at most {max} sets"),
            Self::UnknownMuscleGroup { .. } => "There is no such muscle group".to_owned(),
            Self::TooMany { max, .. } => format!("There can be at most {max}"),
            Self::NotAUrl { .. } => {
                "Must be a web address that begins with http:// or https://".to_owned()
            }
            Self::WrongUnit { .. } => {
                "The unit does not fit: weight is in kg or lb, body fat in percent, girths in cm or in".to_owned()
            }
            Self::NoSuchTime { .. } => "Must be a time from 1970 until now".to_owned(),
            Self::NotInHalves { min, max, .. } => {
                format!("Must be from {min} to {max}, in halves")
            }
            Self::RpeAndReserve => "Give an RPE or repetitions in reserve, not both".to_owned(),
            Self::NotARange => "A range needs its beginning, and must not end below it".to_owned(),
            Self::NotDuringTheWorkout => {
                "Must be after the workout began, and not in the future".to_owned()
            }
            Self::WorkoutActive => {
                "A workout is under way: go on with it, or finish it first".to_owned()
            }
            Self::TooLateToReopen { hours } => {
                format!("A workout can be reopened for {hours} hours after it was finished")
            }
            Self::NotOneProgression => "Name exactly one way to progress".to_owned(),
            Self::KeyUsedOtherwise => {
                "This key came before with another request: send a new request with a new key"
                    .to_owned()
            }
            Self::AlreadyGenerating => "The workout is being generated already".to_owned(),
            Self::NothingFits => {
                "No exercise fits what you wrote: name fewer things to avoid".to_owned()
            }
            Self::DailyGenerations { max, .. } => {
                format!("At most {max} workouts a day can be generated; try again tomorrow")
            }
        }
    }

    fn russian(self) -> String {
        match self {
            Self::NotFound(thing) => thing.russian_missing().to_owned(),
            Self::OutOfRange { min, max, .. } => format!("Должно быть от {min} до {max}"),
            Self::NotPositive { max, .. } => format!("Должно быть больше 0 и не больше {max}"),
            Self::Empty { .. } => "Не должно быть пустым".to_owned(),
            Self::TooLong { max, .. } => format!("Не длиннее {max} символов"),
            Self::NothingMeasured => {
                "Укажите хотя бы повторения, вес, время или расстояние".to_owned()
            }
            Self::NotAPermutation => {
                "Порядок должен называть каждое упражнение программы ровно один раз".to_owned()
            }
            Self::RoutineAndGeneration => {
                "Тренировка либо берётся из программы, либо составляется автоматически".to_owned()
            }
            Self::Finished => "Тренировка уже завершена".to_owned(),
            Self::NotFinished => "Тренировка ещё не завершена".to_owned(),
            Self::Full(Full::Exercises { max }) => format!("Упражнений может быть не больше {max}"),
            Self::Full(Full::Sets { max }) => format!("Подходов может быть не больше {max}"),
            Self::UnknownMuscleGroup { .. } => "Такой группы мышц нет".to_owned(),
            Self::TooMany { max, .. } => format!("Может быть не больше {max}"),
            Self::NotAUrl { .. } => {
                "Должен быть веб-адрес, который начинается с http:// или https://".to_owned()
            }
            Self::WrongUnit { .. } => {
                "Единица не подходит: вес в кг или фунтах, жир в процентах, обхваты в см или дюймах"
                    .to_owned()
            }
            Self::NoSuchTime { .. } => {
                "Должно быть время с 1970 года до настоящего момента".to_owned()
            }
            Self::NotInHalves { min, max, .. } => {
                format!("Должно быть от {min} до {max} с шагом в половину")
            }
            Self::RpeAndReserve => {
                "Укажите либо RPE, либо запас повторений, но не то и другое".to_owned()
            }
            Self::NotARange => {
                "У диапазона должно быть начало, и конец не может быть меньше него".to_owned()
            }
            Self::NotDuringTheWorkout => {
                "Должно быть после начала тренировки и не в будущем".to_owned()
            }
            Self::WorkoutActive => {
                "Тренировка уже идёт: продолжите её или сначала завершите".to_owned()
            }
            Self::TooLateToReopen { hours } => {
                format!("Вернуться к тренировке можно в течение {hours} ч после её завершения")
            }
            Self::NotOneProgression => "Назовите ровно один способ прогрессии".to_owned(),
            Self::KeyUsedOtherwise => {
                "Этот ключ уже был в другом запросе: для нового запроса нужен новый ключ".to_owned()
            }
            Self::AlreadyGenerating => "Тренировка уже составляется".to_owned(),
            Self::NothingFits => {
                "Под ваши условия не подходит ни одно упражнение: уменьшите число ограничений"
                    .to_owned()
            }
            Self::DailyGenerations { max, .. } => {
                format!(
                    "Автоматически составить можно не больше {max} тренировок в день; попробуйте завтра"
                )
            }
        }
    }
}

impl Thing {
    fn field(self) -> &'static str {
        match self {
            Self::Exercise => "exerciseId",
            Self::Routine => "routineId",
            Self::ExerciseInstance => "exerciseInstanceId",
            Self::RoutineSet => "setId",
            Self::Workout => "workoutId",
            Self::ExerciseLog => "exerciseLogId",
            Self::SetLog => "setLogId",
            Self::BodyMeasurement => "bodyMeasurementId",
            Self::RoutineShare => "token",
        }
    }

    fn english(self) -> &'static str {
        match self {
            Self::Exercise => "Exercise",
            Self::Routine => "Routine",
            Self::ExerciseInstance => "Exercise of the routine",
            Self::RoutineSet | Self::SetLog => "Set",
            Self::Workout => "Workout",
            Self::ExerciseLog => "Exercise of the workout",
            Self::BodyMeasurement => "Measurement",
            Self::RoutineShare => "Shared routine",
        }
    }

    fn russian_missing(self) -> &'static str {
        match self {
            Self::Exercise => "Упражнение не найдено",
            Self::Routine => "Программа не найдена",
            Self::ExerciseInstance => "Упражнение программы не найдено",
            Self::RoutineSet | Self::SetLog => "Подход не найден",
            Self::Workout => "Тренировка не найдена",
            Self::ExerciseLog => "Упражнение тренировки не найдено",
            Self::BodyMeasurement => "Замер не найден",
            Self::RoutineShare => "Программа по этой ссылке не найдена",
        }
    }
}

/// A text that is trimmed, not empty and at most `max` characters long.
pub(crate) fn required_text(
    field: &'static str,
    text: &str,
    max: usize,
) -> Result<String, Refusal> {
    let text = optional_text(field, text, max)?;
    if text.is_empty() {
        Err(Refusal::Empty { field })
    } else {
        Ok(text)
    }
}

/// A text that is trimmed and at most `max` characters long. PostgreSQL keeps no NUL characters: they go.
pub(crate) fn optional_text(
    field: &'static str,
    text: &str,
    max: usize,
) -> Result<String, Refusal> {
    let text = text.replace('\0', "").trim().to_owned();
    if text.chars().count() > max {
        Err(Refusal::TooLong { field, max })
    } else {
        Ok(text)
    }
}

/// What a client gives to change something, parsed when there is a value.
pub(crate) fn parsed<T, U>(
    input: MaybeUndefined<T>,
    parse: impl FnOnce(T) -> Result<U, Refusal>,
) -> Result<MaybeUndefined<U>, Refusal> {
    Ok(match input {
        MaybeUndefined::Undefined => MaybeUndefined::Undefined,
        MaybeUndefined::Null => MaybeUndefined::Null,
        MaybeUndefined::Value(value) => MaybeUndefined::Value(parse(value)?),
    })
}
