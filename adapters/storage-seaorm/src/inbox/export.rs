//! Rows as they are, walked by their keys, to be handed out.

use hubchat_domain::{
    Activity, ChannelAccountRecord, ContactIdentityRecord, ContactRecord, ConversationRecord, LeadRecord, MediaRecord,
    Member, MessageRecord, Team, TenantId,
};
use hubchat_ports::{ExportKind, ExportPage, StorageError};
use sea_orm::{DbBackend, QueryResult, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    rows::{Fields, Row, read},
    statements::localised,
};

/// The one table without rows of its own in the domain.
const TEAM_MEMBERS: &str = "team_members";

/// How rows of a kind are read.
pub(super) struct Reader {
    columns: String,
    table: &'static str,
    row: fn(&QueryResult) -> Result<Json, StorageError>,
}

impl Reader {
    fn of<R: Row>() -> Self {
        Self {
            columns: R::TABLE.select("t", ""),
            table: R::TABLE.name,
            row: |row| read::<R>(row, "").map(|record| record.to_row()),
        }
    }

    pub(super) fn new(kind: ExportKind) -> Self {
        match kind {
            ExportKind::ChannelAccounts => Self::of::<ChannelAccountRecord>(),
            ExportKind::Members => Self::of::<Member>(),
            ExportKind::Teams => Self::of::<Team>(),
            ExportKind::TeamMembers => Self {
                columns: "t.team_id AS team_id, t.member_id AS member_id".to_owned(),
                table: TEAM_MEMBERS,
                row: |row| {
                    let fields = Fields::plain(row, "membership");
                    let (team, member): (Uuid, Uuid) = (fields.id("team_id")?, fields.id("member_id")?);
                    Ok(json!({"team_id": team, "member_id": member}))
                },
            },
            ExportKind::Contacts => Self::of::<ContactRecord>(),
            ExportKind::ContactIdentities => Self::of::<ContactIdentityRecord>(),
            ExportKind::Leads => Self::of::<LeadRecord>(),
            ExportKind::Activities => Self::of::<Activity>(),
            ExportKind::Conversations => Self::of::<ConversationRecord>(),
            ExportKind::Messages => Self::of::<MessageRecord>(),
            ExportKind::Media => Self::of::<MediaRecord>(),
        }
    }

    /// The statement of the page after a place, by the primary key of the table.
    pub(super) fn page(
        &self,
        backend: DbBackend,
        tenant: TenantId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(String, Vec<Value>), StorageError> {
        let Self { columns, table, .. } = self;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut values: Vec<Value> = vec![tenant.as_uuid().into(), limit.into()];
        let (key, place) = if *table == Activity::TABLE.name {
            let (lead, at, id) = match after {
                Some(after) => activity_place(after)?,
                None => (Uuid::nil(), i64::MIN, Uuid::nil()),
            };
            values.extend::<[Value; 3]>([lead.into(), at.into(), id.into()]);
            ("t.lead_id, t.at, t.id", "(?3, ?4, ?5)")
        } else if *table == TEAM_MEMBERS {
            let (team, member) = after.map_or(Ok((Uuid::nil(), Uuid::nil())), membership_place)?;
            values.extend::<[Value; 2]>([team.into(), member.into()]);
            ("t.team_id, t.member_id", "(?3, ?4)")
        } else {
            let id = after.map_or(Ok(Uuid::nil()), |after| Uuid::parse_str(after).map_err(|_| not_ours()))?;
            values.push(id.into());
            ("t.id", "(?3)")
        };
        let sql = format!(
            "SELECT {columns} FROM {table} AS t WHERE t.tenant_id = ?1 AND ({key}) > {place} ORDER BY {key} LIMIT ?2"
        );
        Ok((localised(backend, &sql), values))
    }

    /// The page of these rows, one more of which than `limit` tells that there is another page.
    pub(super) fn read(&self, rows: &[QueryResult], limit: usize) -> Result<ExportPage, StorageError> {
        let mut page = ExportPage::default();
        for row in rows.iter().take(limit) {
            if let Json::Object(row) = (self.row)(row)? {
                page.rows.push(row);
            }
        }
        if rows.len() > limit {
            page.next = page.rows.last().map(|last| {
                let text = |name: &str| last.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
                if self.table == Activity::TABLE.name {
                    format!("{},{},{}", text("lead_id"), last.get("at").unwrap_or(&Json::Null), text("id"))
                } else if self.table == TEAM_MEMBERS {
                    format!("{},{}", text("team_id"), text("member_id"))
                } else {
                    text("id")
                }
            });
        }
        Ok(page)
    }
}

fn activity_place(after: &str) -> Result<(Uuid, i64, Uuid), StorageError> {
    let mut parts = after.splitn(3, ',');
    let mut part = || parts.next().ok_or_else(not_ours);
    let (lead, at, id) = (part()?, part()?, part()?);
    let id_of = |text: &str| Uuid::parse_str(text).map_err(|_| not_ours());
    Ok((id_of(lead)?, at.parse().map_err(|_| not_ours())?, id_of(id)?))
}

fn membership_place(after: &str) -> Result<(Uuid, Uuid), StorageError> {
    let (team, member) = after.split_once(',').ok_or_else(not_ours)?;
    let id_of = |text: &str| Uuid::parse_str(text).map_err(|_| not_ours());
    Ok((id_of(team)?, id_of(member)?))
}

fn not_ours() -> StorageError {
    StorageError::Other("a place that no page named".into())
}
