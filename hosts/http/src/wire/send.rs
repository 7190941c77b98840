//! Messages to be sent, as callers give them.

use hubchat_core::{
    NewContent, SendTarget,
    domain::{ConversationId, LeadId, MediaId, MessageId},
};
use poem_openapi::Object;
use serde::Deserialize;
use uuid::Uuid;

use super::{Named, SendKind, TemplateBody, Writer, quick_reply::QuickReply};
use crate::problem::ApiProblem;

/// A message for the conversation of the path. Which fields it has depends on its type.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(rename = "NewMessage", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConversationSendBody {
    /// What to send.
    pub(crate) r#type: Named<SendKind>,
    /// The text, with type text.
    pub(crate) content: Option<String>,
    /// A file that hubchat keeps, with type image, video, audio or document_pdf.
    pub(crate) media_id: Option<Uuid>,
    /// The HTTPS address of a file, with type image, video, audio or document_pdf.
    pub(crate) media_url: Option<String>,
    /// The name that the customer sees, with type document_pdf.
    pub(crate) file_name: Option<String>,
    /// What the place is called, with type location.
    pub(crate) title: Option<String>,
    /// The postal address, with type location.
    pub(crate) address: Option<String>,
    /// Degrees north, with type location.
    pub(crate) latitude: Option<f64>,
    /// Degrees east, with type location.
    pub(crate) longitude: Option<f64>,
    /// The package, with type sticker.
    pub(crate) package_id: Option<String>,
    /// The sticker, with type sticker.
    pub(crate) sticker_id: Option<String>,
    /// The answers to choose from, with type text: at most 13.
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    /// How long it plays, in milliseconds, with type audio.
    pub(crate) duration_ms: Option<u64>,
    /// The template, with type template.
    pub(crate) template: Option<TemplateBody>,
    /// Who wrote it: PERSON lets some channels carry it later than what a PROGRAM wrote. PROGRAM unless given.
    pub(crate) written_by: Option<Named<Writer>>,
    /// The message that this one answers; quoted where the channel can.
    pub(crate) reply_to: Option<Uuid>,
    /// Your own id of it, 1 to 64 characters: it comes back with the message and in events.
    pub(crate) client_message_id: Option<String>,
}

/// The writer's own id of a message, if it is one.
pub(crate) fn client_message_id(id: Option<String>) -> Result<Option<String>, ApiProblem> {
    let fits = |id: &String| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if id.as_ref().is_none_or(fits) {
        Ok(id)
    } else {
        Err(ApiProblem::invalid("clientMessageId", "is 1 to 64 visible ASCII characters"))
    }
}

/// A message for a conversation or for the newest conversation of a lead.
#[derive(Debug, Clone, Object, Deserialize)]
#[oai(rename = "SendMessage", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SendBody {
    /// The conversation; or give `leadId`.
    pub(crate) conversation_id: Option<Uuid>,
    /// The lead, whose newest conversation is meant; or give `conversationId`.
    pub(crate) lead_id: Option<Uuid>,
    /// What to send.
    pub(crate) r#type: Named<SendKind>,
    /// The text, with type text.
    pub(crate) content: Option<String>,
    /// A file that hubchat keeps, with type image, video, audio or document_pdf.
    pub(crate) media_id: Option<Uuid>,
    /// The HTTPS address of a file, with type image, video, audio or document_pdf.
    pub(crate) media_url: Option<String>,
    /// The name that the customer sees, with type document_pdf.
    pub(crate) file_name: Option<String>,
    /// What the place is called, with type location.
    pub(crate) title: Option<String>,
    /// The postal address, with type location.
    pub(crate) address: Option<String>,
    /// Degrees north, with type location.
    pub(crate) latitude: Option<f64>,
    /// Degrees east, with type location.
    pub(crate) longitude: Option<f64>,
    /// The package, with type sticker.
    pub(crate) package_id: Option<String>,
    /// The sticker, with type sticker.
    pub(crate) sticker_id: Option<String>,
    /// The answers to choose from, with type text: at most 13.
    pub(crate) quick_replies: Option<Vec<QuickReply>>,
    /// How long it plays, in milliseconds, with type audio.
    pub(crate) duration_ms: Option<u64>,
    /// The template, with type template.
    pub(crate) template: Option<TemplateBody>,
    /// Who wrote it: PERSON lets some channels carry it later than what a PROGRAM wrote. PROGRAM unless given.
    pub(crate) written_by: Option<Named<Writer>>,
    /// The message that this one answers; quoted where the channel can.
    pub(crate) reply_to: Option<Uuid>,
    /// Your own id of it, 1 to 64 characters: it comes back with the message and in events.
    pub(crate) client_message_id: Option<String>,
}

