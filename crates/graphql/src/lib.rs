//! What the three subgraphs share: identity and language of a request,
//! errors, ids, pages, the endpoint, and the database pool.

pub mod connection;
pub mod database;
mod endpoint;
mod error;
mod id;
mod request;
mod stream;
mod text;
mod upload;
mod user_error;
mod weight_unit;

pub use endpoint::{endpoint, endpoint_with_subscriptions};
pub use error::ResolverError;
pub use request::{RequestContext, locale, viewer};
pub use upload::{IncomingFile, Upload, endpoint_with_uploads};
pub use user_error::{UserError, UserErrorCode};
pub use weight_unit::WeightUnit;

#[doc(hidden)]
pub mod reexport {
    pub use {async_graphql, serde, sqlx, uuid};
}
