//! The one form of bytes of an entry, over which its hash goes. `docs/audit.md` says the same for those who
//! check an export without hubchat: a change here is a change there, and a new version.

use serde_json::Value;

use crate::{AuditDraft, TenantId};

/// The version of the form. It goes into every hash.
const VERSION: &str = "hubchat-audit-v1";

impl AuditDraft {
    /// The form of bytes of this entry at its place: netstrings (`<bytes>:<content>,`) in a fixed order, and
    /// `-,` for what is absent, so that no two entries share a form.
    #[must_use]
    pub fn canonical(&self, tenant: TenantId, seq: i64) -> Vec<u8> {
        let mut form = Form(Vec::with_capacity(512));
        form.text(VERSION);
        form.text(&tenant.to_string());
        form.text(&seq.to_string());
        form.text(&self.at.to_string());
        form.text(self.actor.kind());
        form.text_or_none(self.actor.id().map(|id| id.to_string()).as_deref());
        form.text(self.action.as_str());
        form.text(self.subject.kind.as_str());
        form.text(&self.subject.id);
        form.text_or_none(self.before.as_ref().map(json).as_deref());
        form.text_or_none(self.after.as_ref().map(json).as_deref());
        form.text_or_none(self.origin.address.map(|address| address.to_string()).as_deref());
        form.text_or_none(self.origin.request_id.as_deref());
        form.0
    }
}

struct Form(Vec<u8>);

impl Form {
    fn text(&mut self, text: &str) {
        // No database keeps U+0000 in a text, so it is no part of an entry.
        let text = text.replace('\0', "");
        self.0.extend_from_slice(format!("{}:{text},", text.len()).as_bytes());
    }

    fn text_or_none(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.extend_from_slice(b"-,"),
        }
    }
}

/// JSON without white space, its names in the order of their UTF-8 bytes.
fn json(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), json(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuditAction, AuditActor, AuditSubject, LeadId, MemberId, Origin, Timestamp};
    use serde_json::json;
    use uuid::Uuid;

    fn draft() -> AuditDraft {
        AuditDraft {
            actor: AuditActor::Member { id: MemberId::from_uuid(Uuid::from_u128(2)) },
            action: AuditAction::LeadUpdated,
            subject: AuditSubject::from(LeadId::from_uuid(Uuid::from_u128(3))),
            before: Some(json!({"status": "NEW"})),
            after: Some(json!({"tags": ["ก", "b\n"], "status": "WON"})),
            origin: Origin { address: Some([192, 0, 2, 7].into()), request_id: Some("r-1".to_owned()) },
            at: Timestamp::from_micros(1_500_000),
        }
    }

    fn form(draft: &AuditDraft) -> String {
        String::from_utf8(draft.canonical(TenantId::from_uuid(Uuid::from_u128(1)), 4)).expect("UTF-8")
    }

    #[test]
    fn the_form_is_the_documented_one() {
        assert_eq!(
            form(&draft()),
            "16:hubchat-audit-v1,36:00000000-0000-0000-0000-000000000001,1:4,22:1970-01-01T00:00:01.5Z,6:MEMBER,\
             36:00000000-0000-0000-0000-000000000002,12:LEAD_UPDATED,4:LEAD,\
             36:00000000-0000-0000-0000-000000000003,16:{\"status\":\"NEW\"},\
             37:{\"status\":\"WON\",\"tags\":[\"ก\",\"b\\n\"]},9:192.0.2.7,3:r-1,"
        );
    }

    #[test]
    fn absent_and_empty_differ() {
        let absent = AuditDraft { origin: Origin::default(), before: None, ..draft() };
        let empty =
            AuditDraft { origin: Origin { request_id: Some(String::new()), ..Origin::default() }, ..absent.clone() };
        assert!(form(&absent).ends_with("-,-,"));
        assert!(form(&empty).ends_with("-,0:,"));
    }

    #[test]
    fn every_field_counts() {
        let base = draft();
        let changed = [
            AuditDraft { actor: AuditActor::System, ..base.clone() },
            AuditDraft { actor: AuditActor::ApiKey { id: Uuid::from_u128(2).into() }, ..base.clone() },
            AuditDraft { action: AuditAction::LeadAssigned, ..base.clone() },
            AuditDraft { subject: LeadId::from_uuid(Uuid::from_u128(9)).into(), ..base.clone() },
            AuditDraft { before: None, ..base.clone() },
            AuditDraft { after: Some(json!(null)), ..base.clone() },
            AuditDraft { origin: Origin::default(), ..base.clone() },
            AuditDraft { at: Timestamp::EPOCH, ..base.clone() },
        ];
        for other in changed {
            assert_ne!(form(&other), form(&base), "{other:?}");
        }
        let tenant = TenantId::from_uuid(Uuid::from_u128(1));
        assert_ne!(base.canonical(tenant, 4), base.canonical(tenant, 5));
        assert_ne!(base.canonical(tenant, 4), base.canonical(TenantId::from_uuid(Uuid::from_u128(8)), 4));
    }

    #[test]
    fn zero_characters_are_no_part_of_an_entry() {
        let zero = Origin { request_id: Some("r\0-1".to_owned()), ..draft().origin };
        assert_eq!(form(&AuditDraft { origin: zero, ..draft() }), form(&draft()));
    }
}
