//! Who a case is about: shops with accounts, members and customers, made through the ports, with ids
//! and times that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hubchat_domain::{
    AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType, Contact, ContactIdentity, Conversation,
    ConversationId, DeliveryStatus, Direction, IdentityKey, Lead, Media, MediaRecord, MediaSource, MediaStatus, Member,
    MemberId, MemberRole, MemberStatus, Message, MessageContent, MessageRecord, Sender, Team, Tenant, TenantId,
    TenantSlug, ThreadKey, ThreadKind, Timestamp, User,
};
use hubchat_ports::{
    AuditQueries, ConversationRow, DataKey, InboxQueries, InsertOutcome, Keyset, KnownIdentity, SealedSecrets,
    StoredAccount, UnitOfWork, Viewer, WrappedKey,
};
use uuid::Uuid;

use crate::StorageHarness;

/// 2026-01-01T00:00:00.123457Z and so many seconds.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_123_457 + seconds * 1_000_000)
}

/// A data key as every tenant has them here: what it holds is the vault's matter.
pub(crate) fn data_key(tenant: TenantId, version: i32) -> WrappedKey {
    WrappedKey { tenant_id: tenant, version, wrapped: format!("w1.master.{tenant}-{version}") }
}

/// A number as a count of seconds or a position; cases stay far below its limits.
pub(crate) fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap()
}

/// A harness, and new ids in rising order.
pub(crate) struct World<'a> {
    harness: &'a dyn StorageHarness,
    ids: AtomicU64,
}

/// A tenant with one account.
pub(crate) struct Shop {
    pub(crate) tenant: Tenant,
    pub(crate) account: ChannelAccount,
}

/// A customer with the lead and the conversation that they began.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) contact: Contact,
    pub(crate) identity: ContactIdentity,
    pub(crate) lead: Lead,
    pub(crate) conversation: Conversation,
}

impl<'a> World<'a> {
    pub(crate) fn new(harness: &'a dyn StorageHarness) -> Self {
        Self { harness, ids: AtomicU64::new(0) }
    }

    /// A new id, after all earlier ones.
    pub(crate) fn id<T: From<Uuid>>(&self) -> T {
        let number = self.ids.fetch_add(1, Ordering::Relaxed);
        T::from(Uuid::from_u128(0x019b_7000_0000_7000_8000_0000_0000_0000 + u128::from(number)))
    }

    pub(crate) async fn begin(&self, tenant: TenantId) -> Box<dyn UnitOfWork> {
        self.harness.repository().begin(tenant).await.unwrap()
    }

    pub(crate) fn audit(&self, tenant: TenantId) -> Box<dyn AuditQueries> {
        self.harness.repository().audit(tenant)
    }

    pub(crate) fn inbox(&self, tenant: TenantId) -> Box<dyn InboxQueries> {
        self.harness.repository().inbox(tenant)
    }

    /// A conversation as somebody sees it who sees everything.
    pub(crate) async fn seen_by_all(&self, tenant: TenantId, id: ConversationId) -> Option<ConversationRow> {
        self.inbox(tenant).find_conversation(&Viewer::SYSTEM, id).await.unwrap()
    }

    /// A tenant with nothing but its first data key.
    pub(crate) async fn tenant(&self, slug: &str) -> Tenant {
        let slug = TenantSlug::parse(slug).unwrap();
        let tenant = Tenant { id: self.id(), name: format!("Shop {slug}"), slug, created_at: at(0) };
        assert_eq!(self.add_tenant(&tenant).await, InsertOutcome::Inserted);
        let session = self.begin(tenant.id).await;
        let key = DataKey { key: data_key(tenant.id, 1), created_at: at(0), retired_at: None };
        assert_eq!(session.data_keys().insert(&key).await.unwrap(), InsertOutcome::Inserted);
        session.commit().await.unwrap();
        tenant
    }

    /// Adds a tenant in a session of its own.
    pub(crate) async fn add_tenant(&self, tenant: &Tenant) -> InsertOutcome {
        let session = self.begin(tenant.id).await;
        let outcome = session.tenants().insert(tenant).await.unwrap();
        if outcome == InsertOutcome::Inserted {
            session.commit().await.unwrap();
        }
        outcome
    }

    /// A tenant with one account of LINE.
    pub(crate) async fn shop(&self, slug: &str) -> Shop {
        let tenant = self.tenant(slug).await;
        let account = self.account(tenant.id).await;
        Shop { tenant, account }
    }

