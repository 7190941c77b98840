//! What a tenant decides for itself.
//!
//! One table says everything about a setting: its field, type, default, name, the values that it takes, and its
//! words. Reading, checking, the API's schema and the documentation follow from it.

mod kind;
mod reference;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{MemberRole, Sight, Tenant, TenantName, WebOrigin};

pub use kind::SettingKind;

/// What is known of a setting beside its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingDefinition {
    /// Its name, in JSON and in storage.
    pub key: &'static str,
    /// The values that it takes.
    pub kind: SettingKind,
    /// What it decides, in words.
    pub words: &'static [&'static str],
}

/// A setting that cannot be what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// There is no setting of that name.
    #[error("{key}: there is no such setting")]
    Unknown {
        /// The name.
        key: String,
    },
    /// It does not take that value.
    #[error("{key}: {reason}")]
    Value {
        /// The setting.
        key: &'static str,
        /// What would be right.
        reason: String,
    },
}

impl InvalidSetting {
    /// The name of the setting.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Unknown { key } => key,
            Self::Value { key, .. } => key,
        }
    }
}

macro_rules! tenant_settings {
    ($($(#[doc = $words:literal])+ $field:ident: $type:ty = $default:expr, $key:literal, $kind:expr;)+) => {
        /// What a tenant decides for itself. A setting that was never set has its default.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct TenantSettings {
            $($(#[doc = $words])+ #[serde(rename = $key)] pub $field: $type,)+
        }

        impl Default for TenantSettings {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl TenantSettings {
            /// Every setting, in the order of the documentation.
            pub const DEFINITIONS: &'static [SettingDefinition] =
                &[$(SettingDefinition { key: $key, kind: $kind, words: &[$($words),+] },)+];

            /// Sets one setting. What cannot be is refused by name and changes nothing.
            pub fn set(&mut self, key: &str, value: &Value) -> Result<(), InvalidSetting> {
                match key {
                    $($key => {
                        const KIND: SettingKind = $kind;
                        let refused = |reason| InvalidSetting::Value { key: $key, reason };
                        KIND.check(value).map_err(refused)?;
                        self.$field = serde_json::from_value(value.clone())
                            .map_err(|_| refused(KIND.in_words()))?;
                        Ok(())
                    })+
                    _ => Err(InvalidSetting::Unknown { key: key.to_owned() }),
                }
            }

            /// The value of a setting as JSON; `None` when there is no setting of that name.
            #[must_use]
            pub fn value(&self, key: &str) -> Option<Value> {
                match key {
                    $($key => serde_json::to_value(&self.$field).ok(),)+
                    _ => None,
                }
            }
        }
    };
}

const PER_MINUTE: SettingKind = SettingKind::Number { least: 1, most: 1_000_000, or_null: true };

tenant_settings! {
    /// What the tenant is called, where people read it: in the console, and in mail to its members.
    name: Option<TenantName> = None, "name", SettingKind::Name;
    /// The sites whose pages may call the API from a browser (CORS), each as the browser writes its origin. None by
    /// default: then only programs outside browsers, and pages of hubchat's own address, may call.
    allowed_origins: Vec<WebOrigin> = Vec::new(), "allowedOrigins", SettingKind::Origins { most: 50 };
    /// For how many days a conversation is kept after it was closed. `null` keeps it for ever.
    retention_days: Option<u32> = None, "retentionDays", SettingKind::Number { least: 1, most: 36_500, or_null: true };
    /// What is written publicly under a comment that was answered in private. `null` writes nothing.
    public_reply_text: Option<String> = Some(Tenant::USUAL_PUBLIC_REPLY.to_owned()), "publicReplyText",
        SettingKind::Text { most_chars: Tenant::MAX_PUBLIC_REPLY_CHARS, or_null: true };
    /// Which leads and conversations the role MANAGER sees. Owners and admins see all.
    managers_see: Sight = Sight::All, "managersSee", SettingKind::Choice(SIGHTS);
    /// Which leads and conversations the role SALES sees.
    sales_see: Sight = Sight::TeamAndUnassigned, "salesSee", SettingKind::Choice(SIGHTS);
    /// Which leads and conversations the role VIEWER sees.
    viewers_see: Sight = Sight::All, "viewersSee", SettingKind::Choice(SIGHTS);
    /// How many requests a minute all keys and members of the tenant may make together. `null` leaves it to the
    /// limit of the installation, which no setting can raise.
    requests_per_minute: Option<u32> = None, "requestsPerMinute", PER_MINUTE;
    /// How many requests a minute one API key, or one log-in of a member, may make. `null` leaves it to the limit of
    /// the installation, which no setting can raise.
    caller_requests_per_minute: Option<u32> = None, "callerRequestsPerMinute", PER_MINUTE;
    /// How many messages a minute may be sent into one conversation. `null` leaves it to the limit of the
    /// installation, which no setting can raise.
    conversation_sends_per_minute: Option<u32> = None, "conversationSendsPerMinute", PER_MINUTE;
    /// The most bytes that an uploaded file may have. `null` leaves it to the limits of the installation, which no
    /// setting can raise.
    upload_max_bytes: Option<u64> = None, "uploadMaxBytes",
        SettingKind::Number { least: 1_024, most: 1_073_741_824, or_null: true };
    /// Whether customers see, where their channel can show it, that somebody writes.
    show_typing: bool = true, "showTyping", SettingKind::Truth;
    /// Whether customers see, where their channel can show it, that what they wrote was read.
    show_seen: bool = true, "showSeen", SettingKind::Truth;
}

/// The names of [`Sight`].
const SIGHTS: &[&str] = &[Sight::All.as_str(), Sight::TeamAndUnassigned.as_str(), Sight::Own.as_str()];

impl TenantSettings {
    /// How far a role sees.
    #[must_use]
    pub const fn sight_of(&self, role: MemberRole) -> Sight {
        match role {
            MemberRole::Owner | MemberRole::Admin => Sight::All,
            MemberRole::Manager => self.managers_see,
            MemberRole::Sales => self.sales_see,
            MemberRole::Viewer => self.viewers_see,
        }
    }

    /// Whether pages of that origin may call.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed.as_str() == origin)
    }
}
