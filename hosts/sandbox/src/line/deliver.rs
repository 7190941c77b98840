//! Posts webhooks as LINE does: signed, with a time limit, and again when asked.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future;
use secrecy::ExposeSecret;
use serde_json::json;

use super::compose::{Webhook, signed_body};
use super::{FakeLine, LineChannel, SaidEvent, Say};
use crate::error::SandboxError;

/// As whom LINE's servers call.
pub(super) const USER_AGENT: (&str, &str) = ("user-agent", "LineBotWebhook/2.0");

/// What `x-line-signature` carries: base64 of the HMAC-SHA256 of the body under the channel secret.
pub fn line_signature(channel_secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, channel_secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, body))
}

/// The signature to post bytes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// The right one.
    Right,
    /// Well-formed, but of another secret.
    Wrong,
    /// No header at all.
    Missing,
    /// This text, whatever it is.
    Exactly(String),
}

impl FakeLine {
    /// Builds an event, posts it to the channel's webhook and answers the status and the ids.
    /// Any status is an answer, an error status too.
    ///
    /// To know the ids also when no answer comes, [`compose`](Self::compose) and
    /// [`deliver`](Self::deliver) instead.
    ///
    /// # Errors
    /// When the channel or its URL is missing, or the webhook did not answer at all.
    pub async fn say(&self, say: Say) -> Result<SaidEvent, SandboxError> {
        let mut said = self.say_batch(vec![say]).await?;
        said.pop().ok_or(SandboxError::MixedBatch)
    }

    /// Builds several events of one channel and posts them in one webhook body, in order.
    ///
    /// # Errors
    /// As [`say`](Self::say); also when the events are of different channels.
    pub async fn say_batch(&self, says: Vec<Say>) -> Result<Vec<SaidEvent>, SandboxError> {
        let webhook = self.compose(says)?;
        let status = self.deliver(&webhook).await?;
        Ok(webhook.events.into_iter().map(|said| SaidEvent { status, ..said }).collect())
    }

    /// Posts a webhook that was composed before, as it is, and answers the status.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub async fn deliver(&self, webhook: &Webhook) -> Result<u16, SandboxError> {
        let channel = self.channel_of(Some(&webhook.destination))?;
        self.post(&channel, webhook.body.clone(), Some(&webhook.signature)).await
    }

    /// Posts an event again `times` times, one after the other, and answers the statuses. As LINE does,
    /// everything stays the same except `isRedelivery`; the reply token lives again if it was not used.
    ///
    /// # Errors
    /// When the event is no longer kept; else as [`say`](Self::say).
    pub async fn redeliver(&self, webhook_event_id: &str, times: usize) -> Result<Vec<u16>, SandboxError> {
        let (channel, body, signature) = self.redelivery(webhook_event_id)?;
        let mut statuses = Vec::with_capacity(times);
        for _ in 0..times {
            statuses.push(self.post(&channel, body.clone(), Some(&signature)).await?);
        }
        Ok(statuses)
    }

    /// As [`redeliver`](Self::redeliver), but all at the same time.
    ///
    /// # Errors
    /// As [`redeliver`](Self::redeliver).
    pub async fn deliver_concurrently(&self, webhook_event_id: &str, times: usize) -> Result<Vec<u16>, SandboxError> {
        let (channel, body, signature) = self.redelivery(webhook_event_id)?;
        let posts = (0..times).map(|_| self.post(&channel, body.clone(), Some(&signature)));
        // Waits for all: an error of one must not keep the others from being posted.
        future::join_all(posts).await.into_iter().collect()
    }

    /// Posts any bytes to a channel's webhook (`None`: the first channel) and answers the status.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    pub async fn post_bytes(
        &self,
        destination: Option<&str>,
        body: impl Into<Bytes>,
        signature: Signature,
    ) -> Result<u16, SandboxError> {
        let channel = self.channel_of(destination)?;
        let body = body.into();
        let signature = match signature {
            Signature::Right => Some(line_signature(channel.channel_secret.expose_secret(), &body)),
            Signature::Wrong => Some(line_signature("not the channel's secret", &body)),
            Signature::Missing => None,
            Signature::Exactly(text) => Some(text),
        };
        self.post(&channel, body, signature.as_deref()).await
    }

    fn redelivery(&self, webhook_event_id: &str) -> Result<(std::sync::Arc<LineChannel>, Bytes, String), SandboxError> {
        let said = self
            .state
            .said
            .find(webhook_event_id)
            .ok_or_else(|| SandboxError::UnknownEvent(webhook_event_id.to_owned()))?;
        let channel = self.channel_of(Some(&said.destination))?;
        if let Some(token) = &said.reply_token {
            self.state.tokens.renew_reply(token, self.state.now_ms());
        }
        let mut event = said.event;
        event["deliveryContext"] = json!({ "isRedelivery": true });
        let (body, signature) = signed_body(&channel, &[&event]);
        Ok((channel, body, signature))
    }

    async fn post(&self, channel: &LineChannel, body: Bytes, signature: Option<&str>) -> Result<u16, SandboxError> {
        let url =
            channel.webhook_url.as_deref().ok_or_else(|| SandboxError::NoWebhookUrl(channel.destination.clone()))?;
        let signed = signature.map(|signature| ("x-line-signature", signature));
        let headers: Vec<(&str, &str)> = std::iter::once(USER_AGENT).chain(signed).collect();
        let status = self.state.client.post(url, body, &headers).await?;
        tracing::debug!(destination = %channel.destination, status, "posted a webhook");
        Ok(status)
    }
}
