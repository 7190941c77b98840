//! What is answered.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde::de::DeserializeOwned;

/// A whole answer.
#[derive(Debug, Clone)]
pub struct ProviderResponse {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Bytes,
}

impl ProviderResponse {
    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is of success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// A header's first value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// How long the provider wishes us to wait, if it says so in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        self.header("retry-after")?.trim().parse().ok().map(std::time::Duration::from_secs)
    }

    /// The body.
    #[must_use]
    pub const fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as JSON, if it is.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// An answer whose body is still coming.
pub struct ProviderStream {
    /// The status.
    pub status: u16,
    /// The type, as the provider tells it.
    pub content_type: Option<String>,
    /// How long the provider wishes us to wait.
    pub retry_after: Option<std::time::Duration>,
    /// The bytes.
    pub body: BoxStream<'static, Result<Bytes, Box<dyn std::error::Error + Send + Sync>>>,
}
