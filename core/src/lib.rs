//! hubchat's use cases, over the ports. An embedder names this crate: it re-exports domain and ports.
//!
//! Use cases read as: load, decide, write, commit. Nothing remote is called while a session is open,
//! and nothing here reads a clock, the environment or a random number except through a port.
//!
//! [`Hubchat`] holds every use case, built from one bundle of [`Ports`].

pub use hubchat_domain as domain;
pub use hubchat_ports as port;

mod access;
mod account_cache;
mod actor;
mod audit;
mod channels;
mod combiner;
mod conversations;
mod dead_letters;
mod fault;
mod hexadecimal;
mod hubchat;
mod inbound;
mod inbox;
mod jobs;
mod keyed_request;
mod keys;
mod leads;
mod limits;
mod live;
mod media;
mod messages;
mod ports;
mod privacy;
mod seals;
mod settings;
mod teams;
mod tenants;

#[cfg(test)]
mod test_ports;

pub use access::{
    AcceptInvitation, AcceptInvitationCommand, AcceptInvitationError, AuthenticateMember, ChangePassword, Client,
    CreateMemberError, EnthroneJobs, FirstOwner, ForgotPassword, ForgotPasswordError, InviteMember,
    InviteMemberCommand, InviteMemberError, InvitedMember, ListSessions, LogIn, LogInCommand, LogInError, LogOut,
    LoggedIn, MailJobs, Me, Myself, NewPasswordError, NotAMember, OneTimeLink, RefreshError, RefreshSession,
    ResetPassword, RevokeSession, SessionsError, SignedIn, Throttled, UpdateMember, UpdateMemberCommand,
    UpdateMemberError, resolve_visibility,
};
pub use account_cache::AccountCache;
pub use actor::{Actor, MemberActor, Origin};
pub use audit::{
    AuditChain, AuditFlaw, AuditFormat, AuditStream, AuditVerdict, ExportAudit, ListAudit, NoteDeed, VerifyAudit,
};
pub use channels::{
    ChannelHealth, ChannelTestReport, CheckChannel, ConnectChannel, ConnectChannelCommand, ConnectChannelError,
    ConnectedChannel, HealthCount, ListTemplates, ListTemplatesError, RemoveChannel, RemoveChannelError,
    RemovedChannel, TestChannel, TestChannelError, UpdateChannel, UpdateChannelCommand, UpdateChannelError,
    UpdatedChannel,
};
pub use conversations::{
    AddNote, AddNoteCommand, AddNoteError, DraftCommand, DraftError, Drafts, ReadMark, SignalError, Signalled, Signals,
    UpdateConversation, UpdateConversationCommand, UpdateConversationError,
};
pub use dead_letters::{DeadLetterError, DeadLetters};
pub use fault::{ErrorCode, Fault};
pub use hubchat::{Hubchat, Settings};
pub use inbound::{AcceptWebhook, AcceptWebhookError, Accepted, PROCESS_EVENT_JOB, ProcessInbound, WebhookAddress};
pub use inbox::{Inbox, InboxError};
pub use jobs::{JobOutcome, JobRunner, RetryPolicy};
pub use keys::{KeyStatus, KeyStatusReport, MasterKeyUse, RotateKeys, RotateKeysCommand, Rotation};
pub use leads::{AssignLead, AssignLeadError, AssignTo, UpdateLead, UpdateLeadCommand, UpdateLeadError};
pub use limits::{AppliedLimit, CallerLimitError, KeepLimits, Limits, RateLimited};
pub use live::{
    CheckStandings, EventCursor, EventPage, FollowError, FollowEvents, HolderNow, InvalidCursor, IssueSocketTicket,
    IssuedTicket, LiveEvent, PresenceBoard, PresencePlace, RedeemSocketTicket, Showing, SocketHolder, TicketError,
    Topic, Topics, UnknownTopic,
};
pub use media::{
    FetchMedia, MediaDoor, MediaDoorError, MediaLink, MediaVariant, OpenedMedia, UploadLimits, UploadMedia,
    UploadMediaCommand, UploadMediaError, UploadTypes,
};
pub use messages::{
    Deliver, GetSendOptions, NewContent, QueuedMessage, RetryMessage, RetryMessageError, SendMessage,
    SendMessageCommand, SendMessageError, SendOptionsError, SendOptionsView, SendTarget,
};
pub use ports::{ChannelRegistry, PortSet, Ports, UnknownChannel};
pub use privacy::{
    DailyRound, DeleteFiles, EraseContact, EraseContactError, ErasedContact, ExportTenant, ExportTenantError,
    ExportedFile, Housekeeping, HousekeepingCount, Retention, RetentionReport, RoundCount,
};
pub use settings::{AllowedOrigins, GetSettings, SettingsCache, UpdateSettings, UpdateSettingsError};
pub use teams::{CreateTeam, CreateTeamCommand, DeleteTeam, ListTeams, TeamError, UpdateTeam, UpdateTeamCommand};
pub use tenants::{
    AuthenticateApiKey, AuthenticateError, CreateApiKey, CreateApiKeyError, CreateMember, CreateMemberCommand,
    CreateTenant, CreateTenantError, FetchProfile, ListApiKeys, NewApiKey, RevokeApiKey, RevokeApiKeyError,
};
