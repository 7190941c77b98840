//! Where files of messages are kept: in the data folder, or in a bucket that speaks S3.

use std::path::{Path, PathBuf};

use hubchat_media_objectstore::S3Config;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::{ConfigError, Environment};

/// Where files of messages are kept. Without a bucket they are kept in the data folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaSettings {
    /// The bucket.
    pub bucket: Option<String>,
    /// Its region.
    pub region: String,
    /// A server other than Amazon's.
    pub endpoint: Option<String>,
    /// Who asks.
    pub access_key: Option<SecretString>,
    /// A file that holds it.
    pub access_key_file: Option<PathBuf>,
    /// The proof.
    pub secret_key: Option<SecretString>,
    /// A file that holds it.
    pub secret_key_file: Option<PathBuf>,
    /// Whether the bucket is named in the path of addresses. Unless it is said, it is at an endpoint of one's
    /// own, where names of hosts for buckets are seldom set up, and not at Amazon's.
    pub path_style: Option<bool>,
    /// What all keys begin with.
    pub prefix: String,
    /// Links to files need no signature and have no end: whoever learns one keeps it.
    pub public: bool,
}

impl Default for MediaSettings {
    fn default() -> Self {
        Self {
            bucket: None,
            region: "us-east-1".to_owned(),
            endpoint: None,
            access_key: None,
            access_key_file: None,
            secret_key: None,
            secret_key_file: None,
            path_style: None,
            prefix: String::new(),
            public: false,
        }
    }
}

impl MediaSettings {
    pub(crate) fn overlay(&mut self, environment: &Environment) -> Result<(), ConfigError> {
        let text = |name| environment.get(name).map(str::to_owned);
        let secret = |name| environment.get(name).map(SecretString::from);
        let file = |name| environment.get(name).map(PathBuf::from);
        match environment.get("HUBCHAT_MEDIA_PUBLIC") {
            None => {}
            Some("true") => self.public = true,
            Some("false") => self.public = false,
            Some(_) => {
                return Err(ConfigError::Invalid {
                    setting: "HUBCHAT_MEDIA_PUBLIC",
                    reason: "must be true or false".to_owned(),
                });
            }
        }
        set(&mut self.bucket, text("HUBCHAT_MEDIA_BUCKET"));
        set(&mut self.endpoint, text("HUBCHAT_MEDIA_ENDPOINT"));
        set(&mut self.access_key, secret("HUBCHAT_MEDIA_ACCESS_KEY"));
        set(&mut self.access_key_file, file("HUBCHAT_MEDIA_ACCESS_KEY_FILE"));
        set(&mut self.secret_key, secret("HUBCHAT_MEDIA_SECRET_KEY"));
        set(&mut self.secret_key_file, file("HUBCHAT_MEDIA_SECRET_KEY_FILE"));
        if let Some(region) = text("HUBCHAT_MEDIA_REGION") {
            self.region = region;
        }
        if let Some(prefix) = text("HUBCHAT_MEDIA_PREFIX") {
            self.prefix = prefix;
        }
        match environment.get("HUBCHAT_MEDIA_PATH_STYLE") {
            None => {}
            Some("true") => self.path_style = Some(true),
            Some("false") => self.path_style = Some(false),
            Some(_) => return Err(invalid("HUBCHAT_MEDIA_PATH_STYLE", "must be true or false")),
        }
        Ok(())
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let has_access_key = self.access_key.is_some() || self.access_key_file.is_some();
        let has_secret_key = self.secret_key.is_some() || self.secret_key_file.is_some();
        if self.bucket.is_none() {
            // Files would silently go to the folder that was meant to be left.
            if has_access_key || has_secret_key || self.endpoint.is_some() {
                return Err(invalid("HUBCHAT_MEDIA_BUCKET", "is needed by the other settings of media"));
            }
            return Ok(());
        }
        if !has_access_key {
            return Err(invalid("HUBCHAT_MEDIA_ACCESS_KEY", "is needed for the bucket"));
        }
        if !has_secret_key {
            return Err(invalid("HUBCHAT_MEDIA_SECRET_KEY", "is needed for the bucket"));
        }
        Ok(())
    }

