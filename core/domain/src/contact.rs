//! Contacts: the customers, and who they are on each channel account.

use crate::{ChannelAccountId, ChannelType, ContactId, ContactIdentityId, TenantId, Timestamp};

/// What a provider tells of a person. Blank texts count as unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name that the person shows.
    pub display_name: Option<String>,
    /// Where their picture is.
    pub avatar_url: Option<String>,
    /// Their language, as a BCP 47 tag.
    pub language: Option<String>,
}

/// What is kept of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRecord {
    /// Its id.
    pub id: ContactId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The name, when known.
    pub display_name: Option<String>,
    /// The picture, when known.
    pub avatar_url: Option<String>,
    /// When first heard of.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// A customer, whichever channels they write from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact(ContactRecord);

/// Who a customer is on one channel account: unique within the tenant's accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityKey {
    /// The account that the customer wrote to.
    pub account_id: ChannelAccountId,
    /// The provider's id of the person, or of the group for a group thread.
    pub external_user_id: String,
}

/// What is kept of a contact's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactIdentityRecord {
    /// Its id.
    pub id: ContactIdentityId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The customer.
    pub contact_id: ContactId,
    /// Account and external id.
    pub key: IdentityKey,
    /// Another id under which the provider may name the person.
    pub alias: Option<String>,
    /// The account's channel.
    pub channel_type: ChannelType,
    /// The name on this channel, when known.
    pub display_name: Option<String>,
    /// The picture on this channel, when known.
    pub avatar_url: Option<String>,
    /// The language, when known.
    pub language: Option<String>,
    /// False once the customer blocked the account or the account left the group.
    pub reachable: bool,
    /// When the provider last told us the profile.
    pub profile_fetched_at: Option<Timestamp>,
    /// When first heard of.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// One customer on one channel account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactIdentity(ContactIdentityRecord);

/// A text that says something, trimmed.
fn known(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|t| !t.is_empty())
}

/// Sets `slot` to a known, different text; tells whether it did. A blank never overwrites.
fn learn(slot: &mut Option<String>, text: Option<&str>) -> bool {
    match known(text) {
        Some(text) if slot.as_deref() != Some(text) => {
            *slot = Some(text.to_owned());
            true
        }
        _ => false,
    }
}

impl Contact {
    /// A customer heard of for the first time.
    #[must_use]
    pub fn first_seen(id: ContactId, tenant_id: TenantId, now: Timestamp) -> Self {
        Self(ContactRecord {
            id,
            tenant_id,
            display_name: None,
            avatar_url: None,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// The contact as storage keeps it.
    #[must_use]
    pub fn restore(record: ContactRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &ContactRecord {
        &self.0
    }

    /// Takes over what a provider tells, unless it is blank; a name already known from elsewhere stays.
    /// Tells whether anything changed.
    pub fn learn_profile(&mut self, profile: &Profile, now: Timestamp) -> bool {
        let mut changed = false;
        if self.0.display_name.is_none() {
            changed |= learn(&mut self.0.display_name, profile.display_name.as_deref());
        }
        changed |= learn(&mut self.0.avatar_url, profile.avatar_url.as_deref());
        if changed {
            self.0.updated_at = now;
        }
        changed
    }
}

impl ContactIdentity {
    /// An identity heard of for the first time, of a contact.
    #[must_use]
    pub fn first_seen(
        id: ContactIdentityId,
        contact: &Contact,
        key: IdentityKey,
        channel_type: ChannelType,
        now: Timestamp,
    ) -> Self {
        Self(ContactIdentityRecord {
            id,
            tenant_id: contact.0.tenant_id,
            contact_id: contact.0.id,
            key,
            alias: None,
            channel_type,
            display_name: None,
            avatar_url: None,
            language: None,
            reachable: true,
            profile_fetched_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// The identity as storage keeps it.
    #[must_use]
    pub fn restore(record: ContactIdentityRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &ContactIdentityRecord {
        &self.0
    }

    /// The provider may name the person by this id too, or no longer does; tells whether that is news.
    pub fn set_alias(&mut self, alias: Option<&str>, now: Timestamp) -> bool {
        let alias = alias.filter(|alias| *alias != self.0.key.external_user_id);
        let news = self.0.alias.as_deref() != alias;
        if news {
            self.0.alias = alias.map(str::to_owned);
            self.0.updated_at = now;
        }
        news
    }

    /// Takes over a name that came with an event; tells whether it is news. A blank never overwrites.
    pub fn learn_in_passing(&mut self, profile: &Profile, now: Timestamp) -> bool {
        let mut news = learn(&mut self.0.display_name, profile.display_name.as_deref());
        news |= learn(&mut self.0.avatar_url, profile.avatar_url.as_deref());
        news |= learn(&mut self.0.language, profile.language.as_deref());
        if news {
            self.0.updated_at = now;
        }
        news
    }

    /// Takes over what the provider tells, unless it is blank, and notes that it was asked.
    pub fn learn_profile(&mut self, profile: &Profile, now: Timestamp) {
        learn(&mut self.0.display_name, profile.display_name.as_deref());
        learn(&mut self.0.avatar_url, profile.avatar_url.as_deref());
        learn(&mut self.0.language, profile.language.as_deref());
        self.0.profile_fetched_at = Some(now);
        self.0.updated_at = now;
    }

    /// Notes whether the customer can be written to; tells whether that is news.
    pub fn set_reachable(&mut self, reachable: bool, now: Timestamp) -> bool {
        let news = self.0.reachable != reachable;
        if news {
            self.0.reachable = reachable;
            self.0.updated_at = now;
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_blank_name_or_picture_never_overwrites_a_known_one() {
        let now = Timestamp::EPOCH;
        let mut contact = Contact::first_seen(Uuid::nil().into(), Uuid::nil().into(), now);
        let known = Profile {
            display_name: Some(" Mali ".into()),
            avatar_url: Some("https://cdn.example/m.jpg".into()),
            language: None,
        };
        assert!(contact.learn_profile(&known, now));
        let blank = Profile { display_name: Some("  ".into()), avatar_url: Some(String::new()), language: None };
        assert!(!contact.learn_profile(&blank, now));
        assert_eq!(contact.record().display_name.as_deref(), Some("Mali"));
        assert_eq!(contact.record().avatar_url.as_deref(), Some("https://cdn.example/m.jpg"));
    }
}
