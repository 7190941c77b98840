//! Members in a session.

use async_trait::async_trait;
use hubchat_domain::{Member, MemberId};
use hubchat_ports::{InsertOutcome, MemberStore, StorageError};
use sea_orm::QueryResult;

use super::{Session, outcomes};
use crate::{
    columns::Columns,
    rows::{MEMBERS, member_json, read_member},
};

fn member(row: &QueryResult) -> Result<Member, StorageError> {
    read_member(Columns::of(row, "member"))
}

#[async_trait]
impl MemberStore for Session {
    async fn find(&self, id: MemberId) -> Result<Option<Member>, StorageError> {
        let sql = "SELECT * FROM members WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.as_ref().map(member).transpose()
    }

    async fn list(&self) -> Result<Vec<Member>, StorageError> {
        let sql = "SELECT * FROM members WHERE tenant_id = ?1 ORDER BY name, id LIMIT 1000";
        self.query(sql, []).await?.iter().map(member).collect()
    }

    async fn next_in_turn(&self) -> Result<Option<Member>, StorageError> {
        // The tenant's row is the turn: whoever holds it chooses, and the next one sees the choice.
        if self.is_postgres() {
            self.query_one("SELECT id FROM tenants WHERE id = ?1 FOR NO KEY UPDATE", []).await?;
        }
        let sql = "SELECT * FROM members WHERE tenant_id = ?1 AND status = 'ACTIVE' AND role <> 'VIEWER' \
                   ORDER BY last_assigned_at NULLS FIRST, created_at, id LIMIT 1";
        let row = self.query_one(sql, []).await?;
        row.as_ref().map(member).transpose()
    }

    async fn insert(&self, member: &Member) -> Result<InsertOutcome, StorageError> {
        let inserted = self.insert_new(&MEMBERS, vec![member_json(member)], "(tenant_id, email)", "id").await?;
        Ok(outcomes([member.id.as_uuid()], &inserted).pop().unwrap_or(InsertOutcome::AlreadyPresent))
    }

    async fn update(&self, member: &Member) -> Result<(), StorageError> {
        Session::update(self, &MEMBERS, vec![member_json(member)]).await
    }
}
