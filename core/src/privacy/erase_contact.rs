//! Erasing a contact on request: what they said, what was said to them, who they are, and the payloads that
//! brought it. What remains is an audit entry that names nobody.
//!
//! It goes in many transactions. The first one writes a job that begins anew a little later, and finds nothing to do
//! unless the erasure was interrupted.

use std::{collections::BTreeSet, time::Duration};

use hubchat_domain::{AuditAction, AuditActor, AuditDraft, ChannelAccountId, ContactId, Origin, Permission, TenantId};
use hubchat_ports::{NewJob, PurgeCounts, ReservedJob};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::take_away::take_away;
use crate::{
    Actor, ErrorCode, Fault, Ports, RetryPolicy,
    fault::{Retries, faults_become},
    jobs,
    jobs::JobOutcome,
};

/// The kind of the job that ends what was interrupted.
pub(crate) const ERASE_JOB: &str = "privacy.erase.v1";

/// So long the job leaves it to who asked: longer than a request may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Conversations looked up at a time.
const CONVERSATIONS_AT_ONCE: u32 = 100;
/// Payloads looked at in one transaction.
const EVENTS_AT_ONCE: u32 = 200;
/// So often it begins anew because the contact wrote meanwhile.
const MOST_ROUNDS: u32 = 10;

/// Why a contact was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseContactError {
    /// There is no such contact.
    #[error("no such contact")]
    UnknownContact,
    /// See [`Fault`]. What is erased already stays so, and a job goes on a minute later.
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(EraseContactError);

impl ErrorCode for EraseContactError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownContact => "contact_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErasedContact {
    /// Conversations, messages and files.
    pub count: PurgeCounts,
    /// Leads with their activity logs.
    pub leads: u64,
    /// Identities.
    pub identities: u64,
    /// Received webhook events whose payloads named the contact.
    pub webhook_events: u64,
}

/// Who asked, and from where.
#[derive(Clone)]
struct Asked {
    actor: AuditActor,
    origin: Origin,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EraseJob {
    contact_id: ContactId,
    actor: String,
    address: Option<std::net::IpAddr>,
    request_id: Option<String>,
}

impl Asked {
    fn job(&self, contact: ContactId) -> NewJob {
        let Origin { address, request_id } = self.origin.clone();
        let payload = EraseJob { contact_id: contact, actor: self.actor.to_string(), address, request_id };
        let job = jobs::background(ERASE_JOB, &format!("erase:{contact}"), &json!(payload));
        NewJob { delay: PATIENCE, ..job }
    }
}

/// Erases contacts.
#[derive(Clone)]
pub struct EraseContact {
    ports: Ports,
    policy: RetryPolicy,
}

/// A text that names the contact in an account's payloads.
type NameInPayloads = (ChannelAccountId, String);

impl EraseContact {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does the job of an erasure that may have been interrupted. The contact of one that was not is gone.
    pub async fn resume(&self, job: &ReservedJob) -> JobOutcome {
        let read = serde_json::from_str::<EraseJob>(&job.payload).ok();
        let Some((asked, id)) = read.and_then(|job| {
            let origin = Origin { address: job.address, request_id: job.request_id };
            Some((Asked { actor: AuditActor::parse(&job.actor)?, origin }, job.contact_id))
        }) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        match self.erase(job.tenant_id, &asked, id, None).await {
            Ok(_) | Err(EraseContactError::UnknownContact) => JobOutcome::Done,
            Err(EraseContactError::Fault(fault)) => {
                self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness)
            }
        }
    }

    /// Erases a contact. Files' bytes follow within the background lane. A contact who writes again
    /// afterwards is a new one.
    pub async fn run(&self, actor: &Actor, id: ContactId) -> Result<ErasedContact, EraseContactError> {
        actor.require(Permission::DataManage)?;
        let asked = Asked { actor: actor.author().into(), origin: actor.origin().clone() };
        self.erase(actor.tenant_id(), &asked, id, Some(asked.job(id))).await
    }

    async fn erase(
        &self,
        tenant: TenantId,
        asked: &Asked,
        id: ContactId,
        mut job: Option<NewJob>,
    ) -> Result<ErasedContact, EraseContactError> {
        let mut erased = ErasedContact::default();
        for _ in 0..MOST_ROUNDS {
            let names = self.names(tenant, id, job.take()).await?;
            self.take_conversations(tenant, id, &mut erased).await?;
            for (account, name) in &names {
                erased.webhook_events += self.empty_payloads(tenant, *account, name).await?;
            }
            if let Some((leads, identities)) = self.take_person(tenant, asked, id, &erased).await? {
                self.ports.repository.scrub().await?;
                return Ok(ErasedContact { leads, identities, ..erased });
            }
        }
        Err(Fault::Contended.into())
    }