    /// One more account of a tenant.
    pub(crate) async fn account(&self, tenant: TenantId) -> ChannelAccount {
        let stored = self.new_account(tenant);
        let session = self.begin(tenant).await;
        assert_eq!(session.accounts().insert(&stored).await.unwrap(), InsertOutcome::Inserted);
        session.commit().await.unwrap();
        stored.account
    }

    /// An account that is not stored yet.
    pub(crate) fn new_account(&self, tenant: TenantId) -> StoredAccount {
        let id: Uuid = self.id();
        let account = ChannelAccount::connect(ChannelAccountRecord {
            id: id.into(),
            tenant_id: tenant,
            channel_type: ChannelType::Line,
            name: "Front desk".to_owned(),
            external_id: Some(format!("bot-{id}")),
            webhook_key: format!("key-{id}"),
            status: AccountStatus::Active,
            status_reason: None,
            last_checked_at: None,
            created_at: at(0),
            updated_at: at(0),
            version: 1,
        });
        StoredAccount { account, sealed: SealedSecrets(format!("sealed-{id}")), key: data_key(tenant, 1) }
    }

    /// A member that is not stored yet: an active seller, added at that moment.
    pub(crate) fn new_member(&self, tenant: TenantId, name: &str, created_at: Timestamp) -> Member {
        Member {
            id: self.id(),
            tenant_id: tenant,
            user_id: self.id(),
            name: name.to_owned(),
            email: format!("{}@shop.example", name.to_lowercase()),
            role: MemberRole::Sales,
            status: MemberStatus::Active,
            last_assigned_at: None,
            created_at,
            updated_at: created_at,
            version: 1,
        }
    }

    /// Stores the person behind a member, unless they are known. A member's own address may be a former one of the person's.
    pub(crate) async fn introduce(&self, member: &Member) {
        let user = User {
            id: member.user_id,
            email: format!("{}@people.example", member.user_id),
            name: member.name.clone(),
            password_hash: None,
            created_at: member.created_at,
            updated_at: member.created_at,
            version: 1,
        };
        self.harness.access().insert_user(&user).await.unwrap();
    }

    /// Stores members.
    pub(crate) async fn hire(&self, members: &[Member]) {
        for member in members {
            self.introduce(member).await;
        }
        let session = self.begin(members[0].tenant_id).await;
        for member in members {
            assert_eq!(session.members().insert(member).await.unwrap(), InsertOutcome::Inserted);
        }
        session.commit().await.unwrap();
    }

    /// A team that is not stored yet.
    pub(crate) fn new_team(&self, tenant: TenantId, name: &str) -> Team {
        let (id, name) = (self.id(), name.to_owned());
        Team { id, tenant_id: tenant, name, created_at: at(0), updated_at: at(0), version: 1 }
    }

    /// Stores a team with its members.
    pub(crate) async fn found(&self, team: &Team, members: &[MemberId]) {
        let session = self.begin(team.tenant_id).await;
        assert_eq!(session.teams().insert(team).await.unwrap(), InsertOutcome::Inserted);
        for member in members {
            assert!(session.teams().add_member(team.id, *member).await.unwrap());
        }
        session.commit().await.unwrap();
    }

    /// A place in a list behind all of its rows.
    pub(crate) fn bottom(&self) -> Keyset {
        Keyset { at: Timestamp::from_micros(i64::MIN), id: self.id() }
    }

    /// Another thread of a customer's lead that is not stored yet.
    pub(crate) fn another_thread(&self, customer: &Customer, external_thread_id: &str, now: Timestamp) -> Conversation {
        let account_id = customer.identity.record().key.account_id;
        let thread = ThreadKey { account_id, external_thread_id: external_thread_id.to_owned() };
        let lead = customer.lead.record().id;
        Conversation::begin(self.id(), (thread, ThreadKind::Group), &customer.identity, lead, now)
    }

    /// A customer that is not stored yet, who wrote to the shop's account at that moment.
    pub(crate) fn new_customer(&self, shop: &Shop, external_user: &str, now: Timestamp) -> Customer {
        let account = shop.account.record();
        let contact = Contact::first_seen(self.id(), shop.tenant.id, now);
        let key = IdentityKey { account_id: account.id, external_user_id: external_user.to_owned() };
        let identity = ContactIdentity::first_seen(self.id(), &contact, key, account.channel_type, now);
        let source = (account.id, account.channel_type);
        let lead = Lead::open(self.id(), shop.tenant.id, contact.record().id, source, now);
        let thread = ThreadKey { account_id: account.id, external_thread_id: external_user.to_owned() };
        let conversation =
            Conversation::begin(self.id(), (thread, ThreadKind::Direct), &identity, lead.record().id, now);
        Customer { contact, identity, lead, conversation }
    }

