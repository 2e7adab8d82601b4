use async_graphql::{Error, ErrorExtensions};
use setwise_auth::AuthError;

/// How a resolver fails. It has no `Display`, on purpose: async-graphql shows
/// anything with `Display` to the client, so a bare `?` on a database error
/// would leak its text. Here internals are logged and masked.
#[derive(Debug)]
pub enum ResolverError {
    Unauthenticated(AuthError),
    Forbidden,
    /// The client sent something that no correct client sends; the text tells what.
    BadUserInput(String),
    Internal(anyhow::Error),
}

impl From<AuthError> for ResolverError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::KeysUnavailable => Self::Internal(error.into()),
            AuthError::Missing | AuthError::Malformed | AuthError::Expired | AuthError::Invalid => {
                Self::Unauthenticated(error)
            }
        }
    }
}

impl From<sqlx::Error> for ResolverError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<anyhow::Error> for ResolverError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<ResolverError> for Error {
    fn from(error: ResolverError) -> Self {
        let (code, message) = match error {
            ResolverError::Unauthenticated(reason) => ("UNAUTHENTICATED", reason.to_string()),
            ResolverError::Forbidden => ("FORBIDDEN", "this is not allowed".into()),
            ResolverError::BadUserInput(message) => ("BAD_USER_INPUT", message),
            ResolverError::Internal(error) => {
                tracing::error!(error.message = format!("{error:#}"), "a resolver failed");
                ("INTERNAL_SERVER_ERROR", "internal server error".into())
            }
        };
        Self::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internals_do_not_reach_the_client() {
        let error = ResolverError::from(anyhow::anyhow!("password=hunter2"));
        let error = Error::from(error);
        assert_eq!(error.message, "internal server error");
        let extensions = error.extensions.unwrap();
        assert_eq!(
            extensions.get("code"),
            Some(&"INTERNAL_SERVER_ERROR".into())
        );
    }
}
