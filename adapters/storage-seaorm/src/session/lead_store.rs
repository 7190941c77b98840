//! Leads, in the session's transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use hubchat_domain::{ContactId, Lead, LeadId, LeadRecord, TeamId};
use hubchat_ports::{LeadStore, StorageError};
use sea_orm::DbBackend;
use serde_json::json;

use super::Session;
use crate::{
    rows::{Row, read},
    statements::{Kind, fixed, rows_parameter, unfold},
};

/// The newest lead of each contact of a list.
pub(super) fn latest_of_contacts(backend: DbBackend) -> String {
    let list = unfold(backend, &[fixed("id", Kind::Uuid)]);
    if backend == DbBackend::Postgres {
        return format!(
            "SELECT {} FROM {list} AS r CROSS JOIN LATERAL ( \
                SELECT n.* FROM leads AS n WHERE n.tenant_id = $1 AND n.contact_id = r.id \
                ORDER BY n.created_at DESC, n.id DESC LIMIT 1) AS t",
            LeadRecord::TABLE.select("t", ""),
        );
    }
    format!(
        "SELECT {} FROM {list} AS r JOIN leads AS t ON t.tenant_id = r.tenant AND t.id = ( \
            SELECT n.id FROM leads AS n WHERE n.tenant_id = ?1 AND n.contact_id = r.id \
            ORDER BY n.created_at DESC, n.id DESC LIMIT 1)",
        LeadRecord::TABLE.select("t", ""),
    )
}

#[async_trait]
impl LeadStore for Session {
    async fn find(&self, id: LeadId) -> Result<Option<Lead>, StorageError> {
        Ok(self.find_by_id(id.as_uuid()).await?.map(Lead::restore))
    }

    async fn find_latest_of_contacts(&self, contacts: &[ContactId]) -> Result<Vec<Lead>, StorageError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        let contacts: HashSet<&ContactId> = contacts.iter().collect();
        let contacts = rows_parameter(contacts.iter().map(|id| json!({ "id": id })).collect());
        let sql = latest_of_contacts(self.backend());
        self.query(&sql, vec![contacts]).await?.iter().map(|row| read(row, "").map(Lead::restore)).collect()
    }

    async fn find_of_team(&self, team: TeamId, limit: u32) -> Result<Vec<Lead>, StorageError> {
        let rest = "WHERE t.tenant_id = ?1 AND t.assigned_team_id = ?2 ORDER BY t.updated_at DESC, t.id DESC LIMIT ?3";
        let records = self.select(rest, vec![team.as_uuid().into(), i64::from(limit).into()]).await?;
        Ok(records.into_iter().map(Lead::restore).collect())
    }

    async fn insert_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        let mut records: Vec<_> = leads.iter().map(Lead::record).collect();
        records.sort_by_key(|record| record.contact_id);
        self.insert_new::<LeadRecord>(self.own_rows(records.into_iter())?).await
    }

    async fn update(&self, lead: &Lead) -> Result<(), StorageError> {
        if self.is_postgres() {
            // A change of owner changes the lead's conversations too. Whoever takes in messages locks those before
            // the lead, and in this order, so one of two that come together waits instead of both.
            let threads = "SELECT t.id FROM conversations AS t WHERE t.tenant_id = ?1 AND t.lead_id = ?2 \
                ORDER BY t.account_id, t.external_thread_id FOR NO KEY UPDATE";
            self.query(threads, vec![lead.record().id.as_uuid().into()]).await?;
        }
        self.update_one(lead.record()).await
    }

    async fn update_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        self.update_all(leads.iter().map(Lead::record)).await
    }
}
