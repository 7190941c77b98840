//! Things that are found by their own key or by another one.

use std::{collections::HashMap, hash::Hash};

use super::held::Held;

/// Held things by their own keys, and other keys that lead to them.
pub(super) struct Aliased<K, V> {
    things: HashMap<K, Held<V>>,
    others: HashMap<K, K>,
}

impl<K: Hash + Eq + Clone, V> Aliased<K, V> {
    pub(super) fn new() -> Self {
        Self { things: HashMap::new(), others: HashMap::new() }
    }

    /// Adds a thing under its own key, and under another one unless that is taken.
    pub(super) fn insert(&mut self, key: K, other: Option<K>, thing: Held<V>) {
        if let Some(other) = other.filter(|other| self.own_key(other).is_none()) {
            self.others.insert(other, key.clone());
        }
        // Its own key counts for more than someone's other one.
        self.others.remove(&key);
        self.things.insert(key, thing);
    }

    /// The own key of what a key leads to.
    pub(super) fn own_key(&self, key: &K) -> Option<&K> {
        match self.things.get_key_value(key) {
            Some((own, _)) => Some(own),
            None => self.others.get(key).filter(|own| self.things.contains_key(*own)),
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&Held<V>> {
        self.own_key(key).and_then(|own| self.things.get(own))
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut Held<V>> {
        let own = self.own_key(key)?.clone();
        self.things.get_mut(&own)
    }

    /// Lets another key lead to a thing, unless it leads elsewhere; tells whether it does now.
    pub(super) fn also(&mut self, own: &K, other: &K) -> bool {
        if let Some(known) = self.own_key(other) {
            return known == own;
        }
        self.others.insert(other.clone(), own.clone());
        true
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Held<V>> {
        self.things.values()
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Held<V>> {
        self.things.values_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_found_by_either_key_and_its_own_key_counts_for_more() {
        let mut known = Aliased::new();
        known.insert("phone", Some("name"), Held::read(1));
        assert_eq!(known.get(&"name").map(|held| held.thing), Some(1));
        assert_eq!(known.own_key(&"name"), Some(&"phone"));
        known.insert("name", None, Held::read(2));
        assert_eq!(known.get(&"name").map(|held| held.thing), Some(2));
        assert!(!known.also(&"phone", &"name"), "it leads elsewhere");
        assert!(known.also(&"phone", &"other"));
        assert_eq!(known.get_mut(&"other").map(|held| held.thing), Some(1));
        assert!(known.get(&"stranger").is_none());
    }
}
