//! Contacts on the wire.

use hubchat_core::ErasedContact;
use poem_openapi::Object;

/// What of a contact was erased.
#[derive(Debug, Object)]
#[oai(rename = "ErasedContact", rename_all = "camelCase")]
pub(crate) struct ErasedContactView {
    /// Conversations.
    conversations: u64,
    /// Their messages.
    messages: u64,
    /// Their files.
    files: u64,
    /// Leads, with their activity logs.
    leads: u64,
    /// Identities on channel accounts.
    identities: u64,
    /// Received webhook events whose payloads named the contact.
    webhook_events: u64,
}

impl From<ErasedContact> for ErasedContactView {
    fn from(erased: ErasedContact) -> Self {
        Self {
            conversations: erased.count.conversations,
            messages: erased.count.messages,
            files: erased.count.files,
            leads: erased.leads,
            identities: erased.identities,
            webhook_events: erased.webhook_events,
        }
    }
}
