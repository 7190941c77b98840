//! Messages on the wire.

use hubchat_core::{
    MediaDoor, MediaVariant,
    domain::{
        Attachment, DeliveryFailure, DeliveryStatus, Direction, MediaId, MediaRecord, MediaStatus, MessageContent,
        MessageKind, Sender,
    },
    port::MessageRow,
};
use poem_openapi::Object;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Moment, Named};

/// Who wrote a message.
#[derive(Debug, Object)]
#[oai(rename = "Sender", rename_all = "camelCase", skip_serializing_if_is_none)]
struct SenderView {
    /// `contact`, `member`, `apiKey`, `nativeApp` (someone in the provider's own app) or `system`.
    r#type: String,
    /// The member or the API key.
    id: Option<Uuid>,
    /// The provider's id of the person, in groups.
    external_user_id: Option<String>,
    /// A person wrote it by that program, as the program stated.
    by_person: Option<bool>,
}

impl From<Sender> for SenderView {
    fn from(sender: Sender) -> Self {
        let view = |kind: &str, id| Self { r#type: kind.to_owned(), id, external_user_id: None, by_person: None };
        match sender {
            Sender::Contact { external_user_id } => Self { external_user_id, ..view("contact", None) },
            Sender::Member { id } => view("member", Some(id.as_uuid())),
            Sender::ApiKey { id, by_person } => {
                Self { by_person: by_person.then_some(true), ..view("apiKey", Some(id.as_uuid())) }
            }
            Sender::NativeApp => view("nativeApp", None),
            Sender::System => view("system", None),
        }
    }
}

/// Why a message was not delivered.
#[derive(Debug, Object)]
#[oai(rename = "DeliveryFailure", rename_all = "camelCase")]
struct FailureView {
    /// A stable code.
    code: String,
    /// The reason in words.
    reason: String,
}

impl From<DeliveryFailure> for FailureView {
    fn from(failure: DeliveryFailure) -> Self {
        Self { code: failure.code, reason: failure.reason }
    }
}

/// A message's file.
#[derive(Debug, Default, Object)]
#[oai(rename = "Media", rename_all = "camelCase", skip_serializing_if_is_none)]
struct MediaView {
    /// Its id, when hubchat keeps a copy or will.
    id: Option<Uuid>,
    /// Whether hubchat has its copy.
    status: Option<Named<MediaStatus>>,
    /// Its type, known from its bytes.
    content_type: Option<String>,
    /// Its size in bytes.
    size: Option<u64>,
    /// Its name.
    file_name: Option<String>,
    /// How long it plays, in milliseconds.
    duration_ms: Option<u64>,
    /// Where to read it: a link good for an hour, or the sender's own address.
    url: Option<String>,
    /// Where to read the small picture; good for an hour.
    thumbnail_url: Option<String>,
    /// Why there is no copy.
    failure: Option<String>,
}

impl MediaView {
    fn of(file: Option<&Attachment>, media: Option<MediaRecord>, door: &MediaDoor) -> Option<Self> {
        let told = file.map(|file| Self {
            id: file.media_id.map(MediaId::as_uuid),
            size: file.size,
            file_name: file.file_name.clone(),
            duration_ms: file.duration_ms,
            url: file.url.clone(),
            ..Self::default()
        });
        let Some(media) = media else { return told };
        let told = told.unwrap_or_default();
        let link = |variant| door.link(&media, variant, MediaDoor::SCREEN_LIFETIME).url;
        let url = (media.status == MediaStatus::Stored).then(|| link(MediaVariant::Original));
        let thumbnail_url = media.thumbnail_key.as_ref().map(|_| link(MediaVariant::Thumbnail));
        Some(Self {
            id: Some(media.id.as_uuid()),
            status: Some(Named(media.status)),
            content_type: media.content_type,
            size: media.size.and_then(|size| u64::try_from(size).ok()).or(told.size),
            file_name: told.file_name.or(media.file_name),
            duration_ms: told.duration_ms,
            url: url.or(told.url),
            thumbnail_url,
            failure: media.failure,
        })
    }
}

/// One message, in either direction.
#[derive(Debug, Object)]
#[oai(rename = "Message", rename_all = "camelCase")]
pub(crate) struct MessageView {
    /// Its id.
    id: Uuid,
    /// Its thread.
    conversation_id: Uuid,
    /// The lead at the time.
    lead_id: Uuid,
    /// Its place in the thread, by arrival, from 1.
    seq: i64,
    /// Which way it goes.
    direction: Named<Direction>,
    /// What kind of message.
    message_type: Named<MessageKind>,
    /// What it says in words; null where it has none, and once its writer took it back.
    content: Option<String>,
    /// The particulars of a sticker, place, reaction or structured message.
    #[oai(skip_serializing_if_is_none)]
    attributes: Option<Value>,
    /// Its file.
    #[oai(skip_serializing_if_is_none)]
    media: Option<MediaView>,
    /// Who wrote it.
    sender: SenderView,
    /// How far it has come.
    delivery_status: Named<DeliveryStatus>,
    /// Why it failed or is uncertain.
    #[oai(skip_serializing_if_is_none)]
    failure: Option<FailureView>,
    /// The writer's own id of it, when one was given.
    #[oai(skip_serializing_if_is_none)]
    client_message_id: Option<String>,
    /// The members who are to look at a note.
    #[oai(skip_serializing_if_is_none)]
    mentions: Option<Vec<Uuid>>,
    /// The provider's id.
    #[oai(skip_serializing_if_is_none)]
    external_message_id: Option<String>,
    /// The provider's id of the message that it answers.
    #[oai(skip_serializing_if_is_none)]
    reply_to_external_message_id: Option<String>,
    /// When hubchat learned of it.
    created_at: Moment,
    /// When it was written; threads are ordered by it.
    occurred_at: Moment,
    /// When the provider accepted it.
    #[oai(skip_serializing_if_is_none)]
    sent_at: Option<Moment>,
    /// When its writer last changed it.
    #[oai(skip_serializing_if_is_none)]
    edited_at: Option<Moment>,
    /// When its writer took it back.
    #[oai(skip_serializing_if_is_none)]
    unsent_at: Option<Moment>,
}

impl MessageView {
    /// A message with fresh links to its file.
    pub(crate) fn of(row: MessageRow, door: &MediaDoor) -> Self {
        let message = row.message;
        let unsent = message.unsent_at.is_some();
        Self {
            id: message.id.as_uuid(),
            conversation_id: message.conversation_id.as_uuid(),
            lead_id: message.lead_id.as_uuid(),
            seq: message.seq,
            direction: Named(message.direction),
            message_type: Named(message.content.kind()),
            content: if unsent { None } else { message.content.text() },
            attributes: if unsent { None } else { attributes(&message.content) },
            media: if unsent { None } else { MediaView::of(message.content.attachment(), row.media, door) },
            sender: message.sender.into(),
            delivery_status: Named(message.delivery_status),
            failure: message.failure.map(FailureView::from),
            client_message_id: message.client_message_id,
            mentions: mentions(&message.content),
            external_message_id: message.external_message_id,
            reply_to_external_message_id: message.quoted_external_id,
            created_at: Moment(message.created_at),
            occurred_at: Moment(message.occurred_at),
            sent_at: message.sent_at.map(Moment),
            edited_at: message.edited_at.map(Moment),
            unsent_at: message.unsent_at.map(Moment),
        }
    }
}

fn mentions(content: &MessageContent) -> Option<Vec<Uuid>> {
    match content {
        MessageContent::Note { mentions, .. } => Some(mentions.iter().map(|member| member.as_uuid()).collect()),
        _ => None,
    }
}

fn attributes(content: &MessageContent) -> Option<Value> {
    match content {
        MessageContent::Sticker { package_id, sticker_id, keywords } => {
            Some(json!({"packageId": package_id, "stickerId": sticker_id, "keywords": keywords}))
        }
        MessageContent::Location { title, address, latitude, longitude } => {
            Some(json!({"title": title, "address": address, "latitude": latitude, "longitude": longitude}))
        }
        MessageContent::Reaction { emoji, target } => Some(json!({"emoji": emoji, "targetExternalMessageId": target})),
        MessageContent::Template { payload, .. } => Some(payload.clone()),
        MessageContent::Choices { choices, .. } => Some(json!({ "quickReplies": choices })),
        MessageContent::PublicReply { comment_id, .. } => Some(json!({ "commentId": comment_id })),
        _ => None,
    }
}
