//! Working on leads.

mod assign_lead;
mod update_lead;

#[cfg(test)]
mod assign_lead_tests;

pub use assign_lead::{AssignLead, AssignLeadError, AssignTo};
pub use update_lead::{UpdateLead, UpdateLeadCommand, UpdateLeadError};

use hubchat_domain::{DomainEvent, EventType, Lead, LeadRecord, Timestamp};
use serde_json::json;

use crate::live::{PREVIOUS_MEMBER, PREVIOUS_TEAM};

/// What others learn of a changed lead. Whose it was is told when that changed: who saw it then and does not see it
/// now, learns that it is gone.
pub(crate) fn lead_changed(before: &LeadRecord, lead: &Lead, now: Timestamp) -> DomainEvent {
    let record = lead.record();
    let mut data = json!({
        "status": record.status,
        "assignedMemberId": record.assigned_member_id,
        "assignedTeamId": record.assigned_team_id,
    });
    let owner = |record: &LeadRecord| (record.assigned_member_id, record.assigned_team_id);
    if owner(before) != owner(record) {
        data[PREVIOUS_MEMBER] = json!(before.assigned_member_id);
        data[PREVIOUS_TEAM] = json!(before.assigned_team_id);
    }
    DomainEvent {
        event_type: EventType::LeadUpdated,
        lead_id: Some(record.id),
        conversation_id: None,
        message_id: None,
        data,
        at: now,
    }
}
