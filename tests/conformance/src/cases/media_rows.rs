//! Rows of files.

use hubchat_domain::{Media, MediaRecord, MediaSource, MediaStatus};
use hubchat_ports::StorageError;

use crate::StorageHarness;
use crate::specimens::{moments, texts};
use crate::world::{World, at};

pub async fn files_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let message = world.new_message(&known, 1, at(1));
    world.say(std::slice::from_ref(&message)).await;
    let mut files = Vec::new();
    for (number, text) in texts().into_iter().enumerate() {
        let sources = [
            MediaSource::Upload,
            MediaSource::Url { url: text.clone() },
            MediaSource::Provider { external_id: text.clone(), transcoded: number % 2 == 0 },
        ];
        let some = (number != 0).then_some(text);
        files.push(Media::restore(MediaRecord {
            message_id: some.as_ref().map(|_| message.record().id),
            status: MediaStatus::ALL[number % MediaStatus::ALL.len()],
            source: sources[number % 3].clone(),
            content_type: some.clone(),
            size: some.as_ref().map(|_| i64::MAX),
            file_name: some.clone(),
            storage_key: some.clone(),
            thumbnail_key: some.clone(),
            failure: some,
            created_at: moments()[number % moments().len()],
            updated_at: moments()[(number + 1) % moments().len()],
            version: 41,
            ..world.new_media(&message).record().clone()
        }));
    }
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(&files).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    for file in &files {
        assert_eq!(session.media().find(file.record().id).await.unwrap().as_ref(), Some(file));
    }
}

pub async fn a_file_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let message = world.new_message(&known, 1, at(1));
    world.say(std::slice::from_ref(&message)).await;
    let file = world.new_media(&message);
    let id = file.record().id;
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(std::slice::from_ref(&file)).await.unwrap();
    session.commit().await.unwrap();

    let mut stored = file.clone();
    stored.mark_stored(("image/png", 5), stored.key(), Some("thumbnail".to_owned()), at(2));
    let session = world.begin(shop.tenant.id).await;
    session.media().update(&stored).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let found = session.media().find(id).await.unwrap().unwrap();
    assert!(found.record().version > 1);
    assert_eq!(&MediaRecord { version: 1, ..found.record().clone() }, stored.record());
    let mut late = file;
    late.mark_missing(true, "gone", at(3));
    assert!(matches!(session.media().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    assert_eq!(world.begin(shop.tenant.id).await.media().find(id).await.unwrap(), Some(found));
}

pub async fn hundreds_of_files_fit_in_one_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(0)).await;
    let message = world.new_message(&known, 1, at(1));
    world.say(std::slice::from_ref(&message)).await;
    let files: Vec<Media> = (0..500).map(|_| world.new_media(&message)).collect();
    let session = world.begin(shop.tenant.id).await;
    session.media().insert_many(&files).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    for file in files.iter().step_by(100) {
        assert_eq!(session.media().find(file.record().id).await.unwrap().as_ref(), Some(file));
    }
}
