//! Asking for a link to set a new password.

use hubchat_domain::{AuthLinkKind, Member, MemberStatus};
use hubchat_ports::Mail;

use super::{
    links::{LinkFor, Links},
    mail::send_quietly,
    sign_in::Client,
    throttle::{Attempt, Throttled, admit},
};
use crate::{Fault, Ports};

/// Mails links to set a new password.
#[derive(Clone)]
pub struct ForgotPassword {
    ports: Ports,
    links: Links,
}

impl ForgotPassword {
    pub(crate) fn new(ports: Ports, links: Links) -> Self {
        Self { ports, links }
    }

    /// Whether one more may be asked for now. Looks nothing up.
    pub async fn admit(&self, email: &str, client: &Client) -> Result<(), Throttled> {
        admit(&self.ports, Attempt::Mail, Some(email), client.address).await
    }

    /// Mails a link when there is such a person and they belong to a tenant. The caller must have been
    /// [admitted](Self::admit), and should neither wait for this nor show what it answers: both would tell who is a
    /// member.
    pub async fn run(&self, email: &str) -> Result<(), Fault> {
        let Some(email) = Member::normal_email(email) else { return Ok(()) };
        let Some(user) = self.ports.access.find_user_by_email(&email).await? else { return Ok(()) };
        let memberships = self.ports.access.list_memberships(user.id).await?;
        if !memberships.iter().any(|of| of.member.status == MemberStatus::Active) {
            return Ok(());
        }
        let whom = LinkFor { user: Some(user.id), ..LinkFor::default() };
        let link = self.links.make(AuthLinkKind::PasswordReset, whom).await?;
        let mail = Mail::PasswordReset { link: link.url, expires_at: link.expires_at };
        send_quietly(&self.ports, &user.email, &mail).await;
        Ok(())
    }
}
