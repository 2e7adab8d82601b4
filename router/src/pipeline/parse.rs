//! Parsing and validation against the API schema.

mod variables;

use apollo_compiler::{
    ExecutableDocument, Schema,
    ast::Document,
    parser::Parser,
    validation::{DiagnosticList, Valid},
};

use crate::{
    Limits,
    graph::{GraphError, Location},
};

use super::limits::{self, Limit, exceeded};

/// How many errors one answer tells.
const MAX_ERRORS: usize = 20;

/// Parses `text` and refuses what is beyond `limits`.
pub(crate) fn parse(limits: &Limits, text: &str) -> Result<Document, Vec<GraphError>> {
    if text.len() > limits.max_document_bytes {
        let (found, allowed) = (text.len(), limits.max_document_bytes);
        return Err(vec![exceeded(Limit::Bytes, found, allowed)]);
    }
    let mut parser = Parser::new()
        .recursion_limit(limits.max_depth.saturating_mul(2))
        .token_limit(limits.max_tokens);
    let parsed = parser.parse_ast(text, "operation.graphql");
    // the parser stops at its limits and tells it as an error of syntax
    if parser.tokens_reached() > limits.max_tokens {
        let found = parser.tokens_reached();
        return Err(vec![exceeded(Limit::Tokens, found, limits.max_tokens)]);
    }
    if parser.recursion_reached() > limits.max_depth.saturating_mul(2) {
        let found = limits.max_depth.saturating_add(1);
        return Err(vec![exceeded(Limit::Depth, found, limits.max_depth)]);
    }
    let document = parsed.map_err(|failed| to_errors("GRAPHQL_PARSE_FAILED", &failed.errors))?;
    limits::check(limits, &document).map_err(|error| vec![error])?;
    Ok(document)
}

/// Validates `document` against the API schema.
pub(crate) fn validate(
    schema: &Valid<Schema>,
    document: &Document,
) -> Result<Valid<ExecutableDocument>, Vec<GraphError>> {
    const CODE: &str = "GRAPHQL_VALIDATION_FAILED";
    // first what the schema does not have: the rest would only repeat it in other words
    let executable = document
        .to_executable(schema)
        .map_err(|failed| to_errors(CODE, &failed.errors))?;
    let valid = match executable.validate(schema) {
        Ok(valid) => valid,
        Err(failed) => {
            let document = failed.partial;
            let lenient = variables::with_lists_in_objects(schema, &document)
                .ok_or_else(|| to_errors(CODE, &failed.errors))?;
            lenient
                .validate(schema)
                .map_err(|failed| to_errors(CODE, &failed.errors))?;
            Valid::assume_valid(document)
        }
    };
    let mut undeclared = variables::undeclared(&valid, CODE);
    undeclared.truncate(MAX_ERRORS);
    if undeclared.is_empty() {
        Ok(valid)
    } else {
        Err(undeclared)
    }
}

fn to_errors(code: &str, diagnostics: &DiagnosticList) -> Vec<GraphError> {
    diagnostics
        .iter()
        .take(MAX_ERRORS)
        .map(|diagnostic| {
            let told = diagnostic.to_json();
            let mut error = GraphError::new(code, told.message);
            error.locations = told
                .locations
                .iter()
                .map(|location| Location {
                    line: location.line,
                    column: location.column,
                })
                .collect();
            error
        })
        .collect()
}
