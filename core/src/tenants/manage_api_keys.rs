//! API keys that there are: listed and revoked.

use std::time::Duration;

use hubchat_domain::{ApiKeyId, ApiKeyRecord, AuditAction, Permission};
use hubchat_ports::{EndedHolder, Notice, Page, PageRequest};

use super::api_keys::audited;
use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Lists API keys.
#[derive(Clone)]
pub struct ListApiKeys {
    ports: Ports,
}

impl ListApiKeys {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// All keys of the actor's tenant, also those that are no longer good, the newest first.
    pub async fn run(&self, actor: &Actor, page: PageRequest) -> Result<Page<ApiKeyRecord>, Fault> {
        actor.require(Permission::KeysManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        Ok(session.api_keys().list(page).await?)
    }
}

/// Why a key was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApiKeyError {
    /// There is no such key.
    #[error("no such api key")]
    Unknown,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(RevokeApiKeyError);

impl ErrorCode for RevokeApiKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "key_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Revokes API keys.
#[derive(Clone)]
pub struct RevokeApiKey {
    ports: Ports,
}

impl RevokeApiKey {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Revokes a key for good; one that was revoked before stays so. Every process refuses it from now on.
    pub async fn run(&self, actor: &Actor, id: ApiKeyId) -> Result<(), RevokeApiKeyError> {
        actor.require(Permission::KeysManage)?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let key = session.api_keys().find(id).await?.ok_or(RevokeApiKeyError::Unknown)?;
        let now = self.ports.clock.now();
        if key.revoked_at.is_some() || !session.api_keys().revoke(id, now).await? {
            return Ok(());
        }
        let draft = actor.audit(AuditAction::ApiKeyRevoked, id, Some(audited(&key)), None, now);
        session.audit().append(draft).await?;
        session.commit().await?;
        self.ports.bus.announce(Notice::Ended { holder: EndedHolder::ApiKey(id) });
        Ok(())
    }
}
