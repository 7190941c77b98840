//! Whose pages may call, with mocks.

use hubchat_domain::{TenantSettings, WebOrigin};
use hubchat_ports::{MockInboxQueries, StorageError, StoredSettings};

use super::{AllowedOrigins, SettingsCache};
use crate::{
    Fault,
    test_ports::{TestPorts, tenant},
};

fn over(ports: TestPorts) -> AllowedOrigins {
    let ports = ports.build();
    AllowedOrigins::new(ports.clone(), SettingsCache::new(ports))
}

#[tokio::test]
async fn what_is_no_origin_is_listed_by_nobody_and_storage_is_not_asked() {
    let origins = over(TestPorts::default());
    for text in ["", "null", "*", "https://a.example/", "http://a.example", "https://A.example"] {
        assert!(!origins.is_listed(text).await.expect("an answer"), "{text}");
    }
}

#[tokio::test]
async fn an_answer_is_kept_for_a_while_and_a_failure_is_not() {
    let mut ports = TestPorts::default();
    ports.directory.expect_is_origin_listed().times(1).returning(|_| Err(StorageError::Unavailable("away".into())));
    ports.directory.expect_is_origin_listed().times(1).returning(|origin| Ok(origin.as_str() == "https://a.example"));
    let origins = over(ports);
    assert!(matches!(origins.is_listed("https://a.example").await, Err(Fault::Unavailable(_))));
    for _ in 0..3 {
        assert!(origins.is_listed("https://a.example").await.expect("an answer"));
    }
}

#[tokio::test]
async fn a_tenants_own_list_is_what_counts_for_its_callers() {
    let mut ports = TestPorts::default();
    ports.repository.expect_inbox().returning(|_| {
        let mut inbox = MockInboxQueries::new();
        let allowed_origins = vec![WebOrigin::parse("https://a.example").expect("an origin")];
        let settings = TenantSettings { allowed_origins, ..TenantSettings::default() };
        inbox.expect_settings().return_once(|| Ok(StoredSettings { settings, version: 1 }));
        Box::new(inbox)
    });
    let origins = over(ports);
    assert!(origins.is_listed_by(tenant(), "https://a.example").await.expect("an answer"));
    assert!(!origins.is_listed_by(tenant(), "https://b.example").await.expect("an answer"));
}
