//! Files of customers, and signals to them.

use hubchat_domain::MediaSource;
use hubchat_ports::{FetchError, MediaDownload, SignalRequest, ThreadSignal};
use serde_json::json;

use crate::{
    errors::fetch_failed,
    graph::{Call, Graph, downloaded},
};

/// Meta names files by signed addresses that need no credential and expire.
pub(crate) async fn media(graph: &Graph<'_>, source: &MediaSource) -> Result<MediaDownload, FetchError> {
    let MediaSource::Url { url } = source else {
        return Err(FetchError::NotAvailable { reason: "Meta names files by their address only".to_owned() });
    };
    let answer = graph.client.fetch_public(url).await.map_err(|error| fetch_failed(&error))?;
    match answer.status {
        // The signature has expired, and nobody can ask for another.
        403 | 404 | 410 => Err(FetchError::Gone),
        _ => downloaded(answer),
    }
}

/// <https://developers.facebook.com/docs/messenger-platform/send-messages/sender-actions>
pub(crate) async fn signal(graph: &Graph<'_>, sender: &str, request: &SignalRequest) -> Result<(), FetchError> {
    let action = match request.signal {
        ThreadSignal::Typing => "typing_on",
        ThreadSignal::Seen => "mark_seen",
        ThreadSignal::Pressed => return Ok(()),
    };
    let body = json!({"recipient": {"id": request.external_thread_id}, "sender_action": action});
    graph.ask(Call::post(format!("{sender}/messages"), &body, "meta_signal")).await.map(|_| ())
}
