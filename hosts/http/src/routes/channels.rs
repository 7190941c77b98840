//! Operations on channel accounts.

use std::sync::Arc;

use hubchat_core::{ConnectChannelError, UpdateChannelError};
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Json};

use super::Group;
use crate::{
    auth::Caller,
    idempotency::IdempotencyKey,
    json_body::{JsonBody, OptionalJsonBody},
    problem::ApiProblem,
    state::State,
    wire::{
        ChannelPatch, ChannelTestView, ChannelView, ConnectChannelBody, ConnectedChannelView, Listing, PathId,
        RemovedChannelView, TemplateList, TestChannelBody, camel_case,
    },
};

/// What connecting answers.
#[derive(ApiResponse)]
enum Connected {
    /// The account is connected.
    #[oai(status = 201)]
    Created(
        Json<ConnectedChannelView>,
        /// `true` when an earlier request with the same key had connected it.
        #[oai(header = "Idempotency-Replayed")]
        Option<String>,
    ),
}

pub(crate) struct ChannelRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Channels")]
impl ChannelRoutes {
    /// Connect a channel account
    ///
    /// The provider is asked about the account unless its `destination` is given. Asks for the scope
    /// `channels:manage`.
    #[oai(path = "/channels", method = "post", operation_id = "connectChannel")]
    async fn connect(
        &self,
        caller: Caller,
        /// Repeating a request with the same key connects nothing twice; remembered for 48 hours.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: IdempotencyKey,
        body: JsonBody<ConnectChannelBody>,
    ) -> Result<Connected, ApiProblem> {
        let command = body.0.into_command(idempotency_key.0);
        let connected = self.0.hubchat.connect_channel.run(&caller.0, &command).await;
        let connected = connected.map_err(|error| match error {
            ConnectChannelError::Invalid { field, reason } if field != "name" && field != "destination" => {
                secret_refused(&field, &reason)
            }
            error => error.into(),
        })?;
        let replayed = connected.replayed.then(|| "true".to_owned());
        Ok(Connected::Created(Json(ConnectedChannelView::of(connected, self.public_url())), replayed))
    }

    /// List channel accounts
    ///
    /// Oldest first, all at once. Asks for the scope `channels:manage`.
    #[oai(path = "/channels", method = "get", operation_id = "listChannels")]
    async fn list(&self, caller: Caller) -> Result<Json<Listing<ChannelView>>, ApiProblem> {
        let accounts = self.0.hubchat.inbox.channels(&caller.0).await?;
        let views = accounts.into_iter().map(|account| ChannelView::of(account, self.public_url()));
        Ok(Json(Listing::whole(views)))
    }

    /// Change a channel account
    ///
    /// Its name, whether it is switched on, and its credentials: those that are given replace those of the same
    /// names, once the provider did not refuse them. What waited for that goes out in order. Asks for the scope
    /// `channels:manage`.
    #[oai(path = "/channels/:id", method = "patch", operation_id = "updateChannel")]
    async fn update(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: JsonBody<ChannelPatch>,
    ) -> Result<Json<ConnectedChannelView>, ApiProblem> {
        let (id, command) = (id.0.or("channel_not_found")?, body.0.into_command());
        let updated = self.0.hubchat.update_channel.run(&caller.0, id, &command).await;
        let updated = updated.map_err(|error| match error {
            UpdateChannelError::Invalid { field, reason } if field != "name" => secret_refused(&field, &reason),
            error => error.into(),
        })?;
        Ok(Json(ConnectedChannelView::updated(updated, self.public_url())))
    }

    /// Remove a channel account
    ///
    /// The provider is told to send no more, the secrets are overwritten, and what waits to be sent fails.
    /// Conversations and messages stay. Asks for the scope `channels:manage`.
    #[oai(path = "/channels/:id", method = "delete", operation_id = "removeChannel")]
    async fn remove(&self, caller: Caller, id: Path<PathId>) -> Result<Json<RemovedChannelView>, ApiProblem> {
        let removed = self.0.hubchat.remove_channel.run(&caller.0, id.0.or("channel_not_found")?).await?;
        Ok(Json(RemovedChannelView { still_subscribed: removed.still_subscribed }))
    }

    /// List the templates of a channel account
    ///
    /// As the provider keeps them now. Asks for the scope `messages:send`.
    #[oai(path = "/channels/:id/templates", method = "get", operation_id = "listTemplates")]
    async fn templates(&self, caller: Caller, id: Path<PathId>) -> Result<Json<TemplateList>, ApiProblem> {
        let templates = self.0.hubchat.list_templates.run(&caller.0, id.0.or("channel_not_found")?).await?;
        Ok(Json(TemplateList { items: templates.into_iter().map(Into::into).collect() }))
    }

    /// Test a channel account
    ///
    /// Asks the provider about credentials, allowance and webhook, and keeps what it learns: an account
    /// whose credentials are accepted again sends what waited. Asks for the scope `channels:manage`.
    #[oai(path = "/channels/:id/test", method = "post", operation_id = "testChannel")]
    async fn test(
        &self,
        caller: Caller,
        id: Path<PathId>,
        body: OptionalJsonBody<TestChannelBody>,
    ) -> Result<Json<ChannelTestView>, ApiProblem> {
        let id = id.0.or("channel_not_found")?;
        let report = self.0.hubchat.test_channel.run(&caller.0, id, body.0.set_webhook).await?;
        Ok(Json(ChannelTestView::of(report, self.public_url())))
    }
}

impl ChannelRoutes {
    fn public_url(&self) -> Option<&str> {
        self.0.config.public_url.as_deref()
    }
}

/// The use cases name secrets as the adapter does.
fn secret_refused(name: &str, reason: &str) -> ApiProblem {
    ApiProblem::invalid(&format!("credentials.{}", camel_case(name)), reason)
}
