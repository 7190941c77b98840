//! Mail by SMTP.

use std::time::Duration;

use async_trait::async_trait;
use hubchat_ports::{Mail, MailError, Mailer};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use crate::{SenderAddress, compose::compose};

/// A server that does not answer for so long is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The address of the server cannot be used. It is not repeated: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be an address of a mail server, such as smtps://user:password@mail.example.com:465 or \
     smtp://user:password@mail.example.com:587?tls=required"
)]
pub struct SmtpSetupError;

/// Hands mail to a server by SMTP (RFC 5321). `smtps://` is TLS from the beginning; `smtp://` with `?tls=required`
/// begins plain and goes on with TLS or not at all (STARTTLS); `smtp://` alone is plain, for a server next door.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: SenderAddress,
}

impl std::fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpMailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl SmtpMailer {
    /// Mail by that server. It is not asked before the first mail.
    pub fn new(url: &SecretString, from: SenderAddress) -> Result<Self, SmtpSetupError> {
        let url = url.expose_secret();
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| SmtpSetupError)?;
        Ok(Self { transport: server.timeout(Some(PATIENCE)).build(), from })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, to: &str, mail: &Mail) -> Result<(), MailError> {
        let message = compose(&self.from, to, mail)?;
        match tokio::time::timeout(PATIENCE * 2, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            // A server's words may quote the address: of its refusals only the code is kept.
            Ok(Err(error)) => match error.status() {
                Some(code) => Err(MailError::Failed(format!("the mail server answered {code}").into())),
                None => Err(MailError::Failed(Box::new(error))),
            },
            Err(_) => Err(MailError::Failed("the mail server did not answer in time".into())),
        }
    }
}
