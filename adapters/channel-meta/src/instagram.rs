//! Instagram professional accounts: messages and comments, by Instagram's own log-in or by Facebook's.

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
use secrecy::ExposeSecret;

use crate::{
    account::{ACCESS_TOKEN, APP_SECRET, PAGE_ID, VERIFY_TOKEN, is_id},
    config::MetaConfig,
    direct::{self, Family, Limits},
    graph::{Call, Graph},
    subscription,
    verify::{self, Signer},
};

const FAMILY: Family = Family::Instagram;

/// Everything that hubchat understands, for accounts connected by Instagram's own log-in.
const FIELDS: [&str; 8] = [
    "messages",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
    "comments",
    "live_comments",
];
/// Of the linked page, for accounts connected by Facebook's log-in: the fields of Instagram are set at the app.
const PAGE_FIELDS: [&str; 1] = ["messages"];

const MIB: u64 = 1024 * 1024;
/// <https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api>
const MEDIA: &[MediaLimit] = &[
    MediaLimit { kind: MessageKind::Image, max_bytes: 8 * MIB, content_types: &["image/png", "image/jpeg"] },
    MediaLimit {
        kind: MessageKind::Video,
        max_bytes: 25 * MIB,
        content_types: &["video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"],
    },
    MediaLimit {
        kind: MessageKind::Audio,
        max_bytes: 25 * MIB,
        content_types: &["audio/aac", "audio/mp4", "audio/x-m4a", "audio/wav"],
    },
    MediaLimit { kind: MessageKind::File, max_bytes: 25 * MIB, content_types: &["application/pdf"] },
];

/// Instagram professional accounts.
#[derive(Debug, Clone)]
pub struct InstagramAdapter {
    config: MetaConfig,
    client: ProviderClient,
}

/// Through whom an account acts: itself, or the page that it is linked to.
struct Actor<'a> {
    graph: Graph<'a>,
    id: &'a str,
    fields: &'static [&'static str],
}

impl InstagramAdapter {
    /// An adapter that calls Meta through a client.
    #[must_use]
    pub fn new(config: MetaConfig, client: ProviderClient) -> Self {
        Self { config, client }
    }

    fn actor<'a>(&'a self, access: &'a AccountAccess) -> Result<Actor<'a>, FetchError> {
        let page = access.secrets.get(PAGE_ID).map(ExposeSecret::expose_secret);
        let base = if page.is_some() { &self.config.graph_url } else { &self.config.instagram_url };
        let graph = Graph { client: &self.client, config: &self.config, access, base };
        let own = access.account.external_id.as_deref();
        let (id, fields): (_, &[&str]) = match page {
            Some(page) => (Some(page), &PAGE_FIELDS),
            None => (own, &FIELDS),
        };
        let id = id.filter(|id| is_id(id));
        let id =
            id.ok_or_else(|| FetchError::NotAvailable { reason: "the account needs its id at Meta".to_owned() })?;
        Ok(Actor { graph, id, fields })
    }
}

#[async_trait]
impl ChannelAdapter for InstagramAdapter {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Instagram
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
            // 100 texts a second, but ten sounds or films.
            sends_per_second: 10,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &[ACCESS_TOKEN]
    }

    fn optional_secret_names(&self) -> &'static [&'static str] {
        &[PAGE_ID, APP_SECRET, VERIFY_TOKEN]
    }

    fn accepts_handshake(&self, verify_token: &str, secrets: &ChannelSecrets) -> bool {
        verify::accepts_handshake(verify_token, secrets, self.config.app.as_ref())
    }

    fn verify_app(&self, headers: &WebhookHeaders, body: &[u8]) -> Result<(), VerifyError> {
        verify::verify_app(headers, body, self.config.app.as_ref(), Signer::InstagramToo)
    }

    fn verify(&self, headers: &WebhookHeaders, body: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError> {
        verify::verify(headers, body, secrets, self.config.app.as_ref(), Signer::InstagramToo)
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
        let actor = self.actor(access).map_err(|error| SendError::Unauthorized { reason: error.to_string() })?;
        direct::send(FAMILY, &actor.graph, actor.id, request).await
    }

    /// <https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/user-profile>:
    /// of those who wrote in private only.
    async fn fetch_profile(&self, access: &AccountAccess, query: &ProfileQuery) -> Result<Profile, FetchError> {
        if query.thread_kind != ThreadKind::Direct || !is_id(&query.external_thread_id) {
            return Err(FetchError::NotAvailable { reason: "only whoever wrote in private has a profile".to_owned() });
        }
        let call = Call::get(query.external_thread_id.as_str(), "meta_profile");
        let answer = self.actor(access)?.graph.ask(call.with("fields", "name,username,profile_pic")).await?;
        let text = |name: &str| answer[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Profile {
            display_name: text("name").or_else(|| text("username")),
            avatar_url: text("profile_pic"),
            language: None,
        })
    }

    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        direct::media(&self.actor(access)?.graph, source).await
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        let actor = self.actor(access)?;
        let own = actor.graph.account_id();
        let own =
            own.ok_or_else(|| FetchError::NotAvailable { reason: "the account needs its id at Meta".to_owned() })?;
        let told = actor.graph.ask(Call::get(own, "meta_instagram").with("fields", "id,username")).await?;
        Ok(AccountCheck {
            external_id: told["id"].as_str().unwrap_or_default().to_owned(),
            display_name: told["username"].as_str().map(str::to_owned),
            quota: None,
            webhook: None,
            subscription: Some(subscription::look(&actor.graph, actor.id, actor.fields).await?),
            expires_at: subscription::expires_at(&actor.graph).await,
        })
    }

    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        let actor = self.actor(access)?;
        direct::signal(&actor.graph, actor.id, request).await
    }

    async fn set_webhook(&self, access: &AccountAccess, _: &str) -> Result<(), FetchError> {
        let actor = self.actor(access)?;
        // The list replaces the one before: what the page's Messenger needs stays in it.
        let through_page = access.secrets.get(PAGE_ID).is_some();
        let fields: &[&str] = if through_page { &crate::facebook::FIELDS } else { actor.fields };
        subscription::subscribe(&actor.graph, actor.id, fields).await
    }

    async fn unset_webhook(&self, access: &AccountAccess) -> Result<(), FetchError> {
        let actor = self.actor(access)?;
        // The page may serve Messenger too; its subscription is not ours to end.
        if access.secrets.get(PAGE_ID).is_some() {
            return Ok(());
        }
        subscription::unsubscribe(&actor.graph, actor.id).await
    }

    async fn test_webhook(&self, access: &AccountAccess, _: &str) -> Result<WebhookTest, FetchError> {
        let actor = self.actor(access)?;
        Ok(subscription::test(&subscription::look(&actor.graph, actor.id, actor.fields).await?))
    }
}
