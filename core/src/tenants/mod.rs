//! Tenants, their members, their API keys, and their customers' profiles.

mod api_keys;
mod create_member;
mod create_tenant;
mod fetch_profile;
mod manage_api_keys;

#[cfg(test)]
mod api_keys_tests;
#[cfg(test)]
mod fetch_profile_tests;

pub use api_keys::{AuthenticateApiKey, AuthenticateError, CreateApiKey, CreateApiKeyError, NewApiKey};
pub use create_member::{CreateMember, CreateMemberCommand};
pub use create_tenant::{CreateTenant, CreateTenantError};
pub(crate) use fetch_profile::FETCH_PROFILE_JOB;
pub use fetch_profile::FetchProfile;
pub use manage_api_keys::{ListApiKeys, RevokeApiKey, RevokeApiKeyError};
