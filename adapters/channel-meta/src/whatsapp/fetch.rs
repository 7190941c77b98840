//! Files of customers, and signals to them.

use hubchat_domain::MediaSource;
use hubchat_ports::{FetchError, MediaDownload, SignalRequest, ThreadSignal};
use serde_json::json;

use crate::{
    account::is_id,
    errors::fetch_failed,
    graph::{Call, Graph, downloaded},
};

/// <https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#download-media>: the address lives five
/// minutes and wants the token.
pub(super) async fn media(graph: &Graph<'_>, number: &str, source: &MediaSource) -> Result<MediaDownload, FetchError> {
    let gone = |reason: &str| FetchError::NotAvailable { reason: reason.to_owned() };
    let MediaSource::Provider { external_id, .. } = source else {
        return Err(gone("WhatsApp names files by their id only"));
    };
    if !is_id(external_id) {
        return Err(gone("this is no file of WhatsApp's"));
    }
    let told = graph.ask(Call::get(external_id.as_str(), "meta_media_url").with("phone_number_id", number)).await?;
    let url = told["url"].as_str().ok_or_else(|| gone("WhatsApp did not tell where the file is"))?;
    let asked = graph.download(url).await.ok_or_else(|| gone("WhatsApp told no address"))?;
    downloaded(asked.map_err(|error| fetch_failed(&error))?)
}

/// <https://developers.facebook.com/docs/whatsapp/cloud-api/guides/mark-message-as-read>,
/// <https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators>: typing marks as read too.
pub(super) async fn signal(graph: &Graph<'_>, number: &str, request: &SignalRequest) -> Result<(), FetchError> {
    if request.signal == ThreadSignal::Pressed {
        return Ok(());
    }
    let newest = request.newest_inbound_id.as_deref();
    let newest = newest.ok_or_else(|| FetchError::NotAvailable { reason: "there is nothing to answer".to_owned() })?;
    let id = newest.trim_end_matches(":caption");
    let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": id});
    if request.signal == ThreadSignal::Typing {
        body["typing_indicator"] = json!({"type": "text"});
    }
    graph.ask(Call::post(format!("{number}/messages"), &body, "meta_signal")).await.map(|_| ())
}
