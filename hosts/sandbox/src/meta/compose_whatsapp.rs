//! What WhatsApp tells of a person's doings, and of what became of messages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::MetaState;
use super::accounts::{Account, WhatsappNumber};
use super::media::sha256;
use super::people::{business_scoped_id, has_no_phone};
use super::say::{MetaFile, MetaSay};
use super::webhook::Part;
use super::world::World;
use crate::error::SandboxError;

const HELP: &str = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";

impl MetaState {
    pub(super) fn compose_whatsapp(
        &self,
        world: &mut World,
        number: &std::sync::Arc<WhatsappNumber>,
        person: &str,
        say: MetaSay,
        own_url: &str,
    ) -> Result<(Part, Option<&'static str>, String), SandboxError> {
        let account = Account::Number(std::sync::Arc::clone(number));
        let seconds = (self.now_ms() / 1_000).to_string();
        let id = self.message_id(&account);
        let context = |world: &World| {
            let sent = world.people.get(number.phone_number_id.as_str(), person)?.last_sent_id.clone()?;
            Some(json!({"from": number.display_phone_number, "id": sent}))
        };
        let fields = match say {
            MetaSay::Text(text) => json!({"type": "text", "text": {"body": text}}),
            MetaSay::Reply { to, text } => json!({
                "type": "text", "text": {"body": text},
                "context": {"from": number.display_phone_number, "id": to},
            }),
            MetaSay::Image { file, caption } => self.file_message(world, &account, file, None, caption, own_url),
            MetaSay::Document { file, file_name } => {
                self.file_message(world, &account, file, Some(file_name), None, own_url)
            }
            MetaSay::QuickReply { text, payload } => {
                let mut fields = json!({"type": "button", "button": {"payload": payload, "text": text}});
                if let Some(context) = context(world) {
                    fields["context"] = context;
                }
                fields
            }
            MetaSay::Postback { title, payload } => {
                let reply = json!({"type": "button_reply", "button_reply": {"id": payload, "title": title}});
                let mut fields = json!({"type": "interactive", "interactive": reply});
                if let Some(context) = context(world) {
                    fields["context"] = context;
                }
                fields
            }
            MetaSay::React { to, emoji } => {
                let mut reaction = json!({ "message_id": to });
                if let Some(emoji) = emoji {
                    reaction["emoji"] = json!(emoji);
                }
                json!({"type": "reaction", "reaction": reaction})
            }
            MetaSay::Edit { id, text } => json!({"type": "edit", "edit": {
                "original_message_id": id, "message": {"type": "text", "text": {"body": text}},
            }}),
            MetaSay::Unsend { id } => json!({"type": "revoke", "revoke": {"original_message_id": id}}),
            MetaSay::AdText { text, ad_id } => json!({
                "type": "text", "text": {"body": text},
                "referral": {
                    "source_url": "https://fb.me/sandboxad", "source_id": ad_id, "source_type": "ad",
                    "body": "Sandbox ad", "headline": "Chat with us", "media_type": "image",
                    "image_url": "https://scontent.xx.fbcdn.net/v/t45/ad.jpg", "ctwa_clid": "Aff-sandboxclid",
                },
            }),
            MetaSay::NativeReply { text } => {
                let echo = json!({
                    "from": number.display_phone_number, "to": person, "id": id, "timestamp": seconds,
                    "type": "text", "text": {"body": text},
                });
                let part = change(number, "smb_message_echoes", "message_echoes", &json!([echo]), None);
                return Ok((part, Some("smb_message_echoes"), id));
            }
            MetaSay::Delivered { ids } => return Ok(statuses(world, number, person, &ids, "delivered", &seconds)),
            MetaSay::Read { ids } => return Ok(statuses(world, number, person, &ids, "read", &seconds)),
            MetaSay::Failed { id, code, title } => {
                let mut status = status(world, person, &id, "failed", &seconds);
                status["errors"] = json!([{
                    "code": code, "title": title, "message": title, "error_data": {"details": title}, "href": HELP,
                }]);
                return Ok((change(number, "messages", "statuses", &json!([status]), None), Some("messages"), id));
            }
            MetaSay::Raw(item) if item.get("field").is_some() => {
                for message in item["value"]["messages"].as_array().into_iter().flatten() {
                    self.note_whatsapp(world, number, message);
                }
                return Ok((Part::Change(item), None, String::new()));
            }
            MetaSay::Raw(item) if item.get("status").is_some() => {
                let id = item["id"].as_str().unwrap_or_default().to_owned();
                return Ok((change(number, "messages", "statuses", &json!([item]), None), None, id));
            }
            MetaSay::Raw(item) => item,
            MetaSay::Comment { .. } | MetaSay::CommentEdited { .. } | MetaSay::CommentRemoved { .. } => {
                return Err(SandboxError::ImpossibleEvent("WhatsApp has no comments"));
            }
        };
        let mut message = json!({"id": id, "timestamp": seconds, "from_user_id": business_scoped_id(person)});
        if !has_no_phone(person) {
            message["from"] = json!(person);
        }
        for (name, value) in fields.as_object().into_iter().flatten() {
            message[name] = value.clone();
        }
        self.note_whatsapp(world, number, &message);
        let id = message["id"].as_str().unwrap_or_default().to_owned();
        let name = self.name_of(person).full();
        Ok((change(number, "messages", "messages", &json!([message]), Some((person, &name))), Some("messages"), id))
    }

