//! Customers who use every channel: one person with an id at each provider.

use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::bounded::lock;
use crate::ids::stable_number;
use crate::names::{Name, Names};

/// Customers kept.
pub(crate) const MOST_CUSTOMERS: usize = 1_000;
/// The most characters of a name.
pub(crate) const LONGEST_NAME: usize = 60;

/// Whom a sandbox to try things in begins with.
const SAMPLES: [&str; 5] = ["มะลิ ใจดี", "สมชาย แก้วมณี", "Anna Berg", "ปิยะ 🌸", "Ben Carter"];

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The customer's name.
    pub name: String,
    /// The code of the customer's language.
    pub language: String,
    /// The customer's ids.
    pub ids: CustomerIds,
}

/// A customer's id at each channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CustomerIds {
    /// At LINE.
    pub line: String,
    /// At Telegram.
    pub telegram: String,
    /// At Messenger, as the page knows whoever comments as [`comment`](Self::comment).
    pub messenger: String,
    /// As a writer of comments.
    pub comment: String,
    /// At Instagram.
    pub instagram: String,
    /// As a writer of comments at Instagram, which knows one id of a person.
    pub instagram_comment: String,
    /// At WhatsApp: the phone number.
    pub whatsapp: String,
}

impl CustomerIds {
    /// Ids that follow from the name, so that a sandbox that is started again knows the same people.
    fn of(name: &str, page_scoped: impl Fn(&str) -> String) -> Self {
        let number = |salt: &str| stable_number(&format!("{salt}:{name}"));
        let comment = format!("24{:012}", number("comment") % 1_000_000_000_000);
        let instagram = format!("1789{:012}", number("instagram") % 1_000_000_000_000);
        Self {
            line: format!("U{:016x}{:016x}", number("line"), number("line again")),
            telegram: (900_000_000 + number("telegram") % 90_000_000).to_string(),
            messenger: page_scoped(&comment),
            instagram_comment: instagram.clone(),
            instagram,
            whatsapp: format!("668{:08}", number("whatsapp") % 100_000_000),
            comment,
        }
    }

    fn all(&self) -> [&str; 6] {
        [&self.line, &self.telegram, &self.messenger, &self.comment, &self.instagram, &self.whatsapp]
    }
}

/// The customers, oldest first. Clones share all state.
#[derive(Debug, Clone)]
pub(crate) struct Customers {
    list: Arc<Mutex<Vec<String>>>,
    names: Names,
}

impl Customers {
    pub(crate) fn new(names: Names) -> Self {
        Self { list: Arc::default(), names }
    }

    pub(crate) fn add_samples(&self) {
        for name in SAMPLES {
            self.add(name);
        }
    }

    /// Adds a customer, unless there is one of this name. Whether there is room.
    pub(crate) fn add(&self, name: &str) -> bool {
        let mut list = lock(&self.list);
        if list.iter().any(|known| known == name) {
            return true;
        }
        let room = list.len() < MOST_CUSTOMERS;
        if room {
            list.push(name.to_owned());
        }
        room
    }

    /// The customers as the page now knows them. From here on the providers tell their names.
    pub(crate) fn list(&self, page_scoped: impl Fn(&str) -> String) -> Vec<Customer> {
        let names = lock(&self.list).clone();
        let known = names.into_iter().map(|full| {
            let (name, ids) = (Name::of(&full), CustomerIds::of(&full, &page_scoped));
            for id in ids.all() {
                self.names.set(id, &name);
            }
            Customer { name: full, language: name.language, ids }
        });
        known.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_customer_with_the_same_ids_always() {
        let names = Names::default();
        let customers = Customers::new(names.clone());
        customers.add_samples();
        assert!(customers.add("Anna Berg"));
        let scoped = |commenter: &str| format!("7{commenter}");
        let list = customers.list(scoped);
        assert_eq!(list.len(), SAMPLES.len());
        let again = Customers::new(Names::default());
        again.add("Anna Berg");
        let anna = again.list(scoped).remove(0);
        assert!(list.contains(&anna));
        assert_eq!(names.of(&anna.ids.messenger), Some(Name::of("Anna Berg")));
        assert_eq!(anna.ids.line.len(), 33);
    }

    #[test]
    fn there_is_an_end_to_customers() {
        let customers = Customers::new(Names::default());
        for number in 0..MOST_CUSTOMERS {
            assert!(customers.add(&number.to_string()));
        }
        assert!(!customers.add("one more"));
        assert!(customers.add("7"));
    }
}
