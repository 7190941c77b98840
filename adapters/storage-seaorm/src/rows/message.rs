//! Messages, and the provider's ids of their further parts.

use hubchat_domain::{DeliveryStatus, Direction, Message, MessageRecord, Timestamp};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const MESSAGES: Table = Table {
    name: "messages",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("conversation_id", Kind::Uuid),
        fixed("account_id", Kind::Uuid),
        fixed("lead_id", Kind::Uuid),
        fixed("seq", Kind::Integer),
        fixed("direction", Kind::Text),
        fixed("sender", Kind::Text),
        changing("kind", Kind::Text),
        changing("content", Kind::Text),
        changing("external_message_id", Kind::Text),
        changing("further_external_ids", Kind::Text),
        changing("quote_token", Kind::Text),
        changing("quoted_external_id", Kind::Text),
        changing("delivery_status", Kind::Text),
        changing("failure", Kind::Text),
        changing("attempt", Kind::Text),
        changing("occurred_at", Kind::Integer),
        fixed("created_at", Kind::Integer),
        changing("updated_at", Kind::Integer),
        changing("sent_at", Kind::Integer),
        changing("edited_at", Kind::Integer),
        changing("unsent_at", Kind::Integer),
        changing("former_texts", Kind::Text),
        fixed("version", Kind::Integer),
    ],
};

pub(crate) const MESSAGE_PARTS: Table = Table {
    name: "message_parts",
    columns: &[fixed("account_id", Kind::Uuid), fixed("external_id", Kind::Text), fixed("message_id", Kind::Uuid)],
};

/// A list as JSON text, NULL when empty: most are.
fn list(items: &[String]) -> Option<String> {
    (!items.is_empty()).then(|| json!(items).to_string())
}

pub(crate) fn message_json(message: &Message) -> Value {
    let record = message.record();
    json!({
        "id": record.id,
        "conversation_id": record.conversation_id,
        "account_id": record.account_id,
        "lead_id": record.lead_id,
        "seq": record.seq,
        "direction": record.direction.as_str(),
        "sender": json!(record.sender).to_string(),
        "kind": record.content.kind().as_str(),
        "content": json!(record.content).to_string(),
        "external_message_id": record.external_message_id,
        "further_external_ids": list(&record.further_external_ids),
        "quote_token": record.quote_token,
        "quoted_external_id": record.quoted_external_id,
        "delivery_status": record.delivery_status.as_str(),
        "failure": record.failure.as_ref().map(|failure| json!(failure).to_string()),
        "attempt": record.attempt.as_ref().map(|attempt| json!(attempt).to_string()),
        "occurred_at": record.occurred_at.as_micros(),
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "sent_at": record.sent_at.map(Timestamp::as_micros),
        "edited_at": record.edited_at.map(Timestamp::as_micros),
        "unsent_at": record.unsent_at.map(Timestamp::as_micros),
        "former_texts": list(&record.former_texts),
        "version": record.version,
    })
}

/// The rows of a message's further parts.
pub(crate) fn message_parts(message: &Message) -> impl Iterator<Item = Value> {
    let record = message.record();
    record.further_external_ids.iter().map(move |external_id| {
        json!({"account_id": record.account_id, "external_id": external_id, "message_id": record.id})
    })
}

pub(crate) fn read_message(row: Columns<'_>) -> Result<MessageRecord, StorageError> {
    Ok(MessageRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        conversation_id: row.id("conversation_id")?,
        account_id: row.id("account_id")?,
        lead_id: row.id("lead_id")?,
        seq: row.get("seq")?,
        direction: row.named("direction", Direction::parse)?,
        sender: row.json("sender")?,
        content: row.json("content")?,
        external_message_id: row.get("external_message_id")?,
        further_external_ids: row.optional_json("further_external_ids")?.unwrap_or_default(),
        quote_token: row.get("quote_token")?,
        quoted_external_id: row.get("quoted_external_id")?,
        delivery_status: row.named("delivery_status", DeliveryStatus::parse)?,
        failure: row.optional_json("failure")?,
        attempt: row.optional_json("attempt")?,
        occurred_at: row.time("occurred_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        sent_at: row.optional_time("sent_at")?,
        edited_at: row.optional_time("edited_at")?,
        unsent_at: row.optional_time("unsent_at")?,
        former_texts: row.optional_json("former_texts")?.unwrap_or_default(),
        version: row.get("version")?,
    })
}
