//! API keys: what is kept of a credential, and what it may do.

use serde::{Deserialize, Serialize};

use crate::{ApiKeyId, TenantId, Timestamp, channel::named};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Everything within the tenant.
    #[serde(rename = "admin")]
    Admin,
    /// Read leads, conversations and messages.
    #[serde(rename = "inbox:read")]
    InboxRead,
    /// Also change leads and mark conversations read.
    #[serde(rename = "inbox:write")]
    InboxWrite,
    /// Send messages.
    #[serde(rename = "messages:send")]
    MessagesSend,
    /// List, connect and test channel accounts.
    #[serde(rename = "channels:manage")]
    ChannelsManage,
}

named!(Scope {
    Admin => "admin", InboxRead => "inbox:read", InboxWrite => "inbox:write", MessagesSend => "messages:send",
    ChannelsManage => "channels:manage",
});

/// What is kept of an API key: never the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRecord {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// What it is for, in words.
    pub name: String,
    /// The part that may be shown, and by which it is found.
    pub prefix: String,
    /// The SHA-256 of the whole key.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is no longer good; `None` never ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKeyRecord {
    /// Whether the key is good: neither revoked nor past its end.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}
