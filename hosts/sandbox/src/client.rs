//! The sandbox's HTTP client, with which it plays the provider that posts webhooks.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::deliveries::Deliveries;
use crate::error::SandboxError;

/// Posts webhooks. Follows no redirects and uses no proxy, as providers do.
#[derive(Debug, Clone)]
pub(crate) struct WebhookClient {
    client: Option<reqwest::Client>,
    deliveries: Deliveries,
}

impl WebhookClient {
    pub(crate) fn new(timeout: Duration, deliveries: Deliveries) -> Self {
        // A machine without certificate authorities must still be able to post to loopback.
        let client = builder(timeout).build().or_else(|_| builder(timeout).tls_certs_only([]).build()).ok();
        Self { client, deliveries }
    }

    /// Posts `body` with the provider's own headers and answers the status, whatever it is; of a delivery that comes
    /// twice that of the second.
    pub(crate) async fn post(&self, url: &str, body: Bytes, headers: &[(&str, &str)]) -> Result<u16, SandboxError> {
        let mut delivery = self.deliveries.next();
        delivery.turn().await;
        if delivery.twice {
            self.post_once(url, body.clone(), headers).await?;
        }
        let status = self.post_once(url, body, headers).await;
        delivery.done();
        status
    }

    async fn post_once(&self, url: &str, body: Bytes, headers: &[(&str, &str)]) -> Result<u16, SandboxError> {
        let client = self.client.as_ref().ok_or(SandboxError::NoClient)?;
        let mut request = client.post(url).header("content-type", "application/json; charset=utf-8").body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        // Reads the answer to its end, so that the connection can serve the next post.
        response.bytes().await.map_err(failure)?;
        Ok(status)
    }

    /// Fetches a file of at most `most` bytes; the status, the content type and the bytes.
    pub(crate) async fn file(&self, url: &str, most: usize) -> Result<(u16, String, Bytes), SandboxError> {
        let client = self.client.as_ref().ok_or(SandboxError::NoClient)?;
        let mut response = client.get(url).send().await.map_err(failure)?;
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let (status, content_type) = (response.status().as_u16(), content_type.unwrap_or_default().to_owned());
        let mut bytes = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if bytes.len() + chunk.len() > most {
                return Err(SandboxError::FileTooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((status, content_type, bytes.freeze()))
    }

    /// Asks a URL and answers the status, the content type and the body.
    pub(crate) async fn get(&self, url: &str) -> Result<(u16, String, Bytes), SandboxError> {
        let client = self.client.as_ref().ok_or(SandboxError::NoClient)?;
        let response = client.get(url).send().await.map_err(failure)?;
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let (status, content_type) = (response.status().as_u16(), content_type.unwrap_or_default().to_owned());
        Ok((status, content_type, response.bytes().await.map_err(failure)?))
    }
}

fn failure(error: reqwest::Error) -> SandboxError {
    if error.is_timeout() {
        SandboxError::WebhookTimeout
    } else {
        SandboxError::WebhookUnreachable(error.without_url())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox plays a foreign service and depends on no adapter of hubchat"
)]
fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .timeout(timeout)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(256)
}
