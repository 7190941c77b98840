//! The activity log of a lead.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ActivityId, ApiKeyId, LeadId, MemberId, Timestamp, channel::named};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityKind {
    /// The lead was opened.
    LeadCreated,
    /// The customer wrote.
    MessageReceived,
    /// A message went to the customer.
    MessageSent,
    /// The lead's status, or its tags, changed.
    StatusChanged,
    /// The lead got an owner.
    Assigned,
    /// The note changed.
    NoteAdded,
    /// The tags changed.
    TagsChanged,
}

named!(ActivityKind {
    LeadCreated => "LEAD_CREATED", MessageReceived => "MESSAGE_RECEIVED", MessageSent => "MESSAGE_SENT",
    StatusChanged => "STATUS_CHANGED", Assigned => "ASSIGNED", NoteAdded => "NOTE_ADDED", TagsChanged => "TAGS_CHANGED",
});

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Author {
    /// hubchat, or the customer through it.
    System,
    /// A program with an API key.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
    },
    /// A member of the tenant.
    Member {
        /// Who.
        id: MemberId,
    },
}

/// One line of a lead's activity log; never changed, never deleted alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// The lead.
    pub lead_id: LeadId,
    /// What happened.
    pub kind: ActivityKind,
    /// Who did it.
    pub author: Author,
    /// The particulars: ids, former and new values; never message text.
    pub detail: Value,
    /// When.
    pub at: Timestamp,
}
