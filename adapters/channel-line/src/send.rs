//! Sending: a reply while there is a right to it, else a push under the message's id as retry key.

use hubchat_ports::{AccountAccess, SendError, SendRequest, SentMessage};
use hubchat_provider_http::{Method, ProviderClient, ProviderRequest, ProviderResponse};
use serde_json::json;

use crate::{
    adapter::access_token,
    errors::{Door, send_failed, send_refused},
    outgoing::objects,
    wire::Sent,
};

/// The header that makes a repetition harmless, for 24 hours.
const RETRY_KEY: &str = "X-Line-Retry-Key";

pub(crate) async fn send(
    client: &ProviderClient,
    api_url: &str,
    access: &AccountAccess,
    request: &SendRequest,
) -> Result<SentMessage, SendError> {
    let messages = objects(request)?;
    let token = access_token(&access.secrets)
        .ok_or_else(|| SendError::Unauthorized { reason: "the account has no access token".to_owned() })?;
    let (door, call) = if let Some(handle) = &request.reply_handle {
        let body = json!({"replyToken": handle.token, "messages": messages});
        let url = format!("{api_url}/v2/bot/message/reply");
        (Door::Reply, ProviderRequest::new(Method::POST, url, "line_reply").json(&body))
    } else {
        let body = json!({"to": request.external_thread_id, "messages": messages});
        let url = format!("{api_url}/v2/bot/message/push");
        let call = ProviderRequest::new(Method::POST, url, "line_push").json(&body);
        (Door::Push, call.header(RETRY_KEY, request.message_id.to_string()))
    };
    let response = client.send(call.bearer(token)).await.map_err(|error| send_failed(&error))?;
    match response.status() {
        200..=299 => accepted(&response, false),
        409 if door == Door::Push => accepted(&response, true),
        _ => Err(send_refused(door, &response)),
    }
}

fn accepted(response: &ProviderResponse, duplicate: bool) -> Result<SentMessage, SendError> {
    let request_id = if duplicate { "x-line-accepted-request-id" } else { "x-line-request-id" };
    let request_id = response.header(request_id).map(str::to_owned);
    match response.json::<Sent>() {
        Some(sent) => {
            let external_ids = sent.sent_messages.into_iter().map(|one| one.id).collect();
            Ok(SentMessage { external_ids, duplicate, request_id, recipient_id: None })
        }
        // LINE had accepted the key, whatever more it says.
        None if duplicate => Ok(SentMessage { duplicate, request_id, ..SentMessage::default() }),
        None => Err(SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() }),
    }
}
