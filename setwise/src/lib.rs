//! The all-in-one process: every service as a library, in one process, with
//! embedded defaults for what they need.
//!
//! [`boot`] is what `bin/run` and the whole-stack tests start. A new service
//! is added in `services.rs`; a new embedded part gets a module of its own
//! and an environment variable that replaces it.

mod broker;
mod database;
mod demo;
mod embedded;
mod options;
mod postgres;
mod secrets;
mod services;

use std::{fs, os::unix::fs::DirBuilderExt, path::PathBuf};

use anyhow::{Context, Result};
use setwise_service::Tasks;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use options::{Addresses, Options};

use crate::{embedded::Embedded, secrets::Secrets, services::Addressed};

/// A running Setwise.
pub struct Running {
    pub web_url: Url,
    pub router_url: Url,
    pub users_url: Url,
    pub training_url: Url,
    pub files_url: Url,
    pub email_url: Url,
    /// Where mails can be read; none when they go to a mail server.
    pub mailbox_url: Option<Url>,
    pub kafka_brokers: String,
    /// The data folder, absolute.
    pub data: PathBuf,
    /// The sign-in of the demo account, when it was asked for.
    pub demo: Option<DemoAccount>,
    /// Each service's own switch, to see what the others do without it.
    pub switches: Switches,
    shutdown: CancellationToken,
    tasks: Tasks,
    embedded: Embedded,
}

/// The demo account's sign-in.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    pub email: String,
    pub password: String,
}

/// Cancelling one stops that part alone.
#[derive(Clone, Debug)]
pub struct Switches {
    pub broker: CancellationToken,
    pub users: CancellationToken,
    pub training: CancellationToken,
    pub files: CancellationToken,
    pub router: CancellationToken,
    pub email: CancellationToken,
    pub web: CancellationToken,
}

/// Starts everything and answers when all of it is ready. `shutdown` stops it;
/// then wait with [`Running::stopped`].
///
/// # Errors
/// When a port is in use, a program is missing, the disk is full, or a part
/// does not become ready: the text says which and what to do.
pub async fn boot(options: Options, shutdown: CancellationToken) -> Result<Running> {
    let data = data_folder(&options)?;
    let secrets = Secrets::open(&data)?;
    let addressed = Addressed::bind(&options).await?;
    let tasks = Tasks::new(shutdown.clone());
    let embedded = Embedded::start(&options, &data, &secrets, &tasks).await?;
    let started = services::start(&options, &data, &secrets, &embedded, addressed, &tasks).await;
    let started = match started {
        Ok(started) => started,
        Err(error) => {
            shutdown.cancel();
            // A service that failed tells more than that others waited for it.
            let failed = tasks.join().await.err();
            embedded.stop().await?;
            return Err(failed.unwrap_or(error));
        }
    };
    Ok(Running {
        web_url: started.urls.web,
        router_url: started.urls.router,
        users_url: started.urls.users,
        training_url: started.urls.training,
        files_url: started.urls.files,
        email_url: started.urls.email,
        mailbox_url: started.urls.mailbox,
        kafka_brokers: embedded.kafka_brokers.clone(),
        data,
        demo: started.demo,
        switches: started.switches,
        shutdown,
        tasks,
        embedded,
    })
}

impl Running {
    /// Waits for the shutdown, then until everything has ended in order: the
    /// services, the broker, the database.
    ///
    /// # Errors
    /// When the database cannot be stopped, or a part failed.
    pub async fn stopped(mut self) -> Result<()> {
        let outcome = tokio::select! {
            () = self.shutdown.cancelled() => Ok(()),
            ended = self.embedded.watch() => ended,
        };
        self.shutdown.cancel();
        let tasks = self.tasks.join().await;
        self.embedded.stop().await?;
        outcome.and(tasks)
    }

    /// Stops everything now.
    ///
    /// # Errors
    /// As [`Self::stopped`].
    pub async fn stop(self) -> Result<()> {
        self.shutdown.cancel();
        self.stopped().await
    }
}

fn data_folder(options: &Options) -> Result<PathBuf> {
    let make = || {
        fs::create_dir_all(&options.data)?;
        let data = fs::canonicalize(&options.data)?;
        // Whose mails, pictures and messages these are is nobody else's business.
        for name in ["broker", "files", "mail"] {
            let mut private = fs::DirBuilder::new();
            private
                .recursive(true)
                .mode(0o700)
                .create(data.join(name))?;
        }
        std::io::Result::Ok(data)
    };
    make().with_context(|| {
        format!(
            "the data folder {} cannot be made: set SETWISE_DATA to a folder that can be written",
            options.data.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_people_wrote_is_its_owners_alone() {
        let parent = tempfile::tempdir().unwrap();
        let url = Url::parse("http://127.0.0.1:3000").unwrap();
        let options = Options::embedded(parent.path().join("data"), url);
        let data = data_folder(&options).unwrap();
        for name in ["broker", "files", "mail"] {
            let mode = fs::metadata(data.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{name}");
        }
    }
}
