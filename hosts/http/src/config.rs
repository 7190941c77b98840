//! What an operator may decide about this host.

use std::time::Duration;

use hubchat_wiring::Config;

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
    /// A connection on which nothing happens for so long is closed; never when absent.
    pub idle_timeout: Option<Duration>,
    /// For so long after the signal to stop connections are still accepted, while `/ready` answers 503
    /// already: time for a load balancer to look elsewhere.
    pub notice: Duration,
    /// For so long requests that are under way may go on after the signal to stop.
    pub drain: Duration,
    /// The address under which the world reaches this hubchat, such as `https://chat.example.com`.
    pub public_url: Option<String>,
    /// Further origins whose pages may log people in, such as `https://app.example.com`.
    pub console_origins: Vec<String>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            webhook_body_limit: 1 << 20,
            api_body_limit: 1 << 20,
            body_deadline: Duration::from_secs(5),
            upload_deadline: Duration::from_mins(5),
            request_deadline: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(75)),
            notice: Duration::ZERO,
            drain: Duration::from_secs(25),
            public_url: None,
            console_origins: Vec::new(),
        }
    }
}

impl From<&Config> for HttpConfig {
    fn from(config: &Config) -> Self {
        Self {
            public_url: config.public_url.clone(),
            console_origins: config.console_origins.clone(),
            ..Self::default()
        }
    }
}
