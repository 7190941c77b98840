//! Contacts and their identities.

use hubchat_domain::{ChannelType, Contact, ContactIdentity, ContactIdentityRecord, ContactRecord, IdentityKey};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const CONTACTS: Table = Table {
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

pub(crate) const IDENTITIES: Table = Table {
    name: "contact_identities",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("contact_id", Kind::Uuid),
        fixed("account_id", Kind::Uuid),
        fixed("external_user_id", Kind::Text),
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

pub(crate) fn contact_json(contact: &Contact) -> Value {
    let record = contact.record();
    json!({
        "id": record.id,
        "display_name": record.display_name,
        "avatar_url": record.avatar_url,
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "version": record.version,
    })
}

pub(crate) fn identity_json(identity: &ContactIdentity) -> Value {
    let record = identity.record();
    json!({
        "id": record.id,
        "contact_id": record.contact_id,
        "account_id": record.key.account_id,
        "external_user_id": record.key.external_user_id,
        "channel_type": record.channel_type.as_str(),
        "display_name": record.display_name,
        "avatar_url": record.avatar_url,
        "language": record.language,
        "reachable": record.reachable,
        "profile_fetched_at": record.profile_fetched_at.map(hubchat_domain::Timestamp::as_micros),
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "version": record.version,
    })
}

pub(crate) fn read_contact(row: Columns<'_>) -> Result<Contact, StorageError> {
    Ok(Contact::restore(ContactRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        display_name: row.get("display_name")?,
        avatar_url: row.get("avatar_url")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    }))
}

pub(crate) fn read_identity(row: Columns<'_>) -> Result<ContactIdentity, StorageError> {
    Ok(ContactIdentity::restore(ContactIdentityRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        contact_id: row.id("contact_id")?,
        key: IdentityKey { account_id: row.id("account_id")?, external_user_id: row.get("external_user_id")? },
        channel_type: row.named("channel_type", ChannelType::parse)?,
        display_name: row.get("display_name")?,
        avatar_url: row.get("avatar_url")?,
        language: row.get("language")?,
        reachable: row.get("reachable")?,
        profile_fetched_at: row.optional_time("profile_fetched_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    }))
}
