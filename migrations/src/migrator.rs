//! The migrations in their order.

use sea_orm_migration::prelude::*;

use crate::{
    m0001_base, m0002_queue, m0003_access, m0004_lead_owners, m0005_audit, m0006_settings, m0009_row_security,
    m0010_events, m0011_inbox, m0012_names_and_checks,
};

/// All migrations. They take no lock by themselves: run them in one transaction that does.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_base::Migration),
            Box::new(m0002_queue::Migration),
            Box::new(m0003_access::Migration),
            Box::new(m0004_lead_owners::Migration),
            Box::new(m0005_audit::Migration),
            Box::new(m0006_settings::Migration),
            Box::new(m0009_row_security::Migration),
            Box::new(m0010_events::Migration),
            Box::new(m0011_inbox::Migration),
            Box::new(m0012_names_and_checks::Migration),
        ]
    }
}
