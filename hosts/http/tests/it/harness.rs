//! hubchat over mocks, and a client that calls its routes without a socket.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hubchat_core::{
    ChannelRegistry, Hubchat, PortSet, Ports, Settings,
    domain::{
        AccountStatus, ApiKeyRecord, ChannelAccount, ChannelAccountRecord, ChannelCapabilities, ChannelType,
        ConversationRecord, ConversationStatus, DeliveryStatus, Direction, LeadRecord, LeadStatus, MessageContent,
        MessageKind, MessageRecord, Scope, Sender, TenantId, TenantSettings, ThreadKey, ThreadKind, Timestamp,
    },
    port::{
        AccessTokenError, Allowance, ChannelAdapter, ConversationRow, LeadRow, MessageRow, SealedSecrets,
        StoredAccount, StoredSettings, WrappedKey,
    },
};
use hubchat_http::{HttpConfig, RenderMetrics, router};
use hubchat_ports::{
    MockAccess, MockAccessTokens, MockChannelAdapter, MockClock, MockDirectory, MockEventBus, MockIds,
    MockInboxQueries, MockJobQueue, MockMailer, MockMediaFiles, MockPasswordHasher, MockRandomness, MockRateLimiter,
    MockRepository, MockSocketTickets, MockUnitOfWork, MockVault, MockWebhookIntake,
};
use poem::{
    Body, Endpoint, Request, Response,
    http::{HeaderMap, Method, StatusCode},
};
use serde_json::Value;
use uuid::Uuid;

/// A key that the harness's directory knows.
pub(crate) fn key() -> String {
    format!("hck_0123456789abcdef_{}", "a".repeat(64))
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0xaaaa))
}

/// Mocks that refuse every call that a test did not expect.
pub(crate) struct Mocks {
    pub(crate) repository: MockRepository,
    pub(crate) directory: MockDirectory,
    pub(crate) access: MockAccess,
    pub(crate) passwords: MockPasswordHasher,
    pub(crate) access_tokens: MockAccessTokens,
    pub(crate) rate_limiter: MockRateLimiter,
    pub(crate) intake: MockWebhookIntake,
    pub(crate) adapter: MockChannelAdapter,
    pub(crate) media_files: MockMediaFiles,
    pub(crate) vault: MockVault,
    /// What the tenant decided for itself.
    pub(crate) settings: TenantSettings,
    pub(crate) config: HttpConfig,
    pub(crate) metrics: Option<RenderMetrics>,
}

impl Mocks {
    /// Nothing is expected but what cannot be avoided.
    pub(crate) fn new() -> Self {
        let mut adapter = MockChannelAdapter::new();
        adapter.expect_capabilities().returning(|| ChannelCapabilities {
            send_kinds: &[MessageKind::Text],
            max_text_utf16: 100,
            idempotent_send: None,
            reply_handle_ttl: None,
            reply_handle_max_age: None,
            media_limits: &[],
            app_webhook: false,
            sends_per_second: 1,
        });
        adapter.expect_channel_type().return_const(ChannelType::Line);
        let mut access_tokens = MockAccessTokens::new();
        access_tokens.expect_verify().returning(|_, _| Err(AccessTokenError::Refused));
        let mut vault = MockVault::new();
        vault.expect_digest().returning(<[u8]>::to_vec);
        vault.expect_same().returning(|left, right| left == right);
        vault.expect_sign().returning(|_, bytes| bytes.to_vec());
        vault.expect_verify().returning(|_, bytes, signature| bytes == signature);
        vault.expect_open().returning(|_, _, _| Ok(secrecy::SecretString::from("{}")));
        Self {
            repository: MockRepository::new(),
            directory: MockDirectory::new(),
            access: MockAccess::new(),
            passwords: MockPasswordHasher::new(),
            access_tokens,
            rate_limiter: MockRateLimiter::new(),
            intake: MockWebhookIntake::new(),
            adapter,
            media_files: MockMediaFiles::new(),
            vault,
            settings: TenantSettings::default(),
            config: HttpConfig::default(),
            metrics: None,
        }
    }

    /// The directory knows [`key`], with these scopes.
    pub(crate) fn with_key(mut self, scopes: &[Scope]) -> Self {
        let record = ApiKeyRecord {
            id: Uuid::from_u128(0xbbbb).into(),
            tenant_id: tenant(),
            name: "test".to_owned(),
            prefix: "hck_0123456789abcdef".to_owned(),
            secret_hash: key().into_bytes(),
            scopes: scopes.to_vec(),
            created_at: now(),
            last_used_at: Some(now()),
            expires_at: None,
            revoked_at: None,
        };
        self.directory
            .expect_find_api_key()
            .returning(move |prefix| Ok((prefix == record.prefix).then(|| record.clone())));
        self
    }

