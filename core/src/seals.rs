//! Sealing secrets by the tenant's own data key.
//!
//! A secret is sealed within the session that stores it, by the newest key that this session finds, and read together
//! with its key. So no process keeps keys in memory that could be out of date, and none meets a version it lacks.

use hubchat_ports::{DataKey, InsertOutcome, SealContext, SealedSecrets, StorageError, UnitOfWork, WrappedKey};
use secrecy::SecretString;

use crate::{Fault, Ports};

/// Seals a secret by the tenant's current data key, which is made when the tenant has none. The session must be
/// committed for the seal to be of use; a key that another session made meanwhile is `Stale`.
pub(crate) async fn seal(
    ports: &Ports,
    session: &dyn UnitOfWork,
    context: SealContext,
    secret: &SecretString,
) -> Result<(SealedSecrets, WrappedKey), Fault> {
    let key = match session.data_keys().current().await? {
        Some(current) => current.key,
        None => first_key(ports, session, context).await?,
    };
    let sealed = ports.vault.seal(&key, context, secret)?;
    Ok((sealed, key))
}

async fn first_key(ports: &Ports, session: &dyn UnitOfWork, context: SealContext) -> Result<WrappedKey, Fault> {
    let key = ports.vault.new_data_key(context.tenant_id, 1)?;
    let made = DataKey { key: key.clone(), created_at: ports.clock.now(), retired_at: None };
    match session.data_keys().insert(&made).await? {
        InsertOutcome::Inserted => Ok(key),
        InsertOutcome::AlreadyPresent => Err(StorageError::Stale.into()),
    }
}

#[cfg(test)]
mod tests {
    use hubchat_ports::{DataKeyStore, MockDataKeyStore, MockUnitOfWork};

    use super::*;
    use crate::{
        account_cache::seal_context,
        test_ports::{TestPorts, account_id, data_keys, now, tenant, wrapped_key},
    };

    fn ports(makes_keys: usize) -> Ports {
        let mut ports = TestPorts::default();
        ports.vault.expect_new_data_key().times(makes_keys).returning(|_, version| Ok(wrapped_key(version)));
        ports.vault.expect_seal().returning(|key, context, _| {
            assert_eq!(context, seal_context(tenant(), account_id()));
            Ok(SealedSecrets(format!("by {}", key.version)))
        });
        ports.build()
    }

    async fn sealed(ports: &Ports, keys: Box<dyn DataKeyStore>) -> Result<(SealedSecrets, WrappedKey), Fault> {
        let mut session = MockUnitOfWork::new();
        session.expect_data_keys().return_const(keys);
        seal(ports, &session, seal_context(tenant(), account_id()), &SecretString::from("token")).await
    }

    fn none_yet(outcome: InsertOutcome) -> Box<dyn DataKeyStore> {
        let mut keys = MockDataKeyStore::new();
        keys.expect_current().returning(|| Ok(None));
        keys.expect_insert().times(1).returning(move |made| {
            assert_eq!(*made, DataKey { key: wrapped_key(1), created_at: now(), retired_at: None });
            Ok(outcome)
        });
        Box::new(keys)
    }

    #[tokio::test]
    async fn the_newest_key_seals() {
        let made = sealed(&ports(0), data_keys(4)).await.expect("sealed");
        assert_eq!(made, (SealedSecrets("by 4".to_owned()), wrapped_key(4)));
    }

    #[tokio::test]
    async fn the_first_secret_makes_the_first_key() {
        let made = sealed(&ports(1), none_yet(InsertOutcome::Inserted)).await.expect("sealed");
        assert_eq!(made, (SealedSecrets("by 1".to_owned()), wrapped_key(1)));
    }

    #[tokio::test]
    async fn a_first_key_that_another_made_meanwhile_lets_this_one_begin_anew() {
        let refused = sealed(&ports(1), none_yet(InsertOutcome::AlreadyPresent)).await;
        assert!(matches!(refused, Err(Fault::Contended)), "{:?}", refused.map(|_| ()));
    }

    #[tokio::test]
    async fn a_failing_vault_or_database_is_told() {
        let mut broken = TestPorts::default();
        broken.vault.expect_seal().returning(|_, _, _| Err(hubchat_ports::VaultError::UnknownKey));
        assert!(matches!(sealed(&broken.build(), data_keys(1)).await, Err(Fault::Internal(_))));
        let mut keys = MockDataKeyStore::new();
        keys.expect_current().returning(|| Err(StorageError::Unavailable("down".into())));
        assert!(matches!(sealed(&ports(0), Box::new(keys)).await, Err(Fault::Unavailable(_))));
    }
}
