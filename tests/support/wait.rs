//! Waiting for something to happen, for a limited time.

use std::{future::Future, time::Duration};

/// How long anything may take before a test fails. Generous: the machine may be busy, and only failures wait this long.
pub const LIMIT: Duration = Duration::from_mins(1);

/// How often a condition is looked at that has no signal of its own, such as a state behind the API.
const EVERY: Duration = Duration::from_millis(10);

/// The future's output, or a failed test that says what did not happen.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let output = tokio::time::timeout(LIMIT, future).await;
    output.unwrap_or_else(|_| panic!("not within {} s: {what}", LIMIT.as_secs()))
}

/// Asks until there is an answer.
pub async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let mut ticks = tokio::time::interval(EVERY);
    within(what, async {
        loop {
            ticks.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    })
    .await
}
