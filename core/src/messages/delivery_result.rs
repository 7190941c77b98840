//! Recording what became of a delivery: each outcome is one small transaction.

use std::time::Duration;

use hubchat_domain::{
    Activity, ActivityKind, Author, DeliveryFailure, DomainEvent, EventType, Message, MessageId, ReplyHandle, Sender,
    TenantId,
};
use hubchat_ports::{AccountAccess, AttemptCount, MessageRow, ReservedJob, StorageError};
use serde_json::json;

use super::deliver::still_waiting;
use crate::{AccountCache, Fault, Ports, RetryPolicy, fault::Retries, jobs::JobOutcome};

/// Records outcomes.
#[derive(Clone)]
pub(super) struct DeliveryResults {
    ports: Ports,
    accounts: AccountCache,
    policy: RetryPolicy,
}

impl DeliveryResults {
    pub(super) fn new(ports: Ports, accounts: AccountCache, policy: RetryPolicy) -> Self {
        Self { ports, accounts, policy }
    }

    /// Changes a message that still waits, without anyone being told.
    pub(super) async fn change(
        &self,
        tenant: TenantId,
        id: MessageId,
        change: impl Fn(&mut Message) + Send + Sync,
    ) -> Result<(), Fault> {
        self.record(tenant, id, None, &change).await
    }

