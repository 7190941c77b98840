//! Creating a tenant, by an operator.

use hubchat_domain::{InvalidSlug, Tenant, TenantSlug};
use hubchat_ports::{InsertOutcome, StorageError};
use serde_json::{Map, json};

use crate::{Actor, ErrorCode, Fault, Ports, UpdateSettings, UpdateSettingsError};

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
    update_settings: UpdateSettings,
}

impl CreateTenant {
    pub(crate) fn new(ports: Ports, update_settings: UpdateSettings) -> Self {
        Self { ports, update_settings }
    }

    /// Creates a tenant.
    pub async fn run(&self, slug: &str, name: &str) -> Result<Tenant, CreateTenantError> {
        let slug = TenantSlug::parse(slug)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(CreateTenantError::Name);
        }
        let tenant =
            Tenant { id: self.ports.next_id(), slug, name: name.to_owned(), created_at: self.ports.clock.now() };
        match self.ports.directory.insert_tenant(&tenant).await? {
            InsertOutcome::Inserted => Ok(tenant),
            InsertOutcome::AlreadyPresent => Err(CreateTenantError::Taken),
        }
    }

    /// Sets what the tenant writes publicly under a comment that was answered in private; `None` writes nothing.
    pub async fn set_public_reply(&self, slug: &str, text: Option<&str>) -> Result<Tenant, CreateTenantError> {
        let tenant = self.find(slug).await?;
        let changes = Map::from_iter([("publicReplyText".to_owned(), json!(text.map(str::trim)))]);
        match self.update_settings.run(&Actor::system(tenant.id), &changes, None).await {
            Ok(_) => Ok(tenant),
            Err(UpdateSettingsError::Invalid(_)) => Err(CreateTenantError::PublicReply),
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
