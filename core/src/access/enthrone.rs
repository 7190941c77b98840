//! Making somebody the first owner of a tenant.
//!
//! The link is used up at the door, and the owner is made in the tenant: two transactions. So the door also writes a
//! job that makes the owner should the process die in between. Whichever comes second finds that it is done.

use std::time::Duration;

use hubchat_domain::{
    AuditAction, AuditActor, AuditDraft, Member, MemberId, MemberRole, Origin, TenantId, Timestamp, User, UserId,
};
use hubchat_ports::{InsertOutcome, NewJob, ReservedJob, TenantJob};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{deeds::Moment, new_member};
use crate::{Fault, Ports, RetryPolicy, fault::Retries, jobs, jobs::JobOutcome};

/// The kind of the job.
pub(crate) const ENTHRONE_JOB: &str = "access.enthrone.v1";

/// The job gives the request so long to do the work itself.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnthroneJob {
    user_id: UserId,
    member_id: MemberId,
    at: i64,
    address: Option<std::net::IpAddr>,
    request_id: Option<String>,
}

/// The job that makes a person an owner under that id, if nobody else did.
pub(super) fn enthrone_job(tenant: TenantId, user: UserId, member: MemberId, moment: Moment) -> TenantJob {
    let Origin { address, request_id } = moment.origin;
    let payload = EnthroneJob { user_id: user, member_id: member, at: moment.at.as_micros(), address, request_id };
    let job = jobs::background(ENTHRONE_JOB, &format!("enthrone:{member}"), &json!(payload));
    TenantJob { tenant_id: tenant, job: NewJob { delay: PATIENCE, ..job } }
}

/// Makes a person an owner under that id, with a name if it should not be their own; does nothing when that was done.
/// `None` when they are another member of the tenant.
pub(super) async fn enthrone(
    ports: &Ports,
    tenant: TenantId,
    user: &User,
    id: MemberId,
    name: Option<&str>,
    moment: &Moment,
) -> Result<Option<Member>, Fault> {
    let mut owner = new_member::of(ports, id, tenant, user, MemberRole::Owner);
    if let Some(name) = name {
        name.clone_into(&mut owner.name);
    }
    let mut retries = Retries::default();
    loop {
        let result = attempt(ports, &owner, moment).await;
        if !retries.again(&result, ports).await {
            return result;
        }
    }
}

async fn attempt(ports: &Ports, owner: &Member, moment: &Moment) -> Result<Option<Member>, Fault> {
    let session = ports.repository.begin(owner.tenant_id).await?;
    if session.members().insert(owner).await? == InsertOutcome::AlreadyPresent {
        return Ok(session.members().find(owner.id).await?);
    }
    session.audit().append(accepted(owner, moment)).await?;
    session.commit().await?;
    Ok(Some(owner.clone()))
}

/// The entry of a member who came: by themselves.
pub(super) fn accepted(member: &Member, moment: &Moment) -> AuditDraft {
    AuditDraft {
        actor: AuditActor::Member { id: member.id },
        action: AuditAction::InvitationAccepted,
        subject: member.id.into(),
        before: None,
        after: Some(json!({"role": member.role, "status": member.status})),
        origin: moment.origin.clone(),
        at: moment.at,
    }
}

/// Makes the owners whom a request left unmade.
#[derive(Clone)]
pub struct EnthroneJobs {
    ports: Ports,
    policy: RetryPolicy,
}

impl EnthroneJobs {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does one job.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<EnthroneJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        match self.attempt(job.tenant_id, payload).await {
            Ok(()) => JobOutcome::Done,
            Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
        }
    }

    async fn attempt(&self, tenant: TenantId, job: EnthroneJob) -> Result<(), Fault> {
        let Some(user) = self.ports.access.find_user(job.user_id).await? else { return Ok(()) };
        let origin = Origin { address: job.address, request_id: job.request_id };
        let moment = Moment { origin, at: Timestamp::from_micros(job.at) };
        if enthrone(&self.ports, tenant, &user, job.member_id, None, &moment).await?.is_none() {
            tracing::warn!(tenant.id = %tenant, "a first owner was not made: the person is a member already");
        }
        Ok(())
    }
}
