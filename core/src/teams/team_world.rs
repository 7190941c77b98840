//! A little world of teams for unit tests: what is there, what fails, and what one committed session wrote.

use std::sync::{Arc, Mutex};

use hubchat_domain::{
    Activity, AuditDraft, DomainEvent, Lead, Member, MemberId, MemberRole, MemberStatus, Team, TeamId,
};
use hubchat_ports::{
    ActivityStore, AuditStore, EventStore, InsertOutcome, LeadStore, MemberStore, MockActivityStore, MockAuditStore,
    MockEventStore, MockLeadStore, MockMemberStore, MockTeamStore, MockUnitOfWork, StorageError, TeamRoster, TeamStore,
};
use uuid::Uuid;

use crate::{
    Ports,
    test_ports::{TestPorts, now, tenant},
};

/// Teams, members and leads as sessions find them.
#[derive(Default)]
pub(super) struct Rooms {
    pub(super) teams: Vec<TeamRoster>,
    /// So many teams more, of which nothing is asked but their number.
    pub(super) further_teams: u32,
    pub(super) members: Vec<Member>,
    pub(super) leads: Vec<Lead>,
    /// How the first writes of a team fail.
    pub(super) failures: Vec<StorageError>,
    pub(super) activities: Vec<Activity>,
    pub(super) events: Vec<DomainEvent>,
    pub(super) audit: Vec<AuditDraft>,
    pub(super) commits: usize,
    pub(super) begun: usize,
}

pub(super) type Shared = Arc<Mutex<Rooms>>;

pub(super) fn team_id(number: u128) -> TeamId {
    Uuid::from_u128(0xf0 + number).into()
}

pub(super) fn member_id(number: u128) -> MemberId {
    Uuid::from_u128(0xe0 + number).into()
}

