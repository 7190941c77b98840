//! Delivering one message: which door, one attempt, and what its outcome means.
//!
//! The promise is that a customer never gets a message twice and an agent always sees what became of
//! it. So every attempt that could not be repeated safely is noted before its bytes leave.

use std::{sync::Arc, time::Duration};

use hubchat_domain::{
    AccountStatus, AttemptRoute, ChannelAccountId, ConversationRecord, DeliveryAttempt, DeliveryStatus, MediaRecord,
    Message, MessageId, MessageKind, ReplyHandle, SendFacts, SendMode, TenantId, send_options,
};
use hubchat_ports::{
    AccountAccess, Lane, MessageRow, OutgoingFile, OutgoingRow, Quota, ReservedJob, SendError, SendRequest,
};
use serde::Deserialize;

use super::{
    circuits::{Circuits, Hold, InFlight},
    delivery_result::DeliveryResults,
    outgoing::OutgoingMessages,
    private_reply::PrivateReplies,
    send_message::waiting_reason,
};
use crate::{AccountCache, Fault, MediaDoor, MediaVariant, Ports, RetryPolicy, fault::Retries, jobs::JobOutcome};

/// The kind of the job that each message to be sent gets.
pub(crate) const DELIVER_JOB: &str = "outbound.deliver.v1";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliverJob {
    message_id: MessageId,
}

/// How a message is to go out now.
enum Plan {
    /// By this handle, noted as used; `resumed` when an earlier attempt with it has no known outcome.
    Reply { handle: ReplyHandle, resumed: bool },
    /// Of our own accord.
    Direct,
    /// Not at all: an earlier attempt has no known outcome and cannot be repeated.
    Unknowable,
}

/// Delivers messages.
#[derive(Clone)]
pub struct Deliver {
    ports: Ports,
    accounts: AccountCache,
    media: MediaDoor,
    policy: RetryPolicy,
    outgoing: OutgoingMessages,
    results: DeliveryResults,
    private_replies: PrivateReplies,
    circuits: Circuits,
}

impl Deliver {
    /// How long sends wait before an inactive account is looked at again; new credentials hasten them.
    const INACTIVE_WAIT: Duration = Duration::from_secs(30);

    pub(crate) fn new(ports: Ports, accounts: AccountCache, media: MediaDoor, policy: RetryPolicy) -> Self {
        let results = DeliveryResults::new(ports.clone(), accounts.clone(), policy);
        let outgoing = OutgoingMessages::new(ports.clone());
        let private_replies = PrivateReplies::new(ports.clone());
        Self { ports, accounts, media, policy, outgoing, results, private_replies, circuits: Circuits::default() }
    }

