//! Changing accounts with mocks: what is tried at the provider first, and what is written then.

use std::sync::{Arc, Mutex};

use hubchat_domain::{AccountStatus, AuditAction, AuditDraft, AuditSubject, ChannelAccount, DomainEvent, Scope};
use hubchat_ports::{
    AccountCheck, AccountStore, EventStore, FetchError, MockAccountStore, MockEventStore, MockUnitOfWork,
    SealedSecrets, StorageError, StoredAccount,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{UpdateChannel, UpdateChannelCommand, UpdateChannelError, UpdatedChannel};
use crate::{
    AccountCache, ErrorCode,
    test_ports::{TestPorts, account_id, actor, audit_store, data_keys, line_adapter, now, stored_account, tenant},
};

const SECRETS: &[&str] = &["channel_secret", "access_token"];

/// A little world: an account, and what the provider answers.
struct World {
    found: Option<StoredAccount>,
    check: Option<Result<AccountCheck, FetchError>>,
    failures: Vec<StorageError>,
    scopes: Vec<Scope>,
}

#[derive(Default)]
struct Seen {
    accounts: Vec<ChannelAccount>,
    sealed: Vec<SealedSecrets>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
    commits: usize,
    checked: Vec<String>,
    hastened: usize,
}

fn told(external_id: &str) -> AccountCheck {
    AccountCheck {
        external_id: external_id.to_owned(),
        display_name: None,
        quota: None,
        webhook: None,
        subscription: None,
        expires_at: None,
    }
}

fn new_token() -> UpdateChannelCommand {
    let secrets = vec![("access_token".to_owned(), SecretString::from("new"))];
    UpdateChannelCommand { secrets, ..UpdateChannelCommand::default() }
}

impl World {
    fn new(status: AccountStatus) -> Self {
        Self {
            found: Some(stored_account(status)),
            check: None,
            failures: Vec::new(),
            scopes: vec![Scope::ChannelsManage],
        }
    }

    fn asking(status: AccountStatus, check: Result<AccountCheck, FetchError>) -> Self {
        Self { check: Some(check), ..Self::new(status) }
    }

    async fn update(self, command: UpdateChannelCommand) -> (Result<UpdatedChannel, UpdateChannelError>, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default().with_open_vault();
        ports.vault.expect_seal().returning(|_, _, plain| Ok(SealedSecrets(plain.expose_secret().to_owned())));
        let mut adapter = line_adapter(None);
        adapter.expect_secret_names().return_const(SECRETS);
        if let Some(answer) = self.check {
            let log = Arc::clone(&seen);
            adapter.expect_check().returning(move |access| {
                let secrets = access.secrets.to_sealable().expose_secret().to_owned();
                log.lock().expect("not poisoned").checked.push(secrets);
                answer.clone()
            });
        }
        ports.adapter = Some(adapter);
        let log = Arc::clone(&seen);
        ports.queue.expect_hasten().returning(move |_, _| {
            log.lock().expect("not poisoned").hastened += 1;
            Ok(0)
        });
        let (found, failures) = (self.found, Arc::new(Mutex::new(self.failures.into_iter())));
        let log = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(found.clone(), &failures, &log)))
        });
        let ports = ports.build();
        let update = UpdateChannel::new(ports.clone(), AccountCache::new(ports));
        let outcome = update.run(&actor(&self.scopes), account_id(), &command).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }
}

fn session(
    found: Option<StoredAccount>,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |asked| Ok(found.clone().filter(|_| asked == account_id())));
    let (log, failures) = (Arc::clone(seen), Arc::clone(failures));
    accounts.expect_update().returning(move |account| {
        if let Some(failure) = failures.lock().expect("not poisoned").next() {
            return Err(failure);
        }
        log.lock().expect("not poisoned").accounts.push(account.clone());
        Ok(())
    });
    let log = Arc::clone(seen);
    accounts.expect_replace_secrets().returning(move |_, sealed, version| {
        assert_eq!(version, 2);
        log.lock().expect("not poisoned").sealed.push(sealed.clone());
        Ok(())
    });
    let mut events = MockEventStore::new();
    let log = Arc::clone(seen);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_data_keys().return_const(data_keys(2));
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(seen);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    let log = Arc::clone(seen);
    session.expect_commit().returning(move || {
        log.lock().expect("not poisoned").commits += 1;
        Ok(())
    });
    session
}

#[tokio::test]
async fn a_new_token_is_tried_first_then_sealed_beside_the_old_secrets_and_what_waited_goes_out() {
    let (outcome, seen) = World::asking(AccountStatus::Unauthorized, Ok(told("Ubot"))).update(new_token()).await;
    let updated = outcome.expect("updated");
    assert_eq!((updated.account.status, updated.unchecked), (AccountStatus::Active, None));
    assert_eq!(updated.account.last_checked_at, Some(now()));
    let expected = r#"{"access_token":"new","channel_secret":"s"}"#;
    assert_eq!(seen.checked, [expected]);
    assert_eq!(seen.sealed, [SealedSecrets(expected.to_owned())]);
    assert_eq!((seen.events.len(), seen.commits, seen.hastened), (1, 1, 1));
    assert!(!seen.events[0].data.to_string().contains("new"), "no secret is told");
}

