//! Looking after accounts with mocks: what is lost is repaired, what is wrong is marked, and nobody stops the walk.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, AuditSubject, ChannelAccount, ChannelAccountId, ChannelAccountRecord,
    DomainEvent, EventType, TenantId, Timestamp,
};
use hubchat_ports::{
    AccountCheck, AccountStore, EventStore, FetchError, IdempotencyRecord, IdempotencyStore, Lane, MockAccountStore,
    MockChannelAdapter, MockEventStore, MockIdempotencyStore, MockUnitOfWork, StorageError, StoredAccount,
    Subscription,
};
use uuid::Uuid;

use super::{ChannelHealth, CheckChannel, HealthCount};
use crate::{
    AccountCache, Fault,
    test_ports::{TestPorts, account_id, audit_store, line_adapter, now, stored_account, tenant},
};

type Check = Result<AccountCheck, FetchError>;

/// What storage answers when an account is claimed for this hour.
type Claim = fn(&IdempotencyRecord) -> Result<Option<IdempotencyRecord>, StorageError>;

/// A little world: accounts, and what the provider answers, call by call.
struct World {
    accounts: BTreeMap<ChannelAccountId, StoredAccount>,
    checks: Vec<Check>,
    set: Option<Result<(), FetchError>>,
    claim: Claim,
    /// An account that cannot be read.
    unreadable: Option<ChannelAccountId>,
    /// So many writes find that the account changed meanwhile.
    stale: usize,
}

#[derive(Default)]
struct Seen {
    accounts: Vec<ChannelAccount>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
    claims: Vec<IdempotencyRecord>,
    asked: usize,
    commits: usize,
    /// The addresses that the provider was told.
    set: Vec<String>,
    hastened: Vec<(TenantId, Lane)>,
}

fn told(missing: Option<&[&str]>, expires_at: Option<Timestamp>) -> AccountCheck {
    let subscription =
        missing.map(|missing| Subscription { missing: missing.iter().map(|word| (*word).to_owned()).collect() });
    let (display_name, quota, webhook) = (None, None, None);
    AccountCheck { external_id: "Ubot".to_owned(), display_name, quota, webhook, subscription, expires_at }
}

#[expect(clippy::unnecessary_wraps, reason = "an answer among others that are errors")]
fn well() -> Check {
    Ok(told(None, None))
}

#[expect(clippy::unnecessary_wraps, reason = "an answer among others that are errors")]
fn subscribed() -> Check {
    Ok(told(Some(&[]), None))
}

#[expect(clippy::unnecessary_wraps, reason = "an answer among others that are errors")]
fn lacking() -> Check {
    Ok(told(Some(&["messages", "feed"]), None))
}

fn refused() -> Check {
    Err(FetchError::Unauthorized { reason: "invalid token".to_owned() })
}

fn away() -> FetchError {
    FetchError::Retry { after: None, reason: "no connection".to_owned() }
}

/// An account with trouble that is known.
fn degraded(reason: &str) -> StoredAccount {
    let mut stored = stored_account(AccountStatus::Degraded);
    let mut record = stored.account.record().clone();
    record.status_reason = Some(reason.to_owned());
    stored.account = ChannelAccount::restore(record);
    stored
}

fn numbered(number: u128) -> StoredAccount {
    let mut stored = stored_account(AccountStatus::Active);
    let mut record = stored.account.record().clone();
    record.id = Uuid::from_u128(number).into();
    stored.account = ChannelAccount::restore(record);
    stored
}

impl World {
    fn new(account: StoredAccount, checks: Vec<Check>) -> Self {
        Self::of_accounts(vec![account], checks)
    }

    fn of_accounts(accounts: Vec<StoredAccount>, checks: Vec<Check>) -> Self {
        Self {
            accounts: accounts.into_iter().map(|stored| (stored.account.record().id, stored)).collect(),
            checks,
            set: None,
            claim: |_| Ok(None),
            unreadable: None,
            stale: 0,
        }
    }

    async fn look(self) -> (Option<ChannelHealth>, Seen) {
        self.look_again(false).await
    }

    async fn look_again(self, resubscribe: bool) -> (Option<ChannelHealth>, Seen) {
        let (check, seen) = self.build();
        let health = check.run(tenant(), account_id(), resubscribe).await.expect("looked at");
        drop(check);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (health, seen)
    }

