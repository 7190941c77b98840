//! Domain events: kept by the session until its commit, and numbered by the last statements of all.
//!
//! Who counts a tenant's events up holds the tenant's row until the commit, so that numbers are committed
//! in their order; nothing but the audit log and the commit may follow.

use async_trait::async_trait;
use hubchat_domain::{DomainEvent, EventType};
use hubchat_ports::{EventStore, StorageError, StoredEvent};
use sea_orm::QueryResult;
use serde_json::json;

use super::Session;
use crate::{
    rows::Fields,
    statements::{Column, Kind, fixed, unfold},
};

const COLUMNS: &[Column] = &[
    fixed("place", Kind::Integer),
    fixed("event_type", Kind::Text),
    fixed("lead_id", Kind::Uuid),
    fixed("conversation_id", Kind::Uuid),
    fixed("message_id", Kind::Uuid),
    fixed("data", Kind::Text),
    fixed("at", Kind::Integer),
];

const COUNT_UP: &str = "UPDATE tenants SET event_seq = event_seq + ?2, access_version = access_version + ?3 \
    WHERE id = ?1 RETURNING event_seq";

/// The events of a tenant after a place.
pub(crate) const LIST_EVENTS: &str = "SELECT seq, event_type, lead_id, conversation_id, message_id, data, at FROM domain_events \
    WHERE tenant_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

impl Session {
    /// Numbers and writes events, and tells in the tenant's row whether who may see what may have changed.
    pub(super) async fn write_events(&self, events: &[DomainEvent], access: bool) -> Result<(), StorageError> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let counted = self.query(COUNT_UP, vec![count.into(), i64::from(access).into()]).await?;
        let Some(row) = counted.first() else {
            return Err(self.spoil(StorageError::Other("events of a tenant that is not there".into())));
        };
        let last: i64 = Fields::plain(row, "event").get("event_seq")?;
        let rows = (last - count + 1..).zip(events).map(|(place, event)| {
            json!({
                "place": place,
                "event_type": event.event_type.as_str(),
                "lead_id": event.lead_id,
                "conversation_id": event.conversation_id,
                "message_id": event.message_id,
                "data": event.data.to_string(),
                "at": event.at.as_micros(),
            })
        });
        let sql = format!(
            "INSERT INTO domain_events (tenant_id, seq, event_type, lead_id, conversation_id, message_id, data, at) \
             SELECT ?1, r.place, r.event_type, r.lead_id, r.conversation_id, r.message_id, r.data, r.at FROM {} AS r",
            unfold(self.backend(), COLUMNS),
        );
        self.write_all(&sql, rows.collect()).await
    }
}

#[async_trait]
impl EventStore for Session {
    async fn append(&self, events: Vec<DomainEvent>) -> Result<(), StorageError> {
        self.with_pending(|pending| pending.events.extend(events));
        Ok(())
    }

    async fn list_after(&self, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StorageError> {
        let rows = self.query(LIST_EVENTS, vec![seq.into(), i64::from(limit).into()]).await?;
        rows.iter().map(stored_event).collect()
    }

    async fn begin_epoch(&self, epoch: i64) -> Result<(), StorageError> {
        self.execute("UPDATE tenants SET event_epoch = ?2 WHERE id = ?1", vec![epoch.into()]).await.map(drop)
    }
}

pub(crate) fn stored_event(row: &QueryResult) -> Result<StoredEvent, StorageError> {
    let fields = Fields::plain(row, "event");
    Ok(StoredEvent {
        seq: fields.get("seq")?,
        event: DomainEvent {
            event_type: fields.named("event_type", EventType::parse)?,
            lead_id: fields.id_or_none("lead_id")?,
            conversation_id: fields.id_or_none("conversation_id")?,
            message_id: fields.id_or_none("message_id")?,
            data: fields.json("data")?,
            at: fields.time("at")?,
        },
    })
}
