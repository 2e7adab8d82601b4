use std::{sync::Arc, time::Duration};

use axum::{Json, Router, extract::State, routing::get};
use futures_util::future::{BoxFuture, join_all};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::telemetry;

const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

type Check = dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync;

/// What must hold before a service should get traffic.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Vec<(&'static str, Arc<Check>)>,
}

impl Readiness {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a check; its error text is shown at `/readyz`, so it must hold no secret.
    #[must_use]
    pub fn check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.checks
            .push((name, Arc::new(move || Box::pin(check()))));
        self
    }

    async fn run(&self) -> (bool, Map<String, Value>) {
        let results = self.checks.iter().map(|(name, check)| async move {
            let result = tokio::time::timeout(CHECK_TIMEOUT, check()).await;
            (
                *name,
                result.unwrap_or_else(|_| Err("no answer in time".into())),
            )
        });
        let results = join_all(results).await;
        let ready = results.iter().all(|(_, result)| result.is_ok());
        let rows = results.into_iter().map(|(name, result)| {
            let text = result.map_or_else(Value::String, |()| "ok".into());
            (name.to_owned(), text)
        });
        (ready, rows.collect())
    }
}

/// `/healthz` (the process lives; `/health` is an alias), `/readyz` (its
/// checks hold: 200, else 503) and `/metrics` (Prometheus text).
pub fn health(readiness: Readiness) -> Router {
    let alive = || async { Json(json!({ "status": "ok" })) };
    Router::new()
        .route("/healthz", get(alive))
        .route("/health", get(alive))
        .route("/readyz", get(ready))
        .with_state(readiness)
        .route("/metrics", get(|| async { telemetry::render_metrics() }))
}

async fn ready(State(readiness): State<Readiness>) -> (StatusCode, Json<Value>) {
    let (ready, checks) = readiness.run().await;
    let (status, text) = if ready {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    (status, Json(json!({ "status": text, "checks": checks })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_failing_check_makes_the_service_not_ready() {
        let good = Readiness::new().check("database", || async { Ok(()) });
        assert!(good.run().await.0);
        let bad = good.check("broker", || async { Err("refused".into()) });
        let (ready, checks) = bad.run().await;
        assert!(!ready);
        assert_eq!(checks["database"], "ok");
        assert_eq!(checks["broker"], "refused");
    }
}
