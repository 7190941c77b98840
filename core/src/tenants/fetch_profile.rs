//! Asking a channel for a customer's name and picture, in the background.

use hubchat_domain::{ContactIdentityId, ConversationRecord, DomainEvent, EventType, Profile, TenantId};
use hubchat_ports::{AttemptCount, FetchError, ProfileQuery, ReservedJob};
use serde::Deserialize;
use serde_json::json;

use crate::{AccountCache, Fault, Ports, RetryPolicy, fault::Retries, jobs::JobOutcome};

/// The kind of the job that each new identity gets.
pub(crate) const FETCH_PROFILE_JOB: &str = "profile.fetch.v1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FetchProfileJob {
    identity_id: ContactIdentityId,
}

/// Fetches profiles.
#[derive(Clone)]
pub struct FetchProfile {
    ports: Ports,
    accounts: AccountCache,
    policy: RetryPolicy,
}

impl FetchProfile {
    pub(crate) fn new(ports: Ports, accounts: AccountCache, policy: RetryPolicy) -> Self {
        Self { ports, accounts, policy }
    }

    /// Does one profile job. A profile that is not to be had is no failure: the fall-back names serve.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<FetchProfileJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        match self.fetch(job, payload.identity_id).await {
            Ok(outcome) => outcome,
            Err(fault) => self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness),
        }
    }

    async fn fetch(&self, job: &ReservedJob, id: ContactIdentityId) -> Result<JobOutcome, Fault> {
        let tenant = job.tenant_id;
        let session = self.ports.repository.begin(tenant).await?;
        let Some(person) = session.contacts().find_identity(id).await? else { return Ok(JobOutcome::Done) };
        let threads = session.conversations().find_of_identity(id).await?;
        drop(session);
        let record = person.identity.record();
        let Some(thread) = threads.first().map(|thread| thread.record().clone()) else { return Ok(JobOutcome::Done) };
        let Some(access) = self.accounts.by_id(tenant, record.key.account_id).await? else {
            return Ok(JobOutcome::Done);
        };
        let Ok(adapter) = self.ports.channels.get(record.channel_type) else { return Ok(JobOutcome::Done) };
        let query = ProfileQuery {
            thread_kind: thread.thread_kind,
            external_thread_id: thread.thread.external_thread_id.clone(),
            member: None,
        };
        match adapter.fetch_profile(&access, &query).await {
            Ok(profile) => {
                self.keep(tenant, id, &profile).await?;
                Ok(JobOutcome::Done)
            }
            Err(FetchError::NotAvailable { .. } | FetchError::Gone) => {
                self.keep(tenant, id, &Profile::default()).await?;
                Ok(JobOutcome::Done)
            }
            Err(error) => {
                let wish = if let FetchError::Retry { after, .. } = &error { *after } else { None };
                Ok(match self.policy.delay_no_shorter(job.attempt, wish, &*self.ports.randomness) {
                    Some(delay) => JobOutcome::Retry { delay, error: error.to_string(), count: AttemptCount::Counted },
                    None => JobOutcome::Dead { error: error.to_string() },
                })
            }
        }
    }

    async fn keep(&self, tenant: TenantId, id: ContactIdentityId, profile: &Profile) -> Result<(), Fault> {
        let mut retries = Retries::default();
        loop {
            let result: Result<(), Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                let Some(mut person) = session.contacts().find_identity(id).await? else { return Ok(()) };
                person.identity.learn_profile(profile, now);
                session.contacts().update_identity(&person.identity).await?;
                let mut events = Vec::new();
                if person.contact.learn_profile(profile, now) {
                    session.contacts().update(&person.contact).await?;
                    events.push(DomainEvent {
                        event_type: EventType::ContactUpdated,
                        lead_id: None,
                        conversation_id: None,
                        message_id: None,
                        data: json!({"contactId": person.contact.record().id}),
                        at: now,
                    });
                }
                let (name, avatar) = (profile.display_name.as_deref(), profile.avatar_url.as_deref());
                for mut thread in session.conversations().find_of_identity(id).await? {
                    if thread.refresh_snapshot(name, avatar, now) {
                        session.conversations().update(&thread).await?;
                        events.push(renamed(thread.record()));
                    }
                }
                if !events.is_empty() {
                    session.events().append(events).await?;
                }
                Ok(session.commit().await?)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }
}

fn renamed(thread: &ConversationRecord) -> DomainEvent {
    DomainEvent {
        event_type: EventType::ConversationUpdated,
        lead_id: Some(thread.lead_id),
        conversation_id: Some(thread.id),
        message_id: None,
        data: json!({"participant": "refreshed"}),
        at: thread.updated_at,
    }
}
