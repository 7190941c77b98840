//! Answers to repeated requests.

use futures_util::future::join_all;
use hubchat_ports::IdempotencyRecord;

use crate::StorageHarness;
use crate::deadline::{driven, in_time};
use crate::specimens::{moments, short_texts};
use crate::world::{World, at};

fn record(world: &World<'_>, key: &str) -> IdempotencyRecord {
    IdempotencyRecord {
        scope: "message.send:key-1".to_owned(),
        key: key.to_owned(),
        fingerprint: (0..=255).collect(),
        resource_id: world.id(),
        expires_at: at(1_000),
    }
}

pub async fn a_claimed_key_answers_with_its_record(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, text) in short_texts().into_iter().enumerate() {
        let first = IdempotencyRecord {
            scope: text.clone(),
            fingerprint: if number == 0 { Vec::new() } else { text.clone().into_bytes() },
            expires_at: moments()[number % moments().len()],
            ..record(&world, &text)
        };
        let before = moments()[0];
        let session = world.begin(tenant).await;
        if first.expires_at > before {
            assert_eq!(session.idempotency().claim(&first, before).await.unwrap(), None);
            session.commit().await.unwrap();
            let again = IdempotencyRecord { fingerprint: vec![9], ..record(&world, &text) };
            let again = IdempotencyRecord { scope: text, ..again };
            let session = world.begin(tenant).await;
            assert_eq!(session.idempotency().claim(&again, before).await.unwrap(), Some(first));
        }
    }
}

pub async fn keys_of_other_scopes_and_tenants_are_free(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    let first = record(&world, "k");
    let session = world.begin(one).await;
    assert_eq!(session.idempotency().claim(&first, at(1)).await.unwrap(), None);
    session.commit().await.unwrap();
    let session = world.begin(one).await;
    for free in [
        IdempotencyRecord { scope: "lead.update".to_owned(), ..record(&world, "k") },
        record(&world, "K"),
        record(&world, "k "),
    ] {
        assert_eq!(session.idempotency().claim(&free, at(1)).await.unwrap(), None, "{} {}", free.scope, free.key);
    }
    drop(session);
    let session = world.begin(two).await;
    assert_eq!(session.idempotency().claim(&record(&world, "k"), at(1)).await.unwrap(), None);
}

pub async fn an_expired_record_counts_as_absent(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let first = record(&world, "k");
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&first, at(1)).await.unwrap(), None);
    session.commit().await.unwrap();

    let second = IdempotencyRecord { expires_at: at(5_000), ..record(&world, "k") };
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&second, at(999)).await.unwrap(), Some(first));
    assert_eq!(session.idempotency().claim(&second, at(1_001)).await.unwrap(), None);
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&record(&world, "k"), at(1_002)).await.unwrap(), Some(second));
}

pub async fn a_second_session_waits_and_sees_the_record_of_the_first(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let (first, second) = (record(&world, "k"), record(&world, "k"));
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&first, at(1)).await.unwrap(), None);
    let mut waiting = Box::pin(async {
        let session = world.begin(tenant).await;
        session.idempotency().claim(&second, at(1)).await.unwrap()
    });
    assert_eq!(driven(&mut waiting).await, None, "a key is claimed by two open sessions");
    session.commit().await.unwrap();
    assert_eq!(in_time("the second claim is answered", waiting).await, Some(first));
}

pub async fn a_second_session_gets_the_key_that_the_first_gave_up(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let (first, second) = (record(&world, "k"), record(&world, "k"));
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&first, at(1)).await.unwrap(), None);
    let mut waiting = Box::pin(async {
        let session = world.begin(tenant).await;
        let claim = session.idempotency().claim(&second, at(1)).await.unwrap();
        session.commit().await.unwrap();
        claim
    });
    assert_eq!(driven(&mut waiting).await, None);
    drop(session);
    assert_eq!(in_time("the second claim is answered", waiting).await, None);
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&record(&world, "k"), at(1)).await.unwrap(), Some(second));
}

pub async fn a_key_raced_for_is_claimed_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    // An expired record is there already, so that the rivals race to replace it too.
    let expired = IdempotencyRecord { expires_at: at(0), ..record(&world, "k") };
    let session = world.begin(tenant).await;
    assert_eq!(session.idempotency().claim(&expired, at(-9)).await.unwrap(), None);
    session.commit().await.unwrap();
    let rivals: Vec<IdempotencyRecord> = (0..8).map(|_| record(&world, "k")).collect();
    let claims = join_all(rivals.iter().map(|rival| async {
        let session = world.begin(tenant).await;
        let claim = session.idempotency().claim(rival, at(1)).await.unwrap();
        session.commit().await.unwrap();
        claim
    }))
    .await;
    let winners: Vec<usize> = (0..8).filter(|n| claims[*n].is_none()).collect();
    assert_eq!(winners.len(), 1);
    for claim in claims.into_iter().flatten() {
        assert_eq!(claim, rivals[winners[0]]);
    }
}
