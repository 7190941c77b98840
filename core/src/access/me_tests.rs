//! Who one is, over mocks.

use hubchat_domain::{MemberRole, Permission, Scope};

use super::{
    Me,
    test_people::{actor, company, people, quiet_people, session, standing},
};
use crate::{AuthenticateError, test_ports};

#[tokio::test]
async fn a_member_knows_tenant_person_and_permissions() {
    let mut ports = quiet_people();
    ports.access.expect_find_standing().returning(|_| Ok(Some(standing())));
    let me = Me::new(ports.build()).run(&actor(MemberRole::Sales)).await.expect("somebody");
    assert_eq!(me.tenant, company());
    assert_eq!(me.permissions, MemberRole::Sales.permissions());
    assert_eq!(me.person.map(|(_, _, session)| session), Some(session()));
}

#[tokio::test]
async fn a_key_knows_tenant_and_permissions() {
    let me = Me::new(people().build()).run(&test_ports::actor(&[Scope::InboxRead])).await.expect("a key");
    assert_eq!((me.tenant, me.person.is_none()), (company(), true));
    assert_eq!(me.permissions, [Permission::InboxRead]);
}

#[tokio::test]
async fn whoever_is_gone_is_nobody() {
    let mut ports = quiet_people();
    ports.access.expect_find_standing().returning(|_| Ok(None));
    ports.directory.expect_find_tenant_by_id().returning(|_| Ok(None));
    let me = Me::new(ports.build());
    for actor in [actor(MemberRole::Owner), test_ports::actor(&[Scope::Admin])] {
        assert!(matches!(me.run(&actor).await, Err(AuthenticateError::Refused)));
    }
}
