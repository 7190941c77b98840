//! Contacts and their identities, in the session's transaction.

use std::collections::HashSet;

use async_trait::async_trait;
use hubchat_domain::{
    Contact, ContactId, ContactIdentity, ContactIdentityId, ContactIdentityRecord, ContactRecord, IdentityKey,
};
use hubchat_ports::{ContactStore, InsertOutcome, KnownIdentity, StorageError};
use sea_orm::{DbBackend, Value};
use serde_json::json;
use uuid::Uuid;

use super::{Session, conversation_store::NamedBy, outcome, returned_ids};
use crate::{
    rows::{Row, read},
    statements::{Kind, fixed, join_one, rows_parameter, unfold},
};

impl Session {
    async fn identities(&self, sql: String, value: Value) -> Result<Vec<KnownIdentity>, StorageError> {
        let rows = self.query(&sql, vec![value]).await?;
        rows.iter()
            .map(|row| {
                let identity = ContactIdentity::restore(read(row, "i_")?);
                Ok(KnownIdentity { identity, contact: Contact::restore(read(row, "c_")?) })
            })
            .collect()
    }
}

/// The columns of identities with their contacts.
fn columns() -> String {
    format!("{}, {}", ContactIdentityRecord::TABLE.select("i", "i_"), ContactRecord::TABLE.select("c", "c_"))
}

/// An identity by its id.
fn by_id() -> String {
    let person = "(SELECT * FROM contact_identities AS n WHERE n.id = ?2 LIMIT 1)";
    format!(
        "SELECT {} FROM {person} AS i JOIN contacts AS c ON c.tenant_id = i.tenant_id AND c.id = i.contact_id \
         WHERE i.tenant_id = ?1",
        columns()
    )
}

/// The identities of a list of keys.
pub(super) fn by_keys(backend: DbBackend, named: NamedBy) -> String {
    let key = match named {
        NamedBy::Own => "{}.account_id = r.account AND {}.external_user_id = r.person",
        NamedBy::Alias => "{}.account_id = r.account AND {}.alias = r.person",
    };
    format!(
        "SELECT {} FROM {} AS r {} {}",
        columns(),
        unfold(backend, &[fixed("account", Kind::Uuid), fixed("person", Kind::Text)]),
        join_one(backend, "contact_identities", "i", key, ""),
        join_one(backend, "contacts", "c", "{}.id = i.contact_id", ""),
    )
}

#[async_trait]
impl ContactStore for Session {
    async fn find(&self, id: ContactId) -> Result<Option<Contact>, StorageError> {
        Ok(self.find_by_id(id.as_uuid()).await?.map(Contact::restore))
    }

    async fn find_identity(&self, id: ContactIdentityId) -> Result<Option<KnownIdentity>, StorageError> {
        let found = self.identities(by_id(), id.as_uuid().into()).await?;
        Ok(found.into_iter().next())
    }

    async fn find_by_keys(&self, keys: &[IdentityKey]) -> Result<Vec<KnownIdentity>, StorageError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let keys: HashSet<&IdentityKey> = keys.iter().collect();
        let list = |keys: &HashSet<&IdentityKey>| {
            let rows = keys.iter().map(|key| json!({"account": key.account_id, "person": key.external_user_id}));
            rows_parameter(rows.collect())
        };
        let mut found = self.identities(by_keys(self.backend(), NamedBy::Own), list(&keys)).await?;
        let known: HashSet<&IdentityKey> = found.iter().map(|known| &known.identity.record().key).collect();
        let others: HashSet<&IdentityKey> = keys.difference(&known).copied().collect();
        if !others.is_empty() {
            found.extend(self.identities(by_keys(self.backend(), NamedBy::Alias), list(&others)).await?);
        }
        Ok(found)
    }

    async fn insert_many(&self, contacts: &[KnownIdentity]) -> Result<Vec<InsertOutcome>, StorageError> {
        // An identity needs its contact, so contacts go first, and those whose identity lost go again.
        let people = self.own_rows(contacts.iter().map(|known| known.contact.record()))?;
        // In one order, so that two sessions wait for each other at the first key that both want. Of two
        // that share a key, the first stays the first.
        let mut identities: Vec<_> = contacts.iter().map(|known| known.identity.record()).collect();
        identities.sort_by(|a, b| a.key.cmp(&b.key));
        let identities = self.own_rows(identities.into_iter())?;
        self.insert_new::<ContactRecord>(people).await?;
        let tail = "ON CONFLICT (account_id, external_user_id) DO NOTHING RETURNING id";
        let new = returned_ids(&self.insert::<ContactIdentityRecord>(identities, tail).await?)?;
        let is_new = |known: &KnownIdentity| new.contains(&known.identity.record().id.as_uuid());
        let lost: Vec<Uuid> =
            contacts.iter().filter(|known| !is_new(known)).map(|known| known.contact.record().id.as_uuid()).collect();
        if !lost.is_empty() {
            let losers = rows_parameter(lost.iter().map(|id| json!({ "id": id })).collect());
            let ids = unfold(self.backend(), &[fixed("id", Kind::Uuid)]);
            let sql = format!("DELETE FROM contacts WHERE tenant_id = ?1 AND id IN (SELECT r.id FROM {ids} AS r)");
            self.execute(&sql, vec![losers]).await?;
        }
        Ok(contacts.iter().map(|known| outcome(is_new(known))).collect())
    }

    async fn update(&self, contact: &Contact) -> Result<(), StorageError> {
        self.update_one(contact.record()).await
    }

    async fn update_identity(&self, identity: &ContactIdentity) -> Result<(), StorageError> {
        self.update_one(identity.record()).await
    }
}
