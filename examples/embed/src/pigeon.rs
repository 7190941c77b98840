//! Pigeon post: the smallest channel there can be. A webhook is one message; the ring on the leg proves it.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_core::{
    domain::{
        ChannelCapabilities, ChannelType, InboundEvent, InboundEventKind, InboundThread, MediaSource, MessageContent,
        MessageKind, Profile, ThreadKind,
    },
    port::{
        AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
        MalformedBody, MediaDownload, ProfileQuery, RawEvent, SendError, SendRequest, SentMessage, VerifyError,
        WebhookBatch, WebhookHeaders, WebhookTest,
    },
};
use secrecy::ExposeSecret;
use serde_json::Value;

/// The channel.
pub(crate) struct PigeonPost;

fn no_such_service() -> FetchError {
    FetchError::NotAvailable { reason: "pigeons carry messages only".to_owned() }
}

#[async_trait]
impl ChannelAdapter for PigeonPost {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Webchat
    }

    fn capabilities(&self) -> ChannelCapabilities {
        ChannelCapabilities {
            send_kinds: &[MessageKind::Text],
            max_text_utf16: 100,
            idempotent_send: None,
            reply_handle_ttl: None,
            reply_handle_max_age: None,
            media_limits: &[],
            app_webhook: false,
            sends_per_second: 1,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &["ring"]
    }

    fn verify(&self, headers: &WebhookHeaders, _: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        let ring = secrets.get("ring").ok_or(VerifyError::NoSecret)?;
        match headers.only("ring") {
            Some(shown) if shown == ring.expose_secret().as_bytes() => Ok(()),
            Some(_) => Err(VerifyError::Mismatch),
            None => Err(VerifyError::Missing),
        }
    }

    fn split(&self, body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
        let letter: Value = serde_json::from_slice(body).map_err(|_| MalformedBody)?;
        let from = letter["from"].as_str().unwrap_or_default().to_owned();
        let event = RawEvent { event_key: letter.to_string(), order_key: from, destination: None, raw: body.clone() };
        Ok(WebhookBatch { destination: None, events: vec![event] })
    }

    fn parse(&self, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
        let invalid = || InvalidEvent { reason: "a letter has from and text".to_owned() };
        let letter: Value = serde_json::from_slice(raw).map_err(|_| invalid())?;
        let (Some(from), Some(text)) = (letter["from"].as_str(), letter["text"].as_str()) else {
            return Err(invalid());
        };
        Ok(vec![InboundEvent {
            thread: Some(InboundThread::of(ThreadKind::Direct, from)),
            ..InboundEvent::of(InboundEventKind::Message {
                external_message_id: letter.to_string(),
                content: MessageContent::Text { text: text.to_owned() },
                media: None,
                quote_token: None,
                quoted_external_id: None,
            })
        }])
    }

    fn check_content(&self, _: &MessageContent, _: Option<String>) -> Result<(), ContentRefused> {
        Ok(())
    }

    async fn send(&self, _: &AccountAccess, _: &SendRequest) -> Result<SentMessage, SendError> {
        Ok(SentMessage::default())
    }

    async fn fetch_profile(&self, _: &AccountAccess, _: &ProfileQuery) -> Result<Profile, FetchError> {
        Err(no_such_service())
    }

    async fn fetch_media(&self, _: &AccountAccess, _: &MediaSource) -> Result<MediaDownload, FetchError> {
        Err(no_such_service())
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        let external_id = access.account.external_id.clone().ok_or_else(no_such_service)?;
        Ok(AccountCheck {
            external_id,
            display_name: None,
            quota: None,
            webhook: None,
            subscription: None,
            expires_at: None,
        })
    }

    async fn set_webhook(&self, _: &AccountAccess, _: &str) -> Result<(), FetchError> {
        Err(no_such_service())
    }

    async fn test_webhook(&self, _: &AccountAccess, _: &str) -> Result<WebhookTest, FetchError> {
        Err(no_such_service())
    }
}
