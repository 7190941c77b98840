//! The people who write to accounts, and whether they may still be answered.

use super::MetaState;
use crate::bounded::BoundedMap;
use crate::ids::stable_number;
use crate::names::Name;

/// How long after a person's last message an account may answer. At this very age it no longer may.
const WINDOW_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long a person of the account's staff may, with the tag for it; also the age of a comment that can be
/// answered in private.
pub(super) const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

const NAMES: [(&str, &str); 6] =
    [("Somchai", "K."), ("Kanya", "P."), ("Anan", "S."), ("Malee", "T."), ("Prasert", "W."), ("Suda", "R.")];

#[derive(Debug, Default, Clone)]
pub(super) struct Person {
    /// When the person last did something that opens the window.
    pub(super) last_message_ms: Option<i64>,
    pub(super) blocked: bool,
    /// The last message sent to the person.
    pub(super) last_sent_id: Option<String>,
}

impl Person {
    /// Whether an account may write now; `human` when a person of its staff says to be writing.
    pub(super) fn can_be_answered(&self, now_ms: i64, human: bool) -> bool {
        let open_for = if human { WEEK_MS } else { WINDOW_MS };
        self.last_message_ms.is_some_and(|last| now_ms.saturating_sub(last) < open_for)
    }
}

/// People by account.
#[derive(Debug)]
pub(super) struct People(BoundedMap<(String, String), Person>);

impl People {
    pub(super) fn new(kept: usize) -> Self {
        Self(BoundedMap::new(kept))
    }

    pub(super) fn get(&self, account: &str, person: &str) -> Option<&Person> {
        self.0.get(&(account.to_owned(), person.to_owned()))
    }

    /// Makes a person known to the account and changes what is known.
    pub(super) fn meet(&mut self, account: &str, person: &str, change: impl FnOnce(&mut Person)) {
        let key = (account.to_owned(), person.to_owned());
        if let Some(known) = self.0.get_mut(&key) {
            change(known);
            return;
        }
        let mut met = Person::default();
        change(&mut met);
        self.0.insert(key, met);
    }
}

impl MetaState {
    /// The name of whoever has this id: the one told, else an invented one.
    pub(super) fn name_of(&self, person: &str) -> Name {
        self.names.of(person).unwrap_or_else(|| {
            let at = usize::try_from(stable_number(person) % 6).unwrap_or(0);
            let (first, last) = NAMES[at];
            Name { first: first.to_owned(), last: last.to_owned(), language: "th".to_owned() }
        })
    }

    /// The user name on Instagram of whoever has this id.
    pub(super) fn username_of(&self, person: &str) -> String {
        let first = self.name_of(person).first.to_lowercase();
        // A user name has letters of the English alphabet only.
        let plain: String = first.chars().filter(char::is_ascii_alphanumeric).collect();
        let plain = if plain.is_empty() { "customer" } else { &plain };
        format!("{plain}.{}", stable_number(person) % 10_000)
    }
}

/// A person's id at WhatsApp that is no phone number. Whoever is known by such an id has no other.
pub(super) fn business_scoped_id(person: &str) -> String {
    if has_no_phone(person) { person.to_owned() } else { format!("TH.{:020}", stable_number(person)) }
}

pub(super) fn has_no_phone(person: &str) -> bool {
    person.contains('.')
}

/// The id by which Messenger knows the writer of a comment; the comment itself carries another.
pub(super) fn page_scoped_id(page: &str, commenter: &str) -> String {
    format!("7{:015}", stable_number(&format!("{page}:{commenter}")) % 1_000_000_000_000_000)
}
