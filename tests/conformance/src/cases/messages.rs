//! Messages: each provider id once, every content as it was.

use futures_util::future::join_all;
use hubchat_domain::{
    AttemptRoute, DeliveryAttempt, DeliveryFailure, DeliveryStatus, Direction, Message, MessageContent, MessageRecord,
    ReplyHandle, Sender, Visibility,
};
use hubchat_ports::{InsertOutcome, StorageError};

use crate::StorageHarness;
use crate::specimens::{contents, moments, short_texts, texts};
use crate::world::{Shop, World, at, whole};

fn with_external_id(message: &Message, external_id: &str) -> Message {
    let external_message_id = Some(external_id.to_owned());
    Message::restore(MessageRecord { external_message_id, ..message.record().clone() })
}

pub async fn messages_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let mut written = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let moment = moments()[number % moments().len()];
        let some = (number != 0).then(|| text.clone());
        let handle = ReplyHandle { token: text.clone(), expires_at: moment };
        let routes = [AttemptRoute::Direct, AttemptRoute::Reply { handle }];
        let senders = [
            Sender::Contact { external_user_id: some.clone() },
            Sender::Member { id: world.id() },
            Sender::ApiKey { id: world.id(), by_person: true },
            Sender::NativeApp,
            Sender::System,
        ];
        let external_message_id = short_texts().get(number).cloned();
        written.push(Message::restore(MessageRecord {
            seq: i64::MAX - whole(number),
            direction: Direction::ALL[number % 2],
            sender: senders[number % senders.len()].clone(),
            content: MessageContent::Text { text: text.clone() },
            further_external_ids: external_message_id.iter().map(|id| format!("{id} part")).collect(),
            external_message_id,
            quote_token: some.clone(),
            quoted_external_id: some.clone(),
            delivery_status: DeliveryStatus::ALL[number % DeliveryStatus::ALL.len()],
            failure: some.clone().map(|reason| DeliveryFailure { code: "rejected".to_owned(), reason }),
            attempt: some.as_ref().map(|_| DeliveryAttempt {
                started_at: moment,
                key_used_since: moment,
                route: routes[number % 2].clone(),
            }),
            occurred_at: moment,
            created_at: moments()[(number + 1) % moments().len()],
            updated_at: moments()[(number + 2) % moments().len()],
            sent_at: some.as_ref().map(|_| moment),
            edited_at: some.as_ref().map(|_| moment),
            unsent_at: some.as_ref().map(|_| moment),
            former_texts: vec![text.clone(); number % 3],
            version: 41,
            ..world.new_message(&known, 1, at(1)).record().clone()
        }));
    }
    world.say(&written).await;
    let session = world.begin(shop.tenant.id).await;
    let external: Vec<String> = written.iter().filter_map(|m| m.record().external_message_id.clone()).collect();
    let account = shop.account.record().id;
    let by_external = session.messages().find_by_external_ids(account, &external).await.unwrap();
    assert_eq!(by_external.len(), external.len());
    drop(session);
    let inbox = world.inbox(shop.tenant.id);
    for message in &written {
        let record = message.record();
        let session = world.begin(shop.tenant.id).await;
        assert_eq!(session.messages().find(record.id).await.unwrap().as_ref(), Some(message));
        assert!(record.external_message_id.is_none() || by_external.contains(message));
        assert_eq!(&inbox.find_message(&Visibility::All, record.id).await.unwrap().unwrap().message, record);
    }
}

pub async fn contents_of_every_kind_come_back_as_they_went(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    for text in texts() {
        let written: Vec<Message> = contents(&text)
            .into_iter()
            .map(|content| {
                Message::restore(MessageRecord { content, ..world.new_message(&known, 1, at(1)).record().clone() })
            })
            .collect();
        world.say(&written).await;
        let session = world.begin(shop.tenant.id).await;
        for message in &written {
            let found = session.messages().find(message.record().id).await.unwrap().unwrap();
            assert_eq!(found.record().content, message.record().content);
        }
    }
}

