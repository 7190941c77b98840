//! From configuration to adapters to use cases, once, for every host and for the tests.
//!
//! This is the only room that reads the environment, and the only one that knows every adapter.

mod config;
mod environment;
mod limit_settings;
mod mail_settings;
mod master_key;
mod media_settings;
mod meta_settings;
mod metrics;
mod shutdown;
mod telemetry;
mod wire;
mod worker_settings;

pub use config::{Config, ConfigError, LineSettings, LogFormat, TelegramSettings};
pub use environment::Environment;
pub use ipnet::IpNet;
pub use limit_settings::{LimitSettings, ProxyHeader};
pub use mail_settings::MailSettings;
pub use media_settings::MediaSettings;
pub use meta_settings::MetaSettings;
pub use metrics::Metrics;
pub use shutdown::shutdown_signal;
pub use telemetry::{TelemetryError, init_telemetry};
pub use wire::{Wired, WiringError, wire};
pub use worker_settings::{LaneSettings, WorkerSettings};
