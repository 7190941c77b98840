//! Putting what an event says into its thread.

use std::time::Duration;

use hubchat_domain::{
    Activity, ActivityKind, Attachment, Author, DeliveryStatus, Direction, EventType, IdentityKey, InboundEvent, Media,
    MediaId, MediaRecord, MediaSource, MediaStatus, Message, MessageId, MessageRecord, Sender, SystemNotice, ThreadKey,
    Timestamp,
};
use hubchat_ports::PendingEvent;
use serde_json::json;

use super::{batch::Batch, held::Held, spoken::Spoken};
use crate::{conversations::pressed_job, jobs, media::FETCH_MEDIA_JOB};

/// A message is shown at the provider's time within these bounds around its receipt, so that a wrong
/// clock or a hostile payload cannot move it to another age.
const EARLIEST: Duration = Duration::from_hours(7 * 24);
pub(super) const LATEST: Duration = Duration::from_mins(5);

impl Batch<'_> {
    pub(super) fn add_message(
        &mut self,
        event: &PendingEvent,
        parsed: InboundEvent,
        key: &ThreadKey,
        identity_key: &IdentityKey,
        now: Timestamp,
    ) {
        let earliest = event.received_at.minus(EARLIEST);
        let told_at = parsed.occurred_at.unwrap_or(event.received_at);
        let occurred_at = told_at.clamp(earliest, event.received_at.plus(LATEST));
        let reply_limits = parsed.reply_token.as_ref().and_then(|_| {
            let capabilities = self.ports.channels.get(event.channel_type).ok()?.capabilities();
            Some((capabilities.reply_handle_ttl?, capabilities.reply_handle_max_age))
        });
        let Some(held) = self.conversations.get_mut(key) else { return };
        let conversation = held.touch();
        let occurred_at = conversation.within_its_second(occurred_at);
        conversation.set_standby(parsed.standby, now);
        if let (Some(token), Some(limits)) = (&parsed.reply_token, reply_limits) {
            conversation.offer_reply(token, told_at, limits, event.received_at);
        }
        let (conversation_id, lead_id, seq) =
            (conversation.record().id, conversation.record().lead_id, conversation.next_seq());
        self.jobs.extend(parsed.press_id.map(|press| pressed_job(conversation_id, press)));
        let spoken = Spoken::of(parsed.kind, &event.event_key);
        if let Some(reachable) = spoken.notice.and_then(SystemNotice::reachable)
            && let Some(person) = self.identities.get_mut(identity_key)
            && person.thing.identity.set_reachable(reachable, now)
        {
            person.touch();
        }
        let message_id = self.ports.next_id();
        let mut content = spoken.content;
        if let (Some(source), Some(file)) = (spoken.media, content.attachment_mut()) {
            file.media_id = Some(self.expect_media(event, message_id, source, file, now));
        }
        let record = MessageRecord {
            id: message_id,
            tenant_id: self.tenant,
            conversation_id,
            account_id: event.account_id,
            lead_id,
            seq,
            direction: Direction::Inbound,
            sender: if spoken.notice.is_some() {
                Sender::System
            } else {
                Sender::Contact { external_user_id: parsed.sender_external_id }
            },
            content,
            client_message_id: None,
            external_message_id: Some(spoken.external_id),
            further_external_ids: Vec::new(),
            quote_token: spoken.quote_token,
            quoted_external_id: spoken.quoted_external_id,
            delivery_status: DeliveryStatus::Delivered,
            failure: None,
            attempt: None,
            occurred_at,
            created_at: now,
            updated_at: now,
            sent_at: spoken.ours.then_some(occurred_at),
            edited_at: None,
            unsent_at: None,
            former_texts: Vec::new(),
            version: 1,
        };
        let mut message = if spoken.ours { Message::sent_elsewhere(record) } else { Message::received(record) };
        if spoken.unsent {
            message.unsend(now);
        }
        if let Some(held) = self.conversations.get_mut(key) {
            held.touch().note_message(&message, now);
        }
        if spoken.notice.is_none() && !spoken.unsent {
            self.activities.push(Activity {
                id: self.ports.next_id(),
                lead_id,
                kind: if spoken.ours { ActivityKind::MessageSent } else { ActivityKind::MessageReceived },
                author: Author::System,
                detail: json!({"messageId": message_id, "messageType": message.record().content.kind()}),
                at: now,
            });
        }
        self.announce_message(EventType::MessageCreated, &message, now);
        self.remember(Held::new(message));
    }

    /// Notes a file to be fetched.
    fn expect_media(
        &mut self,
        event: &PendingEvent,
        message_id: MessageId,
        source: MediaSource,
        file: &Attachment,
        now: Timestamp,
    ) -> MediaId {
        let media = Media::expected(MediaRecord {
            id: self.ports.next_id(),
            tenant_id: self.tenant,
            account_id: event.account_id,
            message_id: Some(message_id),
            status: MediaStatus::Pending,
            source,
            content_type: None,
            size: file.size.and_then(|size| i64::try_from(size).ok()),
            file_name: file.file_name.clone(),
            storage_key: None,
            thumbnail_key: None,
            failure: None,
            created_at: now,
            updated_at: now,
            version: 1,
        });
        let id = media.record().id;
        self.jobs.push(jobs::background(FETCH_MEDIA_JOB, &format!("media:{id}"), &json!({"mediaId": id})));
        self.media.push(media);
        id
    }
}
