//! Who is at which conversation, as far as this process knows: its own sockets, and what other processes tell.
//!
//! Nothing of it is stored. Whoever is there says so again and again; who says nothing is forgotten.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use hubchat_domain::{ConversationId, MemberId, PresenceState, TeamId, TenantId, Timestamp, Visibility};
use hubchat_ports::{PresenceNotice, PresentMember};
use uuid::Uuid;

/// A conversation of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PresencePlace {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The conversation.
    pub conversation_id: ConversationId,
}

/// To whom the conversation's lead belongs.
type Owner = (Option<MemberId>, Option<TeamId>);

/// Somebody at a conversation through a socket of this process.
#[derive(Debug, Clone)]
struct Here {
    member: PresentMember,
    until: Timestamp,
}

/// What another process told.
#[derive(Debug, Clone)]
struct Told {
    members: Vec<PresentMember>,
    at: Timestamp,
}

#[derive(Debug, Clone, Default)]
struct Place {
    owner: Owner,
    here: BTreeMap<u64, Here>,
    elsewhere: HashMap<Uuid, Told>,
    /// So often it was looked at since the last one left.
    looks_since: u8,
}

impl Place {
    fn is_empty(&self) -> bool {
        self.here.is_empty() && self.elsewhere.is_empty()
    }

    /// Whether it can be forgotten. Who saw somebody there has to be told that they left, and who may be told is
    /// known from the owner: so it is kept a while longer.
    fn is_over(&mut self) -> bool {
        self.looks_since = if self.is_empty() { self.looks_since + 1 } else { 0 };
        self.looks_since > LOOKS
    }
}

/// So often a place is looked at after the last one left before it is forgotten.
const LOOKS: u8 = 30;

/// Everybody's presence.
#[derive(Debug)]
pub struct PresenceBoard {
    process: Uuid,
    places: HashMap<PresencePlace, Place>,
}

impl PresenceBoard {
    /// Who says nothing for so long is gone; so is what another process told.
    pub const LASTS: Duration = Duration::from_secs(30);
    /// So often a process tells others anew.
    pub const TELL_EVERY: Duration = Duration::from_secs(10);
    /// The most members that are shown at a conversation.
    const MOST: usize = 20;
    /// The most characters of a name.
    const NAME_CHARS: usize = 50;

    /// The board of a process, which tells others under this name.
    #[must_use]
    pub fn new(process: Uuid) -> Self {
        Self { process, places: HashMap::new() }
    }

    /// Somebody is at a conversation through that socket; tells whether that is news.
    pub fn enter(
        &mut self,
        at: PresencePlace,
        owner: Owner,
        socket: u64,
        (member_id, name, state): (MemberId, &str, PresenceState),
        now: Timestamp,
    ) -> bool {
        let place = self.places.entry(at).or_default();
        let name: String = name.chars().take(Self::NAME_CHARS).collect();
        let member = PresentMember { member_id, name, state };
        let news = place.owner != owner || place.here.get(&socket).is_none_or(|here| here.member != member);
        place.owner = owner;
        place.here.insert(socket, Here { member, until: now.plus(Self::LASTS) });
        news
    }

    /// Nobody is at the conversation through that socket any more; tells whether somebody was.
    pub fn leave(&mut self, at: PresencePlace, socket: u64) -> bool {
        self.places.get_mut(&at).is_some_and(|place| place.here.remove(&socket).is_some())
    }

    /// The socket is closed; answers where that is news.
    pub fn leave_all(&mut self, socket: u64) -> Vec<PresencePlace> {
        let left: Vec<PresencePlace> =
            self.places.iter().filter(|(_, place)| place.here.contains_key(&socket)).map(|(at, _)| *at).collect();
        for at in &left {
            self.leave(*at, socket);
        }
        left
    }

