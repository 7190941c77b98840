//! Identifiers: one newtype per thing, so that a lead's id can never be passed for a message's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an identifier of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct InvalidId {
    /// The kind of thing whose id was expected, in lower case.
    pub kind: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that was made by the `Ids` port or read from storage.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId { kind: $kind })
            }
        }
    )+};
}

ids! {
    /// A company that uses hubchat; the wall between its data and everyone else's.
    TenantId, "tenant";
    /// One connected account of a channel, such as one LINE official account.
    ChannelAccountId, "channel account";
    /// A customer, whichever channels they write from.
    ContactId, "contact";
    /// One customer on one channel account.
    ContactIdentityId, "contact identity";
    /// A chance to sell to a contact.
    LeadId, "lead";
    /// A thread of messages with a contact on one channel account.
    ConversationId, "conversation";
    /// One message, in either direction.
    MessageId, "message";
    /// A file that belongs to a message.
    MediaId, "media";
    /// A person who works for a tenant.
    MemberId, "member";
    /// A person who logs in, whichever tenants they work for.
    UserId, "user";
    /// One log-in of a person to a tenant, from then until they leave.
    SessionId, "session";
    /// Members who share leads.
    TeamId, "team";
    /// A credential of the API.
    ApiKeyId, "api key";
    /// One event of a provider's webhook, as received.
    WebhookEventId, "webhook event";
    /// One line of a lead's activity log.
    ActivityId, "activity";
}
