//! Teams: members who share leads.

use crate::{TeamId, TenantId, Timestamp};

/// A team of a tenant's members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Its name; unique within the tenant, whatever the case of its letters.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

impl Team {
    /// The most characters of a name.
    pub const MAX_NAME_CHARS: usize = 100;

    /// The most teams of a tenant: all of them are shown at once.
    pub const MAX_PER_TENANT: u32 = 1_000;

    /// Trims a name; `None` when nothing is left or it has more than [`Self::MAX_NAME_CHARS`] characters.
    #[must_use]
    pub fn normal_name(text: &str) -> Option<String> {
        let name = text.trim();
        (1..=Self::MAX_NAME_CHARS).contains(&name.chars().count()).then(|| name.to_owned())
    }

    /// What two names that are the same to a person have in common: the name in lower case.
    #[must_use]
    pub fn name_key(name: &str) -> String {
        name.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_a_hundred_characters_without_the_spaces_around() {
        assert_eq!(Team::normal_name("  ทีมขาย 1 ").as_deref(), Some("ทีมขาย 1"));
        assert_eq!(Team::normal_name(" \t"), None);
        assert!(Team::normal_name(&"ก".repeat(100)).is_some());
        assert_eq!(Team::normal_name(&"a".repeat(101)), None);
    }

    #[test]
    fn names_that_differ_in_case_only_have_one_key() {
        assert_eq!(Team::name_key("Straße NORTH"), Team::name_key("STRAße north"));
        assert_ne!(Team::name_key("north"), Team::name_key("south"));
    }
}
