//! Mail that is sent in the background: at least once, however often a process dies in between.
//!
//! A job holds ids. The token of a link is made when its mail is sent, and each attempt makes another: no queue and no
//! backup holds one.

use std::net::IpAddr;

use hubchat_domain::{
    AuditAction, AuthLinkKind, MemberId, MemberStatus, Origin, SessionId, TenantId, Timestamp, UserId,
};
use hubchat_ports::{AttemptCount, Mail, MailError, NewJob, ReservedJob};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    deeds::{Moment, password_deed},
    links::{LinkFor, Links},
};
use crate::{Fault, Ports, RetryPolicy, jobs, jobs::JobOutcome};

/// Mails a link to set a new password.
pub(crate) const PASSWORD_LINK_JOB: &str = "mail.password-link.v1";
/// Tells a person that a token of theirs came twice.
pub(crate) const REUSE_NOTICE_JOB: &str = "mail.reuse-notice.v1";
/// Mails a link to become a member.
pub(crate) const INVITATION_JOB: &str = "mail.invitation.v1";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordLinkJob {
    /// Who asked. Nobody may have that id: see [`ForgotPassword`](super::ForgotPassword).
    user_id: UserId,
    /// The id of the asking.
    asking: Uuid,
    at: i64,
    address: Option<IpAddr>,
    request_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReuseNoticeJob {
    session_id: SessionId,
    at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InvitationJob {
    member_id: MemberId,
}

/// The job for somebody who asked for a new password at that moment.
pub(super) fn password_link_job(ports: &Ports, user: UserId, moment: Moment) -> NewJob {
    let Origin { address, request_id } = moment.origin;
    let (asking, at) = (ports.next_id(), moment.at.as_micros());
    let payload = PasswordLinkJob { user_id: user, asking, at, address, request_id };
    jobs::background(PASSWORD_LINK_JOB, &format!("mail:{user}"), &serde_json::json!(payload))
}

/// The job for the person of a session that was ended at that moment.
pub(super) fn reuse_notice_job(session: SessionId, at: Timestamp) -> NewJob {
    let payload = ReuseNoticeJob { session_id: session, at: at.as_micros() };
    jobs::background(REUSE_NOTICE_JOB, &format!("mail:{session}"), &serde_json::json!(payload))
}

/// The job for somebody who was invited.
pub(super) fn invitation_job(member: MemberId) -> NewJob {
    jobs::background(INVITATION_JOB, &format!("mail:{member}"), &serde_json::json!(InvitationJob { member_id: member }))
}

/// Why a mail is still to be sent.
enum Delay {
    /// The mailer could not, or never will.
    Mail(MailError),
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Delay {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

fn read<P: DeserializeOwned>(job: &ReservedJob) -> Option<P> {
    serde_json::from_str(&job.payload).ok()
}

/// Sends that mail.
#[derive(Clone)]
pub struct MailJobs {
    ports: Ports,
    links: Links,
    policy: RetryPolicy,
}

impl MailJobs {
    pub(crate) fn new(ports: Ports, links: Links, policy: RetryPolicy) -> Self {
        Self { ports, links, policy }
    }

    /// Does one job. Nobody to write to any more is no failure.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        match self.attempt(job).await {
            None => JobOutcome::dead("the payload cannot be read"),
            Some(Ok(())) => JobOutcome::Done,
            Some(Err(Delay::Fault(fault))) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
            Some(Err(Delay::Mail(error))) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a mail could not be sent");
                let again = self.policy.delay_after(job.attempt, &*self.ports.randomness);
                match again.filter(|_| !matches!(error, MailError::Address)) {
                    Some(delay) => JobOutcome::Retry { delay, error: error.to_string(), count: AttemptCount::Counted },
                    None => JobOutcome::Dead { error: error.to_string() },
                }
            }
        }
    }

    async fn attempt(&self, job: &ReservedJob) -> Option<Result<(), Delay>> {
        Some(match job.kind.as_str() {
            PASSWORD_LINK_JOB => self.password_link(read(job)?).await,
            REUSE_NOTICE_JOB => self.reuse_notice(read(job)?).await,
            _ => self.invitation(job.tenant_id, read(job)?).await,
        })
    }

    async fn send(&self, to: &str, mail: &Mail) -> Result<(), Delay> {
        self.ports.mailer.send(to, mail).await.map_err(Delay::Mail)
    }

    async fn password_link(&self, job: PasswordLinkJob) -> Result<(), Delay> {
        let at = Timestamp::from_micros(job.at);
        if self.ports.clock.now().since(at) > AuthLinkKind::PasswordReset.lifetime() {
            tracing::warn!("a link to set a new password was not mailed: it was asked for too long ago");
            return Ok(());
        }
        let Some(user) = self.ports.access.find_user(job.user_id).await? else { return Ok(()) };
        let memberships = self.ports.access.list_memberships(user.id).await?;
        let moment = Moment { origin: Origin { address: job.address, request_id: job.request_id }, at };
        let told = password_deed(&memberships, job.asking, AuditAction::PasswordResetRequested, &moment);
        if told.is_empty() {
            return Ok(());
        }
        let whom = LinkFor { user: Some(user.id), ..LinkFor::default() };
        let link = self.links.make(AuthLinkKind::PasswordReset, whom, &told).await?;
        self.send(&user.email, &Mail::PasswordReset { link: link.url, expires_at: link.expires_at }).await
    }

    async fn reuse_notice(&self, job: ReuseNoticeJob) -> Result<(), Delay> {
        let Some(standing) = self.ports.access.find_standing(job.session_id).await? else { return Ok(()) };
        let notice = Mail::ReuseNotice { tenant: standing.tenant.name, at: Timestamp::from_micros(job.at) };
        self.send(&standing.user.email, &notice).await
    }

    async fn invitation(&self, tenant: TenantId, job: InvitationJob) -> Result<(), Delay> {
        let session = self.ports.repository.begin(tenant).await?;
        let found = session.members().find(job.member_id).await?;
        drop(session);
        let Some(member) = found.filter(|member| member.status == MemberStatus::Invited) else { return Ok(()) };
        let Some(tenant) = self.ports.directory.find_tenant_by_id(tenant).await? else { return Ok(()) };
        let (_, mail) = self.links.invite(tenant, &member).await?;
        self.send(&member.email, &mail).await
    }
}
