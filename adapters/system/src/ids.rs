//! Ids: UUIDs of version 7, which sort by when they were made.

use hubchat_ports::Ids;
use uuid::Uuid;

/// Makes UUIDs of version 7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)); later ones
/// sort after earlier ones of this process, even within a millisecond, over threads, when the clock steps
/// back, and whichever value of this type made them.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidV7Ids;

impl UuidV7Ids {
    /// The source of ids; all values share one counter.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Ids for UuidV7Ids {
    fn next_uuid(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashSet, sync::Mutex, thread};

    #[test]
    fn ids_ascend_over_threads_in_the_order_of_their_making() {
        // The lock makes one order of all threads; the ids must follow it.
        let made = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let ids = UuidV7Ids::new();
                    for _ in 0..5_000 {
                        let mut made = made.lock().unwrap();
                        made.push(ids.next_uuid());
                    }
                });
            }
        });
        let made = made.into_inner().unwrap();
        assert!(made.is_sorted());
        assert_eq!(made.iter().collect::<HashSet<_>>().len(), 20_000);
    }

    #[test]
    fn threads_that_race_never_make_the_same_id() {
        let lists: Vec<Vec<Uuid>> = thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| (0..5_000).map(|_| UuidV7Ids.next_uuid()).collect())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(lists.iter().all(|list| list.is_sorted()));
        assert_eq!(lists.into_iter().flatten().collect::<HashSet<Uuid>>().len(), 20_000);
    }
}
