//! Notes among colleagues, with mocks.

use hubchat_domain::{
    ActivityKind, AuditAction, DeliveryStatus, Direction, EventType, MessageContent, Scope, Sender, Viewpoint,
    Visibility,
};
use hubchat_ports::IdempotencyRecord;

use super::{
    AddNote, AddNoteCommand,
    thread_world::{Thread, colleague, member_id, take},
};
use crate::{
    ErrorCode,
    test_ports::{actor, conversation, now},
};

fn note(text: &str, mentions: &[u128]) -> AddNoteCommand {
    AddNoteCommand {
        text: text.to_owned(),
        mentions: mentions.iter().map(|number| member_id(*number)).collect(),
        client_message_id: Some("c1".to_owned()),
        idempotency_key: None,
    }
}

fn thread_id() -> hubchat_domain::ConversationId {
    conversation(|_| ()).record().id
}

#[tokio::test]
async fn a_note_stands_in_the_thread_and_goes_nowhere() {
    let before = conversation(|record| {
        record.last_message_preview = Some("hello".to_owned());
        record.waiting_since = Some(now());
        record.unread_count = 2;
    });
    let (ports, log) = Thread { conversation: Some(before.clone()), ..Thread::default() }.ports();
    let me = colleague(1, Visibility::All);
    let noted = AddNote::new(ports).run(&me, thread_id(), &note("  ask @Member 2 ", &[2, 2, 1])).await.expect("added");
    let message = noted.row.message;
    assert_eq!((message.direction, message.delivery_status), (Direction::Internal, DeliveryStatus::Delivered));
    assert_eq!(
        (message.sender, message.client_message_id.as_deref()),
        (Sender::Member { id: member_id(1) }, Some("c1"))
    );
    let mentions = vec![member_id(1), member_id(2)];
    assert_eq!(message.content, MessageContent::Note { text: "ask @Member 2".to_owned(), mentions });
    let written = take(&log);
    assert!(written.jobs.is_empty(), "nothing is sent");
    let thread = written.conversations.first().expect("written").record();
    assert_eq!((thread.last_seq, message.seq), (1, 1));
    assert_eq!(
        (&thread.last_message_preview, thread.waiting_since, thread.unread_count),
        (&before.record().last_message_preview, before.record().waiting_since, 2)
    );
    let told: Vec<_> = written.mentions.iter().map(|mention| mention.member_id).collect();
    assert_eq!(told, [member_id(2)], "nobody is told of their own words");
    assert_eq!(written.events.first().expect("told").event_type, EventType::MessageCreated);
    assert_eq!(written.activities.first().expect("logged").kind, ActivityKind::NoteAdded);
    let [entry] = written.audit.as_slice() else { panic!("one entry") };
    assert_eq!(entry.action, AuditAction::NoteAdded);
    assert!(!format!("{entry:?}").contains("ask"), "never the words");
}

#[tokio::test]
async fn a_note_that_cannot_be_is_refused_and_writes_nothing() {
    let too_much = "ก".repeat(AddNote::MAX_CHARS + 1);
    let crowd: Vec<u128> = (0..21).collect();
    for (command, code, field) in [
        (note(" \n", &[]), "validation_failed", Some("text")),
        (note(&too_much, &[]), "validation_failed", Some("text")),
        (note("x", &crowd), "validation_failed", Some("mentions")),
        (note("x", &[9]), "member_not_found", Some("mentions")),
        // No longer at work here.
        (note("x", &[3]), "member_not_found", Some("mentions")),
    ] {
        let (ports, log) = Thread::default().ports();
        let refused = AddNote::new(ports).run(&colleague(1, Visibility::All), thread_id(), &command).await;
        let error = refused.expect_err("refused");
        assert_eq!((error.code(), error.field()), (code, field));
        assert_eq!(take(&log).commits, 0);
    }
}

#[tokio::test]
async fn a_note_needs_the_thread_to_be_seen_and_the_right_to_write() {
    let unseen = colleague(1, Visibility::Only(Viewpoint::default()));
    for (by, code) in [(unseen, "conversation_not_found"), (actor(&[Scope::InboxRead]), "forbidden")] {
        let (ports, log) = Thread::default().ports();
        let error = AddNote::new(ports).run(&by, thread_id(), &note("x", &[])).await.expect_err("refused");
        assert_eq!((error.code(), take(&log).commits), (code, 0));
    }
}

#[tokio::test]
async fn a_repeated_key_adds_nothing_and_another_note_under_it_is_refused() {
    let command = AddNoteCommand { idempotency_key: Some("key".to_owned()), ..note("x", &[2]) };
    let fingerprint = format!("{} {:?} {:?}", thread_id(), command.text, command.mentions).into_bytes();
    let first = crate::test_ports::queued_message(|_| ());
    let record = |fingerprint: Vec<u8>| IdempotencyRecord {
        scope: "note.add".to_owned(),
        key: "key".to_owned(),
        fingerprint,
        resource_id: first.record().id.as_uuid(),
        expires_at: now(),
    };
    let world = Thread { earlier: Some(record(fingerprint)), message: Some(first.clone()), ..Thread::default() };
    let (ports, log) = world.ports();
    let noted = AddNote::new(ports).run(&colleague(1, Visibility::All), thread_id(), &command).await.expect("replayed");
    assert_eq!((noted.replayed, noted.row.message.id, take(&log).commits), (true, first.record().id, 0));
    let (ports, _) = Thread { earlier: Some(record(b"other".to_vec())), ..Thread::default() }.ports();
    let refused = AddNote::new(ports).run(&colleague(1, Visibility::All), thread_id(), &command).await;
    assert_eq!(refused.expect_err("refused").code(), "idempotency_key_reused");
}
