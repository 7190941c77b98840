//! The audit log.

mod chain;

pub use chain::AuditChain;
