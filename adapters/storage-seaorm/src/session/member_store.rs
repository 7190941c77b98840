//! Members, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{Member, MemberId, TeamId};
use hubchat_ports::{InsertOutcome, MemberStore, StorageError};
use sea_orm::Value;

use super::Session;
use super::outcome;

/// A tenant has at most so many.
const LIMIT: u32 = 1_000;

/// Those who may be given leads.
const TAKE_LEADS: &str = "WHERE t.tenant_id = ?1 AND t.status = 'ACTIVE' AND t.role <> 'VIEWER'";

/// Those of them who are of a team.
const OF_TEAM: &str = "AND EXISTS (SELECT 1 FROM team_members AS m \
    WHERE m.tenant_id = ?1 AND m.team_id = ?2 AND m.member_id = t.id)";

/// Never before longest ago, then the oldest member.
const BY_TURN: &str = "ORDER BY t.last_assigned_at NULLS FIRST, t.created_at, t.id LIMIT 1";

#[async_trait]
impl MemberStore for Session {
    async fn find(&self, id: MemberId) -> Result<Option<Member>, StorageError> {
        self.find_by_id(id.as_uuid()).await
    }

    async fn list(&self) -> Result<Vec<Member>, StorageError> {
        let rest = format!("WHERE t.tenant_id = ?1 ORDER BY t.name, t.id LIMIT {LIMIT}");
        self.select(&rest, Vec::new()).await
    }

    async fn next_in_turn(&self, team: Option<TeamId>) -> Result<Option<Member>, StorageError> {
        let values: Vec<Value> = team.iter().map(|team| team.as_uuid().into()).collect();
        let takers = if team.is_some() { format!("{TAKE_LEADS} {OF_TEAM}") } else { TAKE_LEADS.to_owned() };
        if !self.is_postgres() {
            return Ok(self.select(&format!("{takers} {BY_TURN}"), values).await?.into_iter().next());
        }
        let next = format!("{takers} {BY_TURN} FOR NO KEY UPDATE OF t SKIP LOCKED");
        let mut locked: Option<Member> = None;
        loop {
            let found: Option<Member> = self.select(&next, values.clone()).await?.into_iter().next();
            match (found, &locked) {
                // Who is still the next with the lock held, was not given a lead between look and lock.
                (Some(member), Some(held)) if *held == member => return Ok(Some(member)),
                (Some(member), _) => locked = Some(member),
                // All of them are in the hands of other sessions: wait for those, then look again.
                (None, _) => {
                    let all = format!("{takers} ORDER BY t.id FOR NO KEY UPDATE OF t");
                    if self.select::<Member>(&all, values.clone()).await?.is_empty() {
                        return Ok(None);
                    }
                }
            }
        }
    }

    async fn lock_owners(&self) -> Result<Vec<Member>, StorageError> {
        let lock = if self.is_postgres() { "FOR NO KEY UPDATE OF t" } else { "" };
        let owners = "WHERE t.tenant_id = ?1 AND t.role = 'OWNER' AND t.status = 'ACTIVE' ORDER BY t.id";
        self.select(&format!("{owners} {lock}"), Vec::new()).await
    }

    async fn insert(&self, member: &Member) -> Result<InsertOutcome, StorageError> {
        self.note_access();
        let rows = self.own_rows(std::iter::once(member))?;
        let tail = "ON CONFLICT DO NOTHING RETURNING id";
        Ok(outcome(!self.insert::<Member>(rows, tail).await?.is_empty()))
    }

    async fn update(&self, member: &Member) -> Result<(), StorageError> {
        self.note_access();
        self.update_one(member).await
    }
}
