//! Rows of conversations.

use hubchat_domain::{
    ChannelType, CommentThread, ConversationRecord, ConversationStatus, MessageKind, ReplyHandle, TenantId, ThreadKey,
    ThreadKind,
};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, micros, text};
use crate::statements::{Kind, Table, changing, derived, fixed};

impl Row for ConversationRecord {
    const WHAT: &'static str = "conversation";
    const TABLE: Table = Table {
        name: "conversations",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("account_id", Kind::Uuid),
            fixed("external_thread_id", Kind::Text),
            fixed("thread_kind", Kind::Text),
            fixed("channel_type", Kind::Text),
            changing("contact_id", Kind::Uuid),
            changing("identity_id", Kind::Uuid),
            changing("lead_id", Kind::Uuid),
            derived("assigned_member_id", Kind::Uuid),
            derived("assigned_team_id", Kind::Uuid),
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
            changing("alias", Kind::Text),
            changing("address", Kind::Text),
            changing("comment", Kind::Text),
            changing("standby", Kind::Truth),
            changing("waiting_since", Kind::Integer),
            changing("snoozed_until", Kind::Integer),
            changing("inbound_count", Kind::Integer),
            changing("last_seq", Kind::Integer),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        let reply = self.reply_handle.as_ref();
        json!({
            "id": self.id,
            "account_id": self.thread.account_id,
            "external_thread_id": self.thread.external_thread_id,
            "thread_kind": self.thread_kind.as_str(),
            "channel_type": self.channel_type.as_str(),
            "contact_id": self.contact_id,
            "identity_id": self.identity_id,
            "lead_id": self.lead_id,
            "status": self.status.as_str(),
            "unread_count": self.unread_count,
            "last_message_preview": self.last_message_preview,
            "last_message_kind": self.last_message_kind.map(MessageKind::as_str),
            "last_message_at": self.last_message_at.as_micros(),
            "last_inbound_at": micros(self.last_inbound_at),
            "participant_name": self.participant_name,
            "participant_avatar_url": self.participant_avatar_url,
            "reply_token": reply.map(|handle| &handle.token),
            "reply_token_expires_at": reply.map(|handle| handle.expires_at.as_micros()),
            "alias": self.alias,
            "address": self.address,
            "comment": self.comment.as_ref().map(text),
            "standby": self.standby,
            "waiting_since": micros(self.waiting_since),
            "snoozed_until": micros(self.snoozed_until),
            "inbound_count": self.inbound_count,
            "last_seq": self.last_seq,
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        let token: Option<String> = fields.get("reply_token")?;
        let expires_at = fields.time_or_none("reply_token_expires_at")?;
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            thread: ThreadKey {
                account_id: fields.id("account_id")?,
                external_thread_id: fields.get("external_thread_id")?,
            },
            thread_kind: fields.named("thread_kind", ThreadKind::parse)?,
            channel_type: fields.named("channel_type", ChannelType::parse)?,
            contact_id: fields.id("contact_id")?,
            identity_id: fields.id("identity_id")?,
            lead_id: fields.id("lead_id")?,
            assigned_member_id: fields.id_or_none("assigned_member_id")?,
            assigned_team_id: fields.id_or_none("assigned_team_id")?,
            status: fields.named("status", ConversationStatus::parse)?,
            unread_count: fields.get("unread_count")?,
            last_message_preview: fields.get("last_message_preview")?,
            last_message_kind: fields.named_or_none("last_message_kind", MessageKind::parse)?,
            last_message_at: fields.time("last_message_at")?,
            last_inbound_at: fields.time_or_none("last_inbound_at")?,
            participant_name: fields.get("participant_name")?,
            participant_avatar_url: fields.get("participant_avatar_url")?,
            reply_handle: token.zip(expires_at).map(|(token, expires_at)| ReplyHandle { token, expires_at }),
            alias: fields.get("alias")?,
            address: fields.get("address")?,
            comment: fields.json_or_none::<CommentThread>("comment")?,
            standby: fields.get("standby")?,
            waiting_since: fields.time_or_none("waiting_since")?,
            snoozed_until: fields.time_or_none("snoozed_until")?,
            inbound_count: fields.get("inbound_count")?,
            last_seq: fields.get("last_seq")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}
