//! Inviting members and first owners, over mocks.

use hubchat_domain::{AuthLinkKind, Member, MemberRole, MemberStatus, Permission};
use hubchat_ports::{
    InsertOutcome, JobStore, Mail, MailError, MockJobStore, MockMemberStore, MockUnitOfWork, StorageError,
};
use secrecy::ExposeSecret;

use super::{
    CreateMemberError, FirstOwner, InviteMember, InviteMemberCommand, InviteMemberError, InvitedMember,
    test_people::{EMAIL, actor, links, member, people, unit, user},
};
use crate::{
    ErrorCode, Fault,
    test_ports::{TestPorts, tenant},
};

fn command(role: MemberRole) -> InviteMemberCommand {
    InviteMemberCommand { name: " Nok ".to_owned(), email: " Nok@shop.example".to_owned(), role }
}

fn inserting(outcome: InsertOutcome) -> MockMemberStore {
    let mut members = MockMemberStore::new();
    members.expect_insert().times(1).returning(move |member| {
        assert_eq!((member.name.as_str(), member.email.as_str()), ("Nok", EMAIL));
        assert_eq!((member.status, member.tenant_id), (MemberStatus::Invited, tenant()));
        Ok(outcome)
    });
    members
}

fn mailing(mut ports: TestPorts, kind: AuthLinkKind, mails: usize) -> TestPorts {
    ports.access.expect_insert_link().returning(move |link, _| {
        assert_eq!((link.kind, link.tenant_id), (kind, Some(tenant())));
        assert!(link.user_id.is_some() && link.member_id.is_some());
        Ok(())
    });
    ports.mailer.expect_send().times(mails).returning(|to, mail| {
        let Mail::Invitation { tenant, name, link, .. } = mail else { panic!("another mail") };
        assert_eq!((to, tenant.as_str(), name.as_str()), (EMAIL, "Shop", "Nok"));
        assert!(link.expose_secret().starts_with("https://chat.example.com/accept-invitation#token=hcl_"));
        Err(MailError::Failed("away".into()))
    });
    ports
}

async fn invite(
    ports: TestPorts,
    by: MemberRole,
    command: InviteMemberCommand,
) -> Result<InvitedMember, InviteMemberError> {
    let ports = ports.build();
    InviteMember::new(ports.clone(), links(&ports)).run_with_link(&actor(by), &command).await
}

/// The same session, in which one job mails the link of a member.
fn mailing_later(mut unit: MockUnitOfWork) -> MockUnitOfWork {
    let mut jobs = MockJobStore::new();
    jobs.expect_append().times(1).returning(|jobs| {
        let [job] = jobs else { panic!("one job: {jobs:?}") };
        assert_eq!(job.kind, "mail.invitation.v1");
        let payload: serde_json::Value = serde_json::from_str(&job.payload).expect("JSON");
        assert_eq!(
            payload.as_object().map(|fields| fields.keys().collect::<Vec<_>>()),
            Some(vec![&"memberId".to_owned()])
        );
        Ok(())
    });
    unit.expect_jobs().return_const(Box::new(jobs) as Box<dyn JobStore>);
    unit
}

#[tokio::test]
async fn without_an_operator_the_link_is_made_and_mailed_by_a_job_of_the_same_session() {
    let mut ports = people();
    ports.access.expect_find_user_by_email().returning(|_| Ok(Some(user())));
    let unit = mailing_later(unit(inserting(InsertOutcome::Inserted), 1));
    let ports = ports.with_sessions(vec![unit]).build();
    let invite = InviteMember::new(ports.clone(), links(&ports));
    let member = invite.run(&actor(MemberRole::Admin), &command(MemberRole::Sales)).await.expect("invited");
    assert_eq!(member.status, MemberStatus::Invited);

    let mut members = MockMemberStore::new();
    members.expect_find().returning(|_| Ok(Some(Member { status: MemberStatus::Invited, ..self::member() })));
    let ports = people().with_sessions(vec![mailing_later(self::unit(members, 1))]).build();
    let invite = InviteMember::new(ports.clone(), links(&ports));
    assert!(invite.again(&actor(MemberRole::Admin), member.id).await.is_ok());
}

#[tokio::test]
async fn a_new_person_and_one_whom_another_tenant_knows_are_invited_alike() {
    for known in [true, false] {
        let mut ports = mailing(people(), AuthLinkKind::Invitation, 1);
        ports.access.expect_find_user_by_email().returning(move |_| Ok(known.then(user)));
        ports.access.expect_insert_user().times(usize::from(!known)).returning(|user| {
            assert_eq!((user.email.as_str(), user.password_hash.as_ref()), (EMAIL, None));
            Ok(InsertOutcome::Inserted)
        });
        let ports = ports.with_sessions(vec![unit(inserting(InsertOutcome::Inserted), 1)]);
        let invited = invite(ports, MemberRole::Admin, command(MemberRole::Sales)).await.expect("invited");
        assert_eq!(invited.member.status, MemberStatus::Invited);
    }
}

#[tokio::test]
async fn a_person_who_is_added_at_the_same_time_is_the_same_person() {
    let mut ports = mailing(people(), AuthLinkKind::Invitation, 1);
    ports.access.expect_find_user_by_email().times(1).returning(|_| Ok(None));
    ports.access.expect_insert_user().times(1).returning(|_| Ok(InsertOutcome::AlreadyPresent));
    ports.access.expect_find_user_by_email().times(1).returning(|_| Ok(Some(user())));
    let ports = ports.with_sessions(vec![unit(inserting(InsertOutcome::Inserted), 1)]);
    let invited = invite(ports, MemberRole::Owner, command(MemberRole::Owner)).await.expect("invited");
    assert_eq!(invited.member.user_id, user().id);
}

