//! LINE's words for refusals.

use serde_json::{Value, json};

use crate::fault::FaultAction;

impl FaultAction {
    /// 429 as for a used-up monthly quota of LINE's.
    pub fn monthly_quota() -> Self {
        Self::Status { code: 429, body: Some(json!({ "message": MONTHLY_LIMIT })) }
    }
}

pub(super) const INVALID_TOKEN: &str = "Authentication failed due to the following reason: invalid token. \
     Confirm that the access token in the authorization header is valid.";
pub(super) const MONTHLY_LIMIT: &str = "You have reached your monthly limit.";

/// The body for a status that a fault gives without one.
pub(super) fn usual_body(code: u16) -> Value {
    let message = match code {
        401 => INVALID_TOKEN,
        403 => "Access to this API is not available for your account",
        404 => "Not found",
        429 => "The API rate limit has been exceeded. Try again later.",
        500..=599 => "The server is temporarily unable to process the request",
        _ => "The request was refused",
    };
    json!({ "message": message })
}
