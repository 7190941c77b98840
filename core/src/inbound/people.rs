//! Making sure of whom an event is about: contact, lead, conversation.

use hubchat_domain::{
    Activity, ActivityKind, Author, ChannelAccountId, ChannelType, Contact, ContactId, ContactIdentity, Conversation,
    DomainEvent, EventType, IdentityKey, InboundEvent, InboundEventKind, Lead, ThreadKey, ThreadKind, Timestamp,
};
use hubchat_ports::{KnownIdentity, PendingEvent};
use serde_json::json;

use super::{
    add_message::LATEST,
    batch::{Batch, identity_alias, identity_key, thread_alias, thread_key},
    held::Held,
};
use crate::{jobs, tenants::FETCH_PROFILE_JOB};

impl Batch<'_> {
    /// Makes sure of the contact, learns what the event tells of it, and answers its own key.
    pub(super) fn ensure_contact(
        &mut self,
        event: &PendingEvent,
        parsed: &InboundEvent,
        now: Timestamp,
    ) -> IdentityKey {
        let Some(thread) = &parsed.thread else { return nobody(event) };
        let key = identity_key(event.account_id, parsed, thread);
        let alias = identity_alias(event.account_id, thread);
        let own = self.identities.own_key(&key).cloned();
        let own = own.or_else(|| alias.as_ref().and_then(|alias| self.identities.own_key(alias).cloned()));
        let own = own.unwrap_or_else(|| {
            let contact = Contact::first_seen(self.ports.next_id(), self.tenant, now);
            let id = self.ports.next_id();
            let identity = ContactIdentity::first_seen(id, &contact, key.clone(), event.channel_type, now);
            self.jobs.push(jobs::background(FETCH_PROFILE_JOB, &format!("profile:{id}"), &json!({"identityId": id})));
            self.identities.insert(key.clone(), None, Held::new(KnownIdentity { identity, contact }));
            key.clone()
        });
        // Whichever of its names is not its own is its other one.
        let other = [Some(&key), alias.as_ref()].into_iter().flatten().find(|name| **name != own);
        let other = other.filter(|other| self.identities.also(&own, other)).cloned();
        let Some(held) = self.identities.get_mut(&own) else { return own };
        let person = &mut held.thing;
        let mut news = false;
        // A comment's author and the thread that follows have names of their own.
        if let Some(other) = other.filter(|_| thread.alias.is_some()) {
            news |= person.identity.set_alias(Some(&other.external_user_id), now);
        }
        if parsed.kind.is_customer_message() {
            news |= person.identity.set_reachable(true, now);
        }
        if let Some(profile) = &parsed.profile {
            news |= person.identity.learn_in_passing(profile, now);
            news |= person.contact.learn_profile(profile, now);
        }
        if news {
            held.touch();
        }
        own
    }

    /// Makes sure of the lead and the conversation. What the customer says after a lead was won or lost
    /// opens a new one.
    pub(super) fn ensure_thread(
        &mut self,
        event: &PendingEvent,
        parsed: &InboundEvent,
        key: &ThreadKey,
        identity_key: &IdentityKey,
        now: Timestamp,
    ) {
        let (Some(person), Some(thread)) = (self.identities.get(identity_key), &parsed.thread) else { return };
        let identity = person.thing.identity.clone();
        // A thread that is known has its contact, whoever speaks in it.
        let known = self.conversations.get(key).map(|held| held.thing.record().contact_id);
        let contact_id = known.unwrap_or_else(|| person.thing.contact.record().id);
        let needs_lead = match self.leads.get(&contact_id) {
            None => true,
            Some(lead) => !lead.thing.record().status.is_open() && parsed.kind.is_customer_message(),
        };
        if needs_lead {
            self.open_lead(contact_id, (event.account_id, event.channel_type), now);
        }
        let Some(lead) = self.leads.get_mut(&contact_id) else { return };
        if parsed.kind.is_customer_message() {
            lead.touch().touch(now);
        }
        if let Some(referral) = &parsed.referral
            && lead.thing.note_referral(referral, now)
        {
            lead.touch();
        }
        let lead_id = lead.thing.record().id;
        if self.conversations.get(key).is_none() {
            let id = self.ports.next_id();
            let conversation = Conversation::begin(id, (key.clone(), thread.kind), &identity, lead_id, now);
            self.events.push(DomainEvent {
                event_type: EventType::ConversationCreated,
                lead_id: Some(lead_id),
                conversation_id: Some(id),
                message_id: None,
                data: json!({"channelType": event.channel_type, "contactId": contact_id}),
                at: now,
            });
            self.conversations.insert(key.clone(), None, Held::new(conversation));
        }
        let told = [Some(thread_key(event.account_id, thread)), thread_alias(event.account_id, thread)];
        let other = told.into_iter().flatten().find(|name| name != key);
        let other = other.filter(|other| thread.alias.is_some() && self.conversations.also(key, other));
        let Some(held) = self.conversations.get_mut(key) else { return };
        let conversation = held.touch();
        conversation.move_to_lead(lead_id, now);
        if let Some(other) = other {
            conversation.set_alias(Some(&other.external_thread_id), now);
        }
        if let Some(profile) = &parsed.profile {
            conversation.refresh_snapshot(profile.display_name.as_deref(), profile.avatar_url.as_deref(), now);
        }
        if let InboundEventKind::Message { external_message_id, .. } = &parsed.kind {
            // A clock that is ahead opens no window for longer.
            let at = parsed.occurred_at.unwrap_or(event.received_at).min(event.received_at.plus(LATEST));
            match thread.kind {
                ThreadKind::Comment => {
                    conversation.note_comment(external_message_id, thread.post_id.as_deref(), at, now);
                }
                _ => conversation.note_private_word(at, now),
            }
        }
    }

    fn open_lead(&mut self, contact: ContactId, source: (ChannelAccountId, ChannelType), now: Timestamp) {
        let lead = Lead::open(self.ports.next_id(), self.tenant, contact, source, now);
        let id = lead.record().id;
        self.activities.push(Activity {
            id: self.ports.next_id(),
            lead_id: id,
            kind: ActivityKind::LeadCreated,
            author: Author::System,
            detail: json!({"channelType": source.1}),
            at: now,
        });
        self.events.push(DomainEvent {
            event_type: EventType::LeadCreated,
            lead_id: Some(id),
            conversation_id: None,
            message_id: None,
            data: json!({"contactId": contact, "status": lead.record().status}),
            at: now,
        });
        // A closed lead that gives way may have been changed by an earlier event: it is written all the same.
        self.former_leads.extend(self.leads.insert(contact, Held::new(lead)));
    }
}

/// An event without a thread is about nobody; it never comes so far.
fn nobody(event: &PendingEvent) -> IdentityKey {
    IdentityKey { account_id: event.account_id, external_user_id: String::new() }
}