    /// The bucket, if files are to be kept in one. Reads the files that hold its keys.
    pub(crate) fn s3(&self) -> Result<Option<S3Config>, ConfigError> {
        self.check()?;
        let Some(bucket) = self.bucket.clone() else { return Ok(None) };
        Ok(Some(S3Config {
            bucket,
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            access_key: key(
                "HUBCHAT_MEDIA_ACCESS_KEY_FILE",
                self.access_key.as_ref(),
                self.access_key_file.as_deref(),
            )?,
            secret_key: key(
                "HUBCHAT_MEDIA_SECRET_KEY_FILE",
                self.secret_key.as_ref(),
                self.secret_key_file.as_deref(),
            )?,
            path_style: self.path_style.unwrap_or(self.endpoint.is_some()),
            prefix: self.prefix.trim_matches('/').to_owned(),
        }))
    }
}

fn set<T>(setting: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *setting = value;
    }
}

fn key(setting: &'static str, key: Option<&SecretString>, file: Option<&Path>) -> Result<SecretString, ConfigError> {
    if let Some(key) = key {
        return Ok(key.clone());
    }
    let file = file.ok_or_else(|| invalid(setting, "is needed for the bucket"))?;
    let text = std::fs::read_to_string(file)
        .map(SecretString::from)
        .map_err(|error| invalid(setting, &format!("{} cannot be read: {error}", file.display())))?;
    match text.expose_secret().trim() {
        "" => Err(invalid(setting, "the file is empty")),
        key => Ok(SecretString::from(key)),
    }
}

fn invalid(setting: &'static str, reason: &str) -> ConfigError {
    ConfigError::Invalid { setting, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn loaded<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Option<S3Config>, ConfigError> {
        Config::load(None, &Environment::new(variables))?.media.s3()
    }

    #[test]
    fn without_a_bucket_files_stay_in_the_folder() {
        assert!(loaded([]).expect("the default").is_none());
    }

    #[test]
    fn a_bucket_and_its_keys_come_from_the_environment_and_from_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "canary\n").expect("a file");
        let variables = [
            ("HUBCHAT_MEDIA_BUCKET", "files"),
            ("HUBCHAT_MEDIA_REGION", "ap-southeast-1"),
            ("HUBCHAT_MEDIA_ACCESS_KEY", "who"),
            ("HUBCHAT_MEDIA_SECRET_KEY_FILE", file.to_str().expect("a path")),
            ("HUBCHAT_MEDIA_PREFIX", "/shop/"),
        ];
        let bucket = loaded(variables).expect("good").expect("a bucket");
        assert_eq!((bucket.bucket.as_str(), bucket.region.as_str()), ("files", "ap-southeast-1"));
        assert_eq!((bucket.access_key.expose_secret(), bucket.secret_key.expose_secret()), ("who", "canary"));
        assert_eq!((bucket.prefix.as_str(), bucket.path_style), ("shop", false));
        let minio = loaded(variables.into_iter().chain([("HUBCHAT_MEDIA_ENDPOINT", "http://127.0.0.1:9000")]));
        assert!(minio.expect("good").expect("a bucket").path_style);
    }

    #[test]
    fn half_a_bucket_is_refused_and_the_missing_setting_named() {
        for (variables, named) in [
            (vec![("HUBCHAT_MEDIA_BUCKET", "files")], "HUBCHAT_MEDIA_ACCESS_KEY"),
            (vec![("HUBCHAT_MEDIA_BUCKET", "files"), ("HUBCHAT_MEDIA_ACCESS_KEY", "who")], "HUBCHAT_MEDIA_SECRET_KEY"),
            (vec![("HUBCHAT_MEDIA_ENDPOINT", "http://127.0.0.1:9000")], "HUBCHAT_MEDIA_BUCKET"),
            (vec![("HUBCHAT_MEDIA_PATH_STYLE", "maybe")], "HUBCHAT_MEDIA_PATH_STYLE"),
            (
                vec![
                    ("HUBCHAT_MEDIA_BUCKET", "files"),
                    ("HUBCHAT_MEDIA_ACCESS_KEY", "who"),
                    ("HUBCHAT_MEDIA_SECRET_KEY_FILE", "/nowhere/at/all"),
                ],
                "HUBCHAT_MEDIA_SECRET_KEY_FILE",
            ),
        ] {
            let error = loaded(variables).expect_err(named).to_string();
            assert!(error.starts_with(&format!("{named}:")), "{error}");
        }
    }
}
