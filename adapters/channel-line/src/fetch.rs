//! Asking LINE: profiles, files, the account itself, and the webhook.

use hubchat_domain::{MediaSource, Profile, ThreadKind, Timestamp};
use hubchat_ports::{
    AccountAccess, AccountCheck, FetchError, MediaDownload, ProfileQuery, QuotaUse, SignalRequest, ThreadSignal,
    WebhookTest,
};
use hubchat_provider_http::{Method, ProviderClient, ProviderRequest, ProviderResponse};
use serde_json::{Value, json};

use crate::{
    adapter::access_token,
    errors::{answer_refused, fetch_failed, fetch_refused},
};

/// LINE as one account sees it.
pub(crate) struct Line<'a> {
    pub(crate) client: &'a ProviderClient,
    pub(crate) api_url: &'a str,
    pub(crate) data_url: &'a str,
    pub(crate) access: &'a AccountAccess,
}

impl Line<'_> {
    fn authorized(&self, request: ProviderRequest) -> Result<ProviderRequest, FetchError> {
        let token = access_token(&self.access.secrets)
            .ok_or_else(|| FetchError::Unauthorized { reason: "the account has no access token".to_owned() })?;
        Ok(request.bearer(token))
    }

    async fn ask(&self, request: ProviderRequest) -> Result<ProviderResponse, FetchError> {
        let response = self.client.send(self.authorized(request)?).await.map_err(|error| fetch_failed(&error))?;
        if response.is_success() { Ok(response) } else { Err(answer_refused(&response)) }
    }

    async fn get(&self, path: &str, operation: &'static str) -> Result<Value, FetchError> {
        let request = ProviderRequest::new(Method::GET, format!("{}{path}", self.api_url), operation);
        let response = self.ask(request).await?;
        response.json().ok_or_else(|| FetchError::Retry { after: None, reason: UNREADABLE.to_owned() })
    }

    /// <https://developers.line.biz/en/reference/messaging-api/#get-profile> and its like for groups.
    pub(crate) async fn profile(&self, query: &ProfileQuery) -> Result<Profile, FetchError> {
        let thread = id(&query.external_thread_id)?;
        let path = match (query.thread_kind, &query.member) {
            (ThreadKind::Direct, _) => format!("/v2/bot/profile/{thread}"),
            (ThreadKind::Group, None) => format!("/v2/bot/group/{thread}/summary"),
            (ThreadKind::Group, Some(member)) => format!("/v2/bot/group/{thread}/member/{}", id(member)?),
            (ThreadKind::Room, Some(member)) => format!("/v2/bot/room/{thread}/member/{}", id(member)?),
            // A nameless group has no name, and LINE has no public posts.
            (ThreadKind::Room, None) | (ThreadKind::Comment, _) => return Ok(Profile::default()),
        };
        let answer = self.get(&path, "line_profile").await?;
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        Ok(Profile {
            display_name: text("displayName").or_else(|| text("groupName")),
            avatar_url: text("pictureUrl"),
            language: text("language"),
        })
    }

    /// <https://developers.line.biz/en/reference/messaging-api/#get-content>
    pub(crate) async fn media(&self, source: &MediaSource) -> Result<MediaDownload, FetchError> {
        let (external_id, transcoded) = match source {
            MediaSource::Provider { external_id, transcoded } => (id(external_id)?, *transcoded),
            MediaSource::Url { url } => return self.public(url).await,
            MediaSource::Upload => {
                return Err(FetchError::NotAvailable { reason: "an upload has no other place".to_owned() });
            }
        };
        let content = format!("{}/v2/bot/message/{external_id}/content", self.data_url);
        if transcoded {
            let url = format!("{content}/transcoding");
            let state = self.ask(ProviderRequest::new(Method::GET, url, "line_transcoding")).await?;
            let state: Value = state.json().unwrap_or_default();
            match state["status"].as_str() {
                Some("succeeded") => {}
                Some("failed") => {
                    return Err(FetchError::NotAvailable { reason: "LINE could not prepare the file".to_owned() });
                }
                _ => return Err(FetchError::NotReady),
            }
        }
        let request = self.authorized(ProviderRequest::new(Method::GET, content, "line_content"))?;
        let answer = self.client.stream(request).await.map_err(|error| fetch_failed(&error))?;
        match answer.status {
            200 => Ok(MediaDownload { content_type: answer.content_type, body: answer.body }),
            202 => Err(FetchError::NotReady),
            status => Err(fetch_refused(status, answer.retry_after, format!("LINE answered {status}"))),
        }
    }

    async fn public(&self, url: &str) -> Result<MediaDownload, FetchError> {
        let answer = self.client.fetch_public(url).await.map_err(|error| fetch_failed(&error))?;
        match answer.status {
            200..=299 => Ok(MediaDownload { content_type: answer.content_type, body: answer.body }),
            // Another's server: its 401 says nothing of our credentials.
            401 | 403 => Err(FetchError::NotAvailable { reason: "the file's server refuses".to_owned() }),
            status => Err(fetch_refused(status, answer.retry_after, format!("the file's server answered {status}"))),
        }
    }

    /// Bot info, allowance and webhook
    /// (<https://developers.line.biz/en/reference/messaging-api/#get-bot-info>).
    pub(crate) async fn check(&self) -> Result<AccountCheck, FetchError> {
        let info = self.get("/v2/bot/info", "line_info").await?;
        let external_id = info["userId"]
            .as_str()
            .ok_or_else(|| FetchError::NotAvailable { reason: "LINE did not tell the account's id".to_owned() })?;
        let quota = self.get("/v2/bot/message/quota", "line_quota").await?;
        let used = self.get("/v2/bot/message/quota/consumption", "line_quota").await?;
        let quota = used["totalUsage"].as_i64().map(|used| QuotaUse { limit: quota["value"].as_i64(), used });
        let webhook = match self.get("/v2/bot/channel/webhook/endpoint", "line_webhook").await {
            Ok(told) => {
                told["endpoint"].as_str().map(|url| (url.to_owned(), told["active"].as_bool().unwrap_or(false)))
            }
            // None is set.
            Err(FetchError::NotAvailable { .. }) => None,
            Err(other) => return Err(other),
        };
        Ok(AccountCheck {
            external_id: external_id.to_owned(),
            display_name: info["displayName"].as_str().map(str::to_owned),
            quota,
            webhook,
            subscription: None,
            expires_at: None,
        })
    }

    /// <https://developers.line.biz/en/reference/messaging-api/#display-a-loading-indicator>: in chats with one person
    /// only, until the answer comes or for this long.
    pub(crate) async fn signal(&self, request: &SignalRequest) -> Result<(), FetchError> {
        let nothing = |reason: &str| FetchError::NotAvailable { reason: reason.to_owned() };
        match request.signal {
            ThreadSignal::Typing if request.thread_kind == ThreadKind::Direct => {
                let body = json!({"chatId": id(&request.external_thread_id)?, "loadingSeconds": LOADING_SECONDS});
                let path = format!("{}/v2/bot/chat/loading/start", self.api_url);
                self.ask(ProviderRequest::new(Method::POST, path, "line_loading").json(&body)).await.map(|_| ())
            }
            ThreadSignal::Typing => Err(nothing("LINE shows it to one person only")),
            ThreadSignal::Seen | ThreadSignal::Pressed => Err(nothing("LINE asks for more than is kept")),
        }
    }

    /// <https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url>
    pub(crate) async fn set_webhook(&self, url: &str) -> Result<(), FetchError> {
        let path = format!("{}/v2/bot/channel/webhook/endpoint", self.api_url);
        let request = ProviderRequest::new(Method::PUT, path, "line_set_webhook").json(&json!({"endpoint": url}));
        self.ask(request).await.map(|_| ())
    }

    /// <https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint>
    pub(crate) async fn test_webhook(&self, url: &str) -> Result<WebhookTest, FetchError> {
        let path = format!("{}/v2/bot/channel/webhook/test", self.api_url);
        let request = ProviderRequest::new(Method::POST, path, "line_test_webhook").json(&json!({"endpoint": url}));
        let answer = self.ask(request).await?;
        let told: Value =
            answer.json().ok_or_else(|| FetchError::Retry { after: None, reason: UNREADABLE.to_owned() })?;
        Ok(WebhookTest {
            success: told["success"].as_bool().unwrap_or(false),
            reason: told["reason"].as_str().unwrap_or("UNCLASSIFIED").to_owned(),
            at: told["timestamp"].as_str().and_then(|at| Timestamp::parse_rfc3339(at).ok()),
        })
    }
}

/// The loading indicator's life: 5 to 60 in steps of 5.
const LOADING_SECONDS: u8 = 20;
const UNREADABLE: &str = "the provider's answer cannot be read";

/// An id that may stand in a path: LINE's ids are letters and digits. Anything else came from a stranger
/// and must not choose where we ask.
fn id(text: &str) -> Result<&str, FetchError> {
    let plain = !text.is_empty() && text.len() <= 100 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if plain { Ok(text) } else { Err(FetchError::NotAvailable { reason: "this is no id of LINE's".to_owned() }) }
}
