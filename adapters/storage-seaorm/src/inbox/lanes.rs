//! How much is in each lane of the inbox: one walk over what is not done.

use hubchat_domain::{ChannelAccountId, TenantId};
use hubchat_ports::{LaneCount, LaneCounts, LaneFilter, StorageError, Viewer};
use sea_orm::{DbBackend, QueryResult};

use super::{
    conversations::{WAITING, mentioned, unread},
    page::Select,
    sight::restrict,
};
use crate::rows::Fields;

const LANES: [&str; 7] = ["mine", "unassigned", "team", "waiting", "mentioned", "snoozed", "everything"];

/// The statement of one row with all counts.
pub(super) fn count(backend: DbBackend, tenant: TenantId, viewer: &Viewer, filter: &LaneFilter) -> Select {
    let mut select = Select::from(backend, "v.id", "conversations AS v", ("v", tenant));
    select.and_plain("v.status IN ('OPEN', 'PENDING')");
    if let Some(channel) = filter.channel_type {
        select.and("v.channel_type = ?", channel.as_str());
    }
    if let Some(account) = filter.account_id.map(ChannelAccountId::as_uuid) {
        select.and("v.account_id = ?", account);
    }
    restrict(&mut select, &viewer.visibility);
    let (mine, team) = match viewer.member {
        None => ("1 = 0".to_owned(), "1 = 0".to_owned()),
        Some(member) => {
            let member = select.bind(member.as_uuid());
            let teams =
                format!("SELECT o.team_id FROM team_members AS o WHERE o.tenant_id = ?1 AND o.member_id = {member}");
            (format!("v.assigned_member_id = {member}"), format!("v.assigned_team_id IN ({teams})"))
        }
    };
    let awake = |condition: &str| format!("v.snoozed_until IS NULL AND {condition}");
    let lanes = [
        awake(&mine),
        awake("v.assigned_member_id IS NULL"),
        awake(&team),
        WAITING.to_owned(),
        awake(&mentioned(&mut select, viewer.member)),
        "v.snoozed_until IS NOT NULL".to_owned(),
        awake("1 = 1"),
    ];
    let unread = unread(&mut select, viewer.member);
    let unread = format!("CASE WHEN ({unread}) > 0 THEN 1 ELSE 0 END");
    let places =
        LANES.iter().zip(&lanes).map(|(lane, condition)| format!("CASE WHEN {condition} THEN 1 ELSE 0 END AS {lane}"));
    let inner = places.chain([format!("{unread} AS new")]).collect::<Vec<_>>().join(", ");
    let outer = LANES
        .iter()
        .map(|lane| {
            format!(
                "CAST(COALESCE(SUM({lane}), 0) AS BIGINT) AS {lane}_total, \
                 CAST(COALESCE(SUM({lane} * new), 0) AS BIGINT) AS {lane}_unread"
            )
        })
        .collect::<Vec<_>>()
        .join(", ");
    select.sum_up(&inner, &outer);
    select
}

/// The counts of that row.
pub(super) fn row(row: &QueryResult) -> Result<LaneCounts, StorageError> {
    let fields = Fields::plain(row, "lane");
    let count = |lane: &str| {
        Ok::<_, StorageError>(LaneCount {
            total: fields.get(&format!("{lane}_total"))?,
            unread: fields.get(&format!("{lane}_unread"))?,
        })
    };
    Ok(LaneCounts {
        mine: count("mine")?,
        unassigned: count("unassigned")?,
        team: count("team")?,
        waiting: count("waiting")?,
        mentioned: count("mentioned")?,
        snoozed: count("snoozed")?,
        all: count("everything")?,
    })
}
