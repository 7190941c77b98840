//! What Messenger and Instagram share: one form of webhook, one form of message.

mod attachments;
mod comments;
mod outgoing;
mod parse;
mod reading;
mod send;
mod split;

pub(crate) use outgoing::{Limits, check};
pub(crate) use parse::parse;
pub(crate) use reading::{media, signal};
pub(crate) use send::send;
pub(crate) use split::split;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Pages: Messenger and comments.
    Facebook,
    /// Instagram: messages and comments.
    Instagram,
}

impl Family {
    /// The webhook's word for it.
    pub(crate) const fn object(self) -> &'static str {
        match self {
            Self::Facebook => "page",
            Self::Instagram => "instagram",
        }
    }
}