    /// Reads are answered so.
    pub(crate) fn with_inbox(mut self, expect: impl Fn(&mut MockInboxQueries) + Send + 'static) -> Self {
        let (expect, settings) = (Mutex::new(expect), self.settings.clone());
        self.repository.expect_inbox().returning(move |asked| {
            assert_eq!(asked, tenant(), "a read for another tenant");
            let mut inbox = inbox_with(&settings);
            expect.lock().unwrap()(&mut inbox);
            Box::new(inbox)
        });
        self
    }

    /// The one session that is opened.
    pub(crate) fn with_session(mut self, session: MockUnitOfWork) -> Self {
        let session = Mutex::new(Some(session));
        self.repository.expect_begin().returning(move |_| {
            let next = session.lock().unwrap().take();
            Ok(Box::new(next.unwrap_or_else(|| panic!("a session that the test did not expect"))))
        });
        self
    }

    pub(crate) fn hubchat(mut self) -> (Hubchat, HttpConfig) {
        // Where a test expects nothing of its own, nothing is limited and the settings are read.
        self.rate_limiter.expect_take().returning(|_, quota| {
            let limit = quota.burst.get();
            Ok(Allowance { limit, remaining: limit - 1, reset_after: quota.interval })
        });
        let settings = self.settings.clone();
        self.repository.expect_inbox().returning(move |_| Box::new(inbox_with(&settings)));
        let mut clock = MockClock::new();
        clock.expect_now().returning(now);
        clock.expect_sleep().returning(|_| ());
        let counter = AtomicU64::new(0x1000);
        let mut ids = MockIds::new();
        ids.expect_next_uuid().returning(move || Uuid::from_u128(counter.fetch_add(1, Ordering::Relaxed).into()));
        let mut randomness = MockRandomness::new();
        randomness.expect_fraction().return_const(0.5);
        randomness.expect_secret_bytes().returning(|count| vec![7; count].into());
        let mut bus = MockEventBus::new();
        bus.expect_announce().return_const(());
        let adapter: Arc<dyn ChannelAdapter> = Arc::new(self.adapter);
        let ports = Ports::from(PortSet {
            repository: Arc::new(self.repository),
            directory: Arc::new(self.directory),
            access: Arc::new(self.access),
            socket_tickets: Arc::new(MockSocketTickets::new()),
            bus: Arc::new(bus),
            passwords: Arc::new(self.passwords),
            access_tokens: Arc::new(self.access_tokens),
            mailer: Arc::new(MockMailer::new()),
            intake: Arc::new(self.intake),
            queue: Arc::new(MockJobQueue::new()),
            channels: ChannelRegistry::new([adapter]),
            vault: Arc::new(self.vault),
            media_files: Arc::new(self.media_files),
            rate_limiter: Arc::new(self.rate_limiter),
            clock: Arc::new(clock),
            ids: Arc::new(ids),
            randomness: Arc::new(randomness),
        });
        let settings = Settings { public_url: self.config.public_url.clone(), ..Settings::default() };
        (Hubchat::new(ports, &settings), self.config)
    }

    pub(crate) fn client(self) -> Client<impl Endpoint<Output = Response>> {
        let metrics = self.metrics.clone();
        let (hubchat, config) = self.hubchat();
        Client(router(hubchat, config, metrics))
    }
}

/// Reads of a tenant with these settings.
fn inbox_with(settings: &TenantSettings) -> MockInboxQueries {
    let stored = StoredSettings { settings: settings.clone(), version: 7 };
    let mut inbox = MockInboxQueries::new();
    inbox.expect_settings().returning(move || Ok(stored.clone()));
    inbox
}

/// Calls routes.
pub(crate) struct Client<E>(E);

/// An answer, read wholly.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, code and field of a problem document.
    pub(crate) fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let document = self.json();
        assert_eq!(document["status"], self.status.as_u16());
        assert_eq!(document["type"], format!("/problems/{}", document["code"].as_str().unwrap()));
        assert!(!document["requestId"].as_str().unwrap().is_empty());
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), text("code"), text("field"))
    }
}

impl<E: Endpoint<Output = Response>> Client<E> {
    pub(crate) async fn call(&self, request: Request) -> Answer {
        let response = self.0.call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.into_bytes().await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = Request::builder().uri_str(path).header("authorization", format!("Bearer {}", key()));
        self.call(request.finish()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        self.send_with(method, path, &[], body).await
    }

    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri_str(path)
            .header("authorization", format!("Bearer {}", key()))
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.call(request.body(body)).await
    }
}

