//! What an operator decides: a TOML file, and environment variables over it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    Environment, IpNet, LimitSettings, MailSettings, MediaSettings, MetaSettings, ProxyHeader, WorkerSettings,
    limit_settings,
};

/// Why the configuration cannot be used. Every message names the setting.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the configuration file {path} is not valid: {reason}")]
    Malformed {
        /// Which file.
        path: String,
        /// Where and why.
        reason: String,
    },
    /// A setting has a value that it cannot have.
    #[error("{setting}: {reason}")]
    Invalid {
        /// Which, by its environment variable or its place in the file.
        setting: &'static str,
        /// What would be right.
        reason: String,
    },
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: a JSON object a line.
    Json,
}

/// How LINE is spoken to.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LineSettings {
    /// The Messaging API.
    pub api_url: String,
    /// Its host for content.
    pub data_url: String,
    /// For how many seconds after its receipt a reply token is used.
    pub reply_token_seconds: u64,
}

impl Default for LineSettings {
    fn default() -> Self {
        Self {
            api_url: "https://api.line.me".to_owned(),
            data_url: "https://api-data.line.me".to_owned(),
            reply_token_seconds: 50,
        }
    }
}

/// How Telegram is spoken to.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelegramSettings {
    /// The Bot API.
    pub api_url: String,
}

impl Default for TelegramSettings {
    fn default() -> Self {
        Self { api_url: "https://api.telegram.org".to_owned() }
    }
}

/// What an operator decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite://...` or `postgres://...`; by default a file in the data folder.
    pub database_url: Option<SecretString>,
    /// The same PostgreSQL database for the user who owns its tables and changes them; by default the same user.
    pub database_migration_url: Option<SecretString>,
    /// Connections to PostgreSQL at most.
    pub database_connections: u32,
    /// Where the HTTP host listens.
    pub listen: SocketAddr,
    /// Where a worker that runs apart answers health checks and metrics.
    pub worker_listen: SocketAddr,
    /// Where the embedded database, files and the generated master key are kept.
    pub data_dir: PathBuf,
    /// The address under which the world reaches this hubchat.
    pub public_url: Option<String>,
    /// Further origins whose pages may log people in, such as `https://app.example.com`. The public address and the
    /// one that a request names itself may always.
    pub console_origins: Vec<String>,
    /// The master key, or several: the first seals, all open.
    pub master_key: Option<SecretString>,
    /// A file that holds the master key.
    pub master_key_file: Option<PathBuf>,
    /// Which log lines are written, such as `info` or `hubchat_core=debug,info`.
    pub log: String,
    /// The form of log lines.
    pub log_format: LogFormat,
    /// Whether providers at private addresses may be called; for sandboxes and tests.
    pub allow_private_providers: bool,
    /// LINE.
    pub line: LineSettings,
    /// Telegram.
    pub telegram: TelegramSettings,
    /// Meta.
    pub meta: MetaSettings,
    /// Where files of messages are kept.
    pub media: MediaSettings,
    /// Mail to members.
    pub mail: MailSettings,
    /// The worker.
    pub worker: WorkerSettings,
    /// Where processes share their limits: `redis://...` or `rediss://...`; each keeps its own without.
    pub redis_url: Option<SecretString>,
    /// The proxies that are believed when they tell whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they tell it.
    pub trusted_proxy_header: ProxyHeader,
    /// How often anything may be asked.
    pub limits: LimitSettings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: None,
            database_migration_url: None,
            database_connections: 16,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            worker_listen: SocketAddr::from(([127, 0, 0, 1], 8081)),
            data_dir: PathBuf::from("data"),
            public_url: None,
            console_origins: Vec::new(),
            master_key: None,
            master_key_file: None,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            allow_private_providers: false,
            line: LineSettings::default(),
            telegram: TelegramSettings::default(),
            meta: MetaSettings::default(),
            media: MediaSettings::default(),
            mail: MailSettings::default(),
            worker: WorkerSettings::default(),
            redis_url: None,
            trusted_proxies: Vec::new(),
            trusted_proxy_header: ProxyHeader::default(),
            limits: LimitSettings::default(),
        }
    }
}

