//! API keys with mocks: made, checked, listed and revoked.

use std::time::Duration;

use hubchat_domain::{ApiKeyRecord, AuditAction, MemberRole, Permission, Scope, Visibility};
use hubchat_ports::{ApiKeyStore, Keyset, MockApiKeyStore, MockUnitOfWork, Page, PageRequest, StorageError};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    AuthenticateApiKey, AuthenticateError, CreateApiKey, CreateApiKeyError, ListApiKeys, RevokeApiKey,
    RevokeApiKeyError,
};
use crate::{
    Actor, ErrorCode, Fault, MemberActor,
    test_ports::{TestPorts, actor, audit_store, now, tenant},
};

fn record(key: &str) -> ApiKeyRecord {
    ApiKeyRecord {
        id: Uuid::from_u128(1).into(),
        tenant_id: tenant(),
        name: "test".to_owned(),
        prefix: key.get(..20).expect("a whole key").to_owned(),
        secret_hash: key.as_bytes().to_vec(),
        scopes: vec![Scope::InboxRead],
        created_at: now(),
        last_used_at: Some(now()),
        expires_at: None,
        revoked_at: None,
    }
}

fn key(secret: char) -> String {
    format!("hck_0123456789abcdef_{}", String::from(secret).repeat(64))
}

#[tokio::test]
async fn what_is_no_key_is_refused_without_asking_storage() {
    let authenticate = AuthenticateApiKey::new(TestPorts::default().with_open_vault().build());
    let multibyte = format!("hck_{}_", "ก".repeat(26));
    for text in ["", "hck_", "hck_0123456789abcdef", multibyte.as_str(), &"x".repeat(85), &"é".repeat(85)] {
        let refused = authenticate.run(&SecretString::from(text)).await;
        assert!(matches!(refused, Err(AuthenticateError::Refused)), "{text}");
    }
}

#[tokio::test]
async fn the_right_prefix_with_another_secret_is_refused() {
    let mut ports = TestPorts::default().with_open_vault();
    ports.directory.expect_find_api_key().returning(|_| Ok(Some(record(&key('a')))));
    let refused = AuthenticateApiKey::new(ports.build()).run(&SecretString::from(key('b'))).await;
    assert!(matches!(refused, Err(AuthenticateError::Refused)));
}

#[tokio::test]
async fn a_revoked_key_is_refused_and_a_good_one_acts_for_its_tenant() {
    let mut ports = TestPorts::default().with_open_vault();
    let revoked = ApiKeyRecord { revoked_at: Some(now()), ..record(&key('a')) };
    ports.directory.expect_find_api_key().times(1).returning(move |_| Ok(Some(revoked.clone())));
    ports.directory.expect_find_api_key().times(1).returning(|_| Ok(Some(record(&key('a')))));
    let authenticate = AuthenticateApiKey::new(ports.build());
    let key = SecretString::from(key('a'));
    assert!(matches!(authenticate.run(&key).await, Err(AuthenticateError::Refused)));
    let actor = authenticate.run(&key).await.expect("a good key");
    assert_eq!(actor.tenant_id(), tenant());
    assert!(actor.require(Permission::InboxRead).is_ok());
    assert!(actor.require(Permission::MessagesSend).is_err());
}

#[tokio::test]
async fn a_key_is_good_until_its_end_and_not_at_it() {
    let mut ports = TestPorts::default().with_open_vault();
    for (end, good) in [(now().plus(Duration::from_micros(1)), true), (now(), false)] {
        let record = ApiKeyRecord { expires_at: Some(end), ..record(&key('a')) };
        assert_eq!(record.is_good(now()), good);
        ports.directory.expect_find_api_key().times(1).returning(move |_| Ok(Some(record.clone())));
    }
    let authenticate = AuthenticateApiKey::new(ports.build());
    let key = SecretString::from(key('a'));
    assert!(authenticate.run(&key).await.is_ok());
    assert!(matches!(authenticate.run(&key).await, Err(AuthenticateError::Refused)));
}

#[tokio::test]
async fn a_use_that_cannot_be_noted_does_not_fail_the_request() {
    let mut ports = TestPorts::default().with_open_vault();
    let used_long_ago = ApiKeyRecord { last_used_at: None, ..record(&key('a')) };
    ports.directory.expect_find_api_key().returning(move |_| Ok(Some(used_long_ago.clone())));
    ports.directory.expect_touch_api_key().times(1).returning(|_, _| Err(StorageError::Unavailable("away".into())));
    assert!(AuthenticateApiKey::new(ports.build()).run(&SecretString::from(key('a'))).await.is_ok());
}

fn with_keys(expect: impl FnOnce(&mut MockApiKeyStore), commits: usize) -> MockUnitOfWork {
    let mut keys = MockApiKeyStore::new();
    expect(&mut keys);
    let mut session = MockUnitOfWork::new();
    session.expect_api_keys().return_const(Box::new(keys) as Box<dyn ApiKeyStore>);
    session.expect_audit().return_const(audit_store(|draft| {
        let told = format!("{draft:?}");
        assert!(matches!(draft.action, AuditAction::ApiKeyCreated | AuditAction::ApiKeyRevoked), "{told}");
        assert!(told.contains("hck_") && !told.contains("secret") && !told.contains(&"a".repeat(64)), "{told}");
    }));
    session.expect_commit().times(commits).returning(|| Ok(()));
    session
}

