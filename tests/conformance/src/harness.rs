//! What an adapter's tests bring: a fresh thing under test for every case.
//!
//! `start` MUST give each case a state that no other case sees, because cases run at the same time.

use async_trait::async_trait;
use bytes::Bytes;
use hubchat_ports::{
    Access, AccessTokens, AccountAccess, ChannelAdapter, ChannelSecrets, Clock, Directory, EventBus, Ids, JobQueue,
    Mailer, MediaFiles, PasswordHasher, Randomness, RateLimiter, Repository, SendRequest, SocketTickets, Vault,
    WebhookIntake,
};

/// Storage, queue and intake over one fresh, empty, migrated database.
#[async_trait]
pub trait StorageHarness: Send + Sync {
    /// Makes the database and opens it.
    async fn start() -> Self
    where
        Self: Sized;

    /// Sessions and reads.
    fn repository(&self) -> &dyn Repository;

    /// The unscoped door.
    fn directory(&self) -> &dyn Directory;

    /// The unscoped door of people.
    fn access(&self) -> &dyn Access;

    /// Tickets of sockets.
    fn socket_tickets(&self) -> &dyn SocketTickets;

    /// The queue.
    fn queue(&self) -> &dyn JobQueue;

    /// The way in.
    fn intake(&self) -> &dyn WebhookIntake;

    /// Closes and removes the database; called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// An empty store of files.
#[async_trait]
pub trait MediaFilesHarness: Send + Sync {
    /// Makes the store.
    async fn start() -> Self
    where
        Self: Sized;

    /// The store.
    fn files(&self) -> &dyn MediaFiles;

    /// Whether something was written beside the store, as far as the harness can look.
    async fn wrote_outside(&self) -> bool {
        false
    }

    /// Removes the store; called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// Two vaults that share nothing.
#[async_trait]
pub trait VaultHarness: Send + Sync {
    /// Makes the vaults.
    async fn start() -> Self
    where
        Self: Sized;

    /// The vault under test.
    fn vault(&self) -> &dyn Vault;

    /// The same kind of vault with another master key, and another key id where keys have ids.
    fn stranger(&self) -> &dyn Vault;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// Time, ids and chance.
#[async_trait]
pub trait ClockHarness: Send + Sync {
    /// Makes them.
    async fn start() -> Self
    where
        Self: Sized;

    /// The time of day.
    fn clock(&self) -> &dyn Clock;

    /// New ids.
    fn ids(&self) -> &dyn Ids;

    /// Chance.
    fn randomness(&self) -> &dyn Randomness;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// A bus that two processes share, and nobody else.
#[async_trait]
pub trait EventBusHarness: Send + Sync {
    /// Makes the bus.
    async fn start() -> Self
    where
        Self: Sized;

    /// The bus as one process has it.
    fn bus(&self) -> &dyn EventBus;

    /// The bus as another process has it; the same where there is one process only.
    fn other(&self) -> &dyn EventBus;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// A limiter that has limited nobody yet.
#[async_trait]
pub trait RateLimiterHarness: Send + Sync {
    /// Makes the limiter.
    async fn start() -> Self
    where
        Self: Sized;

    /// The limiter.
    fn limiter(&self) -> &dyn RateLimiter;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// A hasher of passwords.
#[async_trait]
pub trait PasswordHasherHarness: Send + Sync {
    /// Makes the hasher.
    async fn start() -> Self
    where
        Self: Sized;

    /// The hasher.
    fn hasher(&self) -> &dyn PasswordHasher;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// The access tokens of two installations that share nothing.
#[async_trait]
pub trait AccessTokensHarness: Send + Sync {
    /// Makes them.
    async fn start() -> Self
    where
        Self: Sized;

    /// The tokens under test.
    fn tokens(&self) -> &dyn AccessTokens;

    /// The same kind of tokens with other keys.
    fn stranger(&self) -> &dyn AccessTokens;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// A mail as it arrived.
#[derive(Debug, Clone)]
pub struct DeliveredMail {
    /// To whom it was handed over.
    pub to: String,
    /// The header lines, unfolded.
    pub headers: Vec<String>,
    /// The text, decoded.
    pub text: String,
}

/// A mailer, and where its mail arrives.
#[async_trait]
pub trait MailerHarness: Send + Sync {
    /// Makes them.
    async fn start() -> Self
    where
        Self: Sized;

    /// The mailer.
    fn mailer(&self) -> &dyn Mailer;

    /// What arrived, oldest first.
    async fn delivered(&self) -> Vec<DeliveredMail>;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}

/// A webhook as the provider sends it, with what proves it.
#[derive(Debug, Clone)]
pub struct WebhookSample {
    /// The headers, the signature among them.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The exact body.
    pub body: Bytes,
    /// The secrets that verify it.
    pub secrets: ChannelSecrets,
    /// The account that the body names, if it names one.
    pub destination: Option<String>,
    /// How many events it carries.
    pub events: usize,
}

/// A message that the provider of the harness takes.
#[derive(Debug, Clone)]
pub struct SampleSend {
    /// The account that sends it.
    pub access: AccountAccess,
    /// The message.
    pub request: SendRequest,
}

/// A channel's adapter before a provider that is part of the harness.
#[async_trait]
pub trait ChannelAdapterHarness: Send + Sync {
    /// Makes the adapter, and the provider that it speaks to.
    async fn start() -> Self
    where
        Self: Sized;

    /// The adapter.
    fn adapter(&self) -> &dyn ChannelAdapter;

    /// Webhooks with their proof; at least one with two or more events if the provider batches.
    fn webhooks(&self) -> Vec<WebhookSample>;

    /// Whether the proof covers the body: with a provider that only repeats a shared secret it cannot.
    fn proof_covers_body(&self) -> bool {
        true
    }

    /// Whether a webhook can hold several events.
    fn batches(&self) -> bool {
        true
    }

    /// One event of the provider's shape, but of a kind that it has never sent, as JSON.
    fn unknown_event(&self) -> Bytes;

    /// Messages that the provider accepts, at least one for every kind that the adapter may send.
    fn sends(&self) -> Vec<SampleSend>;

    /// A message that the provider takes in and never answers: the connection ends instead.
    fn unanswered(&self) -> SampleSend;

    /// A message of an account whose credentials the provider refuses.
    fn unauthorized(&self) -> SampleSend;

    /// Called after a failed case too.
    async fn stop(self)
    where
        Self: Sized;
}
