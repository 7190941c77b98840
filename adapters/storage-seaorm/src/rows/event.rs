//! Domain events.

use hubchat_domain::{DomainEvent, EventType};
use hubchat_ports::{StorageError, StoredEvent};
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, fixed},
};

pub(crate) const EVENTS: Table = Table {
    name: "domain_events",
    columns: &[
        fixed("seq", Kind::Integer),
        fixed("event_type", Kind::Text),
        fixed("lead_id", Kind::Uuid),
        fixed("conversation_id", Kind::Uuid),
        fixed("message_id", Kind::Uuid),
        fixed("data", Kind::Text),
        fixed("at", Kind::Integer),
    ],
};

pub(crate) fn event_json(seq: i64, event: &DomainEvent) -> Value {
    json!({
        "seq": seq,
        "event_type": event.event_type.as_str(),
        "lead_id": event.lead_id,
        "conversation_id": event.conversation_id,
        "message_id": event.message_id,
        "data": event.data.to_string(),
        "at": event.at.as_micros(),
    })
}

pub(crate) fn read_event(row: Columns<'_>) -> Result<StoredEvent, StorageError> {
    Ok(StoredEvent {
        seq: row.get("seq")?,
        event: DomainEvent {
            event_type: row.named("event_type", EventType::parse)?,
            lead_id: row.optional_id("lead_id")?,
            conversation_id: row.optional_id("conversation_id")?,
            message_id: row.optional_id("message_id")?,
            data: row.json("data")?,
            at: row.time("at")?,
        },
    })
}
