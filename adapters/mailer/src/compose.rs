//! What mails say.

use hubchat_ports::{Mail, MailError};
use lettre::{
    Address, Message,
    message::{Mailbox, header::ContentType},
};
use secrecy::ExposeSecret;

/// From whom mail comes, such as `hubchat <no-reply@chat.example.com>`.
#[derive(Debug, Clone)]
pub struct SenderAddress(Mailbox);

/// The text is no address to send from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address, such as no-reply@chat.example.com or hubchat <no-reply@chat.example.com>")]
pub struct InvalidSender;

impl std::str::FromStr for SenderAddress {
    type Err = InvalidSender;

    fn from_str(text: &str) -> Result<Self, InvalidSender> {
        text.parse().map(Self).map_err(|_| InvalidSender)
    }
}

/// A whole mail as plain text. Plain, because a mail with a link that somebody else asked for should look like
/// nothing but what it is.
pub(crate) fn compose(from: &SenderAddress, to: &str, mail: &Mail) -> Result<Message, MailError> {
    let to: Address = to.parse().map_err(|_| MailError::Address)?;
    let (subject, text) = words(mail);
    Message::builder()
        .from(from.0.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|error| MailError::Failed(Box::new(error)))
}

fn words(mail: &Mail) -> (String, String) {
    match mail {
        Mail::Invitation { tenant, name, link, expires_at } => {
            let (tenant, name) = (line(tenant), line(name));
            let link = link.expose_secret();
            (
                format!("Invitation to {tenant}"),
                format!(
                    "Hello {name},\n\nyou are invited to {tenant}. Follow this link to come in:\n\n{link}\n\n\
                     It works once, until {expires_at}. If you do not know {tenant}, do nothing.\n"
                ),
            )
        }
        Mail::PasswordReset { link, expires_at } => (
            "Set a new password".to_owned(),
            format!(
                "Someone, probably you, asked for a new password. Follow this link to set one:\n\n{}\n\n\
                 It works once, until {expires_at}. If it was not you, do nothing: your password stays.\n",
                link.expose_secret()
            ),
        ),
        Mail::ReuseNotice { tenant, at } => (
            "You were logged out for safety".to_owned(),
            format!(
                "At {at} a session of yours at {} was ended, because its credential came from two places. Somebody \
                 may have copied it.\n\nLog in again. If you see sessions that are not yours, change your \
                 password.\n",
                line(tenant)
            ),
        ),
    }
}

/// A name as part of a line: whoever chose it must not be able to add lines of their own.
fn line(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}
