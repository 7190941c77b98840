//! Which callback hears of which account.

use std::collections::HashMap;
use std::sync::Mutex;

use super::accounts::{Account, MetaObject};
use crate::bounded::lock;

const PAGE_FIELDS: [&str; 11] = [
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_reactions",
    "message_edits",
    "messaging_handovers",
    "standby",
    "feed",
];
const INSTAGRAM_FIELDS: [&str; 8] = [
    "messages",
    "message_reactions",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
    "comments",
    "live_comments",
];
const WHATSAPP_FIELDS: [&str; 3] = ["messages", "message_template_status_update", "smb_message_echoes"];

/// Fields that can be subscribed to although the sandbox tells nothing of them.
const SILENT_FIELDS: [&str; 12] = [
    "mention",
    "mentions",
    "message_context",
    "message_edit",
    "messaging_feedback",
    "messaging_handover",
    "messaging_optins",
    "messaging_policy_enforcement",
    "messenger_template_status_update",
    "response_feedback",
    "send_cart",
    "story_insights",
];

/// Whether an object has a field of this name.
pub(super) fn is_field(object: MetaObject, name: &str) -> bool {
    all_fields(object).contains(&name) || SILENT_FIELDS.contains(&name)
}

/// All fields of an object that the sandbox tells of.
pub(super) fn all_fields(object: MetaObject) -> &'static [&'static str] {
    match object {
        MetaObject::Page => &PAGE_FIELDS,
        MetaObject::Instagram => &INSTAGRAM_FIELDS,
        MetaObject::Whatsapp => &WHATSAPP_FIELDS,
    }
}

#[derive(Debug, Default)]
pub(super) struct Subscriptions(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    callbacks: HashMap<MetaObject, String>,
    /// A WhatsApp Business account may have a callback of its own.
    overrides: HashMap<String, String>,
    /// By the entry's id; `None` when the subscription was lost or ended.
    fields: HashMap<String, Option<Vec<String>>>,
}

impl Subscriptions {
    pub(super) fn set_callback(&self, object: MetaObject, url: &str) {
        lock(&self.0).callbacks.insert(object, url.to_owned());
    }

    pub(super) fn set_override(&self, waba: &str, url: Option<&str>) {
        let mut known = lock(&self.0);
        match url {
            Some(url) => known.overrides.insert(waba.to_owned(), url.to_owned()),
            None => known.overrides.remove(waba),
        };
    }

    pub(super) fn callback(&self, object: MetaObject, entry_id: &str) -> Option<String> {
        let known = lock(&self.0);
        known.overrides.get(entry_id).or_else(|| known.callbacks.get(&object)).cloned()
    }

    pub(super) fn callbacks(&self) -> HashMap<MetaObject, String> {
        lock(&self.0).callbacks.clone()
    }

    pub(super) fn set(&self, entry_id: &str, fields: Option<Vec<String>>) {
        lock(&self.0).fields.insert(entry_id.to_owned(), fields);
    }

    pub(super) fn fields(&self, entry_id: &str) -> Option<Vec<String>> {
        lock(&self.0).fields.get(entry_id).cloned().flatten()
    }

    /// Whether webhooks of this field come. An account whose subscription was never touched is as subscribed to
    /// all, so that a sandbox is usable without a connect step.
    pub(super) fn hears(&self, account: &Account, field: &str) -> bool {
        match lock(&self.0).fields.get(account.entry_id()) {
            None => true,
            Some(None) => false,
            Some(Some(fields)) => fields.iter().any(|known| known == field),
        }
    }
}
