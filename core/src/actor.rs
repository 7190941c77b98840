//! Who acts: every use case that a person or program reaches takes an [`Actor`].

pub use hubchat_domain::Origin;
use hubchat_domain::{
    ApiKeyId, AuditAction, AuditDraft, AuditSubject, Author, MemberId, MemberRole, Permission, Scope, Sender,
    SessionId, TenantId, Timestamp, UserId, Visibility,
};
use hubchat_ports::{TicketHolder, Viewer};
use serde_json::Value;

use crate::{Fault, HolderNow};

/// Someone who acts within one tenant. The tenant comes from the credential, never from a request.
#[derive(Debug, Clone)]
pub struct Actor {
    tenant_id: TenantId,
    identity: ActorIdentity,
    origin: Origin,
    /// When the access token ends that they came with.
    access_ends_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
enum ActorIdentity {
    /// An operator at the machine, or hubchat itself.
    System,
    ApiKey {
        id: ApiKeyId,
        scopes: Vec<Scope>,
    },
    Member(MemberActor),
}

/// A member who is logged in, as storage knows them now.
#[derive(Debug, Clone)]
pub struct MemberActor {
    /// The member.
    pub id: MemberId,
    /// The person.
    pub user_id: UserId,
    /// The log-in.
    pub session_id: SessionId,
    /// What they may do.
    pub role: MemberRole,
    /// Which leads they may see.
    pub visibility: Visibility,
}

impl Actor {
    /// An operator with access to the machine, or hubchat itself: may do everything within the tenant.
    #[must_use]
    pub fn system(tenant_id: TenantId) -> Self {
        Self { tenant_id, identity: ActorIdentity::System, origin: Origin::default(), access_ends_at: None }
    }

    /// The holder of an API key that was checked.
    #[must_use]
    pub(crate) fn api_key(tenant_id: TenantId, id: ApiKeyId, scopes: Vec<Scope>) -> Self {
        let identity = ActorIdentity::ApiKey { id, scopes };
        Self { tenant_id, identity, origin: Origin::default(), access_ends_at: None }
    }

    /// A member whose log-in was checked, by hubchat or by the service that embeds it.
    #[must_use]
    pub fn member(tenant_id: TenantId, member: MemberActor) -> Self {
        let identity = ActorIdentity::Member(member);
        Self { tenant_id, identity, origin: Origin::default(), access_ends_at: None }
    }

    /// The same actor, asking from there.
    #[must_use]
    pub fn from_origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// The same actor, whose access token ends then.
    #[must_use]
    pub(crate) fn until(self, access_ends_at: Timestamp) -> Self {
        Self { access_ends_at: Some(access_ends_at), ..self }
    }

    /// When the access token ends that the actor came with, if they came with one.
    #[must_use]
    pub fn access_ends_at(&self) -> Option<Timestamp> {
        self.access_ends_at
    }

    /// By what they were let in; the system was not.
    #[must_use]
    pub(crate) fn ticket_holder(&self) -> Option<TicketHolder> {
        match &self.identity {
            ActorIdentity::System => None,
            ActorIdentity::ApiKey { id, .. } => Some(TicketHolder::ApiKey(*id)),
            ActorIdentity::Member(member) => Some(TicketHolder::Session(member.session_id)),
        }
    }

    /// The same actor with what they may do and see by now; `None` when the credential is of another kind.
    #[must_use]
    pub fn as_of_now(&self, now: &HolderNow, visibility: Visibility) -> Option<Self> {
        let identity = match (&self.identity, now) {
            (ActorIdentity::Member(member), HolderNow::Member(role)) => {
                ActorIdentity::Member(MemberActor { role: *role, visibility, ..member.clone() })
            }
            (ActorIdentity::ApiKey { id, .. }, HolderNow::ApiKey(scopes)) => {
                ActorIdentity::ApiKey { id: *id, scopes: scopes.clone() }
            }
            _ => return None,
        };
        Some(Self { identity, ..self.clone() })
    }

    /// The tenant within which everything happens.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    /// From where they ask.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The member, if the actor is one.
    #[must_use]
    pub fn as_member(&self) -> Option<&MemberActor> {
        if let ActorIdentity::Member(member) = &self.identity { Some(member) } else { None }
    }

