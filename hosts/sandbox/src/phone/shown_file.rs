//! Files that a business sent, fetched by the sandbox as a provider does: the page may load nothing from elsewhere.

use poem::http::StatusCode;
use serde_json::Value;

use super::{Phone, failed};
use crate::exchange::{Answer, Call};

const MOST_BYTES: usize = 25 * 1024 * 1024;

/// What a browser may show of a foreign server's files. Pictures that can hold scripts are not among them.
const SHOWN: [&str; 12] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/x-m4a",
    "audio/aac",
    "application/pdf",
];

impl Phone {
    /// The file behind a URL that an entry of the timeline holds. No other URL is fetched.
    pub(super) async fn shown_file(&self, seq: &str, call: &Call) -> Answer {
        let entry = seq.parse().ok().and_then(|seq| self.timeline.find(seq));
        let url = call.query_value("url").unwrap_or_default();
        if !entry.is_some_and(|entry| holds(&entry.content(), &url)) {
            return failed(StatusCode::NOT_FOUND, "nothing with this address was sent");
        }
        match self.meta.fetch_file(&url, MOST_BYTES).await {
            Ok((200, content_type, bytes)) => {
                let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                let shown = if SHOWN.contains(&kind.as_str()) { kind } else { "application/octet-stream".to_owned() };
                Answer::bytes(StatusCode::OK, shown, bytes)
            }
            Ok((status, ..)) => failed(StatusCode::BAD_GATEWAY, &format!("the file's server answered {status}")),
            Err(error) => failed(StatusCode::BAD_GATEWAY, &error.to_string()),
        }
    }
}

/// Whether any text in a value is this URL, or has it for one of its words.
fn holds(value: &Value, url: &str) -> bool {
    let is_url = url.starts_with("http://") || url.starts_with("https://");
    is_url
        && match value {
            Value::String(text) => text.split_whitespace().any(|word| word == url),
            Value::Array(items) => items.iter().any(|item| holds(item, url)),
            Value::Object(fields) => fields.values().any(|field| holds(field, url)),
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::holds;

    #[test]
    fn only_what_was_sent_is_held() {
        let sent = json!({"body": {"messages": [{"text": "📄 a.pdf\nhttp://files.example/a.pdf"}]}});
        assert!(holds(&sent, "http://files.example/a.pdf"));
        for other in ["http://files.example/a", "http://files.example/a.pdf2", "", "📄", "file:///etc/passwd"] {
            assert!(!holds(&sent, other), "{other}");
        }
    }
}
