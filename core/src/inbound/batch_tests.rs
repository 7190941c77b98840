//! What the customer's events become, with mocks of every store: one commit with everything, or nothing.

use hubchat_domain::{
    ActivityKind, Attachment, ConversationStatus, DeliveryStatus, Direction, EventType, InboundEvent, InboundEventKind,
    Lead, LeadStatus, MediaSource, MessageContent, MessageKind, Profile, Referral, Sender, SystemNotice, TenantId,
};
use hubchat_ports::{EventOutcome, InvalidEvent};
use uuid::Uuid;

use super::batch_world::{World, event, ignored, wrote};
use crate::{
    JobOutcome,
    media::FETCH_MEDIA_JOB,
    tenants::FETCH_PROFILE_JOB,
    test_ports::{conversation, lead, now, person, queued_message, tenant},
};

fn won() -> Lead {
    let mut record = lead().record().clone();
    record.status = LeadStatus::Won;
    Lead::restore(record)
}

fn unsent(external_id: &str) -> InboundEventKind {
    InboundEventKind::Unsent { external_message_id: external_id.to_owned() }
}

fn reaction(target: &str) -> InboundEventKind {
    InboundEventKind::Reaction {
        external_id: "reaction".to_owned(),
        target: target.to_owned(),
        emoji: Some("👍".to_owned()),
    }
}

fn referral(source: &str) -> Referral {
    Referral { source: source.to_owned(), ..Referral::default() }
}

#[tokio::test]
async fn a_new_person_becomes_everything_in_one_commit() {
    let seen = World::default().hear(event(wrote("m1", "สวัสดี"))).await;
    assert_eq!((seen.outcomes.as_slice(), seen.begun), (&[JobOutcome::Done][..], 1));
    let written = seen.only_commit();
    let ([person], [lead], [thread], [message]) = (
        written.new_people.as_slice(),
        written.new_leads.as_slice(),
        written.new_conversations.as_slice(),
        written.new_messages.as_slice(),
    ) else {
        panic!("one of each")
    };
    assert_eq!(person.identity.record().key.external_user_id, "Uperson");
    assert_eq!(lead.record().contact_id, person.contact.record().id);
    let (thread, message) = (thread.record(), message.record());
    assert_eq!((thread.identity_id, thread.lead_id), (person.identity.record().id, lead.record().id));
    assert_eq!((thread.unread_count, thread.last_seq, thread.last_inbound_at), (1, 1, Some(now())));
    assert_eq!((message.conversation_id, message.lead_id, message.seq), (thread.id, lead.record().id, 1));
    assert_eq!((message.direction, message.delivery_status), (Direction::Inbound, DeliveryStatus::Delivered));
    assert_eq!(message.external_message_id.as_deref(), Some("m1"));
    let kinds: Vec<ActivityKind> = written.activities.iter().map(|activity| activity.kind).collect();
    assert_eq!(kinds, [ActivityKind::LeadCreated, ActivityKind::MessageReceived]);
    let events = [EventType::LeadCreated, EventType::ConversationCreated, EventType::MessageCreated];
    assert_eq!(written.event_types(), events);
    assert_eq!(written.jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), [FETCH_PROFILE_JOB]);
    assert_eq!(written.settled, [EventOutcome::Processed]);
}

#[tokio::test]
async fn two_messages_of_a_new_person_share_contact_lead_and_thread() {
    let seen = World::default().hear_all(vec![event(wrote("m1", "a")), event(wrote("m2", "b"))]).await;
    let written = seen.only_commit();
    assert_eq!((written.new_people.len(), written.new_leads.len(), written.new_conversations.len()), (1, 1, 1));
    let places: Vec<i64> = written.new_messages.iter().map(|message| message.record().seq).collect();
    assert_eq!((places, written.jobs.len()), (vec![1, 2], 1));
}

#[tokio::test]
async fn a_person_whom_another_process_made_meanwhile_is_read_again() {
    let world = World { people_taken: 1, ..World::default() };
    let seen = world.hear(event(wrote("m1", "a"))).await;
    assert_eq!((seen.outcomes.as_slice(), seen.begun), (&[JobOutcome::Done][..], 2));
    assert_eq!(seen.only_commit().new_people.len(), 1);
}

