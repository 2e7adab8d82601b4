//! The story as a person plays it: in a real browser, on a phone's screen, with scripts and
//! without, in both languages, against the whole of Setwise; GraphiQL; and the description of `/v1`.
//! The browsers have no internet: they know no host but this machine.
//!
//! Needs `chromedriver` and Chromium, as Debian packages them. Screenshots lie in
//! `$CARGO_TARGET_DIR/tmp/screenshots`.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

mod browser;
mod docs;
mod graphiql;
mod second_screen;
mod story;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use setwise_e2e::Stack;

/// Runs `test` against a Setwise of its own, which is stopped however it ends.
async fn with_stack(test: impl AsyncFnOnce(&Stack)) {
    let stack = Stack::start().await;
    let outcome = AssertUnwindSafe(test(&stack)).catch_unwind().await;
    stack.stop().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
