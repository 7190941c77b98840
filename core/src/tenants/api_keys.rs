//! API keys: made, shown once, and checked.

use std::time::Duration;

use hubchat_domain::{ApiKeyRecord, Permission, Scope};
use hubchat_ports::StorageError;
use secrecy::{ExposeSecret, SecretString};

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
            Self::Invalid => "validation_failed",
            Self::Fault(fault) => fault.code(),
        }
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

    /// Makes a key for the actor's tenant.
    pub async fn run(&self, actor: &Actor, name: &str, scopes: &[Scope]) -> Result<NewApiKey, CreateApiKeyError> {
        actor.require(Permission::KeysManage)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 || scopes.is_empty() {
            return Err(CreateApiKeyError::Invalid);
        }
        let digits = |count: usize| hex(self.ports.randomness.secret_bytes(count / 2).expose_secret());
        let prefix = format!("{MARK}{}", digits(PREFIX_DIGITS));
        let key = SecretString::from(format!("{prefix}_{}", digits(SECRET_DIGITS)));
        let record = ApiKeyRecord {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            name: name.to_owned(),
            prefix,
            secret_hash: self.ports.vault.digest(key.expose_secret().as_bytes()),
            scopes: scopes.to_vec(),
            created_at: self.ports.clock.now(),
            last_used_at: None,
            revoked_at: None,
        };
        self.ports.directory.insert_api_key(&record).await?;
        Ok(NewApiKey { record, key })
    }
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

    /// Turns a key into the actor who holds it.
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
        if !self.ports.vault.same(&digest, &record.secret_hash) || record.revoked_at.is_some() {
            return Err(AuthenticateError::Refused);
        }
        let now = self.ports.clock.now();
        if record.last_used_at.is_none_or(|last| now.since(last) >= Self::TOUCH_EVERY)
            && let Err(error) = self.ports.directory.touch_api_key(record.id, now).await
        {
            // The note is a convenience: a request must not fail for it.
            tracing::warn!(error = &error as &dyn std::error::Error, "the use of an api key could not be noted");
        }
        Ok(Actor::api_key(record.tenant_id, record.id, record.scopes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_ports::{TestPorts, now, tenant};

    fn record(key: &str) -> ApiKeyRecord {
        ApiKeyRecord {
            id: uuid::Uuid::from_u128(1).into(),
            tenant_id: tenant(),
            name: "test".to_owned(),
            prefix: key.get(..20).expect("a whole key").to_owned(),
            secret_hash: key.as_bytes().to_vec(),
            scopes: vec![Scope::InboxRead],
            created_at: now(),
            last_used_at: Some(now()),
            revoked_at: None,
        }
    }

    fn key(secret: char) -> String {
        format!("hck_0123456789abcdef_{}", String::from(secret).repeat(64))
    }

    #[tokio::test]
    async fn what_is_no_key_is_refused_without_asking_storage() {
        let authenticate = AuthenticateApiKey::new(TestPorts::default().with_open_vault().build());
        let multibyte = format!("hck_{}_", "ก".repeat(26));
        for text in ["", "hck_", "hck_0123456789abcdef", multibyte.as_str(), &"x".repeat(85), &"é".repeat(85)] {
            let refused = authenticate.run(&SecretString::from(text)).await;
            assert!(matches!(refused, Err(AuthenticateError::Refused)), "{text}");
        }
    }

    #[tokio::test]
    async fn the_right_prefix_with_another_secret_is_refused() {
        let mut ports = TestPorts::default().with_open_vault();
        ports.directory.expect_find_api_key().returning(|_| Ok(Some(record(&key('a')))));
        let refused = AuthenticateApiKey::new(ports.build()).run(&SecretString::from(key('b'))).await;
        assert!(matches!(refused, Err(AuthenticateError::Refused)));
    }

    #[tokio::test]
    async fn a_revoked_key_is_refused_and_a_good_one_acts_for_its_tenant() {
        let mut ports = TestPorts::default().with_open_vault();
        let revoked = ApiKeyRecord { revoked_at: Some(now()), ..record(&key('a')) };
        ports.directory.expect_find_api_key().times(1).returning(move |_| Ok(Some(revoked.clone())));
        ports.directory.expect_find_api_key().times(1).returning(|_| Ok(Some(record(&key('a')))));
        let authenticate = AuthenticateApiKey::new(ports.build());
        let key = SecretString::from(key('a'));
        assert!(matches!(authenticate.run(&key).await, Err(AuthenticateError::Refused)));
        let actor = authenticate.run(&key).await.expect("a good key");
        assert_eq!(actor.tenant_id(), tenant());
        assert!(actor.require(Permission::InboxRead).is_ok());
        assert!(actor.require(Permission::MessagesSend).is_err());
    }
}
