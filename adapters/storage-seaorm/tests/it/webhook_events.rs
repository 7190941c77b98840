//! Settling received events, and the ledger that counts them.

use crate::rig::{Rig, on_postgres, on_sqlite, tenant};
use hubchat_domain::{ChannelAccountId, ChannelType, TenantId, Timestamp, WebhookEventId};
use hubchat_ports::{EventOutcome, InboundLedger, ReceivedEvent, StorageError, WebhookIntake};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::EPOCH;

fn id(number: u128) -> WebhookEventId {
    WebhookEventId::from_uuid(Uuid::from_u128(number))
}

/// Bytes that are no text, too, come back as they went in.
fn event(number: u128) -> ReceivedEvent {
    ReceivedEvent {
        id: id(number),
        tenant_id: tenant(),
        account_id: ChannelAccountId::from_uuid(Uuid::from_u128(9)),
        channel_type: ChannelType::Line,
        event_key: format!("key {number}"),
        order_key: "conversation".to_owned(),
        raw: [123, 0, 255, 125].as_slice().into(),
        received_at: Timestamp::from_micros(77),
    }
}

async fn every_event_is_settled_once_and_counted_once(rig: Rig) {
    rig.intake.record((1..=4).map(event).collect()).await.unwrap();
    let all = [id(1), id(2), id(3), id(4), id(5)];

    let session = rig.session(tenant()).await;
    let pending = session.webhook_events().find_pending(&all).await.unwrap();
    assert_eq!(pending.len(), 4);
    assert!(pending.iter().all(|event| event.raw[..] == [123, 0, 255, 125]));
    let outcomes = [
        (id(1), EventOutcome::Processed),
        (id(2), EventOutcome::Ignored { reason: "dull\0".to_owned() }),
        (id(3), EventOutcome::Dead { error: "odd".to_owned() }),
    ];
    session.webhook_events().settle(&outcomes, NOW).await.unwrap();
    session.commit().await.unwrap();
    let counted = InboundLedger { received: 4, processed: 1, ignored: 1, dead: 1 };
    assert_eq!(rig.intake.ledger().await.unwrap(), counted);

    let late = rig.session(tenant()).await;
    let again = [(id(4), EventOutcome::Processed), (id(1), EventOutcome::Processed)];
    let answer = late.webhook_events().settle(&again, NOW).await;
    assert!(matches!(answer, Err(StorageError::Stale)), "{answer:?}");
    drop(late);
    assert_eq!(rig.intake.ledger().await.unwrap(), counted);

    let session = rig.session(tenant()).await;
    assert_eq!(session.webhook_events().reopen(&all).await.unwrap(), 2);
    session.commit().await.unwrap();
    assert_eq!(rig.intake.ledger().await.unwrap(), InboundLedger { ignored: 0, dead: 0, ..counted });
}

async fn the_events_of_another_tenant_are_not_there(rig: Rig) {
    rig.intake.record(vec![event(1)]).await.unwrap();
    let session = rig.session(TenantId::from_uuid(Uuid::from_u128(404))).await;
    assert!(session.webhook_events().find_pending(&[id(1)]).await.unwrap().is_empty());
    assert_eq!(session.webhook_events().reopen(&[id(1)]).await.unwrap(), 0);
    let answer = session.webhook_events().settle(&[(id(1), EventOutcome::Processed)], NOW).await;
    assert!(matches!(answer, Err(StorageError::Stale)), "{answer:?}");
}

on_sqlite! {
    every_event_is_settled_once_and_counted_once,
    the_events_of_another_tenant_are_not_there,
}

on_postgres! {
    every_event_is_settled_once_and_counted_once,
    the_events_of_another_tenant_are_not_there,
}
