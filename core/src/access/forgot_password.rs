//! Asking for a link to set a new password.

use hubchat_domain::{Member, MemberStatus, TenantId, UserId};
use hubchat_ports::TenantJob;

use super::{
    deeds::Moment,
    mail_jobs::password_link_job,
    sign_in::Client,
    throttle::{Attempt, Throttled, admit},
};
use crate::{ErrorCode, Fault, Ports, fault::faults_become};

/// Why nothing was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ForgotPasswordError {
    /// Too many tries.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(ForgotPasswordError);

impl ErrorCode for ForgotPasswordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Throttled(throttled) => throttled.code(),
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<std::time::Duration> {
        match self {
            Self::Throttled(throttled) => throttled.retry_after(),
            Self::Fault(fault) => fault.retry_after(),
        }
    }
}

/// Sees to it that a link to set a new password is mailed.
#[derive(Clone)]
pub struct ForgotPassword {
    ports: Ports,
}

impl ForgotPassword {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Writes the job that mails a link when there is such a person and they work for a tenant.
    ///
    /// For everybody else it does the same: as many reads, and a job of the same form that finds nobody. Neither how
    /// long it takes nor what is written tells who is known.
    pub async fn run(&self, email: &str, client: &Client) -> Result<(), ForgotPasswordError> {
        let ports = &self.ports;
        admit(ports, Attempt::Mail, Some(email), client.address).await?;
        let Some(email) = Member::normal_email(email) else { return Ok(()) };
        let user = ports.access.find_user_by_email(&email).await?;
        let user = user.map_or_else(|| ports.next_id::<UserId>(), |user| user.id);
        let memberships = ports.access.list_memberships(user).await?;
        let someone = ports.directory.list_tenants(None, 1).await?;
        let own = memberships.into_iter().find(|of| of.member.status == MemberStatus::Active);
        let tenant: Option<TenantId> = own.map(|of| of.tenant.id);
        // Without a tenant there is nobody to be known.
        let Some(tenant_id) = tenant.or_else(|| someone.first().map(|tenant| tenant.id)) else { return Ok(()) };
        let moment = Moment { origin: client.origin(), at: ports.clock.now() };
        let job = password_link_job(ports, user, moment);
        Ok(ports.access.add_jobs(&[TenantJob { tenant_id, job }]).await?)
    }
}
