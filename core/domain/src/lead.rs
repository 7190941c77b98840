//! Leads: chances to sell, one after the other for one contact.

use crate::{
    ChannelAccountId, ChannelType, ContactId, InvalidTransition, LeadId, LeadStatus, MemberId, Referral, TenantId,
    Timestamp, Transition,
};

/// What is kept of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadRecord {
    /// Its id.
    pub id: LeadId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The customer.
    pub contact_id: ContactId,
    /// The account that the customer first wrote to.
    pub source_account_id: ChannelAccountId,
    /// The channel of that account.
    pub source_channel: ChannelType,
    /// Where it stands.
    pub status: LeadStatus,
    /// Who owns it.
    pub assigned_member_id: Option<MemberId>,
    /// Labels, in the order given.
    pub tags: Vec<String>,
    /// A free note.
    pub note: Option<String>,
    /// What first brought the customer.
    pub referral: Option<Referral>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed, or its customer last wrote.
    pub updated_at: Timestamp,
    /// When it was won or lost.
    pub closed_at: Option<Timestamp>,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// A chance to sell to a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead(LeadRecord);

/// The tags cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// More than [`Lead::MAX_TAGS`].
    #[error("a lead has at most {} tags", Lead::MAX_TAGS)]
    TooMany,
    /// A tag is blank or longer than [`Lead::MAX_TAG_CHARS`] characters.
    #[error("a tag has 1 to {} characters", Lead::MAX_TAG_CHARS)]
    Length,
}

impl Lead {
    /// The most tags that a lead carries.
    pub const MAX_TAGS: usize = 50;
    /// The most characters of a tag.
    pub const MAX_TAG_CHARS: usize = 64;

    /// A new lead of a contact who wrote to an account.
    #[must_use]
    pub fn open(
        id: LeadId,
        tenant_id: TenantId,
        contact_id: ContactId,
        source: (ChannelAccountId, ChannelType),
        now: Timestamp,
    ) -> Self {
        Self(LeadRecord {
            id,
            tenant_id,
            contact_id,
            source_account_id: source.0,
            source_channel: source.1,
            status: LeadStatus::New,
            assigned_member_id: None,
            tags: Vec::new(),
            note: None,
            referral: None,
            created_at: now,
            updated_at: now,
            closed_at: None,
            version: 1,
        })
    }

    /// The lead as storage keeps it.
    #[must_use]
    pub fn restore(record: LeadRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &LeadRecord {
        &self.0
    }

    /// Notes what brought the customer; the first is kept. Tells whether it is news.
    pub fn note_referral(&mut self, referral: &Referral, now: Timestamp) -> bool {
        let news = self.0.referral.is_none();
        if news {
            self.0.referral = Some(referral.clone());
            self.0.updated_at = now;
        }
        news
    }

    /// Moves along the lifecycle.
    pub fn move_to(&mut self, to: LeadStatus, now: Timestamp) -> Result<Transition, InvalidTransition> {
        let transition = self.0.status.check_move(to)?;
        if transition == Transition::Moved {
            self.0.status = to;
            self.0.updated_at = now;
            self.0.closed_at = (!to.is_open()).then_some(now);
        }
        Ok(transition)
    }

    /// Gives the lead to a member. A NEW lead becomes ASSIGNED; a closed one keeps its status.
    /// Tells whether the owner changed.
    pub fn assign(&mut self, member: MemberId, now: Timestamp) -> bool {
        let changed = self.0.assigned_member_id != Some(member);
        if changed {
            self.0.assigned_member_id = Some(member);
            self.0.updated_at = now;
        }
        if self.0.status == LeadStatus::New {
            self.0.status = LeadStatus::Assigned;
            self.0.updated_at = now;
        }
        changed
    }

    /// Replaces the tags, trimmed and without repeats; tells whether they changed.
    pub fn set_tags(&mut self, tags: &[String], now: Timestamp) -> Result<bool, TagError> {
        let mut clean: Vec<String> = Vec::new();
        for tag in tags {
            let tag = tag.trim();
            if tag.is_empty() || tag.chars().count() > Self::MAX_TAG_CHARS {
                return Err(TagError::Length);
            }
            if !clean.iter().any(|known| known == tag) {
                clean.push(tag.to_owned());
            }
        }
        if clean.len() > Self::MAX_TAGS {
            return Err(TagError::TooMany);
        }
        let changed = clean != self.0.tags;
        if changed {
            self.0.tags = clean;
            self.0.updated_at = now;
        }
        Ok(changed)
    }

    /// Replaces the note; a blank one clears it. Tells whether it changed.
    pub fn set_note(&mut self, note: &str, now: Timestamp) -> bool {
        let note = Some(note.trim()).filter(|n| !n.is_empty()).map(str::to_owned);
        let changed = note != self.0.note;
        if changed {
            self.0.note = note;
            self.0.updated_at = now;
        }
        changed
    }

    /// Notes that something happened with the customer, so that lists by last change show it.
    pub fn touch(&mut self, now: Timestamp) {
        self.0.updated_at = self.0.updated_at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn lead() -> Lead {
        let id = Uuid::nil();
        Lead::open(id.into(), id.into(), id.into(), (id.into(), ChannelType::Line), Timestamp::EPOCH)
    }

    #[test]
    fn assigning_a_new_lead_moves_it_to_assigned_and_again_changes_nothing() {
        let mut lead = lead();
        let member = MemberId::from_uuid(Uuid::from_u128(7));
        assert!(lead.assign(member, Timestamp::from_millis(1)));
        assert_eq!(lead.record().status, LeadStatus::Assigned);
        let before = lead.clone();
        assert!(!lead.assign(member, Timestamp::from_millis(2)));
        assert_eq!(lead, before);
    }

    #[test]
    fn an_illegal_move_changes_nothing_and_names_both_states() {
        let mut lead = lead();
        let before = lead.clone();
        let error = lead.move_to(LeadStatus::Won, Timestamp::from_millis(1)).expect_err("two steps at once");
        assert_eq!(error.to_string(), "a lead cannot go from NEW to WON");
        assert_eq!(lead, before);
    }

    #[test]
    fn tags_are_trimmed_and_kept_once() {
        let mut lead = lead();
        let tags = [" hot ".to_owned(), "hot".to_owned(), "ลูกค้าใหม่".to_owned()];
        assert_eq!(lead.set_tags(&tags, Timestamp::EPOCH), Ok(true));
        assert_eq!(lead.record().tags, ["hot", "ลูกค้าใหม่"]);
        assert_eq!(lead.set_tags(&[" ".to_owned()], Timestamp::EPOCH), Err(TagError::Length));
    }
}
