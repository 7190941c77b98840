//! Events with their rows, and who gets what of them, over mocks.

use hubchat_domain::{
    Conversation, DomainEvent, EventType, Lead, MemberId, Permission, Scope, TeamId, Viewpoint, Visibility,
};
use hubchat_ports::{EventFeed, FeedHead, LeadRow, MessageRow, MockEventFeed, ReadPosition, StorageError, StoredEvent};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EventCursor, FollowError, FollowEvents, LiveEvent, Showing};
use crate::{
    Actor, ErrorCode, Fault, MemberActor,
    leads::lead_changed,
    test_ports::{TestPorts, actor, conversation, conversation_row, lead, now, queued_message, tenant},
};

fn member(number: u128) -> MemberId {
    Uuid::from_u128(number).into()
}

fn own(number: u128) -> Visibility {
    Visibility::Only(Viewpoint { members: vec![member(number)], ..Viewpoint::default() })
}

fn event(event_type: EventType, data: Value) -> DomainEvent {
    let of_lead = !matches!(event_type, EventType::ContactUpdated | EventType::ChannelUpdated);
    let of_thread = of_lead && !matches!(event_type, EventType::LeadCreated | EventType::LeadUpdated);
    let of_message = matches!(event_type, EventType::MessageCreated | EventType::MessageUpdated);
    DomainEvent {
        event_type,
        lead_id: of_lead.then(|| lead().record().id),
        conversation_id: of_thread.then(|| conversation(|_| ()).record().id),
        message_id: of_message.then(|| queued_message(|_| ()).record().id),
        data,
        at: now(),
    }
}

fn lead_row(owner: Option<MemberId>) -> LeadRow {
    let mut lead = lead().record().clone();
    lead.assigned_member_id = owner;
    LeadRow {
        lead,
        contact_name: None,
        contact_avatar_url: None,
        assigned_member_name: None,
        assigned_team_name: None,
        conversation_id: Some(conversation(|_| ()).record().id),
        participant_name: None,
        participant_avatar_url: None,
        last_message_preview: None,
        last_message_at: None,
        unread_count: 0,
    }
}

fn thread(owner: Option<MemberId>) -> Conversation {
    conversation(|record| {
        record.assigned_member_id = owner;
        record.unread_count = 3;
        record.inbound_count = 10;
    })
}

/// A feed with these events, whose lead and conversation are of that member now.
fn feed(head: FeedHead, events: Vec<StoredEvent>, owner: Option<MemberId>) -> TestPorts {
    let mut ports = TestPorts::default();
    ports.repository.expect_feed().returning(move |asked| {
        assert_eq!(asked, tenant());
        let (mut feed, events) = (MockEventFeed::new(), events.clone());
        feed.expect_head().returning(move || Ok(head));
        feed.expect_list_after().times(..=1).returning(move |after, limit| {
            let next = events.iter().filter(|stored| stored.seq > after).take(limit as usize);
            Ok(next.cloned().collect())
        });
        feed.expect_find_leads().times(..=1).returning(move |ids| {
            assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "each once");
            Ok(ids.iter().map(|_| lead_row(owner)).collect())
        });
        feed.expect_find_conversations()
            .times(..=1)
            .returning(move |ids| Ok(ids.iter().map(|_| conversation_row(&thread(owner))).collect()));
        feed.expect_find_positions().times(..=1).returning(|ids| {
            let at = |id: &_| ReadPosition { conversation_id: *id, member_id: member(1), seen_inbound: 9, at: now() };
            Ok(ids.iter().map(at).collect())
        });
        feed.expect_find_messages().times(..=1).returning(|ids| {
            let row = |_| MessageRow { message: queued_message(|_| ()).record().clone(), media: None };
            Ok(ids.iter().map(row).collect())
        });
        Box::new(feed) as Box<dyn EventFeed>
    });
    ports
}

fn stored(first: i64, events: Vec<DomainEvent>) -> Vec<StoredEvent> {
    (first..).zip(events).map(|(seq, event)| StoredEvent { seq, event }).collect()
}

