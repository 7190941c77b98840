//! Creating and renaming a tenant, by an operator.

use hubchat_domain::{AuditAction, InvalidSlug, InvalidTenantName, Tenant, TenantName, TenantSlug};
use hubchat_ports::{InsertOutcome, StorageError};
use serde_json::{Map, Value, json};

use crate::{Actor, ErrorCode, Fault, Ports, UpdateSettings, UpdateSettingsError};

/// Why a tenant was not created or found.
#[derive(Debug, thiserror::Error)]
pub enum CreateTenantError {
    /// The slug cannot be one.
    #[error(transparent)]
    Slug(#[from] InvalidSlug),
    /// The name is blank or too long.
    #[error(transparent)]
    Name(#[from] InvalidTenantName),
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
            Self::Slug(_) | Self::Name(_) | Self::PublicReply => "validation_failed",
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
    update_settings: UpdateSettings,
}

impl CreateTenant {
    pub(crate) fn new(ports: Ports, update_settings: UpdateSettings) -> Self {
        Self { ports, update_settings }
    }

    /// Creates a tenant.
    pub async fn run(&self, slug: &str, name: &str) -> Result<Tenant, CreateTenantError> {
        let slug = TenantSlug::parse(slug)?;
        let name = TenantName::parse(name)?.into();
        let tenant = Tenant { id: self.ports.next_id(), slug, name, created_at: self.ports.clock.now() };
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
        let tenant = self.find(slug).await?;
        self.set(&tenant, "publicReplyText", json!(text.map(str::trim)), CreateTenantError::PublicReply).await?;
        Ok(tenant)
    }

    /// Gives a tenant another name; its slug stays.
    pub async fn rename(&self, slug: &str, name: &str) -> Result<Tenant, CreateTenantError> {
        let tenant = self.find(slug).await?;
        let name = TenantName::parse(name)?;
        self.set(&tenant, "name", json!(name), InvalidTenantName.into()).await?;
        Ok(Tenant { name: name.into(), ..tenant })
    }

    /// Sets one setting; `invalid` is what it is when it does not take the value.
    async fn set(
        &self,
        tenant: &Tenant,
        key: &str,
        value: Value,
        invalid: CreateTenantError,
    ) -> Result<(), CreateTenantError> {
        let changes = Map::from_iter([(key.to_owned(), value)]);
        match self.update_settings.run(&Actor::system(tenant.id), &changes, None).await {
            Ok(_) => Ok(()),
            Err(UpdateSettingsError::Invalid(_)) => Err(invalid),
            Err(UpdateSettingsError::Changed { .. }) => Err(Fault::Contended.into()),
            Err(UpdateSettingsError::Fault(fault)) => Err(fault.into()),
        }
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

    use hubchat_domain::{AuditDraft, TenantSettings};
    use hubchat_ports::{
        MockSettingsStore, MockTenantStore, MockUnitOfWork, SettingsStore, StoredSettings, TenantStore,
    };

    use super::*;
    use crate::SettingsCache;
    use crate::test_ports::{TestPorts, audit_store, now, tenant};

    fn create_tenant(ports: TestPorts) -> CreateTenant {
        let ports = ports.build();
        let update_settings = UpdateSettings::new(ports.clone(), SettingsCache::new(ports.clone()));
        CreateTenant::new(ports, update_settings)
    }

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
        let result = create_tenant(ports).run("mali", " Mali ").await;
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

    /// Renames a tenant called "Mali"; answers what was put.
    async fn rename(name: &str) -> (Result<Tenant, CreateTenantError>, Vec<(String, Value)>) {
        let puts = Arc::new(Mutex::new(Vec::new()));
        let mut store = MockSettingsStore::new();
        let stored = || {
            let settings = TenantSettings { name: TenantName::parse("Mali").ok(), ..TenantSettings::default() };
            StoredSettings { settings, version: 0 }
        };
        store.expect_lock().returning(move || Ok(stored()));
        store.expect_find().returning(move || Ok(stored()));
        let log = Arc::clone(&puts);
        store.expect_put().returning(move |values, _| {
            let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
            log.lock().expect("not poisoned").extend(values);
            Ok(())
        });
        let mut session = MockUnitOfWork::new();
        session.expect_settings().return_const(Box::new(store) as Box<dyn SettingsStore>);
        session.expect_audit().return_const(audit_store(|draft| {
            assert_eq!((draft.action, draft.before), (AuditAction::SettingsChanged, Some(json!({"name": "Mali"}))));
        }));
        session.expect_commit().returning(|| Ok(()));
        let mut ports = TestPorts::default().with_sessions(vec![session]);
        ports.directory.expect_find_tenant().returning(|slug| {
            Ok(Some(Tenant { id: tenant(), slug: slug.clone(), name: "Mali".to_owned(), created_at: now() }))
        });
        let result = create_tenant(ports).rename("mali", name).await;
        let puts = puts.lock().expect("not poisoned").clone();
        (result, puts)
    }

    #[tokio::test]
    async fn a_tenant_gets_another_name_and_keeps_its_slug() {
        let (result, puts) = rename(" ร้านมาลี ").await;
        let renamed = result.expect("renamed");
        assert_eq!((renamed.slug.as_str(), renamed.name.as_str()), ("mali", "ร้านมาลี"));
        assert_eq!(puts, [("name".to_owned(), json!("ร้านมาลี"))]);
    }

    #[tokio::test]
    async fn a_name_that_is_none_changes_nothing() {
        let (result, puts) = rename(" ").await;
        assert_eq!(result.expect_err("blank").code(), "validation_failed");
        assert_eq!(puts, []);
    }

    #[tokio::test]
    async fn a_taken_slug_creates_nothing() {
        let (result, audit) = create(InsertOutcome::AlreadyPresent).await;
        assert_eq!(result.expect_err("taken").code(), "tenant_exists");
        assert_eq!(audit, []);
    }
}
