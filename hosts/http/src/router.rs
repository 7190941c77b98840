//! Which request goes where.

use std::sync::Arc;

use hubchat_core::Hubchat;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response, Result, Route, get};
use tokio_util::sync::CancellationToken;

use crate::{
    HttpConfig, RenderMetrics, console, docs,
    edge::Edge,
    hygiene,
    limits::Offenders,
    media,
    methods::Methods,
    openapi,
    realtime::{self, Live},
    state::State,
    status,
    webhooks::WebhookDoor,
};

/// Every route of hubchat as one endpoint, for a server of your own and for tests. Errors are answered
/// as problem documents; the endpoint itself never fails.
pub fn router(
    hubchat: Hubchat,
    config: HttpConfig,
    metrics: Option<RenderMetrics>,
) -> impl Endpoint<Output = Response> + 'static {
    build(hubchat, config, metrics, CancellationToken::new())
}

pub(crate) fn build(
    hubchat: Hubchat,
    config: HttpConfig,
    metrics: Option<RenderMetrics>,
    shutdown: CancellationToken,
) -> Entrance {
    let (offenders, methods) = (Offenders::default(), Methods::of(openapi::openapi_document()));
    let live = Live::new(hubchat.clone(), config.clone(), shutdown.clone());
    let state = Arc::new(State { hubchat, config, metrics, shutdown, offenders, methods, live: Arc::clone(&live) });
    let api = openapi::service(&state).into_endpoint();
    let routes = Route::new()
        .nest("/api", api)
        .at("/api/ws", get(realtime::open))
        .at("/media/:tenant/:id/:variant", get(media::open))
        .at("/health", get(status::health))
        .at("/ready", get(status::ready))
        .at("/metrics", get(status::metrics))
        .at("/sandbox", get(status::sandbox))
        .at("/docs", get(docs::page))
        .at("/openapi.json", get(docs::document))
        .at("/events.schema.json", get(docs::events))
        .at("/problems/:code", get(docs::problem_page))
        .at("/", console::open)
        .at("/*path", console::open)
        .data(Arc::clone(&state))
        .map_to_response()
        .boxed();
    let over_tls = state.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    Entrance { webhooks: WebhookDoor::new(Arc::clone(&state)), rest: Edge::new(state, routes), over_tls, live }
}

/// Parts the hot path from the rest before anything is done that only the rest needs.
pub(crate) struct Entrance {
    webhooks: WebhookDoor,
    rest: Edge,
    /// Browsers are to come by TLS alone.
    over_tls: bool,
    /// Sockets, whose end is waited for.
    pub(crate) live: Arc<Live>,
}

impl Endpoint for Entrance {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let path = request.uri().path().to_owned();
        let mut response = self.pass(&path, request).await;
        hygiene::harden(&mut response, &path, self.over_tls);
        Ok(response)
    }
}

impl Entrance {
    async fn pass(&self, path: &str, request: Request) -> Response {
        if let Some(rest) = path.strip_prefix("/webhooks/") {
            let (channel, key) = match rest.split_once('/') {
                Some((channel, key)) => (channel, Some(key.to_owned())),
                None => (rest, None),
            };
            let channel = WebhookDoor::channel(channel);
            return self.webhooks.answer(channel, key, request).await;
        }
        if let Some(channel) = path.strip_prefix("/api/webhook/") {
            let channel = WebhookDoor::channel(channel);
            return self.webhooks.answer(channel, None, request).await;
        }
        self.rest.answer(request).await
    }
}
