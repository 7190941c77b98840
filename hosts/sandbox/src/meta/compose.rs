//! What Messenger and Instagram tell of a person's doings.

use serde_json::{Value, json};

use super::MetaState;
use super::accounts::Account;
use super::messaging::channel_of;
use super::say::{MetaFile, MetaSay};
use super::webhook::{Part, Told};
use super::world::{Comment, World};
use crate::bounded::lock;
use crate::error::SandboxError;
use crate::timeline::{By, Content, Note};

/// The app id of the page's own inbox.
const PAGE_INBOX_APP: i64 = 263_902_037_430_900;
const NO_EDITS: &str = "Instagram tells of no edits";

impl MetaState {
    /// Makes what a webhook tells of `say`, and takes note of it.
    pub(super) fn compose(
        &self,
        account: Account,
        person: &str,
        say: MetaSay,
        own_url: &str,
    ) -> Result<Told, SandboxError> {
        let mut world = lock(&self.world);
        let by = if matches!(say, MetaSay::NativeReply { .. }) { By::Business } else { By::Customer };
        let operation = if by == By::Business { "native" } else { "said" };
        let told = self.tell(&mut world, account, person, say, own_url)?;
        let (content, is_comment) = match &told.part {
            Part::Messaging(item) => (item, false),
            Part::Change(change) => {
                (change, matches!(change["field"].as_str(), Some("feed" | "comments" | "live_comments")))
            }
        };
        world.timeline.note(Note {
            channel: if is_comment { comment_channel(&told.account) } else { channel_of(&told.account) },
            account: told.account.id().to_owned(),
            person: person.to_owned(),
            by,
            operation,
            id: told.id.clone(),
            content: Content::Told(content.clone()),
        });
        Ok(told)
    }

    fn tell(
        &self,
        world: &mut World,
        account: Account,
        person: &str,
        say: MetaSay,
        own_url: &str,
    ) -> Result<Told, SandboxError> {
        if let Account::Number(number) = &account {
            let (part, field, id) = self.compose_whatsapp(world, number, person, say, own_url)?;
            return Ok(Told { account, part, field, id });
        }
        let (part, field, id) = match say {
            MetaSay::Comment { .. } | MetaSay::CommentEdited { .. } | MetaSay::CommentRemoved { .. } => {
                self.compose_comment(world, &account, person, say)?
            }
            MetaSay::Raw(item) if item.get("field").is_some() => {
                let id = world.note_change(&account, &item, self.now_ms());
                (Part::Change(item), None, id)
            }
            say => self.compose_messaging(world, &account, person, say, own_url)?,
        };
        if let Part::Messaging(item) = &part {
            world.note_messaging(&account, item, self.now_ms());
        }
        Ok(Told { account, part, field, id })
    }

