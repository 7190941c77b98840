//! The webhook settings of a channel: set, read, test.

use poem::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::{Host, Url};

use super::compose::signed_body;
use super::deliver::USER_AGENT;
use super::messaging::{bad_request, parse};
use super::{LineChannel, LineState};
use crate::error::SandboxError;
use crate::exchange::{Answer, Call};

const MAX_URL: usize = 500;

#[derive(Deserialize, Default)]
struct EndpointRequest {
    endpoint: Option<String>,
}

impl LineState {
    pub(super) fn set_webhook(&self, channel: &LineChannel, call: &Call) -> Answer {
        let request: EndpointRequest = match parse(call) {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        match request.endpoint.filter(|endpoint| is_acceptable(endpoint)) {
            None => bad_request("Invalid webhook endpoint URL"),
            Some(endpoint) => {
                self.channels.set_webhook_url(&channel.destination, &endpoint);
                Answer::ok(&json!({}))
            }
        }
    }

    pub(super) fn get_webhook(channel: &LineChannel) -> Answer {
        match &channel.webhook_url {
            None => Answer::not_found(),
            Some(endpoint) => Answer::ok(&json!({ "endpoint": endpoint, "active": true })),
        }
    }

    /// Really posts a body without events, as LINE does, and says how it went.
    pub(super) async fn test_webhook(&self, channel: &LineChannel, call: &Call) -> Answer {
        let request: EndpointRequest = if call.body.is_empty() {
            EndpointRequest::default()
        } else {
            match parse(call) {
                Ok(request) => request,
                Err(refusal) => return refusal,
            }
        };
        if request.endpoint.as_deref().is_some_and(|endpoint| !is_acceptable(endpoint)) {
            return bad_request("Invalid webhook endpoint URL");
        }
        let Some(url) = request.endpoint.or_else(|| channel.webhook_url.clone()) else {
            return Answer::not_found();
        };
        let (body, signature) = signed_body(channel, &[]);
        let (status, reason, detail) =
            match self.client.post(&url, body, &[USER_AGENT, ("x-line-signature", signature.as_str())]).await {
                Ok(status @ 200..=299) => (status, "OK", status.to_string()),
                Ok(status) => (status, "ERROR_STATUS_CODE", status.to_string()),
                Err(SandboxError::WebhookTimeout) => (0, "REQUEST_TIMEOUT", "Request timeout".to_owned()),
                Err(SandboxError::WebhookUnreachable(error)) if error.is_connect() => {
                    (0, "COULD_NOT_CONNECT", "Connection failed".to_owned())
                }
                Err(_) => (0, "UNCLASSIFIED", "No answer".to_owned()),
            };
        Answer::json(
            StatusCode::OK,
            &json!({
                "success": reason == "OK",
                "timestamp": timestamp(self.now_ms()),
                "statusCode": status,
                "reason": reason,
                "detail": detail,
            }),
        )
    }
}

/// HTTPS as LINE demands; the sandbox's own easing is plain HTTP on this machine's loopback.
fn is_acceptable(endpoint: &str) -> bool {
    if endpoint.chars().count() > MAX_URL {
        return false;
    }
    match Url::parse(endpoint) {
        Err(_) => false,
        Ok(url) => url.scheme() == "https" || is_loopback_http(&url),
    }
}

/// Plain HTTP to this machine.
pub(super) fn is_loopback_http(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
}

fn timestamp(now_ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(now_ms) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
