//! Why a change is refused, and how that reads. A new rule is a new variant here, with its code and its two sentences.

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
            | Self::AlreadyGenerating
            | Self::NothingFits => None,
        }
    }

    fn code(self) -> UserErrorCode {
        match self {
            Self::NotFound(_) => UserErrorCode::NotFound,
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
            | Self::NotAUrl { field }
            | Self::WrongUnit { field }
            | Self::NoSuchTime { field } => Some(field),
            Self::NotFound(thing) => Some(thing.field()),
            Self::NotAPermutation => Some("exerciseInstanceIds"),
            Self::RoutineAndGeneration => Some("generate"),
            Self::KeyUsedOtherwise => Some("clientMutationId"),
            Self::NothingMeasured
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