    fn note_whatsapp(&self, world: &mut World, number: &WhatsappNumber, message: &Value) {
        let person = message["from"].as_str().or_else(|| message["from_user_id"].as_str());
        let Some(person) = person else { return };
        let me = number.phone_number_id.as_str();
        let opens = message["type"] != "system";
        let now_ms = self.now_ms();
        // Whoever has a number can be written to by either id.
        let other_id = business_scoped_id(person);
        for known_as in [person, other_id.as_str()] {
            world.people.meet(me, known_as, |known| {
                if opens {
                    known.last_message_ms = Some(now_ms);
                }
            });
        }
        if let Some(id) = message["id"].as_str() {
            world.heard.insert(id.to_owned(), (me.to_owned(), person.to_owned()));
        }
    }

    fn file_message(
        &self,
        world: &mut World,
        account: &Account,
        file: MetaFile,
        file_name: Option<String>,
        caption: Option<String>,
        own_url: &str,
    ) -> Value {
        let kind = match file.kind() {
            Some(kind) if file_name.is_none() => kind,
            _ => "document",
        };
        let hash = STANDARD.encode(sha256(&file.bytes));
        let mut media = json!({"mime_type": file.content_type, "sha256": hash});
        let id = self.keep_media(world, account, file);
        if kind == "image" {
            media["url"] = json!(self.media_url(&id, own_url));
        }
        media["id"] = json!(id);
        if let Some(name) = file_name {
            media["filename"] = json!(name);
        }
        if let Some(caption) = caption {
            media["caption"] = json!(caption);
        }
        json!({"type": kind, kind: media})
    }
}

fn change(number: &WhatsappNumber, field: &str, list: &str, items: &Value, person: Option<(&str, &str)>) -> Part {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.display_phone_number, "phone_number_id": number.phone_number_id,
        },
        list: items,
    });
    if let Some((person, name)) = person {
        let mut contact = json!({"profile": {"name": name}, "user_id": business_scoped_id(person)});
        if !has_no_phone(person) {
            contact["wa_id"] = json!(person);
        }
        value["contacts"] = json!([contact]);
    }
    Part::Change(json!({"value": value, "field": field}))
}

fn status(world: &World, person: &str, id: &str, status: &str, seconds: &str) -> Value {
    let mut item = json!({"id": id, "status": status, "timestamp": seconds, "recipient_id": person});
    if let Some(data) = world.callback_data.get(id) {
        item["biz_opaque_callback_data"] = json!(data);
    }
    item
}

fn statuses(
    world: &World,
    number: &WhatsappNumber,
    person: &str,
    ids: &[String],
    state: &str,
    seconds: &str,
) -> (Part, Option<&'static str>, String) {
    let pricing =
        json!({"billable": false, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"});
    let items: Vec<Value> = ids
        .iter()
        .map(|id| {
            let mut item = status(world, person, id, state, seconds);
            item["pricing"] = pricing.clone();
            item
        })
        .collect();
    let last = ids.last().cloned().unwrap_or_default();
    (change(number, "messages", "statuses", &json!(items), None), Some("messages"), last)
}
