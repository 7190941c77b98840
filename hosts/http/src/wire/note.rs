//! Notes and drafts on the wire.

use hubchat_core::{
    AddNoteCommand, DraftCommand, MediaDoor,
    domain::{MediaId, MemberId},
    port::DraftRow,
};
use poem_openapi::Object;
use serde::Deserialize;
use uuid::Uuid;

use super::{Moment, UploadedView, client_message_id};
use crate::{idempotency::IdempotencyKey, problem::ApiProblem};

/// A note among colleagues; the customer never sees it.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "NewNote", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NoteBody {
    /// Its text, 1 to 4,000 characters.
    text: String,
    /// The members who are to look at it, at most 20.
    mentions: Option<Vec<Uuid>>,
    /// Your own id of it, 1 to 64 characters: it comes back with the message.
    client_message_id: Option<String>,
}

impl NoteBody {
    /// What it asks for.
    pub(crate) fn into_command(self, key: IdempotencyKey) -> Result<AddNoteCommand, ApiProblem> {
        Ok(AddNoteCommand {
            text: self.text,
            mentions: self.mentions.unwrap_or_default().into_iter().map(MemberId::from_uuid).collect(),
            client_message_id: client_message_id(self.client_message_id)?,
            idempotency_key: key.0,
        })
    }
}

/// What a member writes and has not sent.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "NewDraft", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DraftBody {
    /// The words, at most 10,000 characters.
    text: String,
    /// It is to be a note.
    #[serde(default)]
    #[oai(default)]
    note: bool,
    /// The uploaded file that is to go with it.
    media_id: Option<Uuid>,
}

impl From<DraftBody> for DraftCommand {
    fn from(body: DraftBody) -> Self {
        Self { text: body.text, note: body.note, media_id: body.media_id.map(MediaId::from_uuid) }
    }
}

/// What a member wrote and has not sent.
#[derive(Debug, Object)]
#[oai(rename = "Draft", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct DraftView {
    /// The words.
    text: String,
    /// It is to be a note.
    note: bool,
    /// The uploaded file that is to go with it; absent also when it is gone since.
    media_id: Option<Uuid>,
    /// That file.
    file: Option<UploadedView>,
    /// When it was last changed.
    updated_at: Moment,
}

impl DraftView {
    pub(crate) fn of(DraftRow { draft, file }: DraftRow, door: &MediaDoor) -> Self {
        Self {
            text: draft.text,
            note: draft.note,
            media_id: file.as_ref().map(|file| file.id.as_uuid()),
            file: file.map(|file| UploadedView::of(&file, door)),
            updated_at: Moment(draft.updated_at),
        }
    }
}

/// That a message is to be sent again.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(rename = "Retry", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RetryBody {
    /// You looked, and know that the customer does not have it. Needed for an UNCERTAIN message, which may have
    /// arrived.
    #[serde(default)]
    #[oai(default)]
    pub(crate) confirm: bool,
}
