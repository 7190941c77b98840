//! The templates that Meta keeps for a business account
//! (<https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates>).

use hubchat_ports::{FetchError, MessageTemplate};
use serde_json::Value;

use crate::graph::{Call, Graph};

/// So many on a page, and so many pages.
const PAGE: usize = 100;
const PAGES: usize = 10;

pub(super) async fn list(graph: &Graph<'_>, business: &str) -> Result<Vec<MessageTemplate>, FetchError> {
    let mut templates = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..PAGES {
        let mut call = Call::get(format!("{business}/message_templates"), "meta_templates")
            .with("fields", "name,language,status,category,components")
            .with("limit", PAGE.to_string());
        if let Some(after) = after.take() {
            call = call.with("after", after);
        }
        let answer = graph.ask(call).await?;
        let list = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        templates.extend(list.iter().filter_map(template));
        let paging = &answer["paging"];
        after = paging["cursors"]["after"].as_str().filter(|_| paging["next"].is_string()).map(str::to_owned);
        if after.is_none() {
            break;
        }
    }
    Ok(templates)
}

fn template(value: &Value) -> Option<MessageTemplate> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    let component = |kind: &str| {
        let components = value["components"].as_array().into_iter().flatten();
        components
            .into_iter()
            .find(|component| component["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)))
    };
    let body = component("BODY").and_then(|body| body["text"].as_str());
    Some(MessageTemplate {
        name: text("name")?,
        language: text("language")?,
        status: text("status").unwrap_or_default(),
        category: text("category"),
        body: body.map(str::to_owned),
        body_parameters: body.map_or(0, places),
        header: component("HEADER").and_then(|header| header["format"].as_str()).map(str::to_owned),
    })
}

/// How many different places a body has: `{{1}}`, `{{2}}`, or named ones.
fn places(body: &str) -> usize {
    let mut names = std::collections::BTreeSet::new();
    for part in body.split("{{").skip(1) {
        if let Some((name, _)) = part.split_once("}}") {
            names.insert(name.trim());
        }
    }
    names.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_a_body_are_counted_once_each() {
        for (body, count) in
            [("", 0), ("สวัสดี {{1}} พัสดุ {{2}}", 2), ("{{1}} {{1}}", 1), ("{{name}} {{", 1), ("}} {{2", 0)]
        {
            assert_eq!(places(body), count, "{body}");
        }
    }
}
