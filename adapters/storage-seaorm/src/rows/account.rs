//! Rows of channel accounts.

use hubchat_domain::{AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType, TenantId};
use hubchat_ports::{SealedSecrets, StorageError, StoredAccount};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};

use super::{Fields, Row, read};
use crate::statements::{Kind, Table, changing, fixed};

/// The column of sealed secrets, which only those who ask for it read.
pub(crate) const SEALED_SECRETS: &str = "sealed_secrets";

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
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

/// An account with its secrets, of a row whose account columns begin with the prefix.
pub(crate) fn stored_account(row: &QueryResult, prefix: &'static str) -> Result<StoredAccount, StorageError> {
    let record: ChannelAccountRecord = read(row, prefix)?;
    let sealed = Fields::new::<ChannelAccountRecord>(row, "").get(SEALED_SECRETS)?;
    Ok(StoredAccount { account: ChannelAccount::restore(record), sealed: SealedSecrets(sealed) })
}