    /// Another process told; answers where, if that is news.
    pub fn hear(&mut self, notice: PresenceNotice, now: Timestamp) -> Option<PresencePlace> {
        if notice.process == self.process {
            return None;
        }
        let at = PresencePlace { tenant_id: notice.tenant_id, conversation_id: notice.conversation_id };
        let before = self.members(at);
        let place = self.places.entry(at).or_default();
        place.owner = (notice.owner, notice.team);
        if notice.members.is_empty() {
            place.elsewhere.remove(&notice.process);
        } else {
            let mut members = notice.members;
            members.truncate(Self::MOST);
            place.elsewhere.insert(notice.process, Told { members, at: now });
        }
        (self.members(at) != before).then_some(at)
    }

    /// The conversation's lead belongs to somebody else by now; tells whether that is news to somebody who is there.
    pub fn belongs_to(&mut self, at: PresencePlace, owner: Owner) -> bool {
        let Some(place) = self.places.get_mut(&at).filter(|place| place.owner != owner) else { return false };
        place.owner = owner;
        true
    }

    /// Forgets who said nothing for too long; answers where that is news. To be called once a second.
    pub fn expire(&mut self, now: Timestamp) -> Vec<PresencePlace> {
        let mut changed = Vec::new();
        for (at, place) in &mut self.places {
            let before = (place.here.len(), place.elsewhere.len());
            place.here.retain(|_, here| now < here.until);
            place.elsewhere.retain(|_, told| now.since(told.at) < Self::LASTS);
            if before != (place.here.len(), place.elsewhere.len()) {
                changed.push(*at);
            }
        }
        self.places.retain(|_, place| !place.is_over());
        changed
    }

    /// Everybody who is at a conversation, each once, whatever the number of their pages: who types anywhere, types.
    #[must_use]
    pub fn members(&self, at: PresencePlace) -> Vec<PresentMember> {
        let Some(place) = self.places.get(&at) else { return Vec::new() };
        let elsewhere = place.elsewhere.values().flat_map(|told| &told.members);
        merged(place.here.values().map(|here| &here.member).chain(elsewhere))
    }

    /// Whether someone who sees so far sees who is at a conversation.
    #[must_use]
    pub fn is_seen(&self, at: PresencePlace, visibility: &Visibility) -> bool {
        self.places.get(&at).is_some_and(|place| visibility.sees_owner(place.owner.0, place.owner.1))
    }

    /// The conversations of a tenant at which somebody is.
    #[must_use]
    pub fn places_of(&self, tenant: TenantId) -> Vec<PresencePlace> {
        let somebody = self.places.iter().filter(|(at, place)| at.tenant_id == tenant && !place.is_empty());
        somebody.map(|(at, _)| *at).collect()
    }

    /// What other processes are to know of a conversation.
    #[must_use]
    pub fn notice(&self, at: PresencePlace) -> PresenceNotice {
        let place = self.places.get(&at);
        let (owner, team) = place.map(|place| place.owner).unwrap_or_default();
        let members = place.map(|place| merged(place.here.values().map(|here| &here.member))).unwrap_or_default();
        PresenceNotice {
            process: self.process,
            tenant_id: at.tenant_id,
            conversation_id: at.conversation_id,
            owner,
            team,
            members,
        }
    }

    /// What other processes are to be told anew.
    #[must_use]
    pub fn notices(&self) -> Vec<PresenceNotice> {
        self.places.iter().filter(|(_, place)| !place.here.is_empty()).map(|(at, _)| self.notice(*at)).collect()
    }
}