    async fn walk(self) -> (Result<HealthCount, Fault>, Seen) {
        let (check, seen) = self.build();
        let count = check.run_all().await;
        drop(check);
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (count, seen)
    }

    fn build(self) -> (CheckChannel, Arc<Mutex<Seen>>) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        ports.intake.expect_drop_unrouted_before().returning(|moment| {
            assert_eq!(moment, now().minus(Duration::from_hours(30 * 24)));
            Ok(0)
        });
        let ids: Vec<ChannelAccountId> = self.accounts.keys().copied().collect();
        ports.directory.expect_list_accounts().returning(move |after, _| {
            // A page of one, so that the walk has to turn pages.
            let next = ids.iter().find(|id| after.is_none_or(|after| **id > after));
            Ok(next.map(|id| (tenant(), *id)).into_iter().collect())
        });
        ports.adapter = Some(self.adapter(&seen));
        let log = Arc::clone(&seen);
        ports.queue.expect_hasten().returning(move |tenant, lane| {
            log.lock().expect("not poisoned").hastened.push((tenant, lane));
            Ok(0)
        });
        let log = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(&self, &log)))
        });
        let ports = ports.build();
        (CheckChannel::new(ports.clone(), AccountCache::new(ports), None), seen)
    }

    fn adapter(&self, seen: &Arc<Mutex<Seen>>) -> MockChannelAdapter {
        let mut adapter = line_adapter(None);
        let (checks, log) = (Mutex::new(self.checks.clone().into_iter()), Arc::clone(seen));
        adapter.expect_check().returning(move |_| {
            log.lock().expect("not poisoned").asked += 1;
            checks.lock().expect("not poisoned").next().expect("a question that the test did not expect")
        });
        if let Some(answer) = self.set.clone() {
            let log = Arc::clone(seen);
            adapter.expect_set_webhook().returning(move |_, url| {
                log.lock().expect("not poisoned").set.push(url.to_owned());
                answer.clone()
            });
        }
        adapter
    }
}

fn session(world: &World, seen: &Arc<Mutex<Seen>>) -> MockUnitOfWork {
    let mut accounts = MockAccountStore::new();
    let (known, unreadable) = (world.accounts.clone(), world.unreadable);
    accounts.expect_find().returning(move |id| match unreadable {
        Some(unreadable) if unreadable == id => Err(StorageError::Corrupt { what: "account" }),
        _ => Ok(known.get(&id).cloned()),
    });
    let (log, stale) = (Arc::clone(seen), world.stale);
    accounts.expect_update().returning(move |account| {
        let mut seen = log.lock().expect("not poisoned");
        seen.accounts.push(account.clone());
        if seen.accounts.len() <= stale { Err(StorageError::Stale) } else { Ok(()) }
    });
    let mut events = MockEventStore::new();
    let log = Arc::clone(seen);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut idempotency = MockIdempotencyStore::new();
    let (log, claim) = (Arc::clone(seen), world.claim);
    idempotency.expect_claim().returning(move |record, at| {
        assert_eq!(at, now());
        log.lock().expect("not poisoned").claims.push(record.clone());
        claim(record)
    });
    let mut session = MockUnitOfWork::new();
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(seen);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    session.expect_idempotency().return_const(Box::new(idempotency) as Box<dyn IdempotencyStore>);
    let log = Arc::clone(seen);
    session.expect_commit().returning(move || {
        log.lock().expect("not poisoned").commits += 1;
        Ok(())
    });
    session
}

fn status(health: Option<&ChannelHealth>) -> Option<AccountStatus> {
    health.map(|health| health.account.status)
}

#[tokio::test]
async fn an_account_that_is_well_is_told_so_and_only_that_it_was_looked_at_is_written() {
    let (health, seen) = World::new(stored_account(AccountStatus::Active), vec![subscribed()]).look().await;
    let health = health.expect("looked at");
    assert_eq!((health.account.status, health.trouble, health.resubscribed), (AccountStatus::Active, None, false));
    assert_eq!((seen.commits, seen.asked, seen.hastened.len()), (1, 1, 0));
    assert_eq!((seen.events.len(), seen.audit.len()), (0, 0));
    let kept: Vec<_> = seen.accounts.iter().map(|account| account.record().clone()).collect();
    let before = stored_account(AccountStatus::Active).account.record().clone();
    assert_eq!(kept, [ChannelAccountRecord { last_checked_at: Some(now()), ..before }]);
}

