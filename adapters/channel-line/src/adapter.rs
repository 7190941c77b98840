//! LINE as a channel.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{ChannelCapabilities, ChannelType, InboundEvent, MediaSource, MessageContent, Profile};
use hubchat_ports::{
    AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
    MalformedBody, MediaDownload, ProfileQuery, SendError, SendRequest, SentMessage, SignalRequest, VerifyError,
    WebhookBatch, WebhookHeaders, WebhookTest,
};
use hubchat_provider_http::ProviderClient;
use secrecy::SecretString;

use crate::{
    content::{self, OBJECTS, SEND_KINDS, TEXT_UNITS},
    fetch::Line,
    parse, send, signature, split,
};

/// The name of the secret that opens LINE's API.
const ACCESS_TOKEN: &str = "access_token";

pub(crate) fn access_token(secrets: &ChannelSecrets) -> Option<&SecretString> {
    secrets.get(ACCESS_TOKEN)
}

/// Where LINE is, and how long its reply tokens are trusted.
#[derive(Debug, Clone)]
pub struct LineConfig {
    /// The Messaging API, `https://api.line.me`.
    pub api_url: String,
    /// Its host for content, `https://api-data.line.me`.
    pub data_url: String,
    /// For how long after its receipt a reply token is used. LINE says one minute
    /// (<https://developers.line.biz/en/reference/messaging-api/#send-reply-message>).
    pub reply_token_ttl: Duration,
}

impl Default for LineConfig {
    fn default() -> Self {
        Self {
            api_url: "https://api.line.me".to_owned(),
            data_url: "https://api-data.line.me".to_owned(),
            reply_token_ttl: Duration::from_secs(50),
        }
    }
}

/// The LINE Messaging API.
#[derive(Debug, Clone)]
pub struct LineAdapter {
    config: LineConfig,
    client: ProviderClient,
}

impl LineAdapter {
    /// An adapter that calls LINE through a client.
    #[must_use]
    pub fn new(config: LineConfig, client: ProviderClient) -> Self {
        let trim = |url: String| url.trim_end_matches('/').to_owned();
        let config = LineConfig { api_url: trim(config.api_url), data_url: trim(config.data_url), ..config };
        Self { config, client }
    }

    fn line<'a>(&'a self, access: &'a AccountAccess) -> Line<'a> {
        Line { client: &self.client, api_url: &self.config.api_url, data_url: &self.config.data_url, access }
    }
}

#[async_trait]
impl ChannelAdapter for LineAdapter {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Line
    }

    fn capabilities(&self) -> ChannelCapabilities {
        ChannelCapabilities {
            send_kinds: SEND_KINDS,
            max_text_utf16: TEXT_UNITS * OBJECTS,
            // A retry key lives 24 hours; the last one is left for clocks that differ.
            idempotent_send: Some(Duration::from_hours(23)),
            reply_handle_ttl: Some(self.config.reply_token_ttl),
            // A token that was delivered again is good until 20 minutes after its event at the latest.
            reply_handle_max_age: Some(Duration::from_mins(20)),
            media_limits: &[],
            app_webhook: false,
            sends_per_second: 2_000,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &[signature::CHANNEL_SECRET, ACCESS_TOKEN]
    }

    fn verify(&self, headers: &WebhookHeaders, body: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        signature::verify(headers, body, secrets)
    }

    fn split(&self, body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
        split::split(body)
    }

    fn parse(&self, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
        parse::parse(raw)
    }

    fn check_content(&self, content: &MessageContent, file_url: Option<String>) -> Result<(), ContentRefused> {
        content::check(content, file_url.as_deref())
    }

    async fn send(&self, access: &AccountAccess, request: &SendRequest) -> Result<SentMessage, SendError> {
        send::send(&self.client, &self.config.api_url, access, request).await
    }

    async fn fetch_profile(&self, access: &AccountAccess, query: &ProfileQuery) -> Result<Profile, FetchError> {
        self.line(access).profile(query).await
    }

    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        self.line(access).media(source).await
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        self.line(access).check().await
    }

    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        self.line(access).signal(request).await
    }

    async fn set_webhook(&self, access: &AccountAccess, url: &str) -> Result<(), FetchError> {
        self.line(access).set_webhook(url).await
    }

    async fn test_webhook(&self, access: &AccountAccess, url: &str) -> Result<WebhookTest, FetchError> {
        self.line(access).test_webhook(url).await
    }
}
