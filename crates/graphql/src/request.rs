use async_graphql::Context;
use setwise_auth::{AuthError, Viewer};
use setwise_service::Locale;

use crate::ResolverError;

/// Who asks, and in which language; in the data of every request.
#[derive(Clone, Debug)]
pub struct RequestContext {
    pub viewer: Result<Viewer, AuthError>,
    pub locale: Locale,
}

impl RequestContext {
    #[must_use]
    pub fn for_viewer(viewer: Viewer, locale: Locale) -> Self {
        Self {
            viewer: Ok(viewer),
            locale,
        }
    }

    #[must_use]
    pub fn anonymous(locale: Locale) -> Self {
        Self {
            viewer: Err(AuthError::Missing),
            locale,
        }
    }
}

/// The signed-in person.
///
/// # Errors
/// `Unauthenticated` when the token is missing or not valid; `Internal` when
/// it could not be checked.
pub fn viewer(ctx: &Context<'_>) -> Result<Viewer, ResolverError> {
    let request = ctx.data_opt::<RequestContext>();
    let viewer = request.map_or(Err(AuthError::Missing), |request| request.viewer);
    Ok(viewer?)
}

/// The language of the request.
#[must_use]
pub fn locale(ctx: &Context<'_>) -> Locale {
    ctx.data_opt::<RequestContext>()
        .map_or(Locale::default(), |request| request.locale)
}
