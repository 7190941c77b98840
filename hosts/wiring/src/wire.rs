//! Building hubchat from its configuration.

use std::{sync::Arc, time::Duration};

use hubchat_bus_redis::{RedisBus, RedisBusConfig, RedisBusError};
use hubchat_channel_line::{LineAdapter, LineConfig};
use hubchat_channel_meta::{FacebookAdapter, InstagramAdapter, WhatsappAdapter};
use hubchat_channel_telegram::{TelegramAdapter, TelegramConfig};
use hubchat_core::{
    AuditChain, ChannelRegistry, Hubchat, PortSet, Ports, Settings,
    port::{ChannelAdapter, EventBus, HashingFailed, Ids, MediaFileError, RateLimiter, Vault, VaultError},
};
use hubchat_limits_redis::{RedisConfig, RedisError, RedisRateLimiter};
use hubchat_media_objectstore::{ObjectStoreMedia, OpenError};
use hubchat_provider_http::{ProviderClient, ProviderClientConfig};
use hubchat_storage_seaorm::{ConnectError, Storage, StorageConfig};
use hubchat_system::{
    AeadVault, Argon2Hasher, EdDsaTokens, GovernorRateLimiter, HashCost, KeyError, LocalBus, OsRandomness, SystemClock,
    UuidV7Ids,
};

use crate::{Config, ConfigError, Metrics, master_key};

