//! The door of webhooks: the hot path.
//!
//! A webhook is read, handed to the use case as the exact bytes that came, and answered once it is
//! durable. Nothing is parsed here, nothing is logged while all goes well, and a provider that hangs up
//! does not stop what it began.

use std::{sync::Arc, time::Duration};

use hubchat_core::{WebhookAddress, domain::ChannelType, port::WebhookHeaders};
use poem::{
    Request, Response,
    http::{HeaderMap, Method, StatusCode, header},
};
use serde::Deserialize;

use crate::{
    body::read_body,
    client_address::peer,
    edge::{REQUEST_ID, request_id},
    hygiene::check_head,
    limits::webhook_keys,
    problem::ApiProblem,
    state::State,
};

pub(crate) struct WebhookDoor {
    state: Arc<State>,
}

impl WebhookDoor {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// The channel of that lower-case name in a path.
    pub(crate) fn channel(name: &str) -> Option<ChannelType> {
        ChannelType::ALL.iter().copied().find(|channel| {
            let known = channel.as_str().bytes();
            known.len() == name.len() && known.zip(name.bytes()).all(|(known, told)| known.to_ascii_lowercase() == told)
        })
    }

    /// Answers a webhook: 200 with an empty body once every event of it is durable.
    pub(crate) async fn answer(
        &self,
        channel: Option<ChannelType>,
        key: Option<String>,
        mut request: Request,
    ) -> Response {
        let config = &self.state.config;
        let address = peer(&request).map(|peer| config.trusted_proxies.client(peer, request.headers()));
        let keys = webhook_keys(address, request.uri().path());
        let admitted = check_head(&request).and_then(|()| self.state.offenders.admit(&keys));
        let answered = if let Err(problem) = admitted {
            Err(problem)
        } else if request.method() == Method::GET {
            self.shake_hands(channel, key.as_deref(), &request).await
        } else {
            self.accept(channel, key, &mut request).await.map(|()| Response::builder().status(StatusCode::OK).finish())
        };
        match answered {
            Ok(response) => response,
            Err(problem) => {
                // Forged ones must cost little: what is wrong with hubchat itself is nobody's fault.
                if problem.is_callers_fault() {
                    let (limiter, most) =
                        (&*self.state.hubchat.ports.rate_limiter, config.limits.refused_webhooks_per_minute);
                    let [of_path, of_address] = &keys;
                    self.state.offenders.note(limiter, of_path, most).await;
                    self.state.offenders.note(limiter, of_address, most.saturating_mul(10)).await;
                }
                let id = request_id(request.headers(), &*self.state.hubchat.ports.ids);
                let mut response = problem.answer(&id);
                if let Ok(value) = id.parse() {
                    response.headers_mut().insert(REQUEST_ID, value);
                }
                response
            }
        }
    }

    /// Repeats the challenge of a subscription (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started>)
    /// to whoever knows the verify token.
    async fn shake_hands(
        &self,
        channel: Option<ChannelType>,
        key: Option<&str>,
        request: &Request,
    ) -> Result<Response, ApiProblem> {
        let asked: Handshake = request.params().map_err(|_| ApiProblem::of("method_not_allowed").allowing("POST"))?;
        let channel = channel.ok_or_else(|| ApiProblem::of("webhook_unknown"))?;
        let address = key.map_or(WebhookAddress::Destination, WebhookAddress::Key);
        let knows = asked.mode == "subscribe"
            && asked.challenge.len() <= MOST_CHALLENGE
            && self.state.hubchat.accept_webhook.handshake(channel, address, &asked.verify_token).await?;
        if !knows {
            return Err(ApiProblem::of("forbidden"));
        }
        Ok(Response::builder().content_type("text/plain; charset=utf-8").body(asked.challenge))
    }

    async fn accept(
        &self,
        channel: Option<ChannelType>,
        key: Option<String>,
        request: &mut Request,
    ) -> Result<(), ApiProblem> {
        if request.method() != Method::POST {
            return Err(ApiProblem::of("method_not_allowed").allowing("POST"));
        }
        let channel = channel.ok_or_else(|| ApiProblem::of("webhook_unknown"))?;
        let config = &self.state.config;
        let body = request.take_body();
        let body = read_body(request.headers(), body, config.webhook_body_limit, config.body_deadline).await?;
        let headers = kept(request.headers());
        let state = Arc::clone(&self.state);
        // A task of its own: were the connection to break, this future would be dropped in the middle.
        let work = tokio::spawn(async move {
            let address = key.as_deref().map_or(WebhookAddress::Destination, WebhookAddress::Key);
            state.hubchat.accept_webhook.run(channel, address, &headers, &body).await
        });
        match tokio::time::timeout(config.request_deadline, work).await {
            Ok(Ok(accepted)) => Ok(accepted.map(drop)?),
            Ok(Err(lost)) => Err(ApiProblem::of("internal").caused_by(lost)),
            Err(_) => Err(ApiProblem::of("deadline_exceeded").after(Duration::from_secs(2))),
        }
    }
}

/// No provider's challenge is longer.
const MOST_CHALLENGE: usize = 1_000;

/// The words of a subscription.
#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.verify_token")]
    verify_token: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

/// The headers that may carry a proof of origin; those that every request has are left out.
fn kept(headers: &HeaderMap) -> WebhookHeaders {
    let plain = [
        header::HOST,
        header::USER_AGENT,
        header::ACCEPT,
        header::ACCEPT_ENCODING,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
    ];
    WebhookHeaders::new(
        headers.iter().filter(|(name, _)| !plain.contains(name)).map(|(name, value)| (name.as_str(), value.as_bytes())),
    )
}
