//! Asking Telegram: profiles, files, the bot itself, and the webhook.

use hubchat_domain::{MediaSource, Profile, Timestamp};
use hubchat_ports::{AccountCheck, FetchError, MediaDownload, ProfileQuery, SignalRequest, ThreadSignal, WebhookTest};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    bot::{Bot, NO_TOKEN, token},
    errors::{fetch_failed, fetch_refused},
    verify::webhook_secret,
    wire::Answer,
};

/// The updates that hubchat understands. Without a list Telegram leaves some out
/// (<https://core.telegram.org/bots/api#setwebhook>).
const UPDATES: [&str; 5] = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"];

async fn ask(bot: &Bot<'_>, method: &str, operation: &'static str, body: Value) -> Result<Value, FetchError> {
    let asked = bot.call(method, operation, &body).await;
    let asked = asked.ok_or_else(|| FetchError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
    let response = asked.map_err(|error| fetch_failed(&error))?;
    if !response.is_success() {
        return Err(fetch_refused(&response));
    }
    let answer = response.json::<Answer>().filter(|answer| answer.ok).and_then(|answer| answer.result);
    answer.ok_or_else(|| FetchError::Retry { after: None, reason: "the provider's answer cannot be read".to_owned() })
}

/// <https://core.telegram.org/bots/api#getchat>. Pictures are only to be had under the bot's token, which no
/// browser may see, so there is no address of one.
pub(crate) async fn profile(bot: &Bot<'_>, query: &ProfileQuery) -> Result<Profile, FetchError> {
    let id = query.member.as_deref().unwrap_or(&query.external_thread_id);
    let id: i64 =
        id.parse().map_err(|_| FetchError::NotAvailable { reason: "this is no chat of Telegram's".to_owned() })?;
    let chat = ask(bot, "getChat", "telegram_profile", json!({"chat_id": id})).await?;
    let text = |name: &str| chat[name].as_str().filter(|text| !text.is_empty());
    let name: Vec<&str> = ["first_name", "last_name"].into_iter().filter_map(text).collect();
    let name = if name.is_empty() {
        text("title").or_else(|| text("username")).map(str::to_owned)
    } else {
        Some(name.join(" "))
    };
    Ok(Profile { display_name: name, avatar_url: None, language: None })
}

/// <https://core.telegram.org/bots/api#getfile>: at most 20 MB.
pub(crate) async fn media(bot: &Bot<'_>, source: &MediaSource) -> Result<MediaDownload, FetchError> {
    let MediaSource::Provider { external_id, .. } = source else {
        return Err(FetchError::NotAvailable { reason: "Telegram names files by their id only".to_owned() });
    };
    let file = ask(bot, "getFile", "telegram_get_file", json!({"file_id": external_id})).await?;
    let path = file["file_path"].as_str().filter(|path| is_plain(path));
    let path =
        path.ok_or_else(|| FetchError::NotAvailable { reason: "Telegram did not tell where the file is".to_owned() })?;
    let asked = bot.download(path).await.ok_or_else(|| FetchError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
    let answer = asked.map_err(|error| fetch_failed(&error))?;
    match answer.status {
        200..=299 => Ok(MediaDownload { content_type: answer.content_type, body: answer.body }),
        401 => Err(FetchError::Unauthorized { reason: "Telegram answered 401".to_owned() }),
        429 | 500..=599 => {
            Err(FetchError::Retry { after: answer.retry_after, reason: format!("Telegram answered {}", answer.status) })
        }
        status => Err(FetchError::NotAvailable { reason: format!("Telegram answered {status}") }),
    }
}

/// A path that stays below the place of files.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    !path.is_empty() && path.len() <= 300 && path.bytes().all(plain) && !path.contains("..") && !path.starts_with('/')
}

/// <https://core.telegram.org/bots/api#getme> and <https://core.telegram.org/bots/api#getwebhookinfo>
pub(crate) async fn check(bot: &Bot<'_>) -> Result<AccountCheck, FetchError> {
    let me = ask(bot, "getMe", "telegram_me", json!({})).await?;
    let id = me["id"].as_i64();
    let id = id.ok_or_else(|| FetchError::NotAvailable { reason: "Telegram did not tell the bot's id".to_owned() })?;
    let webhook = ask(bot, "getWebhookInfo", "telegram_webhook", json!({})).await?;
    let url = webhook["url"].as_str().filter(|url| !url.is_empty());
    Ok(AccountCheck {
        external_id: id.to_string(),
        display_name: me["first_name"].as_str().or_else(|| me["username"].as_str()).map(str::to_owned),
        quota: None,
        webhook: url.map(|url| (url.to_owned(), true)),
        subscription: None,
        expires_at: None,
    })
}

/// <https://core.telegram.org/bots/api#setwebhook>
pub(crate) async fn set_webhook(bot: &Bot<'_>, url: &str) -> Result<(), FetchError> {
    let token = token(bot.secrets).ok_or_else(|| FetchError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
    let body = json!({
        "url": url,
        "secret_token": webhook_secret(token).expose_secret(),
        "allowed_updates": UPDATES,
        "max_connections": 40,
        "drop_pending_updates": false,
    });
    ask(bot, "setWebhook", "telegram_set_webhook", body).await.map(|_| ())
}

/// Telegram has no test of its own: what it tells of its last deliveries is the nearest to one.
pub(crate) async fn test_webhook(bot: &Bot<'_>, url: &str) -> Result<WebhookTest, FetchError> {
    let told = ask(bot, "getWebhookInfo", "telegram_webhook", json!({})).await?;
    let at = told["last_error_date"].as_i64().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000)));
    let set = told["url"].as_str().unwrap_or_default();
    if set != url {
        let reason =
            if set.is_empty() { "no webhook is set at Telegram" } else { "another webhook is set at Telegram" };
        return Ok(WebhookTest { success: false, reason: reason.to_owned(), at: None });
    }
    let waiting = told["pending_update_count"].as_i64().unwrap_or_default();
    Ok(match told["last_error_message"].as_str() {
        // An error that nothing waits behind was overcome.
        Some(error) if waiting > 0 => {
            WebhookTest { success: false, reason: format!("{error}; {waiting} updates wait"), at }
        }
        _ => WebhookTest { success: true, reason: "OK".to_owned(), at },
    })
}

/// <https://core.telegram.org/bots/api#sendchataction>, <https://core.telegram.org/bots/api#answercallbackquery>:
/// until a press is answered, the customer's app shows that it waits.
pub(crate) async fn signal(bot: &Bot<'_>, request: &SignalRequest) -> Result<(), FetchError> {
    let nothing = |reason: &str| FetchError::NotAvailable { reason: reason.to_owned() };
    let (method, body) = match request.signal {
        ThreadSignal::Typing => {
            let chat: i64 = request.external_thread_id.parse().map_err(|_| nothing("this is no chat of Telegram's"))?;
            ("sendChatAction", json!({"chat_id": chat, "action": "typing"}))
        }
        ThreadSignal::Pressed => {
            let press = request.newest_inbound_id.as_deref().ok_or_else(|| nothing("there is no press"))?;
            ("answerCallbackQuery", json!({"callback_query_id": press}))
        }
        ThreadSignal::Seen => return Err(nothing("Telegram lets no bot mark messages as read")),
    };
    ask(bot, method, "telegram_signal", body).await.map(|_| ())
}
