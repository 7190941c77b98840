//! Processing received events: each becomes contact, lead, conversation and message, or ends ignored
//! with a reason, or dead with an error. Whole reservations share one transaction a tenant.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use hubchat_domain::{InboundEvent, TenantId, WebhookEventId};
use hubchat_ports::{AttemptCount, EventOutcome, JobLease, PendingEvent, ReservedJob, StorageError};
use serde::{Deserialize, Serialize};

use super::{accept_webhook::MISROUTED, batch::Batch};
use crate::{
    Ports,
    fault::{Fault, Retries},
    jobs::{JobOutcome, RetryPolicy},
};

/// The kind of the job that each received event gets from the intake.
pub const PROCESS_EVENT_JOB: &str = "inbound.process.v1";

/// The payload of that job.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProcessEventJob {
    webhook_event_id: WebhookEventId,
}

/// Processes received events.
#[derive(Clone)]
pub struct ProcessInbound {
    ports: Ports,
    policy: RetryPolicy,
}

impl ProcessInbound {
    pub(crate) fn new(ports: Ports, policy: RetryPolicy) -> Self {
        Self { ports, policy }
    }

    /// Does a reservation of jobs, in order; an outcome for each. What it committed stays committed
    /// when the queue is told twice: an event that no longer waits is done.
    pub async fn run(&self, jobs: &[ReservedJob]) -> Vec<(JobLease, JobOutcome)> {
        let mut outcomes = Vec::with_capacity(jobs.len());
        let mut by_tenant: BTreeMap<TenantId, Vec<(WebhookEventId, &ReservedJob)>> = BTreeMap::new();
        for job in jobs {
            match serde_json::from_str::<ProcessEventJob>(&job.payload) {
                Ok(payload) => by_tenant.entry(job.tenant_id).or_default().push((payload.webhook_event_id, job)),
                Err(_) => outcomes.push((job.lease, JobOutcome::dead("the payload cannot be read"))),
            }
        }
        for (tenant, jobs) in by_tenant {
            outcomes.extend(self.run_tenant(tenant, &jobs).await);
        }
        outcomes
    }

    async fn run_tenant(
        &self,
        tenant: TenantId,
        jobs: &[(WebhookEventId, &ReservedJob)],
    ) -> Vec<(JobLease, JobOutcome)> {
        let ids: Vec<WebhookEventId> = jobs.iter().map(|(id, _)| *id).collect();
        match self.commit_together(tenant, &ids).await {
            Ok(not_done) => jobs.iter().map(|(id, job)| (job.lease, self.outcome_of(*id, &not_done))).collect(),
            Err(Fault::Unavailable(error)) => {
                let reason = error.to_string();
                jobs.iter().map(|(_, job)| (job.lease, self.put_back(&reason))).collect()
            }
            Err(_) => self.run_one_by_one(tenant, jobs).await,
        }
    }

    /// Something among them spoils the transaction: each gets one of its own, so that siblings go on.
    /// When one goes back, its successors of the same thread go back untried.
    async fn run_one_by_one(
        &self,
        tenant: TenantId,
        jobs: &[(WebhookEventId, &ReservedJob)],
    ) -> Vec<(JobLease, JobOutcome)> {
        let mut outcomes = Vec::with_capacity(jobs.len());
        let mut held_back: Vec<&str> = Vec::new();
        for (id, job) in jobs {
            if held_back.contains(&job.order_key.as_str()) {
                outcomes.push((job.lease, JobOutcome::Release));
                continue;
            }
            let outcome = match self.commit_together(tenant, &[*id]).await {
                Ok(not_done) => self.outcome_of(*id, &not_done),
                Err(Fault::Unavailable(error)) => self.put_back(&error.to_string()),
                // Nothing is wrong with the event: its thread is busy.
                Err(fault @ Fault::Contended) => self.put_back(&fault.to_string()),
                Err(fault) => self.failed(tenant, *id, job, &fault).await,
            };
            if !outcome.is_final() {
                held_back.push(&job.order_key);
            }
            outcomes.push((job.lease, outcome));
        }
        outcomes
    }

    async fn failed(&self, tenant: TenantId, id: WebhookEventId, job: &ReservedJob, fault: &Fault) -> JobOutcome {
        tracing::error!(
            job.id = job.lease.job_id.0,
            tenant.id = %tenant,
            webhook_event.id = %id,
            job.attempt = job.attempt,
            error = fault as &dyn std::error::Error,
            "an inbound event could not be processed"
        );
        let error = fault.to_string();
        match self.policy.delay_after(job.attempt, &*self.ports.randomness) {
            Some(delay) => JobOutcome::Retry { delay, error, count: AttemptCount::Counted },
            None => self.give_up(tenant, id, error).await,
        }
    }

