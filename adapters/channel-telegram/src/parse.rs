//! Understanding one update.
//!
//! A message's number is unique within its chat only, so hubchat's external id is `chat:number`.

use hubchat_domain::{
    Attachment, InboundEvent, InboundEventKind, InboundThread, MediaSource, MessageContent, Profile, SystemNotice,
    ThreadKind, Timestamp,
};
use hubchat_ports::InvalidEvent;
use serde_json::{Value, json};

use crate::wire::{CallbackQuery, Chat, File, MemberChange, Message, Update, User};

pub(crate) fn parse(raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
    let value: Value = serde_json::from_slice(raw).map_err(|_| invalid("it is not JSON"))?;
    if value.get("update_id").and_then(Value::as_i64).is_none() {
        return Ok(vec![unsupported("foreign")]);
    }
    let name = value.as_object().and_then(|fields| fields.keys().find(|key| *key != "update_id")).cloned();
    let update: Update = serde_json::from_value(value).map_err(|error| invalid(&shape_of(&error)))?;
    if let Some(message) = &update.message {
        return Ok(said(message));
    }
    if let Some(message) = &update.edited_message {
        return Ok(edited(message));
    }
    if let Some(query) = &update.callback_query {
        return Ok(vec![pressed(query)]);
    }
    if let Some(change) = &update.my_chat_member {
        return Ok(vec![membership(change)]);
    }
    Ok(vec![unsupported(name.as_deref().unwrap_or("empty"))])
}

fn invalid(reason: &str) -> InvalidEvent {
    InvalidEvent { reason: reason.to_owned() }
}

/// serde's words without the value that it quotes.
fn shape_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") { text } else { "a field is not of the documented type".to_owned() }
}

/// A kind that hubchat does not use. The name is a stranger's: only a short plain one is repeated.
fn unsupported(event_type: &str) -> InboundEvent {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_';
    let named = event_type.len() <= 40 && event_type.chars().all(plain);
    let event_type = if named { event_type.to_owned() } else { "unknown".to_owned() };
    InboundEvent::of(InboundEventKind::Unsupported { event_type, detail: None })
}

fn thread(chat: &Chat) -> Option<InboundThread> {
    let kind = match chat.kind.as_str() {
        "private" => ThreadKind::Direct,
        "group" | "supergroup" => ThreadKind::Group,
        _ => return None,
    };
    Some(InboundThread::of(kind, chat.id.to_string()))
}

fn event(chat: &Chat, sender: Option<&User>, date: Option<i64>, kind: InboundEventKind) -> InboundEvent {
    let Some(thread) = thread(chat) else { return unsupported("channel_post") };
    let in_group = thread.kind != ThreadKind::Direct;
    InboundEvent {
        thread: Some(thread),
        sender_external_id: sender.filter(|_| in_group).map(|sender| sender.id.to_string()),
        occurred_at: date.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000))),
        // In a group the thread's name is the group's, whoever speaks.
        profile: sender.filter(|_| !in_group).and_then(profile),
        ..InboundEvent::of(kind)
    }
}

/// The name that an update tells of whoever it is from (<https://core.telegram.org/bots/api#user>).
fn profile(sender: &User) -> Option<Profile> {
    let names = [&sender.first_name, &sender.last_name].into_iter().flatten().map(|name| name.trim());
    let name = names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then(|| Profile { display_name: Some(name), ..Profile::default() })
}

fn external_id(chat: &Chat, number: i64) -> String {
    format!("{}:{number}", chat.id)
}

/// Names the text under a file: it is a message of its own, so that nothing the customer said is lost.
fn caption_id(chat: &Chat, number: i64) -> String {
    format!("{}:{number}:caption", chat.id)
}

