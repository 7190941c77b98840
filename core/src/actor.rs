//! Who acts: every use case that a person or program reaches takes an [`Actor`].

use hubchat_domain::{ApiKeyId, Author, Scope, Sender, TenantId};

use crate::Fault;

/// Someone who acts within one tenant. The tenant comes from the credential, never from a request.
#[derive(Debug, Clone)]
pub struct Actor {
    tenant_id: TenantId,
    identity: ActorIdentity,
}

#[derive(Debug, Clone)]
enum ActorIdentity {
    /// An operator at the machine, or hubchat itself.
    System,
    ApiKey {
        id: ApiKeyId,
        scopes: Vec<Scope>,
    },
}

impl Actor {
    /// An operator with access to the machine, or hubchat itself: may do everything within the tenant.
    #[must_use]
    pub fn system(tenant_id: TenantId) -> Self {
        Self { tenant_id, identity: ActorIdentity::System }
    }

    /// The holder of an API key that was checked.
    #[must_use]
    pub(crate) fn api_key(tenant_id: TenantId, id: ApiKeyId, scopes: Vec<Scope>) -> Self {
        Self { tenant_id, identity: ActorIdentity::ApiKey { id, scopes } }
    }

    /// The tenant within which everything happens.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    /// Fails unless the actor may do what asks for `scope`.
    pub fn require(&self, scope: Scope) -> Result<(), Fault> {
        match &self.identity {
            ActorIdentity::System => Ok(()),
            ActorIdentity::ApiKey { scopes, .. } if scopes.iter().any(|held| held.covers(scope)) => Ok(()),
            ActorIdentity::ApiKey { .. } => Err(Fault::Forbidden { scope }),
        }
    }

    /// As whom the actor appears in activity logs.
    #[must_use]
    pub fn author(&self) -> Author {
        match &self.identity {
            ActorIdentity::System => Author::System,
            ActorIdentity::ApiKey { id, .. } => Author::ApiKey { id: *id },
        }
    }

    /// As whom the actor sends messages.
    #[must_use]
    pub fn sender(&self) -> Sender {
        match &self.identity {
            ActorIdentity::System => Sender::System,
            ActorIdentity::ApiKey { id, .. } => Sender::ApiKey { id: *id, by_person: false },
        }
    }

    /// Keeps idempotency keys of different credentials apart.
    pub(crate) fn idempotency_scope(&self, operation: &str) -> String {
        match &self.identity {
            ActorIdentity::System => format!("{operation}:system"),
            ActorIdentity::ApiKey { id, .. } => format!("{operation}:{id}"),
        }
    }
}
