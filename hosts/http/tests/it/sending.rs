//! Accepting messages to be sent.

use hubchat_core::domain::{Conversation, MessageContent, Scope};
use hubchat_core::port::IdempotencyRecord;
use hubchat_ports::{ConversationStore, IdempotencyStore, MockConversationStore, MockIdempotencyStore, MockUnitOfWork};
use poem::http::Method;

use crate::harness::{Mocks, conversation, message_row, now};

fn session(earlier: impl Fn(&IdempotencyRecord) -> IdempotencyRecord + Send + Sync + 'static) -> MockUnitOfWork {
    let mut conversations = MockConversationStore::new();
    conversations.expect_find().returning(|_| Ok(Some(Conversation::restore(conversation()))));
    let mut idempotency = MockIdempotencyStore::new();
    idempotency.expect_claim().returning(move |record, _| Ok(Some(earlier(record))));
    let mut session = MockUnitOfWork::new();
    session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
    session.expect_idempotency().return_const(Box::new(idempotency) as Box<dyn IdempotencyStore>);
    session
}

#[tokio::test]
async fn a_repeated_request_answers_the_same_and_says_so() {
    let client = Mocks::new()
        .with_key(&[Scope::MessagesSend])
        .with_session(session(|record| IdempotencyRecord { expires_at: now(), ..record.clone() }))
        .with_inbox(|inbox| {
            let text = "hello".to_owned();
            inbox
                .expect_find_message()
                .returning(move |_, _| Ok(Some(message_row(MessageContent::Text { text: text.clone() }))));
        })
        .client();
    let body = r#"{"conversationId":"00000000-0000-0000-0000-0000000000d4","type":"text","content":"hello"}"#;
    let answer = client.send_with(Method::POST, "/api/messages/send", &[("idempotency-key", "order-7")], body).await;
    assert_eq!((answer.status.as_u16(), answer.header("idempotency-replayed")), (202, "true"), "{}", answer.text);
    let message = answer.json();
    assert_eq!((&message["content"], &message["deliveryStatus"]), (&"hello".into(), &"QUEUED".into()));
    assert_eq!((&message["direction"], &message["messageType"]), (&"OUTBOUND".into(), &"TEXT".into()));
}

#[tokio::test]
async fn a_key_that_was_used_for_another_message_is_refused() {
    let client = Mocks::new()
        .with_key(&[Scope::MessagesSend])
        .with_session(session(|record| IdempotencyRecord { fingerprint: vec![0], ..record.clone() }))
        .client();
    let path = "/api/conversations/00000000-0000-0000-0000-0000000000d4/messages";
    let body = r#"{"type":"text","content":"hello"}"#;
    let answer = client.send_with(Method::POST, path, &[("idempotency-key", "order-7")], body).await;
    assert_eq!(answer.problem(), (422, "idempotency_key_reused".to_owned(), String::new()));
}
