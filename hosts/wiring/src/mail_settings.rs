//! How mail to members is sent: into a folder, or by SMTP.

use std::{path::Path, sync::Arc};

use hubchat_core::port::Mailer;
use hubchat_mailer::{FileMailer, SenderAddress, SmtpMailer};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{ConfigError, Environment};

/// How mail to members is sent. Without a server it is written into the folder `mail` of the data folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The mail server, such as `smtps://user:password@mail.example.com:465`.
    pub smtp_url: Option<SecretString>,
    /// From whom mail comes, such as `hubchat <no-reply@chat.example.com>`.
    pub from: String,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self { smtp_url: None, from: "hubchat <no-reply@localhost>".to_owned() }
    }
}

impl MailSettings {
    pub(crate) fn overlay(&mut self, environment: &Environment) {
        if let Some(url) = environment.get("HUBCHAT_SMTP_URL") {
            self.smtp_url = Some(SecretString::from(url));
        }
        if let Some(from) = environment.get("HUBCHAT_MAIL_FROM") {
            from.clone_into(&mut self.from);
        }
    }

    pub(crate) fn mailer(&self, data_dir: &Path) -> Result<Arc<dyn Mailer>, ConfigError> {
        let wrong =
            |setting, reason: &dyn std::fmt::Display| ConfigError::Invalid { setting, reason: reason.to_string() };
        let from: SenderAddress = self.from.parse().map_err(|error| wrong("HUBCHAT_MAIL_FROM", &error))?;
        match &self.smtp_url {
            None => Ok(Arc::new(FileMailer::new(data_dir.join("mail"), from))),
            Some(_) if self.from == Self::default().from => {
                Err(wrong("HUBCHAT_MAIL_FROM", &"must be set together with HUBCHAT_SMTP_URL"))
            }
            Some(url) => Ok(Arc::new(SmtpMailer::new(url, from).map_err(|error| wrong("HUBCHAT_SMTP_URL", &error))?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailer(variables: &[(&str, &str)]) -> Result<(), String> {
        let mut settings = MailSettings::default();
        settings.overlay(&Environment::new(variables.iter().copied()));
        settings.mailer(Path::new("data")).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn mail_goes_into_a_folder_unless_a_server_and_a_sender_are_named() {
        assert_eq!(mailer(&[]), Ok(()));
        let (url, from) = (("HUBCHAT_SMTP_URL", "smtp://127.0.0.1:25"), ("HUBCHAT_MAIL_FROM", "hub <a@b.example>"));
        assert_eq!(mailer(&[from]), Ok(()));
        assert!(mailer(&[url]).is_err_and(|error| error.starts_with("HUBCHAT_MAIL_FROM")));
        let wrong = mailer(&[("HUBCHAT_SMTP_URL", "http://user:canary@x"), from]);
        assert!(wrong.is_err_and(|error| error.starts_with("HUBCHAT_SMTP_URL") && !error.contains("canary")));
        assert!(mailer(&[("HUBCHAT_MAIL_FROM", "nobody")]).is_err_and(|error| error.starts_with("HUBCHAT_MAIL_FROM")));
    }

    #[tokio::test]
    async fn a_mailer_by_smtp_can_be_made_within_a_runtime() {
        let (url, from) = (("HUBCHAT_SMTP_URL", "smtps://u:p@127.0.0.1:465"), ("HUBCHAT_MAIL_FROM", "a@b.example"));
        assert_eq!(mailer(&[url, from]), Ok(()));
    }
}