    /// Everything that names the contact to a provider. The job is written with the first look.
    async fn names(
        &self,
        tenant: TenantId,
        id: ContactId,
        job: Option<NewJob>,
    ) -> Result<BTreeSet<NameInPayloads>, EraseContactError> {
        let session = self.ports.repository.begin(tenant).await?;
        if session.contacts().find(id).await?.is_none() {
            return Err(EraseContactError::UnknownContact);
        }
        let mut names = BTreeSet::new();
        for identity in session.purge().identities_of(id).await? {
            let own = identity.key.external_user_id;
            names.extend([Some(own), identity.alias].into_iter().flatten().map(|name| (identity.key.account_id, name)));
        }
        if let Some(job) = job {
            session.jobs().append(&[job]).await?;
            session.commit().await?;
        }
        Ok(names)
    }

    async fn take_conversations(
        &self,
        tenant: TenantId,
        id: ContactId,
        erased: &mut ErasedContact,
    ) -> Result<(), EraseContactError> {
        loop {
            let session = self.ports.repository.begin(tenant).await?;
            let conversations = session.purge().conversations_of(id, CONVERSATIONS_AT_ONCE).await?;
            drop(session);
            if conversations.is_empty() {
                return Ok(());
            }
            let taken = take_away(&self.ports, tenant, &conversations).await?;
            erased.count.conversations += taken.conversations;
            erased.count.messages += taken.messages;
            erased.count.files += taken.files;
        }
    }

    async fn empty_payloads(
        &self,
        tenant: TenantId,
        account: ChannelAccountId,
        name: &str,
    ) -> Result<u64, EraseContactError> {
        let (mut count, mut after) = (0, None);
        loop {
            let now = self.ports.clock.now();
            let session = self.ports.repository.begin(tenant).await?;
            let found = session.purge().list_events_with(account, name, after, EVENTS_AT_ONCE).await?;
            let Some((last, _)) = found.last() else { return Ok(count) };
            after = Some(*last);
            let about: Vec<_> = found.iter().filter(|(_, raw)| is_about(raw, name)).map(|(id, _)| *id).collect();
            count += session.purge().empty_events(&about, now).await?;
            session.commit().await?;
        }
    }

    /// The last step; `None` when the contact wrote meanwhile.
    async fn take_person(
        &self,
        tenant: TenantId,
        asked: &Asked,
        id: ContactId,
        erased: &ErasedContact,
    ) -> Result<Option<(u64, u64)>, EraseContactError> {
        let mut retries = Retries::default();
        loop {
            let result: Result<Option<(u64, u64)>, EraseContactError> = async {
                let session = self.ports.repository.begin(tenant).await?;
                if !session.purge().conversations_of(id, 1).await?.is_empty() {
                    return Ok(None);
                }
                let leads = session.purge().leads_of(id).await?;
                let identities = session.purge().identities_of(id).await?.len() as u64;
                let leads = session.purge().delete_leads(&leads).await?;
                if !session.purge().delete_contact(id).await? {
                    return Err(EraseContactError::UnknownContact);
                }
                let what = json!({
                    "conversations": erased.count.conversations,
                    "messages": erased.count.messages,
                    "files": erased.count.files,
                    "leads": leads,
                    "identities": identities,
                    "webhookEvents": erased.webhook_events,
                });
                let entry = AuditDraft {
                    actor: asked.actor,
                    action: AuditAction::ContactErased,
                    subject: id.into(),
                    before: None,
                    after: Some(what),
                    origin: asked.origin.clone(),
                    at: self.ports.clock.now(),
                };
                session.audit().append(entry).await?;
                session.commit().await?;
                Ok(Some((leads, identities)))
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }
}

/// Whether a payload is about who has the name: as a value of its own, not as a part of a longer text or
/// number. A payload that cannot be read goes by its letters.
fn is_about(raw: &[u8], name: &str) -> bool {
    fn holds(value: &Value, name: &str) -> bool {
        match value {
            Value::String(text) => text == name,
            Value::Number(number) => number.to_string() == name,
            Value::Array(items) => items.iter().any(|item| holds(item, name)),
            Value::Object(fields) => fields.values().any(|field| holds(field, name)),
            Value::Null | Value::Bool(_) => false,
        }
    }
    serde_json::from_slice::<Value>(raw).map_or(true, |value| holds(&value, name))
}

#[cfg(test)]
mod tests {
    use super::is_about;

    #[test]
    fn a_payload_is_about_those_whom_it_names_and_not_about_longer_names() {
        let raw = br#"{"message":{"from":{"id":12345},"text":"call U1 now","to":["U7"]}}"#;
        assert!(is_about(raw, "12345"));
        assert!(is_about(raw, "U7"));
        assert!(!is_about(raw, "1234"));
        assert!(!is_about(raw, "U1"), "a name within a text of someone else's");
        assert!(is_about(b"not JSON U1", "U1"));
    }
}
