//! Why a request is refused, and how that reads. A new rule is a new variant
//! here, with its two sentences.

use setwise_graphql::{UserError, UserErrorCode};
use setwise_service::Locale;

/// What is wrong with one value that a person gave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flaw {
    Email,
    PasswordTooShort { min: usize },
    PasswordTooLong { max: usize },
    NameEmpty,
    NameTooLong { max: usize },
    NameUnprintable,
    DateOfBirth { earliest_year: i32 },
    Height { max_cm: f64 },
    Weight { max_kg: f64 },
    PictureUrl,
}

/// Why a change did not happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// A field of the input does not hold what it should.
    Invalid { field: &'static str, flaw: Flaw },
    /// Another account has the address.
    EmailTaken,
    /// No such account or another password: which of them is not told.
    Credentials,
    /// The tokens do not belong to a live session, or were used before.
    Tokens,
}

impl Refusal {
    pub(crate) fn all_into_user_errors(refusals: Vec<Self>, locale: Locale) -> Vec<UserError> {
        let errors = refusals.into_iter();
        errors
            .map(|refusal| refusal.into_user_error(locale))
            .collect()
    }

    /// The error as the person reads it.
    pub(crate) fn into_user_error(self, locale: Locale) -> UserError {
        let (code, field) = match self {
            Self::Invalid { field, .. } => (UserErrorCode::Invalid, Some(field)),
            Self::EmailTaken => (UserErrorCode::AlreadyExists, Some("email")),
            Self::Credentials => (UserErrorCode::InvalidCredentials, None),
            Self::Tokens => (UserErrorCode::InvalidToken, None),
        };
        let message = match locale {
            Locale::En => self.english(),
            Locale::Ru => self.russian(),
        };
        let error = UserError::new(code, message);
        match field {
            Some(field) => error.on(field),
            None => error,
        }
    }

    fn english(self) -> String {
        match self {
            Self::Invalid { flaw, .. } => flaw.english(),
            Self::EmailTaken => "An account with this e-mail address exists already.".into(),
            Self::Credentials => "Wrong e-mail address or password.".into(),
            Self::Tokens => "The session has ended. Please sign in again.".into(),
        }
    }

    fn russian(self) -> String {
        match self {
            Self::Invalid { flaw, .. } => flaw.russian(),
            Self::EmailTaken => "Учётная запись с таким адресом уже есть.".into(),
            Self::Credentials => "Неверный адрес электронной почты или пароль.".into(),
            Self::Tokens => "Сеанс завершён. Войдите снова.".into(),
        }
    }
}

impl Flaw {
    fn english(self) -> String {
        match self {
            Self::Email => "Enter a valid e-mail address.".into(),
            Self::PasswordTooShort { min } => {
                format!("The password must have at least {min} characters.")
            }
            Self::PasswordTooLong { max } => {
                format!("The password must have at most {max} characters.")
            }
            Self::NameEmpty => "The name must not be empty.".into(),
            Self::NameTooLong { max } => format!("The name must have at most {max} characters."),
            Self::NameUnprintable => "The name must be one line of text.".into(),
            Self::DateOfBirth { earliest_year } => {
                format!("The date of birth must lie in the past, in {earliest_year} or later.")
            }
            Self::Height { max_cm } => {
                format!("The height must be more than 0 and at most {max_cm} cm.")
            }
            Self::Weight { max_kg } => {
                format!("The weight must be more than 0 and at most {max_kg} kg.")
            }
            Self::PictureUrl => "Enter a full web address, starting with http or https.".into(),
        }
    }

    fn russian(self) -> String {
        match self {
            Self::Email => "Введите действительный адрес электронной почты.".into(),
            Self::PasswordTooShort { min } => {
                format!("Пароль должен быть не короче {min} символов.")
            }
            Self::PasswordTooLong { max } => {
                format!("Пароль должен быть не длиннее {max} символов.")
            }
            Self::NameEmpty => "Имя не может быть пустым.".into(),
            Self::NameTooLong { max } => format!("Имя должно быть не длиннее {max} символов."),
            Self::NameUnprintable => "Имя должно быть одной строкой текста.".into(),
            Self::DateOfBirth { earliest_year } => {
                format!("Дата рождения должна быть в прошлом, не раньше {earliest_year} года.")
            }
            Self::Height { max_cm } => {
                format!("Рост должен быть больше 0 и не больше {max_cm} см.")
            }
            Self::Weight { max_kg } => {
                format!("Вес должен быть больше 0 и не больше {max_kg} кг.")
            }
            Self::PictureUrl => "Введите полный адрес, который начинается с http или https.".into(),
        }
    }
}
