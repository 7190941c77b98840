//! WhatsApp as a channel.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{ChannelCapabilities, ChannelType, InboundEvent, MediaSource, MessageContent, Profile};
use hubchat_ports::{
    AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
    MalformedBody, MediaDownload, MessageTemplate, ProfileQuery, SendError, SendRequest, SentMessage, SignalRequest,
    VerifyError, WebhookBatch, WebhookHeaders, WebhookTest,
};
use hubchat_provider_http::ProviderClient;
use secrecy::ExposeSecret;

use super::{
    content::{self, MEDIA, PARTS, SEND_KINDS, TEXT_UNITS},
    fetch, parse, send, split, templates,
};
use crate::{
    account::{ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, WABA_ID, is_id},
    config::MetaConfig,
    graph::{Call, Graph},
    subscription,
    verify::{self, Signer},
};

/// Phone numbers of the WhatsApp Business Cloud API.
#[derive(Debug, Clone)]
pub struct WhatsappAdapter {
    config: MetaConfig,
    client: ProviderClient,
}

impl WhatsappAdapter {
    /// An adapter that calls Meta through a client.
    #[must_use]
    pub fn new(config: MetaConfig, client: ProviderClient) -> Self {
        Self { config, client }
    }

    fn graph<'a>(&'a self, access: &'a AccountAccess) -> Graph<'a> {
        Graph { client: &self.client, config: &self.config, access, base: &self.config.graph_url }
    }
}

fn number(access: &AccountAccess) -> Result<&str, FetchError> {
    let id = access.account.external_id.as_deref().filter(|id| is_id(id));
    id.ok_or_else(|| FetchError::NotAvailable { reason: "the account needs the id of its phone number".to_owned() })
}

fn business(access: &AccountAccess) -> Result<&str, FetchError> {
    let id = access.secrets.get(WABA_ID).map(ExposeSecret::expose_secret).filter(|id| is_id(id));
    id.ok_or_else(|| FetchError::NotAvailable { reason: "the account needs the id of its business account".to_owned() })
}

#[async_trait]
impl ChannelAdapter for WhatsappAdapter {
    fn channel_type(&self) -> ChannelType {
        ChannelType::Whatsapp
    }

    fn capabilities(&self) -> ChannelCapabilities {
        ChannelCapabilities {
            send_kinds: SEND_KINDS,
            max_text_utf16: TEXT_UNITS * PARTS,
            idempotent_send: None,
            reply_handle_ttl: None,
            reply_handle_max_age: None,
            media_limits: MEDIA,
            app_webhook: true,
            // <https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput>
            sends_per_second: 80,
        }
    }

    fn secret_names(&self) -> &'static [&'static str] {
        &[ACCESS_TOKEN, WABA_ID]
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
        split::split(body)
    }

    fn parse(&self, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
        parse::parse(raw)
    }

    fn check_content(&self, content: &MessageContent, file_url: Option<String>) -> Result<(), ContentRefused> {
        content::check(content, file_url.as_deref())
    }

    async fn send(&self, access: &AccountAccess, request: &SendRequest) -> Result<SentMessage, SendError> {
        let number = number(access).map_err(|error| SendError::Unauthorized { reason: error.to_string() })?;
        send::send(&self.graph(access), number, request).await
    }

    async fn fetch_profile(&self, _: &AccountAccess, _: &ProfileQuery) -> Result<Profile, FetchError> {
        Err(FetchError::NotAvailable { reason: "WhatsApp tells names with messages only".to_owned() })
    }

    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        fetch::media(&self.graph(access), number(access)?, source).await
    }

    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError> {
        let graph = self.graph(access);
        let call = Call::get(number(access)?, "meta_number");
        let told = graph.ask(call.with("fields", "id,display_phone_number,verified_name,quality_rating")).await?;
        let name = ["verified_name", "display_phone_number"].into_iter().find_map(|name| told[name].as_str());
        Ok(AccountCheck {
            external_id: told["id"].as_str().unwrap_or_default().to_owned(),
            display_name: name.map(str::to_owned),
            quota: None,
            webhook: None,
            subscription: Some(subscription::look(&graph, business(access)?, &[]).await?),
            expires_at: subscription::expires_at(&graph).await,
        })
    }

    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        fetch::signal(&self.graph(access), number(access)?, request).await
    }

    async fn templates(&self, access: &AccountAccess) -> Result<Vec<MessageTemplate>, FetchError> {
        templates::list(&self.graph(access), business(access)?).await
    }

    async fn set_webhook(&self, access: &AccountAccess, _: &str) -> Result<(), FetchError> {
        subscription::subscribe(&self.graph(access), business(access)?, &[]).await
    }

    async fn unset_webhook(&self, _: &AccountAccess) -> Result<(), FetchError> {
        // The business account may have other numbers here; their webhooks come by the same subscription.
        Ok(())
    }

    async fn test_webhook(&self, access: &AccountAccess, _: &str) -> Result<WebhookTest, FetchError> {
        let graph = self.graph(access);
        Ok(subscription::test(&subscription::look(&graph, business(access)?, &[]).await?))
    }
}
