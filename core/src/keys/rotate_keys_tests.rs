//! Changing keys with mocks: which steps a tenant goes through, and what an error leaves.

use std::sync::{Arc, Mutex};

use hubchat_domain::Tenant;
use hubchat_ports::{
    DataKey, DataKeyStore, FormerSeal, InsertOutcome, MasterKeyIds, MockDataKeyStore, MockUnitOfWork, SealedSecrets,
    StorageError, VaultError, WrappedKey,
};
use secrecy::SecretString;

use super::{KeyStatus, RotateKeys, RotateKeysCommand, Rotation};
use crate::{
    Fault,
    test_ports::{TestPorts, account_id, now, tenant, wrapped_key},
};

/// A tenant as storage has it: its keys, and how many secrets former keys sealed.
#[derive(Default)]
struct Shelf {
    keys: Vec<DataKey>,
    former: u32,
    commits: usize,
    /// What the next commits answer instead.
    failures: Vec<StorageError>,
}

fn key(version: i32, master: &str) -> DataKey {
    let key = WrappedKey { wrapped: format!("w1.{master}.{version}"), ..wrapped_key(version) };
    DataKey { key, created_at: now(), retired_at: None }
}

fn session(shelf: &Arc<Mutex<Shelf>>) -> MockUnitOfWork {
    let mut keys = MockDataKeyStore::new();
    let at = || Arc::clone(shelf);
    let here = at();
    keys.expect_list().returning(move || Ok(here.lock().unwrap().keys.clone()));
    let here = at();
    keys.expect_current().returning(move || Ok(here.lock().unwrap().keys.last().cloned()));
    let here = at();
    keys.expect_insert().returning(move |key| {
        here.lock().unwrap().keys.push(key.clone());
        here.lock().unwrap().former = 3;
        Ok(InsertOutcome::Inserted)
    });
    let here = at();
    keys.expect_replace().returning(move |from, to| {
        let mut shelf = here.lock().unwrap();
        let found = shelf.keys.iter_mut().find(|key| key.key == *from).ok_or(StorageError::Stale)?;
        found.key = to.clone();
        Ok(())
    });
    keys.expect_retire_before().returning(|_, at| {
        assert_eq!(at, now());
        Ok(())
    });
    let here = at();
    keys.expect_list_former_seals().returning(move |_, limit| {
        let sealed = SealedSecrets("old".to_owned());
        let seal = FormerSeal { account_id: account_id(), sealed, key: wrapped_key(1) };
        // Two at most, so that it takes more than one transaction.
        let count = here.lock().unwrap().former.min(limit).min(2);
        Ok(vec![seal; count as usize])
    });
    let here = at();
    keys.expect_count_former_seals().returning(move |_| Ok(u64::from(here.lock().unwrap().former)));
    let here = at();
    keys.expect_reseal().returning(move |_, sealed, _| {
        assert_eq!(sealed.0, "new");
        here.lock().unwrap().former -= 1;
        Ok(true)
    });
    let mut session = MockUnitOfWork::new();
    session.expect_data_keys().return_const(Box::new(keys) as Box<dyn DataKeyStore>);
    let here = at();
    session.expect_commit().returning(move || {
        let mut shelf = here.lock().unwrap();
        if let Some(failure) = shelf.failures.pop() {
            return Err(failure);
        }
        shelf.commits += 1;
        Ok(())
    });
    session
}

fn world(shelf: Shelf) -> (TestPorts, Arc<Mutex<Shelf>>) {
    let shelf = Arc::new(Mutex::new(shelf));
    let mut ports = TestPorts::default();
    let here = Arc::clone(&shelf);
    ports.repository.expect_begin().returning(move |asked| {
        assert_eq!(asked, tenant());
        Ok(Box::new(session(&here)))
    });
    ports.directory.expect_list_tenants().returning(|after, _| {
        assert_eq!(after, None);
        let slug = hubchat_domain::TenantSlug::parse("mali").unwrap();
        let name = "Mali".to_owned();
        Ok(vec![Tenant { id: tenant(), slug, name, public_reply_text: None, created_at: now() }])
    });
    ports
        .vault
        .expect_master_key_ids()
        .returning(|| MasterKeyIds { current: "new".to_owned(), former: vec!["old".to_owned(), "older".to_owned()] });
    ports.vault.expect_rewrap().returning(|from| match from.master_key_id() {
        Some("new") => Ok(None),
        Some("lost") => Err(VaultError::UnknownKey),
        _ => Ok(Some(key(from.version, "new").key)),
    });
    ports.vault.expect_new_data_key().returning(|_, version| Ok(key(version, "new").key));
    ports.vault.expect_open().returning(|_, _, _| Ok(SecretString::from("plain")));
    ports.vault.expect_seal().returning(|_, _, _| Ok(SealedSecrets("new".to_owned())));
    (ports, shelf)
}

