use std::sync::Arc;

use axum::{Router, middleware, response::Response, routing::get};
use http::{Method, Uri};
use setwise_service::{Network, Readiness, health, serve_http};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use url::Url;

use crate::{
    account, assets,
    config::Config,
    csrf::Csrf,
    error::WebError,
    exercise, files, generation,
    graph::Graph,
    home, insight, loading, measurement, page, profile, routine, security,
    session::{Cookies, Refresher, Seal},
    workout,
};

/// What every handler may use.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

struct Inner {
    graph: Graph,
    seal: Seal,
    cookies: Cookies,
    csrf: Csrf,
    public_url: Url,
    refresher: Refresher,
    trusted_proxies: Vec<Network>,
    shutdown: CancellationToken,
}

impl App {
    fn new(config: &Config, shutdown: CancellationToken) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            graph: Graph::new(config.router_url.clone())?,
            seal: Seal::new(&config.cookie_key),
            cookies: Cookies {
                secure: config.public_url.scheme() == "https",
            },
            csrf: Csrf::new(&config.cookie_key),
            public_url: config.public_url.clone(),
            refresher: Refresher::new(),
            trusted_proxies: config.trusted_proxies.clone(),
            shutdown,
        })))
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.0.graph
    }

    pub(crate) fn seal(&self) -> &Seal {
        &self.0.seal
    }

    pub(crate) fn cookies(&self) -> Cookies {
        self.0.cookies
    }

    pub(crate) fn csrf(&self) -> &Csrf {
        &self.0.csrf
    }

    pub(crate) fn public_url(&self) -> &Url {
        &self.0.public_url
    }

    pub(crate) fn refresher(&self) -> &Refresher {
        &self.0.refresher
    }

    pub(crate) fn trusted_proxies(&self) -> &[Network] {
        &self.0.trusted_proxies
    }

    /// Ends answers that go on.
    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }
}

/// Serves the web on `listener` until `shutdown`.
///
/// # Errors
/// When the HTTP client cannot be built or the listener fails for good.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let app = App::new(&config, shutdown.clone())?;
    // Ready also without a router: the web then says what to do, which is
    // better than what a proxy in front would say.
    let routes = routes(&app).merge(health(Readiness::new()));
    tracing::info!(server.address = %listener.local_addr()?, "the web listens");
    serve_http(listener, routes, shutdown).await?;
    Ok(())
}

fn routes(app: &App) -> Router {
    let pages = Router::new()
        .merge(account::routes())
        .merge(exercise::routes())
        .merge(generation::routes())
        .merge(home::routes())
        .merge(insight::routes())
        .merge(loading::routes())
        .merge(measurement::routes())
        .merge(profile::routes())
        .merge(routine::routes())
        .merge(workout::routes())
        .route("/manifest.webmanifest", get(assets::manifest));
    site(app, pages)
}

/// `pages` with what surrounds every page.
fn site(app: &App, pages: Router<App>) -> Router {
    let pages = pages
        .fallback(async || WebError::NotFound)
        .method_not_allowed_fallback(no_page)
        // Within `open`, which draws the page that says so.
        .layer(CatchPanicLayer::custom(WebError::panicked))
        .layer(middleware::from_fn_with_state(app.clone(), page::open));
    pages
        .merge(files::routes())
        .with_state(app.clone())
        .merge(assets::routes())
        .layer(middleware::from_fn(security::headers))
        .layer(CompressionLayer::new())
}

/// Where only forms are taken, a browser still asks for a page, after a form
/// was refused there: it gets the page above.
async fn no_page(method: Method, uri: Uri) -> Result<Response, WebError> {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Err(WebError::NotFound);
    }
    let above = uri.path().rsplit_once('/').map_or("", |(above, _)| above);
    Ok(page::see_other(if above.is_empty() { "/" } else { above }))
}

#[cfg(test)]
mod tests;
