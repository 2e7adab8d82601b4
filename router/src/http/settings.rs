//! What `router.yaml` says about requests, which may change while they are served.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tower_http::cors::CorsLayer;

use crate::{Config, Subscriptions, persisted::Persisted};

use super::{cors, request::Rules};

/// What holds for requests that begin now.
pub(crate) struct Settings {
    pub(super) persisted: Persisted,
    pub(super) rules: Rules,
    pub(super) csrf_prevention: bool,
    pub(super) playground: bool,
    /// `None` when no page of another origin may call.
    pub(super) cors: Option<CorsLayer>,
    pub(super) cors_origins: Vec<String>,
    pub(super) subscriptions: Subscriptions,
}

/// The settings that are current. A clone is the same.
#[derive(Clone)]
pub(crate) struct LiveSettings(Arc<ArcSwap<Settings>>);

impl Settings {
    /// Those of `config`, with what clients taught `old`.
    pub(crate) fn new(config: &Config, old: Option<&Self>) -> anyhow::Result<Self> {
        let old = old.map(|old| &old.persisted);
        Ok(Self {
            persisted: Persisted::load(&config.persisted_queries, old)?,
            rules: Rules {
                max_body_bytes: config.limits.max_body_bytes,
                batching: config.batching.clone(),
                uploads: config.uploads.clone(),
            },
            csrf_prevention: config.csrf.prevention,
            playground: config.playground(),
            cors: cors::layer(&config.cors)?,
            cors_origins: config.cors.origins.clone(),
            subscriptions: config.subscriptions.clone(),
        })
    }

    /// Whether both list the same persisted operations.
    pub(crate) fn lists_the_same(&self, other: &Self) -> bool {
        self.persisted.lists_the_same(&other.persisted)
    }
}

impl LiveSettings {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(settings)))
    }

    pub(crate) fn current(&self) -> Arc<Settings> {
        self.0.load_full()
    }

    pub(crate) fn replace(&self, settings: Settings) {
        self.0.store(Arc::new(settings));
    }
}