const HEAD: FeedHead = FeedHead { epoch: 7, first: 1, last: 100 };

async fn read(events: Vec<DomainEvent>, owner: Option<MemberId>) -> Vec<LiveEvent> {
    let follow = FollowEvents::new(feed(HEAD, stored(5, events), owner).build());
    follow.after(tenant(), EventCursor { epoch: 7, seq: 4 }, 200).await.expect("events")
}

#[tokio::test]
async fn each_event_has_its_rows_and_the_database_is_asked_once_for_all() {
    let events =
        EventType::ALL.iter().map(|&kind| event(kind, json!({}))).chain([event(EventType::MessageCreated, json!({}))]);
    let events = read(events.collect(), None).await;
    assert_eq!(events.iter().map(|live| live.cursor.seq).collect::<Vec<_>>(), (5..14).collect::<Vec<_>>());
    for live in &events {
        let rows = (live.lead.is_some(), live.conversation.is_some(), live.message.is_some());
        let expected = match live.event.event_type {
            EventType::LeadCreated | EventType::LeadUpdated => (true, true, false),
            EventType::ConversationCreated | EventType::ConversationUpdated => (false, true, false),
            EventType::MessageCreated | EventType::MessageUpdated => (false, true, true),
            EventType::ContactUpdated | EventType::ChannelUpdated => (false, false, false),
        };
        assert_eq!(rows, expected, "{}", live.event.event_type);
    }
}

#[tokio::test]
async fn what_is_unread_is_each_members_own() {
    let [live] = read(vec![event(EventType::ConversationUpdated, json!({}))], None).await.try_into().expect("one");
    let unread = |reader| live.conversation_for(reader).expect("a row").unread_count;
    assert_eq!(
        (unread(Some(member(1))), unread(Some(member(2)))),
        (1, 3),
        "of ten they have seen nine, or never looked"
    );
    assert_eq!(unread(None), i64::from(thread(None).record().unread_count));
}

#[tokio::test]
async fn whoever_does_not_see_the_owner_of_now_gets_nothing() {
    let everything = EventType::ALL.iter().map(|&kind| event(kind, json!({}))).collect::<Vec<_>>();
    for live in read(everything, Some(member(1))).await {
        let kind = live.event.event_type;
        assert_eq!(live.shown_to(&Visibility::All), Showing::Whole, "{kind}");
        let of_all = kind == EventType::ChannelUpdated;
        let of_nobody = kind == EventType::ContactUpdated;
        let expected = |seen: bool| if of_all || (seen && !of_nobody) { Showing::Whole } else { Showing::Nothing };
        assert_eq!(live.shown_to(&own(1)), expected(true), "{kind}");
        assert_eq!(live.shown_to(&own(2)), expected(false), "{kind}");
    }
}

#[tokio::test]
async fn who_saw_a_lead_before_and_does_not_any_more_learns_that_and_nothing_else() {
    let mut given = lead();
    given.assign(member(1), None, now());
    let before = given.record().clone();
    given.assign(member(2), None, now());
    let (moved, stayed) = (lead_changed(&before, &given, now()), lead_changed(given.record(), &given, now()));
    assert!(stayed.data.get("previousMemberId").is_none(), "{}", stayed.data);
    for live in read(vec![moved], Some(member(2))).await {
        assert_eq!(live.shown_to(&own(1)), Showing::Hidden);
        assert_eq!(live.shown_to(&own(2)), Showing::Whole);
        assert_eq!(live.shown_to(&own(3)), Showing::Nothing);
        assert_eq!(live.shown_to(&Visibility::All), Showing::Whole);
    }
    for live in read(vec![stayed], Some(member(2))).await {
        assert_eq!(live.shown_to(&own(1)), Showing::Nothing);
    }
    // From a team to nobody: who sees nobody's leads sees it still.
    let team: TeamId = Uuid::from_u128(9).into();
    let mut queued = lead();
    let nobodys = queued.record().clone();
    queued.assign_to_team(team, &[], now());
    let sees_nobodys = Visibility::Only(Viewpoint { unassigned: true, ..Viewpoint::default() });
    let taken = lead_changed(&nobodys, &queued, now());
    for live in read(vec![taken], Some(member(2))).await {
        assert_eq!(live.shown_to(&sees_nobodys), Showing::Hidden);
    }
    let back = lead_changed(queued.record(), &Lead::restore(nobodys), now());
    for live in read(vec![back], None).await {
        let of_team = Visibility::Only(Viewpoint { teams: vec![team], ..Viewpoint::default() });
        assert_eq!((live.shown_to(&sees_nobodys), live.shown_to(&of_team)), (Showing::Whole, Showing::Hidden));
    }
}

