//! Builds events as LINE writes them, and webhook bodies of them.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::content::Kind;
use super::deliver::line_signature;
use super::said::SaidEvent;
use super::say::{Media, Say, SayKind};
use super::{FakeLine, LineChannel};
use crate::error::SandboxError;
use crate::timeline::{By, Content, Note};
use secrecy::ExposeSecret;

/// The customer who speaks when none is named.
const USUAL_USER: &str = "U5a4db0c5a4db0c5a4db0c5a4db0c5a4d";

/// A signed webhook body, ready to be posted as often as one likes.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The channel it is for.
    pub destination: String,
    /// Its events; `status` is 0, for it was not posted yet.
    pub events: Vec<SaidEvent>,
    /// The exact bytes.
    pub body: Bytes,
    /// The `x-line-signature` of the bytes.
    pub signature: String,
}

impl FakeLine {
    /// Builds one signed webhook body with several events of one channel, without posting it. The
    /// events' tokens are valid and their media is there from now on.
    ///
    /// # Errors
    /// When a channel is not known, or the events are of different channels.
    pub fn compose(&self, says: Vec<Say>) -> Result<Webhook, SandboxError> {
        let mut channel: Option<Arc<LineChannel>> = None;
        let mut events = Vec::with_capacity(says.len());
        for say in says {
            let own = self.channel_of(say.destination.as_deref())?;
            if channel.as_ref().is_some_and(|known| known.destination != own.destination) {
                return Err(SandboxError::MixedBatch);
            }
            events.push(self.event(&own, say)?);
            channel = Some(own);
        }
        let channel = channel.ok_or(SandboxError::MixedBatch)?;
        for said in &events {
            let kept = self.state.said.keep(said.clone(), self.state.now_ms());
            self.state.timeline.note(Note {
                channel: "line",
                account: said.destination.clone(),
                person: said.chat_id.clone(),
                by: By::Customer,
                operation: "said",
                id: said.message_id.clone().unwrap_or_default(),
                content: Content::LineSaid(kept),
            });
        }
        let bodies: Vec<&Value> = events.iter().map(|said| &said.event).collect();
        let (body, signature) = signed_body(&channel, &bodies);
        Ok(Webhook { destination: channel.destination.clone(), events, body, signature })
    }

    pub(super) fn channel_of(&self, destination: Option<&str>) -> Result<Arc<LineChannel>, SandboxError> {
        match destination {
            None => self.state.channels.first().ok_or(SandboxError::NoChannel),
            Some(named) => {
                self.state.channels.find(named).ok_or_else(|| SandboxError::UnknownDestination(named.to_owned()))
            }
        }
    }

    fn event(&self, channel: &LineChannel, say: Say) -> Result<SaidEvent, SandboxError> {
        let (group, kind) = match say.event {
            SayKind::InGroup { group_id, event } => (Some(group_id), *event),
            kind => (None, kind),
        };
        let user = say.user_id.unwrap_or_else(|| USUAL_USER.to_owned());
        let mut draft = Draft::new(self, channel, user, group);
        draft.fill(kind)?;
        Ok(draft.finish())
    }
}

/// The body with these events, and its signature.
pub(super) fn signed_body(channel: &LineChannel, events: &[&Value]) -> (Bytes, String) {
    let body = json!({ "destination": channel.destination, "events": events }).to_string();
    let signature = line_signature(channel.channel_secret.expose_secret(), body.as_bytes());
    (Bytes::from(body), signature)
}

/// An event in the making.
struct Draft<'a> {
    line: &'a FakeLine,
    channel: &'a LineChannel,
    user: String,
    group: Option<String>,
    /// The user is not named in the source: the event is about the group.
    about_group: bool,
    can_reply: bool,
    event: Map<String, Value>,
}

impl<'a> Draft<'a> {
    fn new(line: &'a FakeLine, channel: &'a LineChannel, user: String, group: Option<String>) -> Self {
        Self { line, channel, user, group, about_group: false, can_reply: true, event: Map::new() }
    }

    fn set(&mut self, key: &str, value: Value) {
        self.event.insert(key.to_owned(), value);
    }