    /// The provider accepted it.
    pub(super) async fn sent(&self, tenant: TenantId, id: MessageId, external: Vec<String>) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let change = |message: &mut Message| message.mark_sent(external.clone(), now);
        self.record(tenant, id, Some(ActivityKind::MessageSent), &change).await
    }

    /// It will not arrive.
    pub(super) async fn failed(&self, tenant: TenantId, id: MessageId, code: &str, reason: &str) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let failure = DeliveryFailure { code: code.to_owned(), reason: reason.to_owned() };
        self.settle(tenant, id, &|message: &mut Message| message.mark_failed(failure.clone(), now)).await
    }

    /// Nobody knows.
    pub(super) async fn uncertain(&self, tenant: TenantId, id: MessageId, reason: &str) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let failure = DeliveryFailure { code: "outcome_unknown".to_owned(), reason: reason.to_owned() };
        self.settle(tenant, id, &|message: &mut Message| message.mark_uncertain(failure.clone(), now)).await
    }

    /// The attempt had no effect.
    pub(super) async fn abandoned(&self, tenant: TenantId, id: MessageId) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        self.change(tenant, id, |message| message.abandon_attempt(now)).await
    }

    /// The attempt had no effect: the right to answer that it took goes back to the conversation.
    pub(super) async fn not_sent(
        &self,
        tenant: TenantId,
        row: &MessageRow,
        handle: Option<ReplyHandle>,
    ) -> Result<(), Fault> {
        let Some(handle) = handle else { return Ok(()) };
        let mut retries = Retries::default();
        loop {
            let result: Result<(), Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                if let Some(mut conversation) = session.conversations().find(row.message.conversation_id).await? {
                    conversation.return_reply_handle(handle.clone(), now);
                    session.conversations().update(&conversation).await?;
                }
                if let Some(mut message) = session.messages().find(row.message.id).await? {
                    message.abandon_attempt(now);
                    session.messages().update(&message).await?;
                }
                Ok(session.commit().await?)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    /// Another attempt after a while, or FAILED when that was the last.
    pub(super) async fn again_or_failed(
        &self,
        job: &ReservedJob,
        id: MessageId,
        after: Option<Duration>,
        reason: &str,
    ) -> Result<JobOutcome, Fault> {
        if let Some(delay) = self.policy.delay_no_shorter(job.attempt, after, &*self.ports.randomness) {
            return Ok(JobOutcome::Retry { delay, error: reason.to_owned(), count: AttemptCount::Counted });
        }
        self.failed(job.tenant_id, id, "attempts_exhausted", reason).await?;
        Ok(JobOutcome::dead(reason))
    }

    /// Another attempt under the same key after a while, or UNCERTAIN when that was the last.
    pub(super) async fn again_or_uncertain(
        &self,
        job: &ReservedJob,
        id: MessageId,
        reason: &str,
    ) -> Result<JobOutcome, Fault> {
        if let Some(delay) = self.policy.delay_after(job.attempt, &*self.ports.randomness) {
            return Ok(JobOutcome::Retry { delay, error: reason.to_owned(), count: AttemptCount::Counted });
        }
        self.uncertain(job.tenant_id, id, reason).await?;
        Ok(JobOutcome::dead(reason))
    }

    /// The provider refuses the credentials: the account's sends wait from now on.
    pub(super) async fn unauthorized(
        &self,
        tenant: TenantId,
        access: &AccountAccess,
        reason: &str,
    ) -> Result<(), Fault> {
        let mut retries = Retries::default();
        let result = loop {
            let result: Result<(), Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                let Some(stored) = session.accounts().find(access.account.id).await? else { return Ok(()) };
                let mut account = stored.account;
                account.mark_unauthorized(reason, now);
                session.accounts().update(&account).await?;
                session.events().append(vec![crate::channels::account_changed(&account, now)]).await?;
                Ok(session.commit().await?)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                break result;
            }
        };
        self.accounts.clear();
        tracing::error!(
            tenant.id = %tenant,
            channel_account.id = %access.account.id,
            channel.kind = %access.account.channel_type,
            "the provider refuses the account's credentials; its sends wait for new ones"
        );
        result
    }

    async fn settle(
        &self,
        tenant: TenantId,
        id: MessageId,
        change: &(dyn Fn(&mut Message) + Send + Sync),
    ) -> Result<(), Fault> {
        self.record_and_tell(tenant, id, None, change, true).await
    }

    async fn record(
        &self,
        tenant: TenantId,
        id: MessageId,
        activity: Option<ActivityKind>,
        change: &(dyn Fn(&mut Message) + Send + Sync),
    ) -> Result<(), Fault> {
        self.record_and_tell(tenant, id, activity, change, activity.is_some()).await
    }

    async fn record_and_tell(
        &self,
        tenant: TenantId,
        id: MessageId,
        activity: Option<ActivityKind>,
        change: &(dyn Fn(&mut Message) + Send + Sync),
        tell: bool,
    ) -> Result<(), Fault> {
        let mut retries = Retries::default();
        loop {
            let result = self.try_record(tenant, id, activity, change, tell).await.map_err(Fault::from);
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn try_record(
        &self,
        tenant: TenantId,
        id: MessageId,
        activity: Option<ActivityKind>,
        change: &(dyn Fn(&mut Message) + Send + Sync),
        tell: bool,
    ) -> Result<(), StorageError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let Some(mut message) = session.messages().find(id).await? else { return Ok(()) };
        if !still_waiting(&message) {
            return Ok(());
        }
        change(&mut message);
        session.messages().update(&message).await?;
        let record = message.record();
        if let Some(kind) = activity {
            let line = Activity {
                id: self.ports.next_id(),
                lead_id: record.lead_id,
                kind,
                author: author_of(&record.sender),
                detail: json!({"messageId": record.id, "messageType": record.content.kind()}),
                at: now,
            };
            session.activities().append(&[line]).await?;
        }
        if tell {
            let event = DomainEvent {
                event_type: EventType::MessageUpdated,
                lead_id: Some(record.lead_id),
                conversation_id: Some(record.conversation_id),
                message_id: Some(record.id),
                data: json!({"deliveryStatus": record.delivery_status, "failure": record.failure}),
                at: now,
            };
            session.events().append(vec![event]).await?;
        }
        session.commit().await
    }
}

fn author_of(sender: &Sender) -> Author {
    match sender {
        Sender::ApiKey { id } => Author::ApiKey { id: *id },
        Sender::Member { id } => Author::Member { id: *id },
        Sender::Contact { .. } | Sender::System => Author::System,
    }
}
