//! Updates as Telegram sends them (<https://core.telegram.org/bots/api#update>). Fields that hubchat does not
//! use are left out.

#![expect(clippy::struct_field_names, reason = "the names are Telegram's")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub(crate) struct Update {
    pub(crate) message: Option<Message>,
    pub(crate) edited_message: Option<Message>,
    pub(crate) callback_query: Option<CallbackQuery>,
    pub(crate) my_chat_member: Option<MemberChange>,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) message_id: i64,
    pub(crate) from: Option<User>,
    pub(crate) chat: Chat,
    pub(crate) date: Option<i64>,
    pub(crate) reply_to_message: Option<Box<Replied>>,
    pub(crate) text: Option<String>,
    pub(crate) caption: Option<String>,
    pub(crate) photo: Option<Vec<File>>,
    pub(crate) document: Option<File>,
    pub(crate) video: Option<File>,
    pub(crate) video_note: Option<File>,
    pub(crate) animation: Option<File>,
    pub(crate) audio: Option<File>,
    pub(crate) voice: Option<File>,
    pub(crate) sticker: Option<Sticker>,
    pub(crate) location: Option<Location>,
    pub(crate) venue: Option<Venue>,
    pub(crate) contact: Option<Value>,
    pub(crate) new_chat_members: Option<Vec<User>>,
    pub(crate) left_chat_member: Option<User>,
    pub(crate) forum_topic_created: Option<Value>,
    /// The supergroup that this group has become; told in the group.
    pub(crate) migrate_to_chat_id: Option<i64>,
    /// The group that this supergroup was; told in the supergroup.
    pub(crate) migrate_from_chat_id: Option<i64>,
}

#[derive(Deserialize)]
pub(crate) struct Replied {
    pub(crate) message_id: i64,
    pub(crate) forum_topic_created: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct User {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) is_bot: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Chat {
    pub(crate) id: i64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) file_id: String,
    pub(crate) file_name: Option<String>,
    pub(crate) file_size: Option<u64>,
    /// Seconds.
    pub(crate) duration: Option<u64>,
}

#[derive(Deserialize)]
pub(crate) struct Sticker {
    pub(crate) file_unique_id: String,
    pub(crate) set_name: Option<String>,
    pub(crate) emoji: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Location {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
}

#[derive(Deserialize)]
pub(crate) struct Venue {
    pub(crate) location: Location,
    pub(crate) title: Option<String>,
    pub(crate) address: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct CallbackQuery {
    pub(crate) id: String,
    pub(crate) from: User,
    pub(crate) message: Option<Pressed>,
    pub(crate) data: Option<String>,
}

/// The message of a pressed button; its date is 0 when it can no longer be read.
#[derive(Deserialize)]
pub(crate) struct Pressed {
    pub(crate) chat: Chat,
    pub(crate) message_id: i64,
}

#[derive(Deserialize)]
pub(crate) struct MemberChange {
    pub(crate) chat: Chat,
    pub(crate) from: Option<User>,
    pub(crate) date: Option<i64>,
    pub(crate) old_chat_member: Membership,
    pub(crate) new_chat_member: Membership,
}

#[derive(Deserialize)]
pub(crate) struct Membership {
    pub(crate) status: String,
}

/// What every method answers (<https://core.telegram.org/bots/api#making-requests>).
#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub(crate) ok: bool,
    pub(crate) result: Option<Value>,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) parameters: Option<Parameters>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Parameters {
    /// Seconds.
    pub(crate) retry_after: Option<u64>,
    /// The supergroup that the group has become.
    pub(crate) migrate_to_chat_id: Option<i64>,
}
