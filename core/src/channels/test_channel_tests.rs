//! Testing accounts with mocks: what the provider tells is kept, what it cannot tell changes nothing.

use std::sync::{Arc, Mutex};

use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, AuditSubject, ChannelAccount, ChannelType, DomainEvent, EventType, Scope,
    TenantId,
};
use hubchat_ports::{
    AccountCheck, AccountStore, EventStore, FetchError, Lane, MockAccountStore, MockEventStore, MockUnitOfWork,
    QueueError, SealedSecrets, StorageError, StoredAccount, VaultError, WebhookTest,
};
use secrecy::SecretString;
use serde_json::json;

use super::{ChannelTestReport, TestChannel, TestChannelError};
use crate::{
    AccountCache, ErrorCode,
    account_cache::seal_context,
    test_ports::{TestPorts, account_id, actor, audit_store, line_adapter, now, stored_account, tenant, wrapped_key},
};

/// A little world: an account as each session finds it, and what the provider answers.
struct World {
    /// As the first session finds it, the second and so on; the last one stays.
    accounts: Vec<Option<StoredAccount>>,
    check: Option<Result<AccountCheck, FetchError>>,
    set: Option<Result<(), FetchError>>,
    webhook: Option<Result<WebhookTest, FetchError>>,
    public_url: Option<String>,
    failures: Vec<StorageError>,
    vault_refuses: bool,
    queue_fails: bool,
    scopes: Vec<Scope>,
    /// Who holds the provider's id already.
    holder: Option<StoredAccount>,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    accounts: Vec<ChannelAccount>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
}

#[derive(Default)]
struct Seen {
    commits: Vec<Written>,
    begun: usize,
    /// The calls to the provider, in order, with the address if one was told.
    calls: Vec<(&'static str, String)>,
    hastened: Vec<(TenantId, Lane)>,
}

type Outcome = Result<ChannelTestReport, TestChannelError>;

fn told() -> AccountCheck {
    AccountCheck {
        external_id: "Ubot".to_owned(),
        display_name: None,
        quota: None,
        webhook: None,
        subscription: None,
        expires_at: None,
    }
}

fn webhook_test(success: bool) -> WebhookTest {
    WebhookTest { success, reason: "OK".to_owned(), at: None }
}

fn refused() -> FetchError {
    FetchError::Unauthorized { reason: "invalid token".to_owned() }
}

fn away() -> FetchError {
    FetchError::Retry { after: None, reason: "no connection".to_owned() }
}

fn nameless(status: AccountStatus) -> StoredAccount {
    let stored = stored_account(status);
    let mut record = stored.account.record().clone();
    record.external_id = None;
    StoredAccount { account: ChannelAccount::restore(record), ..stored }
}

impl World {
    fn new(status: AccountStatus, check: Result<AccountCheck, FetchError>) -> Self {
        Self {
            accounts: vec![Some(stored_account(status))],
            check: Some(check),
            set: None,
            webhook: None,
            public_url: None,
            failures: Vec::new(),
            vault_refuses: false,
            queue_fails: false,
            scopes: vec![Scope::ChannelsManage],
            holder: None,
        }
    }

