//! Understanding one event.

use hubchat_domain::{
    Attachment, InboundEvent, InboundEventKind, InboundThread, MediaSource, MessageContent, SystemNotice, ThreadKind,
    Timestamp,
};
use hubchat_ports::InvalidEvent;
use serde_json::{Value, json};

use crate::wire::{Event, Message, Source};

pub(crate) fn parse(raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
    let value: Value = serde_json::from_slice(raw).map_err(|_| invalid("it is not JSON"))?;
    if value.get("type").and_then(Value::as_str).is_none() {
        return Ok(vec![foreign()]);
    }
    let event: Event = serde_json::from_value(value).map_err(|error| invalid(&shape_of(&error)))?;
    let thread = event.source.as_ref().map(thread).transpose()?.flatten();
    let kind = kind(&event)?;
    let speaks = !matches!(kind, InboundEventKind::Unsupported { .. });
    if speaks && thread.is_none() {
        return Err(invalid("source is missing"));
    }
    let sender = event.source.as_ref().and_then(|source| source.user_id.clone());
    let in_group = thread.as_ref().is_some_and(|thread| thread.kind != ThreadKind::Direct);
    Ok(vec![InboundEvent {
        thread,
        sender_external_id: sender.filter(|_| in_group),
        occurred_at: event.timestamp.map(Timestamp::from_millis),
        reply_token: event.reply_token.filter(|token| !token.is_empty()),
        standby: event.mode.as_deref() == Some("standby"),
        ..InboundEvent::of(kind)
    }])
}

fn invalid(reason: &str) -> InvalidEvent {
    InvalidEvent { reason: reason.to_owned() }
}

/// serde's words without the value that it quotes.
fn shape_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") { text } else { "a field is not of the documented type".to_owned() }
}

/// A body that is not of LINE's shape.
fn foreign() -> InboundEvent {
    InboundEvent::of(InboundEventKind::Unsupported { event_type: "foreign".to_owned(), detail: None })
}

fn thread(source: &Source) -> Result<Option<InboundThread>, InvalidEvent> {
    let (kind, id) = match source.kind.as_str() {
        "user" => (ThreadKind::Direct, &source.user_id),
        "group" => (ThreadKind::Group, &source.group_id),
        "room" => (ThreadKind::Room, &source.room_id),
        _ => return Ok(None),
    };
    let id = id.clone().filter(|id| !id.is_empty()).ok_or_else(|| invalid("source has no id"))?;
    Ok(Some(InboundThread::of(kind, id)))
}

fn kind(event: &Event) -> Result<InboundEventKind, InvalidEvent> {
    let notice = |notice| Ok(InboundEventKind::Notice(notice));
    match event.kind.as_str() {
        "message" => message(event),
        "messageEdited" => {
            let message = read_message(event)?;
            let text = message.text.ok_or_else(|| invalid("message.text is missing"))?;
            Ok(InboundEventKind::Edited { external_message_id: message.id, text })
        }
        "unsend" => {
            let unsend = event.unsend.as_ref().ok_or_else(|| invalid("unsend is missing"))?;
            Ok(InboundEventKind::Unsent { external_message_id: unsend.message_id.clone() })
        }
        "postback" => postback(event),
        "follow" if event.follow.as_ref().is_some_and(|follow| follow.is_unblocked) => notice(SystemNotice::Unblocked),
        "follow" => notice(SystemNotice::Followed),
        "unfollow" => notice(SystemNotice::Blocked),
        "join" => notice(SystemNotice::JoinedGroup),
        "leave" => notice(SystemNotice::LeftGroup),
        "memberJoined" => notice(SystemNotice::MembersJoined),
        "memberLeft" => notice(SystemNotice::MembersLeft),
        other => Ok(unsupported(other)),
    }
}

/// A kind that hubchat does not use. The name is a stranger's: only a short plain one is repeated.
fn unsupported(event_type: &str) -> InboundEventKind {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_';
    let named = event_type.len() <= 40 && event_type.chars().all(plain);
    let event_type = if named { event_type.to_owned() } else { "unknown".to_owned() };
    InboundEventKind::Unsupported { event_type, detail: None }
}

fn read_message(event: &Event) -> Result<Message, InvalidEvent> {
    let message = event.message.clone().ok_or_else(|| invalid("message is missing"))?;
    serde_json::from_value(message).map_err(|error| invalid(&format!("message: {}", shape_of(&error))))
}

fn postback(event: &Event) -> Result<InboundEventKind, InvalidEvent> {
    let postback = event.postback.clone().ok_or_else(|| invalid("postback is missing"))?;
    let data = postback.get("data").and_then(Value::as_str).ok_or_else(|| invalid("postback.data is missing"))?;
    let id = event.webhook_event_id.as_deref().ok_or_else(|| invalid("webhookEventId is missing"))?;
    Ok(InboundEventKind::Message {
        external_message_id: format!("postback:{id}"),
        content: MessageContent::Template { text: data.to_owned(), payload: json!({"postback": postback}) },
        media: None,
        quote_token: None,
        quoted_external_id: None,
    })
}

