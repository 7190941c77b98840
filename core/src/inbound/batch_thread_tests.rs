//! Which thread and person an event belongs to, with mocks of every store: comments, other names, moves.

use std::time::Duration;

use hubchat_domain::{
    CommentThread, Contact, ContactIdentity, Conversation, ConversationId, DeliveryStatus, IdentityKey, InboundEvent,
    InboundEventKind, InboundThread, Message, ThreadKind,
};
use hubchat_ports::{EventOutcome, KnownIdentity};
use uuid::Uuid;

use super::batch_world::{World, echo, event, event_in, ignored, thread_key, wrote};
use crate::test_ports::{account_id, conversation, lead, now, person, queued_message, tenant};

/// The person's comment, five minutes ago.
fn comment(id: &str) -> InboundEvent {
    let post_id = Some("post".to_owned());
    let thread = InboundThread { post_id, ..InboundThread::of(ThreadKind::Comment, "post:Uperson") };
    InboundEvent {
        sender_external_id: Some("Uperson".to_owned()),
        occurred_at: Some(now().minus(Duration::from_mins(5))),
        ..event_in(thread, wrote(id, "how much?"))
    }
}

fn comment_thread(change: impl FnOnce(&mut CommentThread)) -> Conversation {
    let mut comment = CommentThread {
        post_id: Some("post".to_owned()),
        comment_id: Some("c0".to_owned()),
        commented_at: Some(now().minus(Duration::from_hours(1))),
        ..CommentThread::default()
    };
    change(&mut comment);
    conversation(|record| {
        record.thread = thread_key("post:Uperson");
        record.thread_kind = ThreadKind::Comment;
        record.comment = Some(comment);
    })
}

/// In a direct thread whose provider tells two names of the person.
fn named(name: &str, other: &str, kind: InboundEventKind) -> InboundEvent {
    let alias = Some(other.to_owned());
    event_in(InboundThread { alias, ..InboundThread::of(ThreadKind::Direct, name) }, kind)
}

fn with_alias(alias: &str) -> (KnownIdentity, Conversation) {
    let mut known = person();
    known.identity.set_alias(Some(alias), now());
    (known, conversation(|record| record.alias = Some(alias.to_owned())))
}

/// Another person with a thread of their own.
fn someone_else(name: &str) -> (KnownIdentity, Conversation) {
    let contact = Contact::first_seen(Uuid::from_u128(0xe1).into(), tenant(), now());
    let key = IdentityKey { account_id: account_id(), external_user_id: name.to_owned() };
    let channel = person().identity.record().channel_type;
    let identity = ContactIdentity::first_seen(Uuid::from_u128(0xe2).into(), &contact, key, channel, now());
    let thread = conversation(|record| {
        record.id = other_thread_id();
        record.thread = thread_key(name);
        record.contact_id = contact.record().id;
        record.identity_id = identity.record().id;
    });
    (KnownIdentity { identity, contact }, thread)
}

fn other_thread_id() -> ConversationId {
    Uuid::from_u128(0xe4).into()
}

#[tokio::test]
async fn a_comment_opens_a_thread_that_keeps_post_comment_and_time() {
    let seen = World::default().hear(comment("c1")).await;
    let written = seen.only_commit();
    let known = written.new_people.first().expect("the commenter").identity.record();
    assert_eq!(known.key.external_user_id, "Uperson");
    let thread = written.new_conversations.first().expect("a thread").record();
    assert_eq!((thread.thread_kind, &thread.thread), (ThreadKind::Comment, &thread_key("post:Uperson")));
    let expected = CommentThread {
        post_id: Some("post".to_owned()),
        comment_id: Some("c1".to_owned()),
        commented_at: Some(now().minus(Duration::from_mins(5))),
        ..CommentThread::default()
    };
    assert_eq!(thread.comment, Some(expected));
}

#[tokio::test]
async fn a_later_comment_may_be_answered_in_private_anew() {
    let answered = comment_thread(|comment| comment.replied_at = Some(now().minus(Duration::from_mins(30))));
    let seen = World::of_thread(answered).hear(comment("c1")).await;
    let thread = seen.only_commit().conversations.first().expect("changed").record();
    let kept = thread.comment.as_ref().expect("a comment thread");
    assert_eq!((kept.comment_id.as_deref(), kept.replied_at), (Some("c1"), None));
}

#[tokio::test]
async fn an_older_comment_that_comes_late_does_not_replace_a_newer_one() {
    let newer = comment_thread(|comment| comment.commented_at = Some(now()));
    let seen = World::of_thread(newer).hear(comment("c1")).await;
    let written = seen.only_commit();
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!(thread.comment.as_ref().and_then(|kept| kept.comment_id.as_deref()), Some("c0"));
    assert_eq!(written.new_messages.len(), 1);
}