#[tokio::test]
async fn a_known_person_keeps_contact_lead_and_thread_and_a_resolved_thread_opens_again() {
    let resolved = conversation(|record| {
        record.status = ConversationStatus::Resolved;
        record.last_seq = 7;
    });
    let seen = World::of_thread(resolved).hear(event(wrote("m1", "a"))).await;
    let written = seen.only_commit();
    assert!(written.new_people.is_empty() && written.new_leads.is_empty() && written.new_conversations.is_empty());
    assert_eq!(written.new_messages.first().map(|message| message.record().seq), Some(8));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!((thread.status, thread.unread_count, thread.last_seq), (ConversationStatus::Open, 1, 8));
}

#[tokio::test]
async fn a_won_lead_gives_way_to_a_new_one_that_the_thread_goes_to() {
    let world = World { leads: vec![won()], ..World::of_one_thread() };
    let seen = world.hear(event(wrote("m1", "again"))).await;
    let written = seen.only_commit();
    let [fresh] = written.new_leads.as_slice() else { panic!("one new lead") };
    assert_eq!((fresh.record().status, fresh.record().contact_id), (LeadStatus::New, lead().record().contact_id));
    assert!(written.leads.is_empty(), "the won lead stays as it is");
    assert_eq!(written.conversations.first().map(|thread| thread.record().lead_id), Some(fresh.record().id));
    assert_eq!(written.new_messages.first().map(|message| message.record().lead_id), Some(fresh.record().id));
}

#[tokio::test]
async fn a_won_lead_stays_when_the_customer_only_reacts() {
    let world = World { leads: vec![won()], ..World::of_one_thread() };
    let seen = world.hear(event(reaction("m0"))).await;
    let written = seen.only_commit();
    assert!(written.new_leads.is_empty() && written.leads.is_empty());
}

#[tokio::test]
async fn a_repeated_external_id_is_a_duplicate_and_writes_nothing() {
    let known = queued_message(|record| {
        record.direction = Direction::Inbound;
        record.delivery_status = DeliveryStatus::Delivered;
        record.external_message_id = Some("m1".to_owned());
    });
    let seen = World::of_message(known).hear(event(wrote("m1", "hello"))).await;
    assert_eq!((seen.outcomes.as_slice(), seen.begun), (&[JobOutcome::Done][..], 1));
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("duplicate")]);
}

#[tokio::test]
async fn an_id_that_comes_twice_in_one_reservation_is_one_message() {
    let seen = World::of_one_thread().hear_all(vec![event(wrote("m1", "a")), event(wrote("m1", "a"))]).await;
    let written = seen.only_commit();
    assert_eq!(written.new_messages.len(), 1);
    assert_eq!(written.settled, [EventOutcome::Processed, ignored("duplicate")]);
}

#[tokio::test]
async fn an_unsend_that_comes_before_its_message_keeps_the_place() {
    let seen = World::of_one_thread().hear_all(vec![event(unsent("m1")), event(wrote("m1", "secret"))]).await;
    let written = seen.only_commit();
    let [message] = written.new_messages.as_slice() else { panic!("one message") };
    assert_eq!((message.record().seq, message.record().unsent_at), (1, Some(now())));
    assert_eq!(message.record().content, MessageContent::System { text: String::new() });
    assert_eq!(written.conversations.first().map(|thread| thread.record().unread_count), Some(0));
    assert!(written.activities.is_empty(), "nobody said anything");
    assert_eq!(written.settled, [EventOutcome::Processed, ignored("duplicate")]);
}

#[tokio::test]
async fn an_edit_changes_the_message_and_the_preview_and_keeps_the_former_text() {
    let known = queued_message(|record| {
        record.direction = Direction::Inbound;
        record.delivery_status = DeliveryStatus::Delivered;
        record.external_message_id = Some("m1".to_owned());
    });
    let thread = conversation(|record| record.last_seq = 1);
    let world = World { conversations: vec![thread], ..World::of_message(known) };
    let edited = InboundEventKind::Edited { external_message_id: "m1".to_owned(), text: "hello again".to_owned() };
    let seen = world.hear(event(edited)).await;
    let written = seen.only_commit();
    let message = written.messages.first().expect("changed").record();
    assert_eq!((message.edited_at, message.former_texts.as_slice()), (Some(now()), &["hello".to_owned()][..]));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!(thread.last_message_preview.as_deref(), Some("hello again"));
    assert_eq!(written.event_types(), [EventType::MessageUpdated]);
}

