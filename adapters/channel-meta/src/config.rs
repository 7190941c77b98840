//! Where Meta is, and the app that hubchat is there.

use secrecy::SecretString;

/// Where Meta is.
#[derive(Debug, Clone)]
pub struct MetaConfig {
    /// The Graph API, `https://graph.facebook.com`.
    pub graph_url: String,
    /// The Graph API for accounts connected by Instagram's own log-in, `https://graph.instagram.com`.
    pub instagram_url: String,
    /// The version of the API, such as `v25.0`: always sent, or an app's calls change when Meta moves its default.
    pub version: String,
    /// The app; without one, accounts bring an app secret of their own.
    pub app: Option<MetaApp>,
}

impl Default for MetaConfig {
    fn default() -> Self {
        Self {
            graph_url: "https://graph.facebook.com".to_owned(),
            instagram_url: "https://graph.instagram.com".to_owned(),
            version: "v25.0".to_owned(),
            app: None,
        }
    }
}

/// The app at Meta through which many accounts are connected
/// (<https://developers.facebook.com/docs/development/create-an-app>).
#[derive(Debug, Clone)]
pub struct MetaApp {
    /// Its id.
    pub app_id: String,
    /// Its secret.
    pub app_secret: SecretString,
    /// The secret before, which counts until its webhooks have stopped coming.
    pub former_app_secret: Option<SecretString>,
    /// The secret of the Instagram app, which signs the webhooks of accounts connected by Instagram's own log-in.
    pub instagram_app_secret: Option<SecretString>,
    /// What Meta repeats when a webhook is subscribed.
    pub verify_token: SecretString,
}
