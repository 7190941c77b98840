//! Each table's columns, and its rows to and from the domain's records.

mod account;
mod activity;
mod contact;
mod conversation;
mod event;
mod lead;
mod media;
mod member;
mod message;

pub(crate) use account::{ACCOUNTS, account_json, read_account, read_stored_account};
pub(crate) use activity::{ACTIVITIES, activity_json, read_activity};
pub(crate) use contact::{CONTACTS, IDENTITIES, contact_json, identity_json, read_contact, read_identity};
pub(crate) use conversation::{CONVERSATIONS, conversation_json, read_conversation};
pub(crate) use event::{EVENTS, event_json, read_event};
pub(crate) use lead::{LEADS, lead_json, read_lead};
pub(crate) use media::{MEDIA, media_json, read_media};
pub(crate) use member::{MEMBERS, member_json, read_member};
pub(crate) use message::{MESSAGE_PARTS, MESSAGES, message_json, message_parts, read_message};
