use std::sync::Arc;

use apollo_compiler::ExecutableDocument;

use super::{graph, supergraph_sdl};
use crate::{
    GraphRequest,
    config::Subgraphs,
    rest::{
        auth, call::Document, exercises, files, generation_settings, muscle_groups, routines,
        users, workouts,
    },
    supergraph::Supergraph,
};

static DOCUMENTS: [&Document; 8] = [
    &auth::DOCUMENT,
    &exercises::DOCUMENT,
    &files::DOCUMENT,
    &generation_settings::DOCUMENT,
    &muscle_groups::DOCUMENT,
    &routines::DOCUMENT,
    &users::DOCUMENT,
    &workouts::DOCUMENT,
];

#[tokio::test]
async fn the_graph_plans_every_stored_operation() {
    let schema = Supergraph::new(&supergraph_sdl(), &Subgraphs::default())
        .unwrap()
        .api_schema;
    let graph = graph().await;
    for document in DOCUMENTS {
        let text: &str = &document.text;
        let parsed = ExecutableDocument::parse_and_validate(&schema, text, "stored.graphql")
            .unwrap_or_else(|invalid| panic!("{}", invalid.errors));
        for name in parsed.operations.named.keys() {
            let request = GraphRequest {
                query: Arc::clone(&document.text),
                operation_name: Some(name.to_string()),
                ..GraphRequest::default()
            };
            let prepared = graph.prepare(&request).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
        }
    }
}
