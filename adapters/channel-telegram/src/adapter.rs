//! Telegram as a channel.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{ChannelCapabilities, ChannelType, InboundEvent, MediaSource, MessageContent, Profile};
use hubchat_ports::{
    AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
    MalformedBody, MediaDownload, ProfileQuery, SendError, SendRequest, SentMessage, SignalRequest, VerifyError,
    WebhookBatch, WebhookHeaders, WebhookTest,
};
use hubchat_provider_http::ProviderClient;

use crate::{
    bot::{BOT_TOKEN, Bot},
    content::{self, PARTS, SEND_KINDS, TEXT_UNITS},
    fetch, parse, send, split, verify,
};

/// Where Telegram is.
#[derive(Debug, Clone)]
pub struct TelegramConfig {
    /// The Bot API, `https://api.telegram.org`, or a server of one's own
    /// (<https://core.telegram.org/bots/api#using-a-local-bot-api-server>).
    pub api_url: String,
}

impl Default for TelegramConfig {
    fn default() -> Self {
        Self { api_url: "https://api.telegram.org".to_owned() }
    }
}

/// The Telegram Bot API.
#[derive(Debug, Clone)]
pub struct TelegramAdapter {
    config: TelegramConfig,
    client: ProviderClient,
}

impl TelegramAdapter {
    /// An adapter that calls Telegram through a client.
    #[must_use]
    pub fn new(config: TelegramConfig, client: ProviderClient) -> Self {
        let TelegramConfig { api_url } = config;
        Self { config: TelegramConfig { api_url: api_url.trim_end_matches('/').to_owned() }, client }
    }

    fn bot<'a>(&'a self, access: &'a AccountAccess) -> Bot<'a> {
        Bot { client: &self.client, api_url: &self.config.api_url, secrets: &access.secrets }
    }
}

#[async_trait]
impl ChannelAdapter for TelegramAdapter {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Telegram
    }

    fn capabilities(&self) -> ChannelCapabilities {
        ChannelCapabilities {
            send_kinds: SEND_KINDS,
            max_text_utf16: TEXT_UNITS * PARTS,
            // Telegram recognises no repetition.
            idempotent_send: None,
            reply_handle_ttl: None,
            reply_handle_max_age: None,
            media_limits: &[],
            app_webhook: false,
            // <https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>
            sends_per_second: 30,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &[BOT_TOKEN]
    }

    fn verify(&self, headers: &WebhookHeaders, _: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        verify::verify(headers, secrets)
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
        send::send(&self.bot(access), request).await
    }

    async fn fetch_profile(&self, access: &AccountAccess, query: &ProfileQuery) -> Result<Profile, FetchError> {
        fetch::profile(&self.bot(access), query).await
    }

    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        fetch::media(&self.bot(access), source).await
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        fetch::check(&self.bot(access)).await
    }

    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        fetch::signal(&self.bot(access), request).await
    }

    async fn set_webhook(&self, access: &AccountAccess, url: &str) -> Result<(), FetchError> {
        fetch::set_webhook(&self.bot(access), url).await
    }

    async fn test_webhook(&self, access: &AccountAccess, url: &str) -> Result<WebhookTest, FetchError> {
        fetch::test_webhook(&self.bot(access), url).await
    }
}
