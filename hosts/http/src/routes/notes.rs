//! Operations on notes and drafts: what is written in a conversation and is no message to the customer.

use std::sync::Arc;

use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    idempotency::IdempotencyKey,
    json_body::JsonBody,
    problem::ApiProblem,
    state::State,
    wire::{DraftBody, DraftView, MessageView, NoteBody, PathId},
};

pub(crate) struct NoteRoutes(pub(crate) Arc<State>);

const MISSING: &str = "conversation_not_found";

/// What adding a note answers.
#[derive(ApiResponse)]
enum Noted {
    /// The note.
    #[oai(status = 201)]
    Created(
        Json<MessageView>,
        /// `true` when an earlier request with the same key had added it.
        #[oai(header = "Idempotency-Replayed")]
        Option<String>,
    ),
}

/// What forgetting answers.
#[derive(ApiResponse)]
enum Forgotten {
    /// It is gone.
    #[oai(status = 204)]
    Done,
}

/// What there is of a draft.
#[derive(ApiResponse)]
enum DraftKept {
    /// The draft.
    #[oai(status = 200)]
    There(Json<DraftView>),
    /// You have written nothing in this conversation that you did not send.
    #[oai(status = 204)]
    Nothing,
}

#[OpenApi(tag = "Group::Conversations")]
impl NoteRoutes {
    /// Add a note to a conversation
    ///
    /// A word among colleagues. It stands in the thread as a message of the type NOTE, and the customer never sees
    /// it. Asks for the scope `inbox:write`.
    #[oai(path = "/conversations/:id/notes", method = "post", operation_id = "addNote")]
    async fn add(
        &self,
        caller: Caller,
        id: Path<PathId>,
        /// Repeating a request with the same key adds nothing twice; remembered for 48 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: JsonBody<NoteBody>,
    ) -> Result<Noted, ApiProblem> {
        let command = body.0.into_command(idempotency_key)?;
        let noted = self.0.hubchat.add_note.run(&caller.0, id.0.or(MISSING)?, &command).await?;
        let replayed = noted.replayed.then(|| "true".to_owned());
        Ok(Noted::Created(Json(MessageView::of(noted.row, &self.0.hubchat.media)), replayed))
    }

    /// Read your draft
    ///
    /// What you wrote in this conversation and have not sent, with its file; for members alone. Asks for the scope
    /// `inbox:write`.
    #[oai(path = "/conversations/:id/draft", method = "get", operation_id = "getDraft")]
    async fn draft(&self, caller: Caller, id: Path<PathId>) -> Result<DraftKept, ApiProblem> {
        let kept = self.0.hubchat.drafts.find(&caller.0, id.0.or(MISSING)?).await?;
        let view = |kept| DraftKept::There(Json(DraftView::of(kept, &self.0.hubchat.media)));
        Ok(kept.map_or(DraftKept::Nothing, view))
    }

    /// Keep your draft
    ///
    /// In place of what was kept; for members alone. A file that could not be sent is refused as sending refuses it. Asks
    /// for the scope `inbox:write`.
    #[oai(path = "/conversations/:id/draft", method = "put", operation_id = "saveDraft")]
    async fn save_draft(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<DraftBody>,
    ) -> Result<Json<DraftView>, ApiProblem> {
        let kept = self.0.hubchat.drafts.save(&caller.0, id.0.or(MISSING)?, body.0.into()).await?;
        Ok(Json(DraftView::of(kept, &self.0.hubchat.media)))
    }

    /// Forget your draft
    ///
    /// That there was none is no error; for members alone. Asks for the scope `inbox:write`.
    #[oai(path = "/conversations/:id/draft", method = "delete", operation_id = "deleteDraft")]
    async fn delete_draft(&self, caller: Caller, id: Path<PathId>) -> Result<Forgotten, ApiProblem> {
        self.0.hubchat.drafts.delete(&caller.0, id.0.or(MISSING)?).await?;
        Ok(Forgotten::Done)
    }
}
