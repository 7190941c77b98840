//! What Telegram's refusals mean (<https://core.telegram.org/bots/api#making-requests>,
//! <https://core.telegram.org/bots/api#responseparameters>).

use std::time::Duration;

use hubchat_ports::{FetchError, SendError};
use hubchat_provider_http::{ProviderError, ProviderResponse};

use crate::wire::Answer;

/// Telegram's words and wait. The words never hold the request's text.
fn told(status: u16, answer: Option<&Answer>) -> (String, Option<Duration>) {
    let words: String = answer.map(|answer| answer.description.chars().take(500).collect()).unwrap_or_default();
    let words = if words.is_empty() { format!("Telegram answered {status}") } else { words };
    let seconds = answer.and_then(|answer| answer.parameters.as_ref()?.retry_after);
    (words, seconds.map(Duration::from_secs))
}

/// A send that was refused.
pub(crate) fn send_refused(response: &ProviderResponse) -> SendError {
    let answer: Option<Answer> = response.json();
    let (reason, after) = told(response.status(), answer.as_ref());
    let moved_to = answer.and_then(|answer| answer.parameters?.migrate_to_chat_id);
    let rejected = |code| SendError::Rejected { code, reason: reason.clone() };
    let says = |words: &str| reason.to_lowercase().contains(words);
    match response.status() {
        400 if says("chat not found") || says("peer_id_invalid") => rejected("recipient_unreachable"),
        // The group became another chat; its own update says so too, and the thread goes on there.
        400 if moved_to.is_some() || says("upgraded to a supergroup") => {
            let to = moved_to.map_or_else(|| "another chat".to_owned(), |to| format!("the chat {to}"));
            let reason = format!("the group moved to {to}: {reason}");
            SendError::Rejected { code: "recipient_unreachable", reason }
        }
        400 if says("not enough rights") || says("have no rights") => rejected("forbidden"),
        400 | 413 => rejected("invalid_content"),
        // A token that was never given is answered like a method that does not exist.
        401 | 404 => SendError::Unauthorized { reason },
        403 => rejected("recipient_unreachable"),
        429 => SendError::RateLimited { after: after.or_else(|| response.retry_after()), reason },
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
pub(crate) fn fetch_refused(response: &ProviderResponse) -> FetchError {
    let (reason, after) = told(response.status(), response.json().as_ref());
    match response.status() {
        401 | 404 => FetchError::Unauthorized { reason },
        409 | 429 | 500..=599 => FetchError::Retry { after: after.or_else(|| response.retry_after()), reason },
        _ => FetchError::NotAvailable { reason },
    }
}

/// A question that got no answer: asking again does no harm.
pub(crate) fn fetch_failed(error: &ProviderError) -> FetchError {
    let reason = error.to_string();
    match error {
        ProviderError::AddressRefused | ProviderError::TooLarge => FetchError::NotAvailable { reason },
        _ => FetchError::Retry { after: None, reason },
    }
}
