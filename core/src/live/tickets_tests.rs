//! Tickets, over mocks: for whom they are given, and for whom they are taken.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use hubchat_domain::{ApiKeyRecord, Member, MemberRole, MemberStatus, Scope, Session, TenantSettings};
use hubchat_ports::{
    EventFeed, LimitReached, MockEventFeed, MockTeamStore, MockUnitOfWork, SocketTicket, Standing, TeamStore,
    TenantPulse, TicketHolder,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{CheckStandings, HolderNow, IssueSocketTicket, RedeemSocketTicket, SocketHolder, TicketError};
use crate::{
    Actor, ErrorCode, KeepLimits, Limits, SettingsCache,
    access::test_people::{actor as person, member, quiet_people, session, standing},
    test_ports::{TestPorts, actor, allowance, inbox_with, now, tenant},
};

fn key() -> ApiKeyRecord {
    ApiKeyRecord {
        id: Uuid::from_u128(0xbbbb).into(),
        tenant_id: tenant(),
        name: "k".to_owned(),
        prefix: "hck_0".to_owned(),
        secret_hash: Vec::new(),
        scopes: vec![Scope::InboxRead],
        created_at: now(),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    }
}

fn ports_with_settings() -> TestPorts {
    let mut ports = quiet_people();
    ports.repository.expect_inbox().returning(|_| Box::new(inbox_with(TenantSettings::default())));
    ports
}

async fn issue(actor: &Actor, limited: bool) -> (Result<SecretString, TicketError>, Option<SocketTicket>) {
    let kept = Arc::new(Mutex::new(None));
    let mut ports = TestPorts::default().with_open_vault();
    ports.repository.expect_inbox().returning(|_| Box::new(inbox_with(TenantSettings::default())));
    ports.rate_limiter.expect_take().returning(move |key, quota| {
        assert!(key.starts_with("tickets:"), "{key}");
        let reached = LimitReached { limit: quota.burst.get(), retry_after: Duration::from_secs(1) };
        if limited { Err(reached) } else { Ok(allowance()) }
    });
    let keep = Arc::clone(&kept);
    ports.socket_tickets.expect_insert().returning(move |ticket| {
        *keep.lock().expect("not poisoned") = Some(ticket.clone());
        Ok(())
    });
    let ports = ports.build();
    let limits = KeepLimits::new(ports.clone(), SettingsCache::new(ports.clone()), Limits::default());
    let issued = IssueSocketTicket::new(ports, limits).run(actor).await.map(|issued| {
        assert_eq!(issued.expires_at, now().plus(Duration::from_secs(30)));
        issued.ticket
    });
    let kept = kept.lock().expect("not poisoned").clone();
    (issued, kept)
}

#[tokio::test]
async fn a_ticket_is_for_the_credential_that_asked_and_only_its_digest_is_kept() {
    let ends_at = now().plus(Duration::from_mins(10));
    for (actor, holder, access_ends_at) in [
        (actor(&[Scope::InboxRead]), TicketHolder::ApiKey(key().id), None),
        (person(MemberRole::Sales).until(ends_at), TicketHolder::Session(session().id), Some(ends_at)),
    ] {
        let (issued, kept) = issue(&actor, false).await;
        let (ticket, kept) = (issued.expect("a ticket"), kept.expect("it is kept"));
        assert_eq!(ticket.expose_secret().len(), "hct_".len() + 32, "128 bits");
        assert_eq!(kept.hash, ticket.expose_secret().as_bytes(), "the digest of this vault");
        assert_eq!((kept.holder, kept.access_ends_at, kept.tenant_id), (holder, access_ends_at, tenant()));
        assert_eq!(kept.expires_at, now().plus(IssueSocketTicket::LIFETIME));
    }
}

#[tokio::test]
async fn there_is_no_ticket_without_the_right_to_read_for_the_system_or_beyond_the_limit() {
    for (actor, limited, code) in [
        (actor(&[Scope::MessagesSend]), false, "forbidden"),
        (Actor::system(tenant()), false, "forbidden"),
        (actor(&[Scope::Admin]), true, "rate_limited"),
    ] {
        let (issued, kept) = issue(&actor, limited).await;
        assert_eq!(issued.expect_err("no ticket").code(), code);
        assert!(kept.is_none());
    }
}

/// Takes a ticket of that holder, in a world in which these are how they stand.
async fn redeem(
    holder: TicketHolder,
    standing: Option<Standing>,
    key: Option<ApiKeyRecord>,
) -> Result<SocketHolder, TicketError> {
    let mut ports = ports_with_settings();
    ports.repository.expect_begin().returning(|_| {
        let (mut teams, mut session) = (MockTeamStore::new(), MockUnitOfWork::new());
        teams.expect_teams_of().returning(|_| Ok(Vec::new()));
        session.expect_teams().return_const(Box::new(teams) as Box<dyn TeamStore>);
        Ok(Box::new(session))
    });
    ports.socket_tickets.expect_take().times(..=1).returning(move |hash, at| {
        let expected = "hct_".to_owned() + &"07".repeat(16);
        assert_eq!((hash, at), (expected.as_bytes(), now()));
        Ok(Some(SocketTicket {
            hash: hash.to_vec(),
            tenant_id: tenant(),
            holder,
            access_ends_at: Some(now()),
            expires_at: now().plus(IssueSocketTicket::LIFETIME),
        }))
    });
    ports.directory.expect_pulses().returning(|tenants| {
        Ok(tenants.iter().map(|&tenant_id| TenantPulse { tenant_id, epoch: 0, last: 0, access_version: 5 }).collect())
    });
    ports.access.expect_find_standing().returning(move |_| Ok(standing.clone()));
    ports.directory.expect_find_api_keys().returning(move |_| Ok(key.clone().into_iter().collect()));
    let ticket = SecretString::from("hct_".to_owned() + &"07".repeat(16));
    RedeemSocketTicket::new(ports.build()).run(&ticket).await
}

#[tokio::test]
async fn a_ticket_lets_in_whom_storage_knows_now() {
    let of_session = TicketHolder::Session(session().id);
    let manager = Standing { member: Member { role: MemberRole::Manager, ..member() }, ..standing() };
    let holder = redeem(of_session, Some(manager), None).await.expect("a member");
    assert_eq!(holder.actor.as_member().map(|member| member.role), Some(MemberRole::Manager));
    assert_eq!((holder.name.as_deref(), holder.access_ends_at, holder.access_version), (Some("Nok"), Some(now()), 5));
    let holder = redeem(TicketHolder::ApiKey(key().id), None, Some(key())).await.expect("a key");
    assert_eq!((holder.name, holder.holder), (None, TicketHolder::ApiKey(key().id)));
}

#[tokio::test]
async fn a_ticket_of_who_is_over_meanwhile_is_good_for_nothing() {
    let of_session = TicketHolder::Session(session().id);
    let ended = Session { ended_at: Some(now()), ..session() };
    let other = Uuid::from_u128(0xdead).into();
    for standing in [
        None,
        Some(Standing { session: ended, ..standing() }),
        Some(Standing { session: Session { tenant_id: other, ..session() }, ..standing() }),
        Some(Standing { member: Member { status: MemberStatus::Disabled, ..member() }, ..standing() }),
    ] {
        assert!(matches!(redeem(of_session, standing, None).await, Err(TicketError::Refused)));
    }
    let of_key = TicketHolder::ApiKey(key().id);
    for key in [
        None,
        Some(ApiKeyRecord { revoked_at: Some(now()), ..key() }),
        Some(ApiKeyRecord { expires_at: Some(now()), ..key() }),
        Some(ApiKeyRecord { scopes: vec![Scope::MessagesSend], ..key() }),
        Some(ApiKeyRecord { tenant_id: Uuid::from_u128(0xdead).into(), ..key() }),
    ] {
        assert!(matches!(redeem(of_key, None, key).await, Err(TicketError::Refused)));
    }
}

#[tokio::test]
async fn what_is_no_ticket_asks_storage_nothing() {
    let redeem = RedeemSocketTicket::new(TestPorts::default().build());
    for text in ["", "hct_", "hcr_07070707070707070707070707070707", "hct_0707", "hct_0707070707070707070707070707070G"]
    {
        assert!(matches!(redeem.run(&SecretString::from(text)).await, Err(TicketError::Refused)), "{text}");
    }
}

#[tokio::test]
async fn those_who_may_still_be_here_are_asked_for_together() {
    let mut ports = TestPorts::default();
    ports.access.expect_find_live().times(1).returning(|sessions, at| {
        assert_eq!((sessions.len(), at), (2, now()));
        let live = hubchat_ports::LiveSession {
            session_id: sessions[0],
            tenant_id: tenant(),
            member_id: member().id,
            role: MemberRole::Viewer,
        };
        Ok(vec![live])
    });
    ports.directory.expect_find_api_keys().times(1).returning(|ids| {
        assert_eq!(ids.len(), 2);
        let revoked = ApiKeyRecord { id: ids[1], revoked_at: Some(now()), ..key() };
        Ok(vec![ApiKeyRecord { id: ids[0], ..key() }, revoked])
    });
    let session = |number| TicketHolder::Session(Uuid::from_u128(number).into());
    let api_key = |number| TicketHolder::ApiKey(Uuid::from_u128(number).into());
    let holders = [session(1), api_key(1), session(2), api_key(2)];
    let standing = CheckStandings::new(ports.build()).run(&holders).await.expect("an answer");
    assert_eq!(standing.len(), 2);
    assert_eq!(standing.get(&session(1)), Some(&HolderNow::Member(MemberRole::Viewer)));
    assert_eq!(standing.get(&api_key(1)), Some(&HolderNow::ApiKey(vec![Scope::InboxRead])));
    assert!(standing.values().all(HolderNow::may_follow));
    assert!(!HolderNow::ApiKey(vec![Scope::MessagesSend]).may_follow());
}

#[tokio::test]
async fn what_many_members_see_is_found_with_two_questions_and_as_for_each_alone() {
    let (nok, lek, dao) = (member().id, Uuid::from_u128(2).into(), Uuid::from_u128(3).into());
    let (north, south) = (Uuid::from_u128(8).into(), Uuid::from_u128(9).into());
    let mut ports = TestPorts::default();
    ports.repository.expect_inbox().times(1).returning(|_| Box::new(inbox_with(TenantSettings::default())));
    ports.repository.expect_feed().times(1).returning(move |_| {
        let mut feed = MockEventFeed::new();
        feed.expect_memberships().returning(move || Ok(vec![(north, nok), (north, lek), (south, dao)]));
        Box::new(feed) as Box<dyn EventFeed>
    });
    let asked = [(nok, MemberRole::Sales), (dao, MemberRole::Manager)];
    let seen = CheckStandings::new(ports.build()).visibilities(tenant(), &asked).await.expect("an answer");
    let mut members = vec![nok, lek];
    members.sort_unstable();
    let viewpoint = hubchat_domain::Viewpoint { members, teams: vec![north], unassigned: true };
    assert_eq!(seen.get(&nok), Some(&hubchat_domain::Visibility::Only(viewpoint)));
    assert_eq!(seen.get(&dao), Some(&hubchat_domain::Visibility::All));
}