    fn compose_messaging(
        &self,
        world: &mut World,
        account: &Account,
        person: &str,
        say: MetaSay,
        own_url: &str,
    ) -> Result<(Part, Option<&'static str>, String), SandboxError> {
        let at = self.now_ms();
        let instagram = account.is_instagram();
        let id = self.message_id(account);
        let message = |mut fields: Value| {
            fields["mid"] = json!(id);
            item(person, account.id(), at, "message", &fields)
        };
        let told = |item: Value, field: &'static str, id: &str| Ok((Part::Messaging(item), Some(field), id.to_owned()));
        let simple = |key: &str, value: Value| item(person, account.id(), at, key, &value);
        match say {
            MetaSay::Text(text) => told(message(json!({ "text": text })), "messages", &id),
            MetaSay::Reply { to, text } => {
                let reply_to =
                    if instagram { json!({ "mid": to }) } else { json!({"mid": to, "is_self_reply": false}) };
                told(message(json!({"text": text, "reply_to": reply_to})), "messages", &id)
            }
            MetaSay::Image { file, caption } => {
                let mut fields = self.attachment(world, account, file, "media", own_url);
                if let Some(caption) = caption {
                    fields["text"] = json!(caption);
                }
                told(message(fields), "messages", &id)
            }
            MetaSay::Document { file, file_name } => {
                let fields = self.attachment(world, account, file, &file_name, own_url);
                told(message(fields), "messages", &id)
            }
            MetaSay::QuickReply { text, payload } => {
                told(message(json!({"text": text, "quick_reply": {"payload": payload}})), "messages", &id)
            }
            MetaSay::Postback { title, payload } => {
                let postback = json!({"mid": id, "title": title, "payload": payload});
                told(simple("postback", postback), "messaging_postbacks", &id)
            }
            MetaSay::React { to, emoji } => {
                let reaction = match emoji {
                    Some(emoji) => {
                        json!({"mid": to, "action": "react", "reaction": reaction_word(&emoji), "emoji": emoji})
                    }
                    None => json!({"mid": to, "action": "unreact"}),
                };
                told(simple("reaction", reaction), "message_reactions", &to)
            }
            MetaSay::AdText { text, ad_id } => {
                let referral = json!({
                    "ref": "sandbox-ad", "ad_id": ad_id, "source": "ADS", "type": "OPEN_THREAD",
                    "ads_context_data": {"ad_title": "Sandbox ad", "photo_url": "https://scontent.xx.fbcdn.net/v/t1/ad.jpg"},
                });
                told(message(json!({"text": text, "referral": referral})), "messages", &id)
            }
            MetaSay::NativeReply { text } => {
                let mut echo = json!({"mid": id, "text": text, "is_echo": true});
                if !instagram {
                    echo["app_id"] = json!(PAGE_INBOX_APP);
                }
                told(item(account.id(), person, at, "message", &echo), echo_field(account), &id)
            }
            MetaSay::Edit { id, text } if !instagram => {
                let edits = world.count_edit(&id);
                let edit = json!({"mid": id, "text": text, "num_edit": edits});
                told(simple("message_edit", edit), "message_edits", &id)
            }
            MetaSay::Unsend { id } if instagram => {
                told(simple("message", json!({"mid": id, "is_deleted": true})), "messages", &id)
            }
            MetaSay::Delivered { ids } if !instagram => {
                let last = ids.last().cloned().unwrap_or_default();
                told(simple("delivery", json!({"mids": ids, "watermark": at})), "message_deliveries", &last)
            }
            MetaSay::Read { ids } => {
                let last = ids.last().cloned().unwrap_or_default();
                if instagram {
                    told(simple("read", json!({ "mid": last })), "messaging_seen", &last)
                } else {
                    told(simple("read", json!({ "watermark": at })), "message_reads", &last)
                }
            }
            MetaSay::Raw(item) => {
                let mid = item["message"]["mid"].as_str().or_else(|| item["postback"]["mid"].as_str());
                let mid = mid.unwrap_or_default().to_owned();
                Ok((Part::Messaging(item), None, mid))
            }
            MetaSay::Edit { .. } => Err(SandboxError::ImpossibleEvent(NO_EDITS)),
            MetaSay::Unsend { .. } => Err(SandboxError::ImpossibleEvent("Messenger tells of no message taken back")),
            MetaSay::Delivered { .. } => Err(SandboxError::ImpossibleEvent("Instagram tells of no delivery")),
            MetaSay::Failed { .. } => Err(SandboxError::ImpossibleEvent("only WhatsApp tells of a failure later")),
            MetaSay::Comment { .. } | MetaSay::CommentEdited { .. } | MetaSay::CommentRemoved { .. } => {
                Err(SandboxError::ImpossibleEvent("a comment is no message"))
            }
        }
    }

    /// An attachment whose file anyone can fetch who knows the URL, as on Meta's CDN.
    fn attachment(&self, world: &mut World, account: &Account, file: MetaFile, name: &str, own_url: &str) -> Value {
        let kind = file.kind().unwrap_or("file");
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let id = self.keep_media(world, account, file);
        let url = format!("{own_url}/_cdn/{id}/{name}?oe=69F00000");
        json!({"attachments": [{"type": kind, "payload": {"url": url}}]})
    }

    fn compose_comment(
        &self,
        world: &mut World,
        account: &Account,
        person: &str,
        say: MetaSay,
    ) -> Result<(Part, Option<&'static str>, String), SandboxError> {
        let impossible = |why| Err(SandboxError::ImpossibleEvent(why));
        match (say, account.is_instagram()) {
            (MetaSay::Comment { post_id, text }, _) => {
                let (id, change) = self.comment_change(world, account, person, &post_id, &text);
                Ok((Part::Change(change), Some(comment_field(account)), id))
            }
            (_, true) => impossible(NO_EDITS),
            (MetaSay::CommentEdited { comment_id, text }, false) => {
                let Some(comment) = world.comments.get(&comment_id).cloned() else {
                    return impossible("no such comment");
                };
                let change = feed_change(&comment, &comment_id, "edited", Some(&text), self.now_ms());
                Ok((Part::Change(change), Some("feed"), comment_id))
            }
            (MetaSay::CommentRemoved { comment_id }, false) => {
                let Some(comment) = world.comments.get_mut(&comment_id) else {
                    return impossible("no such comment");
                };
                comment.removed = true;
                let change = feed_change(comment, &comment_id, "remove", None, self.now_ms());
                Ok((Part::Change(change), Some("feed"), comment_id))
            }
            _ => impossible("no comment"),
        }
    }

