//! Lists, a page at a time.

use hubchat_core::port::{Keyset, Page, PageRequest};
use poem_openapi::{
    Object,
    param::Query,
    types::{ParseFromJSON, ToJSON, Type},
};

use super::Limit;
use crate::{cursor::ListKey, problem::ApiProblem};

/// A page of a list.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct Listing<T: Type + ParseFromJSON + ToJSON> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// What to give as `cursor` for the next page; absent on the last one.
    #[oai(skip_serializing_if_is_none)]
    pub(crate) next_cursor: Option<String>,
}

impl<T: Type + ParseFromJSON + ToJSON> Listing<T> {
    /// A list that is given whole.
    pub(crate) fn whole(items: impl IntoIterator<Item = T>) -> Self {
        Self { items: items.into_iter().collect(), next_cursor: None }
    }
}

/// The `limit` and `cursor` of a request for one list.
pub(crate) struct PageQuery {
    list: ListKey,
    request: PageRequest,
}

impl PageQuery {
    /// Reads them for the list.
    pub(crate) fn read(
        list: ListKey,
        Query(limit): Query<Option<Limit>>,
        Query(cursor): Query<Option<String>>,
    ) -> Result<Self, ApiProblem> {
        let after: Option<Keyset> = cursor.map(|cursor| list.place(&cursor)).transpose()?;
        Ok(Self { list, request: PageRequest { after, limit: limit.unwrap_or_default().0 } })
    }

    /// What storage is asked for.
    pub(crate) fn request(&self) -> PageRequest {
        self.request
    }

    /// The page as it goes out.
    pub(crate) fn listing<R, T: Type + ParseFromJSON + ToJSON>(
        &self,
        page: Page<R>,
        view: impl FnMut(R) -> T,
    ) -> Listing<T> {
        Listing {
            items: page.items.into_iter().map(view).collect(),
            next_cursor: page.next.map(|place| self.list.cursor(place)),
        }
    }
}
