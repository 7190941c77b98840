//! Understanding one event of Messenger or Instagram.

use hubchat_domain::{
    DeliveryStatus, InboundEvent, InboundEventKind, InboundThread, MediaSource, MessageContent, MessageId, Referral,
    SystemNotice, ThreadKind, Timestamp,
};
use hubchat_ports::InvalidEvent;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Family, attachments, comments};

/// What the echo of the last part of a message of ours carries.
pub(super) const OURS: &str = "hubchat:";
/// What the echo of an earlier part carries.
pub(super) const PART: &str = "hubchat-part:";

/// Understands an event of [`split`](super::split).
pub(crate) fn parse(family: Family, raw: &[u8]) -> Result<Vec<InboundEvent>, InvalidEvent> {
    let event: Value = serde_json::from_slice(raw).map_err(|_| InvalidEvent { reason: "it is not JSON".to_owned() })?;
    let Some(entry) = event["entry"].as_str() else { return Ok(vec![unsupported("foreign")]) };
    if event["change"].is_object() {
        let time = event["time"].as_i64().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000)));
        return Ok(comments::parse(family, entry, time, &event["change"]));
    }
    let (item, standby) = match (&event["messaging"], &event["standby"]) {
        (item @ Value::Object(_), _) => (item, false),
        (_, item @ Value::Object(_)) => (item, true),
        _ => return Ok(vec![unsupported("foreign")]),
    };
    let is_echo = item["message"]["is_echo"] == true;
    let person = if is_echo { &item["recipient"]["id"] } else { &item["sender"]["id"] };
    let Some(person) = known(person) else { return Ok(vec![unsupported("nobody")]) };
    // A plugin's visitor who has no page-scoped id yet cannot be told from the page.
    if person == entry {
        return Ok(vec![unsupported("own")]);
    }
    let events = kinds(family, item, person);
    let thread = InboundThread::of(ThreadKind::Direct, person);
    let occurred_at = item["timestamp"].as_i64().map(Timestamp::from_millis);
    let referral = [&item["referral"], &item["message"]["referral"], &item["postback"]["referral"]];
    let referral = referral.into_iter().find_map(referral_of);
    Ok(events
        .into_iter()
        .map(|kind| InboundEvent {
            thread: Some(thread.clone()),
            occurred_at,
            standby,
            referral: referral.clone(),
            ..InboundEvent::of(kind)
        })
        .collect())
}

