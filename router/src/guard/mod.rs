//! Who calls, and how often they may: the token is verified once, and what is asked is counted,
//! before anything is planned or sent.

mod authentication;
mod bucket;
mod rate_limit;

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{Extensions, HeaderMap};
use setwise_auth::AuthError;
use setwise_service::Network;

use crate::{Authentication, Claims, Config, RateLimits, graph::GraphError, reload::LiveGraph};

use authentication::{Authenticator, rejected};
use rate_limit::RateLimiter;

/// Who asks for an operation.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The client's address as trusted proxies tell it; `None` for a call from within.
    pub address: Option<IpAddr>,
    /// The claims of the verified token; `None` without authentication or token.
    pub claims: Option<Arc<Claims>>,
    /// Why the token that was given is not taken.
    pub(crate) rejected: Option<GraphError>,
}

/// What stands before every operation.
pub(crate) struct Guard {
    trusted_proxies: Vec<Network>,
    authenticator: Option<Arc<Authenticator>>,
    limiter: Arc<RateLimiter>,
    /// What the two were made by.
    config: (Authentication, RateLimits),
}

impl Guard {
    /// The guard of `config`; what that says as before goes on with the keys and counts of `old`.
    pub(crate) fn new(config: &Config, old: Option<&Self>) -> anyhow::Result<Self> {
        let (authentication, rate_limits) = (&config.authentication, &config.rate_limits);
        let authenticator = match old.filter(|old| old.config.0 == *authentication) {
            Some(old) => old.authenticator.clone(),
            None => Authenticator::new(authentication)?.map(Arc::new),
        };
        let limiter = match old.filter(|old| old.config.1 == *rate_limits) {
            Some(old) => Arc::clone(&old.limiter),
            None => Arc::new(RateLimiter::new(rate_limits)),
        };
        Ok(Self {
            trusted_proxies: config.trusted_proxies().map_err(anyhow::Error::msg)?,
            authenticator,
            limiter,
            config: (authentication.clone(), rate_limits.clone()),
        })
    }

    /// Lets `caller` ask for an operation, which counts once.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<(), GraphError> {
        if let Some(error) = &caller.rejected {
            return Err(error.clone());
        }
        // on a connection that stays open, a token grows old
        if caller.remaining().is_some_and(|left| left.is_zero()) {
            return Err(rejected(AuthError::Expired));
        }
        self.limiter.count(caller, 1)
    }

    /// Lets `caller` ask for the root fields that the operation turned out to have.
    pub(crate) fn admit_fields(
        &self,
        caller: &Caller,
        root_fields: &[String],
    ) -> Result<(), GraphError> {
        if root_fields.len() > 1 {
            self.limiter.count(caller, root_fields.len() - 1)?;
        }
        self.limiter.count_fields(caller, root_fields)
    }

    /// The one who sent `headers`, who is written into `extensions`.
    pub(crate) async fn identify(&self, headers: &HeaderMap, extensions: &mut Extensions) {
        let caller = self.caller(headers, extensions).await;
        extensions.remove::<Arc<Claims>>();
        if let Some(claims) = &caller.claims {
            extensions.insert(Arc::clone(claims));
        }
        extensions.insert(caller);
    }

    async fn caller(&self, headers: &HeaderMap, extensions: &Extensions) -> Caller {
        let client = setwise_service::Client::of(headers, extensions, &self.trusted_proxies);
        let mut caller = Caller {
            address: client.address,
            ..Caller::default()
        };
        if let Some(authenticator) = &self.authenticator
            && let Some(token) = setwise_auth::bearer(headers)
        {
            match authenticator.verify(token).await {
                Ok(claims) => caller.claims = Some(claims),
                Err(error) => caller.rejected = Some(error),
            }
        }
        caller
    }
}

/// Finds out who calls and tells it to the handlers, as an extension of the request.
pub(crate) async fn identify(
    State(graph): State<LiveGraph>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let guard = graph.guard();
    guard.identify(&parts.headers, &mut parts.extensions).await;
    next.run(Request::from_parts(parts, body)).await
}

impl Caller {
    /// The one whom `extensions` of a request tell of.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// The same without its token, for what needs none.
    pub(crate) fn without_token(self) -> Self {
        Self {
            address: self.address,
            ..Self::default()
        }
    }

    /// How long the caller's token goes on to be valid; `None` without one, or when it does not end.
    pub(crate) fn remaining(&self) -> Option<Duration> {
        self.claims.as_ref()?.remaining()
    }

    fn subject(&self) -> Option<Arc<str>> {
        let subject = self.claims.as_ref()?.0.get("sub")?.as_str()?;
        Some(subject.into())
    }
}
