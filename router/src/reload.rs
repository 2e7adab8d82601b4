//! The graph and the settings that are served now, and their replacement when what they are made
//! from changes.
//!
//! Files are looked at twice a second rather than watched: that sees what editors do (write another
//! file, rename it) and what Kubernetes does (swap a symlink two folders up) alike.

use std::{convert::Infallible, future, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use arc_swap::ArcSwap;
use axum::extract::FromRef;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Interval, MissedTickBehavior, interval},
};

use crate::{
    Config, Flags, Graph,
    guard::Guard,
    http::{LiveSettings, Settings},
    supergraph::{Source, Watched},
};

/// How often files are looked at. A change counts when it is still the same at the next look.
const LOOK: Duration = Duration::from_millis(500);

/// The graph that is current: requests take it once and end on what they took.
#[derive(Clone)]
pub(crate) struct LiveGraph(Arc<ArcSwap<Graph>>);

impl LiveGraph {
    pub(crate) fn new(graph: Graph) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(graph)))
    }

    pub(crate) fn current(&self) -> Graph {
        Graph::clone(&self.0.load())
    }

    pub(crate) fn guard(&self) -> Arc<Guard> {
        Arc::clone(self.0.load().guard())
    }
}

impl FromRef<LiveGraph> for Graph {
    fn from_ref(live: &LiveGraph) -> Self {
        live.current()
    }
}

/// Replaces graph and settings when what they are made from changed.
pub(crate) struct Reloader {
    /// What reads `router.yaml`; `None` for a configuration that was given.
    flags: Option<Flags>,
    /// The configuration as it was last read.
    read: Config,
    /// As far as it is in force: some keys wait for a restart.
    config: Arc<Config>,
    settings: LiveSettings,
    graph: LiveGraph,
    /// What the current graph was made from.
    source: Source,
    hangup: Option<Signal>,
    watched: Watched,
    /// How the files were when they were last read.
    seen: Stamps,
    /// How they are since, when that differs.
    changed: Option<Stamps>,
}

/// When, and as which file, each of several files was last written; `None` for one that is not
/// there.
type Stamps = Vec<Option<Stamp>>;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Stamp {
    modified: Option<std::time::SystemTime>,
    bytes: u64,
    inode: u64,
}

impl Reloader {
    /// Loads the graph that `config` names, to be replaced from then on. With `flags`, so is
    /// `config`, which they gave.
    pub(crate) async fn start(config: &Config, flags: Option<Flags>) -> anyhow::Result<Self> {
        // elsewhere a hangup ends the process, as is usual
        let hangup = match config.supergraph.sdl {
            None => Some(signal(SignalKind::hangup())?),
            Some(_) => None,
        };
        let (watched, seen) = look(config, flags.as_ref()).await;
        let settings = Settings::new(config, None)?;
        let source = Source::read(&config.supergraph).await?;
        let graph = Graph::new(config, &source, None)?;
        Ok(Self {
            flags,
            read: config.clone(),
            config: Arc::new(config.clone()),
            settings: LiveSettings::new(settings),
            graph: LiveGraph::new(graph),
            source,
            hangup,
            watched,
            seen,
            changed: None,
        })
    }

    pub(crate) fn graph(&self) -> LiveGraph {
        self.graph.clone()
    }

    pub(crate) fn settings(&self) -> LiveSettings {
        self.settings.clone()
    }

    /// Replaces what is served whenever there is reason to.
    pub(crate) async fn run(mut self) -> Infallible {
        let Some(mut hangup) = self.hangup.take() else {
            // the supergraph was given, and nobody can give another
            return future::pending().await;
        };
        let every = |period| {
            let mut interval = interval(period);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval.reset();
            interval
        };
        let mut looks = self.config.supergraph.watch.then(|| every(LOOK));
        let seconds = self.config.supergraph.poll_seconds;
        let mut polls = (seconds > 0).then(|| every(Duration::from_secs(seconds)));
        loop {
            tokio::select! {
                _ = hangup.recv() => self.reload().await,
                () = tick(&mut looks) => {
                    if self.has_changed().await {
                        self.reload().await;
                    }
                }
                () = tick(&mut polls) => {
                    if self.watched.asks_subgraphs {
                        self.reload_supergraph().await;
                    }
                }
            }
        }
    }

    /// Whether the files changed and are done changing.
    async fn has_changed(&mut self) -> bool {
        let stamps = stamps(self.watched.files.clone()).await;
        if stamps == self.seen {
            self.changed = None;
            return false;
        }
        let is_done = self.changed.as_ref() == Some(&stamps);
        self.changed = Some(stamps);
        is_done
    }

    async fn reload(&mut self) {
        // before they are read: what changes meanwhile is seen at the next look
        (self.watched, self.seen) = look(&self.config, self.flags.as_ref()).await;
        self.changed = None;
        if self.flags.is_some() {
            self.reload_config().await;
        }
        self.reload_supergraph().await;
    }

    async fn reload_config(&mut self) {
        let outcome = match self.replace_config().await {
            Ok(true) => {
                tracing::info!("the configuration was replaced");
                "replaced"
            }
            Ok(false) => "unchanged",
            Err(error) => {
                tracing::error!(
                    error.message = format!("{error:#}"),
                    "the configuration cannot be loaded again: the old one stays"
                );
                "failed"
            }
        };
        metrics::counter!("router_config_reloads_total", "outcome" => outcome).increment(1);
    }

