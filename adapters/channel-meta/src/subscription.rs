//! Subscriptions of one account: made with that account's token at that account's own path, never `me`
//! (<https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps>).

use hubchat_domain::Timestamp;
use hubchat_ports::{FetchError, Subscription, WebhookTest};
use hubchat_provider_http::Method;
use serde_json::{Value, json};

use crate::{
    account::APP_SECRET,
    graph::{Call, Graph},
};

/// Subscribes to all of these fields: the list replaces the one before.
pub(crate) async fn subscribe(graph: &Graph<'_>, owner: &str, fields: &[&str]) -> Result<(), FetchError> {
    let nothing = json!({});
    let mut call = Call::post(format!("{owner}/subscribed_apps"), &nothing, "meta_subscribe");
    if !fields.is_empty() {
        call = call.with("subscribed_fields", fields.join(","));
    }
    graph.ask(call).await.map(|_| ())
}

/// Ends the subscription.
pub(crate) async fn unsubscribe(graph: &Graph<'_>, owner: &str) -> Result<(), FetchError> {
    let call = Call { method: Method::DELETE, ..Call::get(format!("{owner}/subscribed_apps"), "meta_unsubscribe") };
    graph.ask(call).await.map(|_| ())
}

/// What the subscription lacks of these fields; without fields, whether there is one.
pub(crate) async fn look(graph: &Graph<'_>, owner: &str, fields: &[&str]) -> Result<Subscription, FetchError> {
    let answer = graph.ask(Call::get(format!("{owner}/subscribed_apps"), "meta_subscription")).await?;
    let apps = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
    // An app of the account's own has an id that nobody told us.
    let app = graph.config.app.as_ref().filter(|_| graph.access.secrets.get(APP_SECRET).is_none());
    let ours = app.map(|app| app.app_id.as_str());
    let id = |app: &Value| {
        let id = app["id"].as_str().or_else(|| app["whatsapp_business_api_data"]["id"].as_str());
        id.map(str::to_owned)
    };
    let app = match ours {
        Some(ours) => apps.iter().find(|app| id(app).as_deref() == Some(ours)),
        None => apps.first(),
    };
    let missing = match app {
        None if fields.is_empty() => vec!["everything".to_owned()],
        None => fields.iter().map(|&field| field.to_owned()).collect(),
        Some(app) => {
            let told = app["subscribed_fields"].as_array();
            let has = |field: &&&str| told.is_some_and(|told| told.iter().any(|known| known == **field));
            fields.iter().filter(|field| !has(field)).map(|&field| field.to_owned()).collect()
        }
    };
    Ok(Subscription { missing })
}

/// When the account's token ends, as far as Meta tells: `expires_at` 0 means never.
pub(crate) async fn expires_at(graph: &Graph<'_>) -> Option<Timestamp> {
    let token = graph.debug_token().await?;
    let seconds = token["expires_at"].as_i64().filter(|seconds| *seconds > 0)?;
    Some(Timestamp::from_millis(seconds.saturating_mul(1_000)))
}

/// Meta has no test of its own: that everything is subscribed is the nearest to one.
pub(crate) fn test(subscription: &Subscription) -> WebhookTest {
    let success = subscription.missing.is_empty();
    let reason = if success { "OK".to_owned() } else { format!("not subscribed: {}", subscription.missing.join(", ")) };
    WebhookTest { success, reason, at: None }
}