impl Config {
    /// Reads the file, if one is named here or by `HUBCHAT_CONFIG`, and the environment over it.
    pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        let named = file.map(Path::to_path_buf).or_else(|| environment.get("HUBCHAT_CONFIG").map(PathBuf::from));
        let mut config = match named {
            Some(path) => Self::read(&path)?,
            None => Self::default(),
        };
        config.overlay(environment)?;
        config.check()?;
        Ok(config)
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.display().to_string(), source })?;
        // The parser quotes the line at fault, which may hold a secret: only its message is kept.
        toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            path: path.display().to_string(),
            reason: error.message().to_owned(),
        })
    }

    fn overlay(&mut self, environment: &Environment) -> Result<(), ConfigError> {
        if let Some(url) = environment.get("HUBCHAT_DATABASE_URL") {
            self.database_url = Some(SecretString::from(url));
        }
        if let Some(url) = environment.get("HUBCHAT_DATABASE_MIGRATION_URL") {
            self.database_migration_url = Some(SecretString::from(url));
        }
        if let Some(listen) = environment.get("HUBCHAT_LISTEN") {
            self.listen = address("HUBCHAT_LISTEN", listen)?;
        }
        if let Some(listen) = environment.get("HUBCHAT_WORKER_LISTEN") {
            self.worker_listen = address("HUBCHAT_WORKER_LISTEN", listen)?;
        }
        if let Some(folder) = environment.get("HUBCHAT_DATA_DIR") {
            self.data_dir = PathBuf::from(folder);
        }
        if let Some(key) = environment.get("HUBCHAT_MASTER_KEY") {
            self.master_key = Some(SecretString::from(key));
        }
        if let Some(file) = environment.get("HUBCHAT_MASTER_KEY_FILE") {
            self.master_key_file = Some(PathBuf::from(file));
        }
        if let Some(url) = environment.get("HUBCHAT_PUBLIC_URL") {
            self.public_url = Some(url.to_owned());
        }
        if let Some(origins) = environment.get("HUBCHAT_CONSOLE_ORIGINS") {
            self.console_origins = origins.split(',').map(|origin| origin.trim().to_owned()).collect();
        }
        if let Some(url) = environment.get("HUBCHAT_LINE_API_URL") {
            url.clone_into(&mut self.line.api_url);
        }
        if let Some(url) = environment.get("HUBCHAT_LINE_DATA_URL") {
            url.clone_into(&mut self.line.data_url);
        }
        if let Some(url) = environment.get("HUBCHAT_TELEGRAM_API_URL") {
            url.clone_into(&mut self.telegram.api_url);
        }
        if let Some(url) = environment.get("HUBCHAT_REDIS_URL") {
            self.redis_url = Some(SecretString::from(url));
        }
        if let Some(proxies) = limit_settings::proxies(environment)? {
            self.trusted_proxies = proxies;
        }
        if let Some(header) = limit_settings::proxy_header(environment)? {
            self.trusted_proxy_header = header;
        }
        self.meta.overlay(environment);
        self.mail.overlay(environment);
        if let Some(log) = environment.get("HUBCHAT_LOG") {
            log.clone_into(&mut self.log);
        }
        match environment.get("HUBCHAT_LOG_FORMAT") {
            None => {}
            Some("text") => self.log_format = LogFormat::Text,
            Some("json") => self.log_format = LogFormat::Json,
            Some(_) => return Err(invalid("HUBCHAT_LOG_FORMAT", "must be text or json")),
        }
        self.media.overlay(environment)
    }

    fn check(&self) -> Result<(), ConfigError> {
        for (setting, url) in [
            ("HUBCHAT_PUBLIC_URL", self.public_url.as_deref()),
            ("HUBCHAT_LINE_API_URL", Some(self.line.api_url.as_str())),
            ("HUBCHAT_LINE_DATA_URL", Some(self.line.data_url.as_str())),
            ("HUBCHAT_TELEGRAM_API_URL", Some(self.telegram.api_url.as_str())),
            ("HUBCHAT_META_GRAPH_URL", Some(self.meta.graph_url.as_str())),
            ("HUBCHAT_META_INSTAGRAM_URL", Some(self.meta.instagram_url.as_str())),
        ] {
            let Some(url) = url else { continue };
            let good = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !good {
                return Err(invalid(setting, "must be an address that begins with http:// or https://"));
            }
        }
        for origin in &self.console_origins {
            let parsed = url::Url::parse(origin).map(|url| url.origin().ascii_serialization());
            if parsed.as_deref() != Ok(origin) {
                return Err(invalid("HUBCHAT_CONSOLE_ORIGINS", "must be origins, such as https://app.example.com"));
            }
        }
        self.meta.check()?;
        self.limits.check()?;
        for lane in hubchat_core::port::Lane::ALL {
            let settings = self.worker.lane(lane);
            if settings.concurrency == 0 || settings.batch == 0 || settings.per_key == 0 {
                return Err(invalid("worker", "concurrency, batch and per_key of a lane are at least 1"));
            }
        }
        if self.worker.account_checks_minutes == 0 {
            return Err(invalid("worker", "account_checks_minutes is at least 1"));
        }
        if self.worker.lease_seconds < 5 || self.worker.poll_milliseconds == 0 {
            return Err(invalid("worker", "lease_seconds is at least 5 and poll_milliseconds at least 1"));
        }
        self.media.check()
    }

    /// The database, by default a file in the data folder.
    #[must_use]
    pub fn database(&self) -> SecretString {
        self.database_url
            .clone()
            .unwrap_or_else(|| SecretString::from(format!("sqlite://{}", self.data_dir.join("hubchat.db").display())))
    }
}

