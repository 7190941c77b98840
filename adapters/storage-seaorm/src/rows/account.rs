//! Channel accounts.

use hubchat_domain::{AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType};
use hubchat_ports::{SealedSecrets, StorageError, StoredAccount};
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const ACCOUNTS: Table = Table {
    name: "channel_accounts",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("channel_type", Kind::Text),
        changing("name", Kind::Text),
        changing("external_id", Kind::Text),
        fixed("webhook_key", Kind::Text),
        changing("status", Kind::Text),
        changing("status_reason", Kind::Text),
        fixed("sealed_secrets", Kind::Text),
        fixed("created_at", Kind::Integer),
        changing("updated_at", Kind::Integer),
        fixed("version", Kind::Integer),
    ],
};

pub(crate) fn account_json(account: &ChannelAccount, sealed: Option<&SealedSecrets>) -> Value {
    let record = account.record();
    json!({
        "id": record.id,
        "channel_type": record.channel_type.as_str(),
        "name": record.name,
        "external_id": record.external_id,
        "webhook_key": record.webhook_key,
        "status": record.status.as_str(),
        "status_reason": record.status_reason,
        "sealed_secrets": sealed.map(|sealed| &sealed.0),
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "version": record.version,
    })
}

pub(crate) fn read_account(row: Columns<'_>) -> Result<ChannelAccountRecord, StorageError> {
    Ok(ChannelAccountRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        channel_type: row.named("channel_type", ChannelType::parse)?,
        name: row.get("name")?,
        external_id: row.get("external_id")?,
        webhook_key: row.get("webhook_key")?,
        status: row.named("status", AccountStatus::parse)?,
        status_reason: row.get("status_reason")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    })
}

pub(crate) fn read_stored_account(row: Columns<'_>) -> Result<StoredAccount, StorageError> {
    Ok(StoredAccount {
        account: ChannelAccount::restore(read_account(row)?),
        sealed: SealedSecrets(row.get("sealed_secrets")?),
    })
}
