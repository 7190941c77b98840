//! What may stand in an audit log.

use serde::{Deserialize, Serialize};

use crate::channel::named;

/// What was done. The names are public and stable: exports of years ago still say them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditAction {
    /// The tenant came to be: the first entry of every log.
    TenantCreated,
    /// A setting of the tenant changed.
    SettingsChanged,
    /// A lead's status, tags or note changed.
    LeadUpdated,
    /// A lead got another owner or team.
    LeadAssigned,
    /// A conversation's status changed.
    ConversationUpdated,
    /// A message was given to be sent.
    MessageSent,
    /// A message that had failed, or was uncertain, was given to be sent again.
    MessageRetried,
    /// A note was added to a conversation.
    NoteAdded,
    /// A file was uploaded to be sent.
    MediaUploaded,
    /// A channel account was connected.
    ChannelConnected,
    /// A channel account's name, credentials or switch changed.
    ChannelUpdated,
    /// A channel account was disconnected.
    ChannelRemoved,
    /// What a channel's provider said changed an account's status.
    ChannelStatusChanged,
    /// Events of a provider that had waited for an account were brought in.
    EventsAdopted,
    /// A member was added.
    MemberCreated,
    /// Someone was invited to be a member.
    MemberInvited,
    /// An invitation was taken.
    InvitationAccepted,
    /// A member's name, role or status changed.
    MemberUpdated,
    /// A member was removed.
    MemberRemoved,
    /// A member logged in.
    MemberSignedIn,
    /// A member logged out.
    MemberSignedOut,
    /// A log-in was ended before its time.
    SessionRevoked,
    /// A refresh token came a second time, so its log-in was ended.
    RefreshTokenReused,
    /// A link to set a new password was asked for.
    PasswordResetRequested,
    /// A password was set by such a link.
    PasswordReset,
    /// A member changed their password.
    PasswordChanged,
    /// A team came to be.
    TeamCreated,
    /// A team's name or members changed.
    TeamUpdated,
    /// A team was deleted.
    TeamDeleted,
    /// An API key was made.
    ApiKeyCreated,
    /// An API key was revoked.
    ApiKeyRevoked,
    /// Secrets at rest were sealed anew under the current keys.
    KeysRotated,
    /// A dead letter went back into the queue.
    DeadLetterReplayed,
    /// A dead letter was thrown away.
    DeadLetterDiscarded,
    /// A contact was erased on request.
    ContactErased,
    /// Conversations past the tenant's days were purged.
    RetentionRun,
    /// The tenant's data was exported.
    DataExported,
    /// This log was exported.
    AuditExported,
}

named!(AuditAction {
    TenantCreated => "TENANT_CREATED", SettingsChanged => "SETTINGS_CHANGED", LeadUpdated => "LEAD_UPDATED",
    LeadAssigned => "LEAD_ASSIGNED", ConversationUpdated => "CONVERSATION_UPDATED", MessageSent => "MESSAGE_SENT",
    MessageRetried => "MESSAGE_RETRIED", NoteAdded => "NOTE_ADDED", MediaUploaded => "MEDIA_UPLOADED", ChannelConnected => "CHANNEL_CONNECTED", ChannelUpdated => "CHANNEL_UPDATED",
    ChannelRemoved => "CHANNEL_REMOVED", ChannelStatusChanged => "CHANNEL_STATUS_CHANGED",
    EventsAdopted => "EVENTS_ADOPTED", MemberCreated => "MEMBER_CREATED", MemberInvited => "MEMBER_INVITED",
    InvitationAccepted => "INVITATION_ACCEPTED", MemberUpdated => "MEMBER_UPDATED", MemberRemoved => "MEMBER_REMOVED",
    MemberSignedIn => "MEMBER_SIGNED_IN", MemberSignedOut => "MEMBER_SIGNED_OUT", SessionRevoked => "SESSION_REVOKED",
    RefreshTokenReused => "REFRESH_TOKEN_REUSED", PasswordResetRequested => "PASSWORD_RESET_REQUESTED",
    PasswordReset => "PASSWORD_RESET", PasswordChanged => "PASSWORD_CHANGED", TeamCreated => "TEAM_CREATED",
    TeamUpdated => "TEAM_UPDATED", TeamDeleted => "TEAM_DELETED", ApiKeyCreated => "API_KEY_CREATED",
    ApiKeyRevoked => "API_KEY_REVOKED", KeysRotated => "KEYS_ROTATED", DeadLetterReplayed => "DEAD_LETTER_REPLAYED",
    DeadLetterDiscarded => "DEAD_LETTER_DISCARDED", ContactErased => "CONTACT_ERASED", RetentionRun => "RETENTION_RUN",
    DataExported => "DATA_EXPORTED", AuditExported => "AUDIT_EXPORTED",
});
