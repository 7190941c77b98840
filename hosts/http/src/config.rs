//! What an operator may decide about this host.

use std::time::Duration;

use hubchat_wiring::Config;

use crate::{AddressLimits, TrustedProxies};

/// Limits and addresses of the HTTP host.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The most bytes of a webhook's body; more is answered 413.
    pub webhook_body_limit: usize,
    /// The most bytes of an API request's body; more is answered 413.
    pub api_body_limit: usize,
    /// Within this time a body must have come, or the answer is 408.
    pub body_deadline: Duration,
    /// Within this time the body of an upload must have come, or the answer is 408. Meanwhile it may not be
    /// silent for longer than [`body_deadline`](Self::body_deadline).
    pub upload_deadline: Duration,
    /// Within this time a request must be answered, or the answer is 503; an upload has its own time before.
    pub request_deadline: Duration,
    /// Within this time the head of a request must have come, or the connection is closed.
    pub head_deadline: Duration,
    /// A connection on which nothing happens for so long is closed; never when absent.
    pub idle_timeout: Option<Duration>,
    /// For so long after the signal to stop connections are still accepted, while `/ready` answers 503
    /// already: time for a load balancer to look elsewhere.
    pub notice: Duration,
    /// For so long requests that are under way may go on after the signal to stop.
    pub drain: Duration,
    /// The address under which the world reaches this hubchat, such as `https://chat.example.com`.
    pub public_url: Option<String>,
    /// The proxies in front of this host.
    pub trusted_proxies: TrustedProxies,
    /// How often an address may ask.
    pub limits: AddressLimits,
    /// So often a socket gets a beat; whoever gives no sign of life for twice as long is gone.
    pub heartbeat: Duration,
    /// Within this time a socket must have said hello.
    pub hello_within: Duration,
    /// Within this time a socket whose access token ended must come with another ticket.
    pub renew_within: Duration,
    /// Further origins whose pages may log people in, such as `https://app.example.com`.
    pub console_origins: Vec<String>,
    /// The page of the sandbox that runs beside this host, to which `/sandbox` leads; `None` without a sandbox.
    pub sandbox_page: Option<String>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            webhook_body_limit: 1 << 20,
            api_body_limit: 1 << 20,
            body_deadline: Duration::from_secs(5),
            upload_deadline: Duration::from_mins(5),
            request_deadline: Duration::from_secs(30),
            head_deadline: Duration::from_secs(10),
            idle_timeout: Some(Duration::from_secs(75)),
            notice: Duration::ZERO,
            drain: Duration::from_secs(25),
            public_url: None,
            trusted_proxies: TrustedProxies::default(),
            limits: AddressLimits::default(),
            heartbeat: Duration::from_secs(25),
            hello_within: Duration::from_secs(10),
            renew_within: Duration::from_mins(1),
            console_origins: Vec::new(),
            sandbox_page: None,
        }
    }
}

impl From<&Config> for HttpConfig {
    fn from(config: &Config) -> Self {
        let limits = &config.limits;
        let proxies = TrustedProxies { networks: config.trusted_proxies.clone(), header: config.trusted_proxy_header };
        Self {
            public_url: config.public_url.clone(),
            console_origins: config.console_origins.clone(),
            trusted_proxies: proxies,
            limits: AddressLimits {
                public_requests_per_minute: limits.public_requests_per_minute,
                sign_ins_per_minute: limits.sign_ins_per_minute,
                refused_credentials_per_minute: limits.refused_credentials_per_minute,
                refused_webhooks_per_minute: limits.refused_webhooks_per_minute,
            },
            ..Self::default()
        }
    }
}
