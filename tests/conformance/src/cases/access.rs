//! The unscoped door of people: users, sessions, refresh tokens, links.

use std::time::Duration;

use futures_util::future::join_all;
use hubchat_domain::{
    AuthLink, AuthLinkKind, Member, MemberStatus, PasswordHash, RefreshToken, Session, SessionEnd, Tenant, User,
};
use hubchat_ports::{InsertOutcome, LiveSession, Membership, PasswordChange, Standing, TenantJob};

use crate::StorageHarness;
use crate::jobs::{ALL, complete, job, names, reserve};
use crate::specimens::{moments, texts};
use crate::world::{World, at};

/// A person with a password, and their membership.
struct Person {
    user: User,
    member: Member,
    tenant: Tenant,
}

fn proven(person: &Person) -> PasswordHash {
    person.user.password_hash.clone().unwrap()
}

async fn person(world: &World<'_>, harness: &dyn StorageHarness, slug: &str) -> Person {
    let tenant = world.tenant(slug).await;
    let user = User {
        id: world.id(),
        email: format!("nok@{slug}.example"),
        name: "Nok".to_owned(),
        password_hash: Some(PasswordHash::new(format!("hash of {slug}"))),
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    };
    assert_eq!(harness.access().insert_user(&user).await.unwrap(), InsertOutcome::Inserted);
    let member = Member { user_id: user.id, ..world.new_member(tenant.id, "Nok", at(0)) };
    enlist(world, &member).await;
    Person { user, member, tenant }
}

async fn enlist(world: &World<'_>, member: &Member) {
    let session = world.begin(member.tenant_id).await;
    assert_eq!(session.members().insert(member).await.unwrap(), InsertOutcome::Inserted);
    session.commit().await.unwrap();
}

fn session(world: &World<'_>, person: &Person, seconds: i64) -> Session {
    Session {
        id: world.id(),
        user_id: person.user.id,
        tenant_id: person.tenant.id,
        member_id: person.member.id,
        created_at: at(seconds),
        last_used_at: at(seconds),
        expires_at: at(seconds).plus(Session::LIFETIME),
        ended_at: None,
        end_reason: None,
        address: Some("2001:db8::1".to_owned()),
        user_agent: Some("Browser/1.0 (ไทย)".to_owned()),
    }
}

fn token(session: &Session, name: &str, parent: Option<&RefreshToken>, seconds: i64) -> RefreshToken {
    RefreshToken {
        hash: name.as_bytes().to_vec(),
        session_id: session.id,
        parent_hash: parent.map(|parent| parent.hash.clone()),
        created_at: at(seconds),
        spent_at: None,
    }
}

/// A session that was begun, with its first token.
async fn open(
    world: &World<'_>,
    harness: &dyn StorageHarness,
    person: &Person,
    name: &str,
    seconds: i64,
) -> (Session, RefreshToken) {
    let session = session(world, person, seconds);
    let first = token(&session, name, None, seconds);
    assert!(harness.access().open_session(&session, &first, &proven(person), &[]).await.unwrap());
    (session, first)
}

async fn ended(harness: &dyn StorageHarness, session: &Session) -> Option<SessionEnd> {
    harness.access().find_standing(session.id).await.unwrap().unwrap().session.end_reason
}

pub async fn a_person_is_found_by_id_and_address_with_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    for (number, text) in texts().into_iter().enumerate() {
        let user = User {
            id: world.id(),
            email: format!("{number}@people.example"),
            name: text,
            password_hash: (number % 2 == 0).then(|| PasswordHash::new("$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA")),
            created_at: moments()[number % moments().len()],
            updated_at: moments()[(number + 1) % moments().len()],
            version: 7,
        };
        assert_eq!(harness.access().insert_user(&user).await.unwrap(), InsertOutcome::Inserted);
        assert_eq!(harness.access().find_user(user.id).await.unwrap().as_ref(), Some(&user));
        assert_eq!(harness.access().find_user_by_email(&user.email).await.unwrap(), Some(user));
    }
    assert_eq!(harness.access().find_user(world.id()).await.unwrap(), None);
    assert_eq!(harness.access().find_user_by_email("0@people.exampl_").await.unwrap(), None);
    assert_eq!(harness.access().find_user_by_email("zero\0@people.example").await.unwrap(), None);
}

