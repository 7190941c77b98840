//! Creating a tenant, by an operator.

use hubchat_domain::{AuditAction, InvalidSlug, Tenant, TenantSlug};
use hubchat_ports::{InsertOutcome, StorageError};
use serde_json::json;

use crate::{Actor, ErrorCode, Fault, Ports};

/// Why a tenant was not created or found.
#[derive(Debug, thiserror::Error)]
pub enum CreateTenantError {
    /// The slug cannot be one.
    #[error(transparent)]
    Slug(#[from] InvalidSlug),
    /// The name is blank or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// The public answer is blank or too long.
    #[error("a public answer has 1 to {} characters", Tenant::MAX_PUBLIC_REPLY_CHARS)]
    PublicReply,
    /// The slug is taken.
    #[error("a tenant with this slug exists already")]
    Taken,
    /// There is no such tenant.
    #[error("no such tenant")]
    Unknown,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for CreateTenantError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for CreateTenantError {
    fn code(&self) -> &'static str {
        match self {
            Self::Slug(_) | Self::Name | Self::PublicReply => "validation_failed",
            Self::Taken => "tenant_exists",
            Self::Unknown => "tenant_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// Creates and finds tenants. For operators at the machine only: no actor is asked for.
#[derive(Clone)]
pub struct CreateTenant {
    ports: Ports,
}

impl CreateTenant {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Creates a tenant.
    pub async fn run(&self, slug: &str, name: &str) -> Result<Tenant, CreateTenantError> {
        let slug = TenantSlug::parse(slug)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(CreateTenantError::Name);
        }
        let tenant = Tenant {
            id: self.ports.next_id(),
            slug,
            name: name.to_owned(),
            public_reply_text: Some(Tenant::USUAL_PUBLIC_REPLY.to_owned()),
            created_at: self.ports.clock.now(),
        };
        let session = self.ports.repository.begin(tenant.id).await?;
        if session.tenants().insert(&tenant).await? == InsertOutcome::AlreadyPresent {
            return Err(CreateTenantError::Taken);
        }
        let after = json!({"slug": tenant.slug.as_str(), "name": tenant.name});
        let operator = Actor::system(tenant.id);
        let draft = operator.audit(AuditAction::TenantCreated, tenant.id, None, Some(after), tenant.created_at);
        session.audit().append(draft).await?;
        session.commit().await?;
        Ok(tenant)
    }

    /// Sets what the tenant writes publicly under a comment that was answered in private; `None` writes nothing.
    pub async fn set_public_reply(&self, slug: &str, text: Option<&str>) -> Result<Tenant, CreateTenantError> {
        let text = text.map(str::trim);
        if text.is_some_and(|text| text.is_empty() || text.chars().count() > Tenant::MAX_PUBLIC_REPLY_CHARS) {
            return Err(CreateTenantError::PublicReply);
        }
        let tenant = self.find(slug).await?;
        let public_reply_text = text.map(str::to_owned);
        self.ports.directory.set_public_reply(tenant.id, public_reply_text.clone()).await?;
        Ok(Tenant { public_reply_text, ..tenant })
    }

    /// The tenant of that slug.
    pub async fn find(&self, slug: &str) -> Result<Tenant, CreateTenantError> {
        let slug = TenantSlug::parse(slug)?;
        self.ports.directory.find_tenant(&slug).await?.ok_or(CreateTenantError::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hubchat_domain::AuditDraft;
    use hubchat_ports::{MockTenantStore, MockUnitOfWork, TenantStore};

    use super::*;
    use crate::test_ports::{TestPorts, audit_store};

    /// Creates a tenant where its slug is free or taken; answers what was committed to the audit log.
    async fn create(outcome: InsertOutcome) -> (Result<Tenant, CreateTenantError>, Vec<AuditDraft>) {
        let (drafts, committed) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let mut ports = TestPorts::default();
        let log = Arc::clone(&committed);
        ports.repository.expect_begin().returning(move |_| {
            let mut tenants = MockTenantStore::new();
            tenants.expect_insert().returning(move |_| Ok(outcome));
            let (told, drafts, log) = (Arc::clone(&drafts), Arc::clone(&drafts), Arc::clone(&log));
            let mut session = MockUnitOfWork::new();
            session.expect_tenants().return_const(Box::new(tenants) as Box<dyn TenantStore>);
            let audit = audit_store(move |draft| told.lock().expect("not poisoned").push(draft));
            session.expect_audit().return_const(audit);
            session.expect_commit().returning(move || {
                log.lock().expect("not poisoned").append(&mut drafts.lock().expect("not poisoned"));
                Ok(())
            });
            Ok(Box::new(session))
        });
        let result = CreateTenant::new(ports.build()).run("mali", " Mali ").await;
        let committed = std::mem::take(&mut *committed.lock().expect("not poisoned"));
        (result, committed)
    }

    #[tokio::test]
    async fn a_tenants_log_begins_with_its_creation() {
        let (result, audit) = create(InsertOutcome::Inserted).await;
        let tenant = result.expect("created");
        let [entry] = audit.as_slice() else { panic!("one entry") };
        assert_eq!((entry.action, &entry.subject), (AuditAction::TenantCreated, &tenant.id.into()));
        assert_eq!((&entry.before, &entry.after), (&None, &Some(json!({"slug": "mali", "name": "Mali"}))));
    }

    #[tokio::test]
    async fn a_taken_slug_creates_nothing() {
        let (result, audit) = create(InsertOutcome::AlreadyPresent).await;
        assert_eq!(result.expect_err("taken").code(), "tenant_exists");
        assert_eq!(audit, []);
    }
}
