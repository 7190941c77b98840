//! What may be sent in a conversation now, as what, until when, and why not.
//!
//! One pure function a channel, over what is known of the conversation and the time. The same answer is shown
//! to agents before they write and given to those who send regardless.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{ChannelType, ConversationRecord, MessageContent, MessageKind, ThreadKind, Timestamp, channel::named};

/// For how long after the customer's last word Meta lets a business answer freely
/// (<https://developers.facebook.com/docs/messenger-platform/policy/policy-overview>,
/// <https://developers.facebook.com/docs/whatsapp/pricing#customer-service-windows>).
const WINDOW: Duration = Duration::from_hours(24);
/// For how long a person may still answer, with the human-agent tag.
const HUMAN_AGENT_WINDOW: Duration = Duration::from_hours(7 * 24);
/// For how long a comment may get its one private reply
/// (<https://developers.facebook.com/docs/messenger-platform/discovery/private-replies>).
const PRIVATE_REPLY_WINDOW: Duration = Duration::from_hours(7 * 24);

/// By which right a message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SendMode {
    /// As the answer to an event, free of charge (LINE's reply token).
    Reply,
    /// Of our own accord, from the account's paid allowance (LINE's push).
    Push,
    /// As an ordinary message.
    Standard,
    /// As a person's late answer (Meta's `HUMAN_AGENT` tag).
    HumanAgent,
    /// As a template that the provider approved; it costs.
    Template,
    /// As the one private reply to a comment: text only.
    PrivateReply,
}

named!(SendMode {
    Reply => "REPLY", Push => "PUSH", Standard => "STANDARD", HumanAgent => "HUMAN_AGENT", Template => "TEMPLATE",
    PrivateReply => "PRIVATE_REPLY",
});

impl SendMode {
    /// Whether only what a person wrote may go out so.
    #[must_use]
    pub const fn is_for_persons_only(self) -> bool {
        matches!(self, Self::HumanAgent)
    }

    /// Whether the provider charges for it or counts it against an allowance.
    #[must_use]
    pub const fn is_charged(self) -> bool {
        matches!(self, Self::Push | Self::Template)
    }
}

/// One way in which something may be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOption {
    /// By which right.
    pub mode: SendMode,
    /// What may go out so.
    pub kinds: Vec<MessageKind>,
    /// From this moment on it may no longer; `None` when no end is known.
    pub until: Option<Timestamp>,
}

/// Why something may not be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SendRefusal {
    /// Another system owns the thread now.
    Standby,
    /// The customer blocked the account, or the account left the group.
    Unreachable,
    /// The customer's last word is too long ago.
    WindowClosed,
    /// It is too late for a program's message; a person may still write.
    PersonsOnly,
    /// Only an approved template may be sent now.
    TemplateOnly,
    /// The first answer to a comment is text.
    TextOnly,
    /// The comment had its private reply; the person has to answer first.
    AwaitingAnswer,
    /// The comment is too old for a private reply.
    CommentTooOld,
    /// The channel cannot carry this kind of message.
    KindUnsupported,
}

named!(SendRefusal {
    Standby => "STANDBY", Unreachable => "UNREACHABLE", WindowClosed => "WINDOW_CLOSED",
    PersonsOnly => "PERSONS_ONLY", TemplateOnly => "TEMPLATE_ONLY", TextOnly => "TEXT_ONLY",
    AwaitingAnswer => "AWAITING_ANSWER", CommentTooOld => "COMMENT_TOO_OLD", KindUnsupported => "KIND_UNSUPPORTED",
});

impl SendRefusal {
    /// The reason in words for an agent.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Standby => "another system answers this conversation now",
            Self::Unreachable => "the customer blocked the account, or the account left the group",
            Self::WindowClosed => "the customer's last message is too long ago for this channel",
            Self::PersonsOnly => "the free window is over: only what a person wrote may be sent until the seventh day",
            Self::TemplateOnly => "the free window is over: only an approved template may be sent",
            Self::TextOnly => "the first answer to a comment is text; pictures and files may follow",
            Self::AwaitingAnswer => "the comment had its private reply; the customer has to answer first",
            Self::CommentTooOld => "a comment can be answered in private for seven days",
            Self::KindUnsupported => "the channel does not carry this kind of message",
        }
    }
}

/// What the policy looks at.
#[derive(Debug, Clone, Copy)]
pub struct SendFacts<'a> {
    /// The conversation.
    pub conversation: &'a ConversationRecord,
    /// Whether the customer can be written to, as far as is known.
    pub reachable: bool,
    /// What the channel carries.
    pub kinds: &'a [MessageKind],
}

/// What may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendOptions {
    /// The ways, the best first; empty when there is none.
    pub options: Vec<SendOption>,
    /// Why there is none, or why there are no more.
    pub refusal: Option<SendRefusal>,
}

impl SendOptions {
    fn none(refusal: SendRefusal) -> Self {
        Self { options: Vec::new(), refusal: Some(refusal) }
    }

    fn only(option: SendOption, refusal: Option<SendRefusal>) -> Self {
        Self { options: vec![option], refusal }
    }