    /// Settles an event as dead and gives its job up.
    pub(crate) async fn give_up(&self, tenant: TenantId, id: WebhookEventId, error: String) -> JobOutcome {
        let settled: Result<(), StorageError> = async {
            let session = self.ports.repository.begin(tenant).await?;
            let outcome = EventOutcome::Dead { error: error.clone() };
            session.webhook_events().settle(&[(id, outcome)], self.ports.clock.now()).await?;
            session.commit().await
        }
        .await;
        match settled {
            Ok(()) => JobOutcome::Dead { error },
            // Someone else settled it meanwhile.
            Err(StorageError::Stale) => JobOutcome::Done,
            Err(unsettled) => self.put_back(&unsettled.to_string()),
        }
    }

    /// The event of a job, for whoever has to give the job up unread.
    pub(crate) fn event_of(job: &ReservedJob) -> Option<WebhookEventId> {
        serde_json::from_str::<ProcessEventJob>(&job.payload).ok().map(|payload| payload.webhook_event_id)
    }

    fn outcome_of(&self, id: WebhookEventId, not_done: &NotDone) -> JobOutcome {
        if not_done.waiting.contains(&id) {
            return self.put_back("it waits for the outcome of a send");
        }
        not_done.dead.get(&id).map_or(JobOutcome::Done, |error| JobOutcome::Dead { error: error.clone() })
    }

    fn put_back(&self, reason: &str) -> JobOutcome {
        let delay = Duration::from_secs(1).mul_f64(0.5 + self.ports.randomness.fraction());
        JobOutcome::Retry { delay, error: reason.to_owned(), count: AttemptCount::NotCounted }
    }

    /// Processes events of one tenant in one transaction; answers those that are not done.
    async fn commit_together(&self, tenant: TenantId, ids: &[WebhookEventId]) -> Result<NotDone, Fault> {
        let mut retries = Retries::default();
        loop {
            let result = self.try_together(tenant, ids).await.map_err(Fault::from);
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn try_together(&self, tenant: TenantId, ids: &[WebhookEventId]) -> Result<NotDone, StorageError> {
        let session = self.ports.repository.begin(tenant).await?;
        let pending = session.webhook_events().find_pending(ids).await?;
        if pending.is_empty() {
            return Ok(NotDone::default());
        }
        let mut pending: HashMap<WebhookEventId, PendingEvent> = pending.into_iter().map(|e| (e.id, e)).collect();
        let received: Vec<(PendingEvent, Result<Vec<InboundEvent>, EventOutcome>)> = ids
            .iter()
            .filter_map(|id| pending.remove(id))
            .map(|event| {
                let parsed = self.parse(&event);
                (event, parsed)
            })
            .collect();
        let mut batch = Batch::load(&self.ports, tenant, &*session, &received).await?;
        let now = self.ports.clock.now();
        let mut outcomes = Vec::with_capacity(received.len());
        let mut not_done = NotDone::default();
        for (event, parsed) in received {
            let outcome = match parsed {
                Ok(parsed) if batch.must_wait(&event, &parsed, now) => {
                    not_done.waiting.insert(event.id);
                    continue;
                }
                Ok(parsed) => batch.apply_all(&event, parsed, now),
                Err(outcome) => outcome,
            };
            outcomes.push((event.id, outcome));
        }
        batch.write(&*session).await?;
        session.webhook_events().settle(&outcomes, now).await?;
        session.commit().await?;
        not_done.dead.extend(outcomes.into_iter().filter_map(|(id, outcome)| match outcome {
            EventOutcome::Dead { error } => Some((id, error)),
            _ => None,
        }));
        Ok(not_done)
    }

    fn parse(&self, event: &PendingEvent) -> Result<Vec<InboundEvent>, EventOutcome> {
        if event.event_key.starts_with(MISROUTED) {
            return Err(EventOutcome::Ignored { reason: "misrouted".to_owned() });
        }
        let adapter = match self.ports.channels.get(event.channel_type) {
            Ok(adapter) => adapter,
            Err(unknown) => return Err(EventOutcome::Dead { error: unknown.to_string() }),
        };
        // An adapter promises not to panic; should one do it all the same, it costs this event only.
        match catch_unwind(AssertUnwindSafe(|| adapter.parse(&event.raw))) {
            Ok(Ok(parsed)) => Ok(parsed),
            Ok(Err(invalid)) => Err(EventOutcome::Dead { error: invalid.to_string() }),
            Err(_) => Err(EventOutcome::Dead { error: "the channel adapter panicked".to_owned() }),
        }
    }
}

/// Events of a reservation that did not become what they say.
#[derive(Default)]
struct NotDone {
    /// Given up, with why.
    dead: HashMap<WebhookEventId, String>,
    /// To come again: they speak of a send whose outcome is not written yet.
    waiting: HashSet<WebhookEventId>,
}
