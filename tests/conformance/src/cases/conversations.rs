//! Conversations: one for each thread, and the newest is found.

use futures_util::future::join_all;
use hubchat_domain::{
    ChannelType, CommentThread, Conversation, ConversationRecord, ConversationStatus, MessageKind, ReplyHandle,
    ThreadKey, ThreadKind,
};
use hubchat_ports::StorageError;

use crate::StorageHarness;
use crate::deadline::driven;
use crate::specimens::{moments, short_texts, texts};
use crate::world::{Customer, World, at, whole};

/// Another thread of the same customer, begun at that moment.
fn another_thread(world: &World<'_>, of: &Customer, thread: &str, seconds: i64) -> Conversation {
    let account_id = of.identity.record().key.account_id;
    let key = ThreadKey { account_id, external_thread_id: thread.to_owned() };
    Conversation::begin(world.id(), (key, ThreadKind::Group), &of.identity, of.lead.record().id, at(seconds))
}

pub async fn conversations_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let mut written = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let moment = moments()[number % moments().len()];
        let thread = short_texts().get(number).cloned().unwrap_or_else(|| format!("thread {number}"));
        let some = (number != 0).then(|| text.clone());
        written.push(Conversation::restore(ConversationRecord {
            thread_kind: ThreadKind::ALL[number % ThreadKind::ALL.len()],
            channel_type: ChannelType::ALL[number % ChannelType::ALL.len()],
            status: ConversationStatus::ALL[number % ConversationStatus::ALL.len()],
            unread_count: if number == 1 { i32::MAX } else { 0 },
            last_message_preview: some.clone(),
            last_message_kind: some.is_some().then(|| MessageKind::ALL[number % MessageKind::ALL.len()]),
            last_message_at: moment,
            last_inbound_at: some.is_some().then_some(moment),
            participant_name: some.clone(),
            participant_avatar_url: some.clone(),
            alias: some.as_ref().map(|_| format!("alias {number}")),
            address: some.clone(),
            comment: some.as_ref().map(|text| CommentThread {
                post_id: Some(text.clone()),
                comment_id: Some(text.clone()),
                commented_at: Some(moment),
                replied_at: (number % 2 == 0).then_some(moment),
                wrote_in_private_at: None,
            }),
            reply_handle: some.map(|token| ReplyHandle { token, expires_at: moment }),
            standby: number % 2 == 1,
            last_seq: i64::MAX - whole(number),
            created_at: moments()[(number + 1) % moments().len()],
            updated_at: moments()[(number + 2) % moments().len()],
            version: 41,
            ..another_thread(&world, &known, &thread, 2).record().clone()
        }));
    }
    let session = world.begin(shop.tenant.id).await;
    session.conversations().insert_many(&written).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let keys: Vec<ThreadKey> = written.iter().map(|thread| thread.record().thread.clone()).collect();
    let found = session.conversations().find_by_threads(&keys).await.unwrap();
    assert_eq!(found.len(), written.len());
    for thread in &written {
        assert!(found.contains(thread), "{:?}", thread.record().thread_kind);
        let by_id = session.conversations().find(thread.record().id).await.unwrap();
        assert_eq!(by_id.as_ref(), Some(thread));
    }
}

