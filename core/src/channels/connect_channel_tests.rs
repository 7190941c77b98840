//! Connecting accounts with mocks: sealed to their place, once, and never with credentials that are refused.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    AccountStatus, AuditAction, AuditDraft, AuditSubject, ChannelType, DomainEvent, EventType, Scope,
};
use hubchat_ports::{
    AccountAccess, AccountCheck, AccountStore, EventStore, FetchError, IdempotencyRecord, IdempotencyStore,
    InsertOutcome, MockAccountStore, MockEventStore, MockIdempotencyStore, MockUnitOfWork, SealContext, SealedSecrets,
    StorageError, StoredAccount, VaultError,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{ConnectChannel, ConnectChannelCommand, ConnectChannelError, ConnectedChannel};
use crate::{
    AccountCache, ErrorCode, SendMessage,
    account_cache::seal_context,
    test_ports::{TestPorts, account_id, actor, audit_store, data_keys, line_adapter, now, stored_account, tenant},
};

/// The unguessable key that the standing chance makes.
const WEBHOOK_KEY: &str = "07070707070707070707070707070707";

/// What an earlier request left under the idempotency key.
#[derive(Clone, Copy)]
enum Earlier {
    Nothing,
    TheSame,
    Another,
}

/// A little world: a request, what the provider answers when asked, and what storage knows.
struct World {
    command: ConnectChannelCommand,
    /// The provider must not be asked when there is no answer.
    check: Option<Result<AccountCheck, FetchError>>,
    earlier: Earlier,
    /// Whether the account that the earlier request made is still there.
    earlier_is_there: bool,
    insert: InsertOutcome,
    failures: Vec<StorageError>,
    sealing_fails: bool,
    scopes: Vec<Scope>,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    accounts: Vec<StoredAccount>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
}

#[derive(Default)]
struct Seen {
    commits: Vec<Written>,
    begun: usize,
    asked: Vec<AccountAccess>,
    sealed: Vec<(SealContext, String)>,
    claims: Vec<IdempotencyRecord>,
}

type Outcome = Result<ConnectedChannel, ConnectChannelError>;

fn command() -> ConnectChannelCommand {
    let secrets = [("channel_secret", "s3cret"), ("channel_access_token", "t0ken")];
    ConnectChannelCommand {
        channel_type: ChannelType::Line,
        name: "  Shop ".to_owned(),
        secrets: secrets.map(|(name, secret)| (name.to_owned(), SecretString::from(secret))).to_vec(),
        external_id: Some("Ubot".to_owned()),
        idempotency_key: None,
    }
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

impl World {
    fn new(change: impl FnOnce(&mut ConnectChannelCommand)) -> Self {
        let mut command = command();
        change(&mut command);
        Self {
            command,
            check: None,
            earlier: Earlier::Nothing,
            earlier_is_there: true,
            insert: InsertOutcome::Inserted,
            failures: Vec::new(),
            sealing_fails: false,
            scopes: vec![Scope::ChannelsManage],
        }
    }

    /// A request that does not tell the provider's id, so that the provider is asked.
    fn asking(answer: Result<AccountCheck, FetchError>) -> Self {
        let mut world = Self::new(|command| command.external_id = None);
        world.check = Some(answer);
        world
    }

    async fn connect(self) -> (Outcome, Seen) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut ports = TestPorts::default();
        ports.vault.expect_sign().returning(|purpose, bytes| [purpose.as_bytes(), b":", bytes].concat());
        let made = |purpose: &str, bytes: &[u8]| [purpose.as_bytes(), b":", bytes].concat();
        ports.vault.expect_verify().returning(move |purpose, bytes, signature| made(purpose, bytes) == signature);
        let (log, sealing_fails) = (Arc::clone(&seen), self.sealing_fails);
        ports.vault.expect_seal().returning(move |_, context, secret| {
            let plain = secret.expose_secret().to_owned();
            log.lock().expect("not poisoned").sealed.push((context, plain));
            if sealing_fails { Err(VaultError::Failed) } else { Ok(SealedSecrets("v1.sealed".to_owned())) }
        });
        let mut adapter = line_adapter(None);
        adapter.expect_secret_names().returning(|| &["channel_secret", "channel_access_token"]);
        if let Some(answer) = self.check {
            let log = Arc::clone(&seen);
            adapter.expect_check().times(1).returning(move |access| {
                log.lock().expect("not poisoned").asked.push(access.clone());
                answer.clone()
            });
        }
        ports.adapter = Some(adapter);
        let failures = Arc::new(Mutex::new(self.failures.into_iter()));
        let (log, insert, earlier, is_there) = (Arc::clone(&seen), self.insert, self.earlier, self.earlier_is_there);
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            log.lock().expect("not poisoned").begun += 1;
            Ok(Box::new(session(insert, (earlier, is_there), &failures, &log)))
        });
        let ports = ports.build();
        let connect = ConnectChannel::new(ports.clone(), AccountCache::new(ports));
        let outcome = connect.run(&actor(&self.scopes), &self.command).await;
        let seen = std::mem::take(&mut *seen.lock().expect("not poisoned"));
        (outcome, seen)
    }

    /// For requests that must come to nothing.
    async fn refused(self) -> ConnectChannelError {
        let (outcome, seen) = self.connect().await;
        assert!(seen.commits.is_empty(), "what is refused writes nothing");
        outcome.expect_err("refused")
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    insert: InsertOutcome,
    (earlier, is_there): (Earlier, bool),
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    seen: &Arc<Mutex<Seen>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().returning(move |id| {
        assert_eq!(id, account_id(), "only the account of the earlier request is looked up");
        Ok(is_there.then(|| stored_account(AccountStatus::Active)))
    });
    let (log, failures) = (Arc::clone(&written), Arc::clone(failures));
    accounts.expect_insert().returning(move |account| {
        if let Some(failure) = failures.lock().expect("not poisoned").next() {
            return Err(failure);
        }
        log.lock().expect("not poisoned").accounts.push(account.clone());
        Ok(insert)
    });
    let mut idempotency = MockIdempotencyStore::new();
    let log = Arc::clone(seen);
    idempotency.expect_claim().returning(move |record, at| {
        assert_eq!(at, now());
        log.lock().expect("not poisoned").claims.push(record.clone());
        let made = IdempotencyRecord { resource_id: account_id().as_uuid(), ..record.clone() };
        Ok(match earlier {
            Earlier::Nothing => None,
            Earlier::TheSame => Some(made),
            Earlier::Another => Some(IdempotencyRecord { fingerprint: b"another".to_vec(), ..made }),
        })
    });
    let mut events = MockEventStore::new();
    let log = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        log.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_data_keys().return_const(data_keys(2));
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    session.expect_idempotency().return_const(Box::new(idempotency) as Box<dyn IdempotencyStore>);
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

#[tokio::test]
async fn a_connected_account_is_active_has_a_trimmed_name_and_an_unguessable_webhook_path() {
    let (outcome, seen) = World::new(|_| ()).connect().await;
    let connected = outcome.expect("connected");
    let account = &connected.account;
    assert_eq!((account.tenant_id, account.channel_type, account.name.as_str()), (tenant(), ChannelType::Line, "Shop"));
    assert_eq!((account.status, account.external_id.as_deref()), (AccountStatus::Active, Some("Ubot")));
    assert_eq!(connected.webhook_path, format!("/webhooks/line/{WEBHOOK_KEY}"));
    assert_eq!((connected.unchecked, connected.replayed), (None, false));
    let stored: Vec<_> = seen.commits.iter().flat_map(|written| &written.accounts).collect();
    let [stored] = stored.as_slice() else { panic!("one account is written") };
    assert_eq!(stored.account.record(), account);
}

#[tokio::test]
async fn secrets_are_sealed_to_tenant_and_account_and_stored_as_the_vault_gave_them() {
    let (outcome, seen) = World::new(|_| ()).connect().await;
    let account = outcome.expect("connected").account;
    let [(context, plain)] = seen.sealed.as_slice() else { panic!("sealed once") };
    assert_eq!(*context, seal_context(tenant(), account.id));
    let plain: serde_json::Value = serde_json::from_str(plain).expect("a JSON object");
    assert_eq!(plain, json!({"channel_secret": "s3cret", "channel_access_token": "t0ken"}));
    let stored = seen.commits.first().and_then(|written| written.accounts.first()).expect("written");
    assert_eq!(stored.sealed, SealedSecrets("v1.sealed".to_owned()));
}

#[tokio::test]
async fn others_learn_of_the_account_and_nothing_of_its_secrets_or_webhook_key() {
    let (outcome, seen) = World::new(|_| ()).connect().await;
    let account = outcome.expect("connected").account;
    let events: Vec<_> = seen.commits.iter().flat_map(|written| &written.events).collect();
    let [event] = events.as_slice() else { panic!("one event") };
    assert_eq!((event.event_type, event.at), (EventType::ChannelUpdated, now()));
    let told = json!({"channelAccountId": account.id, "channelType": "LINE", "status": "ACTIVE", "statusReason": null});
    assert_eq!(event.data, told);
}

#[tokio::test]
async fn without_an_external_id_the_provider_is_asked_with_the_given_secrets() {
    let (outcome, seen) = World::asking(Ok(told("Uasked"))).connect().await;
    let connected = outcome.expect("connected");
    assert_eq!((connected.account.external_id.as_deref(), connected.unchecked), (Some("Uasked"), None));
    assert_eq!(connected.account.last_checked_at, Some(now()));
    let [access] = seen.asked.as_slice() else { panic!("asked once") };
    let token = access.secrets.get("channel_access_token").map(|token| token.expose_secret().to_owned());
    assert_eq!((access.account.id, token.as_deref()), (connected.account.id, Some("t0ken")));
}

#[tokio::test]
async fn an_external_id_is_kept_without_the_spaces_around_it() {
    let world = World::new(|command| command.external_id = Some(" Ubot\n".to_owned()));
    assert_eq!(world.connect().await.0.expect("connected").account.external_id.as_deref(), Some("Ubot"));
}

#[tokio::test]
async fn a_blank_external_id_counts_as_none() {
    let mut world = World::asking(Ok(told("Uasked")));
    world.command.external_id = Some("  ".to_owned());
    assert_eq!(world.connect().await.0.expect("connected").account.external_id.as_deref(), Some("Uasked"));
}

#[tokio::test]
async fn credentials_that_the_provider_refuses_connect_nothing() {
    let world = World::asking(Err(FetchError::Unauthorized { reason: "invalid token".to_owned() }));
    let (outcome, seen) = world.connect().await;
    let error = outcome.expect_err("refused");
    assert_eq!((error.code(), error.field()), ("channel_credentials_refused", None));
    assert_eq!(error.to_string(), "the provider refuses the credentials: invalid token");
    assert!(seen.begun == 0 && seen.sealed.is_empty(), "nothing is sealed and no session opened");
}

#[tokio::test]
async fn a_provider_that_cannot_tell_does_not_stand_in_the_way() {
    let answers = [
        FetchError::Retry { after: None, reason: "no connection".to_owned() },
        FetchError::NotAvailable { reason: "maintenance".to_owned() },
        FetchError::NotReady,
        FetchError::Gone,
    ];
    for answer in answers {
        let (outcome, seen) = World::asking(Err(answer.clone())).connect().await;
        let connected = outcome.expect("connected");
        assert_eq!((connected.account.external_id, connected.account.status), (None, AccountStatus::Active));
        assert_eq!(connected.account.last_checked_at, None);
        assert_eq!(connected.unchecked, Some(answer.to_string()));
        assert_eq!(seen.commits.len(), 1);
    }
}

#[tokio::test]
async fn a_secret_that_is_missing_or_empty_is_named_and_the_provider_not_asked() {
    for empty in [false, true] {
        let error = World::new(|command| {
            command.external_id = None;
            command.secrets.retain(|(name, _)| name != "channel_access_token");
            if empty {
                command.secrets.push(("channel_access_token".to_owned(), SecretString::from("")));
            }
        })
        .refused()
        .await;
        assert_eq!((error.code(), error.field()), ("validation_failed", Some("channel_access_token")));
    }
}

#[tokio::test]
async fn a_secret_more_than_needed_is_kept_sealed_with_the_others() {
    let spare = ("spare".to_owned(), SecretString::from("x"));
    let (outcome, seen) = World::new(|command| command.secrets.push(spare)).connect().await;
    assert!(outcome.is_ok());
    assert!(seen.sealed.iter().all(|(_, plain)| plain.contains(r#""spare":"x""#)));
}

#[tokio::test]
async fn names_have_one_to_two_hundred_characters() {
    for name in [String::new(), " \t".to_owned(), "ร".repeat(201)] {
        let error = World::new(|command| command.name = name).refused().await;
        assert_eq!((error.code(), error.field()), ("validation_failed", Some("name")));
    }
    let longest = format!(" {} ", "ร".repeat(200));
    assert!(World::new(|command| command.name = longest).connect().await.0.is_ok());
}

#[tokio::test]
async fn a_channel_that_is_not_part_of_this_process_is_refused_and_the_known_ones_told() {
    let error = World::new(|command| command.channel_type = ChannelType::Telegram).refused().await;
    assert_eq!((error.code(), error.field()), ("channel_unavailable", Some("channelType")));
    assert_eq!(error.to_string(), "channel TELEGRAM is not available here; available: LINE");
}

#[tokio::test]
async fn an_account_that_is_connected_anywhere_is_not_connected_again() {
    let mut world = World::new(|command| command.idempotency_key = Some("k".to_owned()));
    world.insert = InsertOutcome::AlreadyPresent;
    let error = world.refused().await;
    assert_eq!((error.code(), error.field(), error.retry_after()), ("channel_already_connected", None, None));
}

#[tokio::test]
async fn the_same_request_again_answers_the_first_account_and_writes_nothing() {
    let mut world = World::new(|command| command.idempotency_key = Some("k".to_owned()));
    world.earlier = Earlier::TheSame;
    let (outcome, seen) = world.connect().await;
    let connected = outcome.expect("replayed");
    assert_eq!((connected.account.id, connected.replayed), (account_id(), true));
    assert_eq!(connected.webhook_path, "/webhooks/line/key");
    assert!(seen.commits.is_empty());
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused() {
    let mut world = World::new(|command| command.idempotency_key = Some("k".to_owned()));
    world.earlier = Earlier::Another;
    assert_eq!(world.refused().await.code(), "idempotency_key_reused");
}

#[tokio::test]
async fn a_key_whose_account_is_gone_is_refused() {
    let mut world = World::new(|command| command.idempotency_key = Some("k".to_owned()));
    (world.earlier, world.earlier_is_there) = (Earlier::TheSame, false);
    assert!(matches!(world.refused().await, ConnectChannelError::KeyReused));
}

#[tokio::test]
async fn a_key_is_claimed_for_the_credential_that_used_it_and_for_its_lifetime() {
    let (outcome, seen) = World::new(|command| command.idempotency_key = Some("k".to_owned())).connect().await;
    let account = outcome.expect("connected").account;
    let [claim] = seen.claims.as_slice() else { panic!("claimed once") };
    let scope = actor(&[Scope::ChannelsManage]).idempotency_scope("channel.connect");
    assert_eq!((claim.scope.as_str(), claim.key.as_str()), (scope.as_str(), "k"));
    assert_eq!((claim.resource_id, claim.expires_at), (account.id.as_uuid(), now().plus(SendMessage::KEY_LIFETIME)));
}

#[tokio::test]
async fn every_part_of_the_request_counts_for_the_fingerprint_and_the_order_of_secrets_does_not() {
    let mut prints = Vec::new();
    let changes: [fn(&mut ConnectChannelCommand); 5] = [
        |_| (),
        |command| command.secrets.reverse(),
        |command| command.name = "Other".to_owned(),
        |command| command.external_id = Some("Uother".to_owned()),
        |command| command.secrets.push(("spare".to_owned(), SecretString::from("x"))),
    ];
    for change in changes {
        let world = World::new(|command| {
            change(command);
            command.idempotency_key = Some("k".to_owned());
        });
        let claims = world.connect().await.1.claims;
        prints.push(claims.first().expect("claimed").fingerprint.clone());
    }
    let same: Vec<_> = prints.iter().map(|print| prints.iter().position(|other| other == print)).collect();
    assert_eq!(same, [Some(0), Some(0), Some(2), Some(3), Some(4)]);
    assert!(prints.iter().all(|print| print.starts_with(b"idempotency:")), "made with the master key");
}

#[tokio::test]
async fn without_a_key_nothing_is_claimed() {
    assert!(World::new(|_| ()).connect().await.1.claims.is_empty());
}

#[tokio::test]
async fn a_transaction_that_had_to_give_way_is_begun_anew_with_the_same_id_and_one_question() {
    let mut world = World::asking(Ok(told("Uasked")));
    world.failures = vec![StorageError::Contention("busy".into()), StorageError::Stale];
    let (outcome, seen) = world.connect().await;
    let connected = outcome.expect("connected");
    assert_eq!((seen.begun, seen.commits.len(), seen.sealed.len(), seen.asked.len()), (3, 1, 3, 1));
    assert!(!connected.replayed);
    assert!(seen.sealed.iter().all(|(context, _)| context.record_id == connected.account.id.as_uuid()));
}

#[tokio::test]
async fn storage_that_is_away_or_always_busy_connects_nothing() {
    let mut world = World::new(|_| ());
    world.failures = vec![StorageError::Unavailable("no connection".into())];
    let error = world.refused().await;
    assert_eq!((error.code(), error.retry_after()), ("storage_unavailable", Some(Duration::from_secs(2))));
    let mut world = World::new(|_| ());
    world.failures = (0..9).map(|_| StorageError::Stale).collect();
    assert_eq!(world.refused().await.code(), "contended");
}

#[tokio::test]
async fn secrets_that_cannot_be_sealed_are_stored_nowhere() {
    let mut world = World::new(|_| ());
    world.sealing_fails = true;
    let (outcome, seen) = world.connect().await;
    assert_eq!((outcome.expect_err("not sealed").code(), seen.begun), ("internal", 1));
}

#[tokio::test]
async fn a_key_that_may_not_manage_channels_connects_nothing() {
    for scopes in [vec![Scope::InboxWrite], Vec::new()] {
        let mut world = World::new(|command| command.external_id = None);
        world.scopes = scopes;
        assert_eq!(world.refused().await.code(), "forbidden");
    }
}

#[tokio::test]
async fn webhooks_of_a_new_account_are_known_at_once_even_if_one_came_before() {
    let mut ports = TestPorts::default().with_open_vault();
    ports.vault.expect_seal().returning(|_, _, _| Ok(SealedSecrets("v1.sealed".to_owned())));
    let mut adapter = line_adapter(None);
    adapter.expect_secret_names().returning(|| &["channel_secret"]);
    ports.adapter = Some(adapter);
    let answers = Mutex::new([None, Some(stored_account(AccountStatus::Active))].into_iter());
    ports.directory.expect_find_account_by_webhook_key().times(2).returning(move |key| {
        assert_eq!(key, WEBHOOK_KEY);
        Ok(answers.lock().expect("not poisoned").next().flatten())
    });
    let failures = Arc::new(Mutex::new(Vec::new().into_iter()));
    let fresh = session(InsertOutcome::Inserted, (Earlier::Nothing, false), &failures, &Arc::default());
    let ports = ports.with_sessions(vec![fresh]).build();
    let accounts = AccountCache::new(ports.clone());
    assert!(accounts.by_webhook_key(WEBHOOK_KEY).await.expect("read").is_none());
    let connect = ConnectChannel::new(ports, accounts.clone());
    connect.run(&actor(&[Scope::ChannelsManage]), &command()).await.expect("connected");
    assert!(accounts.by_webhook_key(WEBHOOK_KEY).await.expect("read").is_some());
}

#[tokio::test]
async fn a_connection_is_written_to_the_audit_log_without_its_secrets_and_webhook_key() {
    let (outcome, seen) = World::new(|_| ()).connect().await;
    let account = outcome.expect("connected").account;
    let entries: Vec<_> = seen.commits.iter().flat_map(|written| &written.audit).collect();
    let [entry] = entries.as_slice() else { panic!("one entry") };
    assert_eq!((entry.action, &entry.subject), (AuditAction::ChannelConnected, &AuditSubject::from(account.id)));
    let after = json!({"channelType": "LINE", "name": "Shop", "externalId": "Ubot", "status": "ACTIVE"});
    assert_eq!((&entry.before, &entry.after), (&None, &Some(after)));
}
