//! Channel accounts on the wire. Secrets only ever come in.

use hubchat_core::{
    ChannelTestReport, ConnectChannelCommand, ConnectedChannel, Inbox, UpdateChannelCommand, UpdatedChannel,
    domain::{AccountStatus, ChannelAccountRecord, ChannelType},
    port::AccountRow,
};
use poem_openapi::{Enum, Object};
use serde::Deserialize;
use uuid::Uuid;

use super::{Moment, Named, scalar::Credentials};

/// A connected account of a channel.
#[derive(Debug, Object)]
#[oai(rename = "Channel", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ChannelView {
    /// Its id.
    id: Uuid,
    /// The channel.
    channel_type: Named<ChannelType>,
    /// The name that people read.
    name: String,
    /// The provider's id of the account; for LINE the `destination` of its webhooks.
    destination: Option<String>,
    /// Whether it may be used.
    status: Named<AccountStatus>,
    /// Why it is not active.
    status_reason: Option<String>,
    /// When the provider was last asked about the account, by a test or every hour, and told whether it takes the
    /// credentials; absent when it never did.
    last_checked_at: Option<Moment>,
    /// Where the provider is to send webhooks, below the public address. Keep it to yourself.
    webhook_path: String,
    /// The same as a whole address, when the public address is configured.
    webhook_url: Option<String>,
    /// When it was connected.
    created_at: Moment,
    /// When it last changed.
    updated_at: Moment,
}

impl ChannelView {
    pub(crate) fn of(account: ChannelAccountRecord, public_url: Option<&str>) -> Self {
        let webhook_path = Inbox::webhook_path(&account);
        Self {
            id: account.id.as_uuid(),
            channel_type: Named(account.channel_type),
            name: account.name,
            destination: account.external_id,
            status: Named(account.status),
            status_reason: account.status_reason,
            last_checked_at: account.last_checked_at.map(Moment),
            webhook_url: public_url.map(|base| format!("{}{webhook_path}", base.trim_end_matches('/'))),
            webhook_path,
            created_at: Moment(account.created_at),
            updated_at: Moment(account.updated_at),
        }
    }
}

/// A channel account as the inbox names it.
#[derive(Debug, Object)]
#[oai(rename = "InboxAccount", rename_all = "camelCase")]
pub(crate) struct InboxAccountView {
    /// Its id: the `channelAccountId` of conversations.
    id: Uuid,
    /// The channel.
    channel_type: Named<ChannelType>,
    /// The name that people read.
    name: String,
    /// Whether it may be used.
    status: Named<AccountStatus>,
}

impl From<AccountRow> for InboxAccountView {
    fn from(account: AccountRow) -> Self {
        Self {
            id: account.id.as_uuid(),
            channel_type: Named(account.channel_type),
            name: account.name,
            status: Named(account.status),
        }
    }
}

/// An account that was connected just now.
#[derive(Debug, Object)]
#[oai(rename = "ConnectedChannel", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ConnectedChannelView {
    /// The account.
    #[oai(flatten)]
    channel: ChannelView,
    /// Why the provider could not be asked about the credentials; they are kept all the same.
    unchecked: Option<String>,
}

impl ConnectedChannelView {
    pub(crate) fn updated(updated: UpdatedChannel, public_url: Option<&str>) -> Self {
        Self { channel: ChannelView::of(updated.account, public_url), unchecked: updated.unchecked }
    }

    pub(crate) fn of(connected: ConnectedChannel, public_url: Option<&str>) -> Self {
        Self { channel: ChannelView::of(connected.account, public_url), unchecked: connected.unchecked }
    }
}

/// An account to be connected.
#[derive(Debug, Object, Deserialize)]
#[oai(rename = "NewChannel", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConnectChannelBody {
    /// The channel.
    pub(crate) channel_type: Named<ChannelType>,
    /// The name that people read: 1 to 200 characters.
    pub(crate) name: String,
    /// The secrets; for LINE `channelSecret` and `accessToken`, for Telegram `botToken`.
    #[oai(write_only)]
    pub(crate) credentials: Credentials,
    /// The provider's id of the account, if known; the provider is asked for it otherwise.
    pub(crate) destination: Option<String>,
}

impl ConnectChannelBody {
    pub(crate) fn into_command(self, idempotency_key: Option<String>) -> ConnectChannelCommand {
        ConnectChannelCommand {
            channel_type: self.channel_type.0,
            name: self.name,
            secrets: self.credentials.0.into_iter().map(|(name, secret)| (snake_case(&name), secret)).collect(),
            external_id: self.destination,
            idempotency_key,
        }
    }
}

/// Whether an account is to be switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename = "ChannelSwitch", rename_all = "UPPERCASE")]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ChannelSwitch {
    /// Receives and sends.
    Active,
    /// Receives; its sends wait.
    Paused,
}

