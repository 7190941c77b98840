//! What is asked.

use std::fmt;

use bytes::Bytes;
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;

/// A request to a provider. Its debug form tells neither address nor body: both may hold secrets.
#[derive(Clone)]
pub struct ProviderRequest {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) operation: &'static str,
    pub(crate) bearer: Option<SecretString>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) json: Option<Bytes>,
}

impl fmt::Debug for ProviderRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderRequest").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl ProviderRequest {
    /// A request; `operation` names it in metrics, such as `push`.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>, operation: &'static str) -> Self {
        Self { method, url: url.into(), operation, bearer: None, headers: Vec::new(), json: None }
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(mut self, token: &SecretString) -> Self {
        self.bearer = Some(token.clone());
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a JSON body. What serde cannot write is sent as no body, which the provider refuses.
    #[must_use]
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.json = serde_json::to_vec(body).ok().map(Bytes::from);
        self
    }
}
