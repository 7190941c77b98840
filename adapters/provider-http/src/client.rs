//! The client.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use futures_util::{StreamExt as _, TryStreamExt as _};
use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use secrecy::ExposeSecret;
use url::{Host, Url};

use crate::{
    ProviderError, ProviderRequest, ProviderResponse, ProviderStream,
    address::{Outside, PublicOnly},
};

/// Redirects that a public download may take, each checked anew.
const MOST_REDIRECTS: usize = 3;

/// How the client behaves.
#[derive(Debug, Clone)]
pub struct ProviderClientConfig {
    /// For how long a connection may be in the making.
    pub connect_timeout: Duration,
    /// For how long a whole exchange may take; downloads are not limited by it, only by silence.
    pub request_timeout: Duration,
    /// The most bytes of a buffered answer.
    pub max_response_bytes: usize,
    /// Whether addresses that are not public may be called: for sandboxes and tests.
    pub allow_private_addresses: bool,
    /// The ports that a download from an address that a stranger named may use, unless private addresses may be
    /// called too.
    pub download_ports: &'static [u16],
}

impl Default for ProviderClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(10),
            max_response_bytes: 1024 * 1024,
            allow_private_addresses: false,
            download_ports: &[443, 8443],
        }
    }
}

/// The one client for providers. Cheap to clone; connections are shared and kept alive.
#[derive(Debug, Clone)]
pub struct ProviderClient {
    client: Client,
    config: ProviderClientConfig,
    outside: Outside,
}

impl ProviderClient {
    /// A client.
    pub fn new(config: ProviderClientConfig) -> Result<Self, ProviderError> {
        Self::with(config, Outside::default())
    }

