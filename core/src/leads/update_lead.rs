//! Changing a lead's status, tags and note.

use std::time::Duration;

use hubchat_domain::{
    Activity, ActivityKind, AuditAction, InvalidTransition, Lead, LeadId, LeadStatus, Permission, TagError, Transition,
    Visibility,
};
use hubchat_ports::LeadRow;
use serde_json::{Value, json};

use super::lead_changed;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    audit::differing,
    fault::{Retries, faults_become},
};

/// What to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpdateLeadCommand {
    /// Where it goes.
    pub status: Option<LeadStatus>,
    /// Its tags from now on.
    pub tags: Option<Vec<String>>,
    /// Its note from now on; blank clears it.
    pub note: Option<String>,
}

/// Why a lead was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateLeadError {
    /// There is no such lead, or the actor does not see it.
    #[error("no such lead")]
    Unknown,
    /// The lifecycle does not lead there.
    #[error(transparent)]
    Transition(#[from] InvalidTransition),
    /// The tags cannot be kept.
    #[error(transparent)]
    Tags(#[from] TagError),
    /// The note is too long.
    #[error("a note has at most {} characters", UpdateLead::MAX_NOTE_CHARS)]
    NoteTooLong,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UpdateLeadError);

impl ErrorCode for UpdateLeadError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "lead_not_found",
            Self::Transition(_) => "lead_transition_refused",
            Self::Tags(_) | Self::NoteTooLong => "validation_failed",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Tags(_) => Some("tags"),
            Self::NoteTooLong => Some("note"),
            Self::Transition(_) => Some("status"),
            _ => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Changes leads.
#[derive(Clone)]
pub struct UpdateLead {
    ports: Ports,
}

impl UpdateLead {
    /// The most characters of a note.
    pub const MAX_NOTE_CHARS: usize = 10_000;

    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Changes a lead, entirely or not at all; each change that is news gets its line in the log.
    pub async fn run(
        &self,
        actor: &Actor,
        id: LeadId,
        command: &UpdateLeadCommand,
    ) -> Result<LeadRow, UpdateLeadError> {
        actor.require(Permission::LeadsWrite)?;
        if command.note.as_ref().is_some_and(|note| note.chars().count() > Self::MAX_NOTE_CHARS) {
            return Err(UpdateLeadError::NoteTooLong);
        }
        let mut retries = Retries::default();
        loop {
            let result = self.attempt(actor, id, command).await;
            if !retries.again(&result, &self.ports).await {
                result?;
                break;
            }
        }
        // Whoever owns it by now: this is what the actor's own change made of it.
        let row = self.ports.repository.inbox(actor.tenant_id()).find_lead(&Visibility::All, id).await?;
        row.ok_or(UpdateLeadError::Unknown)
    }

    async fn attempt(&self, actor: &Actor, id: LeadId, command: &UpdateLeadCommand) -> Result<(), UpdateLeadError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let lead = session.leads().find(id).await?.filter(|lead| actor.sees_lead(lead));
        let mut lead = lead.ok_or(UpdateLeadError::Unknown)?;
        let (was, before) = (lead.record().clone(), audited(&lead));
        let mut lines: Vec<(ActivityKind, Value)> = Vec::new();
        if let Some(to) = command.status {
            let from = lead.record().status;
            if lead.move_to(to, now)? == Transition::Moved {
                lines.push((ActivityKind::StatusChanged, json!({"from": from, "to": to})));
            }
        }
        if let Some(tags) = &command.tags {
            let from = lead.record().tags.clone();
            if lead.set_tags(tags, now)? {
                lines.push((ActivityKind::TagsChanged, json!({"from": from, "to": lead.record().tags})));
            }
        }
        if let Some(note) = &command.note
            && lead.set_note(note, now)
        {
            lines.push((ActivityKind::NoteAdded, json!({"cleared": lead.record().note.is_none()})));
        }
        if lines.is_empty() {
            return Ok(());
        }
        let activities: Vec<Activity> = lines
            .into_iter()
            .map(|(kind, detail)| Activity {
                id: self.ports.next_id(),
                lead_id: id,
                kind,
                author: actor.author(),
                detail,
                at: now,
            })
            .collect();
        session.leads().update(&lead).await?;
        session.activities().append(&activities).await?;
        session.events().append(vec![lead_changed(&was, &lead, now)]).await?;
        let mut after = audited(&lead);
        after["changed"] = json!(activities.iter().map(|line| line.kind).collect::<Vec<_>>());
        let (before, after) = differing(before, after);
        session.audit().append(actor.audit(AuditAction::LeadUpdated, id, before, after, now)).await?;
        Ok(session.commit().await?)
    }
}

