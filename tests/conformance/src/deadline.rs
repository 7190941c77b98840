//! Waiting for conditions, never for time to pass.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{Instant, timeout};

/// The longest that any condition may take; reached only by a failing case.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The longest that a whole case may take.
const CASE: Duration = Duration::from_mins(3);

/// How long something that must not happen is given to happen. A correct adapter never depends on it.
const CHANCE: Duration = Duration::from_millis(100);

/// Asks again until there is an answer.
pub(crate) async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits for a future that must end.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
}

/// Drives a future a little way; its answer, when it already has one.
pub(crate) async fn driven<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    timeout(CHANCE, future).await.ok()
}

/// How a case ended; the harness is stopped before it is told.
#[doc(hidden)]
#[must_use]
pub struct CaseEnd(Option<Box<dyn Any + Send>>);

impl CaseEnd {
    /// Panics as the case did, if it did.
    pub fn tell(self) {
        if let Some(panic) = self.0 {
            resume_unwind(panic);
        }
    }
}

/// Runs a case to its end, whatever that is.
#[doc(hidden)]
pub async fn to_its_end(case: impl Future<Output = ()>) -> CaseEnd {
    let bounded = AssertUnwindSafe(timeout(CASE, case)).catch_unwind().await;
    CaseEnd(match bounded {
        Ok(Ok(())) => None,
        Ok(Err(_)) => Some(Box::new(format!("the case did not end within {CASE:?}"))),
        Err(panic) => Some(panic),
    })
}
