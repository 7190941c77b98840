//! Who gets a lead and what is written of it, with mocks: entirely or not at all.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{
    Activity, ActivityKind, AuditAction, AuditDraft, AuditSubject, Author, DomainEvent, EventType, Lead, LeadRecord,
    LeadStatus, Member, MemberId, MemberRole, MemberStatus, Scope, Team, TeamId, Viewpoint, Visibility,
};
use hubchat_ports::{
    ActivityStore, EventStore, LeadRow, LeadStore, MemberStore, MockActivityStore, MockEventStore, MockInboxQueries,
    MockLeadStore, MockMemberStore, MockTeamStore, MockUnitOfWork, StorageError, TeamStore,
};
use serde_json::json;
use uuid::Uuid;

use super::{AssignLead, AssignLeadError, AssignTo};
use crate::{
    Actor, ErrorCode, MemberActor,
    test_ports::{TestPorts, actor, audit_store, lead, now, origin, tenant},
};

/// A little world: a lead as each session finds it, the members, and how the writes of the lead fail.
struct World {
    /// As the first session finds it, the second and so on; the last one stays. Empty: there is none.
    leads: Vec<Lead>,
    members: Vec<Member>,
    /// The members of the one team. None: there is no team.
    team: Option<Vec<MemberId>>,
    failures: Vec<StorageError>,
    row_is_gone: bool,
}

/// What one committed session wrote.
#[derive(Default)]
struct Written {
    leads: Vec<Lead>,
    members: Vec<Member>,
    activities: Vec<Activity>,
    events: Vec<DomainEvent>,
    audit: Vec<AuditDraft>,
}

/// What happened in it.
struct Seen {
    result: Result<LeadRow, AssignLeadError>,
    /// Sessions begun.
    begun: usize,
    /// Sessions committed.
    commits: Vec<Written>,
}

impl World {
    fn new(members: Vec<Member>) -> Self {
        Self { leads: vec![lead()], members, team: None, failures: Vec::new(), row_is_gone: false }
    }

    async fn assign(self, to: AssignTo) -> Seen {
        self.assign_as(&actor(&[Scope::InboxWrite]), to).await
    }

    async fn assign_as(self, actor: &Actor, to: AssignTo) -> Seen {
        let commits = Arc::new(Mutex::new(Vec::<Written>::new()));
        let begun = Arc::new(Mutex::new(0));
        let mut ports = TestPorts::default();
        let (leads, row_is_gone, told) = (self.leads.clone(), self.row_is_gone, Arc::clone(&commits));
        ports.repository.expect_inbox().returning(move |asked| {
            assert_eq!(asked, tenant());
            let told = told.lock().expect("not poisoned");
            let newest = told.iter().rev().find_map(|written| written.leads.last().cloned());
            let row = newest.or_else(|| leads.last().cloned()).filter(|_| !row_is_gone).map(|lead| row(&lead));
            let mut inbox = MockInboxQueries::new();
            inbox.expect_find_lead().returning(move |_, _| Ok(row.clone()));
            Box::new(inbox)
        });
        let (leads, members, team) = (self.leads, self.members, self.team);
        let failures = Arc::new(Mutex::new(self.failures.into_iter()));
        let (told, count) = (Arc::clone(&commits), Arc::clone(&begun));
        ports.repository.expect_begin().returning(move |asked| {
            assert_eq!(asked, tenant());
            let mut count = count.lock().expect("not poisoned");
            let lead = leads.get(*count).or(leads.last()).cloned();
            *count += 1;
            Ok(Box::new(session(lead, &members, team.as_deref(), &failures, &told)))
        });
        let result = AssignLead::new(ports.build()).run(actor, lead().record().id, to).await;
        let commits = std::mem::take(&mut *commits.lock().expect("not poisoned"));
        let begun = *begun.lock().expect("not poisoned");
        Seen { result, begun, commits }
    }
}