pub async fn an_address_raced_for_is_one_person(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let rivals: Vec<User> = (0..8)
        .map(|n: u8| User {
            id: world.id(),
            email: "nok@people.example".to_owned(),
            name: n.to_string(),
            password_hash: None,
            created_at: at(0),
            updated_at: at(0),
            version: 1,
        })
        .collect();
    let outcomes = join_all(rivals.iter().map(|user| harness.access().insert_user(user))).await;
    let inserted = outcomes.into_iter().filter(|outcome| *outcome.as_ref().unwrap() == InsertOutcome::Inserted).count();
    assert_eq!(inserted, 1);
    assert!(harness.access().find_user_by_email("nok@people.example").await.unwrap().is_some());
}

pub async fn a_rehash_gives_way_to_a_new_password(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let (id, new) = (person.user.id, PasswordHash::new("new"));
    let change = PasswordChange { user_id: id, hash: new.clone(), keep: None, at: at(5) };
    harness.access().change_password(&change, &[]).await.unwrap();
    let late = harness.access().rehash_password(id, &proven(&person), &PasswordHash::new("old again")).await;
    assert!(!late.unwrap());
    assert!(harness.access().rehash_password(id, &new, &PasswordHash::new("newer")).await.unwrap());
    let found = harness.access().find_user(id).await.unwrap().unwrap();
    assert_eq!(found.password_hash, Some(PasswordHash::new("newer")));
    assert!(found.version > 1);
}

pub async fn the_memberships_of_a_person_are_listed_by_slug(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let other = world.tenant("anong").await;
    let second =
        Member { user_id: person.user.id, status: MemberStatus::Disabled, ..world.new_member(other.id, "Nok", at(1)) };
    enlist(&world, &second).await;
    world.hire(&[world.new_member(other.id, "Stranger", at(1))]).await;
    let listed = harness.access().list_memberships(person.user.id).await.unwrap();
    let expected = [
        Membership { tenant: other, member: second },
        Membership { tenant: person.tenant.clone(), member: person.member.clone() },
    ];
    assert_eq!(listed, expected);
    assert!(harness.access().list_memberships(world.id()).await.unwrap().is_empty());
}

pub async fn a_person_is_a_member_of_a_tenant_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let again = Member { user_id: person.user.id, ..world.new_member(person.tenant.id, "Again", at(1)) };
    let session = world.begin(person.tenant.id).await;
    assert_eq!(session.members().insert(&again).await.unwrap(), InsertOutcome::AlreadyPresent);
}

pub async fn a_session_stands_with_its_person_member_and_tenant(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (person, _) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let (session, first) = open(&world, harness, &person, "one", 1).await;
    let standing = Standing {
        session: session.clone(),
        user: person.user.clone(),
        member: person.member.clone(),
        tenant: person.tenant.clone(),
    };
    assert_eq!(harness.access().find_standing(session.id).await.unwrap(), Some(standing));
    assert_eq!(harness.access().find_standing(world.id()).await.unwrap(), None);
    let found = harness.access().find_refresh_token(b"one").await.unwrap().unwrap();
    assert_eq!((found.token, found.child), (first, None));
    assert_eq!(harness.access().find_refresh_token(b"on").await.unwrap(), None);
}

pub async fn no_session_begins_with_a_password_that_is_over(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let change = PasswordChange { user_id: person.user.id, hash: PasswordHash::new("new"), keep: None, at: at(5) };
    harness.access().change_password(&change, &[]).await.unwrap();
    let late = session(&world, &person, 6);
    let first = token(&late, "one", None, 6);
    assert!(!harness.access().open_session(&late, &first, &proven(&person), &[]).await.unwrap());
    assert_eq!(harness.access().find_standing(late.id).await.unwrap(), None);
    assert_eq!(harness.access().find_refresh_token(b"one").await.unwrap(), None);
}

