use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span,
};
use prost::Message;
use setwise_e2e::{MAIL_DEADLINE, register_by_form};
use setwise_testkit::eventually;

use crate::process::Process;

type Spans = Arc<Mutex<Vec<Span>>>;

/// An OTLP collector that keeps what it is sent.
async fn collect() -> (String, Spans) {
    let spans = Spans::default();
    let keep = |State(spans): State<Spans>, body: Bytes| async move {
        let request = ExportTraceServiceRequest::decode(body).unwrap();
        let mut spans = spans.lock().unwrap();
        for resource in request.resource_spans {
            for scope in resource.scope_spans {
                spans.extend(scope.spans);
            }
        }
    };
    let app = Router::new()
        .route("/v1/traces", post(keep))
        .with_state(spans.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, spans)
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_is_one_trace_from_the_web_to_sql_and_the_mail() {
    let (collector, spans) = collect().await;
    let data = tempfile::tempdir().unwrap();
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];
    let process = Process::start(data.path(), &environment).await;

    register_by_form(&process.web, "trace@example.com").await;

    let whole = ["POST /register", "POST /graphql", "email.send"];
    let found = tokio::time::timeout(
        MAIL_DEADLINE,
        eventually(
            "one trace of the whole way",
            2 * MAIL_DEADLINE,
            async || {
                let spans = spans.lock().unwrap();
                let traces: BTreeSet<_> = spans.iter().map(|span| span.trace_id.clone()).collect();
                traces.into_iter().find_map(|id| {
                    let trace: Vec<Span> = spans
                        .iter()
                        .filter(|span| span.trace_id == id)
                        .cloned()
                        .collect();
                    let named = |name: &&str| trace.iter().any(|span| span.name == *name);
                    whole.iter().all(named).then_some(trace)
                })
            },
        ),
    )
    .await;
    let trace = found.unwrap_or_else(|_| panic!("no such trace among {}", outline(&spans)));
    let statements = trace
        .iter()
        .flat_map(|span| &span.events)
        .map(|event| format!("{event:?}"));
    let inserts = statements
        .filter(|text| text.contains("users.account"))
        .count();
    assert!(
        inserts > 0,
        "no SQL in {:?}",
        trace.iter().map(|span| &span.name).collect::<Vec<_>>()
    );
    assert!(process.interrupt().await.success());
}

/// The names of the spans that came, by trace.
fn outline(spans: &Spans) -> String {
    let spans = spans.lock().unwrap();
    let traces: BTreeSet<_> = spans.iter().map(|span| &span.trace_id).collect();
    let names = |id: &Vec<u8>| -> Vec<&str> {
        let of_trace = spans.iter().filter(|span| span.trace_id == *id);
        of_trace.map(|span| span.name.as_str()).collect()
    };
    traces
        .into_iter()
        .map(|id| names(id).join(", "))
        .collect::<Vec<_>>()
        .join("\n")
}
