use std::sync::{Arc, OnceLock};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

/// Background work of a service: what ends with an error or a panic before
/// the shutdown takes the service down with it, so that nothing dies unseen.
#[derive(Clone)]
pub struct Tasks {
    tracker: TaskTracker,
    shutdown: CancellationToken,
    /// The first task that failed.
    failed: Arc<OnceLock<&'static str>>,
}

impl Tasks {
    /// `shutdown` is cancelled when a task fails.
    #[must_use]
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            tracker: TaskTracker::new(),
            shutdown,
            failed: Arc::default(),
        }
    }

    /// The token that tells tasks to end.
    #[must_use]
    pub fn shutdown(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    pub fn spawn<F>(&self, name: &'static str, task: F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let span = tracing::info_span!("task", task.name = name);
        let handle = self.tracker.spawn(task.instrument(span));
        let shutdown = self.shutdown.clone();
        let failed = self.failed.clone();
        self.tracker.spawn(async move {
            match handle.await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => {
                    tracing::error!(task.name = name, error.message = format!("{error:#}"), "a background task failed");
                }
                Err(error) => {
                    tracing::error!(task.name = name, error.message = %error, "a background task panicked");
                }
            }
            // Later ones are most often a consequence of the first.
            let _ = failed.set(name);
            shutdown.cancel();
        });
    }

    /// Waits until every task has ended.
    ///
    /// # Errors
    /// When one failed; its log line says why.
    pub async fn join(&self) -> anyhow::Result<()> {
        self.tracker.close();
        self.tracker.wait().await;
        match self.failed.get() {
            Some(name) => anyhow::bail!("{name} failed: its log line says why"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failed_task_shuts_the_service_down() {
        let shutdown = CancellationToken::new();
        let tasks = Tasks::new(shutdown.clone());
        tasks.spawn("fails", async { anyhow::bail!("broken") });
        shutdown.cancelled().await;
        let error = tasks.join().await.unwrap_err();
        assert_eq!(error.to_string(), "fails failed: its log line says why");
    }

    #[tokio::test]
    async fn tasks_that_end_well_are_no_failure() {
        let shutdown = CancellationToken::new();
        let tasks = Tasks::new(shutdown.clone());
        tasks.spawn("ends", async { Ok(()) });
        tasks.join().await.unwrap();
        assert!(!shutdown.is_cancelled());
    }

    #[tokio::test]
    async fn a_panicking_task_shuts_the_service_down() {
        let shutdown = CancellationToken::new();
        let tasks = Tasks::new(shutdown.clone());
        tasks.spawn("panics", async { panic!("broken") });
        shutdown.cancelled().await;
        assert!(tasks.join().await.is_err());
    }
}
