//! Recording what became of deliveries: outcomes of a tenant that come at the same time share a
//! transaction, since whoever numbers the tenant's events keeps the next one waiting until its commit.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use hubchat_domain::{
    Activity, ActivityKind, Author, Conversation, ConversationId, DeliveryFailure, DeliveryStatus, DomainEvent,
    EventType, Message, MessageId, ReplyHandle, Sender, TenantId, Timestamp,
};
use hubchat_ports::{AccountAccess, AttemptCount, MessageRow, ReservedJob, StorageError, UnitOfWork};
use serde_json::json;

use super::deliver::still_waiting;
use crate::{
    AccountCache, Actor, Fault, Ports, RetryPolicy,
    channels::{account_changed, status_changed},
    combiner::Combiner,
    conversations::changed_event,
    fault::Retries,
    jobs::JobOutcome,
};

/// Records outcomes.
#[derive(Clone)]
pub(super) struct DeliveryResults {
    ports: Ports,
    accounts: AccountCache,
    policy: RetryPolicy,
    combiner: Combiner<TenantId, Recording, Result<(), Fault>>,
}

/// What is to be written of one message, if it still waits for its delivery.
#[derive(Clone)]
struct Recording {
    id: MessageId,
    change: Arc<dyn Fn(&mut Message) + Send + Sync>,
    activity: Option<ActivityKind>,
    /// Whether those who follow the events are told.
    tell: bool,
}

impl DeliveryResults {
    /// At most so many outcomes in one transaction.
    const TOGETHER: usize = 64;

    pub(super) fn new(ports: Ports, accounts: AccountCache, policy: RetryPolicy) -> Self {
        Self { ports, accounts, policy, combiner: Combiner::new(Self::TOGETHER) }
    }

    /// Changes a message that still waits, without anyone being told.
    pub(super) async fn change(
        &self,
        tenant: TenantId,
        id: MessageId,
        change: impl Fn(&mut Message) + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.record(tenant, Recording { id, change: Arc::new(change), activity: None, tell: false }).await
    }

