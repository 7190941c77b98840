//! Waiting for a condition, with a deadline.

use std::{future::Future, time::Duration};

/// How long anything may take before a test gives up; far longer than it ever should.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until `check` gives something.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, check: impl FnMut() -> F) -> T {
    within(PATIENCE, what, check).await
}

/// The same, with a deadline of one's own.
pub async fn within<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut check: impl FnMut() -> F,
) -> T {
    let deadline = tokio::time::Instant::now() + patience;
    loop {
        if let Some(found) = check().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < deadline, "not within {patience:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
