//! One account's calls of the Graph API (<https://developers.facebook.com/docs/graph-api>).

use hubchat_ports::{AccountAccess, FetchError, SendError};
use hubchat_provider_http::{Method, ProviderClient, ProviderError, ProviderRequest, ProviderResponse, ProviderStream};
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::{
    account::{ACCESS_TOKEN, APP_SECRET, is_id},
    config::MetaConfig,
    errors,
    verify::appsecret_proof,
};

/// The account has no token.
const NO_TOKEN: &str = "the account has no access token";

/// The Graph API as one account sees it.
pub(crate) struct Graph<'a> {
    pub(crate) client: &'a ProviderClient,
    pub(crate) config: &'a MetaConfig,
    pub(crate) access: &'a AccountAccess,
    /// Where: the API of Facebook, or that of Instagram's own log-in.
    pub(crate) base: &'a str,
}

/// What is asked: a path below the version, and its query.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<&'a Value>,
    pub(crate) operation: &'static str,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: impl Into<String>, operation: &'static str) -> Self {
        Self { method: Method::GET, path: path.into(), query: Vec::new(), body: None, operation }
    }

    pub(crate) fn post(path: impl Into<String>, body: &'a Value, operation: &'static str) -> Self {
        Self { method: Method::POST, path: path.into(), query: Vec::new(), body: Some(body), operation }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }
}

impl Graph<'_> {
    /// The account's token.
    pub(crate) fn token(&self) -> Option<&SecretString> {
        self.access.secrets.get(ACCESS_TOKEN)
    }

    /// The account's own id at Meta, if it is one.
    pub(crate) fn account_id(&self) -> Option<&str> {
        self.access.account.external_id.as_deref().filter(|id| is_id(id))
    }

    fn address(&self, call: &Call<'_>, token: &SecretString) -> Option<Url> {
        let mut url = Url::parse(&format!("{}/{}/{}", self.base, self.config.version, call.path)).ok()?;
        let app_secret =
            self.access.secrets.get(APP_SECRET).or_else(|| self.config.app.as_ref().map(|app| &app.app_secret));
        // The API of Instagram's own log-in knows no such proof.
        let app_secret = app_secret.filter(|_| self.base == self.config.graph_url);
        if app_secret.is_some() || !call.query.is_empty() {
            let mut query = url.query_pairs_mut();
            for (name, value) in &call.query {
                query.append_pair(name, value);
            }
            if let Some(secret) = app_secret {
                query.append_pair("appsecret_proof", &appsecret_proof(secret, token));
            }
        }
        Some(url)
    }

    /// Makes a call, and tells the token that it was made with; `None` without one or with a path that is none.
    async fn call(&self, call: Call<'_>) -> Option<(&SecretString, Result<ProviderResponse, ProviderError>)> {
        let token = self.token()?;
        let url = self.address(&call, token)?;
        let mut request = ProviderRequest::new(call.method, url, call.operation).bearer(token);
        if let Some(body) = call.body {
            request = request.json(body);
        }
        Some((token, self.client.send(request).await))
    }

    /// Sends something to a person.
    pub(crate) async fn send(&self, path: String, body: &Value) -> Result<Value, SendError> {
        let asked = self.call(Call::post(path, body, "meta_send")).await;
        let (token, asked) = asked.ok_or_else(|| SendError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
        let response = asked.map_err(|error| errors::send_failed(&error))?;
        if !response.is_success() {
            return Err(errors::send_refused(&response, token));
        }
        response
            .json()
            .ok_or_else(|| SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() })
    }

    /// Asks for something, or sets something that may be set again.
    pub(crate) async fn ask(&self, call: Call<'_>) -> Result<Value, FetchError> {
        let asked = self.call(call).await;
        let (token, asked) = asked.ok_or_else(|| FetchError::Unauthorized { reason: NO_TOKEN.to_owned() })?;
        let response = asked.map_err(|error| errors::fetch_failed(&error))?;
        if !response.is_success() {
            return Err(errors::fetch_refused(&response, token));
        }
        response
            .json()
            .ok_or_else(|| FetchError::Retry { after: None, reason: "the provider's answer cannot be read".to_owned() })
    }

    /// Asks about the account's token with the credentials of the app.
    pub(crate) async fn debug_token(&self) -> Option<Value> {
        use secrecy::ExposeSecret;
        let app = self.config.app.as_ref()?;
        let token = self.token()?;
        let mut url = Url::parse(&format!("{}/{}/debug_token", self.config.graph_url, self.config.version)).ok()?;
        url.query_pairs_mut().append_pair("input_token", token.expose_secret());
        let bearer = SecretString::from(format!("{}|{}", app.app_id, app.app_secret.expose_secret()));
        let request = ProviderRequest::new(Method::GET, url, "meta_debug_token").bearer(&bearer);
        let response = self.client.send(request).await.ok()?;
        let answer: Value = response.json().filter(|_| response.is_success())?;
        answer.get("data").cloned()
    }

    /// Downloads from an address that Meta told, with the account's token. Only Meta's own hosts may have it.
    pub(crate) async fn download(&self, address: &str) -> Option<Result<ProviderStream, ProviderError>> {
        let (token, url) = (self.token()?, Url::parse(address).ok()?);
        let of_meta = ["fbsbx.com", "facebook.com", "whatsapp.net", "fbcdn.net"];
        let host = url.host_str().unwrap_or_default();
        let is_of_meta = url.scheme() == "https"
            && of_meta.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")));
        let same_place = Url::parse(&self.config.graph_url).is_ok_and(|graph| graph.origin() == url.origin());
        if !is_of_meta && !same_place {
            return Some(Err(ProviderError::AddressRefused));
        }
        Some(self.client.stream(ProviderRequest::new(Method::GET, url, "meta_media").bearer(token)).await)
    }
}

/// What a download gave.
pub(crate) fn downloaded(answer: ProviderStream) -> Result<hubchat_ports::MediaDownload, FetchError> {
    let reason = || format!("Meta answered {}", answer.status);
    match answer.status {
        200..=299 => Ok(hubchat_ports::MediaDownload { content_type: answer.content_type, body: answer.body }),
        // Addresses live for minutes; the next attempt asks for a new one.
        401 | 403 | 404 | 429 | 500..=599 => Err(FetchError::Retry { after: answer.retry_after, reason: reason() }),
        410 => Err(FetchError::Gone),
        _ => Err(FetchError::NotAvailable { reason: reason() }),
    }
}
