//! Listing the provider's templates with mocks.

use std::time::Duration;

use hubchat_domain::{AccountStatus, ChannelAccount, ChannelType, Scope};
use hubchat_ports::{
    AccountStore, FetchError, MessageTemplate, MockAccountStore, MockUnitOfWork, StorageError, StoredAccount,
};

use super::{ListTemplates, ListTemplatesError};
use crate::{
    ErrorCode,
    test_ports::{TestPorts, account_id, actor, line_adapter, stored_account},
};

type Told = Result<Vec<MessageTemplate>, FetchError>;

fn template() -> MessageTemplate {
    MessageTemplate {
        name: "order_shipped".to_owned(),
        language: "th".to_owned(),
        status: "PAUSED".to_owned(),
        category: None,
        body: Some("{{1}}".to_owned()),
        body_parameters: 1,
        header: None,
    }
}

/// Asks for an account as found; without an answer the provider must not be asked.
async fn list(
    found: Result<Option<StoredAccount>, StorageError>,
    answer: Option<Told>,
    scopes: &[Scope],
) -> Result<Vec<MessageTemplate>, ListTemplatesError> {
    let mut ports = TestPorts::default().with_open_vault();
    let mut adapter = line_adapter(None);
    if let Some(answer) = answer {
        adapter.expect_templates().returning(move |access| {
            assert!(access.secrets.get("channel_secret").is_some());
            answer.clone()
        });
    }
    ports.adapter = Some(adapter);
    let mut accounts = MockAccountStore::new();
    accounts.expect_find().return_once(move |id| {
        assert_eq!(id, account_id());
        found
    });
    let mut session = MockUnitOfWork::new();
    session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
    let ports = ports.with_sessions(vec![session]).build();
    ListTemplates::new(ports).run(&actor(scopes), account_id()).await
}

async fn told(answer: Told) -> Result<Vec<MessageTemplate>, ListTemplatesError> {
    list(Ok(Some(stored_account(AccountStatus::Active))), Some(answer), &[Scope::MessagesSend]).await
}

#[tokio::test]
async fn templates_are_told_as_the_provider_keeps_them_usable_or_not() {
    assert_eq!(told(Ok(vec![template()])).await.expect("told"), [template()]);
}

#[tokio::test]
async fn what_the_provider_refuses_is_told_apart() {
    let reason = || "no".to_owned();
    let after = Some(Duration::from_secs(7));
    for (error, code, wait) in [
        (FetchError::Unauthorized { reason: reason() }, "channel_credentials_refused", None),
        (FetchError::NotAvailable { reason: reason() }, "channel_without_templates", None),
        (FetchError::Gone, "channel_without_templates", None),
        (FetchError::Retry { after, reason: reason() }, "provider_unavailable", after),
    ] {
        let error = told(Err(error)).await.expect_err("not told");
        assert_eq!((error.code(), error.retry_after()), (code, wait));
    }
}

#[tokio::test]
async fn an_account_that_is_not_there_or_removed_is_unknown() {
    for found in [None, Some(stored_account(AccountStatus::Removed))] {
        let error = list(Ok(found), None, &[Scope::MessagesSend]).await.expect_err("unknown");
        assert_eq!(error.code(), "channel_not_found");
    }
}

#[tokio::test]
async fn a_channel_that_is_not_part_of_this_process_is_told() {
    let mut stored = stored_account(AccountStatus::Active);
    let mut record = stored.account.record().clone();
    record.channel_type = ChannelType::Whatsapp;
    stored.account = ChannelAccount::restore(record);
    let error = list(Ok(Some(stored)), None, &[Scope::MessagesSend]).await.expect_err("not here");
    assert_eq!(error.code(), "channel_unavailable");
}

#[tokio::test]
async fn storage_that_is_away_is_told() {
    let away = Err(StorageError::Unavailable("gone".into()));
    let error = list(away, None, &[Scope::MessagesSend]).await.expect_err("away");
    assert_eq!((error.code(), error.retry_after()), ("storage_unavailable", Some(Duration::from_secs(2))));
}

#[tokio::test]
async fn a_key_without_the_right_is_told_nothing() {
    let found = Ok(Some(stored_account(AccountStatus::Active)));
    assert_eq!(list(found, None, &[Scope::InboxRead]).await.expect_err("forbidden").code(), "forbidden");
}
