//! The traits at hubchat's edge and their errors.
//!
//! Core calls these traits; adapters implement them; `hubchat-conformance` holds one suite per port
//! that every adapter passes. Methods state their contract with MUST and MAY: an implementer can be
//! tested against the sentence.
//!
//! Ids and moments are made in core and arrive inside the values. The feature `mocks` adds a mock of
//! every trait (`MockUnitOfWork`, ...).

mod access;
mod access_tokens;
mod account_store;
mod activity_store;
mod api_key_store;
mod audit;
mod channel_adapter;
mod clock;
mod contact_store;
mod conversation_store;
mod data_key_store;
mod directory;
mod event_bus;
mod event_feed;
mod event_store;
mod export;
mod idempotency_store;
mod inbox_queries;
mod intake;
mod job_queue;
mod job_store;
mod lead_store;
mod mailer;
mod media_files;
mod media_store;
mod member_store;
mod message_store;
mod password_hasher;
mod purge_store;
mod rate_limiter;
mod reading_store;
mod send;
mod settings_store;
mod socket_tickets;
mod storage;
mod team_store;
mod tenant_store;
mod vault;
mod webhook_event_store;

pub use access::{Access, FoundRefreshToken, LiveSession, Membership, PasswordChange, Standing};
pub use access_tokens::{AccessClaims, AccessTokenError, AccessTokens};
pub use account_store::{AccountStore, StoredAccount};
pub use activity_store::ActivityStore;
pub use api_key_store::ApiKeyStore;
pub use audit::{AuditFilter, AuditPage, AuditPlace, AuditQueries, AuditSeal, AuditStore};
pub use channel_adapter::{
    AccountAccess, AccountCheck, ChannelAdapter, ChannelSecrets, ContentRefused, FetchError, InvalidEvent,
    MalformedBody, MediaDownload, MessageTemplate, ProfileQuery, QuotaUse, RawEvent, SignalRequest, Subscription,
    ThreadSignal, VerifyError, WebhookBatch, WebhookHeaders, WebhookTest,
};
pub use clock::{Clock, Ids, Randomness};
pub use contact_store::{ContactStore, KnownIdentity};
pub use conversation_store::ConversationStore;
pub use data_key_store::{DataKey, DataKeyStore, FormerSeal};
pub use directory::{Directory, TenantPulse};
pub use event_bus::{EndedHolder, EventBus, Heard, Hearing, Notice, PresenceNotice, PresentMember};
pub use event_feed::{EventFeed, FeedHead};
pub use event_store::{EventStore, StoredEvent};
pub use export::{ExportKind, ExportPage};
pub use idempotency_store::{IdempotencyRecord, IdempotencyStore};
pub use inbox_queries::{
    AccountRow, ConversationFilter, ConversationOrder, ConversationRow, Draft, DraftRow, InboxQueries, Keyset,
    LaneCount, LaneCounts, LaneFilter, LeadFilter, LeadRow, MessageRow, OutgoingRow, Page, PageRequest, Viewer,
};
pub use intake::{InboundLedger, IntakeReceipt, ReceivedEvent, UnroutedEvent, WebhookIntake};
pub use job_queue::{
    AttemptCount, DeadLetter, DeadLetterFilter, JobLease, JobQueue, LaneStats, LeaseOutcome, QueueError,
    ReserveRequest, ReservedJob,
};
pub use job_store::{JobId, JobStore, Lane, NewJob, TenantJob};
pub use lead_store::LeadStore;
pub use mailer::{Mail, MailError, Mailer};
pub use media_files::{IncomingBytes, MediaFileError, MediaFiles, MediaLimits, MediaRead, StoredFile};
pub use media_store::MediaStore;
pub use member_store::MemberStore;
pub use message_store::MessageStore;
pub use password_hasher::{HashingFailed, PasswordCheck, PasswordHasher};
pub use purge_store::{PurgeCounts, PurgeStore, PurgedMessages};
pub use rate_limiter::{Allowance, LimitReached, Quota, RateLimiter};
pub use reading_store::{Mention, ReadPosition, ReadingStore};
pub use send::{OutgoingFile, SendError, SendRequest, SentMessage};
pub use settings_store::{SettingsStore, StoredSettings};
pub use socket_tickets::{SocketTicket, SocketTickets, TicketHolder};
pub use storage::{InsertOutcome, Repository, StorageError, UnitOfWork};
pub use team_store::{TeamRoster, TeamStore};
pub use tenant_store::TenantStore;
pub use vault::{MasterKeyIds, SealContext, SealPlace, SealedSecrets, Vault, VaultError, WrappedKey};
pub use webhook_event_store::{EventOutcome, PendingEvent, WebhookEventStore};

#[cfg(feature = "mocks")]
pub use self::{
    access::MockAccess,
    access_tokens::MockAccessTokens,
    account_store::MockAccountStore,
    activity_store::MockActivityStore,
    api_key_store::MockApiKeyStore,
    audit::{MockAuditQueries, MockAuditSeal, MockAuditStore},
    channel_adapter::MockChannelAdapter,
    clock::{MockClock, MockIds, MockRandomness},
    contact_store::MockContactStore,
    conversation_store::MockConversationStore,
    data_key_store::MockDataKeyStore,
    directory::MockDirectory,
    event_bus::MockEventBus,
    event_feed::MockEventFeed,
    event_store::MockEventStore,
    idempotency_store::MockIdempotencyStore,
    inbox_queries::MockInboxQueries,
    intake::MockWebhookIntake,
    job_queue::MockJobQueue,
    job_store::MockJobStore,
    lead_store::MockLeadStore,
    mailer::MockMailer,
    media_files::MockMediaFiles,
    media_store::MockMediaStore,
    member_store::MockMemberStore,
    message_store::MockMessageStore,
    password_hasher::MockPasswordHasher,
    purge_store::MockPurgeStore,
    rate_limiter::MockRateLimiter,
    reading_store::MockReadingStore,
    settings_store::MockSettingsStore,
    socket_tickets::MockSocketTickets,
    storage::{MockRepository, MockUnitOfWork},
    team_store::MockTeamStore,
    tenant_store::MockTenantStore,
    vault::MockVault,
    webhook_event_store::MockWebhookEventStore,
};
