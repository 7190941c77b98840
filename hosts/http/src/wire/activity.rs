//! Lines of a lead's activity log on the wire.

use hubchat_core::domain::{Activity, ActivityKind, Author};
use poem_openapi::Object;
use serde_json::Value;
use uuid::Uuid;

use super::{Moment, Named};

/// Who did something.
#[derive(Debug, Object)]
#[oai(rename = "Author", rename_all = "camelCase", skip_serializing_if_is_none)]
struct AuthorView {
    /// `member`, `apiKey` or `system`.
    r#type: String,
    /// The member or the API key.
    id: Option<Uuid>,
}

/// One line of a lead's activity log.
#[derive(Debug, Object)]
#[oai(rename = "Activity", rename_all = "camelCase")]
pub(crate) struct ActivityView {
    /// Its id.
    id: Uuid,
    /// The lead.
    lead_id: Uuid,
    /// What happened.
    r#type: Named<ActivityKind>,
    /// Who did it.
    author: AuthorView,
    /// The particulars: ids, former and new values.
    detail: Value,
    /// When.
    created_at: Moment,
}

impl From<Activity> for ActivityView {
    fn from(line: Activity) -> Self {
        let (kind, id) = match line.author {
            Author::System => ("system", None),
            Author::ApiKey { id } => ("apiKey", Some(id.as_uuid())),
            Author::Member { id } => ("member", Some(id.as_uuid())),
        };
        Self {
            id: line.id.as_uuid(),
            lead_id: line.lead_id.as_uuid(),
            r#type: Named(line.kind),
            author: AuthorView { r#type: kind.to_owned(), id },
            detail: line.detail,
            created_at: Moment(line.at),
        }
    }
}
