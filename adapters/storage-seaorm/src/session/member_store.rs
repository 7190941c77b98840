//! Members, in the session's transaction.

use async_trait::async_trait;
use hubchat_domain::{Member, MemberId};
use hubchat_ports::{InsertOutcome, MemberStore, StorageError};

use super::Session;
use super::outcome;

/// A tenant has at most so many.
const LIMIT: u32 = 1_000;

/// Those who may be given leads.
const TAKE_LEADS: &str = "WHERE t.tenant_id = ?1 AND t.status = 'ACTIVE' AND t.role <> 'VIEWER'";

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

    async fn next_in_turn(&self) -> Result<Option<Member>, StorageError> {
        if !self.is_postgres() {
            return Ok(self.select(&format!("{TAKE_LEADS} {BY_TURN}"), Vec::new()).await?.into_iter().next());
        }
        let next = format!("{TAKE_LEADS} {BY_TURN} FOR NO KEY UPDATE OF t SKIP LOCKED");
        let mut locked: Option<Member> = None;
        loop {
            let found: Option<Member> = self.select(&next, Vec::new()).await?.into_iter().next();
            match (found, &locked) {
                // Who is still the next with the lock held, was not given a lead between look and lock.
                (Some(member), Some(held)) if *held == member => return Ok(Some(member)),
                (Some(member), _) => locked = Some(member),
                // All of them are in the hands of other sessions: wait for those, then look again.
                (None, _) => {
                    let all = format!("{TAKE_LEADS} ORDER BY t.id FOR NO KEY UPDATE OF t");
                    if self.select::<Member>(&all, Vec::new()).await?.is_empty() {
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
        let rows = self.own_rows(std::iter::once(member))?;
        let tail = "ON CONFLICT DO NOTHING RETURNING id";
        Ok(outcome(!self.insert::<Member>(rows, tail).await?.is_empty()))
    }

    async fn update(&self, member: &Member) -> Result<(), StorageError> {
        self.update_one(member).await
    }
}
