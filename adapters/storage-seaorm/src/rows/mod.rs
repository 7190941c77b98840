//! Rows of the tables, and the records that they become. What cannot be read back is corrupt, and said
//! to be so without its content.

pub(crate) mod access;
mod account;
mod activity;
mod api_key;
mod audit;
mod contact;
mod conversation;
mod lead;
mod media;
mod member;
mod message;
mod settings;
mod team;

use hubchat_domain::{TenantId, Timestamp};
use hubchat_ports::StorageError;
use sea_orm::{QueryResult, TryGetable};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::statements::Table;

pub(crate) use account::{select_stored_accounts, stored_account};
pub(crate) use api_key::{API_KEY_COLUMNS, api_key};
pub(crate) use settings::{NAME_KEY, ORIGINS_KEY, SETTINGS, origins, stored_settings};

/// A record with a table of its own.
pub(crate) trait Row: Sized {
    /// What it is called when it cannot be read.
    const WHAT: &'static str;
    /// Its table.
    const TABLE: Table;

    /// Its columns by name, as the table has them.
    fn to_row(&self) -> Json;

    /// The record of a row.
    fn from_row(fields: &Fields<'_>) -> Result<Self, StorageError>;

    /// Whose it is.
    fn tenant(&self) -> Option<TenantId>;
}

/// The columns of one table within a row of a result: their names begin with the prefix.
pub(crate) struct Fields<'r> {
    row: &'r QueryResult,
    prefix: &'static str,
    what: &'static str,
}

/// Reads the record whose columns begin with the prefix.
pub(crate) fn read<R: Row>(row: &QueryResult, prefix: &'static str) -> Result<R, StorageError> {
    R::from_row(&Fields::new::<R>(row, prefix))
}

impl<'r> Fields<'r> {
    pub(crate) fn new<R: Row>(row: &'r QueryResult, prefix: &'static str) -> Self {
        Self { row, prefix, what: R::WHAT }
    }

    /// The columns of a row without a prefix; `what` it is called when it cannot be read.
    pub(crate) fn plain(row: &'r QueryResult, what: &'static str) -> Self {
        Self { row, prefix: "", what }
    }

    /// The columns of a row that begin with the prefix; `what` it is called when it cannot be read.
    pub(crate) fn prefixed(row: &'r QueryResult, prefix: &'static str, what: &'static str) -> Self {
        Self { row, prefix, what }
    }

    /// A column as it is.
    pub(crate) fn get<T: TryGetable>(&self, name: &str) -> Result<T, StorageError> {
        self.row.try_get(self.prefix, name).map_err(|_| self.corrupt())
    }

    pub(crate) fn id<T: From<Uuid>>(&self, name: &str) -> Result<T, StorageError> {
        self.get::<Uuid>(name).map(T::from)
    }

    pub(crate) fn id_or_none<T: From<Uuid>>(&self, name: &str) -> Result<Option<T>, StorageError> {
        Ok(self.get::<Option<Uuid>>(name)?.map(T::from))
    }

    pub(crate) fn time(&self, name: &str) -> Result<Timestamp, StorageError> {
        self.get(name).map(Timestamp::from_micros)
    }

    pub(crate) fn time_or_none(&self, name: &str) -> Result<Option<Timestamp>, StorageError> {
        Ok(self.get::<Option<i64>>(name)?.map(Timestamp::from_micros))
    }

    /// A column that holds a stable name.
    pub(crate) fn named<T>(&self, name: &str, parse: fn(&str) -> Option<T>) -> Result<T, StorageError> {
        parse(&self.get::<String>(name)?).ok_or_else(|| self.corrupt())
    }

    pub(crate) fn named_or_none<T>(&self, name: &str, parse: fn(&str) -> Option<T>) -> Result<Option<T>, StorageError> {
        let text: Option<String> = self.get(name)?;
        text.map(|text| parse(&text).ok_or_else(|| self.corrupt())).transpose()
    }

    /// A column that holds JSON text.
    pub(crate) fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StorageError> {
        serde_json::from_str(&self.get::<String>(name)?).map_err(|_| self.corrupt())
    }

    pub(crate) fn json_or_none<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StorageError> {
        let text: Option<String> = self.get(name)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| self.corrupt())).transpose()
    }

    /// A list that is NULL when empty.
    pub(crate) fn list<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, StorageError> {
        Ok(self.json_or_none(name)?.unwrap_or_default())
    }

    /// Says that the row cannot be read.
    pub(crate) fn corrupt(&self) -> StorageError {
        StorageError::Corrupt { what: self.what }
    }
}

/// JSON text of a value; domain values always have one.
fn text(value: &impl serde::Serialize) -> Json {
    serde_json::to_string(value).map_or(Json::Null, Json::String)
}

/// JSON text of a list, NULL when it is empty.
fn list_text(list: &[String]) -> Json {
    if list.is_empty() { Json::Null } else { text(&list) }
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}
