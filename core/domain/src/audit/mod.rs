//! The audit log of a tenant: who changed what, from where, in a chain that cannot be altered unnoticed.

mod action;
mod canonical;
mod entry;
mod subject;

pub use action::AuditAction;
pub use entry::{AuditActor, AuditDraft, AuditEntry, AuditHash, AuditHead, Origin};
pub use subject::{AuditSubject, SubjectKind};
