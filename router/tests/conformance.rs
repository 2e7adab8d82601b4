//! Every feature of Apollo Federation 2, over subgraphs that execute for real and refuse what
//! they should not be asked. Each arrangement is a graph of its own; an answer is held whole, and
//! so is the number of requests that it took.

#![expect(clippy::unwrap_used, reason = "what goes wrong here fails the test")]

#[path = "conformance/abstract_types.rs"]
mod abstract_types;
#[path = "conformance/answers.rs"]
mod answers;
#[path = "conformance/authorization.rs"]
mod authorization;
#[path = "conformance/conditions.rs"]
mod conditions;
#[path = "conformance/costs.rs"]
mod costs;
#[path = "conformance/coverage.rs"]
mod coverage;
#[path = "conformance/federation_1.rs"]
mod federation_1;
#[path = "conformance/inaccessible.rs"]
mod inaccessible;
#[path = "conformance/interface_objects.rs"]
mod interface_objects;
#[path = "conformance/keys.rs"]
mod keys;
#[path = "conformance/literals.rs"]
mod literals;
#[path = "conformance/made_literals.rs"]
mod made_literals;
#[path = "conformance/overrides.rs"]
mod overrides;
#[path = "conformance/provides.rs"]
mod provides;
#[path = "conformance/renames.rs"]
mod renames;
#[path = "conformance/required_arguments.rs"]
mod required_arguments;
#[path = "conformance/requires.rs"]
mod requires;
#[path = "conformance/shareable.rs"]
mod shareable;
#[path = "conformance/support/mod.rs"]
mod support;
#[path = "conformance/tags.rs"]
mod tags;
#[path = "conformance/tokens.rs"]
mod tokens;