/// A session over the little world; what it wrote is told once it is committed.
fn session(
    lead: Option<Lead>,
    members: &[Member],
    team: Option<&[MemberId]>,
    failures: &Arc<Mutex<std::vec::IntoIter<StorageError>>>,
    commits: &Arc<Mutex<Vec<Written>>>,
) -> MockUnitOfWork {
    let written = Arc::new(Mutex::new(Written::default()));
    let mut leads = MockLeadStore::new();
    leads.expect_find().returning(move |id| Ok(lead.clone().filter(|lead| lead.record().id == id)));
    let (told, failures) = (Arc::clone(&written), Arc::clone(failures));
    leads.expect_update().returning(move |lead| {
        told.lock().expect("not poisoned").leads.push(lead.clone());
        failures.lock().expect("not poisoned").next().map_or(Ok(()), Err)
    });
    let mut store = MockMemberStore::new();
    let known = members.to_vec();
    store.expect_find().returning(move |id| Ok(known.iter().find(|member| member.id == id).cloned()));
    let (known, of_team) = (members.to_vec(), team.map(<[MemberId]>::to_vec));
    store.expect_next_in_turn().returning(move |team| {
        let of_team = of_team.as_deref().unwrap_or_default();
        let working = known.iter().filter(|member| member.takes_leads());
        let working = working.filter(|member| team.is_none() || of_team.contains(&member.id));
        Ok(working.min_by_key(|member| member.last_assigned_at).cloned())
    });
    let told = Arc::clone(&written);
    store.expect_update().returning(move |member| {
        told.lock().expect("not poisoned").members.push(member.clone());
        Ok(())
    });
    let (mut teams, of_team, there) =
        (MockTeamStore::new(), team.map(<[MemberId]>::to_vec).unwrap_or_default(), team.is_some());
    teams.expect_find().returning(move |id| Ok((there && id == team_id()).then(the_team)));
    teams.expect_members_of().returning(move |id| Ok(if id == team_id() { of_team.clone() } else { Vec::new() }));
    let mut activities = MockActivityStore::new();
    let told = Arc::clone(&written);
    activities.expect_append().returning(move |lines| {
        told.lock().expect("not poisoned").activities.extend_from_slice(lines);
        Ok(())
    });
    let mut events = MockEventStore::new();
    let told = Arc::clone(&written);
    events.expect_append().returning(move |events| {
        told.lock().expect("not poisoned").events.extend(events);
        Ok(())
    });
    let mut session = MockUnitOfWork::new();
    session.expect_leads().return_const(Box::new(leads) as Box<dyn LeadStore>);
    session.expect_teams().return_const(Box::new(teams) as Box<dyn TeamStore>);
    session.expect_members().return_const(Box::new(store) as Box<dyn MemberStore>);
    session.expect_activities().return_const(Box::new(activities) as Box<dyn ActivityStore>);
    session.expect_events().return_const(Box::new(events) as Box<dyn EventStore>);
    let log = Arc::clone(&written);
    let audit = audit_store(move |draft| log.lock().expect("not poisoned").audit.push(draft));
    session.expect_audit().return_const(audit);
    let commits = Arc::clone(commits);
    session.expect_commit().returning(move || {
        let written = std::mem::take(&mut *written.lock().expect("not poisoned"));
        commits.lock().expect("not poisoned").push(written);
        Ok(())
    });
    session
}

fn row(lead: &Lead) -> LeadRow {
    LeadRow {
        lead: lead.record().clone(),
        contact_name: None,
        contact_avatar_url: None,
        assigned_member_name: None,
        assigned_team_name: None,
        conversation_id: None,
        participant_name: None,
        participant_avatar_url: None,
        last_message_preview: None,
        last_message_at: None,
        unread_count: 0,
    }
}

fn team_id() -> TeamId {
    Uuid::from_u128(0xf1).into()
}

