//! Leads, in the session's transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use hubchat_domain::{ContactId, Lead, LeadId, LeadRecord};
use hubchat_ports::{LeadStore, StorageError};
use serde_json::json;

use super::Session;
use crate::{
    rows::{Row, read},
    statements::{Kind, fixed, rows_parameter, unfold},
};

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
        let list = unfold(self.backend(), &[fixed("id", Kind::Uuid)]);
        let sql = format!(
            "SELECT {} FROM {list} AS r JOIN leads AS t ON t.tenant_id = ?1 AND t.id = ( \
                SELECT n.id FROM leads AS n WHERE n.tenant_id = ?1 AND n.contact_id = r.id \
                ORDER BY n.created_at DESC, n.id DESC LIMIT 1)",
            LeadRecord::TABLE.select("t", ""),
        );
        self.query(&sql, vec![contacts]).await?.iter().map(|row| read(row, "").map(Lead::restore)).collect()
    }

    async fn insert_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        let mut records: Vec<_> = leads.iter().map(Lead::record).collect();
        records.sort_by_key(|record| record.contact_id);
        self.insert_new::<LeadRecord>(self.own_rows(records.into_iter())?).await
    }

    async fn update(&self, lead: &Lead) -> Result<(), StorageError> {
        self.update_one(lead.record()).await
    }

    async fn update_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        self.update_all::<LeadRecord>(self.own_rows(leads.iter().map(Lead::record))?).await
    }
}