    async fn test(self, set_webhook: bool) -> (Outcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default();
        let vault_refuses = self.vault_refuses;
        ports.vault.expect_open().returning(move |key, context, sealed| {
            assert_eq!(*key, wrapped_key(1));
            assert_eq!(context, seal_context(tenant(), account_id()));
            assert_eq!(*sealed, SealedSecrets("sealed".to_owned()));
            if vault_refuses { Err(VaultError::Refused) } else { Ok(SecretString::from(r#"{"channel_secret":"s"}"#)) }
        });
        let holder = self.holder;
        ports.directory.expect_find_account_by_external_id().returning(move |channel, external_id| {
            assert_eq!((channel, external_id), (ChannelType::Line, "Ubot"));
            Ok(holder.clone())
        });
        let mut adapter = line_adapter(None);
        if let Some(answer) = self.check {
            let log = Arc::clone(&seen);
            adapter.expect_check().returning(move |access| {
                assert!(access.secrets.get("channel_secret").is_some());
                log.lock().expect("not poisoned").calls.push(("check", String::new()));
                answer.clone()
            });
        }
        if let Some(answer) = self.set {
            let log = Arc::clone(&seen);
            adapter.expect_set_webhook().returning(move |_, url| {
                log.lock().expect("not poisoned").calls.push(("set", url.to_owned()));
                answer.clone()
            });
        }
        if let Some(answer) = self.webhook {
            let log = Arc::clone(&seen);
            adapter.expect_test_webhook().returning(move |_, url| {
                log.lock().expect("not poisoned").calls.push(("test", url.to_owned()));
                answer.clone()
            });
        }
        ports.adapter = Some(adapter);
        let (log, queue_fails) = (Arc::clone(&seen), self.queue_fails);
        ports.queue.expect_hasten().returning(move |tenant, lane| {
            log.lock().expect("not poisoned").hastened.push((tenant, lane));
            if queue_fails { Err(QueueError::Unavailable("no connection".into())) } else { Ok(1) }
        });
        let (accounts, failures) = (self.accounts, Arc::new(Mutex::new(self.failures.into_iter())));
        let log = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let mut seen = log.lock().expect("not poisoned");
            let account = accounts.get(seen.begun).or(accounts.last()).cloned().flatten();
            seen.begun += 1;
            Ok(Box::new(session(account, &failures, &log)))
        });
        let ports = ports.build();
        let test = TestChannel::new(ports.clone(), AccountCache::new(ports), self.public_url);
        let outcome = test.run(&actor(&self.scopes), account_id(), set_webhook).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    account: Option<StoredAccount>,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |id| {
        assert_eq!(id, account_id());
        Ok(account.clone())
    });
    let (log, failures) = (Arc::clone(&written), Arc::clone(failures));
    accounts.expect_update().returning(move |account| {
        log.lock().expect("not poisoned").accounts.push(account.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
    });
    let mut events = MockEventStore::new();
    let log = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(&written);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    let log = Arc::clone(seen);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        log.lock().expect("not poisoned").commits.push(written);
        Ok(())
    });
    session
}

/// Whether nothing was written but when the provider told of the account.
fn only_checked(seen: &Seen) -> bool {
    let [written] = seen.commits.as_slice() else { return false };
    let checked = written.accounts.iter().all(|account| account.record().last_checked_at == Some(now()));
    checked && written.events.is_empty() && written.audit.is_empty()
}

#[tokio::test]
async fn a_healthy_account_is_reported_and_only_that_it_was_asked_about_is_written() {
    let (outcome, seen) = World::new(AccountStatus::Active, Ok(told())).test(false).await;
    let report = outcome.expect("tested");
    assert_eq!((report.check.clone(), report.account.status), (Ok(told()), AccountStatus::Active));
    assert!(report.is_healthy() && report.expected_webhook_url.is_none() && report.webhook_test.is_none());
    assert_eq!(report.account.last_checked_at, Some(now()));
    assert!(only_checked(&seen));
    assert_eq!(seen.hastened, [(tenant(), Lane::Outbound)], "what still waits need wait no longer");
}

#[tokio::test]
async fn refused_credentials_mark_the_account_and_others_learn_of_it() {
    let (outcome, seen) = World::new(AccountStatus::Active, Err(refused())).test(false).await;
    let report = outcome.expect("a test with a bad result is a test");
    assert_eq!((report.check.clone(), report.is_healthy()), (Err(refused()), false));
    let account = report.account;
    assert_eq!(
        (account.status, account.status_reason.as_deref()),
        (AccountStatus::Unauthorized, Some("invalid token"))
    );
    let [written] = seen.commits.as_slice() else { panic!("one commit") };
    assert_eq!(written.accounts.iter().map(ChannelAccount::record).collect::<Vec<_>>(), [&account]);
    let [event] = written.events.as_slice() else { panic!("one event") };
    assert_eq!((event.event_type, event.at), (EventType::ChannelUpdated, now()));
    let told = json!({
        "channelAccountId": account_id(), "channelType": "LINE",
        "status": "UNAUTHORIZED", "statusReason": "invalid token",
    });
    assert_eq!(event.data, told);
}

#[tokio::test]
async fn accepted_credentials_make_the_account_active_again_and_send_what_waited() {
    let (outcome, seen) = World::new(AccountStatus::Unauthorized, Ok(told())).test(false).await;
    let account = outcome.expect("tested").account;
    assert_eq!((account.status, account.status_reason), (AccountStatus::Active, None));
    assert_eq!((seen.commits.len(), seen.hastened), (1, vec![(tenant(), Lane::Outbound)]));
}

#[tokio::test]
async fn an_account_that_was_switched_off_stays_so_whatever_the_provider_says() {
    for check in [Ok(told()), Err(refused())] {
        let (outcome, seen) = World::new(AccountStatus::Paused, check).test(false).await;
        assert_eq!(outcome.expect("tested").account.status, AccountStatus::Paused);
        assert!(only_checked(&seen) && seen.hastened.is_empty());
    }
}

#[tokio::test]
async fn a_provider_that_cannot_tell_changes_nothing() {
    let answers =
        [away(), FetchError::NotReady, FetchError::Gone, FetchError::NotAvailable { reason: "later".to_owned() }];
    for answer in answers {
        for status in [AccountStatus::Active, AccountStatus::Unauthorized] {
            let (outcome, seen) = World::new(status, Err(answer.clone())).test(false).await;
            let report = outcome.expect("tested");
            assert_eq!((report.account.status, report.is_healthy()), (status, false));
            assert_eq!(report.check, Err(answer.clone()));
            assert!(seen.commits.is_empty() && seen.hastened.is_empty());
        }
    }
}

#[tokio::test]
async fn the_providers_id_is_learnt_when_it_was_not_known_and_kept_when_it_was() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.accounts = vec![Some(nameless(AccountStatus::Active))];
    let (outcome, seen) = world.test(false).await;
    assert_eq!(outcome.expect("tested").account.external_id.as_deref(), Some("Ubot"));
    assert_eq!((seen.commits.len(), seen.hastened.len()), (1, 1));
    let other = AccountCheck { external_id: "Uother".to_owned(), ..told() };
    let (outcome, seen) = World::new(AccountStatus::Active, Ok(other)).test(false).await;
    assert_eq!(outcome.expect("tested").account.external_id.as_deref(), Some("Ubot"));
    assert!(only_checked(&seen));
}