pub(super) fn member(number: u128) -> Member {
    Member {
        id: member_id(number),
        tenant_id: tenant(),
        user_id: Uuid::from_u128(0xf0 + number).into(),
        name: format!("Member {number}"),
        email: format!("member{number}@example.com"),
        role: MemberRole::Sales,
        status: MemberStatus::Active,
        last_assigned_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn team(number: u128, name: &str, members: &[u128]) -> TeamRoster {
    let (id, name) = (team_id(number), name.to_owned());
    let team = Team { id, tenant_id: tenant(), name, created_at: now(), updated_at: now(), version: 1 };
    TeamRoster { team, member_ids: members.iter().copied().map(member_id).collect() }
}

/// Ports over the rooms. Writes are seen at once; what counts is whether they were committed.
pub(super) fn ports(rooms: Rooms) -> (Ports, Shared) {
    let rooms: Shared = Arc::new(Mutex::new(rooms));
    let mut ports = TestPorts::default();
    let told = Arc::clone(&rooms);
    ports.repository.expect_begin().returning(move |asked| {
        assert_eq!(asked, tenant());
        told.lock().expect("not poisoned").begun += 1;
        Ok(Box::new(session(&told)))
    });
    (ports.build(), rooms)
}

fn session(rooms: &Shared) -> MockUnitOfWork {
    let mut session = MockUnitOfWork::new();
    session.expect_teams().return_const(Box::new(teams(rooms)) as Box<dyn TeamStore>);
    let (mut members, told) = (MockMemberStore::new(), Arc::clone(rooms));
    members.expect_find().returning(move |id| {
        Ok(told.lock().expect("not poisoned").members.iter().find(|member| member.id == id).cloned())
    });
    session.expect_members().return_const(Box::new(members) as Box<dyn MemberStore>);
    let mut leads = MockLeadStore::new();
    let told = Arc::clone(rooms);
    leads.expect_find_of_team().returning(move |team, limit| {
        let rooms = told.lock().expect("not poisoned");
        let of_team = rooms.leads.iter().filter(|lead| lead.record().assigned_team_id == Some(team));
        Ok(of_team.take(usize::try_from(limit).expect("small")).cloned().collect())
    });
    let told = Arc::clone(rooms);
    leads.expect_update().returning(move |changed| {
        let mut rooms = told.lock().expect("not poisoned");
        let place = rooms.leads.iter_mut().find(|lead| lead.record().id == changed.record().id);
        changed.clone_into(place.expect("a lead of the rooms"));
        Ok(())
    });
    session.expect_leads().return_const(Box::new(leads) as Box<dyn LeadStore>);
    let (mut activities, told) = (MockActivityStore::new(), Arc::clone(rooms));
    activities.expect_append().returning(move |lines| {
        told.lock().expect("not poisoned").activities.extend_from_slice(lines);
        Ok(())
    });
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    let (mut events, told) = (MockEventStore::new(), Arc::clone(rooms));
    events.expect_append().returning(move |events| {
        told.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let (mut audit, told) = (MockAuditStore::new(), Arc::clone(rooms));
    audit.expect_append().returning(move |entry| {
        told.lock().expect("not poisoned").audit.push(entry);
        Ok(())
    });
    session.expect_audit().return_const(Box::new(audit) as Box<dyn AuditStore>);
    let told = Arc::clone(rooms);
    session.expect_commit().returning(move || {
        told.lock().expect("not poisoned").commits += 1;
        Ok(())
    });
    session
}

fn teams(rooms: &Shared) -> MockTeamStore {
    let mut teams = MockTeamStore::new();
    let told = Arc::clone(rooms);
    let find = move |wanted: &dyn Fn(&Team) -> bool| {
        told.lock().expect("not poisoned").teams.iter().find(|roster| wanted(&roster.team)).cloned()
    };
    let by_id = find.clone();
    teams.expect_find().returning(move |id| Ok(by_id(&|team| team.id == id).map(|roster| roster.team)));
    let by_id = find.clone();
    teams
        .expect_members_of()
        .returning(move |id| Ok(by_id(&|team| team.id == id).map(|roster| roster.member_ids).unwrap_or_default()));
    teams.expect_find_by_name().returning(move |name| {
        let key = Team::name_key(name);
        Ok(find(&|team| Team::name_key(&team.name) == key).map(|roster| roster.team))
    });
    let told = Arc::clone(rooms);
    teams.expect_count().returning(move || {
        let rooms = told.lock().expect("not poisoned");
        Ok(u32::try_from(rooms.teams.len()).expect("few") + rooms.further_teams)
    });
    let told = Arc::clone(rooms);
    teams.expect_list().returning(move || Ok(told.lock().expect("not poisoned").teams.clone()));
    let told = Arc::clone(rooms);
    teams.expect_insert().returning(move |team| {
        let mut rooms = told.lock().expect("not poisoned");
        if !rooms.failures.is_empty() {
            return Err(rooms.failures.remove(0));
        }
        let key = Team::name_key(&team.name);
        if rooms.teams.iter().any(|other| Team::name_key(&other.team.name) == key) {
            return Ok(InsertOutcome::AlreadyPresent);
        }
        rooms.teams.push(TeamRoster { team: team.clone(), member_ids: Vec::new() });
        Ok(InsertOutcome::Inserted)
    });
    let told = Arc::clone(rooms);
    teams.expect_update().returning(move |team| {
        let mut rooms = told.lock().expect("not poisoned");
        if !rooms.failures.is_empty() {
            return Err(rooms.failures.remove(0));
        }
        let place = rooms.teams.iter_mut().find(|roster| roster.team.id == team.id);
        team.clone_into(&mut place.expect("a team of the rooms").team);
        Ok(())
    });
    let told = Arc::clone(rooms);
    teams.expect_delete().returning(move |id| {
        let mut rooms = told.lock().expect("not poisoned");
        assert!(!rooms.leads.iter().any(|lead| lead.record().assigned_team_id == Some(id)), "a lead has the team");
        rooms.teams.retain(|roster| roster.team.id != id);
        Ok(true)
    });
    let told = Arc::clone(rooms);
    teams.expect_add_member().returning(move |id, member| {
        let mut rooms = told.lock().expect("not poisoned");
        let roster = rooms.teams.iter_mut().find(|roster| roster.team.id == id).expect("a team of the rooms");
        let news = !roster.member_ids.contains(&member);
        if news {
            roster.member_ids.push(member);
        }
        Ok(news)
    });
    let told = Arc::clone(rooms);
    teams.expect_remove_member().returning(move |id, member| {
        let mut rooms = told.lock().expect("not poisoned");
        let roster = rooms.teams.iter_mut().find(|roster| roster.team.id == id).expect("a team of the rooms");
        let before = roster.member_ids.len();
        roster.member_ids.retain(|other| *other != member);
        Ok(roster.member_ids.len() < before)
    });
    teams
}