fn the_team() -> Team {
    Team {
        id: team_id(),
        tenant_id: tenant(),
        name: "North".to_owned(),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

fn member_id(number: u128) -> MemberId {
    Uuid::from_u128(0xe0 + number).into()
}

fn member(number: u128, change: impl FnOnce(&mut Member)) -> Member {
    let mut member = Member {
        id: member_id(number),
        tenant_id: tenant(),
        user_id: Uuid::from_u128(0xe0).into(),
        name: format!("Member {number}"),
        email: format!("member{number}@example.com"),
        role: MemberRole::Sales,
        status: MemberStatus::Active,
        last_assigned_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    };
    change(&mut member);
    member
}

fn changed_lead(change: impl FnOnce(&mut LeadRecord)) -> Lead {
    let mut record = lead().record().clone();
    change(&mut record);
    Lead::restore(record)
}

fn contention() -> StorageError {
    StorageError::Contention("deadlock".into())
}

impl Seen {
    /// The one session that was committed.
    fn only_commit(&self) -> &Written {
        assert_eq!(self.commits.len(), 1, "one commit");
        self.commits.first().expect("one commit")
    }

    fn refused(self) -> AssignLeadError {
        assert!(self.commits.is_empty(), "what is refused writes nothing");
        self.result.expect_err("refused")
    }
}

#[tokio::test]
async fn a_new_lead_given_by_hand_becomes_assigned() {
    let seen = World::new(vec![member(1, |_| ())]).assign(AssignTo::Member(member_id(1))).await;
    let written = seen.only_commit().leads.first().expect("written").record().clone();
    assert_eq!((written.status, written.assigned_member_id), (LeadStatus::Assigned, Some(member_id(1))));
    assert_eq!(seen.result.expect("assigned").lead, written, "the caller reads what was written");
}

#[tokio::test]
async fn giving_by_hand_takes_nobodys_turn() {
    let seen = World::new(vec![member(1, |_| ())]).assign(AssignTo::Member(member_id(1))).await;
    assert!(seen.only_commit().members.is_empty());
}

#[tokio::test]
async fn giving_by_hand_is_logged_with_former_and_new_owner_and_who_did_it() {
    let mut world = World::new(vec![member(2, |_| ())]);
    world.leads = vec![changed_lead(|record| {
        record.status = LeadStatus::Contacted;
        record.assigned_member_id = Some(member_id(1));
    })];
    let seen = world.assign(AssignTo::Member(member_id(2))).await;
    let [line] = seen.only_commit().activities.as_slice() else { panic!("one line in the log") };
    assert_eq!((line.kind, line.lead_id, line.at), (ActivityKind::Assigned, lead().record().id, now()));
    assert_eq!(line.author, Author::ApiKey { id: Uuid::from_u128(0xbbbb).into() });
    assert_eq!(
        line.detail,
        json!({"from": member_id(1), "to": member_id(2), "fromTeam": null, "toTeam": null, "mode": "MANUAL"})
    );
}

#[tokio::test]
async fn others_learn_of_the_new_owner_in_the_same_commit() {
    let seen = World::new(vec![member(1, |_| ())]).assign(AssignTo::Member(member_id(1))).await;
    let [event] = seen.only_commit().events.as_slice() else { panic!("one event") };
    assert_eq!((event.event_type, event.lead_id, event.at), (EventType::LeadUpdated, Some(lead().record().id), now()));
    let expected = json!({
        "status": "ASSIGNED", "assignedMemberId": member_id(1), "assignedTeamId": null,
        "previousMemberId": null, "previousTeamId": null,
    });
    assert_eq!(event.data, expected);
}

#[tokio::test]
async fn a_lead_further_on_changes_its_owner_and_keeps_its_status() {
    let mut world = World::new(vec![member(2, |_| ())]);
    world.leads = vec![changed_lead(|record| {
        record.status = LeadStatus::Negotiation;
        record.assigned_member_id = Some(member_id(1));
    })];
    let row = world.assign(AssignTo::Member(member_id(2))).await.result.expect("assigned");
    assert_eq!((row.lead.status, row.lead.assigned_member_id), (LeadStatus::Negotiation, Some(member_id(2))));
}

#[tokio::test]
async fn the_same_owner_again_is_no_news_and_logs_nothing() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.leads = vec![changed_lead(|record| {
        record.status = LeadStatus::Assigned;
        record.assigned_member_id = Some(member_id(1));
    })];
    let seen = world.assign(AssignTo::Member(member_id(1))).await;
    assert!(
        seen.commits
            .iter()
            .all(|written| { written.leads.is_empty() && written.activities.is_empty() && written.events.is_empty() })
    );
    assert_eq!(seen.result.expect("no error").lead.assigned_member_id, Some(member_id(1)));
}

#[tokio::test]
async fn a_new_lead_that_has_its_owner_already_still_becomes_assigned() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.leads = vec![changed_lead(|record| record.assigned_member_id = Some(member_id(1)))];
    let seen = world.assign(AssignTo::Member(member_id(1))).await;
    assert_eq!(seen.only_commit().events.len(), 1);
    assert_eq!(seen.result.expect("assigned").lead.status, LeadStatus::Assigned);
}

