//! hubchat's storage and database queue on SQLite and PostgreSQL.
//!
//! [`Storage`] connects, migrates, opens sessions and reads; its [`queue`](Storage::queue) and its
//! [`intake`](Storage::intake) are the other ports that one database serves.

mod access;
mod announcer;
mod audit;
mod directory;
mod error;
mod inbox;
mod intake;
mod notify_bus;
mod pools;
mod queue;
mod roles;
#[cfg(test)]
mod row_security_tests;
mod rows;
mod session;
mod socket_tickets;
mod statements;
mod storage;
mod tenant_transaction;

pub use intake::DatabaseIntake;
pub use notify_bus::NotifyBus;
pub use queue::{DatabaseQueue, JobWakeups};
pub use storage::{ConnectError, Storage, StorageConfig};