    /// Stores customers with their leads and conversations, in one session.
    pub(crate) async fn enter(&self, customers: &[Customer]) {
        let session = self.begin(customers[0].contact.record().tenant_id).await;
        let known: Vec<KnownIdentity> = customers.iter().map(Customer::known).collect();
        let outcomes = session.contacts().insert_many(&known).await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == InsertOutcome::Inserted));
        let leads: Vec<Lead> = customers.iter().map(|customer| customer.lead.clone()).collect();
        session.leads().insert_many(&leads).await.unwrap();
        let threads: Vec<Conversation> = customers.iter().map(|customer| customer.conversation.clone()).collect();
        session.conversations().insert_many(&threads).await.unwrap();
        session.commit().await.unwrap();
    }

    /// A stored customer who wrote at that moment.
    pub(crate) async fn customer(&self, shop: &Shop, external_user: &str, now: Timestamp) -> Customer {
        let customer = self.new_customer(shop, external_user, now);
        self.enter(std::slice::from_ref(&customer)).await;
        customer
    }

    /// A message of a customer that is not stored yet; its provider id is made from its own.
    pub(crate) fn new_message(&self, customer: &Customer, seq: i64, occurred_at: Timestamp) -> Message {
        let thread = customer.conversation.record();
        let id: Uuid = self.id();
        Message::received(MessageRecord {
            id: id.into(),
            tenant_id: thread.tenant_id,
            conversation_id: thread.id,
            account_id: thread.thread.account_id,
            lead_id: thread.lead_id,
            seq,
            direction: Direction::Inbound,
            sender: Sender::Contact { external_user_id: None },
            content: MessageContent::Text { text: format!("message {seq}") },
            client_message_id: None,
            external_message_id: Some(format!("m-{id}")),
            further_external_ids: Vec::new(),
            quote_token: None,
            quoted_external_id: None,
            delivery_status: DeliveryStatus::Delivered,
            failure: None,
            attempt: None,
            occurred_at,
            created_at: occurred_at,
            updated_at: occurred_at,
            sent_at: None,
            edited_at: None,
            unsent_at: None,
            former_texts: Vec::new(),
            version: 1,
        })
    }

    /// Stores messages of one tenant.
    pub(crate) async fn say(&self, messages: &[Message]) {
        let session = self.begin(messages[0].record().tenant_id).await;
        let outcomes = session.messages().insert_many(messages).await.unwrap();
        assert_eq!(outcomes, vec![InsertOutcome::Inserted; messages.len()]);
        session.commit().await.unwrap();
    }

    /// A file of a message that is not stored yet.
    pub(crate) fn new_media(&self, message: &Message) -> Media {
        let record = message.record();
        Media::expected(MediaRecord {
            id: self.id(),
            tenant_id: record.tenant_id,
            account_id: record.account_id,
            message_id: Some(record.id),
            status: MediaStatus::Pending,
            source: MediaSource::Provider { external_id: "m1".to_owned(), transcoded: true },
            content_type: None,
            size: None,
            file_name: None,
            storage_key: None,
            thumbnail_key: None,
            failure: None,
            created_at: record.created_at,
            updated_at: record.created_at,
            version: 1,
        })
    }
}

impl Customer {
    /// The contact with its identity, as the store takes them.
    pub(crate) fn known(&self) -> KnownIdentity {
        KnownIdentity { identity: self.identity.clone(), contact: self.contact.clone() }
    }
}

/// A generator of numbers that gives the same ones in every run (splitmix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(end).unwrap()).unwrap()
    }
}

/// Long enough that nothing ends by itself within a case.
pub(crate) const LONG: Duration = Duration::from_mins(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_keep_their_microseconds() {
        assert_eq!(at(0).to_string(), "2026-01-01T00:00:00.123457Z");
        assert_eq!(at(61).since(at(0)), Duration::from_secs(61));
    }

    #[test]
    fn dice_give_the_same_numbers_again() {
        let (mut one, mut two) = (Dice::new(7), Dice::new(7));
        let rolls: Vec<usize> = (0..100).map(|_| one.below(6)).collect();
        assert_eq!(rolls, (0..100).map(|_| two.below(6)).collect::<Vec<_>>());
        assert!((0..6).all(|face| rolls.contains(&face)));
    }
}
