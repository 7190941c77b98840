//! Handing out everything that belongs to a tenant: JSON Lines, and the bytes of files.

use std::time::Duration;

use futures_util::{Stream, stream};
use hubchat_domain::{AuditAction, Permission, Timestamp};
use hubchat_ports::{ExportKind, MediaFileError, MediaRead};
use serde_json::{Map, Value, json};

use crate::{Actor, ErrorCode, Fault, Ports, fault::faults_become};

/// Rows of one page.
const ROWS_AT_ONCE: u32 = 500;

/// What is stored and yet not handed out: what lets others write into the tenant's inbox.
const KEPT_BACK: &[&str] = &["webhook_key", "reply_token", "quote_token"];

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportTenantError {
    /// The bytes of a file cannot be read.
    #[error("a file cannot be read")]
    File(#[source] MediaFileError),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(ExportTenantError);

impl ErrorCode for ExportTenantError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "storage_unavailable",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// The bytes of a file.
pub struct ExportedFile {
    /// Its name within the export, unique and made of ids.
    pub name: String,
    /// Its bytes.
    pub file: MediaRead,
}

/// Hands out a tenant's data.
#[derive(Clone)]
pub struct ExportTenant {
    ports: Ports,
}

impl ExportTenant {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Notes in the audit log that the data of these kinds are handed out. Comes first.
    pub async fn begin(&self, actor: &Actor, kinds: &[ExportKind]) -> Result<(), ExportTenantError> {
        actor.require(Permission::DataManage)?;
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let (tenant, now) = (actor.tenant_id(), self.ports.clock.now());
        let session = self.ports.repository.begin(tenant).await?;
        let what = json!({ "kinds": kinds });
        session.audit().append(actor.audit(AuditAction::DataExported, tenant, None, Some(what), now)).await?;
        Ok(session.commit().await?)
    }

    /// The rows of one kind, a page at a time: one JSON object each, without their line ends.
    pub fn rows(
        &self,
        actor: &Actor,
        kind: ExportKind,
    ) -> Result<impl Stream<Item = Result<Vec<Value>, ExportTenantError>> + Send + use<>, ExportTenantError> {
        actor.require(Permission::DataManage)?;
        let (ports, tenant) = (self.ports.clone(), actor.tenant_id());
        Ok(stream::try_unfold(Some(None), move |place: Option<Option<String>>| {
            let ports = ports.clone();
            async move {
                let Some(after) = place else { return Ok(None) };
                let page = ports.repository.inbox(tenant).export_page(kind, after, ROWS_AT_ONCE).await?;
                let rows = page.rows.into_iter().map(readable).collect();
                Ok(Some((rows, page.next.map(Some))))
            }
        }))
    }

    /// The file that a row of kind [`ExportKind::Media`] tells of; `None` when its bytes are not here.
    pub async fn file(&self, actor: &Actor, row: &Value) -> Result<Option<ExportedFile>, ExportTenantError> {
        actor.require(Permission::DataManage)?;
        let (Some(id), Some(key)) = (row["id"].as_str(), row["storageKey"].as_str()) else { return Ok(None) };
        match self.ports.media_files.open(key).await {
            Ok(file) => Ok(Some(ExportedFile { name: id.to_owned(), file })),
            Err(MediaFileError::NotFound) => Ok(None),
            Err(error) => Err(ExportTenantError::File(error)),
        }
    }
}

/// A row as others can read it: names in camel case, moments in RFC 3339, JSON as JSON.
fn readable(row: Map<String, Value>) -> Value {
    let field = |(name, value): (String, Value)| {
        let value = match value {
            Value::Number(micros) if name == "at" || name.ends_with("_at") => {
                micros.as_i64().map_or(Value::Null, |at| Value::String(Timestamp::from_micros(at).to_string()))
            }
            Value::String(text) if is_json(&name) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            other => other,
        };
        (camel_case(&name), value)
    };
    Value::Object(row.into_iter().filter(|(name, _)| !KEPT_BACK.contains(&name.as_str())).map(field).collect())
}

/// Columns that hold JSON as text.
fn is_json(column: &str) -> bool {
    matches!(
        column,
        "tags"
            | "referral"
            | "author"
            | "detail"
            | "sender"
            | "content"
            | "failure"
            | "attempt"
            | "former_texts"
            | "further_external_ids"
            | "source"
            | "comment"
    )
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_become_readable_and_keep_back_what_opens_doors() {
        let row = json!({
            "id": "1", "created_at": 1_767_225_600_000_000_i64, "closed_at": null, "tags": "[\"vip\"]",
            "webhook_key": "key", "reply_token": "t", "assigned_member_id": "m", "note": "[not JSON]", "version": 3,
        });
        let Value::Object(row) = row else { unreachable!("an object") };
        let expected = json!({
            "id": "1", "createdAt": "2026-01-01T00:00:00Z", "closedAt": null, "tags": ["vip"],
            "assignedMemberId": "m", "note": "[not JSON]", "version": 3,
        });
        assert_eq!(readable(row), expected);
    }
}