#[tokio::test]
async fn a_lost_subscription_is_made_anew_and_asked_for_again() {
    let world = World::new(stored_account(AccountStatus::Active), vec![lacking(), subscribed()]);
    let (health, seen) = World { set: Some(Ok(())), ..world }.look().await;
    let health = health.expect("looked at");
    assert_eq!((health.trouble, health.resubscribed), (None, true));
    assert_eq!((seen.set.len(), seen.asked, seen.events.len()), (1, 2, 0));
}

#[tokio::test]
async fn a_subscription_that_still_lacks_something_marks_the_account() {
    let world = World::new(stored_account(AccountStatus::Active), vec![lacking(), lacking()]);
    let (health, seen) = World { set: Some(Ok(())), ..world }.look().await;
    let health = health.expect("looked at");
    let trouble = "the provider does not send: messages, feed";
    assert_eq!((health.trouble.as_deref(), health.resubscribed), (Some(trouble), true));
    assert_eq!(health.account.status_reason.as_deref(), Some(trouble));
    assert_eq!((health.account.status, seen.commits), (AccountStatus::Degraded, 1));
    assert_eq!(seen.events.first().map(|event| event.event_type), Some(EventType::ChannelUpdated));
}

#[tokio::test]
async fn a_subscription_that_cannot_be_made_anew_marks_the_account() {
    let world = World::new(stored_account(AccountStatus::Active), vec![lacking()]);
    let (health, _) = World { set: Some(Err(away())), ..world }.look().await;
    let health = health.expect("looked at");
    assert_eq!((health.account.status, health.resubscribed), (AccountStatus::Degraded, false));
}

#[tokio::test]
async fn a_whole_subscription_is_made_anew_when_that_is_wished() {
    let world = World::new(stored_account(AccountStatus::Active), vec![subscribed(), subscribed()]);
    let (health, seen) = World { set: Some(Ok(())), ..world }.look_again(true).await;
    assert_eq!((health.map(|health| health.resubscribed), seen.set.len()), (Some(true), 1));
}

#[tokio::test]
async fn a_channel_without_subscriptions_is_not_told_to_make_one() {
    let (health, seen) = World::new(stored_account(AccountStatus::Active), vec![well()]).look_again(true).await;
    assert_eq!((health.map(|health| health.resubscribed), seen.set.len()), (Some(false), 0));
}

#[tokio::test]
async fn credentials_that_end_within_seven_days_are_told_of() {
    let week = Duration::from_hours(7 * 24);
    for (ends, expected) in [
        (now().plus(week), AccountStatus::Active),
        (now().plus(week.saturating_sub(Duration::from_secs(1))), AccountStatus::Degraded),
        (now().minus(week), AccountStatus::Degraded),
    ] {
        let check = Ok(told(None, Some(ends)));
        let (health, _) = World::new(stored_account(AccountStatus::Active), vec![check]).look().await;
        assert_eq!(status(health.as_ref()), Some(expected), "{ends}");
    }
}

#[tokio::test]
async fn refused_credentials_mark_the_account_and_hasten_nothing() {
    let (health, seen) = World::new(stored_account(AccountStatus::Active), vec![refused()]).look().await;
    let account = health.expect("looked at").account;
    assert_eq!(
        (account.status, account.status_reason.as_deref()),
        (AccountStatus::Unauthorized, Some("invalid token"))
    );
    assert_eq!((seen.commits, seen.events.len(), seen.hastened.len()), (1, 1, 0));
}

#[tokio::test]
async fn an_account_that_is_right_again_is_active_and_what_waited_goes_out() {
    for account in [degraded("the provider does not send: feed"), stored_account(AccountStatus::Unauthorized)] {
        let (health, seen) = World::new(account, vec![subscribed()]).look().await;
        let account = health.expect("looked at").account;
        assert_eq!((account.status, account.status_reason), (AccountStatus::Active, None));
        assert_eq!((seen.commits, seen.hastened.as_slice()), (1, &[(tenant(), Lane::Outbound)][..]));
    }
}