#[tokio::test]
async fn the_webhook_is_tested_at_our_address_and_left_as_it_is() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.public_url = Some("https://chat.example.com/".to_owned());
    world.webhook = Some(Ok(webhook_test(true)));
    let (outcome, seen) = world.test(false).await;
    let report = outcome.expect("tested");
    let url = "https://chat.example.com/webhooks/line/key";
    assert_eq!((report.expected_webhook_url.as_deref(), report.is_healthy()), (Some(url), true));
    assert_eq!(seen.calls, [("check", String::new()), ("test", url.to_owned())]);
}

#[tokio::test]
async fn the_provider_is_told_our_address_before_it_tests_it() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.public_url = Some("https://chat.example.com".to_owned());
    (world.set, world.webhook) = (Some(Ok(())), Some(Ok(webhook_test(true))));
    let (outcome, seen) = world.test(true).await;
    assert!(outcome.expect("tested").is_healthy());
    let calls: Vec<_> = seen.calls.iter().map(|(call, _)| *call).collect();
    assert_eq!(calls, ["check", "set", "test"]);
}

#[tokio::test]
async fn an_address_that_could_not_be_set_is_not_tested_and_the_account_not_healthy() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.public_url = Some("https://chat.example.com".to_owned());
    world.set = Some(Err(away()));
    let report = world.test(true).await.0.expect("tested");
    assert_eq!((report.webhook_test.clone(), report.is_healthy()), (Some(Err(away())), false));
    assert_eq!(report.account.status, AccountStatus::Active, "the credentials are good all the same");
}

#[tokio::test]
async fn a_webhook_that_fails_its_test_is_not_healthy_and_marks_nothing() {
    for answer in [Ok(webhook_test(false)), Err(away())] {
        let mut world = World::new(AccountStatus::Active, Ok(told()));
        world.public_url = Some("https://chat.example.com".to_owned());
        world.webhook = Some(answer);
        let (outcome, seen) = world.test(false).await;
        assert!(!outcome.expect("tested").is_healthy());
        assert!(only_checked(&seen));
    }
}

