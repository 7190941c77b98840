//! What happened at a provider, in hubchat's words.

use serde_json::Value;

use crate::{
    DeliveryFailure, DeliveryStatus, MediaSource, MessageContent, MessageId, Profile, Referral, ThreadKind, Timestamp,
};

/// Where an event happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundThread {
    /// What kind of thread.
    pub kind: ThreadKind,
    /// The person for direct threads, the post and its commenter for comments, else the group or room.
    pub external_thread_id: String,
    /// Another id under which the provider may name the same thread.
    pub alias: Option<String>,
    /// The post, for comments.
    pub post_id: Option<String>,
}

impl InboundThread {
    /// A thread of that id, without more.
    #[must_use]
    pub fn of(kind: ThreadKind, external_thread_id: impl Into<String>) -> Self {
        Self { kind, external_thread_id: external_thread_id.into(), alias: None, post_id: None }
    }
}

/// One event of a provider, parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundEvent {
    /// Where it happened; `None` for events of the account itself.
    pub thread: Option<InboundThread>,
    /// Who did it, where that differs from the thread.
    pub sender_external_id: Option<String>,
    /// When, by the provider's clock; `None` when it tells no time, and that of the receipt counts.
    pub occurred_at: Option<Timestamp>,
    /// A one-use right to answer.
    pub reply_token: Option<String>,
    /// Another system owns the thread: show, never send.
    pub standby: bool,
    /// What the event tells of the person, for providers that tell it with every event.
    pub profile: Option<Profile>,
    /// What brought the customer.
    pub referral: Option<Referral>,
    /// The press of a button that the provider wants to know noticed.
    pub press_id: Option<String>,
    /// What happened.
    pub kind: InboundEventKind,
}

impl InboundEvent {
    /// An event of that kind of which nothing more is known yet.
    #[must_use]
    pub const fn of(kind: InboundEventKind) -> Self {
        Self {
            thread: None,
            sender_external_id: None,
            occurred_at: None,
            reply_token: None,
            standby: false,
            profile: None,
            referral: None,
            press_id: None,
            kind,
        }
    }
}

/// Something worth a line in the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemNotice {
    /// The customer added the account as a friend.
    Followed,
    /// The customer unblocked the account.
    Unblocked,
    /// The customer blocked the account.
    Blocked,
    /// The account was added to the group.
    JoinedGroup,
    /// The account was removed from the group.
    LeftGroup,
    /// People joined the group.
    MembersJoined,
    /// People left the group.
    MembersLeft,
    /// The customer came by a link or an advertisement.
    Referred,
    /// The page hid the customer's comment.
    CommentHidden,
    /// The page shows the customer's comment again.
    CommentShown,
}

impl SystemNotice {
    /// The line that agents read.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Followed => "added the account as a friend",
            Self::Unblocked => "unblocked the account",
            Self::Blocked => "blocked the account",
            Self::JoinedGroup => "the account joined the group",
            Self::LeftGroup => "the account left the group",
            Self::MembersJoined => "people joined the group",
            Self::MembersLeft => "people left the group",
            Self::Referred => "came by a link or an advertisement",
            Self::CommentHidden => "the comment was hidden",
            Self::CommentShown => "the comment is shown again",
        }
    }

    /// Whether the customer can be written to after it; `None` when it says nothing about that.
    #[must_use]
    pub const fn reachable(self) -> Option<bool> {
        match self {
            Self::Followed | Self::Unblocked | Self::JoinedGroup => Some(true),
            Self::Blocked | Self::LeftGroup => Some(false),
            Self::MembersJoined | Self::MembersLeft | Self::Referred | Self::CommentHidden | Self::CommentShown => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum InboundEventKind {
    /// The customer wrote, or pressed a button.
    Message {
        /// The provider's id; unique within the account. Events without one get their event key.
        external_message_id: String,
        /// What it says.
        content: MessageContent,
        /// Where its file is, for kinds that have one.
        media: Option<MediaSource>,
        /// What the provider needs to quote it.
        quote_token: Option<String>,
        /// The provider's id of the message that it answers.
        quoted_external_id: Option<String>,
    },
    /// The customer changed a message.
    Edited {
        /// Which.
        external_message_id: String,
        /// The new text.
        text: String,
    },
    /// The customer took a message back.
    Unsent {
        /// Which.
        external_message_id: String,
    },
    /// The provider tells how far a message of ours has come.
    Receipt {
        /// Which.
        external_message_id: String,
        /// How far.
        status: DeliveryStatus,
        /// Why it failed.
        failure: Option<DeliveryFailure>,
        /// Our own id, where the provider gives it back.
        message_id: Option<MessageId>,
    },
    /// The provider tells how far all messages of ours have come that were sent in the thread until then.
    ReceiptUpTo {
        /// Until when.
        until: Timestamp,
        /// How far.
        status: DeliveryStatus,
    },
    /// A message that went out by our account: sent by us, or by someone in the provider's own app.
    Echo {
        /// The provider's id.
        external_message_id: String,
        /// What it says.
        content: MessageContent,
        /// Where its file is, for kinds that have one.
        media: Option<MediaSource>,
        /// The provider's id of the message that it answers.
        quoted_external_id: Option<String>,
        /// Our own id, where the provider gives it back.
        message_id: Option<MessageId>,
    },
    /// The customer reacted to a message.
    Reaction {
        /// What makes the reaction unique.
        external_id: String,
        /// To which message.
        target: String,
        /// With what; `None` when the reaction was taken back.
        emoji: Option<String>,
    },
    /// The thread goes on under another id.
    Moved {
        /// That id.
        to: String,
    },
    /// Something worth a line in the thread.
    Notice(SystemNotice),
    /// Nothing that hubchat uses; kept raw.
    Unsupported {
        /// The provider's name for it.
        event_type: String,
        /// What more may help an operator.
        detail: Option<Value>,
    },
}

impl InboundEventKind {
    /// Whether the customer speaks: such an event opens leads and reopens threads.
    #[must_use]
    pub const fn is_customer_message(&self) -> bool {
        matches!(self, Self::Message { .. })
    }
}