fn message(event: &Event) -> Result<InboundEventKind, InvalidEvent> {
    let message = read_message(event)?;
    let needed = |name: &str| invalid(&format!("message.{name} is missing"));
    let mut media = None;
    let content = match message.kind.as_str() {
        "text" => MessageContent::Text { text: message.text.clone().ok_or_else(|| needed("text"))? },
        "image" => {
            media = Some(source(&message, false));
            MessageContent::Image(attachment(&message))
        }
        "video" => {
            media = Some(source(&message, true));
            MessageContent::Video(attachment(&message))
        }
        "audio" => {
            media = Some(source(&message, true));
            MessageContent::Audio(attachment(&message))
        }
        "file" => {
            media = Some(source(&message, false));
            MessageContent::File(attachment(&message))
        }
        "sticker" => MessageContent::Sticker {
            package_id: message.package_id.clone().ok_or_else(|| needed("packageId"))?,
            sticker_id: message.sticker_id.clone().ok_or_else(|| needed("stickerId"))?,
            keywords: message.keywords.clone(),
        },
        "location" => MessageContent::Location {
            title: message.title.clone(),
            address: message.address.clone(),
            latitude: message.latitude.ok_or_else(|| needed("latitude"))?,
            longitude: message.longitude.ok_or_else(|| needed("longitude"))?,
        },
        other => return Ok(unsupported(&format!("message/{other}"))),
    };
    Ok(InboundEventKind::Message {
        external_message_id: message.id,
        content,
        media,
        quote_token: message.quote_token,
        quoted_external_id: message.quoted_message_id,
    })
}

fn attachment(message: &Message) -> Attachment {
    Attachment {
        media_id: None,
        url: None,
        file_name: message.file_name.clone(),
        size: message.file_size,
        duration_ms: message.duration,
    }
}