#[tokio::test]
async fn an_event_that_cannot_be_understood_is_dead_while_its_siblings_go_on() {
    let invalid = InvalidEvent { reason: "no type".to_owned() };
    let heard = |id: &str| (tenant(), Ok(vec![event(wrote(id, "a"))]));
    let received = vec![heard("m1"), (tenant(), Err(invalid.clone())), heard("m2")];
    let seen = World::of_one_thread().process(received).await;
    let dead = JobOutcome::dead(&invalid.to_string());
    assert_eq!(seen.outcomes, [JobOutcome::Done, dead, JobOutcome::Done]);
    let written = seen.only_commit();
    assert_eq!(written.new_messages.len(), 2);
    assert!(written.settled.contains(&EventOutcome::Dead { error: invalid.to_string() }));
}

#[tokio::test]
async fn events_of_two_tenants_are_written_in_two_sessions() {
    let other = TenantId::from_uuid(Uuid::from_u128(0xeeee));
    let heard = |tenant| (tenant, Ok(vec![event(wrote("m1", "a"))]));
    let seen = World::default().process(vec![heard(tenant()), heard(other), heard(tenant())]).await;
    assert_eq!(seen.begun, 2);
    let tenants: Vec<_> = seen.commits.iter().map(|written| written.tenant).collect();
    assert_eq!(tenants, [Some(tenant()), Some(other)]);
    for written in &seen.commits {
        assert!(written.new_messages.iter().all(|message| Some(message.record().tenant_id) == written.tenant));
        assert!(written.new_people.iter().all(|person| Some(person.contact.record().tenant_id) == written.tenant));
    }
}

#[tokio::test]
async fn a_file_is_noted_to_be_fetched_with_its_message() {
    let source = MediaSource::Provider { external_id: "m1".to_owned(), transcoded: false };
    let image = InboundEventKind::Message {
        external_message_id: "m1".to_owned(),
        content: MessageContent::Image(Attachment::default()),
        media: Some(source.clone()),
        quote_token: None,
        quoted_external_id: None,
    };
    let seen = World::of_one_thread().hear(event(image)).await;
    let written = seen.only_commit();
    let ([file], [message]) = (written.media.as_slice(), written.new_messages.as_slice()) else { panic!("one each") };
    assert_eq!((file.record().message_id, &file.record().source), (Some(message.record().id), &source));
    assert_eq!(message.record().content.attachment().and_then(|file| file.media_id), Some(file.record().id));
    assert_eq!(written.jobs.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), [FETCH_MEDIA_JOB]);
}

#[tokio::test]
async fn a_name_that_comes_with_a_message_is_learnt_by_person_and_thread() {
    let profile = Profile { display_name: Some("Mali".to_owned()), ..Profile::default() };
    let named = InboundEvent { profile: Some(profile), ..event(wrote("m1", "a")) };
    let seen = World::of_one_thread().hear(named).await;
    let written = seen.only_commit();
    assert_eq!(written.identities.first().and_then(|known| known.record().display_name.as_deref()), Some("Mali"));
    assert_eq!(written.contacts.first().and_then(|known| known.record().display_name.as_deref()), Some("Mali"));
    let shown = written.conversations.first().and_then(|thread| thread.record().participant_name.as_deref());
    assert_eq!(shown, Some("Mali"));
}

#[tokio::test]
async fn a_reaction_is_shown_and_does_not_count_as_unread() {
    let resolved = conversation(|record| record.status = ConversationStatus::Resolved);
    let seen = World::of_thread(resolved).hear(event(reaction("m0"))).await;
    let written = seen.only_commit();
    let message = written.new_messages.first().expect("shown").record();
    assert_eq!((message.content.kind(), message.quoted_external_id.as_deref()), (MessageKind::Reaction, Some("m0")));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!((thread.unread_count, thread.last_inbound_at), (0, None));
    assert_eq!(thread.status, ConversationStatus::Resolved, "a reaction asks for nothing");
}