pub async fn a_token_is_spent_once_for_one_successor(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let (session, first) = open(&world, harness, &person, "one", 1).await;
    let children: Vec<RefreshToken> =
        (0..16).map(|n| token(&session, &format!("child {n}"), Some(&first), 60)).collect();
    let rotated = join_all(children.iter().map(|child| harness.access().rotate(child))).await;
    let winners: Vec<&RefreshToken> = children
        .iter()
        .zip(rotated)
        .filter(|(_, rotated)| *rotated.as_ref().unwrap())
        .map(|(child, _)| child)
        .collect();
    assert_eq!(winners.len(), 1);
    let found = harness.access().find_refresh_token(b"one").await.unwrap().unwrap();
    assert_eq!(found.token, RefreshToken { spent_at: Some(at(60)), ..first });
    assert_eq!(found.child.as_ref(), Some(winners[0]));
    let used = harness.access().find_standing(session.id).await.unwrap().unwrap().session.last_used_at;
    assert_eq!(used, at(60));
}

pub async fn a_session_that_ended_goes_on_no_more(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let (session, first) = open(&world, harness, &person, "one", 1).await;
    let access = harness.access();
    assert!(access.end_session(session.id, SessionEnd::LoggedOut, at(5), &[]).await.unwrap());
    assert!(!access.end_session(session.id, SessionEnd::Revoked, at(6), &[]).await.unwrap(), "it ended before");
    assert!(!access.end_session(world.id(), SessionEnd::Revoked, at(6), &[]).await.unwrap());
    let found = access.find_standing(session.id).await.unwrap().unwrap().session;
    assert_eq!((found.ended_at, found.end_reason), (Some(at(5)), Some(SessionEnd::LoggedOut)));
    assert!(!access.rotate(&token(&session, "two", Some(&first), 7)).await.unwrap());
    assert_eq!(access.find_refresh_token(b"one").await.unwrap().unwrap().token, first);
}

pub async fn a_token_of_one_session_does_not_continue_another(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let (_, first) = open(&world, harness, &person, "one", 1).await;
    let (other, _) = open(&world, harness, &person, "two", 1).await;
    assert!(!harness.access().rotate(&token(&other, "three", Some(&first), 7)).await.unwrap());
}

pub async fn the_sessions_of_a_member_end_together(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, other) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let (first, _) = open(&world, harness, &one, "one", 1).await;
    let (second, _) = open(&world, harness, &one, "two", 2).await;
    let (strange, _) = open(&world, harness, &other, "three", 3).await;
    let end = harness.access().end_member_sessions(one.member.id, SessionEnd::MemberDisabled, at(9)).await.unwrap();
    assert_eq!(end, 2);
    assert_eq!(ended(harness, &first).await, Some(SessionEnd::MemberDisabled));
    assert_eq!(ended(harness, &second).await, Some(SessionEnd::MemberDisabled));
    assert_eq!(ended(harness, &strange).await, None);
}

pub async fn a_new_password_ends_all_sessions_but_the_one_to_keep(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, other) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let (kept, _) = open(&world, harness, &one, "one", 1).await;
    let (lost, _) = open(&world, harness, &one, "two", 2).await;
    let (strange, _) = open(&world, harness, &other, "three", 3).await;
    let mut change =
        PasswordChange { user_id: one.user.id, hash: PasswordHash::new("new"), keep: Some(kept.id), at: at(9) };
    harness.access().change_password(&change, &[]).await.unwrap();
    assert_eq!(ended(harness, &kept).await, None);
    assert_eq!(ended(harness, &lost).await, Some(SessionEnd::PasswordChanged));
    assert_eq!(ended(harness, &strange).await, None);
    let found = harness.access().find_user(one.user.id).await.unwrap().unwrap();
    assert_eq!((found.password_hash, found.updated_at), (Some(PasswordHash::new("new")), at(9)));
    change.keep = None;
    harness.access().change_password(&change, &[]).await.unwrap();
    assert_eq!(ended(harness, &kept).await, Some(SessionEnd::PasswordChanged));
}

