//! How Meta is spoken to: Messenger, page comments, Instagram and WhatsApp.

use hubchat_channel_meta::{MetaApp, MetaConfig};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{ConfigError, Environment};

/// How Meta is spoken to.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetaSettings {
    /// The Graph API.
    pub graph_url: String,
    /// The Graph API for accounts connected by Instagram's own log-in.
    pub instagram_url: String,
    /// The version of the API.
    pub graph_version: String,
    /// The app's id at Meta. Without an app, each account brings an app secret of its own.
    pub app_id: Option<String>,
    /// The app's secret; `HUBCHAT_META_APP_SECRET` keeps it out of files.
    pub app_secret: Option<SecretString>,
    /// The app's secret before, while webhooks signed with it may still come.
    pub former_app_secret: Option<SecretString>,
    /// The secret of the Instagram app beside it.
    pub instagram_app_secret: Option<SecretString>,
    /// What Meta repeats when a webhook is subscribed: a word of your own, given to Meta too.
    pub verify_token: Option<SecretString>,
}

impl Default for MetaSettings {
    fn default() -> Self {
        let MetaConfig { graph_url, instagram_url, version, .. } = MetaConfig::default();
        Self {
            graph_url,
            instagram_url,
            graph_version: version,
            app_id: None,
            app_secret: None,
            former_app_secret: None,
            instagram_app_secret: None,
            verify_token: None,
        }
    }
}

impl MetaSettings {
    pub(crate) fn overlay(&mut self, environment: &Environment) {
        let texts = [
            ("HUBCHAT_META_GRAPH_URL", &mut self.graph_url),
            ("HUBCHAT_META_INSTAGRAM_URL", &mut self.instagram_url),
            ("HUBCHAT_META_GRAPH_VERSION", &mut self.graph_version),
        ];
        for (name, slot) in texts {
            if let Some(text) = environment.get(name) {
                text.clone_into(slot);
            }
        }
        if let Some(id) = environment.get("HUBCHAT_META_APP_ID") {
            self.app_id = Some(id.to_owned());
        }
        let secrets = [
            ("HUBCHAT_META_APP_SECRET", &mut self.app_secret),
            ("HUBCHAT_META_FORMER_APP_SECRET", &mut self.former_app_secret),
            ("HUBCHAT_META_INSTAGRAM_APP_SECRET", &mut self.instagram_app_secret),
            ("HUBCHAT_META_VERIFY_TOKEN", &mut self.verify_token),
        ];
        for (name, slot) in secrets {
            if let Some(secret) = environment.get(name) {
                *slot = Some(SecretString::from(secret));
            }
        }
    }

    /// An app is whole, or there is none.
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let version = self.graph_version.strip_prefix('v').unwrap_or_default();
        let is_version = version.split_once('.').is_some_and(|(major, minor)| {
            [major, minor].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        });
        if !is_version {
            return Err(invalid("HUBCHAT_META_GRAPH_VERSION", "must be like v25.0"));
        }
        let blank = |secret: &Option<SecretString>| {
            secret.as_ref().is_none_or(|secret| secret.expose_secret().trim().is_empty())
        };
        let parts =
            [self.app_id.as_deref().is_none_or(str::is_empty), blank(&self.app_secret), blank(&self.verify_token)];
        if parts.contains(&true) && parts.contains(&false) {
            return Err(invalid(
                "HUBCHAT_META_APP_ID",
                "an app has app_id, app_secret and verify_token, or there is none",
            ));
        }
        Ok(())
    }

    pub(crate) fn config(&self) -> MetaConfig {
        let app = (|| {
            Some(MetaApp {
                app_id: self.app_id.clone().filter(|id| !id.is_empty())?,
                app_secret: self.app_secret.clone()?,
                former_app_secret: self.former_app_secret.clone(),
                instagram_app_secret: self.instagram_app_secret.clone(),
                verify_token: self.verify_token.clone()?,
            })
        })();
        let plain = |url: &str| url.trim_end_matches('/').to_owned();
        MetaConfig {
            graph_url: plain(&self.graph_url),
            instagram_url: plain(&self.instagram_url),
            version: self.graph_version.clone(),
            app,
        }
    }
}

fn invalid(setting: &'static str, reason: &str) -> ConfigError {
    ConfigError::Invalid { setting, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_whole_or_there_is_none() {
        assert!(MetaSettings::default().check().is_ok());
        assert!(MetaSettings::default().config().app.is_none());
        let mut half = MetaSettings::default();
        half.overlay(&Environment::new([("HUBCHAT_META_APP_ID", "1"), ("HUBCHAT_META_APP_SECRET", "s")]));
        let error = half.check().expect_err("no verify token").to_string();
        assert!(error.starts_with("HUBCHAT_META_APP_ID"), "{error}");
        half.overlay(&Environment::new([("HUBCHAT_META_VERIFY_TOKEN", "t")]));
        assert!(half.check().is_ok());
        assert_eq!(half.config().app.expect("an app").app_id, "1");
    }

    #[test]
    fn a_version_looks_like_one() {
        for bad in ["", "25.0", "v25", "v25.", "vx.0", "v25.0/me"] {
            let settings = MetaSettings { graph_version: bad.to_owned(), ..MetaSettings::default() };
            assert!(settings.check().is_err(), "{bad}");
        }
    }
}
