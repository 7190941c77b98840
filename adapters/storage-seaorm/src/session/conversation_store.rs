//! Conversations in a session.

use async_trait::async_trait;
use hubchat_domain::{ContactIdentityId, Conversation, ConversationId, LeadId, ThreadKey};
use hubchat_ports::{ConversationStore, StorageError};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};

use super::Session;
use crate::{
    columns::Columns,
    rows::{CONVERSATIONS, conversation_json, read_conversation},
    statements::rows_parameter,
};

fn conversation(row: &QueryResult) -> Result<Conversation, StorageError> {
    read_conversation(Columns::of(row, "conversation")).map(Conversation::restore)
}

impl Session {
    /// Rows that give out sequence numbers are held until the session ends. SQLite holds everything anyway.
    fn lock(&self, table: &str) -> String {
        if self.is_postgres() { format!(" FOR UPDATE OF {table}") } else { String::new() }
    }
}

#[async_trait]
impl ConversationStore for Session {
    async fn find(&self, id: ConversationId) -> Result<Option<Conversation>, StorageError> {
        let sql = format!("SELECT c.* FROM conversations c WHERE c.tenant_id = ?1 AND c.id = ?2{}", self.lock("c"));
        let row = self.query_one(&sql, [id.as_uuid().into()]).await?;
        row.as_ref().map(conversation).transpose()
    }

    async fn find_by_threads(&self, threads: &[ThreadKey]) -> Result<Vec<Conversation>, StorageError> {
        if threads.is_empty() {
            return Ok(Vec::new());
        }
        let list: Vec<Json> =
            threads.iter().map(|thread| json!([thread.account_id, thread.external_thread_id])).collect();
        // In the order of ids, so that two sessions never wait for each other.
        let sql = format!(
            "SELECT c.* FROM conversations c JOIN {} \
             ON c.account_id = k.account AND c.external_thread_id = k.external \
             WHERE c.tenant_id = ?1 ORDER BY c.id{}",
            self.pairs(2),
            self.lock("c")
        );
        let rows = self.query(&sql, [rows_parameter(list)]).await?;
        rows.iter().map(conversation).collect()
    }

    async fn find_of_identity(&self, identity: ContactIdentityId) -> Result<Vec<Conversation>, StorageError> {
        let sql = "SELECT * FROM conversations WHERE tenant_id = ?1 AND identity_id = ?2 \
                   ORDER BY last_message_at DESC, id DESC LIMIT 100";
        let rows = self.query(sql, [identity.as_uuid().into()]).await?;
        rows.iter().map(conversation).collect()
    }

    async fn find_latest_of_lead(&self, lead: LeadId) -> Result<Option<Conversation>, StorageError> {
        let sql = format!(
            "SELECT c.* FROM conversations c WHERE c.tenant_id = ?1 AND c.lead_id = ?2 \
             ORDER BY c.last_message_at DESC, c.id DESC LIMIT 1{}",
            self.lock("c")
        );
        let row = self.query_one(&sql, [lead.as_uuid().into()]).await?;
        row.as_ref().map(conversation).transpose()
    }

    async fn insert_many(&self, conversations: &[Conversation]) -> Result<(), StorageError> {
        self.insert(&CONVERSATIONS, conversations.iter().map(conversation_json).collect()).await
    }

    async fn update(&self, conversation: &Conversation) -> Result<(), StorageError> {
        Session::update(self, &CONVERSATIONS, vec![conversation_json(conversation)]).await
    }

    async fn update_many(&self, conversations: &[Conversation]) -> Result<(), StorageError> {
        Session::update(self, &CONVERSATIONS, conversations.iter().map(conversation_json).collect()).await
    }
}
