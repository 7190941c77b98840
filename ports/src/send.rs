//! Sending a message through a channel.

use std::time::Duration;

use hubchat_domain::{MessageContent, MessageId, ReplyHandle, SendMode, ThreadKind};

/// A file that a message to be sent carries, by addresses that the provider can fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// The file itself: HTTPS.
    pub url: String,
    /// A small picture of it: HTTPS; for images the file itself when there is none.
    pub preview_url: Option<String>,
    /// Its name.
    pub file_name: Option<String>,
    /// Its type.
    pub content_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
    /// How long it plays.
    pub duration: Option<Duration>,
}

/// One message to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SendRequest {
    /// The message; also the idempotency key where the provider takes one.
    pub message_id: MessageId,
    /// What kind of thread it goes to.
    pub thread_kind: ThreadKind,
    /// The provider's id of the thread, or wherever the thread goes on.
    pub external_thread_id: String,
    /// By which right it goes out.
    pub mode: SendMode,
    /// The comment that a private reply answers.
    pub comment_id: Option<String>,
    /// What it says.
    pub content: MessageContent,
    /// Its file, for kinds that have one.
    pub file: Option<OutgoingFile>,
    /// What the provider needs to quote the message that it answers.
    pub quote_token: Option<String>,
    /// The provider's id of that message.
    pub quoted_external_id: Option<String>,
    /// Use this right to answer; otherwise send of our own accord.
    pub reply_handle: Option<ReplyHandle>,
}

/// What the provider accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentMessage {
    /// The provider's ids, one per part, in order; empty when it told none.
    pub external_ids: Vec<String>,
    /// The provider's id of the person in private, as the answer to a private reply tells it.
    pub recipient_id: Option<String>,
    /// The provider had accepted the same idempotency key before.
    pub duplicate: bool,
    /// The provider's id of the request, for its support.
    pub request_id: Option<String>,
}

/// Why a message was not sent. Each variant says what the caller can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// Nothing was sent and it was nobody's fault. Try again, not before `after`.
    #[error("not sent, may be tried again: {reason}")]
    Retry {
        /// The least wait, when the provider told one.
        after: Option<Duration>,
        /// What happened, without content.
        reason: String,
    },
    /// Nothing was sent: too many requests. Try again, not before `after`; no attempt is counted.
    #[error("not sent, too many requests: {reason}")]
    RateLimited {
        /// The least wait, when the provider told one.
        after: Option<Duration>,
        /// What happened, without content.
        reason: String,
    },
    /// Nothing was sent and nothing will be: the content, the recipient or the plan forbids it.
    #[error("refused: {reason}")]
    Rejected {
        /// A stable code: `invalid_content`, `quota_exhausted`, `forbidden`, `recipient_unreachable`.
        code: &'static str,
        /// The provider's reason, in words for an agent.
        reason: String,
    },
    /// Nothing was sent: the provider refuses the account's credentials.
    #[error("credentials refused: {reason}")]
    Unauthorized {
        /// The provider's reason, in words for an operator.
        reason: String,
    },
    /// Nothing was sent: the channel's window for such messages is closed.
    #[error("window closed: {reason}")]
    WindowClosed {
        /// The provider's reason, in words for an agent.
        reason: String,
    },
    /// By this request nothing was sent: the right to answer is used or expired.
    #[error("reply handle refused: {reason}")]
    ReplyHandleRefused {
        /// The provider's reason.
        reason: String,
    },
    /// The request left and no answer came, or none that can be trusted: nobody knows.
    #[error("outcome unknown: {reason}")]
    Uncertain {
        /// What happened, without content.
        reason: String,
    },
}
