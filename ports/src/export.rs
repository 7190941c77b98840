//! What of a tenant can be handed out.

use serde_json::{Map, Value};

/// A kind of rows that an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportKind {
    /// Channel accounts, without secrets.
    ChannelAccounts,
    /// Members.
    Members,
    /// Teams.
    Teams,
    /// Who is of which team.
    TeamMembers,
    /// Contacts.
    Contacts,
    /// Who contacts are on each account.
    ContactIdentities,
    /// Leads.
    Leads,
    /// Lines of leads' activity logs.
    Activities,
    /// Conversations.
    Conversations,
    /// Messages.
    Messages,
    /// Files; their bytes come apart.
    Media,
}

impl ExportKind {
    /// Every kind, parents before children.
    pub const ALL: &'static [Self] = &[
        Self::ChannelAccounts,
        Self::Members,
        Self::Teams,
        Self::TeamMembers,
        Self::Contacts,
        Self::ContactIdentities,
        Self::Leads,
        Self::Activities,
        Self::Conversations,
        Self::Messages,
        Self::Media,
    ];

    /// The stable name, which is that of the table too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelAccounts => "channel_accounts",
            Self::Members => "members",
            Self::Teams => "teams",
            Self::TeamMembers => "team_members",
            Self::Contacts => "contacts",
            Self::ContactIdentities => "contact_identities",
            Self::Leads => "leads",
            Self::Activities => "activities",
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Media => "media",
        }
    }

    /// The kind of that name, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// Rows of one kind, in a fixed order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExportPage {
    /// The rows by their column names: moments are microseconds, lists and records are JSON texts.
    pub rows: Vec<Map<String, Value>>,
    /// What to ask for next; `None` after the last page.
    pub next: Option<String>,
}
