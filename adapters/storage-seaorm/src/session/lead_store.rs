//! Leads in a session.

use async_trait::async_trait;
use hubchat_domain::{ContactId, Lead, LeadId};
use hubchat_ports::{LeadStore, StorageError};
use sea_orm::QueryResult;

use super::Session;
use crate::{
    columns::Columns,
    rows::{LEADS, lead_json, read_lead},
};

fn lead(row: &QueryResult) -> Result<Lead, StorageError> {
    read_lead(Columns::of(row, "lead")).map(Lead::restore)
}

#[async_trait]
impl LeadStore for Session {
    async fn find(&self, id: LeadId) -> Result<Option<Lead>, StorageError> {
        let sql = "SELECT * FROM leads WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.as_ref().map(lead).transpose()
    }

    async fn find_latest_of_contacts(&self, contacts: &[ContactId]) -> Result<Vec<Lead>, StorageError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT l.* FROM leads l WHERE l.tenant_id = ?1 AND {} AND l.id = \
             (SELECT n.id FROM leads n WHERE n.contact_id = l.contact_id ORDER BY n.created_at DESC, n.id DESC LIMIT 1)",
            self.is_one_of("l.contact_id", 2)
        );
        let rows = self.query(&sql, [self.ids(contacts.iter().map(|id| id.as_uuid()))]).await?;
        rows.iter().map(lead).collect()
    }

    async fn insert_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        self.insert(&LEADS, leads.iter().map(lead_json).collect()).await
    }

    async fn update(&self, lead: &Lead) -> Result<(), StorageError> {
        Session::update(self, &LEADS, vec![lead_json(lead)]).await
    }

    async fn update_many(&self, leads: &[Lead]) -> Result<(), StorageError> {
        Session::update(self, &LEADS, leads.iter().map(lead_json).collect()).await
    }
}