    /// The provider accepted it.
    pub(super) async fn sent(&self, tenant: TenantId, id: MessageId, external: Vec<String>) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let change = move |message: &mut Message| message.mark_sent(external.clone(), now);
        let activity = Some(ActivityKind::MessageSent);
        self.record(tenant, Recording { id, change: Arc::new(change), activity, tell: true }).await
    }

    /// It will not arrive.
    pub(super) async fn failed(&self, tenant: TenantId, id: MessageId, code: &str, reason: &str) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let failure = DeliveryFailure { code: code.to_owned(), reason: reason.to_owned() };
        self.settle(tenant, id, move |message: &mut Message| message.mark_failed(failure.clone(), now)).await
    }

    /// Nobody knows.
    pub(super) async fn uncertain(&self, tenant: TenantId, id: MessageId, reason: &str) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let failure = DeliveryFailure { code: "outcome_unknown".to_owned(), reason: reason.to_owned() };
        self.settle(tenant, id, move |message: &mut Message| message.mark_uncertain(failure.clone(), now)).await
    }

    /// The attempt had no effect.
    pub(super) async fn abandoned(&self, tenant: TenantId, id: MessageId) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        self.change(tenant, id, move |message| message.abandon_attempt(now)).await
    }

    /// The attempt had no effect: the right to answer that it took goes back to the conversation, and a direct
    /// attempt that was `noted` is forgotten.
    pub(super) async fn not_sent(
        &self,
        tenant: TenantId,
        row: &MessageRow,
        handle: Option<ReplyHandle>,
        noted: bool,
    ) -> Result<(), Fault> {
        let Some(handle) = handle else {
            return if noted { self.abandoned(tenant, row.message.id).await } else { Ok(()) };
        };
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
                let before = account.record().status;
                account.mark_unauthorized(reason, now);
                session.accounts().update(&account).await?;
                session.events().append(vec![account_changed(&account, now)]).await?;
                if let Some(draft) = status_changed(&Actor::system(tenant), before, &account, now) {
                    session.audit().append(draft).await?;
                }
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
        change: impl Fn(&mut Message) + Send + Sync + 'static,
    ) -> Result<(), Fault> {
        self.record(tenant, Recording { id, change: Arc::new(change), activity: None, tell: true }).await
    }

    /// Records with whatever else of the tenant is to be recorded at this moment. To record twice changes nothing the
    /// second time: the message no longer waits.
    async fn record(&self, tenant: TenantId, recording: Recording) -> Result<(), Fault> {
        let together = |recordings: Vec<Recording>| async move {
            self.record_in_one(tenant, &recordings).await.map(|()| vec![(); recordings.len()])
        };
        self.combiner.run_repeatable(tenant, recording, together).await
    }

    async fn record_in_one(&self, tenant: TenantId, recordings: &[Recording]) -> Result<(), Fault> {
        let mut retries = Retries::default();
        loop {
            let result = self.try_record(tenant, recordings).await.map_err(Fault::from);
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    async fn try_record(&self, tenant: TenantId, recordings: &[Recording]) -> Result<(), StorageError> {
        let now = self.ports.clock.now();
        let session = self.ports.repository.begin(tenant).await?;
        let ids: Vec<MessageId> = recordings.iter().map(|recording| recording.id).collect();
        let found = session.messages().find_many(&ids).await?;
        let mut messages: HashMap<MessageId, Message> = found.into_iter().map(|m| (m.record().id, m)).collect();
        let (mut changed, mut activities, mut events) = (BTreeSet::new(), Vec::new(), Vec::new());
        for recording in recordings {
            let Some(message) = messages.get_mut(&recording.id) else { continue };
            if !still_waiting(message) {
                continue;
            }
            (recording.change)(message);
            let record = message.record();
            changed.insert(record.id);
            activities.extend(recording.activity.map(|kind| Activity {
                id: self.ports.next_id(),
                lead_id: record.lead_id,
                kind,
                author: author_of(&record.sender),
                detail: json!({"messageId": record.id, "messageType": record.content.kind()}),
                at: now,
            }));
            events.extend(recording.tell.then(|| DomainEvent {
                event_type: EventType::MessageUpdated,
                lead_id: Some(record.lead_id),
                conversation_id: Some(record.conversation_id),
                message_id: Some(record.id),
                data: json!({"deliveryStatus": record.delivery_status, "failure": record.failure}),
                at: now,
            }));
        }
        if changed.is_empty() {
            return Ok(());
        }
        let changed: Vec<Message> = changed.iter().filter_map(|id| messages.remove(id)).collect();
        session.messages().update_many(&changed).await?;
        let failed = |message: &&Message| {
            message.record().delivery_status == DeliveryStatus::Failed && message.record().content.kind().answers()
        };
        let failed: Vec<&Message> = changed.iter().filter(failed).collect();
        if !failed.is_empty() {
            events.extend(note_failures(&*session, &failed, now).await?);
        }
        if !activities.is_empty() {
            session.activities().append(&activities).await?;
        }
        if !events.is_empty() {
            session.events().append(events).await?;
        }
        session.commit().await
    }
}

/// So far back an answer is sought that came after one that failed, and what the customer said since.
const NEWEST: u32 = 20;

/// Where answers failed and no other stands, the customer waits again, and the conversation says so.
async fn note_failures(
    session: &dyn UnitOfWork,
    failed: &[&Message],
    now: Timestamp,
) -> Result<Vec<DomainEvent>, StorageError> {
    let threads: BTreeSet<ConversationId> = failed.iter().map(|message| message.record().conversation_id).collect();
    let threads: Vec<ConversationId> = threads.into_iter().collect();
    let mut conversations = session.conversations().find_many(&threads).await?;
    conversations.retain(|conversation| conversation.record().waiting_since.is_none());
    let threads: Vec<ConversationId> = conversations.iter().map(|conversation| conversation.record().id).collect();
    let newest = session.messages().find_newest(&threads, NEWEST).await?;
    conversations.retain_mut(|conversation| {
        let id = conversation.record().id;
        let own = failed.iter().filter(|message| message.record().conversation_id == id);
        // The last of them tells: what stands must have come after all that failed.
        own.max_by_key(|message| message.record().seq).is_some_and(|last| conversation.note_failed(last, &newest, now))
    });
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    session.conversations().update_many(&conversations).await?;
    let told = |conversation: &Conversation| {
        changed_event(conversation, json!({"waitingSince": conversation.record().waiting_since}), now)
    };
    Ok(conversations.iter().map(told).collect())
}

pub(super) fn author_of(sender: &Sender) -> Author {
    match sender {
        Sender::ApiKey { id, .. } => Author::ApiKey { id: *id },
        Sender::Member { id } => Author::Member { id: *id },
        Sender::Contact { .. } | Sender::NativeApp | Sender::System => Author::System,
    }
}
