//! Connecting channel accounts, and keeping an eye on them.

mod check_channel;
mod connect_channel;
mod list_templates;
mod remove_channel;
mod test_channel;
mod update_channel;

#[cfg(test)]
mod check_channel_tests;
#[cfg(test)]
mod connect_channel_tests;
#[cfg(test)]
mod list_templates_tests;
#[cfg(test)]
mod remove_channel_tests;
#[cfg(test)]
mod test_channel_tests;
#[cfg(test)]
mod update_channel_tests;

pub use check_channel::{ChannelHealth, CheckChannel, HealthCount};
pub use connect_channel::{ConnectChannel, ConnectChannelCommand, ConnectChannelError, ConnectedChannel};
pub use list_templates::{ListTemplates, ListTemplatesError};
pub use remove_channel::{RemoveChannel, RemoveChannelError, RemovedChannel};
pub use test_channel::{ChannelTestReport, TestChannel, TestChannelError};
pub use update_channel::{UpdateChannel, UpdateChannelCommand, UpdateChannelError, UpdatedChannel};

use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, ChannelAccount, ChannelAccountRecord, DomainEvent, EventType, Timestamp,
};
use hubchat_ports::StoredAccount;
use serde_json::{Value, json};

use crate::Actor;

/// The account, unless it was removed.
fn present(stored: Option<StoredAccount>) -> Option<StoredAccount> {
    stored.filter(|stored| stored.account.record().status != AccountStatus::Removed)
}

/// What others learn of a changed account.
pub(crate) fn account_changed(account: &ChannelAccount, now: Timestamp) -> DomainEvent {
    let record = account.record();
    DomainEvent {
        event_type: EventType::ChannelUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: json!({
            "channelAccountId": record.id,
            "channelType": record.channel_type,
            "status": record.status,
            "statusReason": record.status_reason,
        }),
        at: now,
    }
}

/// What the audit log tells of an account: nothing by which one could send or receive.
fn audited(record: &ChannelAccountRecord) -> Value {
    json!({
        "channelType": record.channel_type,
        "name": record.name,
        "externalId": record.external_id,
        "status": record.status,
    })
}

/// That a provider's answer changed an account's status, if it did. The provider's own words are left to the
/// account.
pub(crate) fn status_changed(
    actor: &Actor,
    before: AccountStatus,
    account: &ChannelAccount,
    now: Timestamp,
) -> Option<AuditDraft> {
    let record = account.record();
    let (was, is) = (json!({"status": before}), json!({"status": record.status}));
    let draft = || actor.audit(AuditAction::ChannelStatusChanged, record.id, Some(was), Some(is), now);
    (record.status != before).then(draft)
}

/// Where the provider is to send an account's webhooks, below the public address.
pub(crate) fn webhook_path(record: &hubchat_domain::ChannelAccountRecord) -> String {
    format!("/webhooks/{}/{}", record.channel_type.as_str().to_lowercase(), record.webhook_key)
}
