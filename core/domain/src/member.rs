//! Members: the people who work for a tenant.

use serde::{Deserialize, Serialize};

use crate::{MemberId, TenantId, Timestamp, UserId, channel::named};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MemberRole {
    /// Owns the tenant.
    Owner,
    /// Runs channels, keys, members and settings.
    Admin,
    /// Assigns and measures.
    Manager,
    /// Answers customers.
    Sales,
    /// Looks on.
    Viewer,
}

named!(MemberRole {
    Owner => "OWNER", Admin => "ADMIN", Manager => "MANAGER", Sales => "SALES", Viewer => "VIEWER",
});

/// Whether a member works now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MemberStatus {
    /// Was invited, and has not come yet.
    Invited,
    /// Works.
    Active,
    /// Does not.
    Disabled,
}

named!(MemberStatus { Invited => "INVITED", Active => "ACTIVE", Disabled => "DISABLED" });

/// A person who works for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// For whom.
    pub tenant_id: TenantId,
    /// The person who logs in as this member; one membership a tenant.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their e-mail address, in lower case; unique within the tenant.
    pub email: String,
    /// What they may do.
    pub role: MemberRole,
    /// Whether they work now.
    pub status: MemberStatus,
    /// When round-robin last gave them a lead.
    pub last_assigned_at: Option<Timestamp>,
    /// When they were added.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

impl Member {
    /// Whether leads may be given to them.
    #[must_use]
    pub fn takes_leads(&self) -> bool {
        self.status == MemberStatus::Active && self.role != MemberRole::Viewer
    }

    /// Lower-cases and trims an address; `None` when it has no local part, no domain or spaces.
    #[must_use]
    pub fn normal_email(text: &str) -> Option<String> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@')?;
        let plain = !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
            && text.len() <= 254;
        plain.then_some(text)
    }
}
