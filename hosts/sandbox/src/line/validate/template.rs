//! Checks of template and flex messages.

use serde_json::Value;

use super::Check;
use super::action::action;

const MAX_TITLE: usize = 40;
/// A text beside a title or a picture has less room.
const MAX_TEXT_BESIDE: usize = 60;

/// The `template` of a template message.
pub(super) fn template(check: &mut Check, template: &Value, at: &str) {
    match template.get("type").and_then(Value::as_str).unwrap_or_default() {
        "buttons" => {
            card(check, template, at, 160);
            actions(check, template, at, 1, 4);
        }
        "confirm" => {
            check.text(template, at, "text", 240);
            actions(check, template, at, 2, 2);
        }
        "carousel" => {
            let columns = check.list(template, at, "columns", 1, 10).unwrap_or_default();
            for (place, column) in columns.iter().enumerate() {
                let at = format!("{at}.columns[{place}]");
                card(check, column, &at, 120);
                actions(check, column, &at, 1, 3);
            }
        }
        "image_carousel" => {
            let columns = check.list(template, at, "columns", 1, 10).unwrap_or_default();
            for (place, column) in columns.iter().enumerate() {
                let at = format!("{at}.columns[{place}]");
                check.url(column, &at, "imageUrl");
                action(check, column.get("action").unwrap_or(&Value::Null), &format!("{at}.action"), false);
            }
        }
        _ => check.add(
            &format!("{at}.type"),
            "Must be one of the following values: [buttons, confirm, carousel, image_carousel]",
        ),
    }
}

fn card(check: &mut Check, card: &Value, at: &str, max_text: usize) {
    let there = |key: &str| card.get(key).is_some_and(|value| !value.is_null());
    let beside = there("title") || there("thumbnailImageUrl");
    check.text(card, at, "text", if beside { MAX_TEXT_BESIDE } else { max_text });
    check.text_if_there(card, at, "title", MAX_TITLE);
    if there("thumbnailImageUrl") {
        check.url(card, at, "thumbnailImageUrl");
    }
}

fn actions(check: &mut Check, holder: &Value, at: &str, min: usize, max: usize) {
    let actions = check.list(holder, at, "actions", min, max).unwrap_or_default();
    for (place, one) in actions.iter().enumerate() {
        action(check, one, &format!("{at}.actions[{place}]"), true);
    }
}

/// The `contents` of a flex message.
pub(super) fn flex(check: &mut Check, contents: &Value, at: &str) {
    match contents.get("type").and_then(Value::as_str).unwrap_or_default() {
        "bubble" => bubble(check, contents, at),
        "carousel" => {
            let bubbles = check.list(contents, at, "contents", 1, 12).unwrap_or_default();
            for (place, one) in bubbles.iter().enumerate() {
                bubble(check, one, &format!("{at}.contents[{place}]"));
            }
        }
        _ => check.add(&format!("{at}.type"), "Must be one of the following values: [bubble, carousel]"),
    }
}

fn bubble(check: &mut Check, bubble: &Value, at: &str) {
    if bubble.get("type").and_then(Value::as_str) != Some("bubble") {
        check.add(&format!("{at}.type"), "Must be one of the following values: [bubble]");
    }
    for block in ["header", "body", "footer"] {
        let there = bubble.get(block).filter(|value| !value.is_null());
        if there.is_some_and(|value| value.get("type").and_then(Value::as_str) != Some("box")) {
            check.add(&format!("{at}.{block}.type"), "Must be one of the following values: [box]");
        }
    }
}
