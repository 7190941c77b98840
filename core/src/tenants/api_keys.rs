//! API keys: made, shown once, and checked.

use std::time::Duration;

use hubchat_domain::{ApiKeyRecord, AuditAction, Permission, Scope, Timestamp};
use hubchat_ports::StorageError;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{Actor, ErrorCode, Fault, Ports, hexadecimal::hex};

/// What every key begins with, so that scanners for leaked secrets can know it.
const MARK: &str = "hck_";
/// Hexadecimal digits of the part by which a key is found.
const PREFIX_DIGITS: usize = 16;
/// Hexadecimal digits of the secret part: 256 bits.
const SECRET_DIGITS: usize = 64;

/// A key that was made; the secret is shown now and never again.
#[derive(Debug)]
pub struct NewApiKey {
    /// What is kept.
    pub record: ApiKeyRecord,
    /// The key itself.
    pub key: SecretString,
}

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateApiKeyError {
    /// The name is blank or too long, or no scope was given.
    #[error("a key needs a name of 1 to 200 characters and a scope")]
    Invalid,
    /// It would end before it began.
    #[error("a key ends in the future")]
    Ended,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for CreateApiKeyError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for CreateApiKeyError {
    fn code(&self) -> &'static str {
        match self {
            Self::Invalid | Self::Ended => "validation_failed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        if let Self::Ended = self { Some("expiresAt") } else { None }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Makes API keys.
#[derive(Clone)]
pub struct CreateApiKey {
    ports: Ports,
}

impl CreateApiKey {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Makes a key for the actor's tenant. It may do nothing that the actor may not.
    pub async fn run(
        &self,
        actor: &Actor,
        name: &str,
        scopes: &[Scope],
        expires_at: Option<Timestamp>,
    ) -> Result<NewApiKey, CreateApiKeyError> {
        actor.require(Permission::KeysManage)?;
        for permission in scopes.iter().flat_map(|scope| scope.permissions()) {
            actor.require(*permission)?;
        }
        let (name, now) = (name.trim(), self.ports.clock.now());
        if name.is_empty() || name.chars().count() > 200 || scopes.is_empty() {
            return Err(CreateApiKeyError::Invalid);
        }
        if expires_at.is_some_and(|end| end <= now) {
            return Err(CreateApiKeyError::Ended);
        }
        let mut scopes = scopes.to_vec();
        scopes.sort_unstable_by_key(|scope| scope.as_str());
        scopes.dedup();
        let digits = |count: usize| hex(self.ports.randomness.secret_bytes(count / 2).expose_secret());
        let prefix = format!("{MARK}{}", digits(PREFIX_DIGITS));
        let key = SecretString::from(format!("{prefix}_{}", digits(SECRET_DIGITS)));
        let record = ApiKeyRecord {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            name: name.to_owned(),
            prefix,
            secret_hash: self.ports.vault.digest(key.expose_secret().as_bytes()),
            scopes,
            created_at: now,
            last_used_at: None,
            expires_at,
            revoked_at: None,
        };
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        session.api_keys().insert(&record).await?;
        let after = audited(&record);
        session.audit().append(actor.audit(AuditAction::ApiKeyCreated, record.id, None, Some(after), now)).await?;
        session.commit().await?;
        Ok(NewApiKey { record, key })
    }
}

/// What the audit log tells of a key.
pub(super) fn audited(key: &ApiKeyRecord) -> Value {
    json!({
        "name": key.name, "prefix": key.prefix, "scopes": key.scopes,
        "expiresAt": key.expires_at.map(|end| end.to_string()),
    })
}

/// Why a credential was refused.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// It is none, or not ours, or no longer good; nothing more is told.
    #[error("the credential is missing or not valid")]
    Refused,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for AuthenticateError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for AuthenticateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "unauthenticated",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Checks API keys.
#[derive(Clone)]
pub struct AuthenticateApiKey {
    ports: Ports,
}

impl AuthenticateApiKey {
    /// The last use is noted no more often than this.
    const TOUCH_EVERY: Duration = Duration::from_mins(1);

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Turns a key into the actor who holds it. Storage is asked each time: a key that was revoked, or that ended,
    /// is refused at once.
    pub async fn run(&self, key: &SecretString) -> Result<Actor, AuthenticateError> {
        let text = key.expose_secret();
        let well_formed = text.len() == MARK.len() + PREFIX_DIGITS + 1 + SECRET_DIGITS
            && text.is_ascii()
            && text.starts_with(MARK)
            && text.as_bytes().get(MARK.len() + PREFIX_DIGITS) == Some(&b'_');
        if !well_formed {
            return Err(AuthenticateError::Refused);
        }
        let (prefix, _) = text.split_at(MARK.len() + PREFIX_DIGITS);
        let digest = self.ports.vault.digest(text.as_bytes());
        let record = self.ports.directory.find_api_key(prefix).await?.ok_or(AuthenticateError::Refused)?;
        let now = self.ports.clock.now();
        if !self.ports.vault.same(&digest, &record.secret_hash) || !record.is_good(now) {
            return Err(AuthenticateError::Refused);
        }
        if record.last_used_at.is_none_or(|last| now.since(last) >= Self::TOUCH_EVERY)
            && let Err(error) = self.ports.directory.touch_api_key(record.id, now).await
        {
            // The note is a convenience: a request must not fail for it.
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of an api key could not be noted");
        }
        Ok(Actor::api_key(record.tenant_id, record.id, record.scopes))
    }
}