pub async fn a_thread_has_one_conversation(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let taken = known.conversation.record().thread.external_thread_id.clone();
    let second = another_thread(&world, &known, &taken, 2);
    let free = another_thread(&world, &known, "free", 2);
    let session = world.begin(shop.tenant.id).await;
    let refused = session.conversations().insert_many(&[free.clone(), second.clone()]).await;
    assert!(matches!(refused, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    assert!(session.conversations().find(second.record().id).await.unwrap().is_none());
    assert!(session.conversations().find(free.record().id).await.unwrap().is_none());
    drop(session);

    let rivals: Vec<Conversation> = (0..8).map(|n| another_thread(&world, &known, "raced", n)).collect();
    let outcomes = join_all(rivals.iter().map(|thread| async {
        let session = world.begin(shop.tenant.id).await;
        session.conversations().insert_many(std::slice::from_ref(thread)).await?;
        session.commit().await
    }))
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(StorageError::is_retryable));
}

pub async fn the_conversations_of_an_identity_and_of_a_lead_are_found_newest_first(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let [known, other] = ["U1", "U2"].map(|user| world.new_customer(&shop, user, at(1)));
    world.enter(&[known.clone(), other.clone()]).await;
    let threads: Vec<Conversation> =
        [5, 3, 9].iter().map(|n| another_thread(&world, &known, &format!("T{n}"), *n)).collect();
    let session = world.begin(shop.tenant.id).await;
    session.conversations().insert_many(&threads).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.conversations().find_of_identity(known.identity.record().id).await.unwrap();
    let expected = [&threads[2], &threads[0], &threads[1], &known.conversation];
    assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    let latest = session.conversations().find_latest_of_lead(known.lead.record().id).await.unwrap();
    assert_eq!(latest.as_ref(), Some(&threads[2]));
    let latest = session.conversations().find_latest_of_lead(other.lead.record().id).await.unwrap();
    assert_eq!(latest.as_ref(), Some(&other.conversation));
    assert_eq!(session.conversations().find_latest_of_lead(world.id()).await.unwrap(), None);
    assert_eq!(session.conversations().find_of_identity(world.id()).await.unwrap(), []);
}

pub async fn at_most_a_hundred_conversations_of_an_identity_are_found(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let threads: Vec<Conversation> =
        (0..500).map(|n| another_thread(&world, &known, &format!("T{n}"), 2 + n)).collect();
    let session = world.begin(shop.tenant.id).await;
    session.conversations().insert_many(&threads).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let found = session.conversations().find_of_identity(known.identity.record().id).await.unwrap();
    assert_eq!(found, threads.iter().rev().take(100).cloned().collect::<Vec<_>>());
    let keys: Vec<ThreadKey> = threads.iter().map(|thread| thread.record().thread.clone()).collect();
    assert_eq!(session.conversations().find_by_threads(&keys).await.unwrap().len(), 500);

    let changed: Vec<Conversation> = threads
        .iter()
        .map(|thread| {
            let mut thread = thread.clone();
            thread.set_status(ConversationStatus::Pending, at(999));
            thread
        })
        .collect();
    session.conversations().update_many(&changed).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let found = session.conversations().find_by_threads(&keys).await.unwrap();
    assert!(found.iter().all(|thread| thread.record().status == ConversationStatus::Pending));
}

pub async fn a_conversation_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let id = known.conversation.record().id;
    let mut thread = known.conversation.clone();
    let seq = thread.next_seq();
    thread.note_message(&world.new_message(&known, seq, at(7)), at(8));
    thread.offer_reply("token", at(7), (std::time::Duration::from_mins(1), None), at(8));
    thread.refresh_snapshot(Some("มะลิ"), Some("https://cdn.example/m.jpg"), at(9));
    thread.set_standby(true, at(9));
    let session = world.begin(shop.tenant.id).await;
    session.conversations().update(&thread).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.conversations().find(id).await.unwrap().unwrap();
    assert!(found.record().version > 1);
    assert_eq!(&ConversationRecord { version: 1, ..found.record().clone() }, thread.record());
    let mut late = known.conversation.clone();
    late.set_status(ConversationStatus::Resolved, at(10));
    assert!(matches!(session.conversations().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.conversations().find(id).await.unwrap(), Some(found.clone()));
    let mut emptied = found.clone();
    assert!(emptied.take_reply_handle(at(9)).is_some());
    session.conversations().update(&emptied).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.conversations().find(id).await.unwrap().unwrap().record().reply_handle, None);
}