#[tokio::test]
async fn a_private_word_to_the_alias_of_a_comment_thread_belongs_to_it_and_is_noted() {
    let mut record = comment_thread(|_| ()).record().clone();
    record.alias = Some("private".to_owned());
    let seen = World::of_thread(Conversation::restore(record))
        .hear(event_in(InboundThread::of(ThreadKind::Direct, "private"), wrote("m1", "hello")))
        .await;
    let written = seen.only_commit();
    assert!(written.new_conversations.is_empty());
    let thread = written.conversations.first().expect("changed").record();
    let kept = thread.comment.as_ref().expect("a comment thread");
    assert_eq!((kept.wrote_in_private_at, kept.comment_id.as_deref()), (Some(now()), Some("c0")));
    assert_eq!(written.new_messages.first().map(|message| message.record().conversation_id), Some(thread.id));
}

#[tokio::test]
async fn a_thread_that_never_was_a_comment_notes_no_private_word() {
    let seen = World::of_one_thread().hear(event(wrote("m1", "hello"))).await;
    assert_eq!(seen.only_commit().conversations.first().and_then(|thread| thread.record().comment.clone()), None);
}

#[tokio::test]
async fn a_private_word_of_a_clock_that_is_ahead_opens_no_window_for_longer() {
    let mut record = comment_thread(|_| ()).record().clone();
    record.alias = Some("private".to_owned());
    let private = event_in(InboundThread::of(ThreadKind::Direct, "private"), wrote("m1", "hello"));
    let ahead = InboundEvent { occurred_at: Some(now().plus(Duration::from_hours(1))), ..private };
    let seen = World::of_thread(Conversation::restore(record)).hear(ahead).await;
    let thread = seen.only_commit().conversations.first().expect("changed").record();
    let noted = thread.comment.as_ref().and_then(|kept| kept.wrote_in_private_at);
    assert_eq!(noted, Some(now().plus(Duration::from_mins(5))));
}

#[tokio::test]
async fn the_echo_of_a_lost_private_reply_tells_the_persons_name_in_private() {
    let lost = queued_message(|record| record.delivery_status = DeliveryStatus::Uncertain);
    let id = lost.record().id;
    let world = World { messages: vec![lost], ..World::of_thread(comment_thread(|_| ())) };
    let told = event_in(InboundThread::of(ThreadKind::Direct, "private"), echo("e1", "hello", Some(id)));
    let seen = world.hear(told).await;
    let written = seen.only_commit();
    assert_eq!(written.messages.first().map(|message| message.record().delivery_status), Some(DeliveryStatus::Sent));
    let thread = written.conversations.first().expect("changed").record();
    assert_eq!((thread.address.as_deref(), thread.alias.as_deref()), (Some("private"), Some("private")));
    assert_eq!(thread.comment.as_ref().and_then(|kept| kept.replied_at), Some(now()));
    assert_eq!(written.identities.first().and_then(|known| known.record().alias.as_deref()), Some("private"));
    assert!(written.new_messages.is_empty() && written.new_conversations.is_empty());
}

#[tokio::test]
async fn a_person_with_two_names_is_kept_under_both() {
    let seen = World::default().hear(named("phone", "name", wrote("m1", "a"))).await;
    let written = seen.only_commit();
    let known = written.new_people.first().expect("new").identity.record();
    assert_eq!((known.key.external_user_id.as_str(), known.alias.as_deref()), ("phone", Some("name")));
    let thread = written.new_conversations.first().expect("new").record();
    assert_eq!((&thread.thread, thread.alias.as_deref()), (&thread_key("phone"), Some("name")));
}

#[tokio::test]
async fn an_event_under_the_other_name_finds_thread_and_person() {
    let (known, thread) = with_alias("name");
    let world = World { people: vec![known], ..World::of_thread(thread) };
    let seen = world.hear(event_in(InboundThread::of(ThreadKind::Direct, "name"), wrote("m1", "a"))).await;
    let written = seen.only_commit();
    assert!(written.new_people.is_empty() && written.new_conversations.is_empty() && written.new_leads.is_empty());
    let found = written.new_messages.first().map(|message| message.record().conversation_id);
    assert_eq!(found, Some(conversation(|_| ()).record().id));
}

#[tokio::test]
async fn a_second_name_that_comes_later_is_learnt_by_thread_and_person() {
    let seen = World::of_one_thread().hear(named("phone", "Uperson", wrote("m1", "a"))).await;
    let written = seen.only_commit();
    assert!(written.new_people.is_empty() && written.new_conversations.is_empty());
    assert_eq!(written.identities.first().and_then(|known| known.record().alias.as_deref()), Some("phone"));
    assert_eq!(written.conversations.first().and_then(|thread| thread.record().alias.as_deref()), Some("phone"));
}

