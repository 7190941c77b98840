//! Conversations.

use hubchat_domain::{
    ChannelType, Conversation, ConversationRecord, ConversationStatus, MessageKind, ReplyHandle, ThreadKey, ThreadKind,
    Timestamp,
};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, changing, fixed},
};

pub(crate) const CONVERSATIONS: Table = Table {
    name: "conversations",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("account_id", Kind::Uuid),
        fixed("external_thread_id", Kind::Text),
        fixed("thread_kind", Kind::Text),
        fixed("channel_type", Kind::Text),
        fixed("contact_id", Kind::Uuid),
        fixed("identity_id", Kind::Uuid),
        changing("lead_id", Kind::Uuid),
        changing("status", Kind::Text),
        changing("unread_count", Kind::Integer),
        changing("last_message_preview", Kind::Text),
        changing("last_message_kind", Kind::Text),
        changing("last_message_at", Kind::Integer),
        changing("last_inbound_at", Kind::Integer),
        changing("participant_name", Kind::Text),
        changing("participant_avatar_url", Kind::Text),
        changing("reply_token", Kind::Text),
        changing("reply_token_expires_at", Kind::Integer),
        changing("standby", Kind::Truth),
        changing("last_seq", Kind::Integer),
        fixed("created_at", Kind::Integer),
        changing("updated_at", Kind::Integer),
        fixed("version", Kind::Integer),
    ],
};

pub(crate) fn conversation_json(conversation: &Conversation) -> Value {
    let record = conversation.record();
    let handle = record.reply_handle.as_ref();
    json!({
        "id": record.id,
        "account_id": record.thread.account_id,
        "external_thread_id": record.thread.external_thread_id,
        "thread_kind": record.thread_kind.as_str(),
        "channel_type": record.channel_type.as_str(),
        "contact_id": record.contact_id,
        "identity_id": record.identity_id,
        "lead_id": record.lead_id,
        "status": record.status.as_str(),
        "unread_count": record.unread_count,
        "last_message_preview": record.last_message_preview,
        "last_message_kind": record.last_message_kind.map(MessageKind::as_str),
        "last_message_at": record.last_message_at.as_micros(),
        "last_inbound_at": record.last_inbound_at.map(Timestamp::as_micros),
        "participant_name": record.participant_name,
        "participant_avatar_url": record.participant_avatar_url,
        "reply_token": handle.map(|handle| &handle.token),
        "reply_token_expires_at": handle.map(|handle| handle.expires_at.as_micros()),
        "standby": record.standby,
        "last_seq": record.last_seq,
        "created_at": record.created_at.as_micros(),
        "updated_at": record.updated_at.as_micros(),
        "version": record.version,
    })
}

pub(crate) fn read_conversation(row: Columns<'_>) -> Result<ConversationRecord, StorageError> {
    let token: Option<String> = row.get("reply_token")?;
    let expires_at = row.optional_time("reply_token_expires_at")?;
    Ok(ConversationRecord {
        id: row.id("id")?,
        tenant_id: row.id("tenant_id")?,
        thread: ThreadKey { account_id: row.id("account_id")?, external_thread_id: row.get("external_thread_id")? },
        thread_kind: row.named("thread_kind", ThreadKind::parse)?,
        channel_type: row.named("channel_type", ChannelType::parse)?,
        contact_id: row.id("contact_id")?,
        identity_id: row.id("identity_id")?,
        lead_id: row.id("lead_id")?,
        status: row.named("status", ConversationStatus::parse)?,
        unread_count: row.get("unread_count")?,
        last_message_preview: row.get("last_message_preview")?,
        last_message_kind: row.optional_named("last_message_kind", MessageKind::parse)?,
        last_message_at: row.time("last_message_at")?,
        last_inbound_at: row.optional_time("last_inbound_at")?,
        participant_name: row.get("participant_name")?,
        participant_avatar_url: row.get("participant_avatar_url")?,
        reply_handle: token.zip(expires_at).map(|(token, expires_at)| ReplyHandle { token, expires_at }),
        standby: row.get("standby")?,
        last_seq: row.get("last_seq")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.get("version")?,
    })
}
