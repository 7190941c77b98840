//! One bot's calls. The token stands in the path, so addresses are secrets and never leave this file.

use hubchat_ports::ChannelSecrets;
use hubchat_provider_http::{Method, ProviderClient, ProviderError, ProviderRequest, ProviderResponse, ProviderStream};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

/// The secret's name.
pub(crate) const BOT_TOKEN: &str = "bot_token";

/// A bot's token, if it is one: digits, a colon, and letters that need no escape in a path
/// (<https://core.telegram.org/bots/api#authorizing-your-bot>). Anything else must not choose where we ask.
pub(crate) fn token(secrets: &ChannelSecrets) -> Option<&SecretString> {
    let token = secrets.get(BOT_TOKEN)?;
    let (id, key) = token.expose_secret().split_once(':')?;
    let id_is_number = !id.is_empty() && id.len() <= 20 && id.bytes().all(|byte| byte.is_ascii_digit());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (id_is_number && !key.is_empty() && key.len() <= 200 && key.bytes().all(plain)).then_some(token)
}

/// Telegram as one bot sees it.
pub(crate) struct Bot<'a> {
    pub(crate) client: &'a ProviderClient,
    pub(crate) api_url: &'a str,
    pub(crate) secrets: &'a ChannelSecrets,
}

/// The account has no token that could be one.
pub(crate) const NO_TOKEN: &str = "the account has no bot token, or one that Telegram cannot have given";

impl Bot<'_> {
    fn address(&self, before: &str, after: &str) -> Option<String> {
        let token = token(self.secrets)?.expose_secret();
        Some(format!("{}{before}/bot{token}/{after}", self.api_url))
    }

    /// Calls a method; `None` without a token.
    pub(crate) async fn call(
        &self,
        method: &str,
        operation: &'static str,
        body: &Value,
    ) -> Option<Result<ProviderResponse, ProviderError>> {
        let url = self.address("", method)?;
        Some(self.client.send(ProviderRequest::new(Method::POST, url, operation).json(body)).await)
    }

    /// Downloads a file by the path that getFile told (<https://core.telegram.org/bots/api#file>).
    pub(crate) async fn download(&self, path: &str) -> Option<Result<ProviderStream, ProviderError>> {
        let url = self.address("/file", path)?;
        Some(self.client.stream(ProviderRequest::new(Method::GET, url, "telegram_file")).await)
    }
}