pub async fn live_sessions_are_listed_newest_first(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, other) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let (first, _) = open(&world, harness, &one, "one", 1).await;
    let (second, _) = open(&world, harness, &one, "two", 2).await;
    let (over, _) = open(&world, harness, &one, "three", 3).await;
    open(&world, harness, &other, "four", 4).await;
    harness.access().end_session(over.id, SessionEnd::LoggedOut, at(9), &[]).await.unwrap();
    let list = async |now| -> Vec<_> {
        let listed = harness.access().list_sessions(one.user.id, now).await.unwrap();
        listed.into_iter().map(|session| session.id).collect()
    };
    assert_eq!(list(at(9)).await, [second.id, first.id]);
    let idle = at(1).plus(Session::IDLE);
    assert_eq!(list(idle).await, [second.id], "the first one was not used for too long");
    assert_eq!(list(at(2).plus(Session::LIFETIME)).await, []);
}

pub async fn those_who_may_still_be_here_are_found_many_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (person(&world, harness, "one").await, person(&world, harness, "two").await);
    let gone = person(&world, harness, "gone").await;
    let (live, _) = open(&world, harness, &one, "live", 0).await;
    let (ended, _) = open(&world, harness, &one, "ended", 0).await;
    let (other, _) = open(&world, harness, &two, "other", 0).await;
    let (disabled, _) = open(&world, harness, &gone, "disabled", 0).await;
    assert!(harness.access().end_session(ended.id, SessionEnd::LoggedOut, at(1), &[]).await.unwrap());
    let session = world.begin(gone.tenant.id).await;
    session.members().update(&Member { status: MemberStatus::Disabled, ..gone.member.clone() }).await.unwrap();
    session.commit().await.unwrap();
    let asked = [live.id, ended.id, other.id, disabled.id, world.id()];
    let found = async |now| {
        let mut found = harness.access().find_live(&asked, now).await.unwrap();
        found.sort_by_key(|live| live.session_id);
        found
    };
    let told = |session: &Session, person: &Person| LiveSession {
        session_id: session.id,
        tenant_id: person.tenant.id,
        member_id: person.member.id,
        role: person.member.role,
    };
    let mut expected = vec![told(&live, &one), told(&other, &two)];
    expected.sort_by_key(|live| live.session_id);
    assert_eq!(found(at(2)).await, expected);
    assert_eq!(found(at(0).plus(Session::IDLE)).await, []);
    assert_eq!(harness.access().find_live(&[], at(2)).await.unwrap(), []);
}

fn link(kind: AuthLinkKind, name: &str, person: &Person, seconds: i64) -> AuthLink {
    let invites = kind != AuthLinkKind::PasswordReset;
    AuthLink {
        hash: name.as_bytes().to_vec(),
        kind,
        tenant_id: invites.then_some(person.tenant.id),
        user_id: Some(person.user.id),
        member_id: invites.then_some(person.member.id),
        created_at: at(seconds),
        expires_at: at(seconds).plus(Duration::from_mins(1)),
        used_at: None,
    }
}

pub async fn links_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    for kind in AuthLinkKind::ALL {
        let link = link(*kind, kind.as_str(), &person, 1);
        harness.access().insert_link(&link, &[]).await.unwrap();
        assert_eq!(harness.access().find_link(&link.hash).await.unwrap(), Some(link));
    }
    let nobody = AuthLink { user_id: None, member_id: None, ..link(AuthLinkKind::FirstOwner, "open", &person, 1) };
    harness.access().insert_link(&nobody, &[]).await.unwrap();
    assert_eq!(harness.access().find_link(b"open").await.unwrap(), Some(nobody));
    assert_eq!(harness.access().find_link(b"").await.unwrap(), None);
}

pub async fn a_link_raced_for_is_used_once_and_in_its_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    harness.access().insert_link(&link(AuthLinkKind::Invitation, "one", &person, 1), &[]).await.unwrap();
    assert!(!harness.access().redeem_link(b"one", at(61), None, &[]).await.unwrap(), "it is over");
    let uses = join_all((0..8).map(|_| harness.access().redeem_link(b"one", at(60), None, &[]))).await;
    assert_eq!(uses.into_iter().filter(|used| *used.as_ref().unwrap()).count(), 1);
    let found = harness.access().find_link(b"one").await.unwrap().unwrap();
    assert_eq!(found.used_at, Some(at(60)));
    assert!(!harness.access().redeem_link(b"none", at(1), None, &[]).await.unwrap());
}

