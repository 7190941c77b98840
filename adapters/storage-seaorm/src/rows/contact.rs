//! Rows of contacts and of their identities.

use hubchat_domain::{ChannelType, ContactIdentityRecord, ContactRecord, IdentityKey, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, micros};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for ContactRecord {
    const WHAT: &'static str = "contact";
    const TABLE: Table = Table {
        name: "contacts",
        columns: &[
            fixed("id", Kind::Uuid),
            changing("display_name", Kind::Text),
            changing("avatar_url", Kind::Text),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "display_name": self.display_name,
            "avatar_url": self.avatar_url,
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            display_name: fields.get("display_name")?,
            avatar_url: fields.get("avatar_url")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}

impl Row for ContactIdentityRecord {
    const WHAT: &'static str = "contact identity";
    const TABLE: Table = Table {
        name: "contact_identities",
        columns: &[
            fixed("id", Kind::Uuid),
            changing("contact_id", Kind::Uuid),
            fixed("account_id", Kind::Uuid),
            fixed("external_user_id", Kind::Text),
            changing("alias", Kind::Text),
            fixed("channel_type", Kind::Text),
            changing("display_name", Kind::Text),
            changing("avatar_url", Kind::Text),
            changing("language", Kind::Text),
            changing("reachable", Kind::Truth),
            changing("profile_fetched_at", Kind::Integer),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "contact_id": self.contact_id,
            "account_id": self.key.account_id,
            "external_user_id": self.key.external_user_id,
            "alias": self.alias,
            "channel_type": self.channel_type.as_str(),
            "display_name": self.display_name,
            "avatar_url": self.avatar_url,
            "language": self.language,
            "reachable": self.reachable,
            "profile_fetched_at": micros(self.profile_fetched_at),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            contact_id: fields.id("contact_id")?,
            key: IdentityKey {
                account_id: fields.id("account_id")?,
                external_user_id: fields.get("external_user_id")?,
            },
            alias: fields.get("alias")?,
            channel_type: fields.named("channel_type", ChannelType::parse)?,
            display_name: fields.get("display_name")?,
            avatar_url: fields.get("avatar_url")?,
            language: fields.get("language")?,
            reachable: fields.get("reachable")?,
            profile_fetched_at: fields.time_or_none("profile_fetched_at")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}
