use async_graphql::{Enum, SimpleObject};

/// Why a mutation was refused, in the viewer's language.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct UserError {
    /// What kind of problem it is, for programs
    pub code: UserErrorCode,
    /// What to do about it, in the language of `Accept-Language`
    pub message: String,
    /// The path of the input field that it is about
    pub field: Option<Vec<String>>,
    /// Where an allowance is used up: in how many seconds there is a new one
    pub retry_after_seconds: Option<u32>,
}

impl UserError {
    #[must_use]
    pub fn new(code: UserErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after_seconds: None,
        }
    }

    /// The same error, about one field of the input.
    #[must_use]
    pub fn on(self, field: &str) -> Self {
        Self {
            field: Some(vec![field.into()]),
            ..self
        }
    }
}

/// The kinds of refusal that a mutation answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// A field's value is not acceptable
    Invalid,
    /// There is no such thing, or it is not the viewer's
    NotFound,
    /// The value is taken
    AlreadyExists,
    /// Right in itself, but not in the present state
    FailedPrecondition,
    /// The viewer's allowance is used up
    ResourceExhausted,
    /// Wrong e-mail address or password
    InvalidCredentials,
    /// The refresh token is unknown, used up or expired
    InvalidToken,
}
