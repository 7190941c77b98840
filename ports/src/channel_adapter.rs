//! A channel: how one provider speaks.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_domain::{
    ChannelAccountRecord, ChannelCapabilities, ChannelType, InboundEvent, MediaSource, MessageContent, Profile,
    ThreadKind, Timestamp,
};
use secrecy::{ExposeSecret, SecretString};

use crate::{SendError, SendRequest, SentMessage, media_files::IncomingBytes};

/// The secrets of an account, by the adapter's own names for them.
#[derive(Debug, Clone, Default)]
pub struct ChannelSecrets(BTreeMap<String, SecretString>);

impl ChannelSecrets {
    /// From names and secrets.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = (String, SecretString)>) -> Self {
        Self(secrets.into_iter().collect())
    }

    /// The secret of that name, unless it is missing or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name).filter(|secret| !secret.expose_secret().is_empty())
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// These with `others` in place of those of the same names.
    #[must_use]
    pub fn replaced_by(&self, others: &Self) -> Self {
        let both = self.0.iter().chain(&others.0);
        Self(both.map(|(name, secret)| (name.clone(), secret.clone())).collect())
    }

    /// The plain JSON object that the vault seals.
    #[must_use]
    pub fn to_sealable(&self) -> SecretString {
        let plain: BTreeMap<&str, &str> =
            self.0.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
        SecretString::from(serde_json::json!(plain).to_string())
    }

    /// Reads what [`to_sealable`](Self::to_sealable) wrote.
    #[must_use]
    pub fn from_sealable(plain: &SecretString) -> Option<Self> {
        let map: BTreeMap<String, String> = serde_json::from_str(plain.expose_secret()).ok()?;
        Some(Self(map.into_iter().map(|(name, secret)| (name, SecretString::from(secret))).collect()))
    }
}

/// An account with its opened secrets, for the length of one call.
#[derive(Debug, Clone)]
pub struct AccountAccess {
    /// The account.
    pub account: ChannelAccountRecord,
    /// Its secrets.
    pub secrets: ChannelSecrets,
}

/// The headers of a webhook request: names in lower case, every value of a repeated one.
#[derive(Debug, Clone, Default)]
pub struct WebhookHeaders(Vec<(String, Vec<u8>)>);

impl WebhookHeaders {
    /// From names and values, as received.
    #[must_use]
    pub fn new<'a>(headers: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect())
    }

    /// The value of a header that MUST come exactly once: a repeated signature proves nothing.
    #[must_use]
    pub fn only(&self, name: &str) -> Option<&[u8]> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_slice());
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }
}

/// The webhook is not the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature is absent, repeated or not of the right form.
    #[error("the signature is missing or malformed")]
    Missing,
    /// The signature is another's.
    #[error("the signature does not match")]
    Mismatch,
    /// The account has no secret to verify with; it MUST NOT be taken as verified.
    #[error("the account has no secret to verify with")]
    NoSecret,
}

/// The body of a webhook is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not JSON")]
pub struct MalformedBody;

/// The event cannot be understood; it becomes a dead letter with this reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event cannot be understood: {reason}")]
pub struct InvalidEvent {
    /// What is wrong, without content.
    pub reason: String,
}

/// One event of a webhook, unparsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawEvent {
    /// What makes it unique within the account: the provider's event id, else a digest of the event.
    pub event_key: String,
    /// Names the thread: events of one thread are processed in order.
    pub order_key: String,
    /// The account that it is for, by the provider's id, where that differs from the body's.
    pub destination: Option<String>,
    /// The event as sent: JSON text.
    pub raw: Bytes,
}

/// A webhook, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookBatch {
    /// The account that the body as a whole names, by the provider's id.
    pub destination: Option<String>,
    /// Every event, in order.
    pub events: Vec<RawEvent>,
}