fn merged<'m>(members: impl Iterator<Item = &'m PresentMember>) -> Vec<PresentMember> {
    let mut merged: BTreeMap<MemberId, PresentMember> = BTreeMap::new();
    for member in members {
        let known = merged.entry(member.member_id).or_insert_with(|| member.clone());
        known.state = known.state.max(member.state);
    }
    merged.into_values().take(PresenceBoard::MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubchat_domain::Viewpoint;

    fn place(number: u128) -> PresencePlace {
        PresencePlace { tenant_id: Uuid::from_u128(1).into(), conversation_id: Uuid::from_u128(number).into() }
    }

    fn member(number: u128) -> MemberId {
        Uuid::from_u128(number).into()
    }

    fn board(process: u128) -> PresenceBoard {
        PresenceBoard::new(Uuid::from_u128(process))
    }

    fn after(seconds: u64) -> Timestamp {
        Timestamp::EPOCH.plus(Duration::from_secs(seconds))
    }

    const NOBODY: Owner = (None, None);

    #[test]
    fn two_pages_of_a_member_are_one_who_types_where_either_does() {
        let mut board = board(1);
        let (viewing, typing) = (PresenceState::Viewing, PresenceState::Typing);
        assert!(board.enter(place(1), NOBODY, 1, (member(1), "Nok", viewing), after(0)));
        assert!(!board.enter(place(1), NOBODY, 1, (member(1), "Nok", viewing), after(1)), "no news");
        assert!(board.enter(place(1), NOBODY, 2, (member(1), "Nok", typing), after(1)));
        let [one] = board.members(place(1)).try_into().expect("one member");
        assert_eq!((one.member_id, one.state), (member(1), typing));
        assert_eq!(board.leave_all(2), [place(1)]);
        assert_eq!(board.members(place(1))[0].state, viewing);
        assert!(board.leave(place(1), 1) && !board.leave(place(1), 1));
        assert!(board.members(place(1)).is_empty() && board.places_of(place(1).tenant_id).is_empty());
        assert!(board.is_seen(place(1), &Visibility::All), "whoever saw them is to be told");
        for second in 0..=u64::from(LOOKS) {
            assert_eq!(board.expire(after(second)), []);
        }
        assert!(board.places.is_empty() && !board.is_seen(place(1), &Visibility::All));
    }

    #[test]
    fn who_says_nothing_is_forgotten_here_and_elsewhere() {
        let (mut one, mut two) = (board(1), board(2));
        one.enter(place(1), NOBODY, 1, (member(1), "Nok", PresenceState::Viewing), after(0));
        assert_eq!(two.hear(one.notice(place(1)), after(0)), Some(place(1)));
        assert_eq!(two.hear(one.notice(place(1)), after(10)), None, "said again is no news");
        assert_eq!(one.hear(one.notice(place(1)), after(0)), None, "one's own words");
        assert_eq!(one.expire(after(29)), []);
        assert_eq!(one.expire(after(30)), [place(1)]);
        assert!(one.notices().is_empty());
        assert_eq!(two.expire(after(39)), []);
        assert_eq!(two.expire(after(40)), [place(1)]);
        assert!(two.members(place(1)).is_empty() && two.notices().is_empty());
    }

    #[test]
    fn a_process_that_tells_of_nobody_takes_back_what_it_told() {
        let (mut one, mut two) = (board(1), board(2));
        one.enter(place(1), NOBODY, 1, (member(1), "Nok", PresenceState::Typing), after(0));
        two.enter(place(1), NOBODY, 1, (member(2), "Lek", PresenceState::Viewing), after(0));
        two.hear(one.notice(place(1)), after(0));
        assert_eq!(two.members(place(1)).len(), 2);
        one.leave_all(1);
        assert_eq!(two.hear(one.notice(place(1)), after(1)), Some(place(1)));
        assert_eq!(two.members(place(1)).iter().map(|one| one.member_id).collect::<Vec<_>>(), [member(2)]);
    }

    #[test]
    fn who_does_not_see_a_conversation_does_not_see_who_is_there() {
        let mut board = board(1);
        let own = |number| Visibility::Only(Viewpoint { members: vec![member(number)], ..Viewpoint::default() });
        board.enter(place(1), (Some(member(1)), None), 1, (member(9), "Boss", PresenceState::Viewing), after(0));
        assert!(board.is_seen(place(1), &own(1)) && board.is_seen(place(1), &Visibility::All));
        assert!(!board.is_seen(place(1), &own(2)) && !board.is_seen(place(2), &Visibility::All));
        assert!(board.belongs_to(place(1), (Some(member(2)), None)));
        assert!(!board.is_seen(place(1), &own(1)) && board.is_seen(place(1), &own(2)));
    }
}