/// What to change of an account; what is absent stays.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(rename = "ChannelPatch", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct ChannelPatch {
    /// The name that people read: 1 to 200 characters.
    pub(crate) name: Option<String>,
    /// Switches the account on or off.
    pub(crate) status: Option<ChannelSwitch>,
    /// Secrets that replace those of the same names; the provider is asked about them first.
    #[oai(write_only)]
    pub(crate) credentials: Option<Credentials>,
}

impl ChannelPatch {
    pub(crate) fn into_command(self) -> UpdateChannelCommand {
        let secrets = self.credentials.map(|credentials| credentials.0).unwrap_or_default();
        UpdateChannelCommand {
            name: self.name,
            paused: self.status.map(|status| status == ChannelSwitch::Paused),
            secrets: secrets.into_iter().map(|(name, secret)| (snake_case(&name), secret)).collect(),
        }
    }
}

/// The adapters' names for secrets are snake_case, the API's camelCase.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The API's name for an adapter's secret.
pub(crate) fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// How to test an account.
#[derive(Debug, Default, Object, Deserialize)]
#[oai(rename = "ChannelTestRequest", rename_all = "camelCase", deny_unknown_fields)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TestChannelBody {
    /// Also tell the provider our webhook address first.
    #[serde(default)]
    #[oai(default)]
    pub(crate) set_webhook: bool,
}

/// How much of a paid allowance is used.
#[derive(Debug, Object)]
#[oai(rename = "QuotaUse", rename_all = "camelCase", skip_serializing_if_is_none)]
struct QuotaView {
    /// Messages a month; absent when unlimited.
    limit: Option<i64>,
    /// Messages used this month.
    used: i64,
}

/// What the provider tells of an account, or why it told nothing.
#[derive(Debug, Default, Object)]
#[oai(rename = "AccountCheck", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CheckView {
    /// Whether the provider accepted the credentials.
    ok: bool,
    /// Why not.
    error: Option<String>,
    /// The provider's id of the account.
    destination: Option<String>,
    /// Its name there.
    display_name: Option<String>,
    /// Its allowance.
    quota: Option<QuotaView>,
    /// The webhook address set there.
    webhook_url: Option<String>,
    /// Whether webhooks are switched on there.
    webhook_active: Option<bool>,
    /// The kinds of event that the provider does not send and should, in its own words.
    missing_subscriptions: Option<Vec<String>>,
    /// When the credentials end, where that is known.
    expires_at: Option<Moment>,
}

/// What the provider's own test of the webhook gave.
#[derive(Debug, Object)]
#[oai(rename = "WebhookTest", rename_all = "camelCase", skip_serializing_if_is_none)]
struct WebhookTestView {
    /// Whether our answer satisfied the provider.
    success: bool,
    /// Its reason, in its own words.
    reason: String,
    /// When it tried.
    at: Option<Moment>,
}

/// What a test of an account gave.
#[derive(Debug, Object)]
#[oai(rename = "ChannelTest", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ChannelTestView {
    /// Whether messages can come in and go out.
    healthy: bool,
    /// The account after the test.
    channel: ChannelView,
    /// The provider's answer.
    check: CheckView,
    /// The webhook address that the provider should have, when the public address is configured.
    expected_webhook_url: Option<String>,
    /// The provider's own test of that address, when it was asked.
    webhook_test: Option<WebhookTestView>,
}

impl ChannelTestView {
    pub(crate) fn of(report: ChannelTestReport, public_url: Option<&str>) -> Self {
        let healthy = report.is_healthy();
        let check = match report.check {
            Ok(check) => {
                let (webhook_url, webhook_active) = check.webhook.unzip();
                CheckView {
                    ok: true,
                    error: None,
                    destination: Some(check.external_id),
                    display_name: check.display_name,
                    quota: check.quota.map(|quota| QuotaView { limit: quota.limit, used: quota.used }),
                    webhook_url,
                    webhook_active,
                    missing_subscriptions: check.subscription.map(|subscription| subscription.missing),
                    expires_at: check.expires_at.map(Moment),
                }
            }
            Err(error) => CheckView { error: Some(error.to_string()), ..CheckView::default() },
        };
        let webhook_test = report.webhook_test.map(|test| match test {
            Ok(test) => WebhookTestView { success: test.success, reason: test.reason, at: test.at.map(Moment) },
            Err(error) => WebhookTestView { success: false, reason: error.to_string(), at: None },
        });
        Self {
            healthy,
            channel: ChannelView::of(report.account, public_url),
            check,
            expected_webhook_url: report.expected_webhook_url,
            webhook_test,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_go_both_ways() {
        for (camel, snake) in [("channelSecret", "channel_secret"), ("accessToken", "access_token"), ("key", "key")] {
            assert_eq!(snake_case(camel), snake);
            assert_eq!(camel_case(snake), camel);
        }
        assert_eq!(snake_case("channel_secret"), "channel_secret");
    }
}

/// What became of a removal.
#[derive(Debug, Object)]
#[oai(rename = "RemovedChannel", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct RemovedChannelView {
    /// Why the provider may still send webhooks; they are refused from now on.
    pub(crate) still_subscribed: Option<String>,
}
