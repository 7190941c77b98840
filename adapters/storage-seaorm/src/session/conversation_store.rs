//! Conversations, in the session's transaction.

use std::collections::BTreeSet;

use async_trait::async_trait;
use hubchat_domain::{ContactIdentityId, Conversation, ConversationId, ConversationRecord, LeadId, ThreadKey};
use hubchat_ports::{ConversationStore, StorageError};
use sea_orm::DbBackend;
use serde_json::json;

use super::Session;
use crate::{
    rows::{Row, read},
    statements::{Kind, fixed, join_one, rows_parameter, unfold},
};

/// At most so many conversations of an identity are answered.
const OF_IDENTITY: u32 = 100;

/// By which of its ids a thread is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum NamedBy {
    Own,
    Alias,
}

/// The conversations of a list of threads, locked where rows can be, in the list's order.
pub(super) fn by_threads(backend: DbBackend, named: NamedBy) -> String {
    // No key changes, so that messages may meanwhile be hung under the row by a session that needs no number.
    let lock = "FOR NO KEY UPDATE";
    let thread = match named {
        NamedBy::Own => "{}.account_id = r.account AND {}.external_thread_id = r.thread",
        NamedBy::Alias => "{}.account_id = r.account AND {}.alias = r.thread",
    };
    format!(
        "SELECT {} FROM {} AS r {}",
        ConversationRecord::TABLE.select("t", ""),
        unfold(backend, &[fixed("account", Kind::Uuid), fixed("thread", Kind::Text)]),
        join_one(backend, "conversations", "t", thread, lock),
    )
}

impl Session {
    async fn threads_named(
        &self,
        named: NamedBy,
        threads: impl Iterator<Item = &ThreadKey> + Send,
    ) -> Result<Vec<Conversation>, StorageError> {
        let threads = threads.map(|key| json!({"account": key.account_id, "thread": key.external_thread_id})).collect();
        let rows = self.query(&by_threads(self.backend(), named), vec![rows_parameter(threads)]).await?;
        rows.iter().map(|row| read(row, "").map(Conversation::restore)).collect()
    }
}

#[async_trait]
impl ConversationStore for Session {
    async fn find(&self, id: ConversationId) -> Result<Option<Conversation>, StorageError> {
        Ok(self.find_by_id(id.as_uuid()).await?.map(Conversation::restore))
    }

    async fn find_many(&self, ids: &[ConversationId]) -> Result<Vec<Conversation>, StorageError> {
        let found = self.find_by_ids(ids.iter().map(|id| id.as_uuid())).await?;
        Ok(found.into_iter().map(Conversation::restore).collect())
    }

    async fn find_by_threads(&self, threads: &[ThreadKey]) -> Result<Vec<Conversation>, StorageError> {
        if threads.is_empty() {
            return Ok(Vec::new());
        }
        // In one order, so that two sessions wait for each other at the first row that both want.
        let threads: BTreeSet<&ThreadKey> = threads.iter().collect();
        let mut found = self.threads_named(NamedBy::Own, threads.iter().copied()).await?;
        let known: BTreeSet<&ThreadKey> = found.iter().map(|conversation| &conversation.record().thread).collect();
        let others: Vec<&ThreadKey> = threads.difference(&known).copied().collect();
        if !others.is_empty() {
            let others = self.threads_named(NamedBy::Alias, others.into_iter()).await?;
            found.extend(others);
        }
        Ok(found)
    }

    async fn find_of_identity(&self, identity: ContactIdentityId) -> Result<Vec<Conversation>, StorageError> {
        let rest = format!(
            "WHERE t.tenant_id = ?1 AND t.identity_id = ?2 ORDER BY t.last_message_at DESC, t.id DESC LIMIT {OF_IDENTITY}"
        );
        let records = self.select(&rest, vec![identity.as_uuid().into()]).await?;
        Ok(records.into_iter().map(Conversation::restore).collect())
    }

    async fn find_latest_of_lead(&self, lead: LeadId) -> Result<Option<Conversation>, StorageError> {
        let rest = "WHERE t.tenant_id = ?1 AND t.lead_id = ?2 ORDER BY t.last_message_at DESC, t.id DESC LIMIT 1";
        let records = self.select(rest, vec![lead.as_uuid().into()]).await?;
        Ok(records.into_iter().next().map(Conversation::restore))
    }

    async fn insert_many(&self, conversations: &[Conversation]) -> Result<(), StorageError> {
        let mut records: Vec<_> = conversations.iter().map(Conversation::record).collect();
        records.sort_by(|a, b| a.thread.cmp(&b.thread));
        self.insert_new::<ConversationRecord>(self.own_rows(records.into_iter())?).await
    }

    async fn update(&self, conversation: &Conversation) -> Result<(), StorageError> {
        self.update_one(conversation.record()).await
    }

    async fn update_many(&self, conversations: &[Conversation]) -> Result<(), StorageError> {
        self.update_all(conversations.iter().map(Conversation::record)).await
    }
}