#[tokio::test]
async fn the_webhook_is_left_alone_when_the_credentials_are_refused_or_no_address_is_configured() {
    let mut world = World::new(AccountStatus::Active, Err(refused()));
    world.public_url = Some("https://chat.example.com".to_owned());
    let report = world.test(true).await.0.expect("tested");
    assert_eq!(report.webhook_test, None);
    assert!(report.expected_webhook_url.is_some(), "what it should be is told all the same");
    let report = World::new(AccountStatus::Active, Ok(told())).test(true).await.0.expect("tested");
    assert_eq!((report.webhook_test, report.expected_webhook_url), (None, None));
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_is_read_again_and_the_provider_not_asked_twice() {
    let mut world = World::new(AccountStatus::Active, Err(refused()));
    world.failures = vec![StorageError::Stale];
    let (outcome, seen) = world.test(false).await;
    assert_eq!(outcome.expect("tested").account.status, AccountStatus::Unauthorized);
    assert_eq!((seen.begun, seen.commits.len(), seen.calls.len()), (3, 1, 1));
}

#[tokio::test]
async fn an_account_that_changes_all_the_time_is_given_up() {
    let mut world = World::new(AccountStatus::Active, Err(refused()));
    world.failures = (0..9).map(|_| StorageError::Stale).collect();
    let (outcome, seen) = world.test(false).await;
    assert_eq!((outcome.expect_err("contended").code(), seen.commits.len()), ("contended", 0));
}

#[tokio::test]
async fn an_account_that_is_not_there_is_unknown_and_the_provider_not_asked() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.accounts = vec![None];
    let (outcome, seen) = world.test(false).await;
    let error = outcome.expect_err("unknown");
    assert_eq!((error.code(), error.retry_after()), ("channel_not_found", None));
    assert!(seen.calls.is_empty());
}

#[tokio::test]
async fn an_account_that_was_removed_during_the_test_is_unknown() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.accounts = vec![Some(stored_account(AccountStatus::Active)), None];
    assert!(matches!(world.test(false).await.0, Err(TestChannelError::Unknown)));
}

#[tokio::test]
async fn an_account_of_a_channel_that_is_not_part_of_this_process_is_not_tested() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    let stored = stored_account(AccountStatus::Active);
    let mut record = stored.account.record().clone();
    record.channel_type = ChannelType::Telegram;
    world.accounts = vec![Some(StoredAccount { account: ChannelAccount::restore(record), ..stored })];
    let (outcome, seen) = world.test(false).await;
    assert_eq!(outcome.expect_err("no adapter").code(), "channel_unavailable");
    assert!(seen.calls.is_empty());
}

#[tokio::test]
async fn secrets_that_do_not_open_are_an_operators_matter_and_mark_nothing() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.vault_refuses = true;
    let (outcome, seen) = world.test(false).await;
    assert_eq!(outcome.expect_err("sealed").code(), "internal");
    assert!(seen.calls.is_empty() && seen.commits.is_empty());
}

#[tokio::test]
async fn a_queue_that_cannot_be_reached_is_told_though_the_status_is_kept() {
    let mut world = World::new(AccountStatus::Unauthorized, Ok(told()));
    world.queue_fails = true;
    let (outcome, seen) = world.test(false).await;
    assert_eq!((outcome.expect_err("no queue").code(), seen.commits.len()), ("storage_unavailable", 1));
}

#[tokio::test]
async fn a_key_that_may_not_manage_channels_tests_nothing() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.scopes = vec![Scope::InboxWrite];
    let (outcome, seen) = world.test(false).await;
    assert_eq!((outcome.expect_err("no scope").code(), seen.begun), ("forbidden", 0));
}

#[tokio::test]
async fn an_id_that_another_account_holds_is_told_and_not_learnt() {
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.accounts = vec![Some(nameless(AccountStatus::Active))];
    let mut record = stored_account(AccountStatus::Active).account.record().clone();
    record.id = uuid::Uuid::from_u128(0xeeee).into();
    world.holder =
        Some(StoredAccount { account: ChannelAccount::restore(record), ..stored_account(AccountStatus::Active) });
    let (outcome, seen) = world.test(false).await;
    assert_eq!(outcome.expect_err("held").code(), "channel_already_connected");
    assert!(seen.commits.is_empty());
}

#[tokio::test]
async fn what_a_test_changes_is_written_to_the_audit_log_without_the_providers_words() {
    let (_, seen) = World::new(AccountStatus::Active, Err(refused())).test(false).await;
    let entries: Vec<_> = seen.commits.iter().flat_map(|written| &written.audit).collect();
    let [entry] = entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelStatusChanged, &AuditSubject::from(account_id())));
    let values = (Some(json!({"status": "ACTIVE"})), Some(json!({"status": "UNAUTHORIZED"})));
    assert_eq!((entry.before.clone(), entry.after.clone()), values);
    let mut world = World::new(AccountStatus::Active, Ok(told()));
    world.accounts = vec![Some(nameless(AccountStatus::Active))];
    let (_, seen) = world.test(false).await;
    let entries: Vec<_> = seen.commits.iter().flat_map(|written| &written.audit).collect();
    let [entry] = entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.after), (AuditAction::ChannelUpdated, &Some(json!({"externalId": "Ubot"}))));
}
