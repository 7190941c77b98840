//! Domain events: numbered without gaps, in the order of commits.

use futures_util::future::join_all;
use hubchat_domain::{DomainEvent, EventType};
use hubchat_ports::StoredEvent;
use serde_json::json;

use crate::StorageHarness;
use crate::specimens::{moments, texts};
use crate::world::{World, at, whole};

fn event(data: serde_json::Value) -> DomainEvent {
    DomainEvent {
        event_type: EventType::LeadUpdated,
        lead_id: None,
        conversation_id: None,
        message_id: None,
        data,
        at: at(1),
    }
}

pub async fn events_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let mut written = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        written.push(DomainEvent {
            event_type: EventType::ALL[number % EventType::ALL.len()],
            lead_id: (number % 2 == 0).then(|| world.id()),
            conversation_id: (number % 3 == 0).then(|| world.id()),
            message_id: (number % 5 == 0).then(|| world.id()),
            data: json!({ text.clone(): [text, null, true, -1, 0.5, u64::MAX] }),
            at: moments()[number % moments().len()],
        });
    }
    let session = world.begin(tenant).await;
    session.events().append(written.clone()).await.unwrap();
    session.commit().await.unwrap();
    let listed = world.begin(tenant).await.events().list_after(0, 100).await.unwrap();
    let expected: Vec<StoredEvent> =
        written.into_iter().zip(1..).map(|(event, seq)| StoredEvent { seq, event }).collect();
    assert_eq!(listed, expected);
}

pub async fn events_are_numbered_in_the_order_given_for_each_tenant(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    for (tenant, names) in [(one, vec!["a", "b"]), (two, vec!["x"]), (one, vec!["c"]), (two, vec!["y", "z"])] {
        let session = world.begin(tenant).await;
        for name in names {
            session.events().append(vec![event(json!(name))]).await.unwrap();
        }
        session.commit().await.unwrap();
    }
    for (tenant, expected) in [(one, json!(["a", "b", "c"])), (two, json!(["x", "y", "z"]))] {
        let listed = world.begin(tenant).await.events().list_after(0, 100).await.unwrap();
        assert_eq!(listed.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(json!(listed.iter().map(|stored| &stored.event.data).collect::<Vec<_>>()), expected);
    }
}

pub async fn a_dropped_session_leaves_no_gap(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, kept) in [true, false, false, true, false, true].into_iter().enumerate() {
        let session = world.begin(tenant).await;
        session.events().append(vec![event(json!(number)), event(json!(number))]).await.unwrap();
        if kept {
            session.commit().await.unwrap();
        }
    }
    let listed = world.begin(tenant).await.events().list_after(0, 100).await.unwrap();
    assert_eq!(listed.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let data: Vec<_> = listed.iter().map(|stored| stored.event.data.clone()).collect();
    assert_eq!(json!(data), json!([0, 0, 3, 3, 5, 5]));
}

pub async fn events_are_listed_a_page_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let session = world.begin(tenant).await;
    session.events().append((1..=500).map(|n| event(json!(n))).collect()).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    let mut seen = Vec::new();
    loop {
        let page = session.events().list_after(whole(seen.len()), 7).await.unwrap();
        assert!(page.len() <= 7);
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen.len(), 500);
    assert!(seen.iter().zip(1..).all(|(stored, seq)| stored.seq == seq && stored.event.data == json!(seq)));
    assert!(session.events().list_after(500, 10).await.unwrap().is_empty());
    assert!(session.events().list_after(i64::MAX, 10).await.unwrap().is_empty());
}

pub async fn a_reader_never_finds_an_event_before_one_that_it_has_seen(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let writers = join_all((0..8).map(|writer| {
        let world = &world;
        async move {
            for turn in 0..10 {
                let session = world.begin(tenant).await;
                let pair = vec![event(json!([writer, turn, 0])), event(json!([writer, turn, 1]))];
                session.events().append(pair).await.unwrap();
                // Something else between: the place is given at the commit, not here.
                session.members().list().await.unwrap();
                if turn % 3 != 2 {
                    session.commit().await.unwrap();
                }
            }
        }
    }));
    let expected = 8 * 7 * 2;
    let reader = async {
        let mut seen: Vec<StoredEvent> = Vec::new();
        while seen.len() < expected {
            let news = world.begin(tenant).await.events().list_after(whole(seen.len()), 1_000).await.unwrap();
            seen.extend(news);
            tokio::task::yield_now().await;
        }
        seen
    };
    let ((), seen) = futures_util::future::join(async { drop(writers.await) }, reader).await;
    assert!(seen.iter().zip(1..).all(|(stored, seq)| stored.seq == seq), "the places have a gap");
    for pair in seen.chunks(2) {
        let [first, second] = pair else { panic!("an odd number of events") };
        assert_eq!(first.event.data[0], second.event.data[0], "events of one session are torn apart");
        assert_eq!((&first.event.data[2], &second.event.data[2]), (&json!(0), &json!(1)));
    }
    for writer in 0..8 {
        let turns: Vec<u64> = seen
            .iter()
            .filter(|stored| stored.event.data[0] == json!(writer) && stored.event.data[2] == json!(0))
            .map(|stored| stored.event.data[1].as_u64().unwrap())
            .collect();
        assert_eq!(turns, [0, 1, 3, 4, 6, 7, 9], "writer {writer}");
    }
    let listed = world.begin(tenant).await.events().list_after(0, 1_000).await.unwrap();
    assert_eq!(listed, seen);
}