#[tokio::test]
async fn round_robin_gives_the_lead_to_whose_turn_it_is_and_notes_the_turn() {
    let earlier = |minutes| Some(now().minus(Duration::from_mins(minutes)));
    let members = vec![
        member(1, |member| member.last_assigned_at = earlier(1)),
        member(2, |member| member.last_assigned_at = earlier(9)),
        member(3, |member| member.last_assigned_at = earlier(5)),
    ];
    let seen = World::new(members).assign(AssignTo::NextInTurn { team: None }).await;
    let written = seen.only_commit();
    let turns: Vec<_> = written.members.iter().map(|member| (member.id, member.last_assigned_at)).collect();
    assert_eq!(turns, [(member_id(2), Some(now()))]);
    let [line] = written.activities.as_slice() else { panic!("one line in the log") };
    assert_eq!(
        line.detail,
        json!({"from": null, "to": member_id(2), "fromTeam": null, "toTeam": null, "mode": "AUTO_ROUND_ROBIN"})
    );
    assert_eq!(seen.result.expect("assigned").lead.assigned_member_id, Some(member_id(2)));
}

#[tokio::test]
async fn round_robin_without_anyone_who_takes_leads_is_refused() {
    let members = vec![
        member(1, |member| member.status = MemberStatus::Disabled),
        member(2, |member| member.role = MemberRole::Viewer),
    ];
    let error = World::new(members).assign(AssignTo::NextInTurn { team: None }).await.refused();
    assert_eq!((error.code(), error.field()), ("no_active_member", None));
    assert!(matches!(error, AssignLeadError::NobodyActive));
}

#[tokio::test]
async fn a_member_who_is_disabled_or_only_looks_on_gets_no_lead() {
    let idle = [
        member(1, |member| member.status = MemberStatus::Disabled),
        member(1, |member| member.role = MemberRole::Viewer),
    ];
    for member in idle {
        let error = World::new(vec![member]).assign(AssignTo::Member(member_id(1))).await.refused();
        assert_eq!((error.code(), error.field()), ("member_not_found", Some("memberId")));
    }
}

#[tokio::test]
async fn a_member_of_another_tenant_is_as_unknown_as_one_that_never_was() {
    // The session sees its own tenant's members only.
    let error = World::new(vec![member(1, |_| ())]).assign(AssignTo::Member(member_id(9))).await.refused();
    assert!(matches!(error, AssignLeadError::UnknownMember), "{error:?}");
}

#[tokio::test]
async fn a_lead_that_is_not_there_is_unknown() {
    for to in [AssignTo::Member(member_id(1)), AssignTo::NextInTurn { team: None }] {
        let mut world = World::new(vec![member(1, |_| ())]);
        world.leads = Vec::new();
        let error = world.assign(to).await.refused();
        assert_eq!((error.code(), error.field(), error.retry_after()), ("lead_not_found", None, None));
    }
}

#[tokio::test]
async fn a_lead_that_was_won_or_lost_is_not_assigned_and_costs_nobody_their_turn() {
    for status in [LeadStatus::Won, LeadStatus::Lost] {
        for to in [AssignTo::Member(member_id(1)), AssignTo::NextInTurn { team: None }] {
            let mut world = World::new(vec![member(1, |_| ())]);
            world.leads = vec![changed_lead(|record| record.status = status)];
            assert_eq!(world.assign(to).await.refused().code(), "lead_closed");
        }
    }
}

#[tokio::test]
async fn a_lead_that_changed_meanwhile_is_read_again_and_logged_once() {
    for failure in [StorageError::Stale, contention()] {
        let mut world = World::new(vec![member(1, |_| ())]);
        world.leads = vec![lead(), changed_lead(|record| record.tags = vec!["hot".to_owned()])];
        world.failures = vec![failure];
        let seen = world.assign(AssignTo::NextInTurn { team: None }).await;
        let written = seen.only_commit();
        assert_eq!((written.members.len(), written.activities.len(), written.events.len()), (1, 1, 1));
        assert_eq!(seen.begun, 2);
        let row = seen.result.expect("assigned");
        assert_eq!((row.lead.tags, row.lead.status), (vec!["hot".to_owned()], LeadStatus::Assigned));
    }
}

#[tokio::test]
async fn a_lead_that_was_closed_meanwhile_is_refused_at_the_second_look() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.leads = vec![lead(), changed_lead(|record| record.status = LeadStatus::Lost)];
    world.failures = vec![StorageError::Stale];
    assert_eq!(world.assign(AssignTo::Member(member_id(1))).await.refused().code(), "lead_closed");
}