fn address(setting: &'static str, text: &str) -> Result<SocketAddr, ConfigError> {
    text.parse().map_err(|_| invalid(setting, "must be an address and a port, such as 127.0.0.1:8080"))
}

fn invalid(setting: &'static str, reason: &str) -> ConfigError {
    ConfigError::Invalid { setting, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hubchat.toml");
        std::fs::write(&file, "log = \"debug\"\nlisten = \"0.0.0.0:1\"\n[line]\napi_url = \"http://file.example\"\n")
            .expect("a file");
        let environment = Environment::new([("HUBCHAT_LISTEN", "127.0.0.1:2"), ("HUBCHAT_DATA_DIR", "elsewhere")]);
        let config = Config::load(Some(&file), &environment).expect("a good configuration");
        assert_eq!((config.log.as_str(), config.listen.port()), ("debug", 2));
        assert_eq!(config.line.api_url, "http://file.example");
        assert_eq!(config.database().expose_secret(), "sqlite://elsewhere/hubchat.db");
    }

    #[test]
    fn a_wrong_setting_is_named_and_a_secret_is_not_quoted() {
        let wrong = Environment::new([("HUBCHAT_LISTEN", "nowhere")]);
        let error = Config::load(None, &wrong).expect_err("no address").to_string();
        assert!(error.starts_with("HUBCHAT_LISTEN"), "{error}");

        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hubchat.toml");
        std::fs::write(&file, "master_key = \"canary-secret\" oops\n").expect("a file");
        let error = Config::load(Some(&file), &Environment::default()).expect_err("not TOML").to_string();
        assert!(!error.contains("canary-secret"), "{error}");
    }

    #[test]
    fn the_documented_example_is_valid_and_shows_the_defaults() {
        let example: Config =
            toml::from_str(include_str!("../../../docs/config.example.toml")).expect("the example is valid");
        let default = Config::default();
        assert_eq!((example.worker, example.limits), (default.worker, default.limits));
        assert_eq!((example.listen, example.log.as_str()), (default.listen, default.log.as_str()));
    }
}