/// Content that the channel cannot carry, known before anything is queued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ContentRefused {
    /// The field at fault, in the API's words: `content`, `mediaUrl`, `type`.
    pub field: &'static str,
    /// What is wrong with it, in words.
    pub reason: String,
}

/// Whose profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileQuery {
    /// The kind of thread.
    pub thread_kind: ThreadKind,
    /// The thread.
    pub external_thread_id: String,
    /// The person within a group; `None` asks for the person of a direct thread or for the group itself.
    pub member: Option<String>,
}

/// A file that comes in.
pub struct MediaDownload {
    /// The type, as the provider tells it; never trusted.
    pub content_type: Option<String>,
    /// The bytes.
    pub body: IncomingBytes,
}

/// Why something could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The provider is still preparing it. Ask again later; no attempt is counted.
    #[error("not ready yet")]
    NotReady,
    /// Nobody's fault. Try again, not before `after`.
    #[error("not fetched, may be tried again: {reason}")]
    Retry {
        /// The least wait, when the provider told one.
        after: Option<std::time::Duration>,
        /// What happened.
        reason: String,
    },
    /// It is not there, or not for us.
    #[error("not available: {reason}")]
    NotAvailable {
        /// The provider's reason.
        reason: String,
    },
    /// The provider no longer has it, for good.
    #[error("gone")]
    Gone,
    /// The provider refuses the account's credentials.
    #[error("credentials refused: {reason}")]
    Unauthorized {
        /// The provider's reason.
        reason: String,
    },
}

/// How much of a paid allowance is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaUse {
    /// Messages a month; `None` when unlimited.
    pub limit: Option<i64>,
    /// Messages used this month.
    pub used: i64,
}

/// What the provider tells of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountCheck {
    /// The provider's id of the account.
    pub external_id: String,
    /// Its name there.
    pub display_name: Option<String>,
    /// Its allowance, where there is one.
    pub quota: Option<QuotaUse>,
    /// The webhook address set there, where it can be asked, and whether it is switched on.
    pub webhook: Option<(String, bool)>,
    /// Whether the provider sends everything that hubchat needs, where that can be asked.
    pub subscription: Option<Subscription>,
    /// When the credentials end, where that is known.
    pub expires_at: Option<Timestamp>,
}

/// What an account's subscription at the provider lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The kinds of event that it does not send, in its own words; none when it is complete.
    pub missing: Vec<String>,
}

/// A template that the provider keeps for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    /// Its name.
    pub name: String,
    /// Its language, in the provider's form.
    pub language: String,
    /// Whether it may be used, in the provider's word: `APPROVED`, `PAUSED`, ...
    pub status: String,
    /// What it is for, in the provider's word.
    pub category: Option<String>,
    /// The text of its body, with its places: `{{1}}`.
    pub body: Option<String>,
    /// How many values its body takes.
    pub body_parameters: usize,
    /// What its head carries, in the provider's word: `TEXT`, `IMAGE`, `DOCUMENT`, ...
    pub header: Option<String>,
}

/// Something that the customer notices and that is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadSignal {
    /// Someone is writing.
    Typing,
    /// Everything up to the customer's newest message was seen.
    Seen,
    /// The button that the customer pressed was noticed.
    Pressed,
}

/// Where a signal goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalRequest {
    /// The kind of thread.
    pub thread_kind: ThreadKind,
    /// The provider's id of the thread, or wherever the thread goes on.
    pub external_thread_id: String,
    /// The provider's id of the customer's newest message, when there is one; for [`ThreadSignal::Pressed`] that of
    /// the press.
    pub newest_inbound_id: Option<String>,
    /// The signal.
    pub signal: ThreadSignal,
}

/// What the provider's own test of the webhook gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTest {
    /// Whether our answer satisfied it.
    pub success: bool,
    /// Its reason, in its own words.
    pub reason: String,
    /// When it tried, by its own clock.
    pub at: Option<Timestamp>,
}