#[tokio::test]
async fn refused_credentials_and_those_of_another_account_change_nothing() {
    let refused = Err(FetchError::Unauthorized { reason: "bad token".to_owned() });
    for check in [refused, Ok(told("Uother"))] {
        let (outcome, seen) = World::asking(AccountStatus::Unauthorized, check).update(new_token()).await;
        assert_eq!(outcome.expect_err("refused").code(), "channel_credentials_refused");
        assert_eq!((seen.sealed.len(), seen.commits, seen.hastened), (0, 0, 0));
    }
}

#[tokio::test]
async fn a_provider_that_cannot_tell_does_not_stand_in_the_way() {
    let away = Err(FetchError::Retry { after: None, reason: "no connection".to_owned() });
    let (outcome, seen) = World::asking(AccountStatus::Unauthorized, away).update(new_token()).await;
    let updated = outcome.expect("updated");
    assert!(updated.unchecked.is_some_and(|reason| reason.contains("no connection")));
    assert_eq!((updated.account.status, seen.sealed.len()), (AccountStatus::Active, 1));
    assert_eq!(updated.account.last_checked_at, None);
}

#[tokio::test]
async fn a_paused_account_stays_paused_with_new_credentials_and_goes_on_when_resumed() {
    let (outcome, seen) = World::asking(AccountStatus::Paused, Ok(told("Ubot"))).update(new_token()).await;
    assert_eq!((outcome.expect("updated").account.status, seen.hastened), (AccountStatus::Paused, 0));
    let pause = |paused| UpdateChannelCommand { paused: Some(paused), ..UpdateChannelCommand::default() };
    let (outcome, seen) = World::new(AccountStatus::Paused).update(pause(false)).await;
    assert_eq!((outcome.expect("updated").account.status, seen.hastened), (AccountStatus::Active, 1));
    let (outcome, seen) = World::new(AccountStatus::Active).update(pause(true)).await;
    let account = outcome.expect("updated").account;
    assert_eq!((account.status, account.updated_at, seen.hastened), (AccountStatus::Paused, now(), 0));
    let (outcome, seen) = World::new(AccountStatus::Unauthorized).update(pause(false)).await;
    assert_eq!(outcome.expect("nothing to do").account.status, AccountStatus::Unauthorized);
    assert_eq!(seen.commits, 0, "to resume is not to know better than the provider");
}

#[tokio::test]
async fn a_name_is_trimmed_and_bounded_and_the_provider_not_asked() {
    let named = |name: &str| UpdateChannelCommand { name: Some(name.to_owned()), ..UpdateChannelCommand::default() };
    let (outcome, seen) = World::new(AccountStatus::Active).update(named(" ร้านใหม่ ")).await;
    assert_eq!((outcome.expect("updated").account.name.as_str(), seen.commits), ("ร้านใหม่", 1));
    for wrong in ["", "  ", &"ก".repeat(201)] {
        let (outcome, seen) = World::new(AccountStatus::Active).update(named(wrong)).await;
        assert_eq!((outcome.expect_err("refused").field(), seen.commits), (Some("name"), 0));
    }
}

#[tokio::test]
async fn unknown_and_empty_secrets_are_named() {
    for (name, secret) in [("no_such_secret", "x"), ("access_token", "")] {
        let secrets = vec![(name.to_owned(), SecretString::from(secret))];
        let command = UpdateChannelCommand { secrets, ..UpdateChannelCommand::default() };
        let error = World::new(AccountStatus::Active).update(command).await.0.expect_err("refused");
        assert_eq!((error.code(), error.field()), ("validation_failed", Some(name)));
    }
}

#[tokio::test]
async fn what_changed_meanwhile_is_read_again_without_asking_the_provider_twice() {
    let world = World { failures: vec![StorageError::Stale], ..World::asking(AccountStatus::Active, Ok(told("Ubot"))) };
    let (outcome, seen) = world.update(new_token()).await;
    outcome.expect("updated");
    assert_eq!((seen.checked.len(), seen.commits), (1, 1));
}

#[tokio::test]
async fn an_account_that_is_not_there_and_a_key_without_the_right_change_nothing() {
    let gone = World { found: None, ..World::new(AccountStatus::Active) };
    assert_eq!(gone.update(new_token()).await.0.expect_err("unknown").code(), "channel_not_found");
    let gone = World { found: None, ..World::new(AccountStatus::Active) };
    let pause = UpdateChannelCommand { paused: Some(true), ..UpdateChannelCommand::default() };
    assert_eq!(gone.update(pause.clone()).await.0.expect_err("unknown").code(), "channel_not_found");
    let weak = World { scopes: vec![Scope::MessagesSend], ..World::new(AccountStatus::Active) };
    assert_eq!(weak.update(pause).await.0.expect_err("forbidden").code(), "forbidden");
}

#[tokio::test]
async fn a_change_is_written_to_the_audit_log_with_the_names_of_secrets_only() {
    let (_, seen) = World::asking(AccountStatus::Unauthorized, Ok(told("Ubot"))).update(new_token()).await;
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelUpdated, &AuditSubject::from(account_id())));
    assert_eq!(entry.before, Some(json!({"status": "UNAUTHORIZED"})));
    assert_eq!(entry.after, Some(json!({"status": "ACTIVE", "replacedSecrets": ["access_token"]})));
    let rename = UpdateChannelCommand { name: Some("B".to_owned()), ..UpdateChannelCommand::default() };
    let (_, seen) = World::new(AccountStatus::Active).update(rename).await;
    let values = seen.audit.first().map(|entry| (entry.before.clone(), entry.after.clone()));
    assert_eq!(values, Some((Some(json!({"name": "LINE"})), Some(json!({"name": "B"})))));
}
