//! Messages in a session.

use async_trait::async_trait;
use hubchat_domain::{ChannelAccountId, Message, MessageId};
use hubchat_ports::{InsertOutcome, MessageStore, StorageError};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};

use super::{Session, outcomes};
use crate::{
    columns::Columns,
    rows::{MESSAGE_PARTS, MESSAGES, message_json, message_parts, read_message},
    statements::rows_parameter,
};

fn message(row: &QueryResult) -> Result<Message, StorageError> {
    read_message(Columns::of(row, "message")).map(Message::restore)
}

#[async_trait]
impl MessageStore for Session {
    async fn find(&self, id: MessageId) -> Result<Option<Message>, StorageError> {
        let sql = "SELECT * FROM messages WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.as_ref().map(message).transpose()
    }

    async fn find_by_external_ids(
        &self,
        account: ChannelAccountId,
        external_ids: &[String],
    ) -> Result<Vec<Message>, StorageError> {
        if external_ids.is_empty() {
            return Ok(Vec::new());
        }
        let list = if self.is_postgres() {
            "ANY(ARRAY(SELECT json_array_elements_text(?3::text::json)))"
        } else {
            "(SELECT value FROM json_each(?3))"
        };
        let operator = if self.is_postgres() { "=" } else { "IN" };
        let sql = format!(
            "SELECT * FROM messages WHERE tenant_id = ?1 AND account_id = ?2 AND external_message_id {operator} {list} \
             UNION ALL \
             SELECT m.* FROM messages m WHERE m.tenant_id = ?1 AND m.id IN (SELECT p.message_id FROM message_parts p \
             WHERE p.tenant_id = ?1 AND p.account_id = ?2 AND p.external_id {operator} {list})"
        );
        let ids: Vec<Json> = external_ids.iter().map(|id| json!(id)).collect();
        let rows = self.query(&sql, [account.as_uuid().into(), rows_parameter(ids)]).await?;
        let mut found: Vec<Message> = rows.iter().map(message).collect::<Result<_, _>>()?;
        found.sort_by_key(|message| message.record().id);
        found.dedup_by_key(|message| message.record().id);
        Ok(found)
    }

    async fn insert_many(&self, messages: &[Message]) -> Result<Vec<InsertOutcome>, StorageError> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        let target = "(account_id, external_message_id) WHERE external_message_id IS NOT NULL";
        let rows = messages.iter().map(message_json).collect();
        let inserted = self.insert_new(&MESSAGES, rows, target, "id").await?;
        let outcomes = outcomes(messages.iter().map(|message| message.record().id.as_uuid()), &inserted);
        let new = messages.iter().zip(&outcomes).filter(|(_, outcome)| **outcome == InsertOutcome::Inserted);
        self.keep_parts(new.flat_map(|(message, _)| message_parts(message)).collect()).await?;
        Ok(outcomes)
    }

    async fn update(&self, message: &Message) -> Result<(), StorageError> {
        Session::update(self, &MESSAGES, vec![message_json(message)]).await?;
        self.keep_parts(message_parts(message).collect()).await
    }
}

impl Session {
    async fn keep_parts(&self, rows: Vec<Json>) -> Result<(), StorageError> {
        if rows.is_empty() {
            return Ok(());
        }
        self.insert_new(&MESSAGE_PARTS, rows, "(account_id, external_id)", "message_id").await?;
        Ok(())
    }
}
