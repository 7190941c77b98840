//! Leads: chances to sell, one after the other for one contact.

use crate::{
    ChannelAccountId, ChannelType, ContactId, InvalidTransition, LeadId, LeadStatus, MemberId, Referral, TeamId,
    TenantId, Timestamp, Transition,
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
    /// The team that it was given to. Its owner was of this team when they got it.
    pub assigned_team_id: Option<TeamId>,
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
            assigned_team_id: None,
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

    /// Gives the lead to a member; a team, when one is named, is theirs and gets it with them, else no team has
    /// it from now on. A NEW lead becomes ASSIGNED; a closed one keeps its status. Tells whether the owner or
    /// the team changed.
    pub fn assign(&mut self, member: MemberId, team: Option<TeamId>, now: Timestamp) -> bool {
        let changed = self.give(Some(member), team, now);
        if self.0.status == LeadStatus::New {
            self.0.status = LeadStatus::Assigned;
            self.0.updated_at = now;
        }
        changed
    }

    /// Gives the lead to a team with these members. Its owner keeps it when they are of the team, else nobody
    /// owns it from now on. The status stays: a NEW lead is ASSIGNED once a member owns it, and the lifecycle
    /// never goes back. Tells whether the owner or the team changed.
    pub fn assign_to_team(&mut self, team: TeamId, members: &[MemberId], now: Timestamp) -> bool {
        let owner = self.0.assigned_member_id.filter(|owner| members.contains(owner));
        self.give(owner, Some(team), now)
    }

    /// Takes the lead from its owner and its team; the status stays. Tells whether there was one of them.
    pub fn unassign(&mut self, now: Timestamp) -> bool {
        self.give(None, None, now)
    }

    /// Takes the lead from its team only; its owner keeps it. Tells whether a team had it.
    pub fn leave_team(&mut self, now: Timestamp) -> bool {
        self.give(self.0.assigned_member_id, None, now)
    }

    fn give(&mut self, member: Option<MemberId>, team: Option<TeamId>, now: Timestamp) -> bool {
        let changed = (self.0.assigned_member_id, self.0.assigned_team_id) != (member, team);
        if changed {
            self.0.assigned_member_id = member;
            self.0.assigned_team_id = team;
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
        assert!(lead.assign(member, None, Timestamp::from_millis(1)));
        assert_eq!(lead.record().status, LeadStatus::Assigned);
        let before = lead.clone();
        assert!(!lead.assign(member, None, Timestamp::from_millis(2)));
        assert_eq!(lead, before);
    }

    #[test]
    fn a_new_lead_of_a_team_alone_stays_new_until_a_member_owns_it() {
        let (mut lead, member) = (lead(), MemberId::from_uuid(Uuid::from_u128(7)));
        let team = TeamId::from_uuid(Uuid::from_u128(8));
        assert!(lead.assign_to_team(team, &[member], Timestamp::from_millis(1)));
        assert_eq!((lead.record().status, lead.record().assigned_team_id), (LeadStatus::New, Some(team)));
        assert!(!lead.assign_to_team(team, &[member], Timestamp::from_millis(2)), "no news");
        assert_eq!(lead.record().updated_at, Timestamp::from_millis(1));
        assert!(lead.assign(member, Some(team), Timestamp::from_millis(3)));
        let owner = (lead.record().assigned_member_id, lead.record().assigned_team_id);
        assert_eq!((lead.record().status, owner), (LeadStatus::Assigned, (Some(member), Some(team))));
    }

    #[test]
    fn a_team_takes_a_lead_from_an_owner_who_is_not_of_it() {
        let [owner, other] = [7, 9].map(|id| MemberId::from_uuid(Uuid::from_u128(id)));
        let team = TeamId::from_uuid(Uuid::from_u128(8));
        let mut lead = lead();
        lead.assign(owner, None, Timestamp::from_millis(1));
        assert!(lead.assign_to_team(team, &[owner, other], Timestamp::from_millis(2)));
        assert_eq!(lead.record().assigned_member_id, Some(owner), "who is of the team keeps it");
        assert!(lead.assign_to_team(team, &[other], Timestamp::from_millis(3)));
        assert_eq!((lead.record().assigned_member_id, lead.record().status), (None, LeadStatus::Assigned));
    }

    #[test]
    fn an_owner_outside_of_the_team_takes_the_lead_from_it() {
        let [owner, other] = [7, 9].map(|id| MemberId::from_uuid(Uuid::from_u128(id)));
        let team = TeamId::from_uuid(Uuid::from_u128(8));
        let mut lead = lead();
        lead.assign(owner, Some(team), Timestamp::from_millis(1));
        assert!(lead.assign(other, None, Timestamp::from_millis(2)));
        assert_eq!((lead.record().assigned_member_id, lead.record().assigned_team_id), (Some(other), None));
    }

    #[test]
    fn what_is_taken_back_belongs_to_nobody_and_keeps_its_status() {
        let owner = MemberId::from_uuid(Uuid::from_u128(7));
        let team = TeamId::from_uuid(Uuid::from_u128(8));
        let mut lead = lead();
        assert!(!lead.unassign(Timestamp::from_millis(1)));
        lead.assign(owner, Some(team), Timestamp::from_millis(1));
        assert!(lead.leave_team(Timestamp::from_millis(2)));
        assert_eq!((lead.record().assigned_member_id, lead.record().assigned_team_id), (Some(owner), None));
        assert!(!lead.leave_team(Timestamp::from_millis(3)));
        assert!(lead.unassign(Timestamp::from_millis(3)));
        let record = lead.record();
        assert_eq!((record.assigned_member_id, record.status), (None, LeadStatus::Assigned));
        assert_eq!(record.updated_at, Timestamp::from_millis(3));
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