fn said(message: &Message) -> Vec<InboundEvent> {
    // A group that became a supergroup is another chat; each of the two tells of the other.
    if let Some(to) = message.migrate_to_chat_id {
        return vec![event(&message.chat, None, message.date, InboundEventKind::Moved { to: to.to_string() })];
    }
    if message.migrate_from_chat_id.is_some() {
        return vec![unsupported("message/migrate_from")];
    }
    let sender = message.from.as_ref();
    if sender.is_some_and(|sender| sender.is_bot) {
        return vec![unsupported("message/bot")];
    }
    let of = |kind| event(&message.chat, sender, message.date, kind);
    if message.new_chat_members.is_some() {
        return vec![of(InboundEventKind::Notice(SystemNotice::MembersJoined))];
    }
    if message.left_chat_member.is_some() {
        return vec![of(InboundEventKind::Notice(SystemNotice::MembersLeft))];
    }
    let Some((content, media)) = content(message) else {
        let kind = if message.forum_topic_created.is_some() { "message/forum_topic" } else { "message/other" };
        return vec![unsupported(kind)];
    };
    // The first message of a forum's topic is answered by all others, which says nothing.
    let answered = message.reply_to_message.as_ref().filter(|replied| replied.forum_topic_created.is_none());
    let quoted_external_id = answered.map(|replied| external_id(&message.chat, replied.message_id));
    let spoken = |external_message_id, content, media| {
        of(InboundEventKind::Message {
            external_message_id,
            content,
            media,
            quote_token: Some(message.message_id.to_string()),
            quoted_external_id: quoted_external_id.clone(),
        })
    };
    let mut events = vec![spoken(external_id(&message.chat, message.message_id), content, media)];
    if let Some(text) = message.caption.clone().filter(|text| !text.is_empty()) {
        let id = caption_id(&message.chat, message.message_id);
        events.push(spoken(id, MessageContent::Text { text }, None));
    }
    events
}

fn content(message: &Message) -> Option<(MessageContent, Option<MediaSource>)> {
    let file = |content: fn(Attachment) -> MessageContent, file: &File| {
        let attachment = Attachment {
            media_id: None,
            url: None,
            file_name: file.file_name.clone(),
            size: file.file_size,
            duration_ms: file.duration.map(|seconds| seconds.saturating_mul(1_000)),
        };
        let source = MediaSource::Provider { external_id: file.file_id.clone(), transcoded: false };
        (content(attachment), Some(source))
    };
    let plain = |content| Some((content, None));
    if let Some(text) = &message.text {
        return plain(MessageContent::Text { text: text.clone() });
    }
    // Sizes grow: the last is the picture itself.
    if let Some(photo) = message.photo.as_ref().and_then(|sizes| sizes.last()) {
        return Some(file(MessageContent::Image, photo));
    }
    // An animation comes as a document too; it is a film.
    if let Some(film) = message.video.as_ref().or(message.animation.as_ref()).or(message.video_note.as_ref()) {
        return Some(file(MessageContent::Video, film));
    }
    if let Some(sound) = message.voice.as_ref().or(message.audio.as_ref()) {
        return Some(file(MessageContent::Audio, sound));
    }
    if let Some(document) = &message.document {
        return Some(file(MessageContent::File, document));
    }
    if let Some(sticker) = &message.sticker {
        return plain(MessageContent::Sticker {
            package_id: sticker.set_name.clone().unwrap_or_default(),
            sticker_id: sticker.file_unique_id.clone(),
            keywords: sticker.emoji.iter().cloned().collect(),
        });
    }
    // A venue comes with its location beside it.
    if let Some(venue) = &message.venue {
        return plain(MessageContent::Location {
            title: venue.title.clone(),
            address: venue.address.clone(),
            latitude: venue.location.latitude,
            longitude: venue.location.longitude,
        });
    }
    if let Some(place) = &message.location {
        return plain(MessageContent::Location {
            title: None,
            address: None,
            latitude: place.latitude,
            longitude: place.longitude,
        });
    }
    let contact = message.contact.as_ref()?;
    let words = ["first_name", "last_name", "phone_number"].into_iter().filter_map(|name| contact[name].as_str());
    let text = words.collect::<Vec<_>>().join(" ");
    plain(MessageContent::Template { text, payload: json!({"contact": contact}) })
}

