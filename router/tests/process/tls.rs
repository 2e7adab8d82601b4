//! A subgraph behind TLS: who it must be, and the version of HTTP that is agreed on.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, routing::post};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    service::TowerToHyperService,
};
use rcgen::CertifiedKey;
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::support::{Folder, Numbers, Process, supergraph};

const H2: &[u8] = b"h2";
const HTTP_1: &[u8] = b"http/1.1";

/// A subgraph that answers over TLS, and its certificate.
struct Secure {
    url: String,
    certificate: String,
    /// What was agreed on, by connection.
    agreed: Arc<Mutex<Vec<Vec<u8>>>>,
    _connections: JoinSet<()>,
}

impl Secure {
    async fn start(protocols: &[&[u8]]) -> Self {
        let names = ["127.0.0.1".to_owned()];
        let CertifiedKey { cert, key_pair } = rcgen::generate_simple_self_signed(names).unwrap();
        let key = PrivateKeyDer::Pkcs8(key_pair.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/graphql", listener.local_addr().unwrap());
        let agreed = Arc::default();
        let mut connections = JoinSet::new();
        connections.spawn(serve(listener, acceptor, Arc::clone(&agreed)));
        Self {
            url,
            certificate: cert.pem(),
            agreed,
            _connections: connections,
        }
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, agreed: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let connection = answer(stream, acceptor.clone(), Arc::clone(&agreed));
        connections.spawn(async move {
            // who does not trust the certificate goes away
            let _ = connection.await;
        });
    }
}

async fn answer(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    agreed: Arc<Mutex<Vec<Vec<u8>>>>,
) -> io::Result<()> {
    let stream = acceptor.accept(stream).await?;
    let protocol = stream.get_ref().1.alpn_protocol().unwrap_or_default();
    let protocol = protocol.to_vec();
    agreed.lock().unwrap().push(protocol.clone());
    let a = || async { Json(json!({ "data": { "a": 1 } })) };
    let app = Router::new().route("/graphql", post(a));
    let service = TowerToHyperService::new(app);
    let io = TokioIo::new(stream);
    let served = if protocol == H2 {
        let http = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
        http.serve_connection(io, service).await
    } else {
        let http = hyper::server::conn::http1::Builder::new();
        http.serve_connection(io, service).await
    };
    served.map_err(io::Error::other)
}

/// A router over `subgraph` that trusts the certificate of `trusted`.
async fn router(subgraph: &Secure, trusted: &Secure) -> (Process, Folder) {
    let folder = Folder::of(&Numbers::start().await);
    folder.write("trusted.pem", &trusted.certificate);
    let yaml = supergraph(&subgraph.url, "file: numbers.graphql");
    folder.write("supergraph.yaml", &yaml);
    let supergraph = folder.text("supergraph.yaml");
    let environment = [("SSL_CERT_FILE", folder.text("trusted.pem"))];
    let router = Process::start_with(&["--supergraph", &supergraph], environment).await;
    (router, folder)
}

#[tokio::test]
async fn http2_is_agreed_on_where_a_subgraph_speaks_it() {
    let one = json!({ "data": { "a": 1 } });
    for (offered, expected) in [(&[H2, HTTP_1][..], H2), (&[HTTP_1][..], HTTP_1)] {
        let subgraph = Secure::start(offered).await;
        let (router, _folder) = router(&subgraph, &subgraph).await;
        assert_eq!(router.query("{ a }").await, one, "{}", router.log());
        assert_eq!(*subgraph.agreed.lock().unwrap(), [expected.to_vec()]);
    }
}

#[tokio::test]
async fn a_subgraph_that_is_another_is_not_asked() {
    let subgraph = Secure::start(&[H2]).await;
    let other = Secure::start(&[H2]).await;
    let (router, _folder) = router(&subgraph, &other).await;
    let answer = router.query("{ a }").await;
    assert_eq!(answer["data"]["a"], json!(null), "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["service"], "numbers");
    assert!(router.log().contains("certificate"), "{}", router.log());
    assert_eq!(*subgraph.agreed.lock().unwrap(), [[0; 0]; 0]);
}
