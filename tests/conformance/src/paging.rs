//! Walking through lists a page at a time.

use hubchat_ports::{Page, PageRequest};

/// Every row, by pages of that size. Full pages until the last one, which is never empty.
pub(crate) async fn walk<T>(limit: u32, mut list: impl AsyncFnMut(PageRequest) -> Page<T>) -> Vec<T> {
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = list(PageRequest { after, limit }).await;
        let size = page.items.len();
        assert!(size <= usize::try_from(limit).unwrap(), "a page of {size} rows for a limit of {limit}");
        seen.extend(page.items);
        after = page.next;
        if after.is_none() {
            return seen;
        }
        assert!(size == usize::try_from(limit).unwrap(), "a page of {size} rows of {limit} is not the last");
        assert!(seen.len() < 10_000, "the pages never end");
    }
}

/// Asks a list of `count` rows for pages that end where it ends, one before and one after.
pub(crate) async fn all_at_once<T>(count: u32, mut list: impl AsyncFnMut(PageRequest) -> Page<T>) {
    for (limit, more) in [(count - 1, true), (count, false), (count + 1, false), (200, false)] {
        let page = list(PageRequest { after: None, limit }).await;
        assert_eq!(page.items.len(), usize::try_from(limit.min(count)).unwrap());
        assert_eq!(page.next.is_some(), more, "{limit} of {count}");
    }
    for limit in [1, 2, 3] {
        assert_eq!(walk(limit, &mut list).await.len(), usize::try_from(count).unwrap());
    }
}