fn edited(message: &Message) -> Vec<InboundEvent> {
    if message.from.as_ref().is_some_and(|sender| sender.is_bot) {
        return vec![unsupported("edited_message/bot")];
    }
    let number = message.message_id;
    let (external_message_id, text) = match (&message.text, &message.caption) {
        (Some(text), _) => (external_id(&message.chat, number), text.clone()),
        (None, Some(caption)) => (caption_id(&message.chat, number), caption.clone()),
        (None, None) => return vec![unsupported("edited_message/file")],
    };
    let kind = InboundEventKind::Edited { external_message_id, text };
    vec![event(&message.chat, message.from.as_ref(), message.date, kind)]
}

fn pressed(query: &CallbackQuery) -> InboundEvent {
    // A button under a message of inline mode has no chat that the bot could answer in.
    let (Some(message), Some(data)) = (&query.message, &query.data) else {
        return unsupported("callback_query/inline");
    };
    let kind = InboundEventKind::Message {
        external_message_id: format!("callback:{}", query.id),
        content: MessageContent::Template { text: data.clone(), payload: json!({"callback": {"data": data}}) },
        media: None,
        quote_token: None,
        quoted_external_id: Some(external_id(&message.chat, message.message_id)),
    };
    // The update tells no time of its own.
    InboundEvent { press_id: Some(query.id.clone()), ..event(&message.chat, Some(&query.from), None, kind) }
}