    pub(crate) fn with(config: ProviderClientConfig, outside: Outside) -> Result<Self, ProviderError> {
        #[expect(clippy::disallowed_methods, reason = "the one outgoing client")]
        let builder = Client::builder();
        let mut builder = builder
            .user_agent(concat!("hubchat/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.request_timeout)
            .redirect(Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(64)
            .tcp_nodelay(true);
        if !config.allow_private_addresses {
            builder = builder.dns_resolver(Arc::new(PublicOnly(outside.clone())));
        }
        Ok(Self { client: builder.build()?, config, outside })
    }

    /// Asks, and reads the whole answer.
    pub async fn send(&self, request: ProviderRequest) -> Result<ProviderResponse, ProviderError> {
        let (operation, began) = (request.operation, Instant::now());
        let result = tokio::time::timeout(self.config.request_timeout, self.exchange(request)).await;
        let result = result.unwrap_or(Err(ProviderError::OutcomeUnknown));
        observe(operation, began, result.as_ref().map(ProviderResponse::status));
        result
    }

    async fn exchange(&self, request: ProviderRequest) -> Result<ProviderResponse, ProviderError> {
        let response = self.prepare(&request)?.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = BytesMut::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| ProviderError::OutcomeUnknown)?;
            if body.len() + chunk.len() > self.config.max_response_bytes {
                return Err(ProviderError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(ProviderResponse { status, headers, body: body.freeze() })
    }

    /// Asks, and hands the answer's body on as it comes. The receiver caps its size.
    pub async fn stream(&self, request: ProviderRequest) -> Result<ProviderStream, ProviderError> {
        let (operation, began) = (request.operation, Instant::now());
        let response = self.prepare(&request)?.send().await.map_err(ProviderError::from);
        observe(operation, began, response.as_ref().map(|response| response.status().as_u16()));
        Ok(streamed(response?))
    }

    /// Downloads from an address that a stranger named: HTTPS to public addresses only, without any
    /// credential, over at most three redirects, each checked like the first.
    pub async fn fetch_public(&self, url: &str) -> Result<ProviderStream, ProviderError> {
        let began = Instant::now();
        let mut url = Url::parse(url).map_err(|_| ProviderError::AddressRefused)?;
        for _ in 0..=MOST_REDIRECTS {
            self.check_download(&url)?;
            let response = self.client.get(url.clone()).send().await.map_err(ProviderError::from)?;
            if !response.status().is_redirection() {
                observe("fetch_public", began, Ok(response.status().as_u16()));
                return Ok(streamed(response));
            }
            let next = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            url = next.and_then(|to| url.join(to).ok()).ok_or(ProviderError::AddressRefused)?;
        }
        Err(ProviderError::AddressRefused)
    }

    fn prepare(&self, request: &ProviderRequest) -> Result<RequestBuilder, ProviderError> {
        let url = Url::parse(&request.url).map_err(|_| ProviderError::AddressRefused)?;
        self.check(&url)?;
        let mut builder = self.client.request(request.method.clone(), url);
        if let Some(token) = &request.bearer {
            builder = builder.bearer_auth(token.expose_secret());
        }
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some(body) = &request.json {
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        Ok(builder)
    }

    fn check_download(&self, url: &Url) -> Result<(), ProviderError> {
        self.check(url)?;
        let port = url.port_or_known_default().unwrap_or(0);
        let usual = url.scheme() == self.outside.download_scheme && self.config.download_ports.contains(&port);
        if usual || self.config.allow_private_addresses { Ok(()) } else { Err(ProviderError::AddressRefused) }
    }

    /// Literal addresses never reach the resolver, so they are checked here.
    fn check(&self, url: &Url) -> Result<(), ProviderError> {
        let known_scheme = matches!(url.scheme(), "http" | "https");
        let is_public = self.outside.is_public;
        let public = match url.host() {
            Some(Host::Ipv4(v4)) => is_public(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => is_public(IpAddr::V6(v6)),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        let bare = url.username().is_empty() && url.password().is_none();
        if known_scheme && bare && (public || self.config.allow_private_addresses) {
            Ok(())
        } else {
            Err(ProviderError::AddressRefused)
        }
    }
}

fn streamed(response: Response) -> ProviderStream {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    ProviderStream {
        status: response.status().as_u16(),
        content_type: text(header::CONTENT_TYPE),
        retry_after: text(header::RETRY_AFTER).and_then(|wait| wait.trim().parse().ok()).map(Duration::from_secs),
        body: response.bytes_stream().map_err(|error| Box::new(error.without_url()).into()).boxed(),
    }
}

fn observe(operation: &'static str, began: Instant, result: Result<u16, &ProviderError>) {
    let status = match result {
        Ok(status) => status.to_string(),
        Err(ProviderError::NotSent) => "not_sent".to_owned(),
        Err(ProviderError::OutcomeUnknown) => "unknown".to_owned(),
        Err(ProviderError::TooLarge) => "too_large".to_owned(),
        Err(ProviderError::AddressRefused) => "address_refused".to_owned(),
    };
    let elapsed = began.elapsed();
    tracing::debug!(provider.operation = operation, provider.status = status, duration_ms = elapsed.as_millis());
    metrics::histogram!("hubchat_provider_request_seconds", "operation" => operation, "status" => status)
        .record(elapsed.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::Method;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    fn client(allow_private_addresses: bool) -> ProviderClient {
        let request_timeout = Duration::from_millis(500);
        ProviderClient::new(ProviderClientConfig {
            allow_private_addresses,
            request_timeout,
            max_response_bytes: 1000,
            ..ProviderClientConfig::default()
        })
        .unwrap()
    }

    /// A server that reads a request, answers these bytes and closes the connection.
    async fn answering(bytes: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut buffer = [0; 4096];
                let _ = socket.read(&mut buffer).await;
                let _ = socket.write_all(bytes).await;
            }
        });
        format!("http://{address}/")
    }

    async fn outcome(url: &str) -> Result<u16, ProviderError> {
        let request = ProviderRequest::new(Method::POST, url, "test").json(&"body");
        client(true).send(request).await.map(|response| response.status())
    }

    #[tokio::test]
    async fn what_never_left_is_told_from_what_may_have() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(outcome(&nobody).await, Err(ProviderError::NotSent));
        assert_eq!(outcome(&answering(b"").await).await, Err(ProviderError::OutcomeUnknown));
        let cut = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"sent").await;
        assert_eq!(outcome(&cut).await, Err(ProviderError::OutcomeUnknown));
        let whole = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
        assert_eq!(outcome(&whole).await, Ok(200));
    }

    #[tokio::test]
    async fn silence_ends_at_the_deadline_as_unknown() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let held = tokio::spawn(async move { listener.accept().await.map(|(socket, _)| socket) });
        assert_eq!(outcome(&url).await, Err(ProviderError::OutcomeUnknown));
        drop(held);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_cut_off() {
        let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n".to_vec();
        long.extend([b'x'; 2000]);
        let url = answering(Box::leak(long.into_boxed_slice())).await;
        assert_eq!(outcome(&url).await, Err(ProviderError::TooLarge));
    }

    #[tokio::test]
    async fn redirects_are_not_followed_with_a_credential() {
        let url = answering(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(outcome(&url).await, Ok(302));
    }

    #[tokio::test]
    async fn private_addresses_are_refused_however_they_are_written() {
        let client = client(false);
        for url in [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/",
            "https://user:pass@8.8.8.8/",
            "file:///etc/passwd",
            "http://8.8.8.8/",
            "https://",
            "nonsense",
        ] {
            let error = client.fetch_public(url).await.err();
            assert!(matches!(error, Some(ProviderError::AddressRefused | ProviderError::NotSent)), "{url}: {error:?}");
        }
    }
}
