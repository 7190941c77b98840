//! What people do at the door, as entries for the logs of their tenants.

use hubchat_domain::{
    AuditAction, AuditActor, AuditDraft, AuditSubject, Member, MemberStatus, Origin, Session, Timestamp,
};
use hubchat_ports::{Membership, Standing, TenantJob};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Ports, audit::note};

/// By what a session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Address and password.
    Password,
    /// The link of an invitation.
    Invitation,
}

impl Way {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "PASSWORD",
            Self::Invitation => "INVITATION",
        }
    }
}

/// From where, and when.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) origin: Origin,
    pub(super) at: Timestamp,
}

impl Moment {
    fn of(self, member: &Member, action: AuditAction, subject: AuditSubject, after: Option<Value>) -> AuditDraft {
        let actor = AuditActor::Member { id: member.id };
        AuditDraft { actor, action, subject, before: None, after, origin: self.origin, at: self.at }
    }
}

/// A session began.
pub(super) fn signed_in(ports: &Ports, session: &Session, member: &Member, way: Way, moment: Moment) -> TenantJob {
    let by = json!({"by": way.as_str()});
    let draft = moment.of(member, AuditAction::MemberSignedIn, session.id.into(), Some(by));
    note(session.tenant_id, ports.next_id(), draft)
}

/// A session was ended by its person.
pub(super) fn session_ended(ports: &Ports, standing: &Standing, action: AuditAction, moment: Moment) -> TenantJob {
    let draft = moment.of(&standing.member, action, standing.session.id.into(), None);
    note(standing.tenant.id, ports.next_id(), draft)
}

/// A session was ended because one of its tokens came again. Who held it is not known.
pub(super) fn token_reused(ports: &Ports, standing: &Standing, moment: Moment) -> TenantJob {
    let whose = json!({"memberId": standing.member.id});
    let draft = moment.of(&standing.member, AuditAction::RefreshTokenReused, standing.session.id.into(), Some(whose));
    note(standing.tenant.id, ports.next_id(), AuditDraft { actor: AuditActor::System, ..draft })
}

/// Something became of a person's password, by a deed of that id: told to each tenant that they work in.
pub(super) fn password_deed(
    memberships: &[Membership],
    id: Uuid,
    action: AuditAction,
    moment: &Moment,
) -> Vec<TenantJob> {
    let active = memberships.iter().filter(|of| of.member.status == MemberStatus::Active);
    let told = active.map(|Membership { tenant, member }| {
        note(tenant.id, id, moment.clone().of(member, action, member.id.into(), None))
    });
    told.collect()
}