#[tokio::test]
async fn a_place_that_is_missing_is_never_passed_over() {
    let events = stored(6, vec![event(EventType::ChannelUpdated, json!({}))]);
    let follow = FollowEvents::new(feed(HEAD, events, None).build());
    let result = follow.after(tenant(), EventCursor { epoch: 7, seq: 4 }, 200).await;
    assert!(matches!(result, Err(FollowError::Gone)));
}

#[tokio::test]
async fn a_page_begins_now_goes_on_from_a_cursor_and_refuses_one_that_leads_nowhere() {
    let kinds = [EventType::ChannelUpdated, EventType::ContactUpdated, EventType::ConversationUpdated];
    let events = stored(98, kinds.map(|kind| event(kind, json!({}))).to_vec());
    let follow = FollowEvents::new(feed(FeedHead { first: 98, ..HEAD }, events, Some(member(2))).build());
    let reader = actor(&[Scope::InboxRead]);
    let page = follow.page(&reader, None, 50).await.expect("now");
    assert_eq!((page.items.len(), page.cursor, page.more), (0, EventCursor { epoch: 7, seq: 100 }, false));
    let after = |seq| Some(EventCursor { epoch: 7, seq });
    let page = follow.page(&reader, after(97), 2).await.expect("a page");
    assert_eq!((page.items.len(), page.cursor.seq, page.more), (2, 99, true));
    let page = follow.page(&reader, after(99), 2).await.expect("a page");
    assert_eq!((page.items.len(), page.cursor.seq, page.more), (1, 100, false));
    // A member gets what is theirs; the cursor goes on all the same.
    let id = Uuid::from_u128(1);
    let nok = MemberActor {
        id: id.into(),
        user_id: id.into(),
        session_id: id.into(),
        role: hubchat_domain::MemberRole::Sales,
        visibility: own(1),
    };
    let page = follow.page(&Actor::member(tenant(), nok), after(98), 50).await.expect("a page");
    assert_eq!((page.items.len(), page.cursor.seq, page.more), (0, 100, false));
    for gone in [after(96), after(101), Some(EventCursor { epoch: 6, seq: 99 })] {
        let refused = follow.page(&reader, gone, 50).await.expect_err("it leads nowhere");
        assert_eq!((refused.code(), refused.field()), ("events_gone", Some("after")), "{gone:?}");
    }
    let refused = follow.page(&actor(&[Scope::MessagesSend]), after(99), 50).await;
    let needed = Permission::InboxRead;
    assert!(matches!(refused, Err(FollowError::Fault(Fault::Forbidden { permission })) if permission == needed));
}

#[tokio::test]
async fn storage_that_is_away_is_told_apart_from_events_that_are_gone() {
    let mut ports = TestPorts::default();
    ports.repository.expect_feed().returning(|_| {
        let mut feed = MockEventFeed::new();
        feed.expect_head().returning(|| Err(StorageError::Unavailable("away".into())));
        Box::new(feed) as Box<dyn EventFeed>
    });
    let refused = FollowEvents::new(ports.build()).page(&actor(&[Scope::Admin]), None, 1).await.expect_err("away");
    assert_eq!(refused.code(), "storage_unavailable");
    assert!(refused.retry_after().is_some());
}
