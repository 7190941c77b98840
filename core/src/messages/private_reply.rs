//! What a private reply to a comment brings with it: the thread goes on in private, and a public answer under
//! the comment says so.

use std::time::Duration;

use hubchat_domain::{
    Activity, ActivityKind, Conversation, ConversationRecord, DeliveryStatus, Direction, DomainEvent, EventType,
    IdentityKey, Message, MessageContent, MessageId, MessageRecord, Sender, TenantId, ThreadKey, Timestamp,
};
use hubchat_ports::{Lane, NewJob, SentMessage, UnitOfWork};
use serde_json::json;

use super::{DELIVER_JOB, deliver::still_waiting, delivery_result::author_of, send_message::created};
use crate::{Fault, Ports, fault::Retries};

/// Records private replies.
#[derive(Clone)]
pub(super) struct PrivateReplies {
    ports: Ports,
}

impl PrivateReplies {
    pub(super) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The provider accepted a private reply: the message is sent, the thread knows the person's id in private,
    /// and the public answer is queued, all or nothing.
    pub(super) async fn sent(&self, tenant: TenantId, id: MessageId, sent: &SentMessage) -> Result<(), Fault> {
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(tenant, id, sent).await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn attempt(&self, tenant: TenantId, id: MessageId, sent: &SentMessage) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let Some(mut message) = session.messages().find(id).await? else { return Ok(()) };
        if !still_waiting(&message) {
            return Ok(());
        }
        message.mark_sent(sent.external_ids.clone(), now);
        let record = message.record();
        let mut events = vec![DomainEvent {
            event_type: EventType::MessageUpdated,
            lead_id: Some(record.lead_id),
            conversation_id: Some(record.conversation_id),
            message_id: Some(record.id),
            data: json!({"deliveryStatus": record.delivery_status, "failure": record.failure}),
            at: now,
        }];
        let activity = Activity {
            id: self.ports.next_id(),
            lead_id: record.lead_id,
            kind: ActivityKind::MessageSent,
            author: author_of(&record.sender),
            detail: json!({"messageId": record.id, "messageType": record.content.kind()}),
            at: now,
        };
        if let Some(mut conversation) = session.conversations().find(record.conversation_id).await? {
            let recipient = sent.recipient_id.as_deref();
            if let Some(recipient) = recipient {
                go_on_as(&*session, &mut conversation, recipient, now).await?;
            }
            let comment = conversation.record().comment.as_ref().and_then(|comment| comment.comment_id.clone());
            conversation.note_private_reply(recipient, now);
            let text = session.settings().find().await?.settings.public_reply_text;
            if let Some((comment_id, text)) = comment.zip(text) {
                let id = self.ports.next_id();
                let content = MessageContent::PublicReply { text, comment_id };
                let answer = public_answer(id, &mut conversation, content, now);
                conversation.note_message(&answer, now);
                session.messages().insert_many(std::slice::from_ref(&answer)).await?;
                events.push(created(&answer));
                // In a row of its own: it neither waits for the thread nor holds it up.
                let job = NewJob {
                    lane: Lane::Outbound,
                    order_key: format!("public:{id}"),
                    kind: DELIVER_JOB.to_owned(),
                    payload: json!({"messageId": id}).to_string(),
                    delay: Duration::ZERO,
                };
                session.jobs().append(&[job]).await?;
            }
            session.conversations().update(&conversation).await?;
        }
        session.messages().update(&message).await?;
        session.activities().append(&[activity]).await?;
        session.events().append(events).await?;
        Ok(session.commit().await?)
    }
}

/// What the person writes in private from now on belongs to this thread, and to its contact, unless they have a
/// private thread of their own.
async fn go_on_as(
    session: &dyn UnitOfWork,
    conversation: &mut Conversation,
    recipient: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let ConversationRecord { id, identity_id, thread, .. } = conversation.record().clone();
    let key = ThreadKey { account_id: thread.account_id, external_thread_id: recipient.to_owned() };
    let holder = session.conversations().find_by_threads(std::slice::from_ref(&key)).await?.into_iter().next();
    match holder {
        Some(holder) if holder.record().id == id || holder.record().thread == key => {}
        other => {
            if let Some(mut former) = other {
                former.set_alias(None, now);
                session.conversations().update(&former).await?;
            }
            conversation.set_alias(Some(recipient), now);
        }
    }
    let key = IdentityKey { account_id: thread.account_id, external_user_id: recipient.to_owned() };
    if session.contacts().find_by_keys(&[key]).await?.is_empty()
        && let Some(mut person) = session.contacts().find_identity(identity_id).await?
        && person.identity.set_alias(Some(recipient), now)
    {
        session.contacts().update_identity(&person.identity).await?;
    }
    Ok(())
}

fn public_answer(id: MessageId, conversation: &mut Conversation, content: MessageContent, now: Timestamp) -> Message {
    let seq = conversation.next_seq();
    let thread = conversation.record();
    Message::queued(MessageRecord {
        id,
        tenant_id: thread.tenant_id,
        conversation_id: thread.id,
        account_id: thread.thread.account_id,
        lead_id: thread.lead_id,
        seq,
        direction: Direction::Outbound,
        sender: Sender::System,
        content,
        client_message_id: None,
        external_message_id: None,
        further_external_ids: Vec::new(),
        quote_token: None,
        quoted_external_id: None,
        delivery_status: DeliveryStatus::Queued,
        failure: None,
        attempt: None,
        occurred_at: now.max(thread.last_message_at),
        created_at: now,
        updated_at: now,
        sent_at: None,
        edited_at: None,
        unsent_at: None,
        former_texts: Vec::new(),
        version: 1,
    })
}
