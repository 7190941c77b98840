//! Reading columns into the domain's types.

use hubchat_domain::Timestamp;
use hubchat_ports::StorageError;
use sea_orm::{QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::from_db;

/// A row, with a prefix that its columns bear in a join.
#[derive(Clone, Copy)]
pub(crate) struct Columns<'a> {
    row: &'a QueryResult,
    prefix: &'static str,
    what: &'static str,
}

impl<'a> Columns<'a> {
    /// The columns of a row of `what`.
    pub(crate) fn of(row: &'a QueryResult, what: &'static str) -> Self {
        Self { row, prefix: "", what }
    }

    /// The columns of the same row whose names begin with `prefix`.
    pub(crate) fn prefixed(self, prefix: &'static str, what: &'static str) -> Self {
        Self { row: self.row, prefix, what }
    }

    /// The column's value, or NULL where its type allows.
    pub(crate) fn get<T: TryGetable>(self, name: &str) -> Result<T, StorageError> {
        self.row.try_get(self.prefix, name).map_err(from_db)
    }

    pub(crate) fn id<T: From<Uuid>>(self, name: &str) -> Result<T, StorageError> {
        Ok(T::from(self.get::<Uuid>(name)?))
    }

    pub(crate) fn optional_id<T: From<Uuid>>(self, name: &str) -> Result<Option<T>, StorageError> {
        Ok(self.get::<Option<Uuid>>(name)?.map(T::from))
    }

    pub(crate) fn time(self, name: &str) -> Result<Timestamp, StorageError> {
        Ok(Timestamp::from_micros(self.get(name)?))
    }

    pub(crate) fn optional_time(self, name: &str) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.get::<Option<i64>>(name)?.map(Timestamp::from_micros))
    }

    /// A name that must be one of a list.
    pub(crate) fn named<T>(self, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, StorageError> {
        parse(&self.get::<String>(name)?).ok_or(StorageError::Corrupt { what: self.what })
    }

    pub(crate) fn optional_named<T>(self, name: &str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, StorageError> {
        let text: Option<String> = self.get(name)?;
        text.map(|text| parse(&text).ok_or(StorageError::Corrupt { what: self.what })).transpose()
    }

    /// JSON text.
    pub(crate) fn json<T: DeserializeOwned>(self, name: &str) -> Result<T, StorageError> {
        serde_json::from_str(&self.get::<String>(name)?).map_err(|_| StorageError::Corrupt { what: self.what })
    }

    pub(crate) fn optional_json<T: DeserializeOwned>(self, name: &str) -> Result<Option<T>, StorageError> {
        let text: Option<String> = self.get(name)?;
        let parsed = text.map(|text| serde_json::from_str(&text)).transpose();
        parsed.map_err(|_| StorageError::Corrupt { what: self.what })
    }
}
