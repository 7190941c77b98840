//! Sending mail to members.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use secrecy::SecretString;

/// A mail, by what it says. A link lets whoever has it in: no adapter may log it.
#[derive(Debug, Clone)]
pub enum Mail {
    /// Someone was invited to a tenant.
    Invitation {
        /// The tenant's name.
        tenant: String,
        /// The invited person's name.
        name: String,
        /// Where to accept.
        link: SecretString,
        /// Until when.
        expires_at: Timestamp,
    },
    /// Someone asked for a new password.
    PasswordReset {
        /// Where to set it.
        link: SecretString,
        /// Until when.
        expires_at: Timestamp,
    },
    /// A session was ended because one of its tokens was used twice.
    ReuseNotice {
        /// The tenant's name.
        tenant: String,
        /// When.
        at: Timestamp,
    },
}

/// Why a mail was not sent. No message holds an address or a link.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The address cannot be written to.
    #[error("the address is not taken")]
    Address,
    /// The mail could not be handed over.
    #[error("the mail could not be sent")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends mail.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over to whoever delivers it. MUST give up after some seconds; a mail MAY be lost afterwards.
    async fn send(&self, to: &str, mail: &Mail) -> Result<(), MailError>;
}
