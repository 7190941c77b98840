//! On what something was done.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, ChannelAccountId, ContactId, ConversationId, LeadId, MediaId, MemberId, MessageId, SessionId, TeamId,
    TenantId, UserId, channel::named,
};

/// The kind of thing that an audit entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectKind {
    /// The tenant itself, its settings and its data as a whole.
    Tenant,
    /// A channel account.
    Channel,
    /// A contact.
    Contact,
    /// A lead.
    Lead,
    /// A conversation.
    Conversation,
    /// A message.
    Message,
    /// A file.
    Media,
    /// A member.
    Member,
    /// A person who logs in.
    User,
    /// A log-in.
    Session,
    /// A team.
    Team,
    /// An API key.
    ApiKey,
    /// A job of the queue; its id is a number.
    Job,
}

named!(SubjectKind {
    Tenant => "TENANT", Channel => "CHANNEL", Contact => "CONTACT", Lead => "LEAD", Conversation => "CONVERSATION",
    Message => "MESSAGE", Media => "MEDIA", Member => "MEMBER", User => "USER", Session => "SESSION", Team => "TEAM",
    ApiKey => "API_KEY", Job => "JOB",
});

/// On what something was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSubject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id, as the API writes it.
    pub id: String,
}

impl AuditSubject {
    /// A thing whose id has no type of its own.
    #[must_use]
    pub fn new(kind: SubjectKind, id: impl std::fmt::Display) -> Self {
        Self { kind, id: id.to_string() }
    }

    /// The subject of a text as [`Display`](std::fmt::Display) writes it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once(':')?;
        if id.is_empty() { None } else { SubjectKind::parse(kind).map(|kind| Self::new(kind, id)) }
    }
}

/// `<kind>:<id>`, such as `LEAD:018f...`.
impl std::fmt::Display for AuditSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind, self.id)
    }
}

macro_rules! subjects {
    ($($id:ident => $kind:ident),+ $(,)?) => {$(
        impl From<$id> for AuditSubject {
            fn from(id: $id) -> Self {
                Self::new(SubjectKind::$kind, id)
            }
        }
    )+};
}

subjects! {
    TenantId => Tenant, ChannelAccountId => Channel, ContactId => Contact, LeadId => Lead,
    ConversationId => Conversation, MessageId => Message, MediaId => Media, MemberId => Member, UserId => User,
    SessionId => Session, TeamId => Team, ApiKeyId => ApiKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_survive_their_text_and_nothing_else_is_one() {
        let job = AuditSubject::new(SubjectKind::Job, 17);
        assert_eq!(job.to_string(), "JOB:17");
        assert_eq!(AuditSubject::parse("JOB:17"), Some(job));
        for wrong in ["", "JOB", "JOB:", "job:17", ":17"] {
            assert_eq!(AuditSubject::parse(wrong), None, "{wrong}");
        }
    }
}
