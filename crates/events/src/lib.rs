//! What the services say to each other over the broker.
//!
//! A message is `{"type": "...", "payload": {...}}`; its Kafka headers carry
//! the event's `id` and the `traceparent` of the request that caused it.
//! [`EmailMessage`] asks for a mail and carries all that the mail needs;
//! [`TrainingEvent`] tells what happened in training.
//!
//! To add a message, add a variant with a doc comment and a test that holds
//! its JSON. Messages that are already written must stay readable: a new field
//! takes `#[serde(default)]`, an old one is never renamed.

mod email;
pub mod kafka;
mod training;

pub use email::EmailMessage;
pub use training::TrainingEvent;