    fn fill(&mut self, kind: SayKind) -> Result<(), SandboxError> {
        let people = &self.line.state.people;
        let destination = self.channel.destination.as_str();
        match kind {
            SayKind::Text(text) => self.message(true, json!({ "type": "text", "text": text })),
            SayKind::Image(media) => self.media(Kind::Image, &media, json!({ "type": "image" })),
            SayKind::Video(media) => self.media(Kind::Video, &media, json!({ "type": "video" })),
            SayKind::Audio(media) => self.media(Kind::Audio, &media, json!({ "type": "audio" })),
            SayKind::File { file_name, media } => {
                let size = media.bytes.as_ref().map_or(Kind::File.built_in().len(), Bytes::len);
                self.media(Kind::File, &media, json!({ "type": "file", "fileName": file_name, "fileSize": size }));
            }
            SayKind::Sticker { package_id, sticker_id } => self.message(
                true,
                json!({
                    "type": "sticker", "packageId": package_id, "stickerId": sticker_id,
                    "stickerResourceType": "STATIC", "keywords": ["hello"],
                }),
            ),
            SayKind::Location { title, address, latitude, longitude } => self.message(
                false,
                json!({
                    "type": "location", "title": title, "address": address,
                    "latitude": latitude, "longitude": longitude,
                }),
            ),
            SayKind::Postback { data, params } => {
                let mut postback = json!({ "data": data });
                if let Some(params) = params {
                    postback["params"] = params;
                }
                self.set("type", json!("postback"));
                self.set("postback", postback);
            }
            SayKind::Follow { is_unblocked } => {
                people.set_blocked(destination, &self.user, false);
                self.set("type", json!("follow"));
                self.set("follow", json!({ "isUnblocked": is_unblocked }));
            }
            SayKind::Unfollow => {
                people.set_blocked(destination, &self.user, true);
                self.can_reply = false;
                self.set("type", json!("unfollow"));
            }
            SayKind::Join(group) => {
                people.set_left(destination, &group, false);
                self.in_group(group);
                self.set("type", json!("join"));
            }
            SayKind::Leave(group) => {
                people.set_left(destination, &group, true);
                self.in_group(group);
                self.can_reply = false;
                self.set("type", json!("leave"));
            }
            SayKind::MemberJoined { group_id, members } => {
                self.in_group(group_id);
                let members: Vec<Value> =
                    members.iter().map(|member| json!({ "type": "user", "userId": member })).collect();
                self.set("type", json!("memberJoined"));
                self.set("joined", json!({ "members": members }));
            }
            SayKind::Unsend { message_id } => {
                self.line.state.contents.set_gone(&message_id);
                self.can_reply = false;
                self.set("type", json!("unsend"));
                self.set("unsend", json!({ "messageId": message_id }));
            }
            SayKind::InGroup { .. } => return Err(SandboxError::ImpossibleEvent("a group within a group")),
            SayKind::Raw(Value::Object(event)) => {
                self.can_reply = false;
                self.event = event;
            }
            SayKind::Raw(_) => return Err(SandboxError::ImpossibleEvent("an event must be a JSON object")),
        }
        Ok(())
    }

    fn in_group(&mut self, group: String) {
        self.group = Some(group);
        self.about_group = true;
    }

    fn message(&mut self, can_be_quoted: bool, mut message: Value) {
        let ids = &self.line.state.ids;
        if message.get("id").is_none() {
            message["id"] = json!(ids.message_id());
        }
        if can_be_quoted {
            message["quoteToken"] = json!(ids.short_token());
        }
        message["markAsReadToken"] = json!(ids.short_token());
        self.set("type", json!("message"));
        self.set("message", message);
    }

    fn media(&mut self, kind: Kind, media: &Media, mut message: Value) {
        let id = self.line.state.ids.message_id();
        self.line.state.contents.put(&id, &self.channel.destination, kind, media);
        message["id"] = json!(id);
        if kind != Kind::File {
            message["contentProvider"] = match &media.external {
                None => json!({ "type": "line" }),
                Some((original, preview)) => {
                    json!({ "type": "external", "originalContentUrl": original, "previewImageUrl": preview })
                }
            };
        }
        if matches!(kind, Kind::Video | Kind::Audio) {
            message["duration"] = json!(media.duration_ms.unwrap_or(4_200));
        }
        if let Some(set) = &media.image_set {
            message["imageSet"] = json!({ "id": set.id, "index": set.index, "total": set.total });
        }
        self.message(matches!(kind, Kind::Image | Kind::Video), message);
    }

    fn finish(mut self) -> SaidEvent {
        let state = &self.line.state;
        let now_ms = state.now_ms();
        let source = self.source();
        let event = &mut self.event;
        event.entry("webhookEventId").or_insert_with(|| json!(state.ids.ulid(now_ms)));
        event.entry("deliveryContext").or_insert_with(|| json!({ "isRedelivery": false }));
        event.entry("timestamp").or_insert(json!(now_ms));
        event.entry("source").or_insert(source);
        event.entry("mode").or_insert(json!("active"));
        if self.can_reply {
            event.insert("replyToken".to_owned(), json!(state.ids.hex32()));
        }
        let said = SaidEvent::of(&self.channel.destination, Value::Object(self.event));
        if let Some(token) = &said.reply_token {
            state.tokens.issue_reply(token.clone(), &said.destination, &said.chat_id, now_ms);
        }
        if let Some(token) = &said.mark_as_read_token {
            state.tokens.issue_read(token.clone(), &said.destination, &said.chat_id);
        }
        said
    }

    fn source(&self) -> Value {
        let Some(group) = &self.group else { return json!({ "type": "user", "userId": self.user }) };
        let (kind, key) = if group.starts_with('R') { ("room", "roomId") } else { ("group", "groupId") };
        let mut source = json!({ "type": kind, (key): group });
        if !self.about_group {
            source["userId"] = json!(self.user);
        }
        source
    }
}
