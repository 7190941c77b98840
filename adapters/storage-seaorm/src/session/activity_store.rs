//! Activity logs, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::Activity;
use hubchat_ports::{ActivityStore, StorageError};

use super::Session;

#[async_trait]
impl ActivityStore for Session {
    async fn append(&self, activities: &[Activity]) -> Result<(), StorageError> {
        self.insert_new::<Activity>(self.own_rows(activities.iter())?).await
    }
}