#[tokio::test]
async fn who_may_not_or_is_wrong_invites_nobody() {
    let forbidden =
        |result| matches!(result, Err(InviteMemberError::NotAdded(CreateMemberError::Fault(Fault::Forbidden { .. }))));
    assert!(forbidden(invite(TestPorts::default(), MemberRole::Manager, command(MemberRole::Viewer)).await));
    let owner = invite(TestPorts::default(), MemberRole::Admin, command(MemberRole::Owner)).await;
    let Err(InviteMemberError::NotAdded(CreateMemberError::Fault(Fault::Forbidden { permission }))) = owner else {
        panic!("forbidden")
    };
    assert_eq!(permission, Permission::OwnersManage);
    let wrong = |name: &str, email: &str| InviteMemberCommand {
        name: name.to_owned(),
        email: email.to_owned(),
        role: MemberRole::Sales,
    };
    for (command, field) in
        [(wrong(" ", EMAIL), "name"), (wrong(&"x".repeat(201), EMAIL), "name"), (wrong("Nok", "nok"), "email")]
    {
        let error = invite(TestPorts::default(), MemberRole::Admin, command).await.expect_err("wrong");
        assert_eq!((error.code(), error.field()), ("validation_failed", Some(field)));
    }
    let mut ports = people();
    ports.access.expect_find_user_by_email().returning(|_| Ok(Some(user())));
    let ports = ports.with_sessions(vec![unit(inserting(InsertOutcome::AlreadyPresent), 0)]);
    let taken = invite(ports, MemberRole::Admin, command(MemberRole::Sales)).await.expect_err("taken");
    assert_eq!((taken.code(), taken.field()), ("member_exists", Some("email")));
    let mut ports = people();
    ports.access.expect_find_user_by_email().returning(|_| Err(StorageError::Unavailable("away".into())));
    assert!(
        invite(ports, MemberRole::Admin, command(MemberRole::Sales)).await.expect_err("away").retry_after().is_some()
    );
}

async fn again(
    ports: TestPorts,
    by: MemberRole,
    found: Option<Member>,
    succeeds: bool,
) -> Result<InvitedMember, InviteMemberError> {
    let mut members = MockMemberStore::new();
    members.expect_find().returning(move |_| Ok(found.clone()));
    let commits = usize::from(succeeds);
    let ports = ports.with_sessions(vec![unit(members, commits)]).build();
    InviteMember::new(ports.clone(), links(&ports)).again_with_link(&actor(by), member().id).await
}

#[tokio::test]
async fn only_who_has_not_come_yet_is_invited_again() {
    let invited = Member { status: MemberStatus::Invited, ..member() };
    let ports = mailing(people(), AuthLinkKind::Invitation, 1);
    assert!(again(ports, MemberRole::Admin, Some(invited.clone()), true).await.is_ok());
    for status in [MemberStatus::Active, MemberStatus::Disabled] {
        let error =
            again(people(), MemberRole::Admin, Some(Member { status, ..member() }), false).await.expect_err("came");
        assert_eq!(error.code(), "member_not_invited");
    }
    assert_eq!(again(people(), MemberRole::Admin, None, false).await.expect_err("unknown").code(), "member_not_found");
    let owner = Member { role: MemberRole::Owner, ..invited };
    let refused = again(people(), MemberRole::Admin, Some(owner), false).await;
    assert!(matches!(refused, Err(InviteMemberError::Fault(Fault::Forbidden { .. }))));
}

#[tokio::test]
async fn a_first_owner_gets_a_link_and_no_mail() {
    let mut ports = mailing(people(), AuthLinkKind::FirstOwner, 0);
    ports.access.expect_find_user_by_email().returning(|_| Ok(Some(user())));
    let ports = ports.with_sessions(vec![unit(inserting(InsertOutcome::Inserted), 1)]).build();
    let link = FirstOwner::new(ports.clone(), links(&ports)).link_for(tenant(), EMAIL, "Nok").await.expect("a link");
    assert!(!format!("{link:?}").contains("hcl_"));

    let mut ports = people();
    ports.access.expect_insert_link().times(1).returning(|link, _| {
        assert_eq!((link.kind, link.user_id, link.member_id), (AuthLinkKind::FirstOwner, None, None));
        Ok(())
    });
    let ports = ports.build();
    assert!(FirstOwner::new(ports.clone(), links(&ports)).open_link(tenant()).await.is_ok());

    let mut ports = people();
    ports.access.expect_find_user_by_email().returning(|_| Ok(Some(user())));
    let ports = ports.with_sessions(vec![unit(inserting(InsertOutcome::AlreadyPresent), 0)]).build();
    let owners = FirstOwner::new(ports.clone(), links(&ports));
    assert!(matches!(owners.link_for(tenant(), EMAIL, "Nok").await, Err(CreateMemberError::Taken)));
    assert!(matches!(owners.link_for(tenant(), "nok", "Nok").await, Err(CreateMemberError::Email)));
    assert!(matches!(owners.link_for(tenant(), EMAIL, "").await, Err(CreateMemberError::Name)));
}
