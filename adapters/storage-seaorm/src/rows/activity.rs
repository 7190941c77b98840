//! Lines of activity logs.

use hubchat_domain::{Activity, ActivityKind};
use hubchat_ports::StorageError;
use serde_json::{Value, json};

use crate::{
    columns::Columns,
    statements::{Kind, Table, fixed},
};

pub(crate) const ACTIVITIES: Table = Table {
    name: "activities",
    columns: &[
        fixed("id", Kind::Uuid),
        fixed("lead_id", Kind::Uuid),
        fixed("kind", Kind::Text),
        fixed("author", Kind::Text),
        fixed("detail", Kind::Text),
        fixed("at", Kind::Integer),
    ],
};

pub(crate) fn activity_json(activity: &Activity) -> Value {
    json!({
        "id": activity.id,
        "lead_id": activity.lead_id,
        "kind": activity.kind.as_str(),
        "author": json!(activity.author).to_string(),
        "detail": activity.detail.to_string(),
        "at": activity.at.as_micros(),
    })
}

pub(crate) fn read_activity(row: Columns<'_>) -> Result<Activity, StorageError> {
    Ok(Activity {
        id: row.id("id")?,
        lead_id: row.id("lead_id")?,
        kind: row.named("kind", ActivityKind::parse)?,
        author: row.json("author")?,
        detail: row.json("detail")?,
        at: row.time("at")?,
    })
}
