//! What there is: channels with what a customer can do there, customers, sample pictures.

use serde_json::{Value, json};

use super::{Phone, page};
use crate::exchange::Answer;
use crate::meta::{FakeMeta, MetaObject};

/// What a customer can do at each channel, besides writing: what its webhooks tell of.
pub(super) fn abilities(channel: &str) -> &'static [&'static str] {
    match channel {
        "line" => &["picture", "file", "sticker", "unsend", "block"],
        "telegram" => &["picture", "file", "edit", "block"],
        "messenger" => &["picture", "file", "react", "edit", "quote", "delivered", "read", "block"],
        "comment" => &["edit", "remove"],
        "instagram" => &["picture", "file", "react", "unsend", "quote", "read", "block"],
        "whatsapp" => &["picture", "file", "react", "edit", "unsend", "quote", "delivered", "read", "block"],
        // Of comments at Instagram no edit and no removal is told.
        _ => &[],
    }
}

impl Phone {
    pub(super) fn look(&self) -> Answer {
        let seq = self.timeline.told(u64::MAX, 1);
        Answer::ok(&json!({
            "epoch": seq["epoch"],
            "channels": self.channels(),
            "customers": self.customers(),
            "pictures": page::PICTURES.iter().map(|picture| json!({
                "name": picture.name, "title": picture.title, "url": format!("/phone/pictures/{}", picture.name),
            })).collect::<Vec<Value>>(),
            "templates": self.meta.templates_told(),
        }))
    }

    fn channels(&self) -> Vec<Value> {
        let mut channels = Vec::new();
        let mut add = |channel: &str, id: &str, name: &str| {
            let mut told = json!({"channel": channel, "accountId": id, "accountName": name, "can": abilities(channel)});
            match channel {
                "comment" => told["postId"] = json!(FakeMeta::usual_post(id)),
                "instagram_comment" => told["postId"] = json!(FakeMeta::usual_media()),
                _ => {}
            }
            channels.push(told);
        };
        for line in self.line.channels().iter().take(1) {
            add("line", &line.destination, &line.display_name);
        }
        if let Some((id, name)) = self.meta.first_account(MetaObject::Page) {
            add("messenger", &id, &name);
            add("comment", &id, &name);
        }
        if let Some((id, name)) = self.meta.first_account(MetaObject::Instagram) {
            add("instagram", &id, &name);
            add("instagram_comment", &id, &name);
        }
        if let Some((id, name)) = self.meta.first_account(MetaObject::Whatsapp) {
            add("whatsapp", &id, &name);
        }
        for bot in self.telegram.bots().iter().take(1) {
            add("telegram", &bot.id.to_string(), &bot.first_name);
        }
        channels
    }
}
