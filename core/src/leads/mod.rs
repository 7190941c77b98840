//! Working on leads.

mod assign_lead;
mod update_lead;

#[cfg(test)]
mod assign_lead_tests;

pub use assign_lead::{AssignLead, AssignLeadError, AssignTo};
pub use update_lead::{UpdateLead, UpdateLeadCommand, UpdateLeadError};

use hubchat_domain::{DomainEvent, EventType, Lead, Timestamp};
use serde_json::json;

/// What others learn of a changed lead.
fn lead_changed(lead: &Lead, now: Timestamp) -> DomainEvent {
    let record = lead.record();
    DomainEvent {
        event_type: EventType::LeadUpdated,
        lead_id: Some(record.id),
        conversation_id: None,
        message_id: None,
        data: json!({
            "status": record.status,
            "assignedMemberId": record.assigned_member_id,
        }),
        at: now,
    }
}
