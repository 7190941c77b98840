//! Lists of rows are looked for one by one by their keys, however many rows a tenant has.

use hubchat_domain::{ConversationRecord, LeadRecord, MessageRecord};
use sea_orm::DbBackend;
use uuid::Uuid;

use super::{by_ids, contact_store, conversation_store, conversation_store::NamedBy, lead_store, message_store};
use crate::{Storage, StorageConfig, rows::Row, statements::query};

/// The statements that look for lists of rows.
pub(crate) fn lookups(backend: DbBackend) -> Vec<String> {
    let localised = |sql: String| crate::statements::localised(backend, &sql);
    [
        contact_store::by_keys(backend, NamedBy::Own),
        conversation_store::by_threads(backend, NamedBy::Own),
        lead_store::latest_of_contacts(backend),
        message_store::by_external_ids(backend),
        LeadRecord::TABLE.update(backend),
        ConversationRecord::TABLE.update(backend),
        by_ids::<MessageRecord>(backend),
        MessageRecord::TABLE.update(backend),
        contact_store::by_keys(backend, NamedBy::Alias),
        conversation_store::by_threads(backend, NamedBy::Alias),
        message_store::newest(backend),
        by_ids::<ConversationRecord>(backend),
    ]
    .map(localised)
    .to_vec()
}

#[tokio::test]
async fn lists_are_looked_up_by_their_keys_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("plans.db").display());
    let storage = Storage::connect(
        &StorageConfig { url: url.into(), migration_url: None, max_connections: 1 },
        std::sync::Arc::new(hubchat_conformance::PlainSeal),
    )
    .await
    .unwrap();
    storage.migrate().await.unwrap();
    let keys = [
        &["i USING", "(account_id=? AND external_user_id=?)", "c USING", "(id=? AND tenant_id=?)"][..],
        &["t USING", "(account_id=? AND external_thread_id=?)"],
        &["t USING", "(id=? AND tenant_id=?)", "n USING", "(tenant_id=? AND contact_id=?)"],
        &["(id=? AND tenant_id=?)", "(account_id=? AND external_message_id=?)", "(account_id=? AND external_id=?)"],
        &["leads USING", "(id=? AND tenant_id=?)"],
        &["conversations USING", "(id=? AND tenant_id=?)"],
        &["t USING", "(id=? AND tenant_id=?)"],
        &["messages USING", "(id=? AND tenant_id=?)"],
        &["i USING", "(account_id=? AND alias=?)", "c USING", "(id=? AND tenant_id=?)"],
        &["t USING", "(account_id=? AND alias=?)"],
        &["(id=? AND tenant_id=?)", "(conversation_id=?)"],
        &["t USING", "(id=? AND tenant_id=?)"],
    ];
    for (sql, keys) in lookups(DbBackend::Sqlite).into_iter().zip(keys) {
        let mut values: Vec<sea_orm::Value> = vec![Uuid::nil().into(), "[]".into()];
        if sql.contains("LIMIT ?3") {
            values.push(100_i64.into());
        } else if sql.contains("?3") {
            values.push(Uuid::nil().into());
        }
        let rows = query(storage.writer(), &format!("EXPLAIN QUERY PLAN {sql}"), values).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
        let plan = plan.join("\n");
        for key in keys {
            assert!(plan.contains(key), "{key} in\n{plan}\nof {sql}");
        }
        for line in plan.lines().filter(|line| line.starts_with("SCAN")) {
            assert!(
                ["SCAN json_each", "SCAN r", "SCAN (sub"].iter().any(|list| line.starts_with(list)),
                "{plan}\nof {sql}"
            );
        }
    }
    storage.close().await;
}
