//! What more than one crate's tests need.

mod kafka;
mod smtp;

use std::time::Duration;

use tokio::time::Instant;

pub use kafka::ApacheKafka;
pub use smtp::{ReceivedMail, SmtpFailure, SmtpServer};

const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Asks until there is an answer: the way to wait for something in a test.
///
/// # Panics
/// With `what`, when there is no answer `within` the time.
pub async fn eventually<T>(
    what: &str,
    within: Duration,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + within;
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {within:?}: {what}");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
