//! The audit log against whoever reaches the database beside hubchat, and its lists' ways through it.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use hubchat_domain::{
    AuditAction, AuditActor, AuditDraft, AuditSubject, Origin, SubjectKind, Tenant, TenantSlug, Timestamp,
};
use hubchat_ports::{AuditFilter, Repository, StorageError};
use serde_json::json;
use uuid::Uuid;

use crate::database::{TestDatabase, on_both};

fn tenant() -> Tenant {
    Tenant {
        id: Uuid::from_u128(1).into(),
        slug: TenantSlug::parse("mali").unwrap(),
        name: "Mali".to_owned(),
        public_reply_text: None,
        created_at: Timestamp::EPOCH,
    }
}

fn draft() -> AuditDraft {
    AuditDraft {
        actor: AuditActor::System,
        action: AuditAction::TenantCreated,
        subject: AuditSubject::new(SubjectKind::Tenant, 1),
        before: None,
        after: Some(json!({"slug": "mali"})),
        origin: Origin::default(),
        at: Timestamp::EPOCH,
    }
}

async fn with_log(database: &TestDatabase) {
    let session = database.storage.begin(tenant().id).await.unwrap();
    session.tenants().insert(&tenant()).await.unwrap();
    session.audit().append(draft()).await.unwrap();
    session.audit().append(draft()).await.unwrap();
    session.commit().await.unwrap();
}

async fn the_database_refuses_to_change_what_was_written(database: &TestDatabase) {
    with_log(database).await;
    let columns = "tenant_id, at, actor, action, subject, hash";
    let mut statements = vec![
        "UPDATE audit_entries SET action = 'LEAD_UPDATED'".to_owned(),
        "UPDATE audit_entries SET seq = 7 WHERE seq = 2".to_owned(),
        "DELETE FROM audit_entries WHERE seq = 2".to_owned(),
        "DELETE FROM audit_entries".to_owned(),
        format!("INSERT INTO audit_entries (seq, {columns}) SELECT seq, {columns} FROM audit_entries"),
        "DELETE FROM audit_heads".to_owned(),
        "UPDATE audit_heads SET seq = 1".to_owned(),
    ];
    if database.storage.is_sqlite() {
        let replace =
            format!("INSERT OR REPLACE INTO audit_entries (seq, {columns}) SELECT seq, {columns} FROM audit_entries");
        statements.push(replace);
    } else {
        statements.push("TRUNCATE audit_entries".to_owned());
        statements.push("TRUNCATE audit_heads".to_owned());
    }
    let before = database.storage.audit(tenant().id).list_after(&AuditFilter::default(), 0, 10).await.unwrap();
    for statement in statements {
        let done = AssertUnwindSafe(database.run(&statement)).catch_unwind().await;
        assert!(done.is_err(), "{statement}");
    }
    let audit = database.storage.audit(tenant().id);
    assert_eq!(audit.list_after(&AuditFilter::default(), 0, 10).await.unwrap(), before);
    assert_eq!((before.len(), audit.head().await.unwrap().unwrap().seq), (2, 2));
}

async fn a_log_of_a_tenant_that_is_not_there_fails_the_commit(database: &TestDatabase) {
    let session = database.storage.begin(tenant().id).await.unwrap();
    session.audit().append(draft()).await.unwrap();
    assert!(session.commit().await.is_err());
}

async fn an_entry_where_one_stands_already_is_never_written_over(database: &TestDatabase) {
    with_log(database).await;
    // As after the head was set back behind hubchat's back.
    let columns = "tenant_id, at, actor, action, subject, hash";
    let forged =
        format!("INSERT INTO audit_entries (seq, {columns}) SELECT 3, {columns} FROM audit_entries WHERE seq = 1");
    database.run(&forged).await;
    let session = database.storage.begin(tenant().id).await.unwrap();
    session.audit().append(draft()).await.unwrap();
    let error = session.commit().await.unwrap_err();
    assert!(matches!(error, StorageError::Stale | StorageError::Other(_)), "{error:?}");
}

on_both! {
    sqlite, postgres:
    the_database_refuses_to_change_what_was_written,
    a_log_of_a_tenant_that_is_not_there_fails_the_commit,
    an_entry_where_one_stands_already_is_never_written_over,
}
