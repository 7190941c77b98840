//! Sending by WhatsApp numbers.

use serde_json::{Value, json};

use super::accounts::{Account, WhatsappNumber};
use super::messaging::Accepted;
use super::people::{business_scoped_id, has_no_phone};
use super::refusals::{no_object, parameter, whatsapp, whatsapp_missing, whatsapp_value};
use super::route::GraphCall;
use super::whatsapp_content;
use super::{MetaEffect, MetaState};
use crate::bounded::lock;
use crate::exchange::Answer;

/// The most characters that come back with a message's statuses.
const MOST_CALLBACK_DATA: usize = 512;

impl MetaState {
    pub(super) fn whatsapp_message(
        &self,
        account: &Account,
        number: &WhatsappNumber,
        body: &Value,
    ) -> Result<Answer, Answer> {
        if body["messaging_product"] != "whatsapp" {
            return Err(parameter("The parameter messaging_product is required."));
        }
        if let Some(status) = body.get("status") {
            return self.mark_read(account, status, body);
        }
        if body.get("recipient_type").is_some_and(|kind| kind != "individual") {
            return Err(whatsapp_value("recipient_type must be individual"));
        }
        let (input, person) = recipient(body)?;
        let data = body["biz_opaque_callback_data"].as_str().unwrap_or_default();
        if data.chars().count() > MOST_CALLBACK_DATA {
            return Err(whatsapp_value("biz_opaque_callback_data is too long"));
        }
        if body.get("context").is_some_and(|context| context["message_id"].as_str().is_none_or(str::is_empty)) {
            return Err(whatsapp_missing("context.message_id"));
        }
        let kind = body["type"].as_str().unwrap_or("text");
        whatsapp_content::check(kind, &body[kind], self.allow_loopback_http_media)?;
        if let Some(id) = body[kind]["id"].as_str().filter(|_| whatsapp_content::is_file(kind))
            && !self.can_send_media(account, id)
        {
            return Err(whatsapp_value(&format!("{kind}.id is no media of this number")));
        }
        if kind == "template" {
            self.check_template(&number.waba_id, &body["template"])?;
        }
        let known = lock(&self.world).people.get(account.id(), &person).cloned();
        if known.as_ref().is_some_and(|person| person.blocked) || (known.is_none() && has_no_phone(&person)) {
            return Err(whatsapp(400, 131_026, "Message Undeliverable", "Unable to deliver message."));
        }
        let open = known.is_some_and(|person| person.can_be_answered(self.now_ms(), false));
        if kind != "template" && !open {
            let details = "More than 24 hours have passed since the recipient last replied to the sender number.";
            return Err(whatsapp(400, 131_047, "Re-engagement message", details));
        }
        let operation = if kind == "template" { "template" } else { "message" };
        let id = self.accept(&Accepted { account, operation, to: &person, body });
        if !data.is_empty() {
            lock(&self.world).callback_data.insert(id.clone(), data.to_owned());
        }
        let mut contact = json!({"input": input, "user_id": business_scoped_id(&person)});
        if !has_no_phone(&person) {
            contact["wa_id"] = json!(person);
        }
        Ok(Answer::ok(&json!({
            "messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": id}],
        })))
    }

    fn mark_read(&self, account: &Account, status: &Value, body: &Value) -> Result<Answer, Answer> {
        if status != "read" {
            return Err(whatsapp_value("status must be read"));
        }
        let id = body["message_id"].as_str().ok_or_else(|| whatsapp_missing("message_id"))?;
        if body.get("typing_indicator").is_some_and(|indicator| indicator["type"] != "text") {
            return Err(whatsapp_value("typing_indicator.type must be text"));
        }
        let mut world = lock(&self.world);
        let heard = world.heard.get(id).filter(|(number, _)| number == account.id()).cloned();
        let (number, person) = heard.ok_or_else(|| whatsapp_value("message_id is no message to this number"))?;
        world.keep_effect(MetaEffect {
            account_id: number,
            channel: "whatsapp",
            operation: "read",
            to: person,
            id: id.to_owned(),
            body: body.clone(),
        });
        Ok(Answer::ok(&json!({ "success": true })))
    }

    pub(super) fn register(call: &GraphCall, account: &Account) -> Result<Answer, Answer> {
        let Account::Number(_) = account else { return Err(no_object(account.id())) };
        let pin = call.body["pin"].as_str().unwrap_or_default();
        if call.body["messaging_product"] != "whatsapp"
            || pin.len() != 6
            || !pin.bytes().all(|digit| digit.is_ascii_digit())
        {
            return Err(parameter("messaging_product and a pin of 6 digits are required"));
        }
        Ok(Answer::ok(&json!({ "success": true })))
    }
}

/// Whom a message is for: as it was written, and as the person is known.
fn recipient(body: &Value) -> Result<(String, String), Answer> {
    if let Some(id) = body["recipient"].as_str() {
        return if has_no_phone(id) { Ok((id.to_owned(), id.to_owned())) } else { Err(whatsapp_value("recipient")) };
    }
    let to = body["to"].as_str().ok_or_else(|| whatsapp_missing("to"))?;
    let digits: String = to.chars().filter(|letter| !matches!(letter, '+' | ' ' | '-' | '(' | ')')).collect();
    if (5..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok((to.to_owned(), digits))
    } else {
        Err(whatsapp_value("to must be a phone number"))
    }
}
