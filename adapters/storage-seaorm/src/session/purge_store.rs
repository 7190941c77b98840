//! Taking away for good, in the session's transaction: each statement is bounded by a list of ids or a limit.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{
    ChannelAccountId, ContactId, ContactIdentityRecord, ConversationId, LeadId, MessageId, Timestamp, WebhookEventId,
};
use hubchat_ports::{EventOutcome, PurgeCounts, PurgeStore, PurgedMessages, StorageError};
use sea_orm::{QueryResult, Value};
use serde_json::json;
use uuid::Uuid;

use super::{Session, webhook_event_store};
use crate::{
    rows::Fields,
    statements::{Kind, fixed, rows_parameter, unfold},
};

/// The state of events that wait.
const PENDING: &str = "pending";
/// The tables of what is a member's own, and what their rows are of.
const MEMBERS_OWN: [(&str, &str); 3] = [
    ("conversation_drafts", "conversation_id"),
    ("conversation_reads", "conversation_id"),
    ("conversation_mentions", "message_id"),
];
/// What a payload becomes that is to be forgotten.
const EMPTY: &[u8] = b"{}";

impl Session {
    /// A list of ids as something to select from; the values begin with it.
    fn ids_from(&self) -> String {
        format!("(SELECT id FROM {} AS list)", unfold(self.backend(), &[fixed("id", Kind::Uuid)]))
    }

