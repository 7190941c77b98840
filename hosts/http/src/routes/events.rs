//! Following along: the feed of events, and the tickets that open sockets.

use std::sync::Arc;

use hubchat_core::EventCursor;
use poem_openapi::{ApiResponse, OpenApi, param::Query, payload::Json};
use secrecy::ExposeSecret;

use super::Group;
use crate::{
    auth::Caller,
    problem::ApiProblem,
    state::State,
    wire::{EventPageView, EventView, Limit, SocketTicketView},
};

/// What asking for a ticket answers.
#[derive(ApiResponse)]
enum TicketGiven {
    /// The ticket.
    #[oai(status = 201)]
    Created(Json<SocketTicketView>),
}

pub(crate) struct EventRoutes(pub(crate) Arc<State>);

#[OpenApi(tag = "Group::Events")]
impl EventRoutes {
    /// Read what happened
    ///
    /// Events in the order in which they were committed, without gaps, each with the rows that it is about as they
    /// are now. Without `after` there are none, and `cursor` is now. A page may be empty although there is `more`:
    /// then what happened is nothing that you may see. 410 `events_gone`: what came after the cursor is not kept any
    /// more; read the rows anew and go on from now. Asks for the scope `inbox:read`.
    #[oai(path = "/events", method = "get", operation_id = "listEvents")]
    async fn list(
        &self,
        caller: Caller,
        /// The `cursor` of an earlier answer or event.
        after: Query<Option<String>>,
        /// How many at most.
        limit: Query<Option<Limit>>,
    ) -> Result<Json<EventPageView>, ApiProblem> {
        let after = after.0.map(|cursor| cursor.parse::<EventCursor>()).transpose();
        let after = after.map_err(|_| ApiProblem::of("invalid_cursor").at("after"))?;
        let limit = limit.0.unwrap_or_default().0;
        let page = self.0.hubchat.follow_events.page(&caller.0, after, limit).await?;
        let reader = caller.0.as_member().map(|member| member.id);
        let view = |(event, showing)| EventView::of(&event, showing, reader, &self.0.hubchat.media);
        Ok(Json(EventPageView {
            items: page.items.into_iter().map(view).collect(),
            cursor: page.cursor.to_string(),
            more: page.more,
        }))
    }

    /// Get a ticket for a socket
    ///
    /// Good once, for 30 seconds: `new WebSocket(url, ["hubchat.v1", "ticket." + ticket])` at `/api/ws`, or a `renew`
    /// frame of an open socket. Asks for the scope `inbox:read`.
    #[oai(path = "/ws/tickets", method = "post", operation_id = "createSocketTicket")]
    async fn ticket(&self, caller: Caller) -> Result<TicketGiven, ApiProblem> {
        let issued = self.0.hubchat.issue_socket_ticket.run(&caller.0).await?;
        Ok(TicketGiven::Created(Json(SocketTicketView {
            ticket: issued.ticket.expose_secret().to_owned(),
            expires_at: issued.expires_at.into(),
        })))
    }
}
