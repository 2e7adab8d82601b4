//! Four small subgraphs in one process, each on a port of its own:
//! `bench-subgraphs USERS PRODUCTS REVIEWS INVENTORY`. They answer from memory and know no
//! GraphQL beyond what gateways send: documents are compiled once, and answers written directly.

mod data;
mod document;
mod execute;

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use data::Graph;
use document::Documents;

struct Subgraph {
    graph: Graph,
    documents: Documents,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let ports: Vec<u16> = std::env::args()
        .skip(1)
        .map(|port| port.parse())
        .collect::<Result<_, _>>()
        .context("ports must be numbers")?;
    let graphs = [
        data::users(),
        data::products(),
        data::reviews(),
        data::inventory(),
    ];
    anyhow::ensure!(ports.len() == graphs.len(), "expected four ports");
    let mut servers = Vec::new();
    for (port, graph) in ports.into_iter().zip(graphs) {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        let documents = Documents::default();
        servers.push(tokio::spawn(serve(
            listener,
            Arc::new(Subgraph { graph, documents }),
        )));
    }
    for server in servers {
        server.await??;
    }
    Ok(())
}

async fn serve(listener: TcpListener, subgraph: Arc<Subgraph>) -> anyhow::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let subgraph = Arc::clone(&subgraph);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(Arc::clone(&subgraph), request));
            // a connection that the gateway drops is the gateway's affair
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    subgraph: Arc<Subgraph>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let has_token = request
        .headers()
        .get(header::AUTHORIZATION)
        .is_some_and(|value| value.as_bytes().starts_with(b"Bearer "));
    if !has_token {
        return Ok(refuse(StatusCode::UNAUTHORIZED, "no token came through"));
    }
    let Ok(body) = request.into_body().collect().await else {
        return Ok(refuse(StatusCode::BAD_REQUEST, "the body broke off"));
    };
    Ok(
        match execute::execute(&subgraph.graph, &subgraph.documents, &body.to_bytes()) {
            Ok(body) => {
                let mut response = Response::new(Full::from(body));
                let json = header::HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                response
            }
            Err(error) => refuse(StatusCode::BAD_REQUEST, &format!("{error:#}")),
        },
    )
}

fn refuse(status: StatusCode, why: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(why.to_owned()));
    *response.status_mut() = status;
    response
}
