//! The audit log: its chain, its lists, its exports and its check.

mod chain;
mod export_audit;
mod export_form;
mod list_audit;
mod note;
mod verify_audit;

#[cfg(test)]
mod export_audit_tests;
#[cfg(test)]
mod note_tests;
#[cfg(test)]
mod verify_audit_tests;
#[cfg(test)]
mod world;

pub use chain::AuditChain;
pub use export_audit::{AuditStream, ExportAudit};
pub use export_form::AuditFormat;
pub use list_audit::ListAudit;
pub use note::NoteDeed;
pub(crate) use note::{NOTE_JOB, note};
pub use verify_audit::{AuditFlaw, AuditVerdict, VerifyAudit};

use serde_json::Value;

/// Of what a thing was and is, the fields that differ.
pub(crate) fn differing(before: Value, after: Value) -> (Option<Value>, Option<Value>) {
    let (Value::Object(mut before), Value::Object(mut after)) = (before, after) else { return (None, None) };
    before.retain(|name, was| {
        let same = after.get(name) == Some(was);
        if same {
            after.remove(name);
        }
        !same
    });
    (Some(Value::Object(before)), Some(Value::Object(after)))
}

#[cfg(test)]
mod tests {
    use super::differing;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_told() {
        let told = differing(json!({"a": 1, "b": 2}), json!({"a": 1, "b": 3, "c": 4}));
        assert_eq!(told, (Some(json!({"b": 2})), Some(json!({"b": 3, "c": 4}))));
    }
}