pub async fn one_stale_conversation_spoils_its_whole_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let customers: Vec<Customer> = (0..3).map(|n| world.new_customer(&shop, &format!("U{n}"), at(n))).collect();
    world.enter(&customers).await;
    let in_status = |status: ConversationStatus| -> Vec<Conversation> {
        customers
            .iter()
            .map(|customer| {
                let mut thread = customer.conversation.clone();
                thread.set_status(status, at(9));
                thread
            })
            .collect()
    };
    let session = world.begin(shop.tenant.id).await;
    session.conversations().update(&in_status(ConversationStatus::Pending)[1]).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let spoilt = session.conversations().update_many(&in_status(ConversationStatus::Resolved)).await;
    assert!(matches!(spoilt, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    let (open, pending) = (ConversationStatus::Open, ConversationStatus::Pending);
    for (customer, status) in customers.iter().zip([open, pending, open]) {
        let found = session.conversations().find(customer.conversation.record().id).await.unwrap().unwrap();
        assert_eq!(found.record().status, status);
    }
}

pub async fn sequence_numbers_are_given_once_by_sessions_that_come_together(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let key = known.conversation.record().thread.clone();
    let numbers = join_all((0..8).map(|_| async {
        let session = world.begin(shop.tenant.id).await;
        let found = session.conversations().find_by_threads(std::slice::from_ref(&key)).await.unwrap();
        let mut thread = found.into_iter().next().unwrap();
        let seq = thread.next_seq();
        session.conversations().update(&thread).await.unwrap();
        session.commit().await.unwrap();
        seq
    }))
    .await;
    let mut sorted = numbers;
    sorted.sort_unstable();
    assert_eq!(sorted, (1..=8).collect::<Vec<_>>());
}

pub async fn a_found_thread_is_locked_until_its_session_ends(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let keys = [known.conversation.record().thread.clone()];
    let first = world.begin(shop.tenant.id).await;
    let mut thread = first.conversations().find_by_threads(&keys).await.unwrap().into_iter().next().unwrap();
    let mut second = Box::pin(async {
        let session = world.begin(shop.tenant.id).await;
        let found = session.conversations().find_by_threads(&keys).await.unwrap();
        found[0].record().last_seq
    });
    assert_eq!(driven(&mut second).await, None, "two sessions hold one thread");
    assert_eq!(thread.next_seq(), 1);
    first.conversations().update(&thread).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await, 1);
}

pub async fn a_thread_is_found_by_its_other_name_unless_one_has_it_as_its_own(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "66810000001", at(1)).await;
    let account_id = known.identity.record().key.account_id;
    let named = |name: &str| ThreadKey { account_id, external_thread_id: name.to_owned() };
    let mut thread = known.conversation.clone();
    thread.set_alias(Some("TH.1"), at(2));
    let session = world.begin(shop.tenant.id).await;
    session.conversations().update(&thread).await.unwrap();
    session.commit().await.unwrap();
    let find = async |keys: Vec<ThreadKey>| {
        let session = world.begin(shop.tenant.id).await;
        session.conversations().find_by_threads(&keys).await.unwrap()
    };
    let id = thread.record().id;
    for keys in [vec![named("66810000001")], vec![named("TH.1")]] {
        let found = find(keys).await;
        assert_eq!(found.iter().map(|found| found.record().id).collect::<Vec<_>>(), [id]);
    }
    assert!(find(vec![named("TH.2")]).await.is_empty());
    let own = another_thread(&world, &known, "TH.1", 3);
    let session = world.begin(shop.tenant.id).await;
    session.conversations().insert_many(std::slice::from_ref(&own)).await.unwrap();
    session.commit().await.unwrap();
    let found = find(vec![named("TH.1")]).await;
    assert_eq!(found.iter().map(|found| found.record().id).collect::<Vec<_>>(), [own.record().id]);
}

pub async fn two_threads_of_an_account_do_not_share_another_name(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (one, other) = (world.customer(&shop, "1", at(1)).await, world.customer(&shop, "2", at(1)).await);
    for (customer, fits) in [(&one, true), (&other, false)] {
        let mut thread = customer.conversation.clone();
        thread.set_alias(Some("shared"), at(2));
        let session = world.begin(shop.tenant.id).await;
        let written = session.conversations().update(&thread).await;
        assert_eq!(written.is_ok(), fits, "{written:?}");
        if fits {
            session.commit().await.unwrap();
        }
    }
}
