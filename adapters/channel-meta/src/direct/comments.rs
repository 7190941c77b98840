//! Comments under the posts of a page or of an Instagram account
//! (<https://developers.facebook.com/docs/graph-api/webhooks/reference/page/#feed>,
//! <https://developers.facebook.com/docs/instagram-platform/webhooks>).

use hubchat_domain::{
    Attachment, InboundEvent, InboundEventKind, InboundThread, MediaSource, MessageContent, Profile, Referral,
    SystemNotice, ThreadKind, Timestamp,
};
use serde_json::Value;

use super::{
    Family,
    parse::{known, unsupported},
};

/// Understands a change of an entry.
pub(super) fn parse(family: Family, entry: &str, time: Option<Timestamp>, change: &Value) -> Vec<InboundEvent> {
    let value = &change["value"];
    match (family, change["field"].as_str()) {
        (Family::Facebook, Some("feed")) => feed(entry, value),
        (Family::Instagram, Some("comments" | "live_comments")) => instagram(entry, time, value),
        _ => vec![unsupported("change/other")],
    }
}

/// Who said it, about what.
struct About<'a> {
    post: &'a str,
    id: &'a str,
    from: Option<&'a str>,
    name: Option<&'a str>,
    at: Option<Timestamp>,
    referral: Option<Referral>,
}

impl About<'_> {
    fn event(&self, kind: InboundEventKind) -> InboundEvent {
        // Whoever is not told apart has a thread for each comment.
        let thread = self.from.map_or_else(|| self.id.to_owned(), |from| format!("{}:{from}", self.post));
        InboundEvent {
            thread: Some(InboundThread {
                post_id: Some(self.post.to_owned()),
                ..InboundThread::of(ThreadKind::Comment, thread)
            }),
            sender_external_id: self.from.map(str::to_owned),
            occurred_at: self.at,
            profile: self.name.map(|name| Profile { display_name: Some(name.to_owned()), ..Profile::default() }),
            referral: self.referral.clone(),
            ..InboundEvent::of(kind)
        }
    }

    fn said(
        &self,
        id: String,
        content: MessageContent,
        media: Option<MediaSource>,
        answers: Option<&str>,
    ) -> InboundEvent {
        self.event(InboundEventKind::Message {
            external_message_id: id,
            content,
            media,
            quote_token: None,
            quoted_external_id: answers.map(str::to_owned),
        })
    }
}

fn feed(entry: &str, value: &Value) -> Vec<InboundEvent> {
    let (item, verb) = (value["item"].as_str().unwrap_or_default(), value["verb"].as_str().unwrap_or_default());
    let from = known(&value["from"]["id"]);
    if from == Some(entry) {
        return vec![unsupported("feed/own")];
    }
    let Some(post) = known(&value["post_id"]) else { return vec![unsupported("feed/without_post")] };
    let id = match item {
        "comment" => known(&value["comment_id"]),
        // What a visitor writes on the page is answered as a comment is.
        "post" => Some(post),
        _ => return vec![unsupported("feed/noise")],
    };
    let Some(id) = id else { return vec![unsupported("feed/without_id")] };
    let promoted = value["post"]["promotion_status"] == "active";
    let about = About {
        post,
        id,
        from,
        name: known(&value["from"]["name"]),
        at: value["created_time"].as_i64().map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000))),
        referral: promoted.then(|| Referral {
            source: "ADS".to_owned(),
            post_id: Some(post.to_owned()),
            ..Referral::default()
        }),
    };
    match verb {
        "add" => added(&about, value),
        "edited" => match value["message"].as_str() {
            Some(text) => vec![
                about.event(InboundEventKind::Edited { external_message_id: id.to_owned(), text: text.to_owned() }),
            ],
            None => vec![unsupported("feed/edited_file")],
        },
        "remove" => vec![about.event(InboundEventKind::Unsent { external_message_id: id.to_owned() })],
        "hide" => vec![about.event(InboundEventKind::Notice(SystemNotice::CommentHidden))],
        "unhide" => vec![about.event(InboundEventKind::Notice(SystemNotice::CommentShown))],
        _ => vec![unsupported("feed/verb")],
    }
}

fn added(about: &About<'_>, value: &Value) -> Vec<InboundEvent> {
    // A comment under a comment names it as its parent; one under the post names the post.
    let parent = known(&value["parent_id"]).filter(|parent| *parent != about.post);
    let mut events = Vec::new();
    if let Some(text) = known(&value["message"]) {
        let content = MessageContent::Text { text: text.to_owned() };
        events.push(about.said(about.id.to_owned(), content, None, parent));
    }
    for name in ["photo", "video"] {
        let content = if name == "photo" { MessageContent::Image } else { MessageContent::Video };
        if let Some(url) = known(&value[name]) {
            let id = if events.is_empty() { about.id.to_owned() } else { format!("{}#{name}", about.id) };
            let source = MediaSource::Url { url: url.to_owned() };
            events.push(about.said(id, content(Attachment::default()), Some(source), parent));
        }
    }
    if events.is_empty() {
        // A sticker or a picture that Meta does not hand over.
        let text = "[a comment without words]".to_owned();
        let content = MessageContent::Template { text, payload: serde_json::json!({"unsupported": true}) };
        events.push(about.said(about.id.to_owned(), content, None, parent));
    }
    events
}

fn instagram(entry: &str, time: Option<Timestamp>, value: &Value) -> Vec<InboundEvent> {
    let from = known(&value["from"]["id"]);
    if from == Some(entry) {
        return vec![unsupported("comment/own")];
    }
    let (Some(id), Some(post)) = (known(&value["id"]), known(&value["media"]["id"])) else {
        return vec![unsupported("comment/without_id")];
    };
    let media = &value["media"];
    // An advertisement shows a post of its own making; the thread is about the one that people know.
    let post = known(&media["original_media_id"]).unwrap_or(post);
    let ad = known(&media["ad_id"]);
    let about = About {
        post,
        id,
        from,
        name: known(&value["from"]["username"]),
        at: time,
        referral: ad.map(|ad| Referral {
            source: "ADS".to_owned(),
            ad_id: Some(ad.to_owned()),
            title: known(&media["ad_title"]).map(str::to_owned),
            post_id: Some(post.to_owned()),
            ..Referral::default()
        }),
    };
    let text = known(&value["text"]).unwrap_or("[a comment without words]");
    let content = MessageContent::Text { text: text.to_owned() };
    vec![about.said(id.to_owned(), content, None, known(&value["parent_id"]))]
}
