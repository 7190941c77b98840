//! The one place where HTTP meets the sandbox: reads requests, writes answers, breaks connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use poem::http::{HeaderValue, StatusCode};
use poem::{Body, Endpoint, Request, Response};
use serde_json::json;

use crate::breakable::Connections;
use crate::deliveries::Deliveries;
use crate::exchange::{Answer, Call, Ending};
use crate::index;
use crate::line::FakeLine;
use crate::meta::FakeMeta;
use crate::phone::Phone;
use crate::telegram::FakeTelegram;

/// LINE's limit for a request body; the control endpoints share it.
const MAX_BODY: usize = 2 * 1024 * 1024;
/// WhatsApp takes documents of up to 100 MB, and a form around them.
const MAX_META_BODY: usize = 101 * 1024 * 1024;

const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All paths of the sandbox.
#[derive(Debug)]
pub(crate) struct SandboxEndpoint {
    pub(crate) deliveries: Deliveries,
    pub(crate) line: FakeLine,
    pub(crate) telegram: FakeTelegram,
    pub(crate) meta: FakeMeta,
    pub(crate) phone: Phone,
    pub(crate) connections: Connections,
}

impl Endpoint for SandboxEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let client = request.remote_addr().as_socket_addr().copied();
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let (method, headers) = (parts.method, parts.headers);
        let most = match path.as_str() {
            meta if FakeMeta::owns(meta) => MAX_META_BODY,
            phone if Phone::owns(phone) => Phone::MAX_BODY,
            _ => MAX_BODY,
        };
        let Ok(body) = body.into_bytes_limit(most).await else {
            let answer = Answer::message(StatusCode::PAYLOAD_TOO_LARGE, "Request exceeds the max size of 2MB");
            return Ok(whole(&answer));
        };
        let call = Call { method, path, query, headers, body };
        if call.path == "/" {
            return Ok(whole(&index::page()));
        }
        if Phone::owns(&call.path) {
            return Ok(page_of_phone(&self.phone.answer(&call).await));
        }
        if call.path.starts_with("/_sandbox/") && !same_page(&call) {
            let error = json!({ "error": "another site's page may not use the sandbox" });
            return Ok(whole(&Answer::json(StatusCode::FORBIDDEN, &error)));
        }
        if call.path == "/_sandbox/deliveries" {
            return Ok(whole(&self.deliveries.control(&call)));
        }
        if call.path.starts_with("/_sandbox/telegram/") {
            return Ok(whole(&self.telegram.control(&call).await));
        }
        if call.path.starts_with("/_sandbox/meta/") {
            return Ok(whole(&self.meta.control(&call).await));
        }
        if call.path.starts_with("/_sandbox/") {
            return Ok(whole(&self.line.control(&call).await));
        }
        let (answer, ending) = if FakeTelegram::owns(&call.path) {
            self.telegram.answer(call).await
        } else if FakeMeta::owns(&call.path) {
            self.meta.answer(call).await
        } else {
            self.line.answer(call).await
        };
        Ok(match ending {
            Ending::Whole => whole(&answer),
            Ending::Truncated => truncated(&answer),
            Ending::Lost { after } => self.lost(&answer, after, client).await,
        })
    }
}

impl SandboxEndpoint {
    async fn lost(&self, answer: &Answer, after: Duration, client: Option<SocketAddr>) -> Response {
        if !after.is_zero() {
            tokio::time::sleep(after).await;
        }
        if let Some(client) = client {
            self.connections.break_off(client);
        }
        whole(answer)
    }
}

fn whole(answer: &Answer) -> Response {
    let body = Body::from(answer.body.clone());
    headed(answer, body)
}

/// Promises the whole body and ends the connection in the middle of it.
fn truncated(answer: &Answer) -> Response {
    let length = answer.body.len();
    let half = answer.body.slice(..length / 2);
    let broken = stream::unfold(0_u8, move |step| {
        let half = half.clone();
        async move {
            match step {
                0 => Some((Ok::<Bytes, io::Error>(half), 1)),
                1 => {
                    // Lets the half that was written reach the client before the connection ends.
                    tokio::task::yield_now().await;
                    Some((Err(io::ErrorKind::BrokenPipe.into()), 2))
                }
                _ => None,
            }
        }
    });
    let mut response = headed(answer, Body::from_bytes_stream(broken));
    response.headers_mut().insert(poem::http::header::CONTENT_LENGTH, length.into());
    response
}

/// Whether a browser sends this for a page of the sandbox itself, or it is no browser at all: whoever visits any
/// page in the web must not have that page set faults or read conversations here.
pub(crate) fn same_page(call: &Call) -> bool {
    call.header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// An answer for the phone's page: nothing from elsewhere is loaded, and nothing is taken for what it is not.
fn page_of_phone(answer: &Answer) -> Response {
    let mut response = whole(answer);
    let headers = response.headers_mut();
    headers.insert("content-security-policy", HeaderValue::from_static(POLICY));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
    headers.insert("cache-control", HeaderValue::from_static("no-cache"));
    response
}

fn headed(answer: &Answer, body: Body) -> Response {
    let mut builder = Response::builder().status(answer.status).content_type(&answer.content_type);
    if let Some(id) = answer.request_id {
        builder = builder.header("x-line-request-id", id.to_string());
    }
    if let Some(id) = answer.accepted_request_id {
        builder = builder.header("x-line-accepted-request-id", id.to_string());
    }
    builder.body(body)
}
