//! Rows of messages.

use hubchat_domain::{DeliveryStatus, Direction, MessageRecord, TenantId};
use hubchat_ports::StorageError;
use serde_json::{Value as Json, json};

use super::{Fields, Row, list_text, micros, text};
use crate::statements::{Kind, Table, changing, fixed};

impl Row for MessageRecord {
    const WHAT: &'static str = "message";
    const TABLE: Table = Table {
        name: "messages",
        columns: &[
            fixed("id", Kind::Uuid),
            fixed("conversation_id", Kind::Uuid),
            fixed("account_id", Kind::Uuid),
            fixed("lead_id", Kind::Uuid),
            fixed("seq", Kind::Integer),
            fixed("direction", Kind::Text),
            fixed("sender", Kind::Text),
            changing("kind", Kind::Text),
            changing("content", Kind::Text),
            changing("media_id", Kind::Uuid),
            fixed("client_message_id", Kind::Text),
            changing("external_message_id", Kind::Text),
            changing("further_external_ids", Kind::Text),
            changing("quote_token", Kind::Text),
            changing("quoted_external_id", Kind::Text),
            changing("delivery_status", Kind::Text),
            changing("failure", Kind::Text),
            changing("attempt", Kind::Text),
            changing("occurred_at", Kind::Integer),
            fixed("created_at", Kind::Integer),
            changing("updated_at", Kind::Integer),
            changing("sent_at", Kind::Integer),
            changing("edited_at", Kind::Integer),
            changing("unsent_at", Kind::Integer),
            changing("former_texts", Kind::Text),
            fixed("version", Kind::Integer),
        ],
    };

    fn to_row(&self) -> Json {
        json!({
            "id": self.id,
            "conversation_id": self.conversation_id,
            "account_id": self.account_id,
            "lead_id": self.lead_id,
            "seq": self.seq,
            "direction": self.direction.as_str(),
            "sender": text(&self.sender),
            "kind": self.content.kind().as_str(),
            "content": text(&self.content),
            "media_id": self.content.attachment().and_then(|file| file.media_id),
            "client_message_id": self.client_message_id,
            "external_message_id": self.external_message_id,
            "further_external_ids": list_text(&self.further_external_ids),
            "quote_token": self.quote_token,
            "quoted_external_id": self.quoted_external_id,
            "delivery_status": self.delivery_status.as_str(),
            "failure": self.failure.as_ref().map(text),
            "attempt": self.attempt.as_ref().map(text),
            "occurred_at": self.occurred_at.as_micros(),
            "created_at": self.created_at.as_micros(),
            "updated_at": self.updated_at.as_micros(),
            "sent_at": micros(self.sent_at),
            "edited_at": micros(self.edited_at),
            "unsent_at": micros(self.unsent_at),
            "former_texts": list_text(&self.former_texts),
            "version": self.version,
        })
    }

    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: fields.id("id")?,
            tenant_id: fields.id("tenant_id")?,
            conversation_id: fields.id("conversation_id")?,
            account_id: fields.id("account_id")?,
            lead_id: fields.id("lead_id")?,
            seq: fields.get("seq")?,
            direction: fields.named("direction", Direction::parse)?,
            sender: fields.json("sender")?,
            content: fields.json("content")?,
            client_message_id: fields.get("client_message_id")?,
            external_message_id: fields.get("external_message_id")?,
            further_external_ids: fields.list("further_external_ids")?,
            quote_token: fields.get("quote_token")?,
            quoted_external_id: fields.get("quoted_external_id")?,
            delivery_status: fields.named("delivery_status", DeliveryStatus::parse)?,
            failure: fields.json_or_none("failure")?,
            attempt: fields.json_or_none("attempt")?,
            occurred_at: fields.time("occurred_at")?,
            created_at: fields.time("created_at")?,
            updated_at: fields.time("updated_at")?,
            sent_at: fields.time_or_none("sent_at")?,
            edited_at: fields.time_or_none("edited_at")?,
            unsent_at: fields.time_or_none("unsent_at")?,
            former_texts: fields.list("former_texts")?,
            version: fields.get("version")?,
        })
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.tenant_id)
    }
}
