//! Domain events in a session: collected, and given their places as the last writes of all.

use std::sync::PoisonError;

use async_trait::async_trait;
use hubchat_domain::DomainEvent;
use hubchat_ports::{EventStore, StorageError, StoredEvent};

use super::Session;
use crate::{
    columns::Columns,
    error::from_db,
    rows::{EVENTS, event_json, read_event},
};

#[async_trait]
impl EventStore for Session {
    async fn append(&self, events: Vec<DomainEvent>) -> Result<(), StorageError> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
        Ok(())
    }

    async fn list_after(&self, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StorageError> {
        let sql = "SELECT * FROM domain_events WHERE tenant_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        let rows = self.query(sql, [seq.into(), i64::from(limit).into()]).await?;
        rows.iter().map(|row| read_event(Columns::of(row, "domain event"))).collect()
    }
}

impl Session {
    /// Gives the collected events the next places of the tenant. From here to the commit the tenant's
    /// counter is held, so that places come to light in their order and without gaps.
    pub(super) async fn place_events(&self) -> Result<(), StorageError> {
        let events = std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner));
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        if count == 0 {
            return Ok(());
        }
        let sql = "UPDATE tenants SET event_seq = event_seq + ?2 WHERE id = ?1 RETURNING event_seq";
        let row = self.query_one(sql, [count.into()]).await?.ok_or(StorageError::Corrupt { what: "tenant" })?;
        let last: i64 = row.try_get("", "event_seq").map_err(from_db)?;
        let rows = (last - count + 1..).zip(&events).map(|(seq, event)| event_json(seq, event)).collect();
        self.insert(&EVENTS, rows).await
    }
}