/// The bot's own place in a chat (<https://core.telegram.org/bots/api#chatmember>).
fn membership(change: &MemberChange) -> InboundEvent {
    let is_in = |status: &str| !matches!(status, "left" | "kicked");
    let (before, after) = (is_in(&change.old_chat_member.status), is_in(&change.new_chat_member.status));
    let notice = match (change.chat.kind.as_str(), before, after) {
        ("private", true, false) => SystemNotice::Blocked,
        ("private", false, true) => SystemNotice::Unblocked,
        (_, true, false) => SystemNotice::LeftGroup,
        (_, false, true) => SystemNotice::JoinedGroup,
        _ => return unsupported("my_chat_member/rights"),
    };
    // In a private chat the person is who blocks; in a group whoever added the bot is no customer.
    let person = change.from.as_ref().filter(|_| change.chat.kind == "private");
    event(&change.chat, person, change.date, InboundEventKind::Notice(notice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{webhook, webhooks};

    fn events(file: &str) -> Vec<InboundEvent> {
        parse(&webhook(file)).expect("understood")
    }

    fn content_of(event: &InboundEvent) -> (&str, &MessageContent, Option<&MediaSource>) {
        let InboundEventKind::Message { external_message_id, content, media, .. } = &event.kind else {
            panic!("a message, not {:?}", event.kind)
        };
        (external_message_id, content, media.as_ref())
    }

    fn kind_of(file: &str) -> String {
        content_of(&events(file)[0]).1.kind().as_str().to_owned()
    }

    #[test]
    fn a_text_is_understood_whole() {
        let events = events("message_text.json");
        let [event] = events.as_slice() else { panic!("one event") };
        let thread = event.thread.as_ref().unwrap();
        assert_eq!((thread.kind, thread.external_thread_id.as_str()), (ThreadKind::Direct, "900100200"));
        assert_eq!(event.occurred_at, Some(Timestamp::from_millis(1_767_225_601_000)));
        assert_eq!(event.sender_external_id, None);
        let (id, content, media) = content_of(event);
        assert_eq!(id, "900100200:3001");
        assert_eq!(content.text().as_deref(), Some("สวัสดีครับ มีของไหม"));
        assert_eq!(media, None);
    }

    #[test]
    fn a_picture_and_its_words_are_two_messages() {
        let events = events("message_photo.json");
        let [picture, words] = events.as_slice() else { panic!("two events") };
        let (id, content, media) = content_of(picture);
        assert_eq!((id, content.kind().as_str()), ("900100200:3010", "IMAGE"));
        let largest = MediaSource::Provider { external_id: "AgACAgUAAxkp2".to_owned(), transcoded: false };
        assert_eq!(media, Some(&largest));
        let (id, content, _) = content_of(words);
        assert_eq!((id, content.text().as_deref()), ("900100200:3010:caption", Some("แบบนี้")));
    }

    #[test]
    fn every_kind_has_its_content() {
        for (file, kind) in [
            ("message_document.json", "FILE"),
            ("message_document_too_big.json", "FILE"),
            ("message_video.json", "VIDEO"),
            ("message_audio.json", "AUDIO"),
            ("message_voice.json", "AUDIO"),
            ("message_sticker.json", "STICKER"),
            ("message_location.json", "LOCATION"),
            ("message_contact.json", "TEMPLATE"),
            ("message_album_1.json", "IMAGE"),
            ("start_deeplink.json", "TEXT"),
        ] {
            assert_eq!(kind_of(file), kind, "{file}");
        }
        let animation = r#"{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":4,"type":"private"},
            "animation":{"file_id":"a"},"document":{"file_id":"a"}}}"#;
        let events = parse(animation.as_bytes()).unwrap();
        assert_eq!(content_of(&events[0]).1.kind().as_str(), "VIDEO");
        let venue = r#"{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":4,"type":"private"},
            "location":{"latitude":1,"longitude":2},
            "venue":{"location":{"latitude":1,"longitude":2},"title":"ร้าน","address":"a"}}}"#;
        let events = parse(venue.as_bytes()).unwrap();
        assert!(matches!(content_of(&events[0]).1, MessageContent::Location { title: Some(_), .. }));
    }

    #[test]
    fn answers_edits_and_buttons_name_their_message() {
        let InboundEventKind::Message { quoted_external_id, .. } = &events("message_reply.json")[0].kind else {
            panic!("a message")
        };
        assert!(quoted_external_id.as_ref().is_some_and(|id| id.starts_with("900100200:")));
        let InboundEventKind::Edited { external_message_id, .. } = &events("edited_message.json")[0].kind else {
            panic!("an edit")
        };
        assert!(external_message_id.starts_with("900100200:"));
        let caption =
            r#"{"update_id":1,"edited_message":{"message_id":2,"chat":{"id":4,"type":"private"},"caption":"c"}}"#;
        let InboundEventKind::Edited { external_message_id, .. } = &parse(caption.as_bytes()).unwrap()[0].kind else {
            panic!("an edit")
        };
        assert_eq!(external_message_id, "4:2:caption");
        let button = r#"{"update_id":1,"callback_query":{"id":"q1","from":{"id":4},"data":"yes",
            "message":{"message_id":2,"date":0,"chat":{"id":4,"type":"private"}}}}"#;
        let button = parse(button.as_bytes()).unwrap().remove(0);
        assert_eq!(content_of(&button).0, "callback:q1");
        assert_eq!(button.thread.unwrap().external_thread_id, "4");
    }

    #[test]
    fn blocking_and_leaving_are_noticed() {
        let notice = |before: &str, after: &str, chat: &str| {
            let line = format!(
                r#"{{"update_id":1,"my_chat_member":{{"chat":{{"id":4,"type":"{chat}"}},"date":5,
                "old_chat_member":{{"status":"{before}"}},"new_chat_member":{{"status":"{after}"}}}}}}"#
            );
            parse(line.as_bytes()).unwrap().remove(0).kind
        };
        assert_eq!(notice("member", "kicked", "private"), InboundEventKind::Notice(SystemNotice::Blocked));
        assert_eq!(notice("kicked", "member", "private"), InboundEventKind::Notice(SystemNotice::Unblocked));
        assert_eq!(notice("left", "administrator", "supergroup"), InboundEventKind::Notice(SystemNotice::JoinedGroup));
        assert_eq!(notice("member", "left", "group"), InboundEventKind::Notice(SystemNotice::LeftGroup));
        assert!(matches!(notice("member", "administrator", "group"), InboundEventKind::Unsupported { .. }));
        let unblocked = &events("my_chat_member_unblocked.json")[0].kind;
        assert_eq!(unblocked, &InboundEventKind::Notice(SystemNotice::Unblocked));
    }

    #[test]
    fn who_spoke_in_a_group_is_told_and_bots_are_not_customers() {
        let line = |is_bot: bool| {
            format!(
                r#"{{"update_id":1,"message":{{"message_id":2,"date":3,"text":"hi","chat":{{"id":-1004,"type":"supergroup"}},
                "from":{{"id":9,"is_bot":{is_bot}}}}}}}"#
            )
        };
        let event = parse(line(false).as_bytes()).unwrap().remove(0);
        assert_eq!(event.sender_external_id.as_deref(), Some("9"));
        assert_eq!(event.thread.unwrap().kind, ThreadKind::Group);
        assert!(matches!(parse(line(true).as_bytes()).unwrap()[0].kind, InboundEventKind::Unsupported { .. }));
    }

    #[test]
    fn a_group_that_became_a_supergroup_goes_on_there() {
        let event = events("group_migrated.json").remove(0);
        assert_eq!(event.kind, InboundEventKind::Moved { to: "-1001900000001".to_owned() });
        let thread = event.thread.unwrap();
        assert_eq!((thread.kind, thread.external_thread_id.as_str()), (ThreadKind::Group, "-190000001"));
        assert_eq!(event.occurred_at, Some(Timestamp::from_millis(1_767_225_670_000)));
        let there = events("group_migrated_from.json").remove(0);
        let noise = InboundEventKind::Unsupported { event_type: "message/migrate_from".to_owned(), detail: None };
        assert_eq!((there.kind, there.thread), (noise, None));
        // Whoever made the bot an administrator may be another bot.
        let by_bot = r#"{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":-4,"type":"group"},
            "from":{"id":9,"is_bot":true},"migrate_to_chat_id":-1004}}"#;
        let kind = parse(by_bot.as_bytes()).unwrap().remove(0).kind;
        assert_eq!(kind, InboundEventKind::Moved { to: "-1004".to_owned() });
    }

    #[test]
    fn whoever_writes_in_private_has_a_name_from_the_start() {
        let name = |event: &InboundEvent| event.profile.clone().and_then(|profile| profile.display_name);
        for file in ["message_text.json", "message_photo.json", "edited_message.json", "my_chat_member_unblocked.json"]
        {
            for event in events(file) {
                assert_eq!(name(&event).as_deref(), Some("Somchai K."), "{file}");
            }
        }
        let of = |from: &str, chat: &str| {
            let line = format!(
                r#"{{"update_id":1,"callback_query":{{"id":"q","from":{{"id":4,{from}}},"data":"yes",
                "message":{{"message_id":2,"date":0,"chat":{{"id":4,"type":"{chat}"}}}}}}}}"#
            );
            name(&parse(line.as_bytes()).unwrap().remove(0))
        };
        assert_eq!(of(r#""first_name":"สมชาย""#, "private").as_deref(), Some("สมชาย"));
        assert_eq!(of(r#""first_name":" ","last_name":"K.""#, "private").as_deref(), Some("K."));
        assert_eq!(of(r#""first_name":"","last_name":null"#, "private"), None);
        assert_eq!(of(r#""first_name":"Ploy""#, "supergroup"), None, "a group is not named after who speaks");
    }

    #[test]
    fn every_fixture_is_understood_and_strangers_are_kept() {
        for file in webhooks() {
            assert!(!events(&file).is_empty(), "{file}");
        }
        for shape in ["[]", "5", "{}", r#"{"update_id":1}"#, r#"{"update_id":1,"poll":{}}"#] {
            let kind = parse(shape.as_bytes()).unwrap().remove(0).kind;
            assert!(matches!(kind, InboundEventKind::Unsupported { .. }), "{shape}");
        }
        for (line, word) in [
            ("not JSON canary", "JSON"),
            (r#"{"update_id":1,"message":{"text":"canary"}}"#, "message_id"),
            (r#"{"update_id":1,"message":{"message_id":"canary"}}"#, "type"),
        ] {
            let error = parse(line.as_bytes()).expect_err(line).to_string();
            assert!(error.contains(word) && !error.contains("canary"), "{line}: {error}");
        }
    }
}