/// What the audit log may tell of a lead. Tags and notes are about a customer, who may be erased while the log
/// stays: their words are not told.
fn audited(lead: &Lead) -> Value {
    let record = lead.record();
    json!({"status": record.status, "tagCount": record.tags.len(), "hasNote": record.note.is_some()})
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use hubchat_domain::{AuditSubject, Scope};
    use hubchat_ports::{
        ActivityStore, EventStore, MockActivityStore, MockEventStore, MockInboxQueries, MockLeadStore, MockUnitOfWork,
    };

    use super::*;
    use crate::test_ports::{TestPorts, actor, audit_store, lead};

    /// A session whose lead store finds the lead and refuses every write.
    fn reading_session() -> MockUnitOfWork {
        let mut leads = MockLeadStore::new();
        leads.expect_find().returning(|_| Ok(Some(lead())));
        let mut session = MockUnitOfWork::new();
        session.expect_leads().return_const(Box::new(leads) as Box<dyn hubchat_ports::LeadStore>);
        session
    }

    #[tokio::test]
    async fn an_illegal_move_is_refused_and_writes_nothing() {
        let ports = TestPorts::default().with_sessions(vec![reading_session()]).build();
        let command = UpdateLeadCommand { status: Some(LeadStatus::Won), ..UpdateLeadCommand::default() };
        let id = lead().record().id;
        let error = UpdateLead::new(ports).run(&actor(&[Scope::Admin]), id, &command).await.expect_err("two steps");
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            ("lead_transition_refused", "a lead cannot go from NEW to WON")
        );
    }

    #[tokio::test]
    async fn a_good_tag_with_an_illegal_move_writes_nothing_either() {
        let ports = TestPorts::default().with_sessions(vec![reading_session()]).build();
        let command =
            UpdateLeadCommand { status: Some(LeadStatus::Negotiation), tags: Some(vec!["hot".to_owned()]), note: None };
        let id = lead().record().id;
        assert!(UpdateLead::new(ports).run(&actor(&[Scope::Admin]), id, &command).await.is_err());
    }

    #[tokio::test]
    async fn a_change_is_written_to_the_audit_log_without_the_words_of_notes_and_tags() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let mut leads = MockLeadStore::new();
        leads.expect_find().returning(|_| Ok(Some(lead())));
        leads.expect_update().returning(|_| Ok(()));
        let mut activities = MockActivityStore::new();
        activities.expect_append().returning(|_| Ok(()));
        let mut events = MockEventStore::new();
        events.expect_append().returning(|_| Ok(()));
        let log = Arc::clone(&written);
        let mut session = MockUnitOfWork::new();
        session.expect_leads().return_const(Box::new(leads) as Box<dyn hubchat_ports::LeadStore>);
        session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
        session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
        let audit = audit_store(move |draft| log.lock().expect("not poisoned").push(draft));
        session.expect_audit().return_const(audit);
        session.expect_commit().returning(|| Ok(()));
        let mut ports = TestPorts::default().with_sessions(vec![session]);
        ports.repository.expect_inbox().returning(|_| {
            let mut inbox = MockInboxQueries::new();
            inbox.expect_find_lead().returning(|_, _| Ok(None));
            Box::new(inbox)
        });
        let note = Some("the customer's secret".to_owned());
        let command = UpdateLeadCommand { note, tags: Some(vec!["hot".to_owned()]), status: None };
        let id = lead().record().id;
        let result = UpdateLead::new(ports.build()).run(&actor(&[Scope::Admin]), id, &command).await;
        assert!(matches!(result, Err(UpdateLeadError::Unknown)), "the row is not what this is about");
        let written = written.lock().expect("not poisoned");
        let [entry] = written.as_slice() else { panic!("one entry") };
        assert_eq!((entry.action, &entry.subject), (AuditAction::LeadUpdated, &AuditSubject::from(id)));
        assert_eq!(entry.before, Some(json!({"tagCount": 0, "hasNote": false})));
        let changed = json!({"tagCount": 1, "hasNote": true, "changed": ["TAGS_CHANGED", "NOTE_ADDED"]});
        assert_eq!(entry.after, Some(changed));
    }

    #[tokio::test]
    async fn a_key_that_only_reads_changes_nothing() {
        let ports = TestPorts::default().build();
        let id = lead().record().id;
        let result = UpdateLead::new(ports).run(&actor(&[Scope::InboxRead]), id, &UpdateLeadCommand::default()).await;
        assert_eq!(result.expect_err("no scope").code(), "forbidden");
    }
}
