//! Changing members: their role, their name, and whether they work now.

use std::time::Duration;

use hubchat_domain::{AuditAction, Member, MemberId, MemberRole, MemberStatus, Permission, SessionEnd, TenantId};
use hubchat_ports::EndedHolder;
use serde_json::json;

use super::standing_cache::StandingCache;
use crate::{
    Actor, ErrorCode, Fault, Housekeeping, Ports,
    fault::{Retries, faults_become},
};

/// What to change; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateMemberCommand {
    /// Their name from now on.
    pub name: Option<String>,
    /// Their role from now on.
    pub role: Option<MemberRole>,
    /// `ACTIVE` or `DISABLED`.
    pub status: Option<MemberStatus>,
}

/// Why a member was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateMemberError {
    /// There is no such member.
    #[error("no such member")]
    Unknown,
    /// The name is blank or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// Nobody is made invited, and who is becomes active by accepting.
    #[error("a member who came becomes ACTIVE or DISABLED, one who is invited DISABLED")]
    Status,
    /// The tenant would be without an owner.
    #[error("the last active owner stays one")]
    LastOwner,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateMemberError);

impl ErrorCode for UpdateMemberError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "member_not_found",
            Self::Name | Self::Status => "validation_failed",
            Self::LastOwner => "last_owner",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Name => Some("name"),
            Self::Status => Some("status"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes members.
#[derive(Clone)]
pub struct UpdateMember {
    ports: Ports,
    standings: StandingCache,
    housekeeping: Housekeeping,
}

impl UpdateMember {
    pub(crate) fn new(ports: Ports, standings: StandingCache) -> Self {
        Self { housekeeping: Housekeeping::new(ports.clone()), ports, standings }
    }

    /// Takes away what disabled members left behind, once they are out: nothing of it keeps them in. Should it be cut
    /// short, the daily round goes on with it.
    async fn forget(&self, tenant: TenantId) {
        if let Err(fault) = self.housekeeping.forget_the_disabled(tenant).await {
            let error = &fault as &dyn std::error::Error;
            tracing::warn!(tenant.id = %tenant, error, "what a disabled member left behind is still there");
        }
    }

    /// Changes a member. Owners are made and changed by owners only, and one active owner stays. Who is disabled is
    /// out of all their sessions within five seconds, and their drafts, read positions and mentions go; a new role
    /// counts as soon.
    pub async fn run(
        &self,
        actor: &Actor,
        id: MemberId,
        command: &UpdateMemberCommand,
    ) -> Result<Member, UpdateMemberError> {
        actor.require(Permission::MembersManage)?;
        let name = command.name.as_deref().map(str::trim);
        if name.is_some_and(|name| name.is_empty() || name.chars().count() > 200) {
            return Err(UpdateMemberError::Name);
        }
        let mut retries = Retries::default();
        let member = loop {
            let result = self.attempt(actor, id, name, command).await;
            if !retries.again(&result, &self.ports).await {
                break result?;
            }
        };
        if command.status == Some(MemberStatus::Disabled) {
            let now = self.ports.clock.now();
            self.ports.access.end_member_sessions(id, SessionEnd::MemberDisabled, now).await?;
        }
        self.standings.clear(EndedHolder::Member(id));
        if command.status == Some(MemberStatus::Disabled) {
            self.forget(actor.tenant_id()).await;
        }
        Ok(member)
    }

    async fn attempt(
        &self,
        actor: &Actor,
        id: MemberId,
        name: Option<&str>,
        command: &UpdateMemberCommand,
    ) -> Result<Member, UpdateMemberError> {
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        // Before the member is read: whoever holds the owners decides alone about them.
        let owners = session.members().lock_owners().await?;
        let before = session.members().find(id).await?.ok_or(UpdateMemberError::Unknown)?;
        let mut after = before.clone();
        if let Some(name) = name {
            name.clone_into(&mut after.name);
        }
        after.role = command.role.unwrap_or(before.role);
        after.status = command.status.unwrap_or(before.status);
        if after == before {
            return Ok(before);
        }
        if before.role == MemberRole::Owner || after.role == MemberRole::Owner {
            actor.require(Permission::OwnersManage)?;
        }
        let moves = match (before.status, after.status) {
            (_, MemberStatus::Invited) => before.status == MemberStatus::Invited,
            (MemberStatus::Invited, after) => after == MemberStatus::Disabled,
            _ => true,
        };
        if !moves {
            return Err(UpdateMemberError::Status);
        }
        let owned = |member: &Member| member.role == MemberRole::Owner && member.status == MemberStatus::Active;
        if owned(&before) && !owned(&after) && !owners.iter().any(|owner| owner.id != id) {
            return Err(UpdateMemberError::LastOwner);
        }
        let now = self.ports.clock.now();
        after.updated_at = now;
        session.members().update(&after).await?;
        // That the name changed is told, and not to what.
        let told = |member: &Member| json!({"role": member.role, "status": member.status});
        let mut change = told(&after);
        if after.name != before.name {
            change["nameChanged"] = json!(true);
        }
        let draft = actor.audit(AuditAction::MemberUpdated, id, Some(told(&before)), Some(change), now);
        session.audit().append(draft).await?;
        session.commit().await?;
        Ok(after)
    }
}
