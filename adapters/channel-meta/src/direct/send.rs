//! Sending: one request a part, in order, each awaiting the former's answer.

use hubchat_domain::MessageContent;
use hubchat_ports::{SendError, SendRequest, SentMessage};
use serde_json::{Value, json};

use super::{
    Family,
    outgoing::{bodies, invalid},
};
use crate::{account::is_object_id, graph::Graph};

/// Sends a message by the account of this id: never by `me`, so that a wrong token fails instead of speaking for
/// another page.
pub(crate) async fn send(
    family: Family,
    graph: &Graph<'_>,
    sender: &str,
    request: &SendRequest,
) -> Result<SentMessage, SendError> {
    if let MessageContent::PublicReply { text, comment_id } = &request.content {
        return public_reply(family, graph, comment_id, text).await;
    }
    let bodies = bodies(family, graph.account_id().unwrap_or_default(), request)?;
    let count = bodies.len();
    let mut sent = SentMessage::default();
    for (number, body) in bodies.iter().enumerate() {
        match part(graph, sender, body).await {
            Ok((id, recipient)) => {
                sent.external_ids.push(id);
                sent.recipient_id = recipient;
            }
            Err(error) if number == 0 => return Err(error),
            // To begin again would repeat what the customer has; the agent must know what is missing.
            Err(error) => {
                let reason = format!("the customer has {number} of {count} parts: {error}");
                return Err(SendError::Uncertain { reason });
            }
        }
    }
    Ok(sent)
}

async fn part(graph: &Graph<'_>, sender: &str, body: &Value) -> Result<(String, Option<String>), SendError> {
    let answer = graph.send(format!("{sender}/messages"), body).await?;
    let text = |name: &str| answer[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let id = text("message_id");
    let id = id.ok_or_else(|| SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() })?;
    Ok((id, text("recipient_id")))
}

/// <https://developers.facebook.com/docs/graph-api/reference/object/comments>,
/// <https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies>
async fn public_reply(family: Family, graph: &Graph<'_>, comment: &str, text: &str) -> Result<SentMessage, SendError> {
    if !is_object_id(comment) {
        return Err(invalid("there is no comment to answer"));
    }
    let edge = match family {
        Family::Facebook => "comments",
        Family::Instagram => "replies",
    };
    let answer = graph.send(format!("{comment}/{edge}"), &json!({ "message": text })).await?;
    let id = answer["id"].as_str().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| SendError::Uncertain { reason: "the provider's answer cannot be read".to_owned() })?;
    Ok(SentMessage { external_ids: vec![id.to_owned()], ..SentMessage::default() })
}
