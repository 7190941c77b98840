//! Files in a bucket of Amazon S3, or of a server that speaks its protocol.

use std::{sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    prefix::PrefixStore,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::{ObjectStoreMedia, OpenError, key};

/// For how long the server may be silent, with a part of a file on its way to it or from it.
const SILENCE: Duration = Duration::from_secs(30);
/// For how long a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// How often, and for how long in all, a request that the server could not answer is made again. Every
/// request made here has the same effect once or twice.
const RETRIES: usize = 4;
const RETRYING: Duration = Duration::from_secs(30);

/// Where a bucket is and who may use it.
#[derive(Debug, Clone)]
pub struct S3Config {
    /// Its name.
    pub bucket: String,
    /// Its region; servers other than Amazon's mostly take any, `us-east-1` by custom.
    pub region: String,
    /// The server, such as `https://minio.example.com:9000`; none is Amazon's of the region.
    pub endpoint: Option<String>,
    /// Who asks.
    pub access_key: SecretString,
    /// The proof.
    pub secret_key: SecretString,
    /// Whether the bucket is named in the path of addresses; if not, it is named in the host.
    pub path_style: bool,
    /// What all keys begin with, for a bucket that is shared; empty for none.
    pub prefix: String,
}

impl ObjectStoreMedia {
    /// Files in a bucket. Nothing is asked of the server yet.
    ///
    /// A file of more than one part goes up as a multipart upload: readers see the file before it, or
    /// none, until the last part is there. An upload that fails or is given up is aborted; of a process
    /// that dies, parts stay that nobody can read, for a lifecycle rule of the bucket to remove.
    pub fn s3(config: &S3Config) -> Result<Self, OpenError> {
        let store = bucket(config)?;
        let store: Arc<dyn ObjectStore> = if config.prefix.is_empty() {
            Arc::new(store)
        } else {
            Arc::new(PrefixStore::new(store, key::path(&config.prefix).map_err(|_| OpenError::Prefix)?))
        };
        Ok(Self::over(store))
    }
}

fn bucket(config: &S3Config) -> Result<AmazonS3, OpenError> {
    // What S3 takes; more importantly, nothing that would change the address that it becomes a part of.
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    if !(3..=63).contains(&config.bucket.len()) || !config.bucket.bytes().all(plain) || config.bucket.contains("..") {
        return Err(OpenError::Bucket);
    }
    let endpoint = config.endpoint.as_deref().map(|endpoint| address(endpoint, config)).transpose()?;
    let options = ClientOptions::new()
        .with_allow_http(endpoint.as_ref().is_some_and(|endpoint| endpoint.scheme() == "http"))
        .with_connect_timeout(CONNECTING)
        .with_read_timeout(SILENCE)
        // A limit on the whole would cut large files off on slow lines.
        .with_timeout_disabled();
    let builder = AmazonS3Builder::new()
        .with_client_options(options)
        .with_retry(RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES, retry_timeout: RETRYING })
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_access_key_id(config.access_key.expose_secret())
        .with_secret_access_key(config.secret_key.expose_secret())
        .with_virtual_hosted_style_request(!config.path_style)
        // Files are removed one by one, and not every server knows the other way.
        .with_disable_bulk_delete(true);
    let builder = match endpoint {
        Some(endpoint) => builder.with_endpoint(endpoint.as_str().trim_end_matches('/')),
        None => builder,
    };
    Ok(builder.build()?)
}

/// The server's address, with the bucket in its host where it belongs there.
fn address(endpoint: &str, config: &S3Config) -> Result<Url, OpenError> {
    let mut address = Url::parse(endpoint).map_err(|_| OpenError::Endpoint)?;
    let bare = address.query().is_none() && address.fragment().is_none() && address.username().is_empty();
    if !matches!(address.scheme(), "http" | "https") || !bare {
        return Err(OpenError::Endpoint);
    }
    if !config.path_style {
        let Some(url::Host::Domain(host)) = address.host() else { return Err(OpenError::Endpoint) };
        let host = format!("{}.{host}", config.bucket);
        address.set_host(Some(&host)).map_err(|_| OpenError::Endpoint)?;
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(change: impl FnOnce(&mut S3Config)) -> S3Config {
        let mut config = S3Config {
            bucket: "files".to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: Some("https://store.example:9000".to_owned()),
            access_key: SecretString::from("who"),
            secret_key: SecretString::from("canary"),
            path_style: true,
            prefix: String::new(),
        };
        change(&mut config);
        config
    }

    #[test]
    fn the_bucket_is_named_in_the_path_or_in_the_host() {
        let endpoint = "https://store.example:9000";
        let by_path = address(endpoint, &config(|_| ())).expect("an address");
        assert_eq!(by_path.as_str(), "https://store.example:9000/");
        let by_host = address(endpoint, &config(|config| config.path_style = false)).expect("an address");
        assert_eq!(by_host.as_str(), "https://files.store.example:9000/");
    }

    #[test]
    fn what_cannot_be_is_refused_and_named() {
        let refused = |change: fn(&mut S3Config)| ObjectStoreMedia::s3(&config(change)).err();
        assert!(refused(|_| ()).is_none());
        assert!(refused(|config| config.endpoint = None).is_none());
        assert!(refused(|config| "shop/files".clone_into(&mut config.prefix)).is_none());
        for bucket in ["", "ab", "Upper", "a/b", "a..b", "a?b", "a@b", "a#b", "ก-bucket"] {
            let config = config(|config| bucket.clone_into(&mut config.bucket));
            assert!(matches!(ObjectStoreMedia::s3(&config), Err(OpenError::Bucket)), "{bucket}");
        }
        for endpoint in ["store", "ftp://store", "https://who:secret@store", "https://store/?x=1", "file:///etc"] {
            let config = config(|config| config.endpoint = Some(endpoint.to_owned()));
            assert!(matches!(ObjectStoreMedia::s3(&config), Err(OpenError::Endpoint)), "{endpoint}");
        }
        for prefix in ["/", "../up", "a//b", "a b"] {
            let config = config(|config| prefix.clone_into(&mut config.prefix));
            assert!(matches!(ObjectStoreMedia::s3(&config), Err(OpenError::Prefix)), "{prefix}");
        }
    }

    #[test]
    fn the_secret_is_not_printed() {
        assert!(!format!("{:?}", config(|_| ())).contains("canary"));
    }
}
