//! Sending by pages and Instagram accounts.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::accounts::Account;
use super::compose::{echo_field, echo_of};
use super::refusals::{parameter, refused};
use super::route::GraphCall;
use super::validate;
use super::webhook::{Part, Told};
use super::{MetaEffect, MetaState};
use crate::bounded::lock;
use crate::exchange::Answer;

/// An accepted message.
#[derive(Debug)]
pub(super) struct Accepted<'a> {
    pub(super) account: &'a Account,
    pub(super) operation: &'static str,
    pub(super) to: &'a str,
    pub(super) body: &'a Value,
}

/// The channel of what an account sends to people.
pub(super) fn channel_of(account: &Account) -> &'static str {
    match account {
        Account::Page(_) => "messenger",
        Account::Instagram(_) => "instagram",
        Account::Number(_) => "whatsapp",
    }
}

impl MetaState {
    pub(super) fn post_message(&self, call: &GraphCall, account: &Account) -> Result<Answer, Answer> {
        match account {
            Account::Number(number) => self.whatsapp_message(account, number, &call.body),
            Account::Page(_) | Account::Instagram(_) => self.messenger_message(account, &call.body),
        }
    }

    fn messenger_message(&self, account: &Account, body: &Value) -> Result<Answer, Answer> {
        let recipient = &body["recipient"];
        let account = &self.or_linked_instagram(account, recipient);
        let answered = recipient["comment_id"].as_str().or_else(|| recipient["post_id"].as_str());
        if let Some(answered) = answered {
            return self.private_reply(account, answered, body);
        }
        let person = recipient["id"].as_str().filter(|id| !id.is_empty());
        let person = person.ok_or_else(|| parameter("The parameter recipient is required"))?;
        if let Some(action) = body["sender_action"].as_str() {
            return self.sender_action(account, person, action, body);
        }
        validate::message(body, account.is_instagram(), self.allow_loopback_http_media)?;
        self.check_attachment_ids(account, &body["message"])?;
        self.must_be_reachable(account, person)?;
        let human = body["tag"] == "HUMAN_AGENT";
        let may = lock(&self.world).people.get(account.id(), person).cloned().unwrap_or_default();
        if !may.can_be_answered(self.now_ms(), human) {
            let subcode = if account.is_instagram() { 2_534_022 } else { 2_018_278 };
            return Err(refused(400, 10, Some(subcode), "(#10) This message is sent outside of allowed window."));
        }
        let mid = self.accept(&Accepted { account, operation: "message", to: person, body });
        let mut answer = json!({"recipient_id": person, "message_id": mid});
        if body["message"]["attachment"]["payload"]["is_reusable"] == true {
            answer["attachment_id"] = json!(self.keep_attachment(account));
        }
        Ok(Answer::ok(&answer))
    }

    /// A page speaks for the Instagram account that is linked to it, when the recipient is known there.
    fn or_linked_instagram(&self, account: &Account, recipient: &Value) -> Account {
        let Account::Page(page) = account else { return account.clone() };
        let linked = page.instagram_id.as_deref().and_then(|id| self.accounts.by_id(id));
        let Some(linked) = linked else { return account.clone() };
        let world = lock(&self.world);
        let known = match (recipient["id"].as_str(), recipient["comment_id"].as_str()) {
            (Some(person), _) => world.people.get(linked.id(), person).is_some(),
            (None, Some(comment)) => world.comments.get(comment).is_some_and(|known| known.account == linked.id()),
            (None, None) => false,
        };
        if known { linked } else { account.clone() }
    }

    fn must_be_reachable(&self, account: &Account, person: &str) -> Result<(), Answer> {
        let known = lock(&self.world).people.get(account.id(), person).cloned();
        match (known, account.is_instagram()) {
            (None, true) => Err(refused(400, 100, Some(2_534_014), "(#100) The requested user cannot be found.")),
            (None, false) => Err(refused(400, 100, Some(2_018_001), "(#100) No matching user found")),
            (Some(person), true) if person.blocked => {
                Err(refused(400, 100, Some(2_534_029), "(#100) This message can not be sent to this user."))
            }
            (Some(person), false) if person.blocked => {
                Err(refused(400, 551, Some(1_545_041), "(#551) This person isn't available right now."))
            }
            (Some(_), _) => Ok(()),
        }
    }

    fn sender_action(&self, account: &Account, person: &str, action: &str, body: &Value) -> Result<Answer, Answer> {
        let reacts = matches!(action, "react" | "unreact");
        if !reacts && !matches!(action, "typing_on" | "typing_off" | "mark_seen") {
            return Err(parameter(
                "Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}",
            ));
        }
        if body.get("message").is_some() {
            return Err(parameter("sender_action and message can not be in the same request"));
        }
        if reacts && body["payload"]["message_id"].as_str().is_none_or(str::is_empty) {
            return Err(parameter("The parameter payload[message_id] is required"));
        }
        self.must_be_reachable(account, person)?;
        lock(&self.world).keep_effect(MetaEffect {
            account_id: account.id().to_owned(),
            channel: channel_of(account),
            operation: "sender_action",
            to: person.to_owned(),
            id: String::new(),
            body: body.clone(),
        });
        Ok(Answer::ok(&json!({ "recipient_id": person })))
    }

    /// Lets a person receive a message, tells the echo where that is on, and answers the message's id.
    pub(super) fn accept(&self, accepted: &Accepted<'_>) -> String {
        let &Accepted { account, operation, to, body } = accepted;
        let mid = self.message_id(account);
        let mut world = lock(&self.world);
        world.people.meet(account.id(), to, |person| person.last_sent_id = Some(mid.clone()));
        world.keep_effect(MetaEffect {
            account_id: account.id().to_owned(),
            channel: channel_of(account),
            operation,
            to: to.to_owned(),
            id: mid.clone(),
            body: body.clone(),
        });
        drop(world);
        let echoed = !matches!(account, Account::Number(_)) && self.echoes.load(Ordering::SeqCst);
        if echoed {
            let item = echo_of(account, to, self.now_ms(), &mid, body, &self.accounts.app().app_id);
            let (part, field) = (Part::Messaging(item), Some(echo_field(account)));
            self.tell_later(Told { account: account.clone(), part, field, id: mid.clone() });
        }
        mid
    }

    pub(super) fn upload_attachment(&self, call: &GraphCall, account: &Account) -> Result<Answer, Answer> {
        let attachment = &call.body["message"]["attachment"];
        if attachment["payload"].get("url").is_none() {
            return Err(parameter("The parameter message[attachment][payload][url] is required"));
        }
        validate::attachment(attachment, account.is_instagram(), self.allow_loopback_http_media)?;
        Ok(Answer::ok(&json!({"attachment_id": self.keep_attachment(account)})))
    }

    fn keep_attachment(&self, account: &Account) -> String {
        let id = self.ids.message_id();
        lock(&self.world).attachments.insert(id.clone(), account.id().to_owned());
        id
    }

    fn check_attachment_ids(&self, account: &Account, message: &Value) -> Result<(), Answer> {
        let many = message["attachments"].as_array().into_iter().flatten();
        let world = lock(&self.world);
        for attachment in std::iter::once(&message["attachment"]).chain(many) {
            let Some(id) = attachment["payload"]["attachment_id"].as_str() else { continue };
            if world.attachments.get(id).is_none_or(|owner| owner != account.id()) {
                return Err(parameter("Invalid attachment_id"));
            }
        }
        Ok(())
    }
}