/// Where the file is. The content door does not serve what LINE itself only knows by an address.
fn source(message: &Message, transcoded: bool) -> MediaSource {
    let external = message.content_provider.as_ref().filter(|provider| provider.kind == "external");
    match external.and_then(|provider| provider.original_content_url.clone()) {
        Some(url) => MediaSource::Url { url },
        None => MediaSource::Provider { external_id: message.id.clone(), transcoded },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{webhook, webhooks},
        split::split,
    };

    fn only(file: &str) -> InboundEvent {
        let batch = split(&webhook(file).into()).expect("JSON");
        let [event] = batch.events.as_slice() else { panic!("{file} holds one event") };
        parse(&event.raw).expect("understood").remove(0)
    }

    fn content(file: &str) -> (MessageContent, Option<MediaSource>) {
        let InboundEventKind::Message { content, media, .. } = only(file).kind else { panic!("{file} is a message") };
        (content, media)
    }

    #[test]
    fn a_text_is_understood_whole() {
        let event = only("text.json");
        assert_eq!(
            event.thread.map(|thread| (thread.kind, thread.external_thread_id)),
            Some((ThreadKind::Direct, "U11112222333344445555666677778888".to_owned(),))
        );
        assert_eq!(event.occurred_at, Some(Timestamp::from_millis(1_767_225_601_000)));
        assert_eq!(event.reply_token.as_deref(), Some("0000000000000000000000000abc0001"));
        assert!(!event.standby);
        assert_eq!(
            event.kind,
            InboundEventKind::Message {
                external_message_id: "590000000000000101".to_owned(),
                content: MessageContent::Text {
                    text: "สวัสดีค่ะ มีไซซ์ M ไหมคะ 🍎".to_owned()
                },
                media: None,
                quote_token: Some("q3Plxr4AgKdt1".to_owned()),
                quoted_external_id: None,
            }
        );
    }

    #[test]
    fn files_know_where_their_bytes_are() {
        let (image, source) = content("image.json");
        assert_eq!(image.kind().as_str(), "IMAGE");
        assert_eq!(source, Some(MediaSource::Provider { external_id: "590000000000000303".into(), transcoded: false }));
        let (_, source) = content("image_external.json");
        assert_eq!(source, Some(MediaSource::Url { url: "https://cdn.example.com/o.jpg".into() }));
        let (video, source) = content("video.json");
        assert_eq!(video.kind().as_str(), "VIDEO");
        assert!(matches!(source, Some(MediaSource::Provider { transcoded: true, .. } | MediaSource::Url { .. })));
        let (audio, source) = content("audio.json");
        assert_eq!(audio.attachment().and_then(|file| file.duration_ms), Some(4200));
        assert!(matches!(source, Some(MediaSource::Provider { transcoded: true, .. })));
        let (file, _) = content("file.json");
        let file = file.attachment().cloned().expect("a file");
        assert_eq!((file.file_name.as_deref(), file.size), (Some("ใบเสร็จ-2026-01.pdf"), Some(218_133)));
    }

    #[test]
    fn places_and_buttons_become_messages() {
        let (place, _) = content("location.json");
        assert_eq!(place.text().as_deref(), Some("ร้านตัวอย่าง, 1 ถนนตัวอย่าง กรุงเทพฯ 10110"));
        let (pressed, _) = content("postback.json");
        assert_eq!(pressed.text().as_deref(), Some("action=claim&case=CASE-1001"));
        let (MessageContent::Template { payload, .. }, _) = content("postback_datetime.json") else {
            panic!("a button")
        };
        assert_eq!(payload["postback"]["params"]["datetime"], "2026-01-05T10:30");
        let sticker = br#"{"type":"message","source":{"type":"user","userId":"U1"},"message":{"type":"sticker","id":"9","packageId":"446","stickerId":"1988","keywords":["hi"]}}"#;
        let parsed = parse(sticker).expect("understood").remove(0);
        assert!(matches!(parsed.kind, InboundEventKind::Message { content: MessageContent::Sticker { .. }, .. }));
    }

    #[test]
    fn groups_tell_who_wrote_and_what_was_quoted() {
        let event = only("text_group_mention_quote.json");
        assert_eq!(event.thread.as_ref().map(|thread| thread.kind), Some(ThreadKind::Group));
        assert_eq!(event.sender_external_id.as_deref(), Some("U11112222333344445555666677778888"));
        let InboundEventKind::Message { quoted_external_id, .. } = event.kind else { panic!("a message") };
        assert_eq!(quoted_external_id.as_deref(), Some("589999999999999001"));
    }

    #[test]
    fn every_other_kind_has_its_meaning() {
        let kind = |file: &str| only(file).kind;
        let notice = InboundEventKind::Notice;
        assert_eq!(kind("follow.json"), notice(SystemNotice::Followed));
        assert_eq!(kind("unfollow.json"), notice(SystemNotice::Blocked));
        assert_eq!(kind("join.json"), notice(SystemNotice::JoinedGroup));
        assert_eq!(kind("member_joined.json"), notice(SystemNotice::MembersJoined));
        assert_eq!(kind("unsend.json"), InboundEventKind::Unsent { external_message_id: "590000000000000101".into() });
        assert_eq!(
            kind("message_edited.json"),
            InboundEventKind::Edited {
                external_message_id: "590000000000000202".into(),
                text: "ราคาเท่าไหร่คะ (แก้ไข)".into(),
            }
        );
        for (file, name) in [("account_link.json", "accountLink"), ("video_play_complete.json", "videoPlayComplete")] {
            assert_eq!(kind(file), InboundEventKind::Unsupported { event_type: name.into(), detail: None });
        }
        let standby = only("standby.json");
        assert!(standby.standby && standby.reply_token.is_none());
        for (line, expected) in [
            (r#"{"type":"leave","source":{"type":"group","groupId":"C1"}}"#, SystemNotice::LeftGroup),
            (r#"{"type":"memberLeft","source":{"type":"room","roomId":"R1"}}"#, SystemNotice::MembersLeft),
            (
                r#"{"type":"follow","follow":{"isUnblocked":true},"source":{"type":"user","userId":"U1"}}"#,
                SystemNotice::Unblocked,
            ),
        ] {
            assert_eq!(parse(line.as_bytes()).expect("understood").remove(0).kind, notice(expected));
        }
    }

    #[test]
    fn every_fixture_is_understood() {
        for file in webhooks() {
            for event in split(&webhook(&file).into()).expect("JSON").events {
                assert!(parse(&event.raw).is_ok(), "{file}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_named_and_values_are_not_repeated() {
        for (line, word) in [
            (r#"{"type":"message","source":{"type":"user","userId":"U1"}}"#, "message is missing"),
            (r#"{"type":"message","source":{"type":"user","userId":"U1"},"message":{"type":"text","id":"1"}}"#, "text"),
            (r#"{"type":"message","message":{"type":"text","id":"1","text":"x"}}"#, "source"),
            (r#"{"type":"message","source":{"type":"user"},"message":{"type":"text","id":"1","text":"x"}}"#, "id"),
            (
                r#"{"type":"message","source":{"type":"user","userId":"U1"},"message":{"type":"text","id":{"canary":1}}}"#,
                "type",
            ),
            (r#"{"type":"unsend","source":{"type":"user","userId":"U1"}}"#, "unsend"),
        ] {
            let error = parse(line.as_bytes()).expect_err(line).to_string();
            assert!(error.contains(word) && !error.contains("canary"), "{line}: {error}");
        }
        let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(500));
        let parsed = parse(long.as_bytes()).expect("kept").remove(0).kind;
        assert_eq!(parsed, InboundEventKind::Unsupported { event_type: "unknown".into(), detail: None });
    }
}