pub(super) fn known(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// A kind that hubchat does not use.
pub(super) fn unsupported(event_type: &str) -> InboundEvent {
    InboundEvent::of(kind_unsupported(event_type))
}

fn kind_unsupported(event_type: &str) -> InboundEventKind {
    InboundEventKind::Unsupported { event_type: event_type.to_owned(), detail: None }
}

fn kinds(family: Family, item: &Value, person: &str) -> Vec<InboundEventKind> {
    if item["message"].is_object() {
        return message(&item["message"]);
    }
    if item["postback"].is_object() {
        return vec![postback(item, person)];
    }
    if let Some(mid) = known(&item["reaction"]["mid"]) {
        return vec![reaction(item, mid, person)];
    }
    if item["read"].is_object() {
        return vec![read(family, item)];
    }
    if item["delivery"].is_object() {
        return delivery(&item["delivery"]);
    }
    if let (Some(mid), Some(text)) = (known(&item["message_edit"]["mid"]), item["message_edit"]["text"].as_str()) {
        return vec![InboundEventKind::Edited { external_message_id: mid.to_owned(), text: text.to_owned() }];
    }
    if item["referral"].is_object() {
        return vec![InboundEventKind::Notice(SystemNotice::Referred)];
    }
    let known_kinds = ["pass_thread_control", "take_thread_control", "request_thread_control", "optin", "feedback"];
    let kind = known_kinds.into_iter().find(|name| item.get(name).is_some());
    vec![kind_unsupported(kind.unwrap_or("unknown"))]
}

fn message(message: &Value) -> Vec<InboundEventKind> {
    let Some(mid) = known(&message["mid"]) else { return vec![kind_unsupported("message/without_id")] };
    if message["is_deleted"] == true {
        return vec![InboundEventKind::Unsent { external_message_id: mid.to_owned() }];
    }
    let quoted = known(&message["reply_to"]["mid"]).map(str::to_owned);
    let mut said = attachments::said(message);
    if said.is_empty() {
        // The customer wrote something that Meta does not hand over: the agent must know that there was something.
        let text = "[a message that the channel does not hand over]".to_owned();
        said.push((MessageContent::Template { text, payload: json!({"unsupported": true}) }, None));
    }
    let is_echo = message["is_echo"] == true;
    let metadata = known(&message["metadata"]).filter(|_| is_echo);
    if metadata.is_some_and(|metadata| metadata.starts_with(PART)) {
        return vec![kind_unsupported("echo/part")];
    }
    let message_id = metadata
        .and_then(|metadata| metadata.strip_prefix(OURS))
        .and_then(|id| Uuid::parse_str(id).ok())
        .map(MessageId::from_uuid);
    said.into_iter()
        .enumerate()
        .map(|(number, (content, media))| {
            let external_message_id = if number == 0 { mid.to_owned() } else { format!("{mid}#{number}") };
            let quoted_external_id = quoted.clone();
            if is_echo {
                return InboundEventKind::Echo { external_message_id, content, media, quoted_external_id, message_id };
            }
            InboundEventKind::Message { external_message_id, content, media, quote_token: None, quoted_external_id }
        })
        .collect()
}

fn postback(item: &Value, person: &str) -> InboundEventKind {
    let postback = &item["postback"];
    let id = known(&postback["mid"]).map_or_else(|| format!("{person}:{}", item["timestamp"]), str::to_owned);
    let words = [&postback["title"], &postback["payload"]].into_iter().find_map(known).unwrap_or("[button]");
    InboundEventKind::Message {
        external_message_id: format!("postback:{id}"),
        content: MessageContent::Template {
            text: words.to_owned(),
            payload: json!({"postback": {"title": postback["title"], "payload": postback["payload"]}}),
        },
        media: None::<MediaSource>,
        quote_token: None,
        quoted_external_id: None,
    }
}

fn reaction(item: &Value, mid: &str, person: &str) -> InboundEventKind {
    let reaction = &item["reaction"];
    let taken_back = reaction["action"] == "unreact";
    let emoji = [&reaction["emoji"], &reaction["reaction"]].into_iter().find_map(known).unwrap_or("❤");
    InboundEventKind::Reaction {
        external_id: format!("reaction:{mid}:{person}:{}", item["timestamp"]),
        target: mid.to_owned(),
        emoji: (!taken_back).then(|| emoji.to_owned()),
    }
}

/// Messenger tells until when everything was read; Instagram tells one message, which was read when the event
/// happened, and everything before it.
fn read(family: Family, item: &Value) -> InboundEventKind {
    let watermark = match family {
        Family::Facebook => item["read"]["watermark"].as_i64(),
        Family::Instagram => item["timestamp"].as_i64(),
    };
    match watermark {
        Some(until) => {
            InboundEventKind::ReceiptUpTo { until: Timestamp::from_millis(until), status: DeliveryStatus::Read }
        }
        None => kind_unsupported("read/without_time"),
    }
}

fn delivery(delivery: &Value) -> Vec<InboundEventKind> {
    let status = DeliveryStatus::Delivered;
    let mids = delivery["mids"].as_array().into_iter().flatten().filter_map(known);
    let mut kinds: Vec<InboundEventKind> = mids
        .map(|mid| InboundEventKind::Receipt {
            external_message_id: mid.to_owned(),
            status,
            failure: None,
            message_id: None,
        })
        .collect();
    if let Some(until) = delivery["watermark"].as_i64() {
        kinds.push(InboundEventKind::ReceiptUpTo { until: Timestamp::from_millis(until), status });
    }
    if kinds.is_empty() {
        kinds.push(kind_unsupported("delivery/empty"));
    }
    kinds
}

/// <https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_referrals>
fn referral_of(value: &Value) -> Option<Referral> {
    let object = value.as_object()?;
    let text = |name: &str| object.get(name).and_then(known).map(str::to_owned);
    let ad = &value["ads_context_data"];
    Some(Referral {
        source: text("source").or_else(|| text("type")).unwrap_or_else(|| "REFERRAL".to_owned()),
        reference: text("ref"),
        ad_id: text("ad_id"),
        title: known(&ad["ad_title"]).map(str::to_owned),
        url: text("referer_uri"),
        post_id: known(&ad["post_id"]).map(str::to_owned),
        click_id: None,
    })
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
