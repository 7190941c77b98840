//! What an event of a customer's puts into the thread.

use hubchat_domain::{InboundEventKind, MediaSource, MessageContent, SystemNotice};

/// What an event puts into the thread.
pub(super) struct Spoken {
    pub(super) external_id: String,
    pub(super) content: MessageContent,
    pub(super) media: Option<MediaSource>,
    pub(super) quote_token: Option<String>,
    pub(super) quoted_external_id: Option<String>,
    pub(super) notice: Option<SystemNotice>,
    pub(super) unsent: bool,
    /// It went out by our account.
    pub(super) ours: bool,
}

impl Spoken {
    pub(super) fn of(kind: InboundEventKind, event_key: &str) -> Self {
        let plain = |external_id: String, content: MessageContent| Self {
            external_id,
            content,
            media: None,
            quote_token: None,
            quoted_external_id: None,
            notice: None,
            unsent: false,
            ours: false,
        };
        match kind {
            InboundEventKind::Message { external_message_id, content, media, quote_token, quoted_external_id } => {
                Self { media, quote_token, quoted_external_id, ..plain(external_message_id, content) }
            }
            // The edit came before its message: the newest text is what counts.
            InboundEventKind::Edited { external_message_id, text } => {
                plain(external_message_id, MessageContent::Text { text })
            }
            // Taken back before it came: its place is kept, so that it can never show.
            InboundEventKind::Unsent { external_message_id } => {
                Self { unsent: true, ..plain(external_message_id, MessageContent::System { text: String::new() }) }
            }
            InboundEventKind::Notice(notice) => Self {
                notice: Some(notice),
                ..plain(format!("notice:{event_key}"), MessageContent::System { text: notice.text().to_owned() })
            },
            InboundEventKind::Echo { external_message_id, content, media, quoted_external_id, .. } => {
                Self { media, quoted_external_id, ours: true, ..plain(external_message_id, content) }
            }
            InboundEventKind::Reaction { external_id, target, emoji } => {
                let emoji = emoji.unwrap_or_default();
                let content = MessageContent::Reaction { emoji, target: target.clone() };
                Self { quoted_external_id: Some(target), ..plain(external_id, content) }
            }
            InboundEventKind::Receipt { .. }
            | InboundEventKind::ReceiptUpTo { .. }
            | InboundEventKind::Moved { .. }
            | InboundEventKind::Unsupported { .. } => {
                plain(format!("event:{event_key}"), MessageContent::System { text: String::new() })
            }
        }
    }
}
