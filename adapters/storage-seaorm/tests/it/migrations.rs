//! Bringing the schema up to date.

use hubchat_migrations::Migrator;
use hubchat_ports::{Directory, StorageError};
use sea_orm_migration::MigratorTrait as _;

use crate::database::{TestDatabase, on_both};

/// How many there are.
fn migrations() -> i64 {
    i64::try_from(Migrator::migrations().len()).unwrap()
}

async fn four_hosts_that_start_together_migrate_once(database: &TestDatabase) {
    let hosts =
        [database.storage.clone(), database.another().await, database.another().await, database.another().await];
    let calls: Vec<_> = hosts.iter().cloned().map(|host| tokio::spawn(async move { host.migrate().await })).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    for host in &hosts {
        host.ping().await.unwrap();
    }
    assert_eq!(database.number("SELECT count(*) FROM seaql_migrations").await, migrations());
    for host in &hosts[1..] {
        host.close().await;
    }
}

async fn migrating_again_changes_nothing(database: &TestDatabase) {
    database.storage.migrate().await.unwrap();
    let applied = database.number("SELECT max(applied_at) FROM seaql_migrations").await;
    database.storage.migrate().await.unwrap();
    assert_eq!(database.number("SELECT max(applied_at) FROM seaql_migrations").await, applied);
    assert_eq!(database.number("SELECT count(*) FROM seaql_migrations").await, migrations());
}

async fn storage_without_its_schema_is_not_ready(database: &TestDatabase) {
    assert!(database.storage.ping().await.is_err());
    database.storage.migrate().await.unwrap();
    database.storage.ping().await.unwrap();
    // An older host's schema lacks the newest migration.
    let newest = "SELECT max(version) FROM seaql_migrations";
    database.run(&format!("DELETE FROM seaql_migrations WHERE version = ({newest})")).await;
    assert!(matches!(database.storage.ping().await, Err(StorageError::Unavailable(_))));
}

on_both! {
    empty_sqlite, empty_postgres:
    four_hosts_that_start_together_migrate_once,
    migrating_again_changes_nothing,
    storage_without_its_schema_is_not_ready,
}