pub async fn a_reset_sets_the_password_ends_sessions_and_voids_other_resets(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let (session, _) = open(&world, harness, &person, "token", 1).await;
    let invitation = link(AuthLinkKind::Invitation, "invitation", &person, 1);
    let reset = link(AuthLinkKind::PasswordReset, "reset", &person, 1);
    for link in [&invitation, &reset] {
        harness.access().insert_link(link, &[]).await.unwrap();
    }
    let change = PasswordChange { user_id: person.user.id, hash: PasswordHash::new("new"), keep: None, at: at(5) };
    assert!(!harness.access().redeem_link(b"reset", at(99), Some(change.clone()), &[]).await.unwrap());
    assert_eq!(ended(harness, &session).await, None, "what was not redeemed changes nothing");
    assert!(harness.access().redeem_link(b"reset", at(5), Some(change.clone()), &[]).await.unwrap());
    assert_eq!(ended(harness, &session).await, Some(SessionEnd::PasswordChanged));
    let found = harness.access().find_user(person.user.id).await.unwrap().unwrap();
    assert_eq!(found.password_hash, Some(PasswordHash::new("new")));
    assert_eq!(harness.access().find_link(b"invitation").await.unwrap(), Some(invitation));
    let second = link(AuthLinkKind::PasswordReset, "second", &person, 6);
    harness.access().insert_link(&second, &[]).await.unwrap();
    harness.access().change_password(&PasswordChange { at: at(7), ..change }, &[]).await.unwrap();
    assert!(!harness.access().redeem_link(b"second", at(8), None, &[]).await.unwrap());
}

pub async fn a_later_link_takes_the_place_of_an_earlier_one(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, other) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let nobody = |name: &str, person: &Person, seconds| AuthLink {
        user_id: None,
        member_id: None,
        ..link(AuthLinkKind::FirstOwner, name, person, seconds)
    };
    let (reset, invitation) = (AuthLinkKind::PasswordReset, AuthLinkKind::Invitation);
    for link in [
        link(reset, "a", &one, 1),
        link(reset, "b", &other, 1),
        link(invitation, "c", &one, 1),
        nobody("d", &one, 1),
        nobody("e", &other, 1),
        link(reset, "f", &one, 2),
        link(invitation, "g", &one, 2),
        nobody("h", &one, 2),
    ] {
        harness.access().insert_link(&link, &[]).await.unwrap();
    }
    let mut good = String::new();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        if harness.access().redeem_link(name.as_bytes(), at(3), None, &[]).await.unwrap() {
            good += name;
        }
    }
    assert_eq!(good, "befgh");
}

pub async fn what_is_over_is_removed_a_batch_at_a_time(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let person = person(&world, harness, "mali").await;
    let access = harness.access();
    let (old, first) = open(&world, harness, &person, "one", 0).await;
    assert!(access.rotate(&token(&old, "two", Some(&first), 5)).await.unwrap());
    let (ended, _) = open(&world, harness, &person, "three", 100).await;
    access.end_session(ended.id, SessionEnd::LoggedOut, at(200), &[]).await.unwrap();
    let (live, _) = open(&world, harness, &person, "four", 300).await;
    access.insert_link(&link(AuthLinkKind::PasswordReset, "reset", &person, 1), &[]).await.unwrap();
    assert_eq!(access.remove_over(at(0), 10).await.unwrap(), 0);
    assert_eq!(access.remove_over(at(250), 10).await.unwrap(), 2, "an ended session and a link");
    assert_eq!(access.find_standing(ended.id).await.unwrap(), None);
    assert_eq!(access.find_refresh_token(b"three").await.unwrap(), None);
    assert!(access.find_standing(old.id).await.unwrap().is_some());
    let later = at(301).plus(Session::LIFETIME);
    assert_eq!(access.remove_over(later, 1).await.unwrap(), 1);
    assert_eq!(access.remove_over(later, 1).await.unwrap(), 1);
    assert_eq!(access.remove_over(later, 1).await.unwrap(), 0);
    assert_eq!(access.find_standing(live.id).await.unwrap(), None);
}

