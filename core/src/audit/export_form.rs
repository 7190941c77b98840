//! Entries as they stand in an export.

use hubchat_domain::{AuditEntry, TenantId};
use serde_json::{Value, json};

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFormat {
    /// RFC 4180, with a line of names first, for spreadsheets.
    Csv,
    /// One JSON object a line: everything that a check of the chain needs.
    JsonLines,
}

const COLUMNS: &str = "seq,at,actorType,actorId,action,subjectType,subjectId,before,after,address,requestId,hash\r\n";

impl AuditFormat {
    /// The value of Content-Type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
        }
    }

    /// What a file of this form ends with.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }

    /// What comes before the first entry.
    pub(super) const fn beginning(self) -> &'static str {
        match self {
            Self::Csv => COLUMNS,
            Self::JsonLines => "",
        }
    }

    /// An entry with its end of line.
    pub(super) fn line(self, tenant: TenantId, entry: &AuditEntry) -> String {
        match self {
            Self::Csv => csv(entry),
            Self::JsonLines => format!("{}\n", object(tenant, entry)),
        }
    }
}

fn object(tenant: TenantId, entry: &AuditEntry) -> Value {
    let draft = &entry.draft;
    json!({
        "tenantId": tenant,
        "seq": entry.seq,
        "at": draft.at,
        "actor": {"type": draft.actor.kind(), "id": draft.actor.id()},
        "action": draft.action,
        "subject": {"type": draft.subject.kind, "id": draft.subject.id},
        "before": draft.before,
        "after": draft.after,
        "address": draft.origin.address,
        "requestId": draft.origin.request_id,
        "hash": entry.hash.to_string(),
    })
}

fn csv(entry: &AuditEntry) -> String {
    let draft = &entry.draft;
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    let cells = [
        entry.seq.to_string(),
        draft.at.to_string(),
        draft.actor.kind().to_owned(),
        draft.actor.id().map(|id| id.to_string()).unwrap_or_default(),
        draft.action.to_string(),
        draft.subject.kind.to_string(),
        draft.subject.id.clone(),
        text(&draft.before),
        text(&draft.after),
        draft.origin.address.map(|address| address.to_string()).unwrap_or_default(),
        draft.origin.request_id.clone().unwrap_or_default(),
        entry.hash.to_string(),
    ];
    format!("{}\r\n", cells.map(|cell| guarded(&cell)).join(","))
}

/// A cell that no spreadsheet takes for a formula: what could begin one gets an apostrophe in front
/// (<https://owasp.org/www-community/attacks/CSV_Injection>). Quoted where RFC 4180 wants it.
fn guarded(cell: &str) -> String {
    let begins_one = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let mark = if cell.starts_with(begins_one) { "'" } else { "" };
    if mark.is_empty() && !cell.contains([',', '"', '\r', '\n', ';']) {
        return cell.to_owned();
    }
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn no_cell_begins_a_formula_or_leaves_its_place() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(guarded(formula), format!("\"'{formula}\""));
        }
        assert_eq!(guarded("plain"), "plain");
        assert_eq!(guarded(""), "");
        assert_eq!(guarded("a\",=1\r\n=2"), "\"a\"\",=1\r\n=2\"");
        assert_eq!(guarded(r#"{"a":"b"}"#), r#""{""a"":""b""}""#);
    }
}
