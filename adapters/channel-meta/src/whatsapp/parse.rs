//! Understanding one message or status
//! (<https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples>).

use hubchat_domain::{
    Attachment, DeliveryFailure, DeliveryStatus, InboundEvent, InboundEventKind, InboundThread, MediaSource,
    MessageContent, MessageId, Profile, Referral, ThreadKind, Timestamp,
};
use hubchat_ports::InvalidEvent;
use serde_json::{Value, json};
use uuid::Uuid;

/// Understands an event of [`split`](super::split::split).
pub(super) fn parse(raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
    let event: Value = serde_json::from_slice(raw).map_err(|_| InvalidEvent { reason: "it is not JSON".to_owned() })?;
    if event["number"].is_string() {
        if event["message"].is_object() {
            return Ok(message(&event));
        }
        if event["echo"].is_object() {
            return Ok(echo(&event["echo"]));
        }
        if event["status"].is_object() {
            return Ok(vec![status(&event["status"])]);
        }
    }
    Ok(vec![unsupported(event["field"].as_str().unwrap_or("foreign"))])
}

fn known(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// A kind that hubchat does not use. The name is a stranger's: only a short plain one is repeated.
fn unsupported(event_type: &str) -> InboundEvent {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_';
    let named = event_type.len() <= 40 && event_type.chars().all(plain);
    let event_type = if named { event_type } else { "unknown" }.to_owned();
    InboundEvent::of(InboundEventKind::Unsupported { event_type, detail: None })
}

fn at(item: &Value) -> Option<Timestamp> {
    let seconds: i64 = known(&item["timestamp"])?.parse().ok()?;
    Some(Timestamp::from_millis(seconds.saturating_mul(1_000)))
}

/// The person goes by number, by an id of their business's own, or by both; with both, either finds the thread.
fn thread(number: Option<&str>, user: Option<&str>) -> Option<InboundThread> {
    let thread = InboundThread::of(ThreadKind::Direct, number.or(user)?);
    Some(InboundThread { alias: user.filter(|_| number.is_some()).map(str::to_owned), ..thread })
}

fn message(event: &Value) -> Vec<InboundEvent> {
    let (item, contact) = (&event["message"], &event["contact"]);
    let number = known(&item["from"]).or_else(|| known(&contact["wa_id"]));
    let user = known(&item["from_user_id"]).or_else(|| known(&contact["user_id"]));
    let (Some(thread), Some(id)) = (thread(number, user), known(&item["id"])) else {
        return vec![unsupported("message/nobody")];
    };
    let name = known(&contact["profile"]["name"]).or_else(|| known(&contact["profile"]["username"]));
    let profile = name.map(|name| Profile { display_name: Some(name.to_owned()), ..Profile::default() });
    let of = |kind| InboundEvent {
        thread: Some(thread.clone()),
        occurred_at: at(item),
        profile: profile.clone(),
        referral: referral(&item["referral"]),
        ..InboundEvent::of(kind)
    };
    kinds(item, id).into_iter().map(of).collect()
}

fn kinds(item: &Value, id: &str) -> Vec<InboundEventKind> {
    let kind = item["type"].as_str().unwrap_or_default();
    match kind {
        "reaction" => {
            let Some(target) = known(&item["reaction"]["message_id"]) else { return vec![other("reaction")] };
            let emoji = known(&item["reaction"]["emoji"]).map(str::to_owned);
            return vec![InboundEventKind::Reaction { external_id: id.to_owned(), target: target.to_owned(), emoji }];
        }
        "edit" => {
            let edit = &item["edit"];
            let text = [&edit["message"]["text"]["body"], &edit["message"]["body"]].into_iter().find_map(known);
            if let (Some(original), Some(text)) = (known(&edit["original_message_id"]), text) {
                let (external_message_id, text) = (original.to_owned(), text.to_owned());
                return vec![InboundEventKind::Edited { external_message_id, text }];
            }
            return vec![other("edit")];
        }
        "revoke" => {
            let original = known(&item["revoke"]["original_message_id"]);
            return vec![original.map_or_else(
                || other("revoke"),
                |original| InboundEventKind::Unsent { external_message_id: original.to_owned() },
            )];
        }
        "system" => {
            let to = known(&item["system"]["wa_id"]).or_else(|| known(&item["system"]["new_wa_id"]));
            return vec![to.map_or_else(|| other("system"), |to| InboundEventKind::Moved { to: to.to_owned() })];
        }
        _ => {}
    }
    let quoted = known(&item["context"]["id"]).map(str::to_owned);
    let spoken = |external_message_id: String, content, media| InboundEventKind::Message {
        external_message_id,
        content,
        media,
        quote_token: None,
        quoted_external_id: quoted.clone(),
    };
    let (content, media) = content(item, kind);
    let mut kinds = vec![spoken(id.to_owned(), content, media)];
    if let Some(caption) = known(&item[kind]["caption"]) {
        // The words under a file are a message of their own, so that nothing the customer said is lost.
        kinds.push(spoken(format!("{id}:caption"), MessageContent::Text { text: caption.to_owned() }, None));
    }
    kinds
}

fn other(event_type: &str) -> InboundEventKind {
    InboundEventKind::Unsupported { event_type: format!("message/{event_type}"), detail: None }
}

fn content(item: &Value, kind: &str) -> (MessageContent, Option<MediaSource>) {
    let body = &item[kind];
    let words = |text: &str, payload: Value| (MessageContent::Template { text: text.to_owned(), payload }, None);
    let file = |content: fn(Attachment) -> MessageContent| {
        let attachment = Attachment { file_name: known(&body["filename"]).map(str::to_owned), ..Attachment::default() };
        let source =
            known(&body["id"]).map(|id| MediaSource::Provider { external_id: id.to_owned(), transcoded: false });
        (content(attachment), source)
    };
    match kind {
        "text" => (MessageContent::Text { text: body["body"].as_str().unwrap_or_default().to_owned() }, None),
        "image" => file(MessageContent::Image),
        "video" => file(MessageContent::Video),
        "audio" | "voice" => file(MessageContent::Audio),
        "document" => file(MessageContent::File),
        "sticker" => {
            let sticker_id = known(&body["id"]).unwrap_or_default().to_owned();
            // A sticker is a picture that can be shown.
            let (_, source) = file(MessageContent::Image);
            match source {
                Some(source) => (MessageContent::Image(Attachment::default()), Some(source)),
                None => (MessageContent::Sticker { package_id: String::new(), sticker_id, keywords: vec![] }, None),
            }
        }
        "location" => {
            let (Some(latitude), Some(longitude)) = (body["latitude"].as_f64(), body["longitude"].as_f64()) else {
                return words("[a place]", json!({ "location": body }));
            };
            let text = |name: &str| known(&body[name]).map(str::to_owned);
            (MessageContent::Location { title: text("name"), address: text("address"), latitude, longitude }, None)
        }
        "contacts" => {
            let people = body.as_array().map_or(&[][..], Vec::as_slice);
            let lines = people.iter().map(|person| {
                let name = known(&person["name"]["formatted_name"]).unwrap_or_default();
                let phones = person["phones"].as_array().into_iter().flatten();
                let phones = phones.filter_map(|phone| known(&phone["phone"])).collect::<Vec<_>>().join(" ");
                format!("{name} {phones}").trim().to_owned()
            });
            words(&lines.collect::<Vec<_>>().join("\n"), json!({ "contacts": body }))
        }
        "interactive" => {
            let replies = [&body["button_reply"], &body["list_reply"], &body["nfm_reply"]];
            let reply = replies.into_iter().find(|reply| reply.is_object()).unwrap_or(&Value::Null);
            let text = [&reply["title"], &reply["body"], &reply["name"], &reply["id"]].into_iter().find_map(known);
            words(text.unwrap_or("[an answer]"), json!({ "interactive": body }))
        }
        "button" => {
            let text = [&body["text"], &body["payload"]].into_iter().find_map(known);
            words(text.unwrap_or("[button]"), json!({ "button": body }))
        }
        "order" => {
            let items = body["product_items"].as_array().map_or(&[][..], Vec::as_slice);
            let lines = items.iter().map(|item| {
                let sku = known(&item["product_retailer_id"]).unwrap_or("?");
                let currency = known(&item["currency"]).unwrap_or_default();
                format!("{} × {sku} ({} {currency})", item["quantity"], item["item_price"])
            });
            let lines: Vec<String> = std::iter::once("[order]".to_owned()).chain(lines).collect();
            words(&lines.join("\n"), json!({ "order": body }))
        }
        // The customer wrote something that Meta does not hand over: the agent must know that there was something.
        _ => {
            let errors = &item["errors"];
            words("[a message that the channel does not hand over]", json!({"unsupported": true, "errors": errors}))
        }
    }
}

/// What someone sent from the WhatsApp Business app
/// (<https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users>).
fn echo(item: &Value) -> Vec<InboundEvent> {
    let (Some(thread), Some(id)) = (thread(known(&item["to"]), None), known(&item["id"])) else {
        return vec![unsupported("echo/nobody")];
    };
    let kind = item["type"].as_str().unwrap_or_default();
    let (content, media) = content(item, kind);
    let caption = known(&item[kind]["caption"]).map(|text| (MessageContent::Text { text: text.to_owned() }, None));
    let parts = [Some((id.to_owned(), (content, media))), caption.map(|caption| (format!("{id}:caption"), caption))];
    let events = parts.into_iter().flatten().map(|(external_message_id, (content, media))| InboundEvent {
        thread: Some(thread.clone()),
        occurred_at: at(item),
        ..InboundEvent::of(InboundEventKind::Echo {
            external_message_id,
            content,
            media,
            quoted_external_id: known(&item["context"]["id"]).map(str::to_owned),
            message_id: None,
        })
    });
    events.collect()
}

fn status(item: &Value) -> InboundEvent {
    let Some(id) = known(&item["id"]) else { return unsupported("status/without_id") };
    let status = match item["status"].as_str() {
        Some("sent") => DeliveryStatus::Sent,
        Some("delivered") => DeliveryStatus::Delivered,
        Some("read" | "played") => DeliveryStatus::Read,
        Some("failed") => DeliveryStatus::Failed,
        _ => return unsupported("status/other"),
    };
    let error = &item["errors"][0];
    let failure = (status == DeliveryStatus::Failed).then(|| failure(error));
    let ours = known(&item["biz_opaque_callback_data"]).and_then(|id| Uuid::parse_str(id).ok());
    InboundEvent {
        thread: thread(known(&item["recipient_id"]), known(&item["recipient_user_id"])),
        occurred_at: at(item),
        ..InboundEvent::of(InboundEventKind::Receipt {
            external_message_id: id.to_owned(),
            status,
            failure,
            message_id: ours.map(MessageId::from_uuid),
        })
    }
}

/// The verdict on an accepted message comes as a status.
fn failure(error: &Value) -> DeliveryFailure {
    use crate::errors::{Meaning, meaning};
    let code = error["code"].as_i64().unwrap_or_default();
    let words = [&error["error_data"]["details"], &error["message"], &error["title"]].into_iter().find_map(known);
    let words: String = words.unwrap_or("WhatsApp tells no reason").chars().take(400).collect();
    let stable = match meaning(code, 0, false) {
        Meaning::WindowClosed => "window_closed",
        Meaning::Never(code) => code,
        Meaning::Unauthorized => "unauthorized",
        Meaning::Wait(_) => "rate_limited",
        Meaning::Again | Meaning::Standby => "rejected",
    };
    DeliveryFailure { code: stable.to_owned(), reason: format!("{words} ({code})") }
}

/// <https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples#received-messages-triggered-by-click-to-whatsapp-ads>
fn referral(value: &Value) -> Option<Referral> {
    let object = value.as_object()?;
    let text = |name: &str| object.get(name).and_then(known).map(str::to_owned);
    let source = text("source_type").unwrap_or_else(|| "ad".to_owned());
    let id = text("source_id");
    let is_ad = source == "ad";
    Some(Referral {
        ad_id: id.clone().filter(|_| is_ad),
        post_id: id.filter(|_| !is_ad),
        source,
        reference: None,
        title: text("headline"),
        url: text("source_url"),
        click_id: text("ctwa_clid"),
    })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