/// A job of that name for the tenant of a person.
fn follows(person: &Person, name: &str) -> TenantJob {
    TenantJob { tenant_id: person.tenant.id, job: job(name, name) }
}

pub async fn jobs_are_written_with_what_they_follow_on_and_not_without_it(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, other) = (person(&world, harness, "mali").await, person(&world, harness, "other").await);
    let access = harness.access();
    let jobs = |name: &str| [follows(&one, name), follows(&other, name)];
    let in_queue = async || {
        let mut reserved = reserve(harness, ALL).await;
        reserved.sort_by_key(|job| job.lease.job_id);
        let tenants: Vec<_> = reserved.iter().map(|job| job.tenant_id).collect();
        let names = names(&reserved);
        complete(harness, &reserved).await;
        (names, tenants)
    };
    let both = vec![one.tenant.id, other.tenant.id];
    let nothing = (String::new(), vec![]);

    let session = session(&world, &one, 1);
    let first = token(&session, "token", None, 1);
    assert!(!access.open_session(&session, &first, &PasswordHash::new("another"), &jobs("no")).await.unwrap());
    assert_eq!(in_queue().await, nothing);
    assert!(access.open_session(&session, &first, &proven(&one), &jobs("in")).await.unwrap());
    assert_eq!(in_queue().await, ("in in".to_owned(), both.clone()));

    assert!(access.end_session(session.id, SessionEnd::LoggedOut, at(5), &jobs("out")).await.unwrap());
    assert!(!access.end_session(session.id, SessionEnd::Revoked, at(6), &jobs("no")).await.unwrap());
    assert_eq!(in_queue().await, ("out out".to_owned(), both.clone()));

    access.insert_link(&link(AuthLinkKind::Invitation, "link", &one, 1), &jobs("link")).await.unwrap();
    assert_eq!(in_queue().await, ("link link".to_owned(), both.clone()));
    assert!(!access.redeem_link(b"link", at(99), None, &jobs("no")).await.unwrap());
    assert!(access.redeem_link(b"link", at(5), None, &jobs("used")).await.unwrap());
    assert!(!access.redeem_link(b"link", at(5), None, &jobs("no")).await.unwrap());
    assert_eq!(in_queue().await, ("used used".to_owned(), both.clone()));

    let change = PasswordChange { user_id: one.user.id, hash: PasswordHash::new("new"), keep: None, at: at(7) };
    access.change_password(&change, &jobs("changed")).await.unwrap();
    access.add_jobs(&jobs("alone")[..1]).await.unwrap();
    access.add_jobs(&[]).await.unwrap();
    let tenants = vec![one.tenant.id, other.tenant.id, one.tenant.id];
    assert_eq!(in_queue().await, ("changed changed alone".to_owned(), tenants));
}

pub async fn active_owners_are_locked_until_the_session_ends(harness: &dyn StorageHarness) {
    use hubchat_domain::MemberRole;
    let world = World::new(harness);
    let (tenant, other) = (world.tenant("mali").await.id, world.tenant("other").await.id);
    let owner = |tenant, name| Member { role: MemberRole::Owner, ..world.new_member(tenant, name, at(0)) };
    let (one, two) = (owner(tenant, "One"), owner(tenant, "Two"));
    let disabled = Member { status: MemberStatus::Disabled, ..owner(tenant, "Three") };
    world.hire(&[one.clone(), two.clone(), disabled, world.new_member(tenant, "Seller", at(0))]).await;
    world.hire(&[owner(other, "Stranger")]).await;
    // Each takes the other away, at the same time: one of them must see that it would be the last.
    let step_down = async |member: &Member| {
        let session = world.begin(tenant).await;
        let owners = session.members().lock_owners().await.unwrap();
        if owners.len() < 2 {
            return false;
        }
        let found = session.members().find(member.id).await.unwrap().unwrap();
        session.members().update(&Member { role: MemberRole::Viewer, ..found }).await.unwrap();
        session.commit().await.unwrap();
        true
    };
    let (first, second) = futures_util::future::join(step_down(&one), step_down(&two)).await;
    assert!(first ^ second, "{first} {second}");
    assert_eq!(world.begin(tenant).await.members().lock_owners().await.unwrap().len(), 1);
}
