use std::sync::{Arc, Mutex};

use opentelemetry::{
    global,
    trace::{SpanId, TracerProvider},
};
use opentelemetry_sdk::{
    error::OTelSdkResult,
    propagation::TraceContextPropagator,
    trace::{SdkTracerProvider, SpanData, SpanExporter},
};
use tracing_subscriber::{layer::SubscriberExt, util::SubscriberInitExt};

/// The spans that ended in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Arc<Mutex<Vec<SpanData>>>);

impl Spans {
    /// Follows all spans of this process from now on; once a process.
    pub fn follow() -> Self {
        let spans = Self::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(spans.clone())
            .build();
        global::set_text_map_propagator(TraceContextPropagator::new());
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("tests"));
        tracing_subscriber::registry().with(layer).init();
        spans
    }

    /// The only span of this name below `parent`, once it has ended.
    pub fn child(&self, parent: SpanId, name: &str) -> Option<SpanData> {
        let spans = self.0.lock().unwrap();
        let mut children = spans
            .iter()
            .filter(|span| span.parent_span_id == parent && span.name == name);
        let child = children.next()?.clone();
        assert!(children.next().is_none(), "two spans {name}");
        Some(child)
    }
}

impl SpanExporter for Spans {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().extend(batch);
        Ok(())
    }
}
