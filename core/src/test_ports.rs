//! Ports for unit tests: mocks that refuse every call until a test expects it, a clock that stands
//! still, ids that count, and chance that is always one half.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use hubchat_domain::{
    AccountStatus, AuditActor, AuditDraft, ChannelAccount, ChannelAccountId, ChannelAccountRecord, ChannelCapabilities,
    ChannelType, Contact, ContactIdentity, Conversation, ConversationRecord, DeliveryStatus, Direction, IdentityKey,
    Lead, LeadId, Message, MessageContent, MessageKind, MessageRecord, Origin, Scope, Sender, TenantId, TenantSettings,
    ThreadKey, ThreadKind, Timestamp,
};
use hubchat_ports::{
    AuditStore, Clock, ConversationRow, DataKey, DataKeyStore, EventBus, Hearing, Ids, KnownIdentity, MockAccess,
    MockAccessTokens, MockAuditStore, MockChannelAdapter, MockDataKeyStore, MockDirectory, MockInboxQueries,
    MockJobQueue, MockMailer, MockMediaFiles, MockPasswordHasher, MockRateLimiter, MockRepository, MockSettingsStore,
    MockSocketTickets, MockUnitOfWork, MockVault, MockWebhookIntake, Notice, Randomness, SealedSecrets, SettingsStore,
    StoredAccount, StoredSettings, WrappedKey,
};
use secrecy::{SecretSlice, SecretString};
use uuid::Uuid;

use crate::{Actor, ChannelRegistry, Ports};

/// The moment at which every unit test happens: 2026-01-01T00:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0xaaaa))
}

/// From where the actor of a test asks.
pub(crate) fn origin() -> Origin {
    Origin { address: Some([192, 0, 2, 7].into()), request_id: Some("request-1".to_owned()) }
}

/// An audit log that tells each entry, having looked at what every entry must keep to.
pub(crate) fn audit_store(told: impl Fn(AuditDraft) + Send + Sync + 'static) -> Box<dyn AuditStore> {
    let mut audit = MockAuditStore::new();
    audit.expect_append().returning(move |draft| {
        assert_eq!(draft.at, now());
        let by_system = matches!(draft.actor, AuditActor::System);
        assert_eq!(draft.origin, if by_system { Origin::default() } else { origin() }, "{draft:?}");
        told(draft);
        Ok(())
    });
    Box::new(audit)
}

pub(crate) fn actor(scopes: &[Scope]) -> Actor {
    Actor::api_key(tenant(), Uuid::from_u128(0xbbbb).into(), scopes.to_vec()).from_origin(origin())
}

struct StandingClock;

#[async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        now()
    }

    async fn sleep(&self, _: Duration) {}
}

struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next_uuid(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}

/// A bus that nobody else hears, and that keeps what was told.
#[derive(Default)]
pub(crate) struct SilentBus(Mutex<Vec<Notice>>);

impl SilentBus {
    pub(crate) fn told(&self) -> Vec<Notice> {
        self.0.lock().expect("not poisoned").clone()
    }
}

impl EventBus for SilentBus {
    fn announce(&self, notice: Notice) {
        self.0.lock().expect("not poisoned").push(notice);
    }

    fn listen(&self) -> Hearing {
        Box::pin(futures_util::stream::pending())
    }
}

struct Half;

impl Randomness for Half {
    fn fraction(&self) -> f64 {
        0.5
    }

    fn secret_bytes(&self, count: usize) -> SecretSlice<u8> {
        vec![7; count].into()
    }
}

/// The mocks of a test, to be given expectations and then turned into [`Ports`].
#[derive(Default)]
pub(crate) struct TestPorts {
    pub(crate) repository: MockRepository,
    pub(crate) directory: MockDirectory,
    pub(crate) access: MockAccess,
    pub(crate) passwords: MockPasswordHasher,
    pub(crate) access_tokens: MockAccessTokens,
    pub(crate) mailer: MockMailer,
    pub(crate) intake: MockWebhookIntake,
    pub(crate) queue: MockJobQueue,
    pub(crate) adapter: Option<MockChannelAdapter>,
    pub(crate) vault: MockVault,
    pub(crate) media_files: MockMediaFiles,
    pub(crate) rate_limiter: MockRateLimiter,
    pub(crate) socket_tickets: MockSocketTickets,
    pub(crate) bus: Arc<SilentBus>,
}