pub async fn a_provider_id_is_stored_once_for_each_account(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let second = Shop { tenant: shop.tenant.clone(), account: world.account(shop.tenant.id).await };
    let (here, there) = (world.customer(&shop, "U1", at(1)).await, world.customer(&second, "U1", at(1)).await);
    let first = with_external_id(&world.new_message(&here, 1, at(1)), "1");
    world.say(std::slice::from_ref(&first)).await;

    let batch = [
        with_external_id(&world.new_message(&here, 2, at(2)), "2"),
        with_external_id(&world.new_message(&here, 3, at(2)), "1"),
        with_external_id(&world.new_message(&here, 4, at(2)), "2"),
        with_external_id(&world.new_message(&there, 1, at(2)), "1"),
        with_external_id(&world.new_message(&here, 5, at(2)), "3"),
        with_external_id(&world.new_message(&here, 6, at(2)), "3"),
    ];
    let session = world.begin(shop.tenant.id).await;
    let outcomes = session.messages().insert_many(&batch).await.unwrap();
    let (new, old) = (InsertOutcome::Inserted, InsertOutcome::AlreadyPresent);
    assert_eq!(outcomes, [new, old, old, new, new, old]);
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    for (message, outcome) in batch.iter().zip(outcomes) {
        let kept = session.messages().find(message.record().id).await.unwrap();
        assert_eq!(kept.as_ref(), (outcome == new).then_some(message));
    }
    let found = session.messages().find_by_external_ids(shop.account.record().id, &["1".to_owned()]).await.unwrap();
    assert_eq!(found, [first]);
}

pub async fn messages_without_a_provider_id_are_all_new(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let written: Vec<Message> = (1..=3)
        .map(|seq| {
            let plain = world.new_message(&known, seq, at(seq));
            Message::queued(MessageRecord { external_message_id: None, ..plain.record().clone() })
        })
        .collect();
    world.say(&written).await;
    let session = world.begin(shop.tenant.id).await;
    for message in &written {
        assert_eq!(session.messages().find(message.record().id).await.unwrap().as_ref(), Some(message));
    }
}

pub async fn a_provider_id_raced_for_is_stored_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let rivals: Vec<Message> =
        (1..=8).map(|seq| with_external_id(&world.new_message(&known, seq, at(1)), "raced")).collect();
    let outcomes = join_all(rivals.iter().map(|message| async {
        let session = world.begin(shop.tenant.id).await;
        let outcome = session.messages().insert_many(std::slice::from_ref(message)).await.unwrap()[0];
        session.commit().await.unwrap();
        outcome
    }))
    .await;
    let winners: Vec<&Message> = rivals
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| **outcome == InsertOutcome::Inserted)
        .map(|(message, _)| message)
        .collect();
    assert_eq!(winners.len(), 1);
    let session = world.begin(shop.tenant.id).await;
    let account = shop.account.record().id;
    let found = session.messages().find_by_external_ids(account, &["raced".to_owned()]).await.unwrap();
    assert_eq!(found.iter().collect::<Vec<_>>(), winners);
}

pub async fn a_message_is_found_by_the_id_of_a_further_part(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let account = shop.account.record().id;
    let known = world.customer(&shop, "U1", at(1)).await;
    let plain = world.new_message(&known, 1, at(1));
    let mut message = Message::queued(MessageRecord { external_message_id: None, ..plain.record().clone() });
    world.say(std::slice::from_ref(&message)).await;
    message.mark_sent(vec!["p1".to_owned(), "p2".to_owned(), "p3".to_owned()], at(2));
    let session = world.begin(shop.tenant.id).await;
    session.messages().update(&message).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    for asked in [vec!["p1"], vec!["p2"], vec!["p3"], vec!["p3", "p1", "p2"], vec!["absent", "p2"]] {
        let asked: Vec<String> = asked.into_iter().map(str::to_owned).collect();
        let found = session.messages().find_by_external_ids(account, &asked).await.unwrap();
        assert_eq!(found.len(), 1, "{asked:?}");
        assert_eq!(&MessageRecord { version: 1, ..found[0].record().clone() }, message.record());
    }
    assert_eq!(session.messages().find_by_external_ids(account, &["p".to_owned()]).await.unwrap(), []);
    drop(session);
    let other = world.account(shop.tenant.id).await.record().id;
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.messages().find_by_external_ids(other, &["p1".to_owned(), "p2".to_owned()]).await.unwrap(), []);
}

pub async fn a_message_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let first = world.new_message(&known, 1, at(1));
    world.say(std::slice::from_ref(&first)).await;
    let mut edited = first.clone();
    assert!(edited.edit("ใหม่ 🍎", at(3)));
    let session = world.begin(shop.tenant.id).await;
    session.messages().update(&edited).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.messages().find(first.record().id).await.unwrap().unwrap();
    assert!(found.record().version > 1);
    assert_eq!(&MessageRecord { version: 1, ..found.record().clone() }, edited.record());
    let mut late = first.clone();
    assert!(late.edit("late", at(4)));
    assert!(matches!(session.messages().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    let mut unsent = found.clone();
    assert!(unsent.unsend(at(5)));
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.messages().find(first.record().id).await.unwrap(), Some(found));
    session.messages().update(&unsent).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let found = session.messages().find(first.record().id).await.unwrap().unwrap();
    assert_eq!(found.record().content, MessageContent::System { text: String::new() });
    assert!(found.record().former_texts.is_empty());
}

