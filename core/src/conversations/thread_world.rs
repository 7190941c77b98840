//! One thread with its members, for the tests of what colleagues do in it: what a session finds, and what it wrote.

use std::sync::{Arc, Mutex};

use hubchat_domain::{
    Activity, AuditDraft, Conversation, DomainEvent, Media, Member, MemberId, MemberRole, MemberStatus, Message,
    Visibility,
};
use hubchat_ports::{
    ActivityStore, ConversationStore, Draft, DraftRow, EventStore, IdempotencyRecord, IdempotencyStore, InsertOutcome,
    JobStore, MediaStore, MemberStore, Mention, MessageRow, MessageStore, MockActivityStore, MockConversationStore,
    MockEventStore, MockIdempotencyStore, MockInboxQueries, MockJobStore, MockMediaStore, MockMemberStore,
    MockMessageStore, MockReadingStore, MockUnitOfWork, NewJob, ReadPosition, ReadingStore,
};
use uuid::Uuid;

use crate::{
    Actor, MemberActor, Ports,
    test_ports::{TestPorts, audit_store, conversation, conversation_row, now, origin, tenant},
};

/// What is there before, and what committed and uncommitted sessions wrote.
#[derive(Clone)]
pub(crate) struct Thread {
    pub(crate) conversation: Option<Conversation>,
    pub(crate) message: Option<Message>,
    pub(crate) members: Vec<Member>,
    /// How far the members of a test have read.
    pub(crate) seen_inbound: Option<i64>,
    /// So many mentions of the member were not seen.
    pub(crate) unseen_mentions: u64,
    pub(crate) draft: Option<Draft>,
    /// A file that was uploaded.
    pub(crate) media: Option<Media>,
    pub(crate) earlier: Option<IdempotencyRecord>,
}

#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) conversations: Vec<Conversation>,
    pub(crate) messages: Vec<Message>,
    pub(crate) positions: Vec<ReadPosition>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) drafts: Vec<Draft>,
    pub(crate) activities: Vec<Activity>,
    pub(crate) events: Vec<DomainEvent>,
    pub(crate) jobs: Vec<NewJob>,
    pub(crate) audit: Vec<AuditDraft>,
    pub(crate) mentions_seen: usize,
    pub(crate) drafts_deleted: usize,
    pub(crate) commits: usize,
}

pub(crate) type Log = Arc<Mutex<Written>>;

pub(crate) fn take(log: &Log) -> Written {
    std::mem::take(&mut *log.lock().expect("not poisoned"))
}

pub(crate) fn member_id(number: u128) -> MemberId {
    Uuid::from_u128(0xe0 + number).into()
}

/// A member who acts, of those who see so far.
pub(crate) fn colleague(number: u128, visibility: Visibility) -> Actor {
    let id = Uuid::from_u128(0xe0 + number);
    let actor =
        MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role: MemberRole::Sales, visibility };
    Actor::member(tenant(), actor).from_origin(origin())
}

