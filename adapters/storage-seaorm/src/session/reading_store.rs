//! What members have seen and what they write, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{ConversationId, MediaId, MemberId, Timestamp};
use hubchat_ports::{Draft, Mention, ReadPosition, ReadingStore, StorageError};
use serde_json::json;

use super::Session;
use crate::{
    rows::Fields,
    statements::{Kind, fixed, rows_parameter, unfold},
};

const FIND: &str = "SELECT seen_inbound, at FROM conversation_reads \
    WHERE conversation_id = ?2 AND member_id = ?3 AND tenant_id = ?1";

const SAVE: &str = "INSERT INTO conversation_reads (tenant_id, conversation_id, member_id, seen_inbound, at) \
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (conversation_id, member_id, tenant_id) \
    DO UPDATE SET seen_inbound = excluded.seen_inbound, at = excluded.at";

const SEE: &str = "UPDATE conversation_mentions SET seen_at = ?4 \
    WHERE tenant_id = ?1 AND member_id = ?3 AND conversation_id = ?2 AND seen_at IS NULL";

const SAVE_DRAFT: &str = "INSERT INTO conversation_drafts \
        (tenant_id, conversation_id, member_id, text, note, media_id, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
    ON CONFLICT (conversation_id, member_id, tenant_id) DO UPDATE SET \
        text = excluded.text, note = excluded.note, media_id = excluded.media_id, updated_at = excluded.updated_at";

const DELETE_DRAFT: &str =
    "DELETE FROM conversation_drafts WHERE conversation_id = ?2 AND member_id = ?3 AND tenant_id = ?1";

#[async_trait]
impl ReadingStore for Session {
    async fn find_position(
        &self,
        conversation: ConversationId,
        member: MemberId,
    ) -> Result<Option<ReadPosition>, StorageError> {
        let rows = self.query(FIND, vec![conversation.as_uuid().into(), member.as_uuid().into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let fields = Fields::plain(row, "position");
        Ok(Some(ReadPosition {
            conversation_id: conversation,
            member_id: member,
            seen_inbound: fields.get("seen_inbound")?,
            at: fields.time("at")?,
        }))
    }

    async fn save_position(&self, position: &ReadPosition) -> Result<(), StorageError> {
        let values = vec![
            position.conversation_id.as_uuid().into(),
            position.member_id.as_uuid().into(),
            position.seen_inbound.into(),
            position.at.as_micros().into(),
        ];
        self.execute(SAVE, values).await.map(drop)
    }

    async fn add_mentions(&self, mentions: &[Mention]) -> Result<(), StorageError> {
        if mentions.is_empty() {
            return Ok(());
        }
        let rows = mentions.iter().map(|mention| {
            json!({
                "message_id": mention.message_id,
                "conversation_id": mention.conversation_id,
                "member_id": mention.member_id,
                "at": mention.at.as_micros(),
            })
        });
        let columns = [
            fixed("message_id", Kind::Uuid),
            fixed("conversation_id", Kind::Uuid),
            fixed("member_id", Kind::Uuid),
            fixed("at", Kind::Integer),
        ];
        let sql = format!(
            "INSERT INTO conversation_mentions (tenant_id, conversation_id, member_id, message_id, at) \
             SELECT ?1, r.conversation_id, r.member_id, r.message_id, r.at FROM {} AS r WHERE true \
             ON CONFLICT (message_id, member_id, tenant_id) DO NOTHING",
            unfold(self.backend(), &columns),
        );
        self.execute(&sql, vec![rows_parameter(rows.collect())]).await.map(drop)
    }

    async fn see_mentions(
        &self,
        conversation: ConversationId,
        member: MemberId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let values = vec![conversation.as_uuid().into(), member.as_uuid().into(), at.as_micros().into()];
        self.execute(SEE, values).await
    }

    async fn save_draft(&self, draft: &Draft) -> Result<(), StorageError> {
        let values = vec![
            draft.conversation_id.as_uuid().into(),
            draft.member_id.as_uuid().into(),
            draft.text.as_str().into(),
            draft.note.into(),
            draft.media_id.map(MediaId::as_uuid).into(),
            draft.updated_at.as_micros().into(),
        ];
        self.execute(SAVE_DRAFT, values).await.map(drop)
    }

    async fn delete_draft(&self, conversation: ConversationId, member: MemberId) -> Result<bool, StorageError> {
        Ok(self.execute(DELETE_DRAFT, vec![conversation.as_uuid().into(), member.as_uuid().into()]).await? > 0)
    }
}