    async fn ids(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Uuid>, StorageError> {
        self.query(sql, values).await?.iter().map(|row| Fields::plain(row, "id").get("id")).collect()
    }

    /// Takes the rows of a table whose column is in a list away.
    async fn delete_listed(&self, table: &str, column: &str, ids: Value) -> Result<u64, StorageError> {
        let sql = format!("DELETE FROM {table} WHERE {column} IN {} AND tenant_id = ?1", self.ids_from());
        self.execute(&sql, vec![ids]).await
    }

    async fn delete_files(&self, rest: &str, values: Vec<Value>) -> Result<PurgedMessages, StorageError> {
        let sql = format!("DELETE FROM media WHERE {rest} RETURNING storage_key, thumbnail_key");
        let rows = self.query(&sql, values).await?;
        let mut purged = PurgedMessages { files: rows.len() as u64, ..PurgedMessages::default() };
        for row in &rows {
            let fields = Fields::plain(row, "file");
            let keys: [Option<String>; 2] = [fields.get("storage_key")?, fields.get("thumbnail_key")?];
            purged.storage_keys.extend(keys.into_iter().flatten());
        }
        Ok(purged)
    }

    /// Takes rows away that one query picks, and counts them.
    async fn delete_picked(&self, table: &str, pick: &str, values: Vec<Value>) -> Result<u64, StorageError> {
        let sql = format!("DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {pick}) AND tenant_id = ?1");
        self.execute(&sql, values).await
    }
}

fn list<T: serde::Serialize>(ids: &[T]) -> Value {
    rows_parameter(ids.iter().map(|id| json!({ "id": id })).collect())
}

/// The first id that could be made at a moment.
fn first_id_at(moment: Timestamp) -> Uuid {
    let millis = u64::try_from(moment.as_micros() / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

fn count(row: &QueryResult, name: &str) -> Result<u64, StorageError> {
    let count: i64 = Fields::plain(row, "count").get(name)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

#[async_trait]
impl PurgeStore for Session {
    async fn count_closed_before(&self, moment: Timestamp) -> Result<PurgeCounts, StorageError> {
        let closed = "c.tenant_id = ?1 AND c.status = 'RESOLVED' AND c.last_message_at < ?2";
        let sql = format!(
            "SELECT (SELECT count(*) FROM conversations AS c WHERE {closed}) AS conversations, \
             (SELECT count(*) FROM conversations AS c JOIN messages AS m ON m.conversation_id = c.id \
              WHERE {closed}) AS messages, \
             (SELECT count(*) FROM conversations AS c JOIN messages AS m ON m.conversation_id = c.id \
              JOIN media AS f ON f.message_id = m.id WHERE {closed}) AS files"
        );
        let rows = self.query(&sql, vec![moment.as_micros().into()]).await?;
        let Some(row) = rows.first() else { return Ok(PurgeCounts::default()) };
        Ok(PurgeCounts {
            conversations: count(row, "conversations")?,
            messages: count(row, "messages")?,
            files: count(row, "files")?,
        })
    }

    async fn list_closed_before(&self, moment: Timestamp, limit: u32) -> Result<Vec<ConversationId>, StorageError> {
        let sql = "SELECT id FROM conversations WHERE tenant_id = ?1 AND status = 'RESOLVED' AND last_message_at < ?2 \
            ORDER BY last_message_at, id LIMIT ?3";
        let found = self.ids(sql, vec![moment.as_micros().into(), i64::from(limit).into()]).await?;
        Ok(found.into_iter().map(ConversationId::from_uuid).collect())
    }

    async fn conversations_of(&self, contact: ContactId, limit: u32) -> Result<Vec<ConversationId>, StorageError> {
        let sql = "SELECT id FROM conversations WHERE tenant_id = ?1 AND contact_id = ?2 LIMIT ?3";
        let found = self.ids(sql, vec![contact.as_uuid().into(), i64::from(limit).into()]).await?;
        Ok(found.into_iter().map(ConversationId::from_uuid).collect())
    }

    async fn identities_of(&self, contact: ContactId) -> Result<Vec<ContactIdentityRecord>, StorageError> {
        let rest = "WHERE t.tenant_id = ?1 AND t.contact_id = ?2 ORDER BY t.id LIMIT 1000";
        self.select(rest, vec![contact.as_uuid().into()]).await
    }

    async fn leads_of(&self, contact: ContactId) -> Result<Vec<LeadId>, StorageError> {
        let sql = "SELECT id FROM leads WHERE tenant_id = ?1 AND contact_id = ?2 ORDER BY id LIMIT 1000";
        let found = self.ids(sql, vec![contact.as_uuid().into()]).await?;
        Ok(found.into_iter().map(LeadId::from_uuid).collect())
    }

    async fn delete_messages(
        &self,
        conversations: &[ConversationId],
        limit: u32,
    ) -> Result<PurgedMessages, StorageError> {
        if conversations.is_empty() {
            return Ok(PurgedMessages::default());
        }
        let sql =
            format!("SELECT id FROM messages WHERE conversation_id IN {} AND tenant_id = ?1 LIMIT ?3", self.ids_from());
        let found = self.ids(&sql, vec![list(conversations), i64::from(limit).into()]).await?;
        if found.is_empty() {
            return Ok(PurgedMessages::default());
        }
        let found: Vec<MessageId> = found.into_iter().map(MessageId::from_uuid).collect();
        let files = format!("message_id IN {} AND tenant_id = ?1", self.ids_from());
        let files = self.delete_files(&files, vec![list(&found)]).await?;
        self.delete_listed("message_parts", "message_id", list(&found)).await?;
        let messages = self.delete_listed("messages", "id", list(&found)).await?;
        Ok(PurgedMessages { messages, ..files })
    }

    async fn delete_empty_conversations(&self, conversations: &[ConversationId]) -> Result<u64, StorageError> {
        if conversations.is_empty() {
            return Ok(0);
        }
        let sql = format!(
            "DELETE FROM conversations WHERE id IN {} AND tenant_id = ?1 \
             AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.conversation_id = conversations.id)",
            self.ids_from()
        );
        self.execute(&sql, vec![list(conversations)]).await
    }

    async fn delete_leads(&self, leads: &[LeadId]) -> Result<u64, StorageError> {
        if leads.is_empty() {
            return Ok(0);
        }
        self.delete_listed("activities", "lead_id", list(leads)).await?;
        self.delete_listed("leads", "id", list(leads)).await
    }

    async fn delete_contact(&self, contact: ContactId) -> Result<bool, StorageError> {
        let id: Value = contact.as_uuid().into();
        let sql = "DELETE FROM contact_identities WHERE contact_id = ?2 AND tenant_id = ?1";
        self.execute(sql, vec![id.clone()]).await?;
        let sql = "DELETE FROM contacts WHERE id = ?2 AND tenant_id = ?1";
        Ok(self.execute(sql, vec![id]).await? > 0)
    }

    async fn list_events_with(
        &self,
        account: ChannelAccountId,
        text: &str,
        after: Option<WebhookEventId>,
        limit: u32,
    ) -> Result<Vec<(WebhookEventId, Bytes)>, StorageError> {
        let holds = if self.is_postgres() { "position(?3 in raw) > 0" } else { "instr(raw, ?3) > 0" };
        let sql = format!(
            "SELECT id, raw FROM webhook_events WHERE tenant_id = ?1 AND account_id = ?2 AND {holds} AND id > ?4 \
             ORDER BY id LIMIT ?5"
        );
        let after = after.map_or(Uuid::nil(), WebhookEventId::as_uuid);
        let values =
            vec![account.as_uuid().into(), text.as_bytes().to_vec().into(), after.into(), i64::from(limit).into()];
        let rows = self.query(&sql, values).await?;
        let event = |row: &QueryResult| {
            let fields = Fields::plain(row, "webhook event");
            Ok((WebhookEventId::from_uuid(fields.get("id")?), fields.get::<Vec<u8>>("raw")?.into()))
        };
        rows.iter().map(event).collect()
    }

    async fn empty_events(&self, events: &[WebhookEventId], now: Timestamp) -> Result<u64, StorageError> {
        if events.is_empty() {
            return Ok(0);
        }
        let sql =
            format!("SELECT id FROM webhook_events WHERE id IN {} AND tenant_id = ?1 AND state = ?3", self.ids_from());
        let waiting = self.ids(&sql, vec![list(events), PENDING.into()]).await?;
        let erased = EventOutcome::Ignored { reason: "erased".to_owned() };
        let outcomes: Vec<_> = waiting.into_iter().map(|id| (id.into(), erased.clone())).collect();
        let settled = webhook_event_store::settle(&self.transaction, self.tenant, &outcomes, now).await;
        settled.map_err(|error| self.spoil(error))?;
        let sql = format!("UPDATE webhook_events SET raw = ?3 WHERE id IN {} AND tenant_id = ?1", self.ids_from());
        self.execute(&sql, vec![list(events), EMPTY.to_vec().into()]).await
    }

    async fn delete_events_settled_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError> {
        // Ids begin with their moment (RFC 9562, 5.7), so the oldest events are the first of the primary key, and
        // nothing beyond the moment is looked at.
        let pick = "tenant_id = ?1 AND id < ?2 AND settled_at < ?3 AND state <> 'pending' ORDER BY id LIMIT ?4";
        let values = vec![first_id_at(moment).into(), moment.as_micros().into(), i64::from(limit).into()];
        self.delete_picked("webhook_events", pick, values).await
    }

    async fn delete_uploads_before(&self, moment: Timestamp, limit: u32) -> Result<PurgedMessages, StorageError> {
        let rest = "id IN (SELECT id FROM media WHERE tenant_id = ?1 AND message_id IS NULL AND created_at < ?2 \
            LIMIT ?3) AND tenant_id = ?1";
        self.delete_files(rest, vec![moment.as_micros().into(), i64::from(limit).into()]).await
    }

    async fn delete_idempotency_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let sql = "DELETE FROM idempotency_records WHERE tenant_id = ?1 AND (scope, idempotency_key) IN \
            (SELECT scope, idempotency_key FROM idempotency_records WHERE tenant_id = ?1 AND expires_at < ?2 LIMIT ?3)";
        self.execute(sql, vec![moment.as_micros().into(), i64::from(limit).into()]).await
    }

    async fn delete_left_behind(&self, limit: u32) -> Result<u64, StorageError> {
        let mut gone = 0;
        for (table, other) in MEMBERS_OWN {
            let sql = format!(
                "DELETE FROM {table} WHERE tenant_id = ?1 AND (member_id, {other}) IN \
                 (SELECT o.member_id, o.{other} FROM members AS m JOIN {table} AS o \
                  ON o.tenant_id = m.tenant_id AND o.member_id = m.id \
                  WHERE m.tenant_id = ?1 AND m.status = 'DISABLED' LIMIT ?2)"
            );
            gone += self.execute(&sql, vec![i64::from(limit).into()]).await?;
        }
        Ok(gone)
    }

    async fn delete_domain_events_before(&self, moment: Timestamp, limit: u32) -> Result<u64, StorageError> {
        // From the first one on and no further than the first that is to stay: what is left has no gap.
        let sql = "SELECT seq, at FROM domain_events WHERE tenant_id = ?1 ORDER BY seq LIMIT ?2";
        let mut last: Option<i64> = None;
        for row in &self.query(sql, vec![i64::from(limit).into()]).await? {
            let fields = Fields::plain(row, "event");
            if fields.time("at")? >= moment {
                break;
            }
            last = Some(fields.get("seq")?);
        }
        let Some(last) = last else { return Ok(0) };
        self.execute("DELETE FROM domain_events WHERE tenant_id = ?1 AND seq <= ?2", vec![last.into()]).await
    }
}