#[tokio::test]
async fn a_reaction_opens_no_thread() {
    let seen = World::default().hear(event(reaction("m0"))).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("unknown_thread")]);
}

#[tokio::test]
async fn the_first_referral_of_a_lead_is_kept() {
    let by = |source: &str, id: &str| InboundEvent { referral: Some(referral(source)), ..event(wrote(id, "a")) };
    let seen = World::of_one_thread().hear_all(vec![by("ADS", "m1"), by("SHORTLINK", "m2")]).await;
    let [lead] = seen.only_commit().leads.as_slice() else { panic!("one changed lead") };
    assert_eq!(lead.record().referral, Some(referral("ADS")));
}

#[tokio::test]
async fn a_referral_that_came_before_is_not_replaced() {
    let mut record = lead().record().clone();
    record.referral = Some(referral("ADS"));
    let world = World { leads: vec![Lead::restore(record)], ..World::of_one_thread() };
    let later = InboundEvent { referral: Some(referral("SHORTLINK")), ..event(wrote("m1", "a")) };
    let seen = world.hear(later).await;
    let [lead] = seen.only_commit().leads.as_slice() else { panic!("one changed lead") };
    assert_eq!(lead.record().referral, Some(referral("ADS")));
}

#[tokio::test]
async fn a_customer_who_comes_by_a_link_without_a_word_opens_thread_and_lead() {
    let notice = InboundEventKind::Notice(SystemNotice::Referred);
    let seen = World::default().hear(InboundEvent { referral: Some(referral("ADS")), ..event(notice) }).await;
    let written = seen.only_commit();
    assert_eq!(written.new_leads.first().and_then(|lead| lead.record().referral.clone()), Some(referral("ADS")));
    assert_eq!(written.new_conversations.first().map(|thread| thread.record().unread_count), Some(0));
}

#[tokio::test]
async fn a_customer_who_blocks_the_account_cannot_be_written_to_and_a_line_says_so() {
    let seen = World::of_one_thread().hear(event(InboundEventKind::Notice(SystemNotice::Blocked))).await;
    let written = seen.only_commit();
    assert_eq!(written.identities.first().map(|person| person.record().reachable), Some(false));
    let line = written.new_messages.first().expect("a line").record();
    assert_eq!((line.sender.clone(), line.content.kind()), (Sender::System, MessageKind::System));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!((thread.unread_count, thread.last_message_preview.as_deref()), (0, Some("blocked the account")));
    assert!(written.activities.is_empty());
}

#[tokio::test]
async fn a_stranger_who_blocks_the_account_opens_no_thread() {
    let seen = World::default().hear(event(InboundEventKind::Notice(SystemNotice::Blocked))).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("unknown_thread")]);
}

#[tokio::test]
async fn a_blocked_account_that_is_written_to_is_reachable_again() {
    let mut blocked = person();
    blocked.identity.set_reachable(false, now());
    let world = World { people: vec![blocked], ..World::of_one_thread() };
    let seen = world.hear(event(wrote("m1", "I am back"))).await;
    assert_eq!(seen.only_commit().identities.first().map(|person| person.record().reachable), Some(true));
}

#[tokio::test]
async fn a_referral_of_a_won_lead_is_not_lost_when_the_lead_gives_way_in_the_same_reservation() {
    let world = World { leads: vec![won()], ..World::of_one_thread() };
    let referred = event(InboundEventKind::Notice(SystemNotice::Referred));
    let referred = InboundEvent { referral: Some(referral("ADS")), ..referred };
    let seen = world.hear_all(vec![referred, event(wrote("m1", "again"))]).await;
    let written = seen.only_commit();
    assert_eq!(written.leads.first().and_then(|lead| lead.record().referral.clone()), Some(referral("ADS")));
    assert_eq!(written.new_leads.len(), 1);
}
