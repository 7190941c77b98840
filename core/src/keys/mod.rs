//! The keys of secrets at rest: what stands, and changing them while everything runs.

mod key_status;
mod rotate_keys;
#[cfg(test)]
mod rotate_keys_tests;

pub use key_status::{KeyStatus, KeyStatusReport, MasterKeyUse};
pub use rotate_keys::{RotateKeys, RotateKeysCommand, Rotation};

use hubchat_domain::TenantId;

use crate::{Fault, Ports};

/// So many tenants are read at once.
const PAGE: u32 = 200;

/// The tenant, or all of them by id.
async fn tenants(ports: &Ports, only: Option<TenantId>) -> Result<Vec<TenantId>, Fault> {
    if let Some(tenant) = only {
        return Ok(vec![tenant]);
    }
    let mut all: Vec<TenantId> = Vec::new();
    loop {
        let page = ports.directory.list_tenants(all.last().copied(), PAGE).await?;
        let last = page.len() < PAGE as usize;
        all.extend(page.iter().map(|tenant| tenant.id));
        if last {
            return Ok(all);
        }
    }
}
