//! What can go wrong when the sandbox speaks as a provider to a webhook.

/// Why the sandbox could not do what its handle was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// No channel was added yet, and the call named none.
    #[error("the sandbox has no channel yet")]
    NoChannel,
    /// The channel named was never added.
    #[error("no channel has the destination {0}")]
    UnknownDestination(String),
    /// The channel has no webhook URL to post to.
    #[error("the channel {0} has no webhook url")]
    NoWebhookUrl(String),
    /// The account has no subscription for this field, so the provider tells nobody.
    #[error("nobody is subscribed to {field} of {account}")]
    NotSubscribed {
        /// Whose subscription.
        account: String,
        /// The field.
        field: &'static str,
    },
    /// No kept event has this id.
    #[error("no event has the id {0}")]
    UnknownEvent(String),
    /// The events of one webhook body must belong to one channel, and there must be some.
    #[error("a webhook body needs events of exactly one channel")]
    MixedBatch,
    /// The event cannot be built: LINE would not send such an event.
    #[error("the event is not possible: {0}")]
    ImpossibleEvent(&'static str),
    /// The webhook did not answer in time.
    #[error("the webhook did not answer in time")]
    WebhookTimeout,
    /// The webhook could not be reached, or the connection broke before an answer.
    #[error("the webhook could not be reached")]
    WebhookUnreachable(#[source] reqwest::Error),
    /// A file to be shown is larger than the sandbox takes.
    #[error("the file is too large to be shown")]
    FileTooLarge,
    /// The HTTP client could not be set up on this machine.
    #[error("no http client could be set up")]
    NoClient,
}
