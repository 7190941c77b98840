//! What may be sent, on the wire.

use hubchat_core::{
    SendOptionsView,
    domain::{MediaLimit, MessageKind, SendMode, SendOption, SendRefusal},
};
use poem_openapi::Object;

use super::{Moment, Named};

/// One way in which something may be sent now.
#[derive(Debug, Object)]
#[oai(rename = "SendOption", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OptionView {
    /// By which right it goes out.
    mode: Named<SendMode>,
    /// What may go out so.
    message_types: Vec<Named<MessageKind>>,
    /// From this moment on it may no longer; absent when no end is known.
    until: Option<Moment>,
    /// Only what a person wrote may go out so: send it with `writtenBy` PERSON.
    persons_only: bool,
    /// The provider charges for it or counts it against an allowance.
    charged: bool,
}

impl From<SendOption> for OptionView {
    fn from(option: SendOption) -> Self {
        Self {
            persons_only: option.mode.is_for_persons_only(),
            charged: option.mode.is_charged(),
            mode: Named(option.mode),
            message_types: option.kinds.into_iter().map(Named).collect(),
            until: option.until.map(Moment),
        }
    }
}

/// Why nothing, or nothing more, may be sent now.
#[derive(Debug, Object)]
#[oai(rename = "SendRefusalReason", rename_all = "camelCase")]
struct RefusalView {
    /// A stable code.
    code: Named<SendRefusal>,
    /// The reason in words.
    reason: String,
}

/// How large a file of a type may be.
#[derive(Debug, Object)]
#[oai(rename = "MediaLimit", rename_all = "camelCase")]
struct LimitView {
    /// The type of message.
    message_type: Named<MessageKind>,
    /// The most bytes.
    max_bytes: u64,
    /// The types of file; empty when the provider names none.
    content_types: Vec<String>,
}

impl From<&MediaLimit> for LimitView {
    fn from(limit: &MediaLimit) -> Self {
        Self {
            message_type: Named(limit.kind),
            max_bytes: limit.max_bytes,
            content_types: limit.content_types.iter().map(|&name| name.to_owned()).collect(),
        }
    }
}

/// What may be sent in a conversation now, by which right, until when, and why not.
#[derive(Debug, Object)]
#[oai(rename = "SendOptions", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct SendOptionsBody {
    /// Whether anything may be sent.
    allowed: bool,
    /// The ways, the best first.
    options: Vec<OptionView>,
    /// Why there is none, or why there are no more.
    refusal: Option<RefusalView>,
    /// Why sends wait at present, when the account is not active; they go out once it is.
    waits_because: Option<String>,
    /// The most UTF-16 units of text in one message.
    max_text_length: usize,
    /// What files may be, where the provider tells.
    media_limits: Vec<LimitView>,
    /// The moment that this is for.
    at: Moment,
}

impl From<SendOptionsView> for SendOptionsBody {
    fn from(view: SendOptionsView) -> Self {
        let refusal = view.options.refusal;
        Self {
            allowed: !view.options.options.is_empty(),
            options: view.options.options.into_iter().map(OptionView::from).collect(),
            refusal: refusal.map(|code| RefusalView { code: Named(code), reason: code.words().to_owned() }),
            waits_because: view.waits.map(str::to_owned),
            max_text_length: view.max_text_utf16,
            media_limits: view.media_limits.iter().map(LimitView::from).collect(),
            at: Moment(view.at),
        }
    }
}