    /// The way by which this content may go out, or why it may not. Public answers are no part of the policy:
    /// whoever may comment may answer a comment.
    pub fn choose(&self, content: &MessageContent, by_person: bool) -> Result<SendMode, SendRefusal> {
        let kind = content.kind();
        if kind == MessageKind::PublicReply {
            return Ok(SendMode::Standard);
        }
        let fits = |option: &&SendOption| option.kinds.contains(&kind);
        let mut fitting = self.options.iter().filter(fits);
        if let Some(option) = fitting.clone().find(|option| by_person || !option.mode.is_for_persons_only()) {
            return Ok(option.mode);
        }
        let has = |mode| self.options.iter().any(|option| option.mode == mode);
        Err(match self.refusal {
            _ if fitting.next().is_some() => SendRefusal::PersonsOnly,
            Some(refusal) if self.options.is_empty() => refusal,
            _ if has(SendMode::PrivateReply) => SendRefusal::TextOnly,
            Some(refusal @ SendRefusal::TemplateOnly) => refusal,
            _ => SendRefusal::KindUnsupported,
        })
    }
}

/// What may be sent in a conversation now.
#[must_use]
pub fn send_options(facts: &SendFacts<'_>, now: Timestamp) -> SendOptions {
    let thread = facts.conversation;
    if thread.standby {
        return SendOptions::none(SendRefusal::Standby);
    }
    if !facts.reachable {
        return SendOptions::none(SendRefusal::Unreachable);
    }
    match thread.channel_type {
        ChannelType::Line => line(facts, now),
        ChannelType::Facebook | ChannelType::Instagram if thread.thread_kind == ThreadKind::Comment => {
            comment(facts, now)
        }
        ChannelType::Facebook | ChannelType::Instagram => meta_direct(facts, thread.last_inbound_at, now),
        ChannelType::Whatsapp => whatsapp(facts, now),
        ChannelType::Telegram
        | ChannelType::Webchat
        | ChannelType::Tiktok
        | ChannelType::Shopee
        | ChannelType::Lazada => SendOptions::only(option(SendMode::Standard, facts.kinds, None), None),
    }
}

fn option(mode: SendMode, kinds: &[MessageKind], until: Option<Timestamp>) -> SendOption {
    SendOption { mode, kinds: kinds.to_vec(), until }
}

/// The end of a time that began then, unless it is over: its last moment is the one before the end.
fn open_until(began: Option<Timestamp>, lasts: Duration, now: Timestamp) -> Option<Timestamp> {
    began.map(|at| at.plus(lasts)).filter(|end| now < *end)
}

/// Free as an answer while the right to it lasts, from the allowance at any time.
fn line(facts: &SendFacts<'_>, now: Timestamp) -> SendOptions {
    let handle = facts.conversation.reply_handle.as_ref().filter(|handle| now < handle.expires_at);
    let reply = handle.map(|handle| option(SendMode::Reply, facts.kinds, Some(handle.expires_at)));
    let push = option(SendMode::Push, facts.kinds, None);
    SendOptions { options: reply.into_iter().chain([push]).collect(), refusal: None }
}

/// Messenger and Instagram: anyone for a day, a person for a week.
fn meta_direct(facts: &SendFacts<'_>, last_word: Option<Timestamp>, now: Timestamp) -> SendOptions {
    if let Some(until) = open_until(last_word, WINDOW, now) {
        return SendOptions::only(option(SendMode::Standard, facts.kinds, Some(until)), None);
    }
    match open_until(last_word, HUMAN_AGENT_WINDOW, now) {
        Some(until) => {
            let late = option(SendMode::HumanAgent, facts.kinds, Some(until));
            SendOptions::only(late, Some(SendRefusal::PersonsOnly))
        }
        None => SendOptions::none(SendRefusal::WindowClosed),
    }
}

/// A comment: one private reply, and then as any private thread once the person answers.
fn comment(facts: &SendFacts<'_>, now: Timestamp) -> SendOptions {
    let Some(thread) = &facts.conversation.comment else { return SendOptions::none(SendRefusal::WindowClosed) };
    let private = meta_direct(facts, thread.wrote_in_private_at, now);
    if !private.options.is_empty() {
        return private;
    }
    if thread.replied_at.is_some() {
        let answered = thread.wrote_in_private_at.is_some();
        return SendOptions::none(if answered { SendRefusal::WindowClosed } else { SendRefusal::AwaitingAnswer });
    }
    let at = thread.comment_id.as_ref().and(thread.commented_at);
    match open_until(at, PRIVATE_REPLY_WINDOW, now) {
        Some(until) => {
            let reply = option(SendMode::PrivateReply, &[MessageKind::Text], Some(until));
            SendOptions::only(reply, Some(SendRefusal::TextOnly))
        }
        None => SendOptions::none(SendRefusal::CommentTooOld),
    }
}

/// WhatsApp: anything for a day, approved templates at any time.
fn whatsapp(facts: &SendFacts<'_>, now: Timestamp) -> SendOptions {
    let template = option(SendMode::Template, &[MessageKind::Template], None);
    match open_until(facts.conversation.last_inbound_at, WINDOW, now) {
        Some(until) => {
            let free: Vec<MessageKind> =
                facts.kinds.iter().copied().filter(|kind| *kind != MessageKind::Template).collect();
            SendOptions { options: vec![option(SendMode::Standard, &free, Some(until)), template], refusal: None }
        }
        None => SendOptions::only(template, Some(SendRefusal::TemplateOnly)),
    }
}

#[cfg(test)]
#[path = "send_policy_tests.rs"]
mod tests;
