//! Messages, in the session's transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use hubchat_domain::{ChannelAccountId, ConversationId, Message, MessageId, MessageRecord};
use hubchat_ports::{InsertOutcome, MessageStore, StorageError};
use sea_orm::DbBackend;
use serde_json::json;

use super::{Session, outcome, returned_ids};
use crate::{
    rows::{Row, read},
    statements::{Column, Kind, fixed, join_one, rows_parameter, unfold},
};

/// What unfolds a list of further ids.
const PARTS: &[Column] = &[fixed("account", Kind::Uuid), fixed("part", Kind::Text), fixed("message", Kind::Uuid)];

/// Further ids of split messages are no less the provider's than the first.
const NEW_ONLY: &str = "AND NOT EXISTS (SELECT 1 FROM message_parts AS p \
    WHERE p.account_id = r.account_id AND p.external_id = r.external_message_id) \
    ON CONFLICT (account_id, external_message_id) WHERE external_message_id IS NOT NULL DO NOTHING RETURNING id";

impl Session {
    /// Notes the ids of further parts, under which the message is found too.
    async fn note_parts<'m>(&self, messages: impl Iterator<Item = &'m MessageRecord>) -> Result<(), StorageError> {
        let mut parts = Vec::new();
        for message in messages {
            for part in &message.further_external_ids {
                parts.push(json!({"account": message.account_id, "part": part, "message": message.id}));
            }
        }
        if parts.is_empty() {
            return Ok(());
        }
        let list = unfold(self.backend(), PARTS);
        let sql = format!(
            "INSERT INTO message_parts (account_id, external_id, tenant_id, message_id) \
             SELECT r.account, r.part, ?1, r.message FROM {list} AS r WHERE true ON CONFLICT DO NOTHING"
        );
        self.execute(&sql, vec![rows_parameter(parts)]).await?;
        Ok(())
    }
}

#[async_trait]
impl MessageStore for Session {
    async fn find(&self, id: MessageId) -> Result<Option<Message>, StorageError> {
        Ok(self.find_by_id(id.as_uuid()).await?.map(Message::restore))
    }

    async fn find_many(&self, ids: &[MessageId]) -> Result<Vec<Message>, StorageError> {
        let found = self.find_by_ids(ids.iter().map(|id| id.as_uuid())).await?;
        Ok(found.into_iter().map(Message::restore).collect())
    }

    async fn find_by_external_ids(
        &self,
        account: ChannelAccountId,
        external_ids: &[String],
    ) -> Result<Vec<Message>, StorageError> {
        if external_ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: HashSet<&String> = external_ids.iter().collect();
        let ids = rows_parameter(ids.iter().map(|id| json!({ "id": id })).collect());
        let sql = by_external_ids(self.backend());
        let rows = self.query(&sql, vec![ids, account.as_uuid().into()]).await?;
        rows.iter().map(|row| read(row, "").map(Message::restore)).collect()
    }

    async fn find_newest(&self, conversations: &[ConversationId], limit: u32) -> Result<Vec<Message>, StorageError> {
        if conversations.is_empty() {
            return Ok(Vec::new());
        }
        let ids: HashSet<&ConversationId> = conversations.iter().collect();
        let ids = rows_parameter(ids.iter().map(|id| json!({ "id": id })).collect());
        let rows = self.query(&newest(self.backend()), vec![ids, i64::from(limit).into()]).await?;
        rows.iter().map(|row| read(row, "").map(Message::restore)).collect()
    }

    async fn insert_many(&self, messages: &[Message]) -> Result<Vec<InsertOutcome>, StorageError> {
        let rows = self.own_rows(messages.iter().map(Message::record))?;
        let new = returned_ids(&self.insert::<MessageRecord>(rows, NEW_ONLY).await?)?;
        let is_new = |message: &Message| new.contains(&message.record().id.as_uuid());
        self.note_parts(messages.iter().filter(|message| is_new(message)).map(Message::record)).await?;
        Ok(messages.iter().map(|message| outcome(is_new(message))).collect())
    }

    async fn update(&self, message: &Message) -> Result<(), StorageError> {
        self.update_one(message.record()).await?;
        self.note_parts(std::iter::once(message.record())).await
    }

    async fn update_many(&self, messages: &[Message]) -> Result<(), StorageError> {
        self.update_all(messages.iter().map(Message::record)).await?;
        self.note_parts(messages.iter().map(Message::record)).await
    }
}

/// The newest messages of a list of conversations.
pub(super) fn newest(backend: DbBackend) -> String {
    let columns = MessageRecord::TABLE.select("t", "");
    let list = unfold(backend, &[fixed("id", Kind::Uuid)]);
    let of_one = "FROM messages AS m WHERE m.conversation_id = r.id ORDER BY m.occurred_at DESC, m.id DESC LIMIT ?3";
    if backend == DbBackend::Postgres {
        return format!(
            "SELECT {columns} FROM {list} AS r CROSS JOIN LATERAL (SELECT m.* {of_one}) AS t WHERE t.tenant_id = ?1"
        );
    }
    format!(
        "SELECT {columns} FROM {list} AS r JOIN messages AS t ON t.tenant_id = ?1 AND t.id IN (SELECT m.id {of_one})"
    )
}

/// Each message once, even if several of its parts are asked for.
pub(super) fn by_external_ids(backend: DbBackend) -> String {
    let columns = MessageRecord::TABLE.select("t", "");
    let list = unfold(backend, &[fixed("id", Kind::Text)]);
    if backend == DbBackend::Postgres {
        return format!(
            "SELECT {columns} FROM ( \
                SELECT m.id FROM {list} AS list CROSS JOIN LATERAL ( \
                    SELECT m.id FROM messages AS m \
                    WHERE m.account_id = $3 AND m.external_message_id = list.id LIMIT 1) AS m \
                UNION \
                SELECT p.message_id FROM {list} AS list CROSS JOIN LATERAL ( \
                    SELECT p.message_id FROM message_parts AS p \
                    WHERE p.account_id = $3 AND p.external_id = list.id LIMIT 1) AS p \
            ) AS r {}",
            join_one(backend, "messages", "t", "{}.id = r.id", ""),
        );
    }
    let among = format!("IN (SELECT r.id FROM {list} AS r)");
    format!(
        "SELECT {columns} FROM messages AS t WHERE t.tenant_id = ?1 AND t.id IN ( \
            SELECT m.id FROM messages AS m WHERE m.account_id = ?3 AND m.external_message_id {among} \
            UNION \
            SELECT p.message_id FROM message_parts AS p WHERE p.account_id = ?3 AND p.external_id {among})",
    )
}
