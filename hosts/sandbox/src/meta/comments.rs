//! Answers to comments: once in private, in public as often as one likes.

use std::sync::atomic::Ordering;

use poem::http::Method;
use serde_json::{Value, json};

use super::accounts::Account;
use super::compose::{comment_channel, comment_field};
use super::messaging::Accepted;
use super::people::{WEEK_MS, page_scoped_id};
use super::refusals::{no_object, parameter, refused};
use super::route::GraphCall;
use super::validate;
use super::webhook::{Part, Told};
use super::{MetaEffect, MetaState};
use crate::bounded::lock;
use crate::exchange::Answer;

impl MetaState {
    /// Answers a comment or a visitor's post in private.
    pub(super) fn private_reply(&self, account: &Account, id: &str, body: &Value) -> Result<Answer, Answer> {
        validate::text_only(&body["message"], account.is_instagram())?;
        let invalid = || refused(400, 100, Some(2_534_025), "The comment is invalid for a private reply");
        let mut world = lock(&self.world);
        // Another account's comment is as unknown as one that never was.
        let comment = world.comments.get_mut(id).filter(|comment| comment.account == account.id());
        let comment = comment.ok_or_else(invalid)?;
        let too_old = self.now_ms().saturating_sub(comment.created_ms) >= WEEK_MS;
        if comment.removed || too_old || comment.author.is_empty() || comment.author == account.id() {
            return Err(invalid());
        }
        if comment.replied {
            return Err(refused(400, 10_900, None, "(#10900) Activity already replied to"));
        }
        let person =
            if account.is_instagram() { comment.author.clone() } else { page_scoped_id(account.id(), &comment.author) };
        let blocked = world.people.get(account.id(), &person).is_some_and(|person| person.blocked);
        if blocked {
            return Err(refused(400, 551, Some(1_545_041), "(#551) This person isn't available right now."));
        }
        if let Some(comment) = world.comments.get_mut(id) {
            comment.replied = true;
        }
        drop(world);
        let mid = self.accept(&Accepted { account, operation: "private_reply", to: &person, body });
        Ok(Answer::ok(&json!({"recipient_id": person, "message_id": mid})))
    }

    /// Answers a comment under it: `comments` at a page, `replies` at Instagram.
    pub(super) fn public_reply(&self, call: &GraphCall, id: &str, edge: &str) -> Result<Answer, Answer> {
        let account = self.account_of_comment(call, id)?;
        let wanted = if account.is_instagram() { "replies" } else { "comments" };
        let comment = lock(&self.world).comments.get(id).cloned();
        let comment = comment.filter(|comment| edge == wanted && !comment.removed).ok_or_else(|| no_object(id))?;
        if account.is_instagram() && comment.parent_id.is_some() {
            return Err(parameter("Replies can be made to top-level comments only"));
        }
        let text = call.param("message").unwrap_or_default();
        let file = call.param("attachment_url").filter(|_| !account.is_instagram());
        if file.as_ref().is_some_and(|url| !validate::is_fetchable(url, self.allow_loopback_http_media)) {
            return Err(parameter("Failed to fetch the file from attachment_url"));
        }
        if text.trim().is_empty() && file.is_none() {
            return Err(parameter("The parameter message is required"));
        }
        let mut world = lock(&self.world);
        let (new_id, change) = self.comment_change(&mut world, &account, account.id(), id, &text);
        world.keep_effect(MetaEffect {
            account_id: account.id().to_owned(),
            channel: comment_channel(&account),
            operation: "public_reply",
            to: id.to_owned(),
            id: new_id.clone(),
            body: call.body.clone(),
        });
        drop(world);
        if self.echoes.load(Ordering::SeqCst) {
            let (part, field) = (Part::Change(change), Some(comment_field(&account)));
            self.tell_later(Told { account, part, field, id: new_id.clone() });
        }
        Ok(Answer::ok(&json!({ "id": new_id })))
    }

    /// Hides, shows or deletes a comment.
    pub(super) fn moderate(&self, call: &GraphCall, id: &str) -> Result<Answer, Answer> {
        let account = self.account_of_comment(call, id)?;
        if call.call.method == Method::DELETE {
            if let Some(comment) = lock(&self.world).comments.get_mut(id) {
                comment.removed = true;
            }
        } else {
            let name = if account.is_instagram() { "hide" } else { "is_hidden" };
            if !matches!(call.param(name).as_deref(), Some("true" | "false")) {
                return Err(parameter(&format!("The parameter {name} is required")));
            }
        }
        Ok(Answer::ok(&json!({ "success": true })))
    }
}
