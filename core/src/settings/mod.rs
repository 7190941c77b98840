//! What tenants decide for themselves, and whose pages may call.

mod origins;
mod settings_cache;
mod tenant_settings;

#[cfg(test)]
mod origins_tests;
#[cfg(test)]
mod tenant_settings_tests;

pub use origins::AllowedOrigins;
pub use settings_cache::SettingsCache;
pub use tenant_settings::{GetSettings, UpdateSettings, UpdateSettingsError};