fn admin() -> Actor {
    let id = Uuid::from_u128(7);
    let (role, visibility) = (MemberRole::Admin, Visibility::All);
    let member = MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role, visibility };
    Actor::member(tenant(), member).from_origin(actor(&[]).origin().clone())
}

#[tokio::test]
async fn a_key_is_kept_without_its_secret_and_with_its_end() {
    let session = with_keys(
        |keys| {
            keys.expect_insert().times(1).returning(|key| {
                assert_eq!(key.scopes, [Scope::InboxRead, Scope::MessagesSend]);
                assert_eq!(key.expires_at, Some(now().plus(Duration::from_secs(1))));
                Ok(())
            });
        },
        1,
    );
    let mut ports = TestPorts::default().with_sessions(vec![session]);
    ports.vault.expect_digest().returning(|_| b"digest".to_vec());
    let scopes = [Scope::MessagesSend, Scope::InboxRead, Scope::MessagesSend];
    let end = Some(now().plus(Duration::from_secs(1)));
    let made = CreateApiKey::new(ports.build()).run(&admin(), " site ", &scopes, end).await.expect("a key");
    assert_eq!((made.record.name.as_str(), made.record.secret_hash.as_slice()), ("site", &b"digest"[..]));
    assert!(made.key.expose_secret().starts_with(&made.record.prefix));
}

#[tokio::test]
async fn a_key_that_cannot_be_is_not_made() {
    let create = CreateApiKey::new(TestPorts::default().build());
    for (name, scopes, end) in [
        (" ", &[Scope::InboxRead][..], None),
        (&"x".repeat(201), &[Scope::InboxRead], None),
        ("site", &[], None),
        ("site", &[Scope::InboxRead], Some(now())),
    ] {
        let refused = create.run(&admin(), name, scopes, end).await.expect_err("not made");
        assert_eq!(refused.code(), "validation_failed");
        assert_eq!(refused.field(), end.map(|_| "expiresAt"));
    }
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_do_more_than_they() {
    let create = CreateApiKey::new(TestPorts::default().build());
    let refused = create.run(&admin(), "site", &[Scope::InboxRead, Scope::Admin], None).await;
    let Err(CreateApiKeyError::Fault(Fault::Forbidden { permission })) = refused else { panic!("{refused:?}") };
    assert_eq!(permission, Permission::OwnersManage);
    let refused = create.run(&actor(&[Scope::InboxWrite]), "site", &[Scope::InboxRead], None).await;
    let Err(CreateApiKeyError::Fault(Fault::Forbidden { permission })) = refused else { panic!("{refused:?}") };
    assert_eq!(permission, Permission::KeysManage);
}

#[tokio::test]
async fn keys_are_listed_a_page_at_a_time() {
    let next = Some(Keyset { at: now(), id: Uuid::from_u128(1) });
    let session = with_keys(
        |keys| {
            keys.expect_list().times(1).returning(move |page| {
                assert_eq!(page.limit, 2);
                Ok(Page { items: vec![record(&key('a'))], next })
            });
        },
        0,
    );
    let list = ListApiKeys::new(TestPorts::default().with_sessions(vec![session]).build());
    let request = PageRequest { after: None, limit: 2 };
    let page = list.run(&admin(), request).await.expect("a page");
    assert_eq!((page.items.len(), page.next), (1, next));
    let refused = list.run(&actor(&[Scope::InboxRead]), request).await;
    assert!(matches!(refused, Err(Fault::Forbidden { permission: Permission::KeysManage })));
}

#[tokio::test]
async fn revoking_tells_what_became_of_it() {
    let id = Uuid::from_u128(1).into();
    let now_revoked = with_keys(
        |keys| {
            keys.expect_find().returning(|_| Ok(Some(record(&key('a')))));
            keys.expect_revoke().times(1).returning(|_, at| Ok(at == now()));
        },
        1,
    );
    let before = with_keys(
        |keys| {
            let revoked = ApiKeyRecord { revoked_at: Some(now()), ..record(&key('a')) };
            keys.expect_find().returning(move |_| Ok(Some(revoked.clone())));
        },
        0,
    );
    let absent = with_keys(
        |keys| {
            keys.expect_find().returning(|_| Ok(None));
        },
        0,
    );
    let sessions = vec![now_revoked, before, absent];
    let revoke = RevokeApiKey::new(TestPorts::default().with_sessions(sessions).build());
    revoke.run(&admin(), id).await.expect("revoked now");
    revoke.run(&admin(), id).await.expect("revoked before");
    let refused = revoke.run(&admin(), id).await.expect_err("nobody's");
    assert!(matches!(refused, RevokeApiKeyError::Unknown));
    assert_eq!(refused.code(), "key_not_found");
    let refused = revoke.run(&actor(&[Scope::InboxWrite]), id).await.expect_err("forbidden");
    assert_eq!(refused.code(), "forbidden");
}
