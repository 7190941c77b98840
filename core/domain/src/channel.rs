//! Channels and the accounts that tenants connect.

use serde::{Deserialize, Serialize};

use crate::{ChannelAccountId, TenantId, Timestamp};

/// Gives an enum its stable upper-case names, for JSON and for storage.
macro_rules! named {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name, as in JSON and in storage.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that name, if there is one.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use named;

/// The kind of channel that an account belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChannelType {
    /// LINE official accounts.
    Line,
    /// Facebook pages: Messenger and page comments.
    Facebook,
    /// Instagram professional accounts.
    Instagram,
    /// WhatsApp Business numbers.
    Whatsapp,
    /// Telegram bots.
    Telegram,
    /// The widget on a tenant's own site.
    Webchat,
    /// TikTok business accounts.
    Tiktok,
    /// Shopee shops.
    Shopee,
    /// Lazada shops.
    Lazada,
}

named!(ChannelType {
    Line => "LINE", Facebook => "FACEBOOK", Instagram => "INSTAGRAM", Whatsapp => "WHATSAPP",
    Telegram => "TELEGRAM", Webchat => "WEBCHAT", Tiktok => "TIKTOK", Shopee => "SHOPEE", Lazada => "LAZADA",
});

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AccountStatus {
    /// Receives and sends.
    Active,
    /// Switched off by an operator: receives, and its sends wait.
    Paused,
    /// The provider refuses the credentials: receives, and its sends wait for new ones.
    Unauthorized,
    /// Receives and sends, but something is wrong that an operator should see to.
    Degraded,
    /// Disconnected: neither receives nor sends, and its secrets are gone. What was said stays.
    Removed,
}

impl AccountStatus {
    /// Whether the account sends.
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Active | Self::Degraded)
    }
}

named!(AccountStatus {
    Active => "ACTIVE", Paused => "PAUSED", Unauthorized => "UNAUTHORIZED", Degraded => "DEGRADED",
    Removed => "REMOVED",
});

/// What is kept of a channel account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelAccountRecord {
    /// Its id.
    pub id: ChannelAccountId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The channel.
    pub channel_type: ChannelType,
    /// The name that people read.
    pub name: String,
    /// The provider's id of the account (LINE: the bot's user id, a webhook's `destination`).
    pub external_id: Option<String>,
    /// The unguessable last segment of its webhook path.
    pub webhook_key: String,
    /// Whether it may be used.
    pub status: AccountStatus,
    /// Why it is not active, in words for an operator.
    pub status_reason: Option<String>,
    /// When the provider last told, asked about the account, whether it takes the credentials.
    pub last_checked_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// One connected account of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelAccount(ChannelAccountRecord);

impl ChannelAccount {
    /// A new, active account; `external_id` and `name` as the provider or the operator gave them.
    #[must_use]
    pub fn connect(record: ChannelAccountRecord) -> Self {
        Self(ChannelAccountRecord { status: AccountStatus::Active, status_reason: None, version: 1, ..record })
    }

    /// The account as storage keeps it.
    #[must_use]
    pub fn restore(record: ChannelAccountRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &ChannelAccountRecord {
        &self.0
    }

    /// Whether messages may be sent through it now.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.0.status.is_usable()
    }

    /// Notes that the provider refuses the credentials. A paused account stays paused.
    pub fn mark_unauthorized(&mut self, reason: &str, now: Timestamp) {
        if self.0.status.is_usable() {
            self.set_status(AccountStatus::Unauthorized, Some(reason.to_owned()), now);
        }
    }

    /// Notes that the provider accepts the credentials again. A paused account stays paused.
    pub fn mark_authorized(&mut self, now: Timestamp) {
        if self.0.status == AccountStatus::Unauthorized {
            self.set_status(AccountStatus::Active, None, now);
        }
    }

    /// Notes what is wrong with an account that still works, or that nothing is any more. An account that is
    /// switched off or refused stays so.
    pub fn note_health(&mut self, trouble: Option<&str>, now: Timestamp) {
        let known = self.0.status_reason.as_deref();
        match trouble {
            Some(trouble) if self.0.status.is_usable() && known != Some(trouble) => {
                self.set_status(AccountStatus::Degraded, Some(trouble.to_owned()), now);
            }
            None if self.0.status == AccountStatus::Degraded => self.set_status(AccountStatus::Active, None, now),
            _ => {}
        }
    }

    /// Notes that the provider was asked about it, and told. That is no change of the account.
    pub fn note_checked(&mut self, now: Timestamp) {
        self.0.last_checked_at = Some(now);
    }

    /// Disconnects it for good; the provider's id becomes free for another connection.
    pub fn remove(&mut self, now: Timestamp) {
        self.0.external_id = None;
        self.set_status(AccountStatus::Removed, None, now);
    }

    /// Gives it another name.
    pub fn rename(&mut self, name: &str, now: Timestamp) {
        if self.0.name != name {
            name.clone_into(&mut self.0.name);
            self.0.updated_at = now;
        }
    }

    /// Switches it off: it receives, and its sends wait.
    pub fn pause(&mut self, now: Timestamp) {
        if !matches!(self.0.status, AccountStatus::Paused | AccountStatus::Removed) {
            self.set_status(AccountStatus::Paused, None, now);
        }
    }

    /// Switches a paused account on. Should the provider refuse its credentials, the next send or test tells.
    pub fn resume(&mut self, now: Timestamp) {
        if self.0.status == AccountStatus::Paused {
            self.set_status(AccountStatus::Active, None, now);
        }
    }

    /// Notes that its credentials were replaced: whatever the provider said of the old ones is past. A paused
    /// account stays paused.
    pub fn credentials_replaced(&mut self, now: Timestamp) {
        self.0.updated_at = now;
        self.mark_authorized(now);
    }

    /// Notes the provider's id of the account, once known.
    pub fn learn_external_id(&mut self, external_id: &str, now: Timestamp) {
        if self.0.external_id.as_deref() != Some(external_id) {
            self.0.external_id = Some(external_id.to_owned());
            self.0.updated_at = now;
        }
    }

    fn set_status(&mut self, status: AccountStatus, reason: Option<String>, now: Timestamp) {
        self.0.status = status;
        self.0.status_reason = reason;
        self.0.updated_at = now;
    }
}
