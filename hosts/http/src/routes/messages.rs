//! Operations on messages.

use std::sync::Arc;

use hubchat_core::{Hubchat, SendMessageCommand, SendTarget};
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    idempotency::IdempotencyKey,
    json_body::{JsonBody, OptionalJsonBody},
    problem::ApiProblem,
    state::State,
    wire::{ConversationSendBody, MessageView, PathId, RetryBody, SendBody, client_message_id},
};

/// What sends answer.
#[derive(ApiResponse)]
pub(crate) enum Queued {
    /// The message is queued.
    #[oai(status = 202)]
    Accepted(
        Json<MessageView>,
        /// `true` when an earlier request with the same key had queued it.
        #[oai(header = "Idempotency-Replayed")]
        Option<String>,
    ),
}

/// Accepts one message.
pub(crate) async fn send(
    hubchat: &Hubchat,
    caller: &Caller,
    target: SendTarget,
    body: ConversationSendBody,
    key: IdempotencyKey,
) -> Result<Queued, ApiProblem> {
    let (reply_to, by_person) = (body.reply_to(), body.is_by_person());
    let client_message_id = client_message_id(body.client_message_id.clone())?;
    let content = body.into_content()?;
    let command =
        SendMessageCommand { target, content, reply_to, by_person, client_message_id, idempotency_key: key.0 };
    let queued = hubchat.send_message.run(&caller.0, &command).await?;
    let replayed = queued.replayed.then(|| "true".to_owned());
    Ok(Queued::Accepted(Json(MessageView::of(queued.row, &hubchat.media)), replayed))
}

pub(crate) struct MessageRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Messages")]
impl MessageRoutes {
    /// Send a message
    ///
    /// Into a conversation, or into the newest conversation of a lead. Answers once the message is
    /// queued; `deliveryStatus` tells how far it has come. Asks for the scope `messages:send`.
    #[oai(path = "/messages/send", method = "post", operation_id = "sendMessage")]
    async fn send(
        &self,
        caller: Caller,
        /// Repeating a request with the same key sends nothing twice; remembered for 48 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: JsonBody<SendBody>,
    ) -> Result<Queued, ApiProblem> {
        let (target, message) = body.0.split()?;
        send(&self.0.hubchat, &caller, target, message, idempotency_key).await
    }

    /// Send a message again
    ///
    /// One that FAILED is queued again. One that is UNCERTAIN may have arrived, and is queued again only with
    /// `confirm`. Asks for the scope `messages:send`.
    #[oai(path = "/messages/:id/retry", method = "post", operation_id = "retryMessage")]
    async fn retry(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: OptionalJsonBody<RetryBody>,
    ) -> Result<Queued, ApiProblem> {
        let id = id.0.or("message_not_found")?;
        let row = self.0.hubchat.retry_message.run(&caller.0, id, body.0.confirm).await?;
        Ok(Queued::Accepted(Json(MessageView::of(row, &self.0.hubchat.media)), None))
    }

    /// Read a message
    ///
    /// Asks for the scope `inbox:read`.
    #[oai(path = "/messages/:id", method = "get", operation_id = "getMessage")]
    async fn read(&self, caller: Caller, id: Path<PathId>) -> Result<Json<MessageView>, ApiProblem> {
        let row = self.0.hubchat.inbox.message(&caller.0, id.0.or("message_not_found")?).await?;
        Ok(Json(MessageView::of(row, &self.0.hubchat.media)))
    }
}
