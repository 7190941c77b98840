//! The way in: a ticket, a page of ours or none at all, and room.

use std::sync::Arc;

use hubchat_core::SocketHolder;
use poem::{
    FromRequest, IntoResponse, Request, RequestBody, Response, Result, handler,
    http::{HeaderMap, header::SEC_WEBSOCKET_PROTOCOL},
    web::websocket::WebSocket,
};
use secrecy::SecretString;

use super::{TooMany, connection, socket};
use crate::{
    cors,
    problem::ApiProblem,
    state::{State, state_of},
};

/// The protocol that this door speaks.
const PROTOCOL: &str = "hubchat.v1";
/// The ticket comes as another protocol: a browser's socket has no other place for it but the address, which ends up
/// in logs.
const TICKET: &str = "ticket.";

/// Opens a socket.
#[handler]
pub(crate) async fn open(request: &Request) -> Result<Response> {
    let state = state_of(request)?;
    if state.shutdown.is_cancelled() {
        return Err(ApiProblem::of("shutting_down").into());
    }
    let socket = WebSocket::from_request(request, &mut RequestBody::default()).await?;
    let ticket = ticket_of(request.headers()).ok_or_else(|| ApiProblem::of("ticket_refused"))?;
    let holder = state.hubchat.redeem_socket_ticket.run(&ticket).await.map_err(ApiProblem::from)?;
    check_origin(state, request, &holder).await?;
    let live = Arc::clone(&state.live);
    let registration = live.register(holder).map_err(|TooMany| {
        ApiProblem::of("rate_limited").detailed("there are too many sockets already").after(state.config.heartbeat)
    })?;
    let upgraded = socket.protocols([PROTOCOL]).config(connection::config()).on_upgrade(move |stream| async move {
        // In a task of its own: what the one that upgraded holds is let go of.
        let tasks = live.tasks.clone();
        tasks.spawn(socket::serve(live, stream, registration));
    });
    Ok(upgraded.into_response())
}

/// The one ticket among the protocols, if ours is among them too.
fn ticket_of(headers: &HeaderMap) -> Option<SecretString> {
    let offered = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let offered: Vec<&str> = offered.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut tickets = offered.iter().filter_map(|protocol| protocol.strip_prefix(TICKET));
    let ticket = tickets.next().filter(|_| offered.contains(&PROTOCOL))?;
    tickets.next().is_none().then(|| SecretString::from(ticket))
}

/// A browser says whose page opens a socket; pages of strangers may not. Only programs say nothing, and only keys
/// are programs'.
async fn check_origin(state: &State, request: &Request, holder: &SocketHolder) -> Result<(), ApiProblem> {
    let refused = || Err(ApiProblem::of("origin_not_allowed"));
    let Some(origin) = cors::origin_of(request.headers()) else {
        return if holder.actor.as_member().is_some() { refused() } else { Ok(()) };
    };
    let known = cors::is_own(origin, request.headers(), state.config.public_url.as_deref())
        || state.config.console_origins.iter().any(|listed| listed == origin)
        || state.hubchat.origins.is_listed_by(holder.actor.tenant_id(), origin).await?;
    if known { Ok(()) } else { refused() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem::http::HeaderValue;
    use secrecy::ExposeSecret;

    #[test]
    fn a_ticket_comes_beside_the_protocol_and_alone() {
        let told = |lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(line));
            }
            ticket_of(&headers).map(|ticket| ticket.expose_secret().to_owned())
        };
        assert_eq!(told(&["hubchat.v1, ticket.abc"]).as_deref(), Some("abc"));
        assert_eq!(told(&["ticket.abc", "hubchat.v1"]).as_deref(), Some("abc"));
        for none in
            [&[][..], &["hubchat.v1"], &["ticket.abc"], &["hubchat.v1, ticket.a, ticket.b"], &["hubchat.v2, ticket.a"]]
        {
            assert_eq!(told(none), None, "{none:?}");
        }
    }
}
