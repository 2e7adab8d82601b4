//! The main story and its rules over `/v1` and over GraphQL, against the whole of Setwise: its own
//! PostgreSQL, broker and mailbox.

#![expect(clippy::unwrap_used, reason = "a panic is how a test tells")]

mod api;
mod contract;
mod files;
mod graphiql;
mod graphql;
mod operations;
mod outage;
mod person;
mod rest;
mod rules;
mod stack;