pub(crate) fn account() -> StoredAccount {
    let record = ChannelAccountRecord {
        id: Uuid::from_u128(0xcccc).into(),
        tenant_id: tenant(),
        channel_type: ChannelType::Line,
        name: "Shop".to_owned(),
        external_id: Some("Ubot".to_owned()),
        webhook_key: "0123456789abcdef".to_owned(),
        status: AccountStatus::Active,
        status_reason: None,
        last_checked_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    StoredAccount {
        account: ChannelAccount::restore(record),
        sealed: SealedSecrets("sealed".to_owned()),
        key: data_key(tenant()),
    }
}

/// The first data key of a tenant.
pub(crate) fn data_key(tenant_id: TenantId) -> WrappedKey {
    WrappedKey { tenant_id, version: 1, wrapped: "wrapped".to_owned() }
}

pub(crate) fn lead_row() -> LeadRow {
    LeadRow {
        lead: LeadRecord {
            id: Uuid::from_u128(0xd3).into(),
            tenant_id: tenant(),
            contact_id: Uuid::from_u128(0xd1).into(),
            source_account_id: Uuid::from_u128(0xcccc).into(),
            source_channel: ChannelType::Line,
            status: LeadStatus::New,
            assigned_member_id: None,
            assigned_team_id: None,
            tags: vec!["hot".to_owned()],
            referral: None,
            note: None,
            created_at: now(),
            updated_at: now(),
            closed_at: None,
            version: 1,
        },
        contact_name: Some("Mali".to_owned()),
        contact_avatar_url: None,
        assigned_member_name: None,
        assigned_team_name: None,
        conversation_id: None,
        participant_name: None,
        participant_avatar_url: Some("http://insecure.example/a.jpg".to_owned()),
        last_message_preview: None,
        last_message_at: None,
        unread_count: 0,
    }
}

pub(crate) fn conversation() -> ConversationRecord {
    ConversationRecord {
        id: Uuid::from_u128(0xd4).into(),
        tenant_id: tenant(),
        thread: ThreadKey { account_id: Uuid::from_u128(0xcccc).into(), external_thread_id: "Uperson".to_owned() },
        thread_kind: ThreadKind::Direct,
        channel_type: ChannelType::Line,
        contact_id: Uuid::from_u128(0xd1).into(),
        identity_id: Uuid::from_u128(0xd2).into(),
        lead_id: Uuid::from_u128(0xd3).into(),
        assigned_member_id: None,
        assigned_team_id: None,
        status: ConversationStatus::Open,
        unread_count: 2,
        last_message_preview: Some("hello".to_owned()),
        last_message_kind: None,
        last_message_at: now(),
        last_inbound_at: Some(now()),
        participant_name: None,
        participant_avatar_url: None,
        reply_handle: None,
        alias: None,
        address: None,
        comment: None,
        standby: false,
        waiting_since: Some(now()),
        snoozed_until: None,
        inbound_count: 3,
        last_seq: 3,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(crate) fn conversation_row() -> ConversationRow {
    ConversationRow {
        conversation: conversation(),
        account_name: "Shop".to_owned(),
        identity_name: Some("มะลิ".to_owned()),
        identity_avatar_url: Some("https://cdn.example/a.jpg".to_owned()),
        external_user_id: "Uperson".to_owned(),
        contact_name: None,
        contact_avatar_url: None,
        lead_status: LeadStatus::New,
        assigned_member_name: None,
        assigned_team_name: None,
        unread_count: 2,
    }
}

pub(crate) fn message_row(content: MessageContent) -> MessageRow {
    MessageRow {
        message: MessageRecord {
            id: Uuid::from_u128(0xd5).into(),
            tenant_id: tenant(),
            conversation_id: Uuid::from_u128(0xd4).into(),
            account_id: Uuid::from_u128(0xcccc).into(),
            lead_id: Uuid::from_u128(0xd3).into(),
            seq: 4,
            direction: Direction::Outbound,
            sender: Sender::System,
            content,
            client_message_id: None,
            external_message_id: None,
            further_external_ids: Vec::new(),
            quote_token: None,
            quoted_external_id: None,
            delivery_status: DeliveryStatus::Queued,
            failure: None,
            attempt: None,
            occurred_at: now(),
            created_at: now().plus(Duration::from_secs(1)),
            updated_at: now(),
            sent_at: None,
            edited_at: None,
            unsent_at: None,
            former_texts: Vec::new(),
            version: 1,
        },
        media: None,
    }
}
