//! Refusals in the words of the Graph API.

use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::exchange::Answer;
use crate::ids::stable_number;

fn body(kind: &str, code: i64, subcode: Option<i64>, message: &str) -> Value {
    let mut error = json!({
        "message": message, "type": kind, "code": code, "fbtrace_id": format!("A{:x}", stable_number(message)),
    });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    json!({ "error": error })
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer::json(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body)
}

pub(super) fn refused(status: u16, code: i64, subcode: Option<i64>, message: &str) -> Answer {
    answer(status, &body("OAuthException", code, subcode, message))
}

/// A parameter that cannot be.
pub(super) fn parameter(what: &str) -> Answer {
    refused(400, 100, None, &format!("(#100) {what}"))
}

pub(super) fn no_object(id: &str) -> Answer {
    let message = format!(
        "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, \
         or does not support this operation"
    );
    answer(400, &body("GraphMethodException", 100, Some(33), &message))
}

pub(super) fn bad_proof() -> Answer {
    let message = "Invalid appsecret_proof provided in the API argument";
    answer(400, &body("GraphMethodException", 100, None, message))
}

pub(super) fn token_ended() -> Answer {
    let message =
        "Error validating access token: The session has been invalidated because the user changed their password.";
    refused(401, 190, Some(460), message)
}

pub(super) fn token_unknown() -> Answer {
    refused(401, 190, None, "Invalid OAuth access token - Cannot parse access token")
}

pub(super) fn no_permission() -> Answer {
    refused(403, 10, None, "(#10) Application does not have permission for this action")
}

pub(super) fn whatsapp(status: u16, code: i64, title: &str, details: &str) -> Answer {
    let mut body = body("OAuthException", code, None, &format!("(#{code}) {title}"));
    body["error"]["error_data"] = json!({"messaging_product": "whatsapp", "details": details});
    answer(status, &body)
}

pub(super) fn whatsapp_missing(details: &str) -> Answer {
    whatsapp(400, 131_008, "Required parameter is missing", details)
}

pub(super) fn whatsapp_value(details: &str) -> Answer {
    whatsapp(400, 131_009, "Parameter value is not valid", details)
}

/// The body for a status that a fault gives without one.
pub(super) fn usual_body(code: u16) -> Value {
    let transient = |code: i64, message: &str| {
        let mut body = body("OAuthException", code, None, message);
        body["error"]["is_transient"] = json!(true);
        body
    };
    match code {
        401 => body("OAuthException", 190, None, "Error validating access token: Session has expired"),
        403 => body("OAuthException", 10, None, "(#10) Application does not have permission for this action"),
        429 => transient(4, "(#4) Application request limit reached"),
        500..=599 => transient(2, "An unexpected error has occurred. Please retry your request later."),
        _ => body("OAuthException", 100, None, "(#100) Invalid parameter"),
    }
}
