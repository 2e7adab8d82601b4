//! Requests to subgraphs over pooled connections.

use std::{collections::HashSet, error::Error as _, sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use setwise_service::cores::PerCore;

use crate::upload::Outgoing;

use super::connection::{self, Connector};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an idle connection is kept. Servers close theirs after a minute or more.
const IDLE: Duration = Duration::from_secs(50);

/// What is accepted where one answer comes.
const ONE: HeaderValue =
    HeaderValue::from_static("application/graphql-response+json, application/json");

/// What is accepted where answers go on.
const EVENTS: HeaderValue = HeaderValue::from_static(
    "text/event-stream, application/graphql-response+json;q=0.9, application/json;q=0.9",
);

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An HTTP client for all subgraphs. A clone shares its connections.
#[derive(Clone, Debug)]
pub(crate) struct SubgraphClient {
    http: PerCore<HttpClient>,
    /// Never takes a connection that was used before.
    fresh: HttpClient,
    /// Speaks HTTP/2 without asking.
    http2: PerCore<HttpClient>,
    /// The URLs that are asked in HTTP/2.
    http2_urls: Arc<HashSet<Uri>>,
    has_certificates: bool,
    max_response_bytes: usize,
}

type HttpClient = Client<HttpsConnector<Connector>, Either<Full<Bytes>, Body>>;

/// Why a subgraph gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("cannot connect")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    #[error("connection lost")]
    ConnectionLost(#[source] anyhow::Error),
    #[error("no answer in time")]
    Timeout,
    #[error("answered with status {0}")]
    Status(StatusCode),
    #[error("answer is larger than {0} bytes")]
    TooLarge(usize),
    #[error("too many requests wait for their turn")]
    Busy,
    #[error("it failed too often, and is left alone for {retry_after:?}")]
    LeftAlone { retry_after: Duration },
}

impl SubgraphClient {
    /// A client for `urls`, of which those of `http2_urls` are asked in HTTP/2 at once, that takes
    /// answers of at most `max_response_bytes`; certificates are only read for `https`.
    pub(crate) fn new(
        urls: &[Uri],
        http2_urls: HashSet<Uri>,
        max_response_bytes: usize,
    ) -> anyhow::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let is_secure = is_secure(urls);
        let builder = HttpsConnectorBuilder::new();
        let builder = if is_secure {
            builder.with_provider_and_native_roots(ring::default_provider())?
        } else {
            let provider = Arc::new(ring::default_provider());
            let config = ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
            builder.with_tls_config(config)
        };
        let connector = builder
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(connection::connector(connector));
        let mut builder = Client::builder(TokioExecutor::new());
        builder
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE);
        Ok(Self {
            http: PerCore::new(|| builder.build(connector.clone())),
            http2: PerCore::new(|| {
                let mut builder = builder.clone();
                builder.http2_only(true).build(connector.clone())
            }),
            fresh: builder.pool_max_idle_per_host(0).build(connector),
            http2_urls: Arc::new(http2_urls),
            max_response_bytes,
            has_certificates: is_secure,
        })
    }

    /// Whether this client can ask all of `urls`.
    pub(crate) fn takes(&self, urls: &[Uri]) -> bool {
        self.has_certificates || !is_secure(urls)
    }

    /// The same connections, for other `http2_urls` and answers of at most `max_response_bytes`.
    pub(crate) fn with(&self, http2_urls: HashSet<Uri>, max_response_bytes: usize) -> Self {
        Self {
            http2_urls: Arc::new(http2_urls),
            max_response_bytes,
            ..self.clone()
        }
    }

    /// Posts a GraphQL request and reads the answer within `timeout`. When the connection is lost
    /// before anything came back, a new one is tried once if the request `may_retry`: a server
    /// may close an idle connection just when it is used.
    pub(crate) async fn post(
        &self,
        url: &Uri,
        headers: &HeaderMap,
        body: Bytes,
        timeout: Duration,
        may_retry: bool,
    ) -> Result<Bytes, FetchError> {
        let exchange = async {
            let post = |client, body| {
                let body = Either::Left(Full::new(body));
                send(client, url, headers, JSON, body)
            };
            let response = match post(self.client(url), body.clone()).await {
                Err(FetchError::ConnectionLost(_)) if may_retry => {
                    post(self.fresh_client(url), body).await?
                }
                sent => sent?,
            };
            read(response, self.max_response_bytes).await
        };
        tokio::time::timeout(timeout, exchange)
            .await
            .unwrap_or(Err(FetchError::Timeout))
    }

    /// Posts a GraphQL request with files, once: they cannot be sent again.
    pub(crate) async fn post_files(
        &self,
        url: &Uri,
        headers: &HeaderMap,
        Outgoing { content_type, body }: Outgoing,
        timeout: Duration,
    ) -> Result<Bytes, FetchError> {
        let content_type = HeaderValue::from_maybe_shared(Bytes::from(content_type))
            .map_err(|error| FetchError::ConnectionLost(error.into()))?;
        let exchange = async {
            let body = Either::Right(body);
            let client = self.fresh_client(url);
            let response = send(client, url, headers, content_type, body).await?;
            read(response, self.max_response_bytes).await
        };
        tokio::time::timeout(timeout, exchange)
            .await
            .unwrap_or(Err(FetchError::Timeout))
    }

    /// Posts a request whose answer is events that go on, and gives it as soon as it begins.
    pub(crate) async fn open_stream(
        &self,
        url: &Uri,
        headers: &HeaderMap,
        body: Bytes,
        timeout: Duration,
    ) -> Result<http::Response<Incoming>, FetchError> {
        let body = Either::Left(Full::new(body));
        let client = self.fresh_client(url);
        let sent = send_accepting(client, EVENTS, url, headers, JSON, body);
        tokio::time::timeout(timeout, sent)
            .await
            .unwrap_or(Err(FetchError::Timeout))
    }

    fn client(&self, url: &Uri) -> &HttpClient {
        if self.http2_urls.contains(url) {
            self.http2.here()
        } else {
            self.http.here()
        }
    }

    /// For a request that a closed connection must not fail.
    fn fresh_client(&self, url: &Uri) -> &HttpClient {
        if self.http2_urls.contains(url) {
            self.http2.here()
        } else {
            &self.fresh
        }
    }
}

