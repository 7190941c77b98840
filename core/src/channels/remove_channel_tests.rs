//! Disconnecting accounts with mocks: the secrets go, whatever the provider says, and nothing comes in any more.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, AuditSubject, ChannelAccount, ChannelType, DomainEvent, EventType, Scope,
    TenantId,
};
use hubchat_ports::{
    AccountStore, EventStore, FetchError, Lane, MockAccountStore, MockEventStore, MockUnitOfWork, SealedSecrets,
    StorageError, StoredAccount, VaultError, WebhookHeaders,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{RemoveChannel, RemoveChannelError, RemovedChannel, TestChannel, UpdateChannel, UpdateChannelCommand};
use crate::{
    AcceptWebhook, AccountCache, ErrorCode, Ports, WebhookAddress,
    account_cache::seal_context,
    test_ports::{TestPorts, account_id, actor, audit_store, data_keys, line_adapter, now, stored_account, tenant},
};

/// A little world: an account, and what the provider says to its end.
struct World {
    found: Option<StoredAccount>,
    /// `None`: the provider is not asked.
    unset: Option<Result<(), FetchError>>,
    vault_refuses: bool,
    failures: Vec<StorageError>,
    scopes: Vec<Scope>,
}

#[derive(Default)]
struct Seen {
    /// What was done, in order.
    calls: Vec<&'static str>,
    accounts: Vec<ChannelAccount>,
    sealed: Vec<SealedSecrets>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
    commits: usize,
    hastened: Vec<(TenantId, Lane)>,
}

fn away() -> FetchError {
    FetchError::Retry { after: None, reason: "no connection".to_owned() }
}

impl World {
    fn new(status: AccountStatus) -> Self {
        Self {
            found: Some(stored_account(status)),
            unset: Some(Ok(())),
            vault_refuses: false,
            failures: Vec::new(),
            scopes: vec![Scope::ChannelsManage],
        }
    }

    async fn remove(self) -> (Result<RemovedChannel, RemoveChannelError>, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default();
        let vault_refuses = self.vault_refuses;
        ports.vault.expect_open().returning(move |_, _, _| {
            if vault_refuses {
                Err(VaultError::UnknownKey)
            } else {
                Ok(SecretString::from(r#"{"access_token":"old"}"#))
            }
        });
        ports.vault.expect_seal().returning(|_, context, plain| {
            assert_eq!(context, seal_context(tenant(), account_id()));
            Ok(SealedSecrets(plain.expose_secret().to_owned()))
        });
        let mut adapter = line_adapter(None);
        if let Some(answer) = self.unset {
            let log = Arc::clone(&seen);
            adapter.expect_unset_webhook().returning(move |access| {
                assert!(access.secrets.get("access_token").is_some(), "asked while the secrets are there");
                log.lock().expect("not poisoned").calls.push("unset");
                answer.clone()
            });
        }
        ports.adapter = Some(adapter);
        let log = Arc::clone(&seen);
        ports.queue.expect_hasten().returning(move |tenant, lane| {
            log.lock().expect("not poisoned").hastened.push((tenant, lane));
            Ok(0)
        });
        let (found, failures) = (self.found, Arc::new(Mutex::new(self.failures.into_iter())));
        let log = Arc::clone(&seen);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            Ok(Box::new(session(found.clone(), &failures, &log)))
        });
        let ports = ports.build();
        let remove = RemoveChannel::new(ports.clone(), AccountCache::new(ports));
        let outcome = remove.run(&actor(&self.scopes), account_id()).await;
        drop(remove);
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
    let log = Arc::clone(seen);
    accounts.expect_replace_secrets().returning(move |id, sealed, version| {
        assert_eq!(version, 2);
        assert_eq!(id, account_id());
        log.lock().expect("not poisoned").sealed.push(sealed.clone());
        Ok(())
    });
    let (log, failures) = (Arc::clone(seen), Arc::clone(failures));
    accounts.expect_update().returning(move |account| {
        log.lock().expect("not poisoned").accounts.push(account.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
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
        let mut seen = log.lock().expect("not poisoned");
        seen.calls.push("commit");
        seen.commits += 1;
        Ok(())
    });
    session
}

/// Ports that know an account as removed, and let nobody do anything with it.
fn removed() -> Ports {
    let mut ports = TestPorts::default().with_open_vault();
    ports
        .directory
        .expect_find_account_by_webhook_key()
        .returning(|_| Ok(Some(stored_account(AccountStatus::Removed))));
    ports.adapter = Some(line_adapter(None));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(|_| Ok(Some(stored_account(AccountStatus::Removed))));
    let mut session = MockUnitOfWork::new();
    session.expect_data_keys().return_const(data_keys(2));
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    ports.with_sessions(vec![session]).build()
}

#[tokio::test]
async fn the_provider_is_told_first_then_the_secrets_are_overwritten_and_the_providers_id_is_free() {
    let (outcome, seen) = World::new(AccountStatus::Active).remove().await;
    assert_eq!(outcome.expect("removed"), RemovedChannel { still_subscribed: None });
    assert_eq!(seen.calls, ["unset", "commit"]);
    assert_eq!(seen.sealed, [SealedSecrets("{}".to_owned())]);
    let account = seen.accounts.first().expect("written").record();
    assert_eq!((account.status, account.external_id.as_deref()), (AccountStatus::Removed, None));
    assert_eq!(account.updated_at, now());
}

#[tokio::test]
async fn others_learn_of_it_and_what_waits_to_be_sent_learns_at_once() {
    let (_, seen) = World::new(AccountStatus::Active).remove().await;
    let [event] = seen.events.as_slice() else { panic!("one event") };
    assert_eq!((event.event_type, &event.data["status"]), (EventType::ChannelUpdated, &"REMOVED".into()));
    assert_eq!(seen.hastened, [(tenant(), Lane::Outbound)]);
}

#[tokio::test]
async fn a_provider_that_is_away_does_not_stand_in_the_way() {
    let world = World { unset: Some(Err(away())), ..World::new(AccountStatus::Active) };
    let (outcome, seen) = world.remove().await;
    assert!(outcome.expect("removed").still_subscribed.is_some_and(|reason| reason.contains("no connection")));
    assert_eq!((seen.sealed.len(), seen.commits), (1, 1));
}

#[tokio::test]
async fn secrets_that_do_not_open_any_more_do_not_stand_in_the_way() {
    let world = World { vault_refuses: true, unset: None, ..World::new(AccountStatus::Unauthorized) };
    let (outcome, seen) = world.remove().await;
    assert!(outcome.expect("removed").still_subscribed.is_some());
    assert_eq!((seen.sealed.len(), seen.commits), (1, 1));
}

#[tokio::test]
async fn a_channel_that_is_not_part_of_this_process_does_not_stand_in_the_way() {
    let mut stored = stored_account(AccountStatus::Active);
    let mut record = stored.account.record().clone();
    record.channel_type = ChannelType::Shopee;
    stored.account = ChannelAccount::restore(record);
    let world = World { found: Some(stored), unset: None, ..World::new(AccountStatus::Active) };
    let (outcome, seen) = world.remove().await;
    assert!(outcome.expect("removed").still_subscribed.is_some());
    assert_eq!(seen.commits, 1);
}

#[tokio::test]
async fn an_account_that_changed_meanwhile_is_read_again_and_the_provider_told_once() {
    let world = World { failures: vec![StorageError::Stale], ..World::new(AccountStatus::Active) };
    let (outcome, seen) = world.remove().await;
    outcome.expect("removed");
    assert_eq!(seen.calls, ["unset", "commit"]);
}

#[tokio::test]
async fn an_account_that_is_not_there_or_removed_already_is_unknown() {
    let gone = World { found: None, ..World::new(AccountStatus::Active) };
    for world in [gone, World { unset: None, ..World::new(AccountStatus::Removed) }] {
        let (outcome, seen) = world.remove().await;
        assert_eq!(outcome.expect_err("unknown").code(), "channel_not_found");
        assert_eq!((seen.sealed.len(), seen.commits), (0, 0));
    }
}

#[tokio::test]
async fn a_key_without_the_right_removes_nothing() {
    let world = World { scopes: vec![Scope::MessagesSend], ..World::new(AccountStatus::Active) };
    let (outcome, seen) = world.remove().await;
    assert_eq!((outcome.expect_err("forbidden").code(), seen.commits), ("forbidden", 0));
}

#[tokio::test]
async fn a_removed_account_is_not_changed() {
    let ports = removed();
    let update = UpdateChannel::new(ports.clone(), AccountCache::new(ports));
    let command = UpdateChannelCommand { paused: Some(false), ..UpdateChannelCommand::default() };
    let error = update.run(&actor(&[Scope::ChannelsManage]), account_id(), &command).await.expect_err("unknown");
    assert_eq!(error.code(), "channel_not_found");
}

#[tokio::test]
async fn a_removed_account_gets_no_new_secrets() {
    let ports = removed();
    let update = UpdateChannel::new(ports.clone(), AccountCache::new(ports));
    let secrets = vec![("access_token".to_owned(), SecretString::from("new"))];
    let command = UpdateChannelCommand { secrets, ..UpdateChannelCommand::default() };
    let error = update.run(&actor(&[Scope::ChannelsManage]), account_id(), &command).await.expect_err("unknown");
    assert_eq!(error.code(), "channel_not_found");
}

#[tokio::test]
async fn a_removed_account_is_not_tested() {
    let ports = removed();
    let test = TestChannel::new(ports.clone(), AccountCache::new(ports), None);
    let error = test.run(&actor(&[Scope::ChannelsManage]), account_id(), false).await.expect_err("unknown");
    assert_eq!(error.code(), "channel_not_found");
}

#[tokio::test]
async fn a_removed_account_receives_no_webhooks() {
    let ports = removed();
    let accept = AcceptWebhook::new(ports.clone(), AccountCache::new(ports));
    let (key, body) = (WebhookAddress::Key("key"), Bytes::from_static(b"{}"));
    let error = accept.run(ChannelType::Line, key, &WebhookHeaders::default(), &body).await.expect_err("unknown");
    assert_eq!(error.code(), "webhook_unknown");
}

#[tokio::test]
async fn a_removed_account_answers_no_handshake() {
    let ports = removed();
    let accept = AcceptWebhook::new(ports.clone(), AccountCache::new(ports));
    let error = accept.handshake(ChannelType::Line, WebhookAddress::Key("key"), "token").await.expect_err("unknown");
    assert_eq!(error.code(), "webhook_unknown");
}

#[tokio::test]
async fn a_removal_is_written_to_the_audit_log_with_what_the_account_was() {
    let (_, seen) = World::new(AccountStatus::Active).remove().await;
    let [entry] = seen.audit.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelRemoved, &AuditSubject::from(account_id())));
    let was = json!({"channelType": "LINE", "name": "LINE", "externalId": "Ubot", "status": "ACTIVE"});
    assert_eq!((&entry.before, &entry.after), (&Some(was), &None));
}
