//! Contacts and identities in a session.

use async_trait::async_trait;
use hubchat_domain::{Contact, ContactId, ContactIdentity, ContactIdentityId, IdentityKey};
use hubchat_ports::{ContactStore, InsertOutcome, KnownIdentity, StorageError};
use sea_orm::QueryResult;
use serde_json::{Value as Json, json};

use super::{Session, outcomes};
use crate::{
    columns::Columns,
    rows::{CONTACTS, IDENTITIES, contact_json, identity_json, read_contact, read_identity},
};

/// An identity's columns as they are, its contact's with a prefix.
const JOINED: &str = "\
    i.*, c.id AS contact_row_id, c.tenant_id AS contact_row_tenant_id, c.display_name AS contact_row_display_name, \
    c.avatar_url AS contact_row_avatar_url, c.created_at AS contact_row_created_at, \
    c.updated_at AS contact_row_updated_at, c.version AS contact_row_version \
    FROM contact_identities i JOIN contacts c ON c.id = i.contact_id";

fn known(row: &QueryResult) -> Result<KnownIdentity, StorageError> {
    let columns = Columns::of(row, "contact identity");
    Ok(KnownIdentity {
        identity: read_identity(columns)?,
        contact: read_contact(columns.prefixed("contact_row_", "contact"))?,
    })
}

#[async_trait]
impl ContactStore for Session {
    async fn find(&self, id: ContactId) -> Result<Option<Contact>, StorageError> {
        let sql = "SELECT * FROM contacts WHERE tenant_id = ?1 AND id = ?2";
        let row = self.query_one(sql, [id.as_uuid().into()]).await?;
        row.map(|row| read_contact(Columns::of(&row, "contact"))).transpose()
    }

    async fn find_identity(&self, id: ContactIdentityId) -> Result<Option<KnownIdentity>, StorageError> {
        let sql = format!("SELECT {JOINED} WHERE i.tenant_id = ?1 AND i.id = ?2");
        let row = self.query_one(&sql, [id.as_uuid().into()]).await?;
        row.as_ref().map(known).transpose()
    }

    async fn find_by_keys(&self, keys: &[IdentityKey]) -> Result<Vec<KnownIdentity>, StorageError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let list: Vec<Json> = keys.iter().map(|key| json!([key.account_id, key.external_user_id])).collect();
        let pairs = self.pairs(2);
        let sql = format!(
            "SELECT {JOINED} JOIN {pairs} ON i.account_id = k.account AND i.external_user_id = k.external \
             WHERE i.tenant_id = ?1"
        );
        let rows = self.query(&sql, [crate::statements::rows_parameter(list)]).await?;
        rows.iter().map(known).collect()
    }

    async fn insert_many(&self, contacts: &[KnownIdentity]) -> Result<Vec<InsertOutcome>, StorageError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        self.insert(&CONTACTS, contacts.iter().map(|known| contact_json(&known.contact)).collect()).await?;
        let rows = contacts.iter().map(|known| identity_json(&known.identity)).collect();
        let inserted = self.insert_new(&IDENTITIES, rows, "(account_id, external_user_id)", "contact_id").await?;
        let ids = || contacts.iter().map(|known| known.contact.record().id.as_uuid());
        if inserted.len() < contacts.len() {
            // The contacts whose identity was there before must not stay either.
            let kept: std::collections::HashSet<_> = inserted.iter().copied().collect();
            let sql = format!("DELETE FROM contacts WHERE tenant_id = ?1 AND {}", self.is_one_of("id", 2));
            self.execute(&sql, [self.ids(ids().filter(|id| !kept.contains(id)))]).await?;
        }
        Ok(outcomes(ids(), &inserted))
    }

    async fn update(&self, contact: &Contact) -> Result<(), StorageError> {
        Session::update(self, &CONTACTS, vec![contact_json(contact)]).await
    }

    async fn update_identity(&self, identity: &ContactIdentity) -> Result<(), StorageError> {
        Session::update(self, &IDENTITIES, vec![identity_json(identity)]).await
    }
}

impl Session {
    /// A list of (account, external id) in parameter `number`, as a table `k`.
    pub(super) fn pairs(&self, number: usize) -> String {
        if self.is_postgres() {
            format!(
                "(SELECT (pair ->> 0)::uuid AS account, pair ->> 1 AS external \
                 FROM json_array_elements(?{number}::text::json) AS list(pair)) AS k"
            )
        } else {
            format!(
                "(SELECT unhex(value ->> 0, '-') AS account, value ->> 1 AS external \
                 FROM json_each(?{number})) AS k"
            )
        }
    }
}