pub(crate) fn member(number: u128, status: MemberStatus) -> Member {
    Member {
        id: member_id(number),
        tenant_id: tenant(),
        user_id: Uuid::from_u128(0xe0 + number).into(),
        name: format!("Member {number}"),
        email: format!("m{number}@shop.example"),
        role: MemberRole::Sales,
        status,
        last_assigned_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

impl Default for Thread {
    fn default() -> Self {
        Self {
            conversation: Some(conversation(|_| ())),
            message: None,
            members: vec![
                member(1, MemberStatus::Active),
                member(2, MemberStatus::Active),
                member(3, MemberStatus::Disabled),
            ],
            seen_inbound: None,
            unseen_mentions: 0,
            draft: None,
            media: None,
            earlier: None,
        }
    }
}

impl Thread {
    /// Ports over the thread, and what is written through them.
    pub(crate) fn ports(self) -> (Ports, Log) {
        let log = Log::default();
        let mut ports = TestPorts::default().with_open_vault();
        let (world, told) = (self.clone(), Arc::clone(&log));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(world.session(&told)))
        });
        let told = Arc::clone(&log);
        ports.repository.expect_inbox().returning(move |asked| {
            assert_eq!(asked, tenant());
            Box::new(self.inbox(&told))
        });
        (ports.build(), log)
    }

    fn inbox(&self, log: &Log) -> MockInboxQueries {
        let mut inbox = MockInboxQueries::new();
        let (found, told) = (self.conversation.clone(), Arc::clone(log));
        inbox.expect_find_conversation().returning(move |viewer, id| {
            let newest = told.lock().expect("not poisoned").conversations.last().cloned();
            let there = newest.or_else(|| found.clone()).filter(|found| found.record().id == id);
            let owner = |found: &Conversation| (found.record().assigned_member_id, found.record().assigned_team_id);
            let seen = there.filter(|found| viewer.visibility.sees_owner(owner(found).0, owner(found).1));
            Ok(seen.map(|found| conversation_row(&found)))
        });
        let (known, told) = (self.message.clone(), Arc::clone(log));
        inbox.expect_find_message().returning(move |_, id| {
            let made = told.lock().expect("not poisoned").messages.last().cloned();
            let message = made.or_else(|| known.clone()).filter(|message| message.record().id == id);
            Ok(message.map(|message| MessageRow { message: message.record().clone(), media: None }))
        });
        let (draft, file) = (self.draft.clone(), self.media.as_ref().map(|media| media.record().clone()));
        inbox.expect_find_draft().returning(move |conversation, member| {
            let own = |draft: &Draft| draft.conversation_id == conversation && draft.member_id == member;
            Ok(draft.clone().filter(own).map(|draft| DraftRow { draft, file: file.clone() }))
        });
        inbox
    }

    fn readings(&self, log: &Log) -> Box<dyn ReadingStore> {
        let mut readings = MockReadingStore::new();
        let seen_inbound = self.seen_inbound;
        readings.expect_find_position().returning(move |conversation_id, member_id| {
            Ok(seen_inbound.map(|seen_inbound| ReadPosition { conversation_id, member_id, seen_inbound, at: now() }))
        });
        let told = Arc::clone(log);
        readings.expect_save_position().returning(move |position| {
            told.lock().expect("not poisoned").positions.push(*position);
            Ok(())
        });
        let told = Arc::clone(log);
        readings.expect_add_mentions().returning(move |mentions| {
            told.lock().expect("not poisoned").mentions.extend_from_slice(mentions);
            Ok(())
        });
        let (told, unseen) = (Arc::clone(log), self.unseen_mentions);
        readings.expect_see_mentions().returning(move |_, _, _| {
            told.lock().expect("not poisoned").mentions_seen += 1;
            Ok(unseen)
        });
        let told = Arc::clone(log);
        readings.expect_save_draft().returning(move |draft| {
            told.lock().expect("not poisoned").drafts.push(draft.clone());
            Ok(())
        });
        let (told, there) = (Arc::clone(log), self.draft.is_some());
        readings.expect_delete_draft().returning(move |_, _| {
            told.lock().expect("not poisoned").drafts_deleted += 1;
            Ok(there)
        });
        Box::new(readings)
    }

    fn session(&self, log: &Log) -> MockUnitOfWork {
        let mut session = MockUnitOfWork::new();
        let mut conversations = MockConversationStore::new();
        let found = self.conversation.clone();
        conversations.expect_find().returning(move |id| Ok(found.clone().filter(|found| found.record().id == id)));
        let told = Arc::clone(log);
        conversations.expect_update().returning(move |changed| {
            told.lock().expect("not poisoned").conversations.push(changed.clone());
            Ok(())
        });
        session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
        let mut messages = MockMessageStore::new();
        let known = self.message.clone();
        messages.expect_find().returning(move |id| Ok(known.clone().filter(|known| known.record().id == id)));
        let told = Arc::clone(log);
        messages.expect_insert_many().returning(move |new| {
            told.lock().expect("not poisoned").messages.extend_from_slice(new);
            Ok(vec![InsertOutcome::Inserted; new.len()])
        });
        let told = Arc::clone(log);
        messages.expect_update().returning(move |changed| {
            told.lock().expect("not poisoned").messages.push(changed.clone());
            Ok(())
        });
        session.expect_messages().return_const(Box::new(messages) as Box<dyn MessageStore>);
        let mut media = MockMediaStore::new();
        let known = self.media.clone();
        media.expect_find().returning(move |id| Ok(known.clone().filter(|known| known.record().id == id)));
        session.expect_media().return_const(Box::new(media) as Box<dyn MediaStore>);
        session.expect_readings().return_const(self.readings(log));
        let mut members = MockMemberStore::new();
        let known = self.members.clone();
        members.expect_list().returning(move || Ok(known.clone()));
        session.expect_members().return_const(Box::new(members) as Box<dyn MemberStore>);
        let mut activities = MockActivityStore::new();
        let told = Arc::clone(log);
        activities.expect_append().returning(move |new| {
            told.lock().expect("not poisoned").activities.extend_from_slice(new);
            Ok(())
        });
        session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
        let mut events = MockEventStore::new();
        let told = Arc::clone(log);
        events.expect_append().returning(move |new| {
            told.lock().expect("not poisoned").events.extend(new);
            Ok(())
        });
        session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
        let mut jobs = MockJobStore::new();
        let told = Arc::clone(log);
        jobs.expect_append().returning(move |new| {
            told.lock().expect("not poisoned").jobs.extend_from_slice(new);
            Ok(())
        });
        session.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
        let mut idempotency = MockIdempotencyStore::new();
        let earlier = self.earlier.clone();
        idempotency.expect_claim().returning(move |_, _| Ok(earlier.clone()));
        session.expect_idempotency().return_const(Box::new(idempotency) as Box<dyn IdempotencyStore>);
        let told = Arc::clone(log);
        session.expect_audit().return_const(audit_store(move |draft| {
            told.lock().expect("not poisoned").audit.push(draft);
        }));
        let told = Arc::clone(log);
        session.expect_commit().returning(move || {
            told.lock().expect("not poisoned").commits += 1;
            Ok(())
        });
        session
    }
}