    /// Reads `router.yaml` and the manifest of persisted operations anew and has them take the
    /// place of the old ones, unless they are the same.
    async fn replace_config(&mut self) -> anyhow::Result<bool> {
        let Some(flags) = self.flags.clone() else {
            return Ok(false);
        };
        let running = Arc::clone(&self.config);
        let load = move || {
            let mut read = flags.load()?.with_supergraph()?;
            read.on_cores = running.on_cores;
            let (config, waiting) = read.clone().over(&running);
            Ok((Box::new(read), Arc::new(config), waiting))
        };
        let (read, config, waiting) = off_core(load).await?;
        // before its files are read: what changes meanwhile is seen at the next look
        let (watched, seen) = look(&config, self.flags.as_ref()).await;
        match self.take_over(&read, config, &waiting).await {
            Ok(is_new) => {
                if is_new {
                    (self.watched, self.seen) = (watched, seen);
                    self.read = *read;
                }
                Ok(is_new)
            }
            Err(error) => {
                self.watch_too(watched, seen);
                Err(error)
            }
        }
    }

    /// Has `config`, which is `read` as far as it can be without a restart, take the place of the
    /// old one; false when it is the same.
    async fn take_over(
        &mut self,
        read: &Config,
        config: Arc<Config>,
        waiting: &[&str],
    ) -> anyhow::Result<bool> {
        let (new, old) = (Arc::clone(&config), self.settings.current());
        let load = move || {
            let settings = Settings::new(&new, Some(&old))?;
            let lists_the_same = settings.lists_the_same(&old);
            Ok((settings, lists_the_same))
        };
        let (settings, lists_the_same) = off_core(load).await?;
        if *read == self.read && lists_the_same {
            return Ok(false);
        }
        if !waiting.is_empty() {
            let keys = waiting.join(", ");
            tracing::warn!(keys, "some changed keys need a restart");
        }
        if self.config != config {
            let source = Source::read(&config.supergraph).await?;
            self.put(config, source).await?;
        }
        self.settings.replace(settings);
        Ok(true)
    }

    /// Watches the files of a configuration that was refused beside those of the one in force:
    /// what is wrong may be in one of them.
    fn watch_too(&mut self, refused: Watched, seen: Stamps) {
        for (file, stamp) in refused.files.into_iter().zip(seen) {
            if !self.watched.files.contains(&file) {
                self.watched.files.push(file);
                self.seen.push(stamp);
            }
        }
    }

    async fn reload_supergraph(&mut self) {
        let outcome = match self.replace().await {
            Ok(true) => {
                tracing::info!("the supergraph was replaced");
                "replaced"
            }
            Ok(false) => "unchanged",
            Err(error) => {
                tracing::error!(
                    error.message = format!("{error:#}"),
                    "the supergraph cannot be loaded again: the old one stays"
                );
                "failed"
            }
        };
        metrics::counter!("router_supergraph_reloads_total", "outcome" => outcome).increment(1);
    }

    /// Loads the graph anew and puts it in place of the old one, unless it would be the same.
    async fn replace(&mut self) -> anyhow::Result<bool> {
        let source = Source::read(&self.config.supergraph).await?;
        if source == self.source {
            return Ok(false);
        }
        self.put(Arc::clone(&self.config), source).await?;
        Ok(true)
    }

    /// Puts the graph of `config` and `source` in place of the old one.
    async fn put(&mut self, config: Arc<Config>, source: Source) -> anyhow::Result<()> {
        let old = self.graph.current();
        let build = {
            let (config, old) = (Arc::clone(&config), old.clone());
            move || Graph::new(&config, &source, Some(&old)).map(|graph| (graph, source))
        };
        let (graph, source) = off_core(build).await?;
        graph.warm_up(&old).await;
        self.graph.0.store(Arc::new(graph));
        self.source = source;
        self.config = config;
        Ok(())
    }
}

/// What `load` gives, which keeps a core busy.
async fn off_core<T: Send + 'static>(
    load: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let loaded = tokio::task::spawn_blocking(load).await;
    loaded.context("what was to be loaded made something panic")?
}

async fn tick(interval: &mut Option<Interval>) {
    match interval {
        Some(interval) => {
            interval.tick().await;
        }
        None => future::pending().await,
    }
}

/// What is to be watched, and how it is now.
async fn look(config: &Config, flags: Option<&Flags>) -> (Watched, Stamps) {
    let mut watched = match &config.supergraph.path {
        Some(path) => Watched::of(path).await,
        None => Watched {
            files: Vec::new(),
            asks_subgraphs: false,
        },
    };
    if let Some(flags) = flags {
        watched.files.extend(flags.config.clone());
        let manifest = config.persisted_queries.manifest.clone();
        watched.files.extend(manifest);
    }
    let stamps = stamps(watched.files.clone()).await;
    (watched, stamps)
}

async fn stamps(files: Vec<PathBuf>) -> Stamps {
    let look = move || files.iter().map(|file| stamp(file)).collect();
    // nothing in it panics; were it to, no stamps would be a change that is never done
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}

fn stamp(file: &std::path::Path) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = std::fs::metadata(file).ok()?;
    Some(Stamp {
        modified: metadata.modified().ok(),
        bytes: metadata.len(),
        inode: metadata.ino(),
    })
}