    /// Which leads the actor may see. Keys and the system see all.
    #[must_use]
    pub fn visibility(&self) -> &Visibility {
        self.as_member().map_or(&Visibility::All, |member| &member.visibility)
    }

    /// In whose eyes the actor reads conversations.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer { visibility: self.visibility().clone(), member: self.as_member().map(|member| member.id) }
    }

    /// Whether the actor may do something.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match &self.identity {
            ActorIdentity::System => true,
            ActorIdentity::ApiKey { scopes, .. } => scopes.iter().any(|scope| scope.allows(permission)),
            ActorIdentity::Member(member) => member.role.allows(permission),
        }
    }

    /// Fails unless the actor may do something.
    pub fn require(&self, permission: Permission) -> Result<(), Fault> {
        if self.may(permission) { Ok(()) } else { Err(Fault::Forbidden { permission }) }
    }

    /// As whom the actor appears in activity logs.
    #[must_use]
    pub fn author(&self) -> Author {
        match &self.identity {
            ActorIdentity::System => Author::System,
            ActorIdentity::ApiKey { id, .. } => Author::ApiKey { id: *id },
            ActorIdentity::Member(member) => Author::Member { id: member.id },
        }
    }

    /// As whom the actor sends messages.
    #[must_use]
    pub fn sender(&self) -> Sender {
        match &self.identity {
            ActorIdentity::System => Sender::System,
            ActorIdentity::ApiKey { id, .. } => Sender::ApiKey { id: *id, by_person: false },
            ActorIdentity::Member(member) => Sender::Member { id: member.id },
        }
    }

    /// Under which name the credential's requests are counted; the system's are not.
    pub(crate) fn caller_key(&self) -> Option<String> {
        match &self.identity {
            ActorIdentity::System => None,
            ActorIdentity::ApiKey { id, .. } => Some(format!("key:{id}")),
            ActorIdentity::Member(member) => Some(format!("session:{}", member.session_id)),
        }
    }

    /// What the actor did, for the audit log; see [`AuditDraft`] for what the values must not hold.
    #[must_use]
    pub fn audit(
        &self,
        action: AuditAction,
        subject: impl Into<AuditSubject>,
        before: Option<Value>,
        after: Option<Value>,
        at: Timestamp,
    ) -> AuditDraft {
        AuditDraft {
            actor: self.author().into(),
            action,
            subject: subject.into(),
            before,
            after,
            origin: self.origin.clone(),
            at,
        }
    }

    /// Keeps idempotency keys of different credentials apart.
    pub(crate) fn idempotency_scope(&self, operation: &str) -> String {
        match &self.identity {
            ActorIdentity::System => format!("{operation}:system"),
            ActorIdentity::ApiKey { id, .. } => format!("{operation}:{id}"),
            ActorIdentity::Member(member) => format!("{operation}:{}", member.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_ports::tenant;
    use uuid::Uuid;

    fn member(role: MemberRole) -> Actor {
        let id = Uuid::from_u128(7);
        let visibility = Visibility::All;
        Actor::member(
            tenant(),
            MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role, visibility },
        )
    }

    #[test]
    fn a_member_may_what_their_role_allows_and_acts_in_their_own_name() {
        let sales = member(MemberRole::Sales);
        assert!(sales.require(Permission::MessagesSend).is_ok());
        let refused = sales.require(Permission::LeadsAssign);
        assert!(matches!(refused, Err(Fault::Forbidden { permission: Permission::LeadsAssign })));
        let id = MemberId::from_uuid(Uuid::from_u128(7));
        assert_eq!(sales.author(), Author::Member { id });
        assert_eq!(sales.sender(), Sender::Member { id });
        assert_ne!(sales.idempotency_scope("send"), Actor::system(tenant()).idempotency_scope("send"));
    }

    #[test]
    fn the_system_may_everything_and_sees_all() {
        let system = Actor::system(tenant());
        assert!(Permission::ALL.iter().all(|&permission| system.may(permission)));
        assert_eq!(system.visibility(), &Visibility::All);
        assert_eq!(system.origin(), &Origin::default());
    }
}
