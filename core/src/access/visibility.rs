//! From a role's sight to the leads that one member sees, and what that means for one thing at a time.

use std::collections::BTreeSet;

use hubchat_domain::{
    Conversation, Lead, Media, MediaId, Member, MemberId, MemberRole, Sight, TeamId, Viewpoint, Visibility,
};
use hubchat_ports::{StorageError, UnitOfWork};

use crate::{Actor, Fault, Ports};

/// Which leads a member sees, whose role sees so far ([`Sight::default_of`] unless the tenant decided otherwise).
///
/// An owner of the tenant sees everything whatever was decided, so that no setting can hide leads from everyone.
/// What is answered holds at that moment: it is asked again for each request.
pub async fn resolve_visibility(
    session: &dyn UnitOfWork,
    member: MemberId,
    role: MemberRole,
    sight: Sight,
) -> Result<Visibility, StorageError> {
    Ok(match sight {
        _ if role == MemberRole::Owner => Visibility::All,
        Sight::All => Visibility::All,
        Sight::Own => Visibility::Only(Viewpoint { members: vec![member], ..Viewpoint::default() }),
        Sight::TeamAndUnassigned => {
            let teams = session.teams().teams_of(member).await?;
            let mut members = if teams.is_empty() { Vec::new() } else { session.teams().peers_of(member).await? };
            if !members.contains(&member) {
                members.push(member);
            }
            Visibility::Only(Viewpoint { members, teams, unassigned: true })
        }
    })
}

/// The same, when it is known already who is of which team.
pub(crate) fn visibility_from(
    memberships: &[(TeamId, MemberId)],
    member: MemberId,
    role: MemberRole,
    sight: Sight,
) -> Visibility {
    match sight {
        _ if role == MemberRole::Owner => Visibility::All,
        Sight::All => Visibility::All,
        Sight::Own => Visibility::Only(Viewpoint { members: vec![member], ..Viewpoint::default() }),
        Sight::TeamAndUnassigned => {
            let of = memberships.iter().filter(|(_, one)| *one == member);
            let teams: BTreeSet<TeamId> = of.map(|(team, _)| *team).collect();
            let colleagues = memberships.iter().filter(|(team, _)| teams.contains(team)).map(|(_, one)| *one);
            let members: BTreeSet<MemberId> = colleagues.chain([member]).collect();
            let (members, teams) = (members.into_iter().collect(), teams.into_iter().collect());
            Visibility::Only(Viewpoint { members, teams, unassigned: true })
        }
    }
}

/// What a member sees now, as their tenant decided for their role.
pub(crate) async fn visibility_of(ports: &Ports, member: &Member) -> Result<Visibility, Fault> {
    if member.role == MemberRole::Owner {
        return Ok(Visibility::All);
    }
    let sight = ports.repository.inbox(member.tenant_id).settings().await?.settings.sight_of(member.role);
    if sight == Sight::All {
        return Ok(Visibility::All);
    }
    let session = ports.repository.begin(member.tenant_id).await?;
    Ok(resolve_visibility(&*session, member.id, member.role, sight).await?)
}

impl Actor {
    /// Whether the actor sees a lead.
    pub(crate) fn sees_lead(&self, lead: &Lead) -> bool {
        let record = lead.record();
        self.visibility().sees_owner(record.assigned_member_id, record.assigned_team_id)
    }

    /// Whether the actor sees a conversation as storage has it.
    pub(crate) fn sees_conversation(&self, conversation: &Conversation) -> bool {
        let record = conversation.record();
        self.visibility().sees_owner(record.assigned_member_id, record.assigned_team_id)
    }

    /// The file of that id, if the actor sees it: whoever sees the conversation of its message does. A file that is of
    /// no message yet is seen by whoever knows its id, which only its upload told.
    pub(crate) async fn find_media(
        &self,
        session: &dyn UnitOfWork,
        id: MediaId,
    ) -> Result<Option<Media>, StorageError> {
        let Some(media) = session.media().find(id).await? else { return Ok(None) };
        let (Visibility::Only(_), Some(message)) = (self.visibility(), media.record().message_id) else {
            return Ok(Some(media));
        };
        let Some(message) = session.messages().find(message).await? else { return Ok(None) };
        let conversation = session.conversations().find(message.record().conversation_id).await?;
        Ok(conversation.is_some_and(|conversation| self.sees_conversation(&conversation)).then_some(media))
    }
}