#[tokio::test]
async fn a_name_is_not_taken_from_whoever_has_it() {
    let (known, thread) = with_alias("name");
    let (other, theirs) = someone_else("phone");
    let world = World { people: vec![known, other], conversations: vec![thread, theirs], ..World::of_one_thread() };
    let seen = world.hear(named("phone", "name", wrote("m1", "a"))).await;
    let written = seen.only_commit();
    let found = written.new_messages.first().map(|message| message.record().conversation_id);
    assert_eq!(found, Some(other_thread_id()));
    assert!(written.conversations.iter().all(|thread| thread.record().alias.is_none()), "the name stays where it is");
    assert!(written.identities.is_empty());
}

#[tokio::test]
async fn a_thread_that_moved_is_sent_to_and_found_under_its_new_name() {
    let moved = event(InboundEventKind::Moved { to: "new".to_owned() });
    let after = event_in(InboundThread::of(ThreadKind::Direct, "new"), wrote("m1", "a"));
    let seen = World::of_one_thread().hear_all(vec![moved, after]).await;
    let written = seen.only_commit();
    let [thread] = written.conversations.as_slice() else { panic!("one thread") };
    assert_eq!((thread.record().send_address(), thread.record().alias.as_deref()), ("new", Some("new")));
    assert_eq!(written.identities.first().and_then(|known| known.record().alias.as_deref()), Some("new"));
    assert!(written.new_people.is_empty() && written.new_conversations.is_empty());
    assert_eq!(written.new_messages.iter().map(Message::record).count(), 1);
    assert_eq!(written.settled, [EventOutcome::Processed, EventOutcome::Processed]);
}

#[tokio::test]
async fn a_thread_does_not_move_onto_one_that_is_there() {
    let (other, theirs) = someone_else("new");
    let world = World {
        people: vec![person(), other],
        conversations: vec![conversation(|_| ()), theirs],
        ..World::of_one_thread()
    };
    let seen = world.hear(event(InboundEventKind::Moved { to: "new".to_owned() })).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("thread_exists")]);
}

#[tokio::test]
async fn a_person_who_moves_takes_no_name_from_another_person() {
    let (mut other, _) = someone_else("old");
    other.identity.set_alias(Some("new"), now());
    let world = World { people: vec![person(), other], ..World::of_one_thread() };
    let seen = world.hear(event(InboundEventKind::Moved { to: "new".to_owned() })).await;
    let written = seen.only_commit();
    assert_eq!(
        written.conversations.first().map(|thread| thread.record().send_address().to_owned()),
        Some("new".into())
    );
    assert!(written.identities.is_empty(), "storage would refuse a second person of that name");
}

#[tokio::test]
async fn a_thread_that_nobody_knows_does_not_move() {
    let seen = World::default().hear(event(InboundEventKind::Moved { to: "new".to_owned() })).await;
    assert!(seen.only_commit().is_empty());
    assert_eq!(seen.only_commit().settled, [ignored("unknown_thread")]);
}

#[tokio::test]
async fn a_thread_that_another_system_owns_is_in_standby_until_an_event_says_otherwise() {
    let standby = InboundEvent { standby: true, ..event(wrote("m1", "a")) };
    let seen = World::of_one_thread().hear(standby).await;
    assert!(seen.only_commit().conversations.first().is_some_and(|thread| thread.record().standby));
    let owned = conversation(|record| record.standby = true);
    let seen = World::of_thread(owned).hear(event(wrote("m1", "a"))).await;
    assert!(seen.only_commit().conversations.first().is_some_and(|thread| !thread.record().standby));
}

#[tokio::test]
async fn a_right_to_answer_is_kept_with_its_end() {
    let answerable = InboundEvent { reply_token: Some("token".to_owned()), ..event(wrote("m1", "a")) };
    let seen = World::of_one_thread().hear(answerable).await;
    let thread = seen.only_commit().conversations.first().expect("changed").record();
    let handle = thread.reply_handle.as_ref().expect("a right to answer");
    assert_eq!((handle.token.as_str(), handle.expires_at), ("token", now().plus(Duration::from_secs(50))));
}

#[tokio::test]
async fn a_private_word_right_after_the_echo_of_a_lost_private_reply_opens_no_second_lead() {
    let lost = queued_message(|record| record.delivery_status = DeliveryStatus::Uncertain);
    let id = lost.record().id;
    let world = World { messages: vec![lost], ..World::of_thread(comment_thread(|_| ())) };
    let private = || InboundThread::of(ThreadKind::Direct, "private");
    let told = event_in(private(), echo("e1", "hello", Some(id)));
    let seen = world.hear_all(vec![told, event_in(private(), wrote("m1", "thanks"))]).await;
    let written = seen.only_commit();
    assert!(written.new_leads.is_empty(), "storage refuses a second open lead, and all of it would be done anew");
    assert_eq!(written.new_messages.first().map(|message| message.record().lead_id), Some(lead().record().id));
}
