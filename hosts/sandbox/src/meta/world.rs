//! What happened so far at the fake Meta.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::MetaEffect;
use super::accounts::Account;
use super::media::StoredMedia;
use super::people::People;
use super::templates::WhatsappTemplate;
use super::webhook::Envelope;
use crate::bounded::BoundedMap;
use crate::config::SandboxConfig;
use crate::timeline::{By, Content, Note, Timeline};

#[derive(Debug)]
pub(super) struct World {
    pub(super) timeline: Timeline,
    pub(super) people: People,
    pub(super) comments: BoundedMap<String, Comment>,
    pub(super) media: BoundedMap<String, StoredMedia>,
    /// Uploaded once to be sent often, with the page that may.
    pub(super) attachments: BoundedMap<String, String>,
    /// By event id.
    pub(super) posted: BoundedMap<String, Envelope>,
    /// Messages that WhatsApp numbers were sent, with the number and the person.
    pub(super) heard: BoundedMap<String, (String, String)>,
    /// What a WhatsApp number said should come back with the statuses of a message.
    pub(super) callback_data: BoundedMap<String, String>,
    edits: BoundedMap<String, u32>,
    pub(super) effects: Vec<Arc<MetaEffect>>,
    kept_effects: usize,
    /// By WhatsApp Business account.
    pub(super) templates: BTreeMap<String, Vec<WhatsappTemplate>>,
}

/// A comment, or a visitor's post, which can be answered like one.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    /// The page or the Instagram account it is on.
    pub(super) account: String,
    pub(super) post_id: String,
    pub(super) parent_id: Option<String>,
    /// Empty where it was not told.
    pub(super) author: String,
    pub(super) author_name: String,
    pub(super) created_ms: i64,
    /// Whether it was answered in private.
    pub(super) replied: bool,
    pub(super) removed: bool,
}

impl World {
    pub(super) fn new(config: &SandboxConfig, timeline: &Timeline) -> Self {
        let kept_events = config.kept_events;
        Self {
            timeline: timeline.clone(),
            people: People::new(kept_events),
            comments: BoundedMap::new(kept_events),
            media: BoundedMap::new(kept_events),
            attachments: BoundedMap::new(kept_events),
            posted: BoundedMap::new(kept_events),
            heard: BoundedMap::new(kept_events),
            callback_data: BoundedMap::new(kept_events),
            edits: BoundedMap::new(kept_events),
            effects: Vec::new(),
            kept_effects: config.kept_effects.max(1),
            templates: BTreeMap::new(),
        }
    }

    pub(super) fn keep_effect(&mut self, effect: MetaEffect) {
        if self.effects.len() >= self.kept_effects {
            self.effects.remove(0);
        }
        let effect = Arc::new(effect);
        // A public reply is to a comment, which has its writer.
        let person = self.comments.get(&effect.to).map_or(&effect.to, |comment| &comment.author);
        self.timeline.note(Note {
            channel: effect.channel,
            account: effect.account_id.clone(),
            person: person.clone(),
            by: By::Business,
            operation: effect.operation,
            id: effect.id.clone(),
            content: Content::Meta(Arc::clone(&effect)),
        });
        self.effects.push(effect);
    }

    pub(super) fn count_edit(&mut self, id: &str) -> u32 {
        let edits = self.edits.get(id).copied().unwrap_or_default() + 1;
        self.edits.insert(id.to_owned(), edits);
        edits
    }

    /// Makes the person of an item of `messaging` known, and opens the window where it does.
    pub(super) fn note_messaging(&mut self, account: &Account, item: &Value, now_ms: i64) {
        let (sender, recipient) = (item["sender"]["id"].as_str(), item["recipient"]["id"].as_str());
        let by_account = sender == Some(account.id());
        let Some(person) = (if by_account { recipient } else { sender }) else { return };
        let message = &item["message"];
        let opens = !by_account
            && (message.is_object() && message["is_deleted"] != true
                || item.get("postback").is_some()
                || item.get("referral").is_some()
                || item["reaction"]["action"] == "react");
        self.people.meet(account.id(), person, |known| {
            if opens {
                known.last_message_ms = Some(now_ms);
            }
        });
    }

    /// Takes note of a comment or a visitor's post that is told as it is; answers its id.
    pub(super) fn note_change(&mut self, account: &Account, change: &Value, now_ms: i64) -> String {
        let value = &change["value"];
        let id = match (change["field"].as_str(), value["item"].as_str()) {
            (Some("feed"), Some("comment")) => value["comment_id"].as_str(),
            (Some("feed"), Some("post")) => value["post_id"].as_str(),
            (Some("comments" | "live_comments"), _) => value["id"].as_str(),
            _ => None,
        };
        let Some(id) = id else { return String::new() };
        match value["verb"].as_str() {
            Some("remove") => {
                if let Some(comment) = self.comments.get_mut(id) {
                    comment.removed = true;
                }
            }
            None | Some("add") => {
                let post = value["post_id"].as_str().or_else(|| value["media"]["id"].as_str()).unwrap_or_default();
                let from = &value["from"];
                let name = from["name"].as_str().or_else(|| from["username"].as_str());
                let comment = Comment {
                    account: account.id().to_owned(),
                    post_id: post.to_owned(),
                    parent_id: value["parent_id"].as_str().filter(|parent| *parent != post).map(str::to_owned),
                    author: from["id"].as_str().unwrap_or_default().to_owned(),
                    author_name: name.unwrap_or_default().to_owned(),
                    created_ms: now_ms,
                    replied: false,
                    removed: false,
                };
                self.comments.insert(id.to_owned(), comment);
            }
            Some(_) => {}
        }
        id.to_owned()
    }
}
