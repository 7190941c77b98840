//! Finding or adding the person behind a membership.

use hubchat_domain::User;
use hubchat_ports::{InsertOutcome, StorageError};

use crate::{Fault, Ports};

/// The person of an address, added without a password when there is none. The address is in its normal form.
pub(super) async fn find_or_add(ports: &Ports, email: &str, name: &str) -> Result<User, Fault> {
    if let Some(user) = ports.access.find_user_by_email(email).await? {
        return Ok(user);
    }
    let now = ports.clock.now();
    let user = User {
        id: ports.next_id(),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    match ports.access.insert_user(&user).await? {
        InsertOutcome::Inserted => Ok(user),
        InsertOutcome::AlreadyPresent => {
            let other = ports.access.find_user_by_email(email).await?;
            other.ok_or_else(|| StorageError::Stale.into())
        }
    }
}
