//! Channel accounts.

use hubchat_domain::{AccountStatus, ChannelAccount, ChannelAccountRecord, ChannelType};
use hubchat_ports::{AccountRow, InsertOutcome, PageRequest, SealedSecrets, StorageError, StoredAccount};

use crate::StorageHarness;
use crate::paging::{all_at_once, walk};
use crate::specimens::{moments, short_texts, texts};
use crate::world::{World, at};

const WHOLE: PageRequest = PageRequest { after: None, limit: 200 };

pub async fn accounts_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    for (number, text) in texts().into_iter().enumerate() {
        let plain = world.new_account(tenant);
        let short = short_texts().get(number).cloned();
        let record = ChannelAccountRecord {
            channel_type: ChannelType::ALL[number % ChannelType::ALL.len()],
            name: text.clone(),
            external_id: short.clone(),
            webhook_key: short.unwrap_or_else(|| plain.account.record().webhook_key.clone()),
            status: AccountStatus::ALL[number % AccountStatus::ALL.len()],
            status_reason: (number != 0).then(|| text.clone()),
            last_checked_at: (number != 0).then(|| moments()[number % moments().len()]),
            created_at: moments()[number % moments().len()],
            updated_at: moments()[(number + 1) % moments().len()],
            ..plain.account.record().clone()
        };
        let account = ChannelAccount::restore(record.clone());
        let stored = StoredAccount { account, sealed: SealedSecrets(text), ..plain };
        let session = world.begin(tenant).await;
        assert_eq!(session.accounts().insert(&stored).await.unwrap(), InsertOutcome::Inserted);
        session.commit().await.unwrap();
        let found = world.begin(tenant).await.accounts().find(record.id).await.unwrap().unwrap();
        assert_eq!(found.account.record(), &record);
        assert!(found.sealed == stored.sealed, "the sealed secrets changed");
        let found = harness.directory().find_account_by_webhook_key(&record.webhook_key).await.unwrap().unwrap();
        assert_eq!(found.account.record(), &record);
    }
}

pub async fn accounts_are_listed_oldest_first(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    let other = world.shop("other").await;
    let mut ids = Vec::new();
    for created in [3, 1, 2] {
        let plain = world.new_account(tenant);
        let record = ChannelAccountRecord { created_at: at(created), ..plain.account.record().clone() };
        ids.push(record.id);
        let stored = StoredAccount { account: ChannelAccount::restore(record), ..plain };
        let session = world.begin(tenant).await;
        session.accounts().insert(&stored).await.unwrap();
        session.commit().await.unwrap();
    }
    let session = world.begin(tenant).await;
    let listed: Vec<_> = session.accounts().list().await.unwrap().iter().map(|account| account.record().id).collect();
    assert_eq!(listed, [ids[1], ids[2], ids[0]]);

    let asked = [ids[0], world.id(), ids[2], other.account.record().id];
    let mut found: Vec<_> =
        session.accounts().find_many(&asked).await.unwrap().iter().map(|stored| stored.account.record().id).collect();
    found.sort();
    assert_eq!(found, [ids[0], ids[2]]);
}

pub async fn an_external_account_is_connected_once_among_all_tenants(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.shop("one").await, world.shop("two").await);
    let taken = one.account.record().external_id.clone();
    for tenant in [one.tenant.id, two.tenant.id] {
        let plain = world.new_account(tenant);
        let record = ChannelAccountRecord { external_id: taken.clone(), ..plain.account.record().clone() };
        let rival = StoredAccount { account: ChannelAccount::restore(record.clone()), ..plain };
        let session = world.begin(tenant).await;
        assert_eq!(session.accounts().insert(&rival).await.unwrap(), InsertOutcome::AlreadyPresent);
        assert!(session.accounts().find(record.id).await.unwrap().is_none());
        session.commit().await.unwrap();
        assert!(world.begin(tenant).await.accounts().find(record.id).await.unwrap().is_none());

        let elsewhere = ChannelAccountRecord { channel_type: ChannelType::Facebook, ..record.clone() };
        let unnamed = ChannelAccountRecord { id: world.id(), external_id: None, webhook_key: "u".to_owned(), ..record };
        for allowed in [elsewhere, unnamed] {
            let stored = StoredAccount { account: ChannelAccount::restore(allowed), ..rival.clone() };
            let session = world.begin(tenant).await;
            assert_eq!(session.accounts().insert(&stored).await.unwrap(), InsertOutcome::Inserted);
        }
    }
    let found = harness.directory().find_account_by_external_id(ChannelType::Line, &taken.unwrap()).await.unwrap();
    assert_eq!(found.unwrap().account, one.account);
}

pub async fn an_account_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let id = shop.account.record().id;
    let mut account = shop.account.clone();
    account.mark_unauthorized("the token is refused", at(5));
    account.learn_external_id("bot-2", at(6));
    account.note_checked(at(6));
    let session = world.begin(shop.tenant.id).await;
    session.accounts().update(&account).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.accounts().find(id).await.unwrap().unwrap().account;
    assert!(found.record().version > account.record().version);
    let kept = ChannelAccountRecord { version: account.record().version, ..found.record().clone() };
    assert_eq!(&kept, account.record());

    let mut late = shop.account.clone();
    late.mark_unauthorized("another reason", at(7));
    assert!(matches!(session.accounts().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.accounts().find(id).await.unwrap().unwrap().account, found);
    let mut again = found;
    again.mark_authorized(at(8));
    session.accounts().update(&again).await.unwrap();
    session.commit().await.unwrap();
}

pub async fn secrets_are_replaced_without_touching_the_account(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let id = shop.account.record().id;
    let session = world.begin(shop.tenant.id).await;
    session.accounts().replace_secrets(id, &SealedSecrets("new".to_owned()), 1).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let found = session.accounts().find(id).await.unwrap().unwrap();
    assert!(found.sealed == SealedSecrets("new".to_owned()), "the former secrets are still there");
    let kept = ChannelAccountRecord { version: 1, ..found.account.record().clone() };
    assert_eq!(&kept, shop.account.record());
}

pub async fn the_inbox_names_the_accounts_of_its_tenant_alone(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant = world.tenant("mali").await.id;
    world.shop("other").await;
    assert!(world.inbox(tenant).list_accounts(WHOLE).await.unwrap().items.is_empty());
    let mut made = Vec::new();
    // Two of the same moment among them.
    for (number, created) in [3, 1, 2, 2, 5].into_iter().enumerate() {
        let plain = world.new_account(tenant);
        let record = ChannelAccountRecord {
            created_at: at(created),
            channel_type: ChannelType::ALL[number % ChannelType::ALL.len()],
            status: AccountStatus::ALL[number % AccountStatus::ALL.len()],
            ..plain.account.record().clone()
        };
        made.push(record.clone());
        let stored = StoredAccount { account: ChannelAccount::restore(record), ..plain };
        let session = world.begin(tenant).await;
        session.accounts().insert(&stored).await.unwrap();
        session.commit().await.unwrap();
    }
    made.sort_by_key(|record| (record.created_at, record.id));
    let expected: Vec<AccountRow> = made
        .into_iter()
        .map(|ChannelAccountRecord { id, channel_type, name, status, .. }| AccountRow {
            id,
            channel_type,
            name,
            status,
        })
        .collect();
    let inbox = world.inbox(tenant);
    assert_eq!(inbox.list_accounts(WHOLE).await.unwrap().items, expected);
    assert_eq!(walk(2, async |page| inbox.list_accounts(page).await.unwrap()).await, expected);
    all_at_once(5, async |page| inbox.list_accounts(page).await.unwrap()).await;
}
