//! Teams and their members, in the session's transaction.

use std::collections::HashMap;

use async_trait::async_trait;
use hubchat_domain::{MemberId, Team, TeamId};
use hubchat_ports::{InsertOutcome, StorageError, TeamRoster, TeamStore};
use sea_orm::Value;
use uuid::Uuid;

use super::{Session, outcome};
use crate::rows::Fields;

/// A tenant has at most so many.
const LIMIT: u32 = 1_000;

impl Session {
    /// The ids that a query gives.
    async fn memberships<T: From<Uuid>>(&self, sql: &str, values: Vec<Value>) -> Result<Vec<T>, StorageError> {
        let rows = self.query(sql, values).await?;
        rows.iter().map(|row| Fields::plain(row, "membership").id("id")).collect()
    }

    /// Changes who is of a team.
    async fn touched(&self, sql: &str, team: TeamId, member: MemberId) -> Result<bool, StorageError> {
        self.note_access();
        Ok(self.execute(sql, vec![team.as_uuid().into(), member.as_uuid().into()]).await? == 1)
    }
}

#[async_trait]
impl TeamStore for Session {
    async fn find(&self, id: TeamId) -> Result<Option<Team>, StorageError> {
        self.find_by_id(id.as_uuid()).await
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<Team>, StorageError> {
        let rest = "WHERE t.tenant_id = ?1 AND t.name_key = ?2";
        Ok(self.select(rest, vec![Team::name_key(name).into()]).await?.into_iter().next())
    }

    async fn list(&self) -> Result<Vec<TeamRoster>, StorageError> {
        let rest = format!("WHERE t.tenant_id = ?1 ORDER BY t.name_key, t.id LIMIT {LIMIT}");
        let teams: Vec<Team> = self.select(&rest, Vec::new()).await?;
        let sql = "SELECT m.team_id AS team_id, m.member_id AS member_id FROM teams AS t \
             JOIN team_members AS m ON m.team_id = t.id AND m.tenant_id = t.tenant_id \
             WHERE t.tenant_id = ?1 ORDER BY m.member_id";
        let mut members: HashMap<TeamId, Vec<MemberId>> = HashMap::new();
        for row in self.query(sql, Vec::new()).await? {
            let fields = Fields::plain(&row, "membership");
            members.entry(fields.id("team_id")?).or_default().push(fields.id("member_id")?);
        }
        let roster = |team: Team| TeamRoster { member_ids: members.remove(&team.id).unwrap_or_default(), team };
        Ok(teams.into_iter().map(roster).collect())
    }

    async fn insert(&self, team: &Team) -> Result<InsertOutcome, StorageError> {
        let rows = self.own_rows(std::iter::once(team))?;
        let tail = "ON CONFLICT (tenant_id, name_key) DO NOTHING RETURNING id";
        Ok(outcome(!self.insert::<Team>(rows, tail).await?.is_empty()))
    }

    async fn update(&self, team: &Team) -> Result<(), StorageError> {
        self.update_one(team).await
    }

    async fn delete(&self, id: TeamId) -> Result<bool, StorageError> {
        self.note_access();
        if self.is_postgres() {
            // Nobody joins from here on, and nobody gives it a lead: both ask for the team's key.
            self.query(
                "SELECT t.id FROM teams AS t WHERE t.id = ?2 AND t.tenant_id = ?1 FOR UPDATE",
                vec![id.as_uuid().into()],
            )
            .await?;
        }
        let members = "DELETE FROM team_members WHERE tenant_id = ?1 AND team_id = ?2";
        self.execute(members, vec![id.as_uuid().into()]).await?;
        let team = "DELETE FROM teams WHERE tenant_id = ?1 AND id = ?2";
        Ok(self.execute(team, vec![id.as_uuid().into()]).await? == 1)
    }

    async fn members_of(&self, team: TeamId) -> Result<Vec<MemberId>, StorageError> {
        let sql = "SELECT m.member_id AS id FROM team_members AS m \
             WHERE m.tenant_id = ?1 AND m.team_id = ?2 ORDER BY m.member_id";
        self.memberships(sql, vec![team.as_uuid().into()]).await
    }

    async fn add_member(&self, team: TeamId, member: MemberId) -> Result<bool, StorageError> {
        let sql = "INSERT INTO team_members (tenant_id, team_id, member_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        self.touched(sql, team, member).await
    }

    async fn remove_member(&self, team: TeamId, member: MemberId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM team_members WHERE tenant_id = ?1 AND team_id = ?2 AND member_id = ?3";
        self.touched(sql, team, member).await
    }

    async fn teams_of(&self, member: MemberId) -> Result<Vec<TeamId>, StorageError> {
        let sql = "SELECT m.team_id AS id FROM team_members AS m \
             WHERE m.tenant_id = ?1 AND m.member_id = ?2 ORDER BY m.team_id";
        self.memberships(sql, vec![member.as_uuid().into()]).await
    }

    async fn peers_of(&self, member: MemberId) -> Result<Vec<MemberId>, StorageError> {
        let sql = "SELECT DISTINCT p.member_id AS id FROM team_members AS m \
             JOIN team_members AS p ON p.team_id = m.team_id AND p.tenant_id = m.tenant_id \
             WHERE m.tenant_id = ?1 AND m.member_id = ?2 ORDER BY p.member_id";
        self.memberships(sql, vec![member.as_uuid().into()]).await
    }
}