    /// A new comment by a person or by the account itself; `on` is a post, or a comment that it answers.
    pub(super) fn comment_change(
        &self,
        world: &mut World,
        account: &Account,
        author: &str,
        on: &str,
        text: &str,
    ) -> (String, Value) {
        let above = world.comments.get(on).map(|above| above.post_id.clone());
        let post_id = above.clone().unwrap_or_else(|| on.to_owned());
        let number = self.ids.message_id();
        let id = if account.is_instagram() {
            format!("179{number}")
        } else {
            format!("{}_{number}", post_id.rsplit('_').next().unwrap_or_default())
        };
        let author_name = match account {
            Account::Page(page) if page.id == author => page.name.clone(),
            Account::Instagram(own) if own.id == author => own.username.clone(),
            Account::Instagram(_) => self.username_of(author),
            _ => self.name_of(author).full(),
        };
        let comment = Comment {
            account: account.id().to_owned(),
            post_id,
            parent_id: above.map(|_| on.to_owned()),
            author: author.to_owned(),
            author_name,
            created_ms: self.now_ms(),
            replied: false,
            removed: false,
        };
        let change = if account.is_instagram() {
            let mut value = json!({
                "from": {"id": author, "username": comment.author_name},
                "media": {"id": comment.post_id, "media_product_type": "FEED"},
                "id": id,
                "text": text,
            });
            if let Some(parent) = &comment.parent_id {
                value["parent_id"] = json!(parent);
            }
            json!({"field": "comments", "value": value})
        } else {
            feed_change(&comment, &id, "add", Some(text), self.now_ms())
        };
        world.comments.insert(id.clone(), comment);
        (id, change)
    }
}

fn item(sender: &str, recipient: &str, at: i64, key: &str, value: &Value) -> Value {
    json!({"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": at, key: value})
}

/// What tells of an account's own messages.
pub(super) fn echo_field(account: &Account) -> &'static str {
    // Instagram's echoes come with the messages.
    if account.is_instagram() { "messages" } else { "message_echoes" }
}

/// The channel of comments on an account's posts.
pub(super) fn comment_channel(account: &Account) -> &'static str {
    if account.is_instagram() { "instagram_comment" } else { "comment" }
}

pub(super) fn comment_field(account: &Account) -> &'static str {
    if account.is_instagram() { "comments" } else { "feed" }
}

/// The echo of a message that the app `app_id` sent.
pub(super) fn echo_of(account: &Account, person: &str, at: i64, mid: &str, body: &Value, app_id: &str) -> Value {
    let sent = &body["message"];
    let mut message = json!({"mid": mid, "is_echo": true});
    if let Some(text) = sent["text"].as_str() {
        message["text"] = json!(text);
    }
    let single = sent.get("attachment").map(|attachment| json!([attachment]));
    if let Some(attachments) = sent.get("attachments").cloned().or(single) {
        message["attachments"] = attachments;
    }
    if !account.is_instagram() {
        message["app_id"] = app_id.parse::<i64>().map_or_else(|_| json!(app_id), |number| json!(number));
        if let Some(metadata) = sent.get("metadata") {
            message["metadata"] = metadata.clone();
        }
    }
    item(account.id(), person, at, "message", &message)
}

fn feed_change(comment: &Comment, id: &str, verb: &str, text: Option<&str>, now_ms: i64) -> Value {
    let post_number = comment.post_id.rsplit('_').next().unwrap_or_default();
    let mut value = json!({
        "from": {"id": comment.author, "name": comment.author_name},
        "post": {
            "status_type": "added_photos",
            "is_published": true,
            "updated_time": "2026-01-01T00:01:40+0000",
            "permalink_url": format!("https://www.facebook.com/{}/posts/{post_number}", comment.account),
            "promotion_status": "inactive",
            "id": comment.post_id,
        },
        "post_id": comment.post_id,
        "comment_id": id,
        "created_time": now_ms / 1_000,
        "item": "comment",
        "parent_id": comment.parent_id.as_deref().unwrap_or(&comment.post_id),
        "verb": verb,
    });
    if let Some(text) = text {
        value["message"] = json!(text);
    }
    json!({"field": "feed", "value": value})
}

fn reaction_word(emoji: &str) -> &'static str {
    match emoji {
        "❤" | "❤️" => "love",
        "👍" => "like",
        "👎" => "dislike",
        "😆" => "smile",
        "😮" => "wow",
        "😢" => "sad",
        "😠" => "angry",
        _ => "other",
    }
}
