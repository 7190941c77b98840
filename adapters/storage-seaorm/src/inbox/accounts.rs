//! Channel accounts as the inbox names them.

use hubchat_domain::{AccountStatus, ChannelType, TenantId};
use hubchat_ports::{AccountRow, StorageError};
use sea_orm::{DbBackend, QueryResult};

use super::page::Select;
use crate::rows::Fields;

const COLUMNS: &str = "a.id AS id, a.channel_type AS channel_type, a.name AS name, a.status AS status";

/// The order of the list.
pub(super) const ORDER: [&str; 2] = ["a.created_at", "a.id"];

pub(super) fn list(backend: DbBackend, tenant: TenantId) -> Select {
    Select::from(backend, COLUMNS, "channel_accounts AS a", ("a", tenant))
}

pub(super) fn row(row: &QueryResult) -> Result<AccountRow, StorageError> {
    let fields = Fields::plain(row, "channel account");
    Ok(AccountRow {
        id: fields.id("id")?,
        channel_type: fields.named("channel_type", ChannelType::parse)?,
        name: fields.get("name")?,
        status: fields.named("status", AccountStatus::parse)?,
    })
}
