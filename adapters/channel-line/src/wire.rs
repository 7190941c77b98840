//! LINE's events as JSON, as far as hubchat reads them
//! (<https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects>).

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) mode: Option<String>,
    #[serde(default)]
    pub(crate) timestamp: Option<i64>,
    #[serde(default)]
    pub(crate) source: Option<Source>,
    #[serde(default)]
    pub(crate) webhook_event_id: Option<String>,
    #[serde(default)]
    pub(crate) reply_token: Option<String>,
    #[serde(default)]
    pub(crate) message: Option<Value>,
    #[serde(default)]
    pub(crate) postback: Option<Value>,
    #[serde(default)]
    pub(crate) follow: Option<Follow>,
    #[serde(default)]
    pub(crate) unsend: Option<Unsend>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Source {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) user_id: Option<String>,
    #[serde(default)]
    pub(crate) group_id: Option<String>,
    #[serde(default)]
    pub(crate) room_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Follow {
    #[serde(default)]
    pub(crate) is_unblocked: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unsend {
    pub(crate) message_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) quote_token: Option<String>,
    #[serde(default)]
    pub(crate) quoted_message_id: Option<String>,
    #[serde(default)]
    pub(crate) content_provider: Option<ContentProvider>,
    #[serde(default)]
    pub(crate) duration: Option<u64>,
    #[serde(default)]
    pub(crate) file_name: Option<String>,
    #[serde(default)]
    pub(crate) file_size: Option<u64>,
    #[serde(default)]
    pub(crate) package_id: Option<String>,
    #[serde(default)]
    pub(crate) sticker_id: Option<String>,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    #[serde(default)]
    pub(crate) title: Option<String>,
    #[serde(default)]
    pub(crate) address: Option<String>,
    #[serde(default)]
    pub(crate) latitude: Option<f64>,
    #[serde(default)]
    pub(crate) longitude: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContentProvider {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) original_content_url: Option<String>,
}

/// What LINE answers to a send.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    pub(crate) sent_messages: Vec<SentOne>,
}

#[derive(Deserialize)]
pub(crate) struct SentOne {
    pub(crate) id: String,
}

/// What LINE answers to a request that it refuses.
#[derive(Deserialize, Default)]
pub(crate) struct Refusal {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) details: Vec<RefusalDetail>,
}

#[derive(Deserialize)]
pub(crate) struct RefusalDetail {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) property: String,
}
