//! Threads of messages and logs of activity: order, files, and pages that stay put.

use hubchat_domain::{
    Activity, ActivityId, ActivityKind, Attachment, Author, Message, MessageContent, MessageId, MessageRecord,
    Visibility,
};
use hubchat_ports::PageRequest;
use serde_json::json;

use crate::StorageHarness;
use crate::paging::{all_at_once, walk};
use crate::specimens::moments;
use crate::world::{World, at};

const PAGE: PageRequest = PageRequest { after: None, limit: 200 };

pub async fn messages_are_listed_by_the_time_they_were_written(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let [known, other] = ["U1", "U2"].map(|user| world.new_customer(&shop, user, at(0)));
    world.enter(&[known.clone(), other.clone()]).await;
    let mut written: Vec<Message> =
        [3, 9, 5, 5, 5, 1].iter().zip(1..).map(|(moment, seq)| world.new_message(&known, seq, at(*moment))).collect();
    written.extend(moments().iter().zip(7..).map(|(moment, seq)| world.new_message(&known, seq, *moment)));
    world.say(&written).await;
    world.say(&[world.new_message(&other, 1, at(5))]).await;
    let inbox = world.inbox(shop.tenant.id);
    let thread = known.conversation.record().id;
    written.sort_by_key(|message| std::cmp::Reverse((message.record().occurred_at, message.record().id)));
    let expected: Vec<MessageId> = written.iter().map(|message| message.record().id).collect();
    for limit in [1, 2, 3, 12, 13, 14, 200] {
        let walked =
            walk(limit, async |page| inbox.list_messages(&Visibility::All, thread, page).await.unwrap().unwrap()).await;
        assert_eq!(walked.iter().map(|row| row.message.id).collect::<Vec<_>>(), expected, "pages of {limit}");
        assert!(walked.iter().zip(&written).all(|(row, message)| &row.message == message.record()));
    }
}

pub async fn message_and_activity_pages_end_without_an_empty_one(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let inbox = world.inbox(shop.tenant.id);
    let (thread, lead) = (known.conversation.record().id, known.lead.record().id);
    let empty = inbox.list_messages(&Visibility::All, thread, PAGE).await.unwrap().unwrap();
    assert!(empty.items.is_empty() && empty.next.is_none(), "a thread without messages is there all the same");
    let empty = inbox.list_activity(&Visibility::All, lead, PAGE).await.unwrap().unwrap();
    assert!(empty.items.is_empty() && empty.next.is_none(), "a lead without a log is there all the same");
    assert!(inbox.list_messages(&Visibility::All, world.id(), PAGE).await.unwrap().is_none());
    assert!(inbox.list_activity(&Visibility::All, world.id(), PAGE).await.unwrap().is_none());

    world.say(&(1..=6).map(|seq| world.new_message(&known, seq, at(seq))).collect::<Vec<_>>()).await;
    all_at_once(6, async |page| inbox.list_messages(&Visibility::All, thread, page).await.unwrap().unwrap()).await;
    let lines: Vec<Activity> = (0..6)
        .map(|n| Activity {
            id: world.id(),
            lead_id: lead,
            kind: ActivityKind::MessageSent,
            author: Author::System,
            detail: json!(n),
            at: at(n / 2),
        })
        .collect();
    let session = world.begin(shop.tenant.id).await;
    session.activities().append(&lines).await.unwrap();
    session.commit().await.unwrap();
    all_at_once(6, async |page| inbox.list_activity(&Visibility::All, lead, page).await.unwrap().unwrap()).await;
    let walked = walk(1, async |page| inbox.list_activity(&Visibility::All, lead, page).await.unwrap().unwrap()).await;
    let expected: Vec<ActivityId> = lines.iter().rev().map(|line| line.id).collect();
    assert_eq!(walked.iter().map(|line| line.id).collect::<Vec<_>>(), expected);
}

pub async fn message_pages_stay_put_while_messages_come(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let first: Vec<Message> = (1..=40).map(|seq| world.new_message(&known, seq, at(seq / 3))).collect();
    world.say(&first).await;
    let inbox = world.inbox(shop.tenant.id);
    let thread = known.conversation.record().id;
    let (mut seen, mut after, mut seq) = (Vec::new(), None, 41);
    loop {
        let page =
            inbox.list_messages(&Visibility::All, thread, PageRequest { after, limit: 3 }).await.unwrap().unwrap();
        seen.extend(page.items.into_iter().map(|row| row.message.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        // One at the top, and one that the provider dates back.
        world.say(&[world.new_message(&known, seq, at(seq)), world.new_message(&known, seq + 1, at(6))]).await;
        seq += 2;
    }
    for message in &first {
        assert_eq!(seen.iter().filter(|id| **id == message.record().id).count(), 1);
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "a message came twice on the way down");
}

pub async fn a_message_row_shows_its_file(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let plain = world.new_message(&known, 1, at(1));
    let picture = world.new_message(&known, 2, at(2));
    let linked = world.new_message(&known, 3, at(3));
    let file = world.new_media(&picture);
    let image = |media_id, url| MessageContent::Image(Attachment { media_id, url, ..Attachment::default() });
    let picture =
        Message::restore(MessageRecord { content: image(Some(file.record().id), None), ..picture.record().clone() });
    let linked = Message::restore(MessageRecord {
        content: image(None, Some("https://cdn.example/a.jpg".to_owned())),
        ..linked.record().clone()
    });
    world.say(&[plain.clone(), picture.clone(), linked.clone()]).await;
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(std::slice::from_ref(&file)).await.unwrap();
    session.commit().await.unwrap();
    let inbox = world.inbox(shop.tenant.id);
    let rows =
        inbox.list_messages(&Visibility::All, known.conversation.record().id, PAGE).await.unwrap().unwrap().items;
    let expected = [(&linked, None), (&picture, Some(file.record())), (&plain, None)];
    assert_eq!(rows.len(), expected.len());
    for (row, (message, file)) in rows.iter().zip(expected) {
        assert_eq!((&row.message, row.media.as_ref()), (message.record(), file));
        assert_eq!(inbox.find_message(&Visibility::All, message.record().id).await.unwrap().as_ref(), Some(row));
    }
    let asked: Vec<_> = rows.iter().map(|row| row.message.id).chain([world.id()]).collect();
    let mut outgoing = inbox.find_outgoing(&asked).await.unwrap();
    outgoing.sort_by_key(|found| asked.iter().position(|id| *id == found.row.message.id));
    assert!(outgoing.iter().all(|found| found.conversation.id == known.conversation.record().id));
    assert_eq!(outgoing.into_iter().map(|found| found.row).collect::<Vec<_>>(), rows);
    assert_eq!(inbox.find_outgoing(&[]).await.unwrap(), []);
    assert_eq!(inbox.find_message(&Visibility::All, world.id()).await.unwrap(), None);
}
