//! How a law ends: kept, or broken with a word on what to do.

use std::fmt;

/// What the test of a law returns.
pub type Verdict = Result<(), Broken>;

/// A broken law. It shows as its plain words: a backtrace into the laws would only hide them.
pub struct Broken(anyhow::Error);

impl fmt::Debug for Broken {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:#}", self.0)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Broken {
    fn from(cause: E) -> Self {
        Self(cause.into())
    }
}

/// Passes when nothing was found, otherwise fails with every finding on a line of its own under the advice.
pub fn verdict(advice: &str, findings: &[String]) -> Verdict {
    if findings.is_empty() {
        return Ok(());
    }
    Err(Broken(anyhow::anyhow!("{advice}\n  {}", findings.join("\n  "))))
}

/// Passes when the condition holds, otherwise fails with these words.
pub fn demand(condition: bool, otherwise: &str) -> Verdict {
    if condition { Ok(()) } else { Err(Broken(anyhow::anyhow!("{otherwise}"))) }
}
