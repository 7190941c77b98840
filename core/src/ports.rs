//! The ports that the use cases work with, as one bundle.

use std::{collections::BTreeMap, sync::Arc};

use hubchat_domain::ChannelType;
use hubchat_ports::{
    Access, AccessTokens, ChannelAdapter, Clock, Directory, EventBus, Ids, JobQueue, Mailer, MediaFiles,
    PasswordHasher, Randomness, RateLimiter, Repository, SocketTickets, Vault, WebhookIntake,
};
use uuid::Uuid;

/// Everything outside that the use cases need.
pub struct PortSet {
    /// Sessions and reads.
    pub repository: Arc<dyn Repository>,
    /// From credentials to tenants.
    pub directory: Arc<dyn Directory>,
    /// From people to their log-ins.
    pub access: Arc<dyn Access>,
    /// Tickets that open sockets.
    pub socket_tickets: Arc<dyn SocketTickets>,
    /// What processes tell each other at once.
    pub bus: Arc<dyn EventBus>,
    /// Passwords.
    pub passwords: Arc<dyn PasswordHasher>,
    /// Access tokens.
    pub access_tokens: Arc<dyn AccessTokens>,
    /// Mail.
    pub mailer: Arc<dyn Mailer>,
    /// The hot path of webhooks.
    pub intake: Arc<dyn WebhookIntake>,
    /// The queue.
    pub queue: Arc<dyn JobQueue>,
    /// The channels.
    pub channels: ChannelRegistry,
    /// Secrets.
    pub vault: Arc<dyn Vault>,
    /// Bytes of files.
    pub media_files: Arc<dyn MediaFiles>,
    /// Limits of sends and of log-ins.
    pub rate_limiter: Arc<dyn RateLimiter>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub ids: Arc<dyn Ids>,
    /// Chance.
    pub randomness: Arc<dyn Randomness>,
}

/// The ports, shared by all use cases behind one pointer. Cheap to clone.
#[derive(Clone)]
pub struct Ports(Arc<PortSet>);

impl From<PortSet> for Ports {
    fn from(ports: PortSet) -> Self {
        Self(Arc::new(ports))
    }
}

impl std::ops::Deref for Ports {
    type Target = PortSet;

    fn deref(&self) -> &PortSet {
        &self.0
    }
}

impl Ports {
    /// A new id.
    pub(crate) fn next_id<T: From<Uuid>>(&self) -> T {
        T::from(self.ids.next_uuid())
    }
}

/// The channels that this process speaks, each under the kind that it reports itself.
#[derive(Clone, Default)]
pub struct ChannelRegistry(Arc<BTreeMap<ChannelType, Arc<dyn ChannelAdapter>>>);

/// No adapter for the channel is part of this process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("channel {wanted} is not available here; available: {known}")]
pub struct UnknownChannel {
    /// The channel asked for.
    pub wanted: ChannelType,
    /// The channels that there are.
    pub known: String,
}

impl ChannelRegistry {
    /// From adapters; of two for one channel the later one counts.
    #[must_use]
    pub fn new(adapters: impl IntoIterator<Item = Arc<dyn ChannelAdapter>>) -> Self {
        Self(Arc::new(adapters.into_iter().map(|adapter| (adapter.channel_type(), adapter)).collect()))
    }

    /// The adapter of a channel.
    pub fn get(&self, channel: ChannelType) -> Result<&Arc<dyn ChannelAdapter>, UnknownChannel> {
        self.0.get(&channel).ok_or_else(|| UnknownChannel {
            wanted: channel,
            known: self.0.keys().map(|known| known.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}
