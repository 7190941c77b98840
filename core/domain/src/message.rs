//! Messages, in either direction.

use serde::{Deserialize, Serialize};

use crate::{
    ApiKeyId, ChannelAccountId, ConversationId, DeliveryAttempt, DeliveryFailure, DeliveryStatus, LeadId, MemberId,
    MessageContent, MessageId, TenantId, Timestamp, channel::named,
};

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Direction {
    /// From the customer.
    Inbound,
    /// To the customer.
    Outbound,
    /// Among colleagues; the customer never sees it.
    Internal,
}

named!(Direction { Inbound => "INBOUND", Outbound => "OUTBOUND", Internal => "INTERNAL" });

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Sender {
    /// The customer; in a group the provider may tell which person.
    Contact {
        /// The provider's id of the person, in groups.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        external_user_id: Option<String>,
    },
    /// A member of the tenant.
    Member {
        /// Who.
        id: MemberId,
    },
    /// A program with an API key.
    ApiKey {
        /// Which key.
        id: ApiKeyId,
        /// A person wrote it by that program, as the program states.
        #[serde(default)]
        by_person: bool,
    },
    /// Someone in the provider's own app.
    NativeApp,
    /// hubchat itself.
    System,
}

impl Sender {
    /// Whether a person wrote it: what some channels ask of late answers.
    #[must_use]
    pub const fn is_person(&self) -> bool {
        matches!(self, Self::Member { .. } | Self::ApiKey { by_person: true, .. })
    }
}

/// What is kept of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRecord {
    /// Its id; the idempotency key of its sends.
    pub id: MessageId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Its thread.
    pub conversation_id: ConversationId,
    /// The account that carries it.
    pub account_id: ChannelAccountId,
    /// The lead at the time.
    pub lead_id: LeadId,
    /// Its place in the thread, by arrival, from 1.
    pub seq: i64,
    /// Which way it goes.
    pub direction: Direction,
    /// Who wrote it.
    pub sender: Sender,
    /// What it says.
    pub content: MessageContent,
    /// The writer's own id of it, by which their screen knows it again.
    pub client_message_id: Option<String>,
    /// The provider's id; for a message sent in parts, that of the first.
    pub external_message_id: Option<String>,
    /// The provider's ids of the further parts.
    pub further_external_ids: Vec<String>,
    /// What the provider needs to quote it.
    pub quote_token: Option<String>,
    /// The provider's id of the message that it answers.
    pub quoted_external_id: Option<String>,
    /// How far it has come.
    pub delivery_status: DeliveryStatus,
    /// Why it failed or is uncertain.
    pub failure: Option<DeliveryFailure>,
    /// The attempt whose outcome is not known yet.
    pub attempt: Option<DeliveryAttempt>,
    /// When it was written, by the provider's clock within reason; lists are ordered by it.
    pub occurred_at: Timestamp,
    /// When hubchat learned of it.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the provider accepted it.
    pub sent_at: Option<Timestamp>,
    /// When its writer last changed it.
    pub edited_at: Option<Timestamp>,
    /// When its writer took it back; the content is gone then.
    pub unsent_at: Option<Timestamp>,
    /// Earlier texts, oldest first.
    pub former_texts: Vec<String>,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message(MessageRecord);

impl Message {
    /// A message from the customer.
    #[must_use]
    pub fn received(record: MessageRecord) -> Self {
        Self(MessageRecord {
            direction: Direction::Inbound,
            delivery_status: DeliveryStatus::Delivered,
            version: 1,
            ..record
        })
    }

