//! Mail that a use case sends once everything else is done.

use hubchat_ports::Mail;

use crate::Ports;

/// Sends a mail; that it could not be sent goes to the log and nowhere else, since the answer to a stranger must not
/// depend on it.
pub(super) async fn send_quietly(ports: &Ports, to: &str, mail: &Mail) {
    if let Err(error) = ports.mailer.send(to, mail).await {
        tracing::error!(error = &error as &dyn std::error::Error, "a mail could not be sent");
    }
}