/// Why hubchat could not be built. Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    /// The database cannot be used.
    #[error("the database cannot be used")]
    Database(#[from] ConnectError),
    /// The master key cannot be used.
    #[error("the master key cannot be used")]
    MasterKey(#[source] KeyError),
    /// The file of the master key cannot be read.
    #[error("HUBCHAT_MASTER_KEY_FILE: {path} cannot be read")]
    MasterKeyFile {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The vault cannot be opened.
    #[error("the vault cannot be opened")]
    Vault(#[from] VaultError),
    /// The folder for files cannot be used.
    #[error("HUBCHAT_DATA_DIR: the folder {path} cannot be used: {reason}")]
    DataDir {
        /// Which folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// A setting cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The bucket for files cannot be what is configured.
    #[error("media: the bucket for files cannot be used")]
    Bucket(#[source] OpenError),
    /// Files cannot be written and read.
    #[error(
        "media: a file cannot be written to the bucket and read again; look at HUBCHAT_MEDIA_BUCKET, \
         HUBCHAT_MEDIA_ENDPOINT, the keys and their rights"
    )]
    Files(#[source] MediaFileError),
    /// Limits cannot be shared.
    #[error("HUBCHAT_REDIS_URL cannot be used")]
    Redis(#[from] RedisError),
    /// Events cannot be told to other processes.
    #[error("HUBCHAT_REDIS_URL cannot be used")]
    Bus(#[from] RedisBusError),
    /// Passwords cannot be hashed.
    #[error("passwords cannot be hashed: 46 MiB of memory are needed")]
    Passwords(#[from] HashingFailed),
    /// The client for providers cannot be built.
    #[error("outgoing calls cannot be set up: {reason}")]
    Outgoing {
        /// Why.
        reason: String,
    },
}

/// A hubchat that is ready to be hosted.
#[derive(Clone)]
pub struct Wired {
    /// Every use case.
    pub hubchat: Hubchat,
    /// The database, to be migrated and closed.
    pub storage: Storage,
    /// The metrics of this process.
    pub metrics: Metrics,
    /// What it was built from.
    pub config: Config,
    media_files: ObjectStoreMedia,
}

impl Wired {
    /// Whether files can be kept, asked by writing one where they are kept in a bucket. Who begins to serve
    /// asks first, so that a wrong key is learned of at once and not with the first file.
    pub async fn check_media(&self) -> Result<(), WiringError> {
        if self.config.media.bucket.is_some() {
            self.media_files.check().await.map_err(WiringError::Files)?;
        }
        Ok(())
    }
}

/// Connects to the database, brings its schema up to date and builds every use case.
pub async fn wire(config: &Config) -> Result<Wired, WiringError> {
    let folder_error = |error: &dyn std::fmt::Display| WiringError::DataDir {
        path: config.data_dir.display().to_string(),
        reason: error.to_string(),
    };
    std::fs::create_dir_all(&config.data_dir).map_err(|error| folder_error(&error))?;
    let keys = master_key::load(config)?;
    let access_tokens = Arc::new(EdDsaTokens::new(&keys));
    let vault: Arc<dyn Vault> = Arc::new(AeadVault::new(keys));
    let storage = Storage::connect(
        &StorageConfig {
            url: config.database(),
            migration_url: config.database_migration_url.clone(),
            max_connections: config.database_connections,
        },
        Arc::new(AuditChain::new(Arc::clone(&vault))),
    )
    .await?;
    storage.migrate().await?;
    let ids = Arc::new(UuidV7Ids::new());
    let bus = bus(config, &storage, &*ids)?;
    storage.announce_on(Arc::clone(&bus));
    let media_files = match config.media.s3()? {
        Some(bucket) => ObjectStoreMedia::s3(&bucket).map_err(WiringError::Bucket)?,
        None => ObjectStoreMedia::local(&config.data_dir.join("media")).map_err(|error| folder_error(&error))?,
    };
    let provider = ProviderClient::new(ProviderClientConfig {
        allow_private_addresses: config.allow_private_providers,
        ..ProviderClientConfig::default()
    })
    .map_err(|error| WiringError::Outgoing { reason: error.to_string() })?;
    let line = LineAdapter::new(
        LineConfig {
            api_url: config.line.api_url.clone(),
            data_url: config.line.data_url.clone(),
            reply_token_ttl: Duration::from_secs(config.line.reply_token_seconds),
        },
        provider.clone(),
    );
    let telegram = TelegramAdapter::new(TelegramConfig { api_url: config.telegram.api_url.clone() }, provider.clone());
    let meta = config.meta.config();
    let channels: [Arc<dyn ChannelAdapter>; 5] = [
        Arc::new(line),
        Arc::new(telegram),
        Arc::new(FacebookAdapter::new(meta.clone(), provider.clone())),
        Arc::new(InstagramAdapter::new(meta.clone(), provider.clone())),
        Arc::new(WhatsappAdapter::new(meta, provider)),
    ];
    let ports = Ports::from(PortSet {
        repository: Arc::new(storage.clone()),
        directory: Arc::new(storage.clone()),
        access: Arc::new(storage.clone()),
        socket_tickets: Arc::new(storage.clone()),
        bus,
        passwords: Arc::new(Argon2Hasher::new(HashCost::USUAL)?),
        access_tokens,
        mailer: config.mail.mailer(&config.data_dir)?,
        intake: Arc::new(storage.intake()),
        queue: Arc::new(storage.queue()),
        channels: ChannelRegistry::new(channels),
        vault,
        media_files: Arc::new(media_files.clone()),
        rate_limiter: rate_limiter(config)?,
        clock: Arc::new(SystemClock),
        ids,
        randomness: Arc::new(OsRandomness),
    });
    let settings = Settings {
        public_url: config.public_url.clone(),
        console_url: config.public_url.clone().or_else(|| Some(format!("http://{}", config.listen))),
        public_media: config.media.public,
        limits: config.limits.of_callers(),
        ..Settings::default()
    };
    let metrics = Metrics::new(&ports);
    Ok(Wired { hubchat: Hubchat::new(ports, &settings), storage, metrics, config: config.clone(), media_files })
}

/// What tells other processes of what happened: Redis when it is configured, else PostgreSQL itself. With SQLite there
/// is no other process that serves.
fn bus(config: &Config, storage: &Storage, ids: &dyn Ids) -> Result<Arc<dyn EventBus>, RedisBusError> {
    if let Some(url) = config.redis_url.clone() {
        let channel = "hubchat:live".to_owned();
        return Ok(Arc::new(RedisBus::new(&RedisBusConfig { url, channel }, ids.next_uuid())?));
    }
    Ok(match storage.notify_bus() {
        Some(bus) => Arc::new(bus),
        None => Arc::new(LocalBus::new()),
    })
}

/// Limits that processes share when Redis is configured, else those of this process.
fn rate_limiter(config: &Config) -> Result<Arc<dyn RateLimiter>, WiringError> {
    let local: Arc<dyn RateLimiter> = Arc::new(GovernorRateLimiter::new());
    let Some(url) = config.redis_url.clone() else { return Ok(local) };
    let shared = RedisRateLimiter::new(&RedisConfig { url, prefix: "hubchat:limit:".to_owned() }, local)?;
    Ok(Arc::new(shared))
}
