//! The bus that PostgreSQL is, and what sessions tell it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use hubchat_conformance::EventBusHarness;
use hubchat_domain::{DomainEvent, EventType, Tenant, TenantSlug, Timestamp};
use hubchat_ports::{EventBus, Heard, Hearing, Notice};
use hubchat_storage_seaorm::NotifyBus;
use serde_json::json;

use crate::rig::{Rig, drop_database, on_postgres, on_sqlite, tenant};

struct Shared {
    one: Rig,
    two: Rig,
    buses: [NotifyBus; 2],
}

#[async_trait]
impl EventBusHarness for Shared {
    async fn start() -> Self {
        let one = Rig::postgres().await;
        let two = one.sibling().await;
        let bus = |rig: &Rig| rig.storage().notify_bus().expect("PostgreSQL is a bus");
        let buses = [bus(&one), bus(&two)];
        Self { one, two, buses }
    }

    fn bus(&self) -> &dyn EventBus {
        &self.buses[0]
    }

    fn other(&self) -> &dyn EventBus {
        &self.buses[1]
    }

    async fn stop(self) {
        let database = self.one.database();
        self.one.storage().close().await;
        self.two.storage().close().await;
        drop_database(database).await;
    }
}

hubchat_conformance::event_bus_suite!(Shared);

/// A bus that keeps what it is told.
#[derive(Default)]
struct Kept(Mutex<Vec<Notice>>);

impl EventBus for Kept {
    fn announce(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }

    fn listen(&self) -> Hearing {
        Box::pin(futures_util::stream::pending())
    }
}

fn event() -> DomainEvent {
    DomainEvent {
        event_type: EventType::ContactUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data: json!({}),
        at: Timestamp::EPOCH,
    }
}

async fn sessions_tell_what_they_committed_and_nothing_else(rig: Rig) {
    let bus = Arc::new(Kept::default());
    rig.storage().announce_on(bus.clone());
    let told = || std::mem::take(&mut *bus.0.lock().unwrap());
    let session = rig.session(tenant()).await;
    let slug = TenantSlug::parse("mali").unwrap();
    let mali = Tenant { id: tenant(), slug, name: "Mali".to_owned(), created_at: Timestamp::EPOCH };
    session.tenants().insert(&mali).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(told(), []);
    let session = rig.session(tenant()).await;
    session.events().append(vec![event(), event()]).await.unwrap();
    assert_eq!(told(), [], "not before the commit");
    session.commit().await.unwrap();
    assert_eq!(told(), [Notice::Committed { tenant_id: tenant() }]);
    let session = rig.session(tenant()).await;
    session.events().append(vec![event()]).await.unwrap();
    drop(session);
    let session = rig.session(tenant()).await;
    session.settings().put(&[("publicReplyText", json!("Hello"))], Timestamp::EPOCH).await.unwrap();
    session.commit().await.unwrap();
    assert_eq!(told(), [Notice::AccessChanged { tenant_id: tenant() }]);
}

on_postgres!(sessions_tell_what_they_committed_and_nothing_else);
on_sqlite!(sessions_tell_what_they_committed_and_nothing_else);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_broke_is_made_anew_and_everybody_looks_again() {
    let rig = Rig::postgres().await;
    let sibling = rig.sibling().await;
    let (one, two) = (rig.storage().notify_bus().unwrap(), sibling.storage().notify_bus().unwrap());
    let mut there = two.listen();
    let told = |number: u128| Notice::Committed { tenant_id: uuid::Uuid::from_u128(number).into() };
    let mut number = 0;
    let mut reached = async |hearing: &mut Hearing| {
        let mut missed = false;
        loop {
            number += 1;
            one.announce(told(number));
            let wait = async {
                loop {
                    match hearing.next().await {
                        Some(Heard::Notice(notice)) if notice == told(number) => return,
                        Some(Heard::Missed) => missed = true,
                        _ => {}
                    }
                }
            };
            if tokio::time::timeout(Duration::from_millis(200), wait).await.is_ok() {
                return missed;
            }
            assert!(number < 200, "others are not reached");
        }
    };
    assert!(reached(&mut there).await, "whoever begins to listen looks around first");
    rig.scalar(
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    assert!(reached(&mut there).await, "it is told that something may have been missed");
    let database = rig.database();
    rig.storage().close().await;
    sibling.storage().close().await;
    drop_database(database).await;
}
