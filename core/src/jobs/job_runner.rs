//! From a reserved job to the use case that does it.

use hubchat_ports::{JobLease, ReservedJob};

use super::{JobOutcome, RetryPolicy};
use crate::{
    DeleteFiles, Deliver, EnthroneJobs, EraseContact, FetchMedia, FetchProfile, MailJobs, NoteDeed, PROCESS_EVENT_JOB,
    Ports, ProcessInbound, Signals,
};
use crate::{
    access::{ENTHRONE_JOB, INVITATION_JOB, PASSWORD_LINK_JOB, REUSE_NOTICE_JOB},
    audit::NOTE_JOB,
    conversations::{PRESSED_JOB, SEEN_JOB, WAKE_JOB, WakeConversation},
    media::FETCH_MEDIA_JOB,
    messages::DELIVER_JOB,
    privacy::{DELETE_FILES_JOB, ERASE_JOB},
    tenants::FETCH_PROFILE_JOB,
};

/// Does reserved jobs. Cheap to clone.
#[derive(Clone)]
pub struct JobRunner {
    ports: Ports,
    policy: RetryPolicy,
    process_inbound: ProcessInbound,
    deliver: Deliver,
    fetch_profile: FetchProfile,
    fetch_media: FetchMedia,
    signals: Signals,
    delete_files: DeleteFiles,
    enthrone: EnthroneJobs,
    erase_contact: EraseContact,
    mail: MailJobs,
    note_deed: NoteDeed,
    wake_conversation: WakeConversation,
}

impl JobRunner {
    pub(crate) fn new(
        ports: Ports,
        policy: RetryPolicy,
        deliver: Deliver,
        fetch_profile: FetchProfile,
        fetch_media: FetchMedia,
        signals: Signals,
        mail: MailJobs,
    ) -> Self {
        let process_inbound = ProcessInbound::new(ports.clone(), policy);
        let delete_files = DeleteFiles::new(ports.clone(), policy);
        let wake_conversation = WakeConversation::new(ports.clone(), policy);
        let note_deed = NoteDeed::new(ports.clone(), policy);
        let erase_contact = EraseContact::new(ports.clone(), policy);
        let enthrone = EnthroneJobs::new(ports.clone(), policy);
        Self {
            ports,
            policy,
            process_inbound,
            deliver,
            fetch_profile,
            fetch_media,
            signals,
            delete_files,
            enthrone,
            erase_contact,
            mail,
            note_deed,
            wake_conversation,
        }
    }

    /// Whether jobs of this kind are done many at a time ([`run_batch`](Self::run_batch)).
    #[must_use]
    pub fn is_batched(kind: &str) -> bool {
        kind == PROCESS_EVENT_JOB
    }

    /// Does jobs of a batched kind, in order; an outcome for each.
    pub async fn run_batch(&self, jobs: &[ReservedJob]) -> Vec<(JobLease, JobOutcome)> {
        self.process_inbound.run(jobs).await
    }

    /// Does one job. The jobs of one order key must be done one after the other.
    pub async fn run(&self, job: &ReservedJob) -> JobOutcome {
        match job.kind.as_str() {
            PROCESS_EVENT_JOB => {
                let outcomes = self.process_inbound.run(std::slice::from_ref(job)).await;
                outcomes.into_iter().next().map_or(JobOutcome::Release, |(_, outcome)| outcome)
            }
            DELIVER_JOB => self.deliver.run(job).await,
            FETCH_PROFILE_JOB => self.fetch_profile.run(job).await,
            FETCH_MEDIA_JOB => self.fetch_media.run(job).await,
            DELETE_FILES_JOB => self.delete_files.run(job).await,
            WAKE_JOB => self.wake_conversation.run(job).await,
            PASSWORD_LINK_JOB | REUSE_NOTICE_JOB | INVITATION_JOB => self.mail.run(job).await,
            NOTE_JOB => self.note_deed.run(job).await,
            ERASE_JOB => self.erase_contact.resume(job).await,
            ENTHRONE_JOB => self.enthrone.run(job).await,
            SEEN_JOB | PRESSED_JOB => self.signals.run(job).await,
            _ => JobOutcome::dead("no use case takes this kind of job"),
        }
    }

    /// What becomes of a job whose attempt ended without an outcome: it panicked, or the process died.
    /// After a few such ends it is given up, so that one poisonous job cannot kill worker after worker.
    pub async fn after_crash(&self, job: &ReservedJob) -> JobOutcome {
        const MOST_CRASHES: u32 = 5;
        let error = "the attempt ended without an outcome".to_owned();
        if job.attempt < MOST_CRASHES
            && let Some(delay) = self.policy.delay_after(job.attempt, &*self.ports.randomness)
        {
            return JobOutcome::Retry { delay, error, count: hubchat_ports::AttemptCount::Counted };
        }
        match job.kind.as_str() {
            PROCESS_EVENT_JOB => match ProcessInbound::event_of(job) {
                Some(event) => self.process_inbound.give_up(job.tenant_id, event, error).await,
                None => JobOutcome::Dead { error },
            },
            DELIVER_JOB => self.deliver.give_up(job, error).await,
            _ => JobOutcome::Dead { error },
        }
    }
}