#[tokio::test]
async fn a_lead_that_changes_all_the_time_is_given_up_with_a_hint_when_to_come_back() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.failures = (0..9).map(|_| StorageError::Stale).collect();
    let seen = world.assign(AssignTo::Member(member_id(1))).await;
    assert_eq!(seen.begun, 4, "once, and three times more");
    let error = seen.refused();
    assert_eq!((error.code(), error.retry_after()), ("contended", Some(Duration::from_secs(1))));
}

#[tokio::test]
async fn storage_that_is_away_is_not_tried_again_here() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.failures = vec![StorageError::Unavailable("no connection".into())];
    let seen = world.assign(AssignTo::Member(member_id(1))).await;
    assert_eq!(seen.begun, 1);
    let error = seen.refused();
    assert_eq!((error.code(), error.retry_after()), ("storage_unavailable", Some(Duration::from_secs(2))));
}

#[tokio::test]
async fn a_lead_that_is_gone_after_the_commit_is_unknown() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.row_is_gone = true;
    let seen = world.assign(AssignTo::Member(member_id(1))).await;
    assert_eq!(seen.result.expect_err("gone").code(), "lead_not_found");
}

#[tokio::test]
async fn a_key_that_may_not_write_the_inbox_opens_no_session() {
    for scopes in [&[Scope::InboxRead][..], &[Scope::ChannelsManage], &[]] {
        let seen =
            World::new(vec![member(1, |_| ())]).assign_as(&actor(scopes), AssignTo::NextInTurn { team: None }).await;
        assert_eq!(seen.begun, 0);
        assert_eq!(seen.refused().code(), "forbidden");
    }
}

#[tokio::test]
async fn an_operator_assigns_as_the_system() {
    let seen = World::new(vec![member(1, |_| ())])
        .assign_as(&Actor::system(tenant()), AssignTo::NextInTurn { team: None })
        .await;
    assert!(seen.only_commit().activities.iter().all(|line| line.author == Author::System));
}

#[tokio::test]
async fn an_assignment_is_written_to_the_audit_log_in_the_same_commit() {
    let seen = World::new(vec![member(1, |_| ())]).assign(AssignTo::NextInTurn { team: None }).await;
    let [entry] = seen.only_commit().audit.as_slice() else { panic!("one entry") };
    let subject = AuditSubject::from(lead().record().id);
    assert_eq!((entry.action, &entry.subject), (AuditAction::LeadAssigned, &subject));
    assert_eq!(entry.before, Some(json!({"memberId": null, "teamId": null, "status": "NEW"})));
    let after = json!({"memberId": member_id(1), "teamId": null, "status": "ASSIGNED", "mode": "AUTO_ROUND_ROBIN"});
    assert_eq!(entry.after, Some(after));
}

/// A lead further on that has this owner and this team.
fn owned(member: Option<MemberId>, team: Option<TeamId>) -> Vec<Lead> {
    vec![changed_lead(|record| {
        record.status = LeadStatus::Contacted;
        record.assigned_member_id = member;
        record.assigned_team_id = team;
    })]
}

fn owner_and_team(seen: &Seen) -> (Option<MemberId>, Option<TeamId>) {
    let record = seen.only_commit().leads.first().expect("written").record();
    (record.assigned_member_id, record.assigned_team_id)
}

#[tokio::test]
async fn a_new_lead_given_to_a_team_stays_new_and_others_learn_of_it() {
    let mut world = World::new(vec![]);
    world.team = Some(vec![member_id(1)]);
    let seen = world.assign(AssignTo::Team(team_id())).await;
    assert_eq!(owner_and_team(&seen), (None, Some(team_id())));
    let written = seen.only_commit();
    let [line] = written.activities.as_slice() else { panic!("one line in the log") };
    let told = json!({"from": null, "to": null, "fromTeam": null, "toTeam": team_id(), "mode": "TEAM"});
    assert_eq!((line.kind, &line.detail), (ActivityKind::Assigned, &told));
    let [event] = written.events.as_slice() else { panic!("one event") };
    assert_eq!(event.data["assignedTeamId"], json!(team_id()));
    assert_eq!(seen.result.expect("assigned").lead.status, LeadStatus::New);
}

