//! What changing settings writes, and when it writes nothing, with mocks.

use std::sync::{Arc, Mutex};

use hubchat_domain::{AuditAction, MemberRole, Scope, Sight, TenantSettings};
use hubchat_ports::{MockInboxQueries, MockSettingsStore, MockUnitOfWork, SettingsStore, StorageError, StoredSettings};
use serde_json::{Map, Value, json};

use super::{GetSettings, SettingsCache, UpdateSettings, UpdateSettingsError};
use crate::{
    Actor, ErrorCode, Fault,
    test_ports::{TestPorts, actor, audit_store, now, tenant},
};

type Writes = Arc<Mutex<Vec<(String, Value)>>>;

fn changes(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

fn kept() -> StoredSettings {
    StoredSettings { settings: TenantSettings { retention_days: Some(30), ..TenantSettings::default() }, version: 3 }
}

/// A session that notes what is put; so many of them end as stale.
fn session(writes: &Writes, commits: usize, stale: bool) -> MockUnitOfWork {
    let mut store = MockSettingsStore::new();
    store.expect_lock().returning(|| Ok(kept()));
    let told = Arc::clone(writes);
    store.expect_put().returning(move |values, at| {
        assert_eq!(at, now());
        let mut told = told.lock().expect("not poisoned");
        told.extend(values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        Ok(())
    });
    store.expect_find().returning(|| Ok(StoredSettings { version: 4, ..kept() }));
    let mut session = MockUnitOfWork::new();
    session.expect_settings().return_const(Box::new(store) as Box<dyn SettingsStore>);
    session.expect_audit().return_const(audit_store(|draft| {
        assert_eq!((draft.action, draft.subject), (AuditAction::SettingsChanged, tenant().into()));
        let names =
            |values: Option<Value>| values.and_then(|values| Some(values.as_object()?.keys().cloned().collect()));
        let (before, after): (Option<Vec<String>>, _) = (names(draft.before), names(draft.after));
        assert!(before.is_some() && before == after, "the same settings, as they were and as they are");
    }));
    session.expect_commit().times(commits).returning(move || if stale { Err(StorageError::Stale) } else { Ok(()) });
    session
}

async fn update(
    sessions: Vec<MockUnitOfWork>,
    asked: &Value,
    expected: Option<i64>,
) -> Result<StoredSettings, UpdateSettingsError> {
    let ports = TestPorts::default().with_sessions(sessions).build();
    let update = UpdateSettings::new(ports.clone(), SettingsCache::new(ports));
    update.run(&Actor::system(tenant()), &changes(asked), expected).await
}

#[tokio::test]
async fn only_what_is_new_is_written() {
    let writes = Writes::default();
    let asked = json!({"retentionDays": 30, "salesSee": "OWN", "publicReplyText": null});
    let stored = update(vec![session(&writes, 1, false)], &asked, Some(3)).await.expect("changed");
    assert_eq!(stored.version, 4);
    let writes = writes.lock().expect("not poisoned").clone();
    assert_eq!(writes, [("publicReplyText".to_owned(), Value::Null), ("salesSee".to_owned(), json!("OWN"))]);
}

#[tokio::test]
async fn what_changes_nothing_writes_nothing() {
    let writes = Writes::default();
    for asked in [json!({}), json!({"retentionDays": 30})] {
        let stored = update(vec![session(&writes, 0, false)], &asked, None).await.expect("as it was");
        assert_eq!(stored, kept());
    }
    assert!(writes.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn one_that_cannot_be_keeps_the_others_from_being_set() {
    let refused = update(vec![], &json!({"salesSee": "OWN", "retentionDays": 0}), None).await.expect_err("refused");
    assert_eq!((refused.code(), refused.field()), ("validation_failed", Some("retentionDays")));
    let refused = update(vec![], &json!({"salesSee": "OWN", "colour": 1}), None).await.expect_err("refused");
    assert_eq!((refused.code(), refused.field()), ("validation_failed", Some("colour")));
}

#[tokio::test]
async fn another_version_than_the_expected_one_is_refused() {
    let writes = Writes::default();
    let refused = update(vec![session(&writes, 0, false)], &json!({"salesSee": "OWN"}), Some(2)).await;
    let refused = refused.expect_err("changed meanwhile");
    assert!(matches!(refused, UpdateSettingsError::Changed { version: 3 }), "{refused}");
    assert_eq!((refused.code(), refused.field()), ("settings_changed", None));
    assert!(writes.lock().expect("not poisoned").is_empty());
}

#[tokio::test]
async fn a_stale_session_is_begun_anew_and_at_last_given_up() {
    let writes = Writes::default();
    let sessions = vec![session(&writes, 1, true), session(&writes, 1, false)];
    update(sessions, &json!({"salesSee": "OWN"}), None).await.expect("the second time");
    let sessions = (0..4).map(|_| session(&writes, 1, true)).collect();
    let refused = update(sessions, &json!({"salesSee": "OWN"}), None).await.expect_err("contended");
    assert_eq!(refused.code(), "contended");
    assert!(refused.retry_after().is_some());
}

#[tokio::test]
async fn who_may_not_manage_settings_neither_reads_nor_changes_them() {
    let ports = TestPorts::default().build();
    let caller = actor(&[Scope::InboxWrite, Scope::ChannelsManage]);
    let refused = GetSettings::new(ports.clone()).run(&caller).await;
    assert!(matches!(refused, Err(Fault::Forbidden { .. })));
    let update = UpdateSettings::new(ports.clone(), SettingsCache::new(ports));
    let refused = update.run(&caller, &Map::new(), None).await.expect_err("forbidden");
    assert_eq!(refused.code(), "forbidden");
}

#[tokio::test]
async fn settings_are_read_once_in_five_seconds_and_anew_after_a_change() {
    let mut ports = TestPorts::default().with_sessions(vec![session(&Writes::default(), 1, false)]);
    let reads = Arc::new(Mutex::new(0));
    let told = Arc::clone(&reads);
    ports.repository.expect_inbox().returning(move |asked| {
        assert_eq!(asked, tenant());
        let told = Arc::clone(&told);
        let mut inbox = MockInboxQueries::new();
        inbox.expect_settings().returning(move || {
            *told.lock().expect("not poisoned") += 1;
            Ok(kept())
        });
        Box::new(inbox)
    });
    let ports = ports.build();
    let cache = SettingsCache::new(ports.clone());
    for _ in 0..3 {
        assert_eq!(cache.of(tenant()).await.expect("settings").sight_of(MemberRole::Sales), Sight::TeamAndUnassigned);
    }
    assert_eq!(*reads.lock().expect("not poisoned"), 1);
    let update = UpdateSettings::new(ports, cache.clone());
    update.run(&Actor::system(tenant()), &changes(&json!({"salesSee": "OWN"})), None).await.expect("changed");
    cache.of(tenant()).await.expect("settings");
    assert_eq!(*reads.lock().expect("not poisoned"), 2);
}
