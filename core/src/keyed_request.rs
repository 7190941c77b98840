//! Requests that come with an idempotency key: the same key with the same request makes one thing, however often it comes.

use hubchat_domain::Timestamp;
use hubchat_ports::{IdempotencyRecord, StorageError, UnitOfWork};
use uuid::Uuid;

use crate::{Actor, SendMessage};

/// A request with a key.
pub(crate) struct KeyedRequest<'a> {
    /// What is asked for; the same key may be used for something else.
    pub(crate) operation: &'static str,
    /// The caller's key.
    pub(crate) key: &'a str,
    /// What is left of the request, to know it again.
    pub(crate) fingerprint: Vec<u8>,
    /// What it is about to make.
    pub(crate) makes: Uuid,
}

/// What became of a key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KeyClaim {
    /// It is this request's: to be done now, in the same session.
    Fresh,
    /// The same request came before, and made this.
    Replayed(Uuid),
    /// It was used for another request.
    Reused,
}

impl KeyedRequest<'_> {
    /// Claims the key in the session; it is kept once that commits. `is_same` compares with the fingerprint of an
    /// earlier request.
    pub(crate) async fn claim(
        self,
        session: &dyn UnitOfWork,
        actor: &Actor,
        now: Timestamp,
        is_same: impl FnOnce(&[u8]) -> bool + Send,
    ) -> Result<KeyClaim, StorageError> {
        let record = IdempotencyRecord {
            scope: actor.idempotency_scope(self.operation),
            key: self.key.to_owned(),
            fingerprint: self.fingerprint,
            resource_id: self.makes,
            expires_at: now.plus(SendMessage::KEY_LIFETIME),
        };
        Ok(match session.idempotency().claim(&record, now).await? {
            None => KeyClaim::Fresh,
            Some(earlier) if is_same(&earlier.fingerprint) => KeyClaim::Replayed(earlier.resource_id),
            Some(_) => KeyClaim::Reused,
        })
    }
}