#[tokio::test]
async fn trouble_that_is_known_already_is_not_told_again() {
    let known = degraded("the provider does not send: messages, feed");
    let world = World { set: Some(Err(away())), ..World::new(known, vec![lacking()]) };
    let (health, seen) = world.look().await;
    assert_eq!((status(health.as_ref()), seen.events.len()), (Some(AccountStatus::Degraded), 0));
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_says_nothing_about_the_account() {
    for account in
        [stored_account(AccountStatus::Active), degraded("feed"), stored_account(AccountStatus::Unauthorized)]
    {
        let before = account.account.record().status;
        let (health, seen) = World::new(account, vec![Err(away())]).look().await;
        assert_eq!((status(health.as_ref()), seen.commits), (Some(before), 0));
        assert_eq!(health.and_then(|health| health.account.last_checked_at), None);
    }
}

#[tokio::test]
async fn a_paused_account_stays_paused_whatever_is_found() {
    for check in [well(), refused()] {
        let (health, seen) = World::new(stored_account(AccountStatus::Paused), vec![check]).look().await;
        assert_eq!((status(health.as_ref()), seen.events.len()), (Some(AccountStatus::Paused), 0));
    }
}

#[tokio::test]
async fn an_account_that_is_gone_or_removed_is_not_looked_at() {
    let removed = World::new(stored_account(AccountStatus::Removed), Vec::new());
    for world in [World::of_accounts(Vec::new(), Vec::new()), removed] {
        let (health, seen) = world.look().await;
        assert!(health.is_none() && seen.asked == 0 && seen.commits == 0);
    }
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_is_read_again_without_asking_twice() {
    let world = World::new(stored_account(AccountStatus::Active), vec![refused()]);
    let (health, seen) = World { stale: 1, ..world }.look().await;
    assert_eq!(status(health.as_ref()), Some(AccountStatus::Unauthorized));
    assert_eq!((seen.asked, seen.commits), (1, 1));
}

#[tokio::test]
async fn the_walk_turns_pages_and_counts_who_is_well() {
    let accounts = vec![numbered(1), numbered(2), numbered(3)];
    let (count, seen) = World::of_accounts(accounts, vec![well(), refused(), well()]).walk().await;
    assert_eq!(count.expect("walked"), HealthCount { well: 2, ill: 1 });
    let hour = now().as_millis() / 3_600_000;
    let keys: Vec<String> = seen.claims.iter().map(|claim| claim.key.clone()).collect();
    assert_eq!(keys, [1, 2, 3].map(|number| format!("{}:{hour}", Uuid::from_u128(number))));
}

#[tokio::test]
async fn an_account_that_another_process_looks_at_is_left_to_it() {
    let taken: Claim = |record| Ok((record.resource_id == Uuid::from_u128(1)).then(|| record.clone()));
    let world = World::of_accounts(vec![numbered(1), numbered(2)], vec![well()]);
    let (count, seen) = World { claim: taken, ..world }.walk().await;
    assert_eq!(count.expect("walked"), HealthCount { well: 1, ill: 0 });
    assert_eq!(seen.asked, 1);
}

#[tokio::test]
async fn an_account_that_cannot_be_read_does_not_stop_the_walk() {
    let world = World::of_accounts(vec![numbered(1), numbered(2)], vec![well()]);
    let (count, _) = World { unreadable: Some(Uuid::from_u128(1).into()), ..world }.walk().await;
    assert_eq!(count.expect("walked"), HealthCount { well: 1, ill: 1 });
}

#[tokio::test]
async fn an_account_that_cannot_be_claimed_does_not_stop_the_walk() {
    let busy: Claim = |record| {
        let busy = record.resource_id == Uuid::from_u128(1);
        if busy { Err(StorageError::Contention("busy".into())) } else { Ok(None) }
    };
    let world = World::of_accounts(vec![numbered(1), numbered(2)], vec![well()]);
    let (count, _) = World { claim: busy, ..world }.walk().await;
    assert_eq!(count.expect("walked"), HealthCount { well: 1, ill: 1 });
}

#[tokio::test]
async fn an_account_with_trouble_counts_as_ill() {
    let soon = Ok(told(None, Some(now())));
    let (count, _) = World::of_accounts(vec![numbered(1)], vec![soon]).walk().await;
    assert_eq!(count.expect("walked"), HealthCount { well: 0, ill: 1 });
}

#[tokio::test]
async fn a_status_that_a_look_changes_is_written_to_the_audit_log_as_the_systems_doing() {
    let (_, seen) = World::new(stored_account(AccountStatus::Active), vec![refused()]).look().await;
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelStatusChanged, &AuditSubject::from(account_id())));
    assert_eq!(entry.actor, hubchat_domain::AuditActor::System);
    assert_eq!(entry.after, Some(serde_json::json!({"status": "UNAUTHORIZED"})));
}
