//! The face of Setwise: pages that the server renders, which work without
//! JavaScript and are better with it.
//!
//! The web knows nothing but the router: every page runs a stored GraphQL
//! operation (`operations.graphql` beside the page that needs it) at its
//! `/graphql`. A folder is an aggregate: `mod.rs` holds its routes and
//! handlers, `view.rs` its markup. To add a page: write the operation, a
//! handler that takes [`page::Page`] or [`page::SignedIn`], a view, its words
//! in `locales/en` and `locales/ru`, and merge its routes in `app.rs`.

#![expect(
    clippy::needless_pass_by_value,
    reason = "a view takes the markup that it places"
)]

mod account;
mod app;
mod assets;
mod config;
mod csrf;
mod error;
mod exercise;
mod files;
mod form;
mod format;
mod generation;
mod graph;
mod home;
mod icon;
mod insight;
mod loading;
mod measurement;
mod page;
mod profile;
mod routine;
mod security;
mod session;
mod text;
mod unit;
mod workout;

pub use app::serve;
pub use config::{Config, CookieKey};
pub use setwise_service::Network;
