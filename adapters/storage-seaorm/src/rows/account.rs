//! Rows of channel accounts.

use hubchat_domain::{AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType, TenantId, Timestamp};
use hubchat_ports::{SealedSecrets, StorageError, StoredAccount, WrappedKey};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};

use super::{Fields, Row, read};
use crate::statements::{Kind, Table, changing, fixed};

/// Accounts as `t` with their secrets and the data keys of those, which only those who ask for them read.
pub(crate) fn select_stored_accounts() -> String {
    let columns = ChannelAccountRecord::TABLE.select("t", "");
    format!(
        "SELECT {columns}, t.sealed_secrets AS sealed_secrets, t.key_version AS key_version, k.wrapped AS key_wrapped \
         FROM channel_accounts AS t \
         JOIN data_keys AS k ON k.tenant_id = t.tenant_id AND k.version = t.key_version"
    )
}

impl Row for ChannelAccountRecord {
    const WHAT: &'static str = "channel account";
    const TABLE: Table = Table {
        name: "channel_accounts",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("channel_type", Kind::Text),
            changing("name", Kind::Text),
            changing("external_id", Kind::Text),
            fixed("webhook_key", Kind::Text),
            changing("status", Kind::Text),
            changing("status_reason", Kind::Text),
            changing("last_checked_at", Kind::Integer),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "channel_type": self.channel_type.as_str(),
            "name": self.name,
            "external_id": self.external_id,
            "webhook_key": self.webhook_key,
            "status": self.status.as_str(),
            "status_reason": self.status_reason,
            "last_checked_at": self.last_checked_at.map(Timestamp::as_micros),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            channel_type: fields.named("channel_type", ChannelType::parse)?,
            name: fields.get("name")?,
            external_id: fields.get("external_id")?,
            webhook_key: fields.get("webhook_key")?,
            status: fields.named("status", AccountStatus::parse)?,
            status_reason: fields.get("status_reason")?,
            last_checked_at: fields.time_or_none("last_checked_at")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

/// An account with its secrets, of a row of [`select_stored_accounts`].
pub(crate) fn stored_account(row: &QueryResult) -> Result<StoredAccount, StorageError> {
    let record: ChannelAccountRecord = read(row, "")?;
    let fields = Fields::new::<ChannelAccountRecord>(row, "");
    let key = WrappedKey {
        tenant_id: record.tenant_id,
        version: fields.get("key_version")?,
        wrapped: fields.get("key_wrapped")?,
    };
    let sealed = SealedSecrets(fields.get("sealed_secrets")?);
    Ok(StoredAccount { account: ChannelAccount::restore(record), sealed, key })
}
