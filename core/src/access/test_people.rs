//! People for the unit tests of log-ins, and ports that let them through.

use std::time::Duration;

use hubchat_domain::{
    AuthLink, AuthLinkKind, Member, MemberRole, MemberStatus, PasswordHash, RefreshToken, Session, Tenant, TenantId,
    TenantSlug, Timestamp, User, Visibility,
};
use hubchat_ports::{
    FoundRefreshToken, JobId, JobLease, Lane, LimitReached, Membership, MockAuditStore, MockMemberStore,
    MockUnitOfWork, NewJob, PasswordCheck, ReservedJob, Standing, TenantJob,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use uuid::Uuid;

use super::{Client, Links, StandingCache};
use crate::{
    Actor, MemberActor, Ports,
    test_ports::{TestPorts, allowance, now, origin, tenant},
};

pub(super) const EMAIL: &str = "nok@shop.example";
pub(super) const PASSWORD: &str = "correct horse battery";

pub(super) fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

pub(super) fn company() -> Tenant {
    Tenant {
        id: tenant(),
        slug: TenantSlug::parse("shop").expect("a slug"),
        name: "Shop".to_owned(),
        created_at: now(),
    }
}

pub(super) fn user() -> User {
    User {
        id: Uuid::from_u128(0xe0).into(),
        email: EMAIL.to_owned(),
        name: "Nok".to_owned(),
        password_hash: Some(PasswordHash::new("hash")),
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(crate) fn member() -> Member {
    Member {
        id: Uuid::from_u128(0xe1).into(),
        tenant_id: tenant(),
        user_id: user().id,
        name: "Nok".to_owned(),
        email: EMAIL.to_owned(),
        role: MemberRole::Sales,
        status: MemberStatus::Active,
        last_assigned_at: None,
        created_at: now(),
        updated_at: now(),
        version: 1,
    }
}

pub(super) fn membership() -> Membership {
    Membership { tenant: company(), member: member() }
}

pub(crate) fn session() -> Session {
    Session {
        id: Uuid::from_u128(0xe2).into(),
        user_id: user().id,
        tenant_id: tenant(),
        member_id: member().id,
        created_at: now().minus(Duration::from_mins(1)),
        last_used_at: now().minus(Duration::from_mins(1)),
        expires_at: now().plus(Session::LIFETIME),
        ended_at: None,
        end_reason: None,
        address: None,
        user_agent: None,
    }
}

pub(crate) fn standing() -> Standing {
    Standing { session: session(), user: user(), member: member(), tenant: company() }
}

/// The person, logged in with a role.
pub(crate) fn actor(role: MemberRole) -> Actor {
    let (id, user_id, session_id) = (member().id, user().id, session().id);
    let member = MemberActor { id, user_id, session_id, role, visibility: Visibility::All };
    Actor::member(tenant(), member).from_origin(origin())
}

/// A refresh token of its form.
pub(super) fn refresh_token() -> SecretString {
    secret(&format!("hcr_{}", "ab".repeat(32)))
}

/// A link's token of its form.
pub(super) fn link_token() -> SecretString {
    secret(&format!("hcl_{}", "cd".repeat(32)))
}

pub(super) fn link(kind: AuthLinkKind) -> AuthLink {
    let invites = kind != AuthLinkKind::PasswordReset;
    AuthLink {
        hash: link_token().expose_secret().as_bytes().to_vec(),
        kind,
        tenant_id: invites.then(tenant),
        user_id: Some(user().id),
        member_id: invites.then(|| member().id),
        created_at: now(),
        expires_at: now().plus(kind.lifetime()),
        used_at: None,
    }
}

/// The successor that the ports of [`people`] make of [`refresh_token`].
pub(super) fn successor() -> String {
    format!("hcr_{}", "ee".repeat(32))
}

/// The token that was presented, spent so long ago or not, with a successor that was used or not.
pub(super) fn found(spent: Option<Duration>, used: bool) -> FoundRefreshToken {
    let token = |hash: &str| RefreshToken {
        hash: hash.as_bytes().to_vec(),
        session_id: session().id,
        parent_hash: None,
        created_at: session().created_at,
        spent_at: None,
    };
    let spent_at = spent.map(|ago| now().minus(ago));
    let child = spent.map(|_| RefreshToken { spent_at: used.then(now), ..token(&successor()) });
    let token = RefreshToken { spent_at, ..token(refresh_token().expose_secret()) };
    FoundRefreshToken { token, child }
}

/// Ports with a vault that digests to the bytes themselves and signs everything alike, a limiter that lets through,
/// and a hasher that takes [`PASSWORD`] for every hash.
pub(super) fn people() -> TestPorts {
    let mut ports = quiet_people();
    ports.rate_limiter.expect_take().returning(|_, _| Ok(allowance()));
    ports.passwords.expect_verify().returning(|password, hash| {
        let matches = hash.is_some() && password.expose_secret() == PASSWORD;
        Ok(PasswordCheck { matches, needs_rehash: false })
    });
    ports.passwords.expect_hash().returning(|_| Ok(PasswordHash::new("new hash")));
    ports.directory.expect_find_tenant_by_id().returning(|_| Ok(Some(company())));
    ports
}

/// The same without limiter, hasher and directory.
pub(crate) fn quiet_people() -> TestPorts {
    let mut ports = TestPorts::default();
    ports.vault.expect_digest().returning(<[u8]>::to_vec);
    ports.vault.expect_sign().returning(|_, _| vec![0xee; 32]);
    ports.vault.expect_same().returning(|left, right| left == right);
    ports.access_tokens.expect_issue().returning(|_| Ok(secret("access token")));
    ports
}

/// A limiter that is used up.
pub(super) fn closed() -> TestPorts {
    let mut ports = quiet_people();
    let reached = LimitReached { limit: 5, retry_after: Duration::from_secs(12) };
    ports.rate_limiter.expect_take().returning(move |_, _| Err(reached));
    ports
}

/// A session over this one store of members, which must be committed so often, with an entry in the audit log.
pub(super) fn unit(members: MockMemberStore, commits: usize) -> MockUnitOfWork {
    let mut unit = MockUnitOfWork::new();
    let mut audit = MockAuditStore::new();
    audit.expect_append().times(commits).returning(|draft| {
        assert!(draft.after.is_some() && !format!("{draft:?}").contains(EMAIL), "{draft:?}");
        Ok(())
    });
    unit.expect_audit().return_const(Box::new(audit) as Box<dyn hubchat_ports::AuditStore>);
    unit.expect_members().return_const(Box::new(members) as Box<dyn hubchat_ports::MemberStore>);
    unit.expect_commit().times(commits).returning(|| Ok(()));
    unit
}

pub(crate) fn standings(ports: &Ports) -> StandingCache {
    StandingCache::new(ports.clone())
}

pub(super) fn links(ports: &Ports) -> Links {
    Links::new(ports.clone(), Some("https://chat.example.com/"))
}

pub(super) fn client() -> Client {
    Client {
        address: Some([203, 0, 113, 7].into()),
        user_agent: Some("Browser".to_owned()),
        request_id: Some("request-1".to_owned()),
    }
}

/// What these jobs are told, by the tenant and the kind of each. None may hold a secret or say who it is.
pub(super) fn told(jobs: &[TenantJob]) -> Vec<(TenantId, String, Value)> {
    let told = jobs.iter().map(|TenantJob { tenant_id, job }| {
        for never in [EMAIL, PASSWORD, "hash", "hcl_", "hcr_", "Nok"] {
            assert!(!job.payload.contains(never), "{}", job.payload);
        }
        assert_eq!(job.lane, Lane::Background);
        (*tenant_id, job.kind.clone(), serde_json::from_str(&job.payload).expect("JSON"))
    });
    told.collect()
}

/// The one entry that these jobs write, into the log of the tenant.
pub(super) fn only_note(jobs: &[TenantJob]) -> Value {
    let [(asked, kind, note)] = &told(jobs)[..] else { panic!("one job: {jobs:?}") };
    assert_eq!((*asked, kind.as_str()), (tenant(), "audit.note.v1"));
    note.clone()
}

/// The job as a worker gets it.
pub(super) fn reserved(job: &TenantJob) -> ReservedJob {
    let NewJob { lane, order_key, kind, payload, .. } = job.job.clone();
    let (lease, attempt) = (JobLease { job_id: JobId(1), token: 1 }, 1);
    ReservedJob { lease, lane, tenant_id: job.tenant_id, order_key, kind, payload, attempt, enqueued_at: now() }
}

pub(super) fn long_ago() -> Timestamp {
    now().minus(Duration::from_hours(24 * 365))
}