async fn send(
    client: &HttpClient,
    url: &Uri,
    headers: &HeaderMap,
    content_type: HeaderValue,
    body: Either<Full<Bytes>, Body>,
) -> Result<http::Response<Incoming>, FetchError> {
    send_accepting(client, ONE, url, headers, content_type, body).await
}

async fn send_accepting(
    client: &HttpClient,
    accept: HeaderValue,
    url: &Uri,
    headers: &HeaderMap,
    content_type: HeaderValue,
    body: Either<Full<Bytes>, Body>,
) -> Result<http::Response<Incoming>, FetchError> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.clone();
    *request.headers_mut() = headers.clone();
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    request.headers_mut().insert(header::ACCEPT, accept);
    client.request(request).await.map_err(|error| {
        if error.is_connect() {
            FetchError::Unreachable(error)
        } else {
            FetchError::ConnectionLost(error.into())
        }
    })
}

fn is_secure(urls: &[Uri]) -> bool {
    urls.iter().any(|url| url.scheme_str() == Some("https"))
}

/// The body of an answer that is GraphQL. Other statuses than 200 may carry GraphQL too.
async fn read(response: http::Response<Incoming>, max_bytes: usize) -> Result<Bytes, FetchError> {
    let status = response.status();
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("json"));
    if !status.is_success() && !is_json {
        return Err(FetchError::Status(status));
    }
    let body = Limited::new(response.into_body(), max_bytes)
        .collect()
        .await
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                FetchError::TooLarge(max_bytes)
            } else {
                FetchError::ConnectionLost(anyhow::Error::from_boxed(error))
            }
        })?;
    Ok(body.to_bytes())
}

impl FetchError {
    /// Whether it tells that the subgraph is not well.
    pub(crate) fn is_failure(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::ConnectionLost(_) | Self::Timeout => true,
            Self::Status(status) => status.is_server_error(),
            Self::TooLarge(_) | Self::Busy | Self::LeftAlone { .. } => false,
        }
    }

    /// The error's and its causes' words, for the log.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(error) = source {
            text.push_str(": ");
            text.push_str(&error.to_string());
            source = error.source();
        }
        text
    }
}
