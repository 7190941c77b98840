//! Erasing a contact on request: what they said, what was said to them, who they are, and the payloads that
//! brought it. What remains is an audit entry that names nobody.

use std::{collections::BTreeSet, time::Duration};

use hubchat_domain::{AuditAction, ChannelAccountId, ContactId, Permission, TenantId};
use hubchat_ports::PurgeCounts;
use serde_json::{Value, json};

use super::take_away::take_away;
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// Conversations looked up at a time.
const CONVERSATIONS_AT_ONCE: u32 = 100;
/// Payloads looked at in one transaction.
const EVENTS_AT_ONCE: u32 = 200;
/// So often it begins anew because the contact wrote meanwhile.
const MOST_ROUNDS: u32 = 10;

/// Why a contact was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseContactError {
    /// There is no such contact.
    #[error("no such contact")]
    UnknownContact,
    /// See [`Fault`]. What is erased already stays so; ask again.
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(EraseContactError);

impl ErrorCode for EraseContactError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownContact => "contact_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ErasedContact {
    /// Conversations, messages and files.
    pub count: PurgeCounts,
    /// Leads with their activity logs.
    pub leads: u64,
    /// Identities.
    pub identities: u64,
    /// Received webhook events whose payloads named the contact.
    pub webhook_events: u64,
}

/// Erases contacts.
#[derive(Clone)]
pub struct EraseContact {
    ports: Ports,
}

/// A text that names the contact in an account's payloads.
type NameInPayloads = (ChannelAccountId, String);

impl EraseContact {
    pub(crate) fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Erases a contact. Files' bytes follow within the background lane. A contact who writes again
    /// afterwards is a new one.
    pub async fn run(&self, actor: &Actor, id: ContactId) -> Result<ErasedContact, EraseContactError> {
        actor.require(Permission::DataManage)?;
        let tenant = actor.tenant_id();
        let mut erased = ErasedContact::default();
        for _ in 0..MOST_ROUNDS {
            let names = self.names(tenant, id).await?;
            self.take_conversations(tenant, id, &mut erased).await?;
            for (account, name) in &names {
                erased.webhook_events += self.empty_payloads(tenant, *account, name).await?;
            }
            if let Some((leads, identities)) = self.take_person(actor, id, &erased).await? {
                self.ports.repository.scrub().await?;
                return Ok(ErasedContact { leads, identities, ..erased });
            }
        }
        Err(Fault::Contended.into())
    }

    /// Everything that names the contact to a provider.
    async fn names(&self, tenant: TenantId, id: ContactId) -> Result<BTreeSet<NameInPayloads>, EraseContactError> {
        let session = self.ports.repository.begin(tenant).await?;
        if session.contacts().find(id).await?.is_none() {
            return Err(EraseContactError::UnknownContact);
        }
        let mut names = BTreeSet::new();
        for identity in session.purge().identities_of(id).await? {
            let own = identity.key.external_user_id;
            names.extend([Some(own), identity.alias].into_iter().flatten().map(|name| (identity.key.account_id, name)));
        }
        Ok(names)
    }

    async fn take_conversations(
        &self,
        tenant: TenantId,
        id: ContactId,
        erased: &mut ErasedContact,
    ) -> Result<(), EraseContactError> {
        loop {
            let session = self.ports.repository.begin(tenant).await?;
            let conversations = session.purge().conversations_of(id, CONVERSATIONS_AT_ONCE).await?;
            drop(session);
            if conversations.is_empty() {
                return Ok(());
            }
            let taken = take_away(&self.ports, tenant, &conversations).await?;
            erased.count.conversations += taken.conversations;
            erased.count.messages += taken.messages;
            erased.count.files += taken.files;
        }
    }

    async fn empty_payloads(
        &self,
        tenant: TenantId,
        account: ChannelAccountId,
        name: &str,
    ) -> Result<u64, EraseContactError> {
        let (mut count, mut after) = (0, None);
        loop {
            let now = self.ports.clock.now();
            let session = self.ports.repository.begin(tenant).await?;
            let found = session.purge().list_events_with(account, name, after, EVENTS_AT_ONCE).await?;
            let Some((last, _)) = found.last() else { return Ok(count) };
            after = Some(*last);
            let about: Vec<_> = found.iter().filter(|(_, raw)| is_about(raw, name)).map(|(id, _)| *id).collect();
            count += session.purge().empty_events(&about, now).await?;
            session.commit().await?;
        }
    }

    /// The last step; `None` when the contact wrote meanwhile.
    async fn take_person(
        &self,
        actor: &Actor,
        id: ContactId,
        erased: &ErasedContact,
    ) -> Result<Option<(u64, u64)>, EraseContactError> {
        let mut retries = Retries::default();
        loop {
            let result: Result<Option<(u64, u64)>, EraseContactError> = async {
                let session = self.ports.repository.begin(actor.tenant_id()).await?;
                if !session.purge().conversations_of(id, 1).await?.is_empty() {
                    return Ok(None);
                }
                let leads = session.purge().leads_of(id).await?;
                let identities = session.purge().identities_of(id).await?.len() as u64;
                let leads = session.purge().delete_leads(&leads).await?;
                if !session.purge().delete_contact(id).await? {
                    return Err(EraseContactError::UnknownContact);
                }
                let what = json!({
                    "conversations": erased.count.conversations,
                    "messages": erased.count.messages,
                    "files": erased.count.files,
                    "leads": leads,
                    "identities": identities,
                    "webhookEvents": erased.webhook_events,
                });
                let now = self.ports.clock.now();
                session.audit().append(actor.audit(AuditAction::ContactErased, id, None, Some(what), now)).await?;
                session.commit().await?;
                Ok(Some((leads, identities)))
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }
}

/// Whether a payload is about who has the name: as a value of its own, not as a part of a longer text or
/// number. A payload that cannot be read goes by its letters.
fn is_about(raw: &[u8], name: &str) -> bool {
    fn holds(value: &Value, name: &str) -> bool {
        match value {
            Value::String(text) => text == name,
            Value::Number(number) => number.to_string() == name,
            Value::Array(items) => items.iter().any(|item| holds(item, name)),
            Value::Object(fields) => fields.values().any(|field| holds(field, name)),
            Value::Null | Value::Bool(_) => false,
        }
    }
    serde_json::from_slice::<Value>(raw).map_or(true, |value| holds(&value, name))
}

#[cfg(test)]
mod tests {
    use super::is_about;

    #[test]
    fn a_payload_is_about_those_whom_it_names_and_not_about_longer_names() {
        let raw = br#"{"message":{"from":{"id":12345},"text":"call U1 now","to":["U7"]}}"#;
        assert!(is_about(raw, "12345"));
        assert!(is_about(raw, "U7"));
        assert!(!is_about(raw, "1234"));
        assert!(!is_about(raw, "U1"), "a name within a text of someone else's");
        assert!(is_about(b"not JSON U1", "U1"));
    }
}