    /// Does one delivery job.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<DeliverJob>(&job.payload) else {
            return JobOutcome::dead("the payload cannot be read");
        };
        match self.deliver(job, payload.message_id).await {
            Ok(outcome) => outcome,
            Err(fault) => {
                tracing::warn!(
                    job.id = job.lease.job_id.0,
                    tenant.id = %job.tenant_id,
                    message.id = %payload.message_id,
                    error = &fault as &dyn std::error::Error,
                    "a delivery could not be recorded"
                );
                match self.policy.after_fault(job.attempt, &fault, &*self.ports.randomness) {
                    JobOutcome::Dead { error } => self.give_up(job, error).await,
                    later => later,
                }
            }
        }
    }

    /// Gives a delivery up whose attempts keep ending without an outcome.
    pub(crate) async fn give_up(&self, job: &ReservedJob, error: String) -> JobOutcome {
        let Ok(payload) = serde_json::from_str::<DeliverJob>(&job.payload) else {
            return JobOutcome::Dead { error };
        };
        match self.results.uncertain(job.tenant_id, payload.message_id, &error).await {
            Ok(()) => JobOutcome::Dead { error },
            Err(fault) => JobOutcome::wait(Duration::from_secs(2), fault.to_string()),
        }
    }

    async fn deliver(&self, job: &ReservedJob, id: MessageId) -> Result<JobOutcome, Fault> {
        let tenant = job.tenant_id;
        let Some(OutgoingRow { row, conversation: thread }) = self.outgoing.find(tenant, id).await? else {
            return Ok(JobOutcome::dead("the message is gone"));
        };
        if row.message.delivery_status != DeliveryStatus::Queued {
            return Ok(JobOutcome::Done);
        }
        let Some(access) = self.accounts.by_id(tenant, row.message.account_id).await? else {
            self.results.failed(tenant, id, "channel_gone", "the channel account was removed").await?;
            return Ok(JobOutcome::Done);
        };
        if access.account.status == AccountStatus::Removed {
            self.results.failed(tenant, id, "channel_gone", "the channel account was removed").await?;
            return Ok(JobOutcome::Done);
        }
        if !access.account.status.is_usable() {
            return Ok(JobOutcome::wait(Self::INACTIVE_WAIT, waiting_reason(access.account.status)));
        }
        let adapter = Arc::clone(match self.ports.channels.get(access.account.channel_type) {
            Ok(adapter) => adapter,
            Err(unknown) => return Ok(JobOutcome::wait(Self::INACTIVE_WAIT, unknown.to_string())),
        });
        let capabilities = adapter.capabilities();
        if let Err(wait) = self.take_place(access.account.id, capabilities.sends_per_second).await {
            return Ok(JobOutcome::wait(wait, "the account's send limit is reached"));
        }
        let keyed = capabilities.idempotent_send;
        let facts = SendFacts { conversation: &thread, reachable: true, kinds: capabilities.send_kinds };
        let chosen = send_options(&facts, self.ports.clock.now());
        let mode = match chosen.choose(&row.message.content, row.message.sender.is_person()) {
            Ok(mode) => mode,
            // Whatever an earlier attempt began is settled by the plan.
            Err(_) if row.message.attempt.is_some() => SendMode::Standard,
            Err(refusal) => {
                let code = refusal.as_str().to_ascii_lowercase();
                self.results.failed(tenant, id, &code, refusal.words()).await?;
                return Ok(JobOutcome::Done);
            }
        };
        let in_flight = match self.circuits.enter(access.account.id, self.ports.clock.now()) {
            Ok(in_flight) => in_flight,
            Err(Hold::Open(wait)) => {
                return Ok(JobOutcome::wait(wait, "the provider does not answer for this account"));
            }
            Err(Hold::Full(wait)) => {
                return Ok(JobOutcome::wait(wait, "enough of the account's sends are on their way"));
            }
        };
        let mut plan = self.plan(job, &row, &thread, keyed).await?;
        loop {
            let request = match &plan {
                Plan::Unknowable => {
                    self.results.uncertain(tenant, id, "an earlier attempt ended without an answer").await?;
                    return Ok(JobOutcome::Done);
                }
                Plan::Reply { handle, .. } => self.request(&row, &thread, mode, Some(handle.clone())),
                Plan::Direct => {
                    if keyed.is_none() {
                        self.note_direct_attempt(tenant, id).await?;
                    }
                    self.request(&row, &thread, mode, None)
                }
            };
            let result = adapter.send(&access, &request).await;
            self.note_answer(job.tenant_id, &in_flight, &result).await?;
            match (result, &plan) {
                (Err(SendError::ReplyHandleRefused { .. }), Plan::Reply { resumed: false, .. }) => {
                    // This attempt had no effect and no other used the handle for this message.
                    self.results.abandoned(tenant, id).await?;
                    plan = Plan::Direct;
                }
                (Err(SendError::ReplyHandleRefused { .. }), _) => {
                    let why = "the first answer was lost, and the right to reply is used up or expired since";
                    self.results.uncertain(tenant, id, why).await?;
                    return Ok(JobOutcome::Done);
                }
                (Ok(sent), _) if mode == SendMode::PrivateReply => {
                    self.private_replies.sent(tenant, id, &sent).await?;
                    return Ok(JobOutcome::Done);
                }
                (result, _) => return self.conclude(job, &row, &access, result, &plan, keyed).await,
            }
        }
    }

    /// Notes whether the provider answered at all. What waits for one that answers again need wait no longer.
    async fn note_answer(
        &self,
        tenant: TenantId,
        send: &InFlight,
        result: &Result<hubchat_ports::SentMessage, SendError>,
    ) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        if matches!(result, Err(SendError::Retry { .. } | SendError::Uncertain { .. })) {
            if self.circuits.unanswered(send, now) {
                tracing::warn!(tenant.id = %tenant, "a provider does not answer; an account's sends wait");
            }
            return Ok(());
        }
        if self.circuits.answered(send, now) {
            tracing::info!(tenant.id = %tenant, "the provider answers again; what waited goes out");
            self.ports.queue.hasten(tenant, Lane::Outbound).await?;
        }
        Ok(())
    }

    /// Takes one of the sends that the account may make, or tells how long to wait for it.
    async fn take_place(&self, account: ChannelAccountId, per_second: u32) -> Result<(), Duration> {
        let quota = Quota::new(per_second, Duration::from_secs(1)).ok_or(Self::INACTIVE_WAIT)?;
        match self.ports.rate_limiter.take(&format!("send.account:{account}"), quota).await {
            Ok(_) => Ok(()),
            Err(reached) => Err(reached.retry_after),
        }
    }

    async fn plan(
        &self,
        job: &ReservedJob,
        row: &MessageRow,
        thread: &ConversationRecord,
        keyed: Option<Duration>,
    ) -> Result<Plan, Fault> {
        let now = self.ports.clock.now();
        match (&row.message.attempt, keyed) {
            (Some(DeliveryAttempt { route: AttemptRoute::Reply { handle }, .. }), _) => {
                // A reply handle works once, so the same reply again can have no second effect.
                Ok(Plan::Reply { handle: handle.clone(), resumed: true })
            }
            (Some(DeliveryAttempt { key_used_since, .. }), Some(life)) if now.since(*key_used_since) < life => {
                Ok(Plan::Direct)
            }
            (Some(_), _) => Ok(Plan::Unknowable),
            // An attempt may have died unrecorded; the key makes a repetition safe only while it lives.
            (None, Some(life)) if job.attempt > 1 && now.since(row.message.created_at) >= life => Ok(Plan::Unknowable),
            (None, _) => {
                let offered = thread.reply_handle.as_ref().is_some_and(|handle| handle.expires_at > now);
                let handle = if offered { self.take_handle(job.tenant_id, row, thread).await? } else { None };
                Ok(handle.map_or(Plan::Direct, |handle| Plan::Reply { handle, resumed: false }))
            }
        }
    }

    /// Takes the conversation's right to answer and notes the attempt, in one transaction.
    async fn take_handle(
        &self,
        tenant: TenantId,
        row: &MessageRow,
        thread: &ConversationRecord,
    ) -> Result<Option<ReplyHandle>, Fault> {
        let mut retries = Retries::default();
        loop {
            let result: Result<Option<ReplyHandle>, Fault> = async {
                let now = self.ports.clock.now();
                let session = self.ports.repository.begin(tenant).await?;
                let Some(mut conversation) = session.conversations().find(thread.id).await? else { return Ok(None) };
                let Some(mut message) = session.messages().find(row.message.id).await? else { return Ok(None) };
                let Some(handle) = conversation.take_reply_handle(now) else { return Ok(None) };
                let route = AttemptRoute::Reply { handle: handle.clone() };
                message.begin_attempt(DeliveryAttempt { started_at: now, key_used_since: now, route }, now);
                session.conversations().update(&conversation).await?;
                session.messages().update(&message).await?;
                session.commit().await?;
                Ok(Some(handle))
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    /// Notes a direct attempt that could not be repeated, before its bytes leave.
    async fn note_direct_attempt(&self, tenant: TenantId, id: MessageId) -> Result<(), Fault> {
        let now = self.ports.clock.now();
        let attempt = DeliveryAttempt { started_at: now, key_used_since: now, route: AttemptRoute::Direct };
        self.results.change(tenant, id, move |message| message.begin_attempt(attempt.clone(), now)).await
    }

    fn request(
        &self,
        row: &MessageRow,
        thread: &ConversationRecord,
        mode: SendMode,
        reply_handle: Option<ReplyHandle>,
    ) -> SendRequest {
        // In private nobody can quote what was said in public.
        let quotes = thread.comment.is_none();
        let comment = thread.comment.as_ref().filter(|_| mode == SendMode::PrivateReply);
        SendRequest {
            message_id: row.message.id,
            thread_kind: thread.thread_kind,
            external_thread_id: thread.send_address().to_owned(),
            mode,
            comment_id: comment.and_then(|comment| comment.comment_id.clone()),
            content: row.message.content.clone(),
            file: self.outgoing_file(row),
            quote_token: row.message.quote_token.clone(),
            quoted_external_id: row.message.quoted_external_id.clone().filter(|_| quotes),
            reply_handle,
        }
    }

    fn outgoing_file(&self, row: &MessageRow) -> Option<OutgoingFile> {
        let file = row.message.content.attachment()?;
        let duration = file.duration_ms.map(Duration::from_millis);
        if let Some(url) = &file.url {
            return Some(OutgoingFile {
                url: url.clone(),
                preview_url: None,
                file_name: file.file_name.clone(),
                content_type: None,
                size: file.size,
                duration,
            });
        }
        let media: &MediaRecord = row.media.as_ref()?;
        let link = |variant| self.media.link(media, variant, MediaDoor::PROVIDER_LIFETIME).url;
        Some(OutgoingFile {
            url: link(MediaVariant::Original),
            preview_url: media.thumbnail_key.as_ref().map(|_| link(MediaVariant::Thumbnail)),
            file_name: file.file_name.clone(),
            content_type: media.content_type.clone(),
            size: file.size,
            duration,
        })
    }

    async fn conclude(
        &self,
        job: &ReservedJob,
        row: &MessageRow,
        access: &AccountAccess,
        result: Result<hubchat_ports::SentMessage, SendError>,
        plan: &Plan,
        keyed: Option<Duration>,
    ) -> Result<JobOutcome, Fault> {
        let (tenant, id) = (job.tenant_id, row.message.id);
        // What an earlier attempt may have used is not given back.
        let unused_handle = match plan {
            Plan::Reply { handle, resumed: false } => Some(handle.clone()),
            _ => None,
        };
        let is_reply = matches!(plan, Plan::Reply { .. });
        // Without a key a direct attempt was noted before its bytes left; what had no effect is forgotten again.
        let noted = keyed.is_none() && !is_reply;
        let result = if row.message.content.kind() == MessageKind::PublicReply { tried_once(result) } else { result };
        match result {
            Ok(sent) => {
                self.results.sent(tenant, id, sent.external_ids).await?;
                Ok(JobOutcome::Done)
            }
            Err(SendError::Rejected { code, reason }) => {
                self.results.failed(tenant, id, code, &reason).await?;
                Ok(JobOutcome::Done)
            }
            Err(SendError::WindowClosed { reason }) => {
                self.results.failed(tenant, id, "window_closed", &reason).await?;
                Ok(JobOutcome::Done)
            }
            Err(SendError::Unauthorized { reason }) => {
                self.results.not_sent(tenant, row, unused_handle, noted).await?;
                self.results.unauthorized(tenant, access, &reason).await?;
                Ok(JobOutcome::wait(Self::INACTIVE_WAIT, reason))
            }
            Err(SendError::RateLimited { after, reason }) => {
                self.results.not_sent(tenant, row, unused_handle, noted).await?;
                let least = self.policy.base.mul_f64(0.5 + self.ports.randomness.fraction());
                Ok(JobOutcome::wait(after.unwrap_or_default().max(least).min(Duration::from_hours(1)), reason))
            }
            Err(SendError::Retry { after, reason }) => {
                self.results.not_sent(tenant, row, unused_handle, noted).await?;
                self.results.again_or_failed(job, id, after, &reason).await
            }
            Err(SendError::Uncertain { reason }) => {
                let repeatable = keyed.is_some() || is_reply;
                if !repeatable {
                    self.results.uncertain(tenant, id, &reason).await?;
                    return Ok(JobOutcome::Done);
                }
                if !is_reply && row.message.attempt.is_none() {
                    self.note_direct_attempt(tenant, id).await?;
                }
                self.results.again_or_uncertain(job, id, &reason).await
            }
            Err(other) => {
                self.results.failed(tenant, id, "not_sent", &other.to_string()).await?;
                Ok(JobOutcome::Done)
            }
        }
    }
}

/// A public answer is tried once: what may be tried again is a failure.
fn tried_once(result: Result<hubchat_ports::SentMessage, SendError>) -> Result<hubchat_ports::SentMessage, SendError> {
    match result {
        Err(SendError::Retry { reason, .. } | SendError::RateLimited { reason, .. }) => {
            Err(SendError::Rejected { code: "tried_once", reason })
        }
        other => other,
    }
}

/// A message is only changed by a delivery while it waits for one.
pub(super) fn still_waiting(message: &Message) -> bool {
    message.record().delivery_status == DeliveryStatus::Queued
}
