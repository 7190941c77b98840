//! The schema of hubchat's database, one set for SQLite and PostgreSQL: expand first, contract later,
//! since old code runs against the new schema while hosts are replaced.

mod m0001_base;
mod m0002_queue;
mod m0003_access;
mod m0004_lead_owners;
mod m0005_audit;
mod m0006_settings;
mod m0009_row_security;
mod m0010_events;
mod m0011_inbox;
mod m0012_names_and_checks;
mod migrator;
mod row_security;

pub use migrator::Migrator;
pub use row_security::{DOOR_ROLE, TENANT_ROLE, TENANT_SETTING};