pub async fn changed_messages_are_written_together_or_not_at_all(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let queued = |number| {
        let plain = world.new_message(&known, number, at(number));
        Message::queued(MessageRecord { external_message_id: None, ..plain.record().clone() })
    };
    let mut messages: Vec<Message> = (1..=3).map(queued).collect();
    world.say(&messages).await;
    for (message, parts) in messages.iter_mut().zip([vec!["a"], vec!["b1", "b2", "b3"], vec!["c"]]) {
        message.mark_sent(parts.into_iter().map(str::to_owned).collect(), at(9));
    }
    let ids: Vec<_> = messages.iter().map(|message| message.record().id).collect();
    let session = world.begin(shop.tenant.id).await;
    session.messages().update_many(&messages[..2]).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let mut stranger = ids.clone();
    stranger.extend([world.id(), ids[0]]);
    let mut found = session.messages().find_many(&stranger).await.unwrap();
    found.sort_by_key(|message| ids.iter().position(|id| *id == message.record().id));
    assert_eq!(found.len(), 3, "each once, and the stranger passed over");
    for (found, written) in found.iter().zip(&messages).take(2) {
        assert_eq!(&MessageRecord { version: 1, ..found.record().clone() }, written.record());
    }
    assert_eq!(found[2].record().delivery_status, DeliveryStatus::Queued);
    let account = shop.account.record().id;
    let by_part = session.messages().find_by_external_ids(account, &["b3".to_owned()]).await.unwrap();
    assert_eq!(by_part.first().map(|message| message.record().id), Some(ids[1]));
    assert_eq!(session.messages().find_many(&[]).await.unwrap(), []);
    // The first two changed since they were read, so the third is not written either.
    assert!(matches!(session.messages().update_many(&messages).await, Err(StorageError::Stale)));
    assert!(session.commit().await.is_err(), "a spoilt session commits nothing");
    let session = world.begin(shop.tenant.id).await;
    let third = session.messages().find(ids[2]).await.unwrap().unwrap();
    assert_eq!(third.record().delivery_status, DeliveryStatus::Queued);
}

pub async fn hundreds_of_messages_fit_in_one_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let batch: Vec<Message> = (1..=500)
        .map(|seq| with_external_id(&world.new_message(&known, seq, at(seq)), &format!("m{}", seq - (seq % 2))))
        .collect();
    let session = world.begin(shop.tenant.id).await;
    let outcomes = session.messages().insert_many(&batch).await.unwrap();
    for (message, outcome) in batch.iter().zip(&outcomes) {
        // m0 comes at 1 only; each later id at an even number first and again at the odd one after it.
        let again = message.record().seq % 2 == 1 && message.record().seq > 1;
        assert_eq!(*outcome == InsertOutcome::AlreadyPresent, again, "message {}", message.record().seq);
    }
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let asked: Vec<String> = (0..=500).map(|n| format!("m{n}")).collect();
    let found = session.messages().find_by_external_ids(shop.account.record().id, &asked).await.unwrap();
    assert_eq!(found.len(), 251);
}

pub async fn the_newest_messages_of_several_threads_are_found_at_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let (one, other) = (world.customer(&shop, "U1", at(1)).await, world.customer(&shop, "U2", at(1)).await);
    let of = |customer, count: i64| -> Vec<Message> {
        (1..=count).map(|seq| world.new_message(customer, seq, at(seq))).collect()
    };
    let (many, few) = (of(&one, 12), of(&other, 3));
    let session = world.begin(shop.tenant.id).await;
    session.messages().insert_many(&many).await.unwrap();
    session.messages().insert_many(&few).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let threads = [one.conversation.record().id, other.conversation.record().id, world.id()];
    let mut found = session.messages().find_newest(&threads, 5).await.unwrap();
    let mut expected: Vec<Message> = many[7..].iter().chain(&few).cloned().collect();
    for list in [&mut found, &mut expected] {
        list.sort_by_key(|message| message.record().id);
    }
    assert_eq!(found, expected);
    assert!(session.messages().find_newest(&[], 5).await.unwrap().is_empty());
    drop(session);
    let elsewhere = world.shop("nok").await;
    let foreign = world.begin(elsewhere.tenant.id).await;
    assert!(foreign.messages().find_newest(&threads, 5).await.unwrap().is_empty(), "another tenant's");
}
