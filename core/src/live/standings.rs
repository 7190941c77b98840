//! Whether those who were let in may still be here, and what they see: asked for many at once.

use std::collections::HashMap;

use hubchat_domain::{ApiKeyId, MemberId, MemberRole, Permission, Scope, SessionId, Sight, TenantId, Visibility};
use hubchat_ports::TicketHolder;

use crate::{Fault, Ports, access::visibility_from};

/// What someone may do now who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HolderNow {
    /// A member of that role.
    Member(MemberRole),
    /// A key with these scopes.
    ApiKey(Vec<Scope>),
}

impl HolderNow {
    /// Whether they may follow along.
    #[must_use]
    pub fn may_follow(&self) -> bool {
        match self {
            Self::Member(role) => role.allows(Permission::InboxRead),
            Self::ApiKey(scopes) => scopes.iter().any(|scope| scope.allows(Permission::InboxRead)),
        }
    }
}

/// Looks after those who were let in.
#[derive(Clone)]
pub struct CheckStandings {
    ports: Ports,
}

impl CheckStandings {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Those who may still be here; who is missing may not. Two questions to storage, however many they are, and
    /// nothing from memory.
    pub async fn run(&self, holders: &[TicketHolder]) -> Result<HashMap<TicketHolder, HolderNow>, Fault> {
        let (mut sessions, mut keys): (Vec<SessionId>, Vec<ApiKeyId>) = (Vec::new(), Vec::new());
        for holder in holders {
            match holder {
                TicketHolder::Session(id) => sessions.push(*id),
                TicketHolder::ApiKey(id) => keys.push(*id),
            }
        }
        let (now, mut standing) = (self.ports.clock.now(), HashMap::with_capacity(holders.len()));
        if !sessions.is_empty() {
            let live = self.ports.access.find_live(&sessions, now).await?;
            standing.extend(
                live.into_iter().map(|live| (TicketHolder::Session(live.session_id), HolderNow::Member(live.role))),
            );
        }
        if !keys.is_empty() {
            let keys = self.ports.directory.find_api_keys(&keys).await?;
            let good = keys.into_iter().filter(|key| key.is_good(now));
            standing.extend(good.map(|key| (TicketHolder::ApiKey(key.id), HolderNow::ApiKey(key.scopes))));
        }
        Ok(standing)
    }

    /// What members of a tenant see now, each in their role: two questions to storage at most.
    pub async fn visibilities(
        &self,
        tenant: TenantId,
        members: &[(MemberId, MemberRole)],
    ) -> Result<HashMap<MemberId, Visibility>, Fault> {
        let settings = self.ports.repository.inbox(tenant).settings().await?.settings;
        let in_part = |role: MemberRole| role != MemberRole::Owner && settings.sight_of(role) != Sight::All;
        let memberships = if members.iter().any(|(_, role)| in_part(*role)) {
            self.ports.repository.feed(tenant).memberships().await?
        } else {
            Vec::new()
        };
        let seen = |&(member, role): &(MemberId, MemberRole)| {
            (member, visibility_from(&memberships, member, role, settings.sight_of(role)))
        };
        Ok(members.iter().map(seen).collect())
    }
}
