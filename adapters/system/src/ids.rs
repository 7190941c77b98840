//! Ids: UUIDs of version 7, which sort by when they were made.

use hubchat_ports::Ids;
use uuid::{ContextV7, Timestamp, Uuid};

/// Makes UUIDs of version 7 (RFC 9562); later ones of one value sort after earlier ones, even within a
/// millisecond and over threads.
#[derive(Debug, Default)]
pub struct UuidV7Ids(std::sync::Mutex<ContextV7>);

impl UuidV7Ids {
    /// A new source.
    #[must_use]
    pub fn new() -> Self {
        Self(std::sync::Mutex::new(ContextV7::new()))
    }
}

impl Ids for UuidV7Ids {
    fn next_uuid(&self) -> Uuid {
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::now(&*context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_and_never_repeat_over_threads() {
        let ids = std::sync::Arc::new(UuidV7Ids::new());
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let ids = std::sync::Arc::clone(&ids);
                std::thread::spawn(move || (0..5_000).map(|_| ids.next_uuid()).collect::<Vec<_>>())
            })
            .collect();
        let lists: Vec<Vec<Uuid>> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(lists.iter().all(|list| list.is_sorted()));
        let unique: std::collections::HashSet<Uuid> = lists.into_iter().flatten().collect();
        assert_eq!(unique.len(), 20_000);
    }
}