/// One channel. Tenant-free: the account and its secrets come with each call.
///
/// `channel_type`, `capabilities`, `verify`, `split`, `parse` and `check_content` are pure and fast.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ChannelAdapter: Send + Sync {
    /// The channel that it is for.
    fn channel_type(&self) -> ChannelType;

    /// What the channel can do.
    fn capabilities(&self) -> ChannelCapabilities;

    /// The names of the secrets that an account must have.
    fn secret_names(&self) -> &'static [&'static str];

    /// The names of the secrets that an account may have beside them.
    fn optional_secret_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether the words of a webhook's subscription hand-shake prove that it was made by whoever owns the app
    /// at the provider, or the account when its secrets are given (for the app's own webhook there are none).
    /// MUST refuse when no token is configured.
    fn accepts_handshake(&self, verify_token: &str, secrets: &ChannelSecrets) -> bool {
        let _ = (verify_token, secrets);
        false
    }

    /// As [`verify`](Self::verify), for a webhook of the app at the provider, which serves many accounts.
    fn verify_app(&self, headers: &WebhookHeaders, body: &[u8]) -> Result<(), VerifyError> {
        let _ = (headers, body);
        Err(VerifyError::NoSecret)
    }

    /// Proves that a webhook is the provider's, over the exact bytes, in constant time. MUST refuse when
    /// a secret is missing or empty.
    fn verify(&self, headers: &WebhookHeaders, body: &[u8], secrets: &ChannelSecrets) -> Result<(), VerifyError>;

    /// Takes a body apart into its events. MUST NOT fail on any JSON: a shape that is not the provider's
    /// becomes one event with the whole body. MUST NOT panic on any bytes.
    fn split(&self, body: &Bytes) -> Result<WebhookBatch, MalformedBody>;

    /// Understands one event of [`split`](Self::split). Unknown kinds become `Unsupported`, not errors.
    /// MUST NOT panic on any bytes.
    fn parse(&self, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent>;

    /// Whether the channel can carry a content, before anything is queued.
    fn check_content(&self, content: &MessageContent, file_url: Option<String>) -> Result<(), ContentRefused>;

    /// Sends one message. MUST answer `Uncertain` for every failure after the first byte left that the
    /// provider's own statement does not declare free of effect.
    async fn send(&self, access: &AccountAccess, request: &SendRequest) -> Result<SentMessage, SendError>;

    /// Asks for a profile.
    async fn fetch_profile(&self, access: &AccountAccess, query: &ProfileQuery) -> Result<Profile, FetchError>;

    /// Fetches a file.
    async fn fetch_media(&self, access: &AccountAccess, source: &MediaSource) -> Result<MediaDownload, FetchError>;

    /// Asks the provider about the account: the test of its credentials.
    async fn check(&self, access: &AccountAccess) -> Result<AccountCheck, FetchError>;

    /// Tells the customer's app something that is no message. Best effort: nothing waits for it.
    async fn signal(&self, access: &AccountAccess, request: &SignalRequest) -> Result<(), FetchError> {
        let _ = (access, request);
        Err(FetchError::NotAvailable { reason: "the channel has no such signal".to_owned() })
    }

    /// The templates that the provider keeps for the account, at most 1,000.
    async fn templates(&self, access: &AccountAccess) -> Result<Vec<MessageTemplate>, FetchError> {
        let _ = access;
        Err(FetchError::NotAvailable { reason: "the channel has no templates".to_owned() })
    }

    /// Tells the provider to send the account's webhooks no more. MUST succeed when it sends none.
    async fn unset_webhook(&self, access: &AccountAccess) -> Result<(), FetchError> {
        let _ = access;
        Ok(())
    }

    /// Tells the provider where to send webhooks, and which.
    async fn set_webhook(&self, access: &AccountAccess, url: &str) -> Result<(), FetchError>;

    /// Lets the provider test the webhook address.
    async fn test_webhook(&self, access: &AccountAccess, url: &str) -> Result<WebhookTest, FetchError>;
}
