//! What hubchat knows, as data and pure functions: tenants, channel accounts, contacts, leads,
//! conversations, messages, and the rules that hold between them.
//!
//! Nothing here does I/O, reads a clock or draws a random number: `now` and ids are parameters, so
//! that every rule can be tested by calling it.
//!
//! Entities wrap a plain record (`Lead` wraps [`LeadRecord`]). Storage restores an entity from its
//! record; everyone else changes it through its methods only.

mod activity;
mod api_key;
mod audit;
mod auth_link;
mod capability;
mod channel;
mod contact;
mod conversation;
mod delivery;
mod event;
mod id;
mod inbound;
mod lead;
mod lead_status;
mod media;
mod member;
mod message;
mod message_content;
mod naming;
mod password;
mod permission;
mod presence;
mod referral;
mod send_policy;
mod session;
mod settings;
mod team;
mod tenant;
mod text_split;
mod timestamp;
mod user;
mod visibility;
mod web_origin;

pub use activity::{Activity, ActivityKind, Author};
pub use api_key::{ApiKeyRecord, Scope};
pub use audit::{
    AuditAction, AuditActor, AuditDraft, AuditEntry, AuditHash, AuditHead, AuditSubject, Origin, SubjectKind,
};
pub use auth_link::{AuthLink, AuthLinkKind};
pub use capability::{ChannelCapabilities, MediaLimit};
pub use channel::{AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType};
pub use contact::{Contact, ContactIdentity, ContactIdentityRecord, ContactRecord, IdentityKey, Profile};
pub use conversation::{
    CommentThread, Conversation, ConversationRecord, ConversationStatus, ReplyHandle, ThreadKey, ThreadKind,
};
pub use delivery::{AttemptRoute, DeliveryAttempt, DeliveryFailure, DeliveryStatus};
pub use event::{DomainEvent, EventType};
pub use id::{
    ActivityId, ApiKeyId, ChannelAccountId, ContactId, ContactIdentityId, ConversationId, InvalidId, LeadId, MediaId,
    MemberId, MessageId, SessionId, TeamId, TenantId, UserId, WebhookEventId,
};
pub use inbound::{InboundEvent, InboundEventKind, InboundThread, SystemNotice};
pub use lead::{Lead, LeadRecord, TagError};
pub use lead_status::{InvalidTransition, LeadStatus, Transition};
pub use media::{Media, MediaRecord, MediaSource, MediaStatus};
pub use member::{Member, MemberRole, MemberStatus};
pub use message::{Direction, Message, MessageRecord, Sender};
pub use message_content::{Attachment, Choice, MessageContent, MessageKind};
pub use naming::{AvatarChoice, NameParts, display_name, https_avatar, initials};
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, WeakPassword, check_password};
pub use permission::Permission;
pub use presence::PresenceState;
pub use referral::Referral;
pub use send_policy::{SendFacts, SendMode, SendOption, SendOptions, SendRefusal, send_options};
pub use session::{RefreshToken, Session, SessionEnd};
pub use settings::{InvalidSetting, SettingDefinition, SettingKind, TenantSettings};
pub use team::Team;
pub use tenant::{InvalidSlug, InvalidTenantName, Tenant, TenantName, TenantSlug};
pub use text_split::{split_text_by, split_text_utf16, utf16_len};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use user::{PasswordHash, User};
pub use visibility::{Sight, Viewpoint, Visibility};
pub use web_origin::{InvalidOrigin, WebOrigin};