#[tokio::test]
async fn a_team_leaves_a_lead_to_an_owner_who_is_of_it_and_takes_it_from_another() {
    for (of_team, owner) in [(member_id(1), Some(member_id(1))), (member_id(2), None)] {
        let mut world = World::new(vec![]);
        world.team = Some(vec![of_team]);
        world.leads = owned(Some(member_id(1)), None);
        let seen = world.assign(AssignTo::Team(team_id())).await;
        assert_eq!(owner_and_team(&seen), (owner, Some(team_id())));
        assert_eq!(seen.result.expect("assigned").lead.status, LeadStatus::Contacted);
    }
}

#[tokio::test]
async fn the_team_keeps_a_lead_that_one_of_it_gets_and_loses_it_to_another() {
    for (of_team, team) in [(vec![member_id(2)], Some(team_id())), (vec![member_id(1)], None)] {
        let mut world = World::new(vec![member(2, |_| ())]);
        world.team = Some(of_team);
        world.leads = owned(Some(member_id(1)), Some(team_id()));
        let seen = world.assign(AssignTo::Member(member_id(2))).await;
        assert_eq!(owner_and_team(&seen), (Some(member_id(2)), team));
    }
}

#[tokio::test]
async fn round_robin_within_a_team_passes_over_all_others() {
    let earlier = |minutes| Some(now().minus(Duration::from_mins(minutes)));
    let mut world = World::new(vec![
        member(1, |member| member.last_assigned_at = earlier(9)),
        member(2, |member| member.last_assigned_at = earlier(1)),
    ]);
    world.team = Some(vec![member_id(2)]);
    let seen = world.assign(AssignTo::NextInTurn { team: Some(team_id()) }).await;
    assert_eq!(owner_and_team(&seen), (Some(member_id(2)), Some(team_id())));
    assert_eq!(seen.result.expect("assigned").lead.status, LeadStatus::Assigned);
}

#[tokio::test]
async fn a_team_without_anyone_who_takes_leads_has_no_turn() {
    let mut world = World::new(vec![member(1, |_| ())]);
    world.team = Some(vec![]);
    let error = world.assign(AssignTo::NextInTurn { team: Some(team_id()) }).await.refused();
    assert_eq!(error.code(), "no_active_member");
}

#[tokio::test]
async fn a_team_that_is_not_there_gets_nothing() {
    for to in [AssignTo::Team(team_id()), AssignTo::NextInTurn { team: Some(team_id()) }] {
        let error = World::new(vec![member(1, |_| ())]).assign(to).await.refused();
        assert_eq!((error.code(), error.field()), ("team_not_found", Some("teamId")));
    }
}

#[tokio::test]
async fn a_lead_can_be_taken_from_everyone_once() {
    let mut world = World::new(vec![]);
    world.leads = owned(Some(member_id(1)), Some(team_id()));
    let seen = world.assign(AssignTo::Nobody).await;
    assert_eq!(owner_and_team(&seen), (None, None));
    let [line] = seen.only_commit().activities.as_slice() else { panic!("one line in the log") };
    let told = json!({"from": member_id(1), "to": null, "fromTeam": team_id(), "toTeam": null, "mode": "NOBODY"});
    assert_eq!(line.detail, told);
    let mut world = World::new(vec![]);
    world.leads = owned(None, None);
    let seen = world.assign(AssignTo::Nobody).await;
    assert!(seen.only_commit().activities.is_empty(), "no news");
}

#[tokio::test]
async fn a_lead_that_the_actor_does_not_see_is_as_unknown_as_one_that_is_not_there() {
    let id = Uuid::from_u128(0xe1);
    let seen_by = |members: Vec<MemberId>| {
        let visibility = Visibility::Only(Viewpoint { members, teams: vec![], unassigned: false });
        let role = MemberRole::Manager;
        let actor = MemberActor { id: id.into(), user_id: id.into(), session_id: id.into(), role, visibility };
        Actor::member(tenant(), actor).from_origin(origin())
    };
    let world = || World { leads: owned(Some(member_id(2)), None), ..World::new(vec![member(1, |_| ())]) };
    let to = AssignTo::Member(member_id(1));
    assert_eq!(world().assign_as(&seen_by(vec![member_id(1)]), to).await.refused().code(), "lead_not_found");
    let seen = world().assign_as(&seen_by(vec![member_id(2)]), to).await;
    assert_eq!(
        seen.result.expect("assigned").lead.assigned_member_id,
        Some(member_id(1)),
        "who gives it away learns it"
    );
}