async fn rotate(shelf: Shelf, data_keys: bool) -> (Result<Rotation, Fault>, Shelf) {
    let (ports, shelf) = world(shelf);
    let done = RotateKeys::new(ports.build()).run(RotateKeysCommand { tenant: None, data_keys }).await;
    let shelf = std::mem::take(&mut *shelf.lock().unwrap());
    (done, shelf)
}

#[tokio::test]
async fn data_keys_go_under_the_current_master_key_and_stay_as_many() {
    let (done, shelf) = rotate(Shelf { keys: vec![key(1, "old"), key(2, "new")], ..Shelf::default() }, false).await;
    assert_eq!(done.unwrap(), Rotation { tenants: 1, rewrapped: 1, made: 0, resealed: 0 });
    assert!(shelf.keys.iter().all(|key| key.key.master_key_id() == Some("new")), "{:?}", shelf.keys);
    assert_eq!(shelf.commits, 1);
}

#[tokio::test]
async fn a_new_data_key_seals_all_secrets_in_batches() {
    let (done, shelf) = rotate(Shelf { keys: vec![key(1, "new")], ..Shelf::default() }, true).await;
    assert_eq!(done.unwrap(), Rotation { tenants: 1, rewrapped: 0, made: 1, resealed: 3 });
    assert_eq!((shelf.keys.len(), shelf.former), (2, 0));
}

#[tokio::test]
async fn an_interrupted_rotation_is_finished_without_another_key() {
    let shelf = Shelf { keys: vec![key(1, "new"), key(2, "new")], former: 5, ..Shelf::default() };
    let (done, shelf) = rotate(shelf, true).await;
    assert_eq!(done.unwrap(), Rotation { tenants: 1, rewrapped: 0, made: 0, resealed: 5 });
    assert_eq!((shelf.keys.len(), shelf.former), (2, 0));
}

#[tokio::test]
async fn a_tenant_without_secrets_gets_no_key() {
    let (done, shelf) = rotate(Shelf::default(), true).await;
    assert_eq!(done.unwrap(), Rotation { tenants: 1, ..Rotation::default() });
    assert!(shelf.keys.is_empty());
}

#[tokio::test]
async fn who_has_to_give_way_begins_again_and_a_failing_database_is_told() {
    let stale = Shelf { keys: vec![key(1, "new")], failures: vec![StorageError::Stale], ..Shelf::default() };
    assert_eq!(rotate(stale, false).await.0.unwrap().tenants, 1);
    let down = StorageError::Unavailable("down".into());
    let down = Shelf { keys: vec![key(1, "new")], failures: vec![down], ..Shelf::default() };
    assert!(matches!(rotate(down, false).await.0, Err(Fault::Unavailable(_))));
}

#[tokio::test]
async fn a_key_whose_master_key_is_lost_stops_the_rotation() {
    let (done, shelf) = rotate(Shelf { keys: vec![key(1, "lost")], ..Shelf::default() }, true).await;
    assert!(matches!(done, Err(Fault::Internal(_))), "{done:?}");
    assert_eq!(shelf.keys, [key(1, "lost")]);
}

#[tokio::test]
async fn the_status_tells_what_each_master_key_is_needed_for() {
    let keys = vec![key(1, "old"), key(2, "lost"), key(3, "new")];
    let (ports, _) = world(Shelf { keys, former: 4, ..Shelf::default() });
    let report = KeyStatus::new(ports.build()).run(None).await.unwrap();
    let told: Vec<_> = report
        .master_keys
        .iter()
        .map(|key| (key.id.as_str(), key.configured, key.current, key.data_keys, key.is_dispensable()))
        .collect();
    assert_eq!(
        told,
        [
            ("new", true, true, 1, false),
            ("old", true, false, 1, false),
            ("older", true, false, 0, true),
            ("lost", false, false, 1, false),
        ]
    );
    assert_eq!((report.tenants, report.former_seals), (1, 4));
}

#[tokio::test]
async fn one_tenant_alone_can_be_asked_for() {
    let (mut ports, _) = world(Shelf { keys: vec![key(1, "new")], ..Shelf::default() });
    ports.directory = hubchat_ports::MockDirectory::new();
    let report = KeyStatus::new(ports.build()).run(Some(tenant())).await.unwrap();
    assert_eq!((report.tenants, report.former_seals), (1, 0), "a single key has nothing before it");
}
