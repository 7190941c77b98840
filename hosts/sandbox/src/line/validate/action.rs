//! Checks of actions and quick replies.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::Check;

const TYPES: [&str; 9] =
    ["postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "richmenuswitch", "clipboard"];
const MAX_LABEL: usize = 20;
const MAX_DATA: usize = 300;
const MAX_URI: usize = 1_000;
const MAX_ITEMS: usize = 13;

/// The row of buttons under the last message.
pub(super) fn quick_reply(check: &mut Check, reply: &Value, at: &str) {
    let Some(items) = check.list(reply, at, "items", 1, MAX_ITEMS) else { return };
    for (place, item) in items.iter().enumerate() {
        let at = format!("{at}.items[{place}]");
        if item.get("type").and_then(Value::as_str) != Some("action") {
            check.add(&format!("{at}.type"), "Must be one of the following values: [action]");
        }
        action(check, item.get("action").unwrap_or(&Value::Null), &format!("{at}.action"), true);
    }
}

/// One action; `labelled` where LINE demands a label.
pub(super) fn action(check: &mut Check, action: &Value, at: &str, labelled: bool) {
    let kind = action.get("type").and_then(Value::as_str).unwrap_or_default();
    if !TYPES.contains(&kind) {
        let allowed = format!("Must be one of the following values: [{}]", TYPES.join(", "));
        check.add(&format!("{at}.type"), &allowed);
        return;
    }
    match action.get("label").and_then(Value::as_str) {
        None | Some("") if labelled => check.add(&format!("{at}.label"), "May not be empty"),
        Some(label) if label.graphemes(true).count() > MAX_LABEL => {
            check.add(&format!("{at}.label"), "Length must be between 0 and 20");
        }
        _ => {}
    }
    match kind {
        "postback" => {
            check.text(action, at, "data", MAX_DATA);
            check.text_if_there(action, at, "displayText", MAX_DATA);
        }
        "message" => check.text(action, at, "text", MAX_DATA),
        "datetimepicker" => check.text(action, at, "data", MAX_DATA),
        "uri" => {
            check.text(action, at, "uri", MAX_URI);
            let scheme = action.get("uri").and_then(Value::as_str).and_then(|uri| Url::parse(uri).ok());
            if !scheme.is_some_and(|url| matches!(url.scheme(), "http" | "https" | "line" | "tel")) {
                check.add(&format!("{at}.uri"), "invalid uri scheme");
            }
        }
        _ => {}
    }
}
