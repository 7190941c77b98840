//! Facebook pages: Messenger and comments.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{
    ChannelCapabilities, ChannelType, InboundEvent, MediaLimit, MediaSource, MessageContent, MessageKind, Profile,
    ThreadKind,
};
use hubchat_ports::{
    AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
    MalformedBody, MediaDownload, ProfileQuery, SendError, SendRequest, SentMessage, SignalRequest, VerifyError,
    WebhookBatch, WebhookHeaders, WebhookTest,
};
use hubchat_provider_http::ProviderClient;

use crate::{
    account::{ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, is_id},
    config::MetaConfig,
    direct::{self, Family, Limits},
    graph::{Call, Graph},
    subscription,
    verify::{self, Signer},
};

const FAMILY: Family = Family::Facebook;

/// Everything that hubchat understands of a page.
pub(crate) const FIELDS: [&str; 11] = [
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_handovers",
    "standby",
    "feed",
];

/// 25 MB (<https://developers.facebook.com/docs/messenger-platform/send-messages/saving-assets>).
const FILE_BYTES: u64 = 25 * 1024 * 1024;
const MEDIA: &[MediaLimit] = &[
    MediaLimit { kind: MessageKind::Image, max_bytes: FILE_BYTES, content_types: &[] },
    MediaLimit { kind: MessageKind::Video, max_bytes: FILE_BYTES, content_types: &[] },
    MediaLimit { kind: MessageKind::Audio, max_bytes: FILE_BYTES, content_types: &[] },
    MediaLimit { kind: MessageKind::File, max_bytes: FILE_BYTES, content_types: &[] },
];

/// Facebook pages: Messenger and comments.
#[derive(Debug, Clone)]
pub struct FacebookAdapter {
    config: MetaConfig,
    client: ProviderClient,
}

impl FacebookAdapter {
    /// An adapter that calls Meta through a client.
    #[must_use]
    pub fn new(config: MetaConfig, client: ProviderClient) -> Self {
        Self { config, client }
    }

    fn graph<'a>(&'a self, access: &'a AccountAccess) -> Graph<'a> {
        Graph { client: &self.client, config: &self.config, access, base: &self.config.graph_url }
    }
}

fn page<'a>(graph: &Graph<'a>) -> Result<&'a str, FetchError> {
    let id = graph.access.account.external_id.as_deref().filter(|id| is_id(id));
    id.ok_or_else(|| FetchError::NotAvailable { reason: "the account needs the page's id".to_owned() })
}

#[async_trait]
impl ChannelAdapter for FacebookAdapter {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Facebook
    }

    fn capabilities(&self) -> ChannelCapabilities {
        ChannelCapabilities {
            send_kinds: &[
                MessageKind::Text,
                MessageKind::Image,
                MessageKind::Video,
                MessageKind::Audio,
                MessageKind::File,
                MessageKind::PublicReply,
            ],
            max_text_utf16: Limits::of(FAMILY).whole_utf16,
            idempotent_send: None,
            reply_handle_ttl: None,
            reply_handle_max_age: None,
            media_limits: MEDIA,
            app_webhook: true,
            // Meta counts per day and engaged user; this keeps bursts apart.
            sends_per_second: 40,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &[ACCESS_TOKEN]
    }

    fn optional_secret_names(&self) -> &'static [&'static str] {
        &[APP_SECRET, VERIFY_TOKEN]
    }

    fn accepts_handshake(&self, verify_token: &str, secrets: &ChannelSecrets) -> bool {
        verify::accepts_handshake(verify_token, secrets, self.config.app.as_ref())
    }

    fn verify_app(&self, headers: &WebhookHeaders, body: &[u8]) -> Result<(), VerifyError> {
        verify::verify_app(headers, body, self.config.app.as_ref(), Signer::App)
    }

    fn verify(&self, headers: &WebhookHeaders, body: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        verify::verify(headers, body, secrets, self.config.app.as_ref(), Signer::App)
    }

    fn split(&self, body: &Bytes) -> Result<WebhookBatch, MalformedBody> {
        direct::split(FAMILY, body)
    }

    fn parse(&self, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
        direct::parse(FAMILY, raw)
    }

    fn check_content(&self, content: &MessageContent, file_url: Option<String>) -> Result<(), ContentRefused> {
        direct::check(FAMILY, content, file_url.as_deref())
    }

    async fn send(&self, access: &AccountAccess, request: &SendRequest) -> Result<SentMessage, SendError> {
        let graph = self.graph(access);
        let page = page(&graph).map_err(|error| SendError::Unauthorized { reason: error.to_string() })?;
        direct::send(FAMILY, &graph, page, request).await
    }

    /// <https://developers.facebook.com/docs/messenger-platform/identity/user-profile>
    async fn fetch_profile(&self, access: &AccountAccess, query: &ProfileQuery) -> Result<Profile, FetchError> {
        if query.thread_kind != ThreadKind::Direct || !is_id(&query.external_thread_id) {
            return Err(FetchError::NotAvailable { reason: "only whoever wrote in private has a profile".to_owned() });
        }
        let call = Call::get(query.external_thread_id.as_str(), "meta_profile");
        let answer = self.graph(access).ask(call.with("fields", "first_name,last_name,profile_pic")).await?;
        let text = |name: &str| answer[name].as_str().filter(|text| !text.is_empty());
        let name: Vec<&str> = ["first_name", "last_name"].into_iter().filter_map(text).collect();
        Ok(Profile {
            display_name: (!name.is_empty()).then(|| name.join(" ")),
            avatar_url: text("profile_pic").map(str::to_owned),
            language: None,
        })
    }

    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        direct::media(&self.graph(access), source).await
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        let graph = self.graph(access);
        let page = page(&graph)?;
        let told = graph.ask(Call::get(page, "meta_page").with("fields", "id,name")).await?;
        let id = told["id"].as_str().unwrap_or_default();
        Ok(AccountCheck {
            external_id: id.to_owned(),
            display_name: told["name"].as_str().map(str::to_owned),
            quota: None,
            webhook: None,
            subscription: Some(subscription::look(&graph, page, &FIELDS).await?),
            expires_at: subscription::expires_at(&graph).await,
        })
    }

    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        let graph = self.graph(access);
        direct::signal(&graph, page(&graph)?, request).await
    }

    async fn set_webhook(&self, access: &AccountAccess, _: &str) -> Result<(), FetchError> {
        let graph = self.graph(access);
        subscription::subscribe(&graph, page(&graph)?, &FIELDS).await
    }

    async fn unset_webhook(&self, access: &AccountAccess) -> Result<(), FetchError> {
        let graph = self.graph(access);
        subscription::unsubscribe(&graph, page(&graph)?).await
    }

    async fn test_webhook(&self, access: &AccountAccess, _: &str) -> Result<WebhookTest, FetchError> {
        let graph = self.graph(access);
        Ok(subscription::test(&subscription::look(&graph, page(&graph)?, &FIELDS).await?))
    }
}