impl TestPorts {
    /// Sessions are given out in this order.
    pub(crate) fn with_sessions(mut self, sessions: Vec<MockUnitOfWork>) -> Self {
        let sessions = Mutex::new(sessions.into_iter());
        self.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant(), "a session for another tenant");
            let next = sessions.lock().expect("no test panics while it holds this").next();
            Ok(Box::new(next.expect("a session that the test did not expect")))
        });
        self
    }

    /// The vault opens everything to a plain set of secrets and digests to the bytes themselves.
    pub(crate) fn with_open_vault(mut self) -> Self {
        self.vault.expect_open().returning(|_, _, _| Ok(SecretString::from(r#"{"channel_secret":"s"}"#)));
        self.vault.expect_digest().returning(<[u8]>::to_vec);
        self.vault.expect_same().returning(|left, right| left == right);
        self.vault.expect_sign().returning(|_, bytes| bytes.to_vec());
        self.vault.expect_verify().returning(|_, bytes, signature| bytes == signature);
        self
    }

    pub(crate) fn build(self) -> Ports {
        self.build_with_clock(StandingClock)
    }

    pub(crate) fn build_with_clock(self, clock: impl Clock + 'static) -> Ports {
        let adapters = self.adapter.map(|adapter| Arc::new(adapter) as Arc<dyn hubchat_ports::ChannelAdapter>);
        Ports::from(crate::PortSet {
            repository: Arc::new(self.repository),
            directory: Arc::new(self.directory),
            access: Arc::new(self.access),
            socket_tickets: Arc::new(self.socket_tickets),
            bus: self.bus,
            passwords: Arc::new(self.passwords),
            access_tokens: Arc::new(self.access_tokens),
            mailer: Arc::new(self.mailer),
            intake: Arc::new(self.intake),
            queue: Arc::new(self.queue),
            channels: ChannelRegistry::new(adapters),
            vault: Arc::new(self.vault),
            media_files: Arc::new(self.media_files),
            rate_limiter: Arc::new(self.rate_limiter),
            clock: Arc::new(clock),
            ids: Arc::new(CountingIds(AtomicU64::new(0x1000))),
            randomness: Arc::new(Half),
        })
    }
}

/// An adapter for LINE with its like of capabilities.
pub(crate) fn line_adapter(idempotent_send: Option<Duration>) -> MockChannelAdapter {
    adapter_of(ChannelType::Line, idempotent_send)
}

/// An adapter for a channel, otherwise like LINE's.
pub(crate) fn adapter_of(channel: ChannelType, idempotent_send: Option<Duration>) -> MockChannelAdapter {
    let mut adapter = MockChannelAdapter::new();
    adapter.expect_channel_type().return_const(channel);
    adapter.expect_optional_secret_names().returning(|| &[]);
    adapter.expect_capabilities().returning(move || ChannelCapabilities {
        send_kinds: &[MessageKind::Text],
        max_text_utf16: 25_000,
        idempotent_send,
        reply_handle_ttl: Some(Duration::from_secs(50)),
        reply_handle_max_age: Some(Duration::from_mins(20)),
        media_limits: &[],
        app_webhook: false,
        sends_per_second: 2_000,
    });
    adapter
}

pub(crate) fn account_id() -> ChannelAccountId {
    Uuid::from_u128(0xcccc).into()
}

pub(crate) fn stored_account(status: AccountStatus) -> StoredAccount {
    let record = ChannelAccountRecord {
        id: account_id(),
        tenant_id: tenant(),
        channel_type: ChannelType::Line,
        name: "LINE".to_owned(),
        external_id: Some("Ubot".to_owned()),
        webhook_key: "key".to_owned(),
        status,
        status_reason: None,
        last_checked_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    StoredAccount {
        account: ChannelAccount::restore(record),
        sealed: SealedSecrets("sealed".to_owned()),
        key: wrapped_key(1),
    }
}

/// A data key of the tenant.
pub(crate) fn wrapped_key(version: i32) -> WrappedKey {
    WrappedKey { tenant_id: tenant(), version, wrapped: format!("w1.master.{version}") }
}

/// The tenant's data keys, of which this is the newest.
pub(crate) fn data_keys(version: i32) -> Box<dyn DataKeyStore> {
    let mut keys = MockDataKeyStore::new();
    let current = DataKey { key: wrapped_key(version), created_at: now(), retired_at: None };
    keys.expect_current().returning(move || Ok(Some(current.clone())));
    Box::new(keys)
}

pub(crate) fn person() -> KnownIdentity {
    let contact = Contact::first_seen(Uuid::from_u128(0xd1).into(), tenant(), now());
    let key = IdentityKey { account_id: account_id(), external_user_id: "Uperson".to_owned() };
    let identity = ContactIdentity::first_seen(Uuid::from_u128(0xd2).into(), &contact, key, ChannelType::Line, now());
    KnownIdentity { identity, contact }
}

pub(crate) fn lead() -> Lead {
    let source = (account_id(), ChannelType::Line);
    Lead::open(LeadId::from_uuid(Uuid::from_u128(0xd3)), tenant(), person().contact.record().id, source, now())
}

pub(crate) fn conversation(change: impl FnOnce(&mut ConversationRecord)) -> Conversation {
    let thread = ThreadKey { account_id: account_id(), external_thread_id: "Uperson".to_owned() };
    let person = person();
    let begun = Conversation::begin(
        Uuid::from_u128(0xd4).into(),
        (thread, ThreadKind::Direct),
        &person.identity,
        lead().record().id,
        now(),
    );
    let mut record = begun.record().clone();
    change(&mut record);
    Conversation::restore(record)
}

/// A message to the person that waits to be delivered.
pub(crate) fn queued_message(change: impl FnOnce(&mut MessageRecord)) -> Message {
    let mut record = MessageRecord {
        id: Uuid::from_u128(0xd5).into(),
        tenant_id: tenant(),
        conversation_id: conversation(|_| ()).record().id,
        account_id: account_id(),
        lead_id: lead().record().id,
        seq: 1,
        direction: Direction::Outbound,
        sender: Sender::System,
        content: MessageContent::Text { text: "hello".to_owned() },
        client_message_id: None,
        external_message_id: None,
        further_external_ids: Vec::new(),
        quote_token: None,
        quoted_external_id: None,
        delivery_status: DeliveryStatus::Queued,
        failure: None,
        attempt: None,
        occurred_at: now(),
        created_at: now(),
        updated_at: now(),
        sent_at: None,
        edited_at: None,
        unsent_at: None,
        former_texts: Vec::new(),
        version: 1,
    };
    change(&mut record);
    Message::restore(record)
}

/// What lists show of a conversation.
pub(crate) fn conversation_row(conversation: &Conversation) -> ConversationRow {
    ConversationRow {
        conversation: conversation.record().clone(),
        account_name: "LINE".to_owned(),
        identity_name: None,
        identity_avatar_url: None,
        external_user_id: "Uperson".to_owned(),
        contact_name: None,
        contact_avatar_url: None,
        lead_status: lead().record().status,
        assigned_member_name: None,
        assigned_team_name: None,
        unread_count: i64::from(conversation.record().unread_count),
    }
}

/// What a limiter answers that limits nothing.
pub(crate) fn allowance() -> hubchat_ports::Allowance {
    hubchat_ports::Allowance { limit: 1_000, remaining: 999, reset_after: std::time::Duration::ZERO }
}

/// Reads that tell these settings, to be given further expectations.
pub(crate) fn inbox_with(settings: TenantSettings) -> MockInboxQueries {
    let mut inbox = MockInboxQueries::new();
    inbox.expect_settings().returning(move || Ok(StoredSettings { settings: settings.clone(), version: 0 }));
    inbox
}

/// The store of these settings in a session.
pub(crate) fn settings_store(settings: TenantSettings) -> Box<dyn SettingsStore> {
    let mut store = MockSettingsStore::new();
    store.expect_find().returning(move || Ok(StoredSettings { settings: settings.clone(), version: 0 }));
    Box::new(store)
}
