//! What LINE's refusals mean
//! (<https://developers.line.biz/en/reference/messaging-api/#status-codes>,
//! <https://developers.line.biz/en/docs/messaging-api/retrying-api-request/>).

use hubchat_ports::{FetchError, SendError};
use hubchat_provider_http::{ProviderError, ProviderResponse};

use crate::wire::Refusal;

/// By which door a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// With a reply token: nothing recognises a repetition but the token itself.
    Reply,
    /// With a retry key: a repetition is recognised.
    Push,
}

/// LINE's words for a refusal. They quote properties of the request, never the customer's text.
fn words(response: &ProviderResponse) -> String {
    let refusal: Refusal = response.json().unwrap_or_default();
    let details: Vec<String> =
        refusal.details.iter().map(|detail| format!("{}: {}", detail.property, detail.message)).collect();
    let all =
        if details.is_empty() { refusal.message } else { format!("{} ({})", refusal.message, details.join("; ")) };
    let all: String = all.chars().take(500).collect();
    if all.is_empty() { format!("LINE answered {}", response.status()) } else { all }
}

/// A send that was refused.
pub(crate) fn send_refused(door: Door, response: &ProviderResponse) -> SendError {
    let reason = words(response);
    let rejected = |code| SendError::Rejected { code, reason: reason.clone() };
    match response.status() {
        400 if door == Door::Reply && reason.to_lowercase().contains("reply token") => {
            SendError::ReplyHandleRefused { reason }
        }
        400 | 413 | 415 => rejected("invalid_content"),
        401 => SendError::Unauthorized { reason },
        403 => rejected("forbidden"),
        404 => rejected("recipient_unreachable"),
        429 if reason.to_lowercase().contains("monthly limit") => rejected("quota_exhausted"),
        429 => SendError::RateLimited { after: response.retry_after(), reason },
        // LINE states that a request with a retry key may be repeated after these; it says nothing of replies.
        500..=599 if door == Door::Push => SendError::Retry { after: response.retry_after(), reason },
        500..=599 => SendError::Uncertain { reason },
        _ => rejected("rejected"),
    }
}

/// A send that got no answer.
pub(crate) fn send_failed(error: &ProviderError) -> SendError {
    let reason = error.to_string();
    match error {
        ProviderError::NotSent => SendError::Retry { after: None, reason },
        ProviderError::AddressRefused => SendError::Rejected { code: "rejected", reason },
        _ => SendError::Uncertain { reason },
    }
}

/// A question that was refused.
pub(crate) fn fetch_refused(status: u16, after: Option<std::time::Duration>, reason: String) -> FetchError {
    match status {
        401 => FetchError::Unauthorized { reason },
        410 => FetchError::Gone,
        429 | 500..=599 => FetchError::Retry { after, reason },
        _ => FetchError::NotAvailable { reason },
    }
}

pub(crate) fn answer_refused(response: &ProviderResponse) -> FetchError {
    fetch_refused(response.status(), response.retry_after(), words(response))
}

/// A question that got no answer: asking again does no harm.
pub(crate) fn fetch_failed(error: &ProviderError) -> FetchError {
    let reason = error.to_string();
    match error {
        ProviderError::AddressRefused | ProviderError::TooLarge => FetchError::NotAvailable { reason },
        _ => FetchError::Retry { after: None, reason },
    }
}
