//! Taking data away for good, and handing it out: retention, erasure, export.

mod daily_round;
mod delete_files;
mod erase_contact;
mod export_tenant;
mod housekeeping;
mod retention;
mod take_away;

#[cfg(test)]
mod daily_round_tests;
#[cfg(test)]
mod erase_contact_tests;
#[cfg(test)]
mod retention_tests;

pub use daily_round::{DailyRound, RoundCount};
pub(crate) use delete_files::DELETE_FILES_JOB;
pub use delete_files::DeleteFiles;
pub(crate) use erase_contact::ERASE_JOB;
pub use erase_contact::{EraseContact, EraseContactError, ErasedContact};
pub use export_tenant::{ExportTenant, ExportTenantError, ExportedFile};
pub use housekeeping::{Housekeeping, HousekeepingCount};
pub use retention::{Retention, RetentionReport};