impl SendBody {
    /// To whom, and what.
    pub(crate) fn split(self) -> Result<(SendTarget, ConversationSendBody), ApiProblem> {
        let target = match (self.conversation_id, self.lead_id) {
            (Some(id), None) => SendTarget::Conversation(ConversationId::from_uuid(id)),
            (None, Some(id)) => SendTarget::Lead(LeadId::from_uuid(id)),
            (None, None) => return Err(ApiProblem::invalid("conversationId", "give a conversationId or a leadId")),
            (Some(_), Some(_)) => {
                return Err(ApiProblem::invalid("leadId", "give a conversationId or a leadId, not both"));
            }
        };
        let message = ConversationSendBody {
            r#type: self.r#type,
            content: self.content,
            media_id: self.media_id,
            media_url: self.media_url,
            file_name: self.file_name,
            title: self.title,
            address: self.address,
            latitude: self.latitude,
            longitude: self.longitude,
            package_id: self.package_id,
            sticker_id: self.sticker_id,
            quick_replies: self.quick_replies,
            duration_ms: self.duration_ms,
            template: self.template,
            written_by: self.written_by,
            reply_to: self.reply_to,
            client_message_id: self.client_message_id,
        };
        Ok((target, message))
    }
}

impl ConversationSendBody {
    /// The message to answer.
    pub(crate) fn reply_to(&self) -> Option<MessageId> {
        self.reply_to.map(MessageId::from_uuid)
    }

    /// Whether the caller states that a person wrote it.
    pub(crate) fn is_by_person(&self) -> bool {
        self.written_by.as_ref().is_some_and(|writer| writer.0 == Writer::Person)
    }

    /// The content. A field that the type has no use for is refused: it would be lost without a word.
    pub(crate) fn into_content(self) -> Result<NewContent, ApiProblem> {
        let kind = self.r#type.0;
        let own: &[&str] = match kind {
            SendKind::Text => &["content", "quickReplies"],
            SendKind::Audio => &["mediaId", "mediaUrl", "durationMs"],
            SendKind::Template => &["content", "template"],
            SendKind::Image | SendKind::Video => &["mediaId", "mediaUrl"],
            SendKind::DocumentPdf => &["mediaId", "mediaUrl", "fileName"],
            SendKind::Location => &["title", "address", "latitude", "longitude"],
            SendKind::Sticker => &["packageId", "stickerId"],
        };
        let given = [
            ("content", self.content.as_ref().is_some_and(|text| !text.is_empty())),
            ("mediaId", self.media_id.is_some()),
            ("mediaUrl", self.media_url.is_some()),
            ("fileName", self.file_name.is_some()),
            ("title", self.title.is_some()),
            ("address", self.address.is_some()),
            ("latitude", self.latitude.is_some()),
            ("longitude", self.longitude.is_some()),
            ("packageId", self.package_id.is_some()),
            ("stickerId", self.sticker_id.is_some()),
            ("quickReplies", self.quick_replies.as_ref().is_some_and(|choices| !choices.is_empty())),
            ("durationMs", self.duration_ms.is_some()),
            ("template", self.template.is_some()),
        ];
        if let Some((field, _)) = given.iter().find(|(field, given)| *given && !own.contains(field)) {
            return Err(ApiProblem::invalid(field, "has no place in a message of this type"));
        }
        let media_id = self.media_id.map(MediaId::from_uuid);
        Ok(match kind {
            SendKind::Text => {
                let text = needed("content", self.content)?;
                match self.quick_replies.filter(|choices| !choices.is_empty()) {
                    None => NewContent::Text(text),
                    Some(choices) => NewContent::Choices {
                        text,
                        choices: choices.into_iter().map(QuickReply::into_choice).collect(),
                    },
                }
            }
            SendKind::Video => NewContent::Video { media_id, media_url: self.media_url },
            SendKind::Audio => NewContent::Audio { media_id, media_url: self.media_url, duration_ms: self.duration_ms },
            SendKind::Template => {
                let template = needed("template", self.template)?;
                let text = self.content.unwrap_or_else(|| template.words());
                NewContent::Template { text, template: template.into_provider_form()? }
            }
            SendKind::Image => NewContent::Image { media_id, media_url: self.media_url },
            SendKind::DocumentPdf => {
                NewContent::DocumentPdf { media_id, media_url: self.media_url, file_name: self.file_name }
            }
            SendKind::Location => NewContent::Location {
                title: needed("title", self.title)?,
                address: needed("address", self.address)?,
                latitude: needed("latitude", self.latitude)?,
                longitude: needed("longitude", self.longitude)?,
            },
            SendKind::Sticker => NewContent::Sticker {
                package_id: needed("packageId", self.package_id)?,
                sticker_id: needed("stickerId", self.sticker_id)?,
            },
        })
    }
}

fn needed<T>(field: &str, value: Option<T>) -> Result<T, ApiProblem> {
    value.ok_or_else(|| ApiProblem::invalid(field, "is missing"))
}
