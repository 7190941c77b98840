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