    /// Whether this is an answer that the customer has, or may still get: ours, with words or a file of its own,
    /// and not failed.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        self.0.direction == Direction::Outbound
            && self.0.content.kind().answers()
            && self.0.delivery_status != DeliveryStatus::Failed
    }

    /// A message to the customer, waiting for its turn.
    #[must_use]
    pub fn queued(record: MessageRecord) -> Self {
        Self(MessageRecord {
            direction: Direction::Outbound,
            delivery_status: DeliveryStatus::Queued,
            version: 1,
            ..record
        })
    }

    /// A note among colleagues: it goes nowhere, so it has arrived.
    #[must_use]
    pub fn noted(record: MessageRecord) -> Self {
        Self(MessageRecord {
            direction: Direction::Internal,
            delivery_status: DeliveryStatus::Delivered,
            version: 1,
            ..record
        })
    }

    /// A message that went out by the provider's own app.
    #[must_use]
    pub fn sent_elsewhere(record: MessageRecord) -> Self {
        Self(MessageRecord {
            direction: Direction::Outbound,
            sender: Sender::NativeApp,
            delivery_status: DeliveryStatus::Sent,
            version: 1,
            ..record
        })
    }

    /// The message as storage keeps it.
    #[must_use]
    pub fn restore(record: MessageRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &MessageRecord {
        &self.0
    }

    /// A line for lists.
    #[must_use]
    pub fn preview(&self) -> String {
        if self.0.unsent_at.is_some() { "[unsent]".to_owned() } else { self.0.content.preview() }
    }

    /// Notes that an attempt begins, before its bytes leave.
    pub fn begin_attempt(&mut self, attempt: DeliveryAttempt, now: Timestamp) {
        self.0.attempt = Some(attempt);
        self.0.updated_at = now;
    }

    /// Notes that the attempt had no effect, so that another may be made.
    pub fn abandon_attempt(&mut self, now: Timestamp) {
        self.0.attempt = None;
        self.0.updated_at = now;
    }

    /// The provider accepted it under these ids, one per part.
    pub fn mark_sent(&mut self, external_ids: Vec<String>, now: Timestamp) {
        let mut ids = external_ids.into_iter();
        if let Some(first) = ids.next() {
            self.0.external_message_id = Some(first);
            self.0.further_external_ids = ids.collect();
        }
        self.0.delivery_status = self.0.delivery_status.with_evidence(DeliveryStatus::Sent);
        self.0.sent_at = Some(now);
        self.0.failure = None;
        self.0.attempt = None;
        self.0.updated_at = now;
    }

    /// It will not arrive, for this reason.
    pub fn mark_failed(&mut self, failure: DeliveryFailure, now: Timestamp) {
        self.settle(DeliveryStatus::Failed, failure, now);
    }

    /// Nobody can tell whether it arrived, for this reason.
    pub fn mark_uncertain(&mut self, failure: DeliveryFailure, now: Timestamp) {
        self.settle(DeliveryStatus::Uncertain, failure, now);
    }

    fn settle(&mut self, status: DeliveryStatus, failure: DeliveryFailure, now: Timestamp) {
        self.0.delivery_status = self.0.delivery_status.with_evidence(status);
        self.0.failure = Some(failure);
        self.0.attempt = None;
        self.0.updated_at = now;
    }

    /// The provider's own word that it took the message under this id: settles an unknown outcome, and changes
    /// nothing of a message whose id is known. Tells whether that is news.
    pub fn note_echo(&mut self, external_id: &str, now: Timestamp) -> bool {
        if self.0.external_message_id.is_some() {
            return self.note_receipt(DeliveryStatus::Sent, now);
        }
        self.mark_sent(vec![external_id.to_owned()], now);
        true
    }

    /// A receipt that it failed, with the reason; a proof of delivery outweighs it. Tells whether that is news.
    pub fn note_failure(&mut self, failure: DeliveryFailure, now: Timestamp) -> bool {
        let news = self.note_receipt(DeliveryStatus::Failed, now);
        if news {
            self.0.failure = Some(failure);
        }
        news
    }

    /// A receipt of the provider; tells whether it moved the message forward.
    pub fn note_receipt(&mut self, evidence: DeliveryStatus, now: Timestamp) -> bool {
        let status = self.0.delivery_status.with_evidence(evidence);
        let news = status != self.0.delivery_status;
        if news {
            self.0.delivery_status = status;
            self.0.updated_at = now;
        }
        news
    }

    /// Queues a failed or uncertain message again, by an operator's or agent's decision; tells whether it did.
    pub fn requeue(&mut self, now: Timestamp) -> bool {
        let again = matches!(self.0.delivery_status, DeliveryStatus::Failed | DeliveryStatus::Uncertain);
        if again {
            self.0.delivery_status = DeliveryStatus::Queued;
            self.0.failure = None;
            self.0.attempt = None;
            self.0.updated_at = now;
        }
        again
    }

    /// Its writer changed the text; the former one is kept. Tells whether anything changed.
    pub fn edit(&mut self, text: &str, now: Timestamp) -> bool {
        if self.0.unsent_at.is_some() {
            return false;
        }
        let former = match &self.0.content {
            MessageContent::Text { text: former } if former != text => former.clone(),
            _ => return false,
        };
        self.0.former_texts.push(former);
        self.0.content = MessageContent::Text { text: text.to_owned() };
        self.0.edited_at = Some(now);
        self.0.updated_at = now;
        true
    }

    /// Its writer took it back: the content goes, the place in the thread stays. Tells whether that is news.
    pub fn unsend(&mut self, now: Timestamp) -> bool {
        let news = self.0.unsent_at.is_none();
        if news {
            self.0.content = MessageContent::System { text: String::new() };
            self.0.former_texts.clear();
            self.0.unsent_at = Some(now);
            self.0.updated_at = now;
        }
        news
    }

    /// Notes our copy of its file.
    pub fn attach(&mut self, media_id: crate::MediaId, now: Timestamp) {
        if let Some(file) = self.0.content.attachment_mut() {
            file.media_id = Some(media_id);
            self.0.updated_at = now;
        }
    }
}
