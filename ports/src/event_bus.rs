//! The bus: what the processes of one installation tell each other at once.
//!
//! It carries hints, never truth. Whatever is told may be lost, and whoever listens finds it in storage a moment
//! later; only that it comes sooner is the bus's doing.

use std::pin::Pin;

use futures_core::Stream;
use hubchat_domain::{ApiKeyId, ConversationId, MemberId, PresenceState, SessionId, TeamId, TenantId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that others do well to know at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// Events of a tenant were committed.
    Committed {
        /// Whose.
        tenant_id: TenantId,
    },
    /// Who may see what changed in a tenant.
    AccessChanged {
        /// In which.
        tenant_id: TenantId,
    },
    /// A credential is over, or may be.
    Ended {
        /// Whose.
        holder: EndedHolder,
    },
    /// Who is at a conversation, as one process knows it.
    Presence(PresenceNotice),
}

/// Whose credentials are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub enum EndedHolder {
    /// One log-in.
    Session(SessionId),
    /// Log-ins of a member.
    Member(MemberId),
    /// Log-ins of a person.
    User(UserId),
    /// One key.
    ApiKey(ApiKeyId),
}

/// Everyone who is at a conversation through one process: what it told before about it is void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceNotice {
    /// The process.
    pub process: Uuid,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Who owns its lead.
    pub owner: Option<MemberId>,
    /// The team that its lead was given to.
    pub team: Option<TeamId>,
    /// Who is there.
    pub members: Vec<PresentMember>,
}

/// A member who is at a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentMember {
    /// Who.
    pub member_id: MemberId,
    /// Their name.
    pub name: String,
    /// What they do there.
    pub state: PresenceState,
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// This was told.
    Notice(Notice),
    /// Something was told and not heard: look at everything again.
    Missed,
}

/// What comes from the bus. It never ends.
pub type Hearing = Pin<Box<dyn Stream<Item = Heard> + Send>>;

/// Tells others, and hears what they tell: best effort, and at once.
#[cfg_attr(feature = "mocks", mockall::automock)]
pub trait EventBus: Send + Sync {
    /// Tells everyone who listens, in this process and in others. MUST NOT wait for anything, and MUST NOT fail.
    fn announce(&self, notice: Notice);

    /// Hears what is told from now on, through this process's bus as well as others'. Notices of one process MUST
    /// come in the order in which it told them, except that a [`Notice::Committed`] or [`Notice::AccessChanged`]
    /// that repeats one still on its way MAY be left out. Where something was lost (a slow listener, a connection
    /// that broke), [`Heard::Missed`] MUST come in its place or later, as soon as the adapter can know.
    fn listen(&self) -> Hearing;
}
