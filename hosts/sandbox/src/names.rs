//! The names that people go by at every provider, where the sandbox was told them.

use std::sync::{Arc, Mutex};

use crate::bounded::{BoundedMap, lock};

/// People whose names are kept: every customer has one id at each channel.
const MOST_NAMES: usize = 6_000;

/// A person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) first: String,
    pub(crate) last: String,
    /// The code of the person's language.
    pub(crate) language: String,
}

impl Name {
    /// Parts a name at its first space.
    pub(crate) fn of(full: &str) -> Self {
        let (first, last) = full.trim().split_once(char::is_whitespace).unwrap_or((full.trim(), ""));
        let thai = full.chars().any(|letter| ('\u{0E00}'..='\u{0E7F}').contains(&letter));
        Self {
            first: first.to_owned(),
            last: last.trim().to_owned(),
            language: if thai { "th" } else { "en" }.to_owned(),
        }
    }

    pub(crate) fn full(&self) -> String {
        if self.last.is_empty() { self.first.clone() } else { format!("{} {}", self.first, self.last) }
    }
}

/// Names by a person's id at a provider. Clones share all state.
#[derive(Debug, Clone)]
pub(crate) struct Names(Arc<Mutex<BoundedMap<String, Name>>>);

impl Default for Names {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(BoundedMap::new(MOST_NAMES))))
    }
}

impl Names {
    pub(crate) fn set(&self, person: &str, name: &Name) {
        lock(&self.0).insert(person.to_owned(), name.clone());
    }

    pub(crate) fn of(&self, person: &str) -> Option<Name> {
        lock(&self.0).get(person).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_at_its_first_space() {
        let name = Name::of(" มะลิ ใจดี ");
        assert_eq!((name.first.as_str(), name.last.as_str(), name.language.as_str()), ("มะลิ", "ใจดี", "th"));
        assert_eq!(Name::of("Anna van Dyck").full(), "Anna van Dyck");
        assert_eq!(Name::of("Ben").full(), "Ben");
    }
}
