//! Being a customer of the fake Meta.

use bytes::Bytes;
use serde_json::Value;

use super::FakeMeta;
use super::accounts::Account;
use super::webhook::{Envelope, Told, envelope};
use crate::bounded::lock;
use crate::error::SandboxError;

/// A file that a customer sends.
#[derive(Debug, Clone)]
pub struct MetaFile {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its type.
    pub content_type: String,
}

impl MetaFile {
    /// A small picture.
    pub fn picture() -> Self {
        Self { bytes: Bytes::from_static(crate::line::PICTURE), content_type: "image/png".to_owned() }
    }

    /// What is shown as such rather than as a file.
    pub(super) fn kind(&self) -> Option<&'static str> {
        let kinds = ["image", "video", "audio"];
        kinds.into_iter().find(|kind| self.content_type.split('/').next() == Some(*kind))
    }
}

/// What a customer does, or what becomes of a message that was sent to the customer.
#[derive(Debug, Clone)]
pub enum MetaSay {
    /// Writes.
    Text(String),
    /// Writes in answer to a message.
    Reply {
        /// To which.
        to: String,
        /// The words.
        text: String,
    },
    /// Sends a picture, a video or a sound, with words under it or without.
    Image {
        /// The picture.
        file: MetaFile,
        /// The words.
        caption: Option<String>,
    },
    /// Sends a file.
    Document {
        /// The file.
        file: MetaFile,
        /// Its name.
        file_name: String,
    },
    /// Takes a quick reply, at WhatsApp a template's button.
    QuickReply {
        /// What it shows.
        text: String,
        /// What it says to the account.
        payload: String,
    },
    /// Presses a button, at WhatsApp a reply button.
    Postback {
        /// What it shows.
        title: String,
        /// What it says to the account.
        payload: String,
    },
    /// Reacts to a message, or takes the reaction back.
    React {
        /// To which.
        to: String,
        /// With what; `None` takes it back.
        emoji: Option<String>,
    },
    /// Changes a message. Not at Instagram.
    Edit {
        /// Which.
        id: String,
        /// The new words.
        text: String,
    },
    /// Takes a message back. Not at Messenger.
    Unsend {
        /// Which.
        id: String,
    },
    /// Writes after a click on an ad.
    AdText {
        /// The words.
        text: String,
        /// The ad.
        ad_id: String,
    },
    /// Comments on a post, or on a comment when the id is that of a known one. The person is then known by another
    /// id than in Messenger, see [`FakeMeta::page_scoped_id`].
    Comment {
        /// On what.
        post_id: String,
        /// The words.
        text: String,
    },
    /// Changes a comment. Pages only.
    CommentEdited {
        /// Which.
        comment_id: String,
        /// The new words.
        text: String,
    },
    /// Removes a comment. Pages only.
    CommentRemoved {
        /// Which.
        comment_id: String,
    },
    /// Not the customer, but the account itself writes to the customer, in the provider's own inbox or app.
    NativeReply {
        /// The words.
        text: String,
    },
    /// The customer's device has these messages. Not at Instagram.
    Delivered {
        /// The messages.
        ids: Vec<String>,
    },
    /// The customer has seen these messages. Instagram names the last one only, Messenger a time.
    Read {
        /// The messages.
        ids: Vec<String>,
    },
    /// WhatsApp could not deliver a message.
    Failed {
        /// Which.
        id: String,
        /// The code of the error.
        code: i64,
        /// What the code is called.
        title: String,
    },
    /// Any item as it is: a change when it has a `field`; else, at WhatsApp, a status or a message, elsewhere an
    /// item of `messaging`.
    Raw(Value),
}

impl MetaSay {
    pub(super) fn has_file(&self) -> bool {
        matches!(self, Self::Image { .. } | Self::Document { .. })
    }
}

/// A webhook that was posted, or one of several things in it.
#[derive(Debug, Clone)]
pub struct MetaEvent {
    /// What [`FakeMeta::redeliver`] goes by.
    pub event_id: String,
    /// The message or the comment; empty where it is about none.
    pub id: String,
    /// What the callback answered.
    pub status: u16,
    body: Bytes,
}

impl MetaEvent {
    /// The whole body as it was posted.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl FakeMeta {
    /// Does something as `person` with an account and posts it to the callback of the account's object. Any status
    /// is an answer, an error status too. What was done is known to the sandbox also when nobody hears it.
    ///
    /// # Errors
    /// When there is no such account, when it cannot happen at this provider, when nobody is subscribed, when there
    /// is no callback, or when it did not answer at all.
    pub async fn say(&self, account_id: &str, person: &str, say: MetaSay) -> Result<MetaEvent, SandboxError> {
        let mut events = self.say_batch(vec![(account_id.to_owned(), person.to_owned(), say)]).await?;
        events.pop().ok_or(SandboxError::MixedBatch)
    }

    /// As [`say`](Self::say) for several (account, person) in one body, which has an entry for each account.
    ///
    /// # Errors
    /// When the accounts are not all of one object, or there are none; else as [`say`](Self::say).
    pub async fn say_batch(&self, says: Vec<(String, String, MetaSay)>) -> Result<Vec<MetaEvent>, SandboxError> {
        let mut ready: Vec<(Account, String, MetaSay)> = Vec::new();
        for (account_id, person, say) in says {
            let account = self.state.accounts.by_id(&account_id);
            let account = account.ok_or(SandboxError::UnknownDestination(account_id))?;
            if ready.first().is_some_and(|(first, ..)| first.object() != account.object()) {
                return Err(SandboxError::MixedBatch);
            }
            ready.push((account, person, say));
        }
        let own_url =
            if ready.iter().any(|(.., say)| say.has_file()) { self.state.own_url.known().await } else { String::new() };
        let mut told = Vec::with_capacity(ready.len());
        for (account, person, say) in ready {
            told.push(self.state.compose(account, &person, say, &own_url)?);
        }
        self.deliver(&told).await
    }

    async fn deliver(&self, told: &[Told]) -> Result<Vec<MetaEvent>, SandboxError> {
        let unheard = |one: &&Told| one.field.is_some_and(|field| !self.state.subscriptions.hears(&one.account, field));
        if let Some(one) = told.iter().find(unheard) {
            let account = one.account.entry_id().to_owned();
            return Err(SandboxError::NotSubscribed { account, field: one.field.unwrap_or_default() });
        }
        let envelope = envelope(told, self.state.now_ms()).ok_or(SandboxError::MixedBatch)?;
        let status = self.state.post(&envelope).await?;
        let mut world = lock(&self.state.world);
        let events = told.iter().map(|one| {
            let event_id = self.state.ids.uuid().to_string();
            world.posted.insert(event_id.clone(), envelope.clone());
            MetaEvent { event_id, id: one.id.clone(), status, body: envelope.body.clone() }
        });
        Ok(events.collect())
    }

    /// Posts an event's whole body again, as Meta does until it is answered with success; answers the status.
    ///
    /// # Errors
    /// When the event is no longer kept; else as [`say`](Self::say).
    pub async fn redeliver(&self, event_id: &str) -> Result<u16, SandboxError> {
        let known: Option<Envelope> = lock(&self.state.world).posted.get(event_id).cloned();
        let envelope = known.ok_or_else(|| SandboxError::UnknownEvent(event_id.to_owned()))?;
        self.state.post(&envelope).await
    }
}
