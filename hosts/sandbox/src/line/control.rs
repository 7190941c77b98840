//! The control endpoints: the handle's functions for other processes, as JSON without authorization.

mod kind;

use std::sync::Arc;

use poem::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Effect, FakeLine, LineChannel, Say, SayKind, people};
use crate::error::SandboxError;
use crate::exchange::{Answer, Call};
use crate::fault::Fault;
use kind::KindRequest;

const USUAL_EFFECTS: usize = 1_000;
const MOST_EFFECTS: usize = 10_000;
/// More would rather be a load tool's work.
const MOST_REDELIVERIES: usize = 1_000;

impl FakeLine {
    /// Answers one request under `/_sandbox/`.
    pub(crate) async fn control(&self, call: &Call) -> Answer {
        let parts: Vec<&str> = call.path.trim_start_matches('/').split('/').skip(1).collect();
        match (call.method.as_str(), parts.as_slice()) {
            ("GET", ["line", "channels"]) => {
                let channels: Vec<Value> = self.channels().iter().map(|channel| shown(channel)).collect();
                Answer::ok(&json!({ "channels": channels }))
            }
            ("POST", ["line", "channels"]) => with_body(call, |request| self.control_add(request)),
            ("POST", ["line", "say"]) => match read(call) {
                Ok(request) => self.control_say(request).await,
                Err(refusal) => refusal,
            },
            ("POST", ["line", "redeliver"]) => match read(call) {
                Ok(request) => self.control_redeliver(request).await,
                Err(refusal) => refusal,
            },
            ("GET", ["line", "effects"]) => self.control_effects(call),
            ("GET", ["line", "chats", chat]) => Answer::ok(&json!({ "entries": self.chat(chat) })),
            ("GET", ["line", "faults"]) => Answer::ok(&json!({ "faults": self.state.faults.list() })),
            ("POST", ["line", "faults"]) => with_body(call, |fault: Fault| {
                self.set_fault(fault);
                Answer::json(StatusCode::CREATED, &json!({ "faults": self.state.faults.list() }))
            }),
            ("DELETE", ["line", "faults"]) => self.state.faults.delete(call),
            ("GET", ["line", "contents", id]) => self.state.contents.stored(id),
            ("GET", ["line", "requests"]) => Answer::ok(&json!({ "requests": self.requests() })),
            ("GET", ["line", "pictures", _]) => Answer::bytes(StatusCode::OK, "image/png", people::PICTURE),
            _ => failed(StatusCode::NOT_FOUND, "no such path in the sandbox"),
        }
    }

    /// Adds a channel, inventing what is not given; for a known destination only what is given changes.
    /// This answer alone shows the secrets.
    fn control_add(&self, request: ChannelRequest) -> Answer {
        let ids = &self.state.ids;
        let destination = request.destination.unwrap_or_else(|| format!("U{}", ids.hex32()));
        let known = self.state.channels.find(&destination);
        let base = known.as_deref().cloned().unwrap_or_else(|| {
            LineChannel::new(&destination, &ids.hex32(), &format!("{}{}", ids.long_token(), ids.long_token()))
        });
        let channel = LineChannel {
            destination,
            channel_secret: request.channel_secret.unwrap_or(base.channel_secret),
            access_token: request.access_token.unwrap_or(base.access_token),
            display_name: request.display_name.unwrap_or(base.display_name),
            basic_id: request.basic_id.unwrap_or(base.basic_id),
            webhook_url: request.webhook_url.or(base.webhook_url),
        };
        let mut answer = shown(&channel);
        answer["channelSecret"] = json!(channel.channel_secret.expose_secret());
        answer["accessToken"] = json!(channel.access_token.expose_secret());
        self.add_channel(channel);
        Answer::json(StatusCode::CREATED, &answer)
    }

    async fn control_say(&self, request: SayRequest) -> Answer {
        let event = match (request.text, request.kind, request.event) {
            (Some(text), None, None) => SayKind::Text(text),
            (None, Some(kind), None) => kind.into(),
            (None, None, Some(event)) => SayKind::Raw(event),
            _ => return failed(StatusCode::BAD_REQUEST, "give exactly one of text, kind and event"),
        };
        let say = Say { destination: request.destination, user_id: request.user_id, event };
        let say = match request.group_id {
            Some(group) => say.in_group(group),
            None => say,
        };
        match self.say(say).await {
            Ok(said) => Answer::ok(&said),
            Err(error) => refused(&error),
        }
    }

    async fn control_redeliver(&self, request: RedeliverRequest) -> Answer {
        let times = request.times.unwrap_or(1).min(MOST_REDELIVERIES);
        let id = &request.webhook_event_id;
        let statuses = if request.concurrently {
            self.deliver_concurrently(id, times).await
        } else {
            self.redeliver(id, times).await
        };
        match statuses {
            Ok(statuses) => Answer::ok(&json!({ "statuses": statuses })),
            Err(error) => refused(&error),
        }
    }

    fn control_effects(&self, call: &Call) -> Answer {
        let number = |name| call.query_value(name).map_or(Ok(None), |text| text.parse::<u64>().map(Some));
        let (Ok(after), Ok(limit)) = (number("after"), number("limit")) else {
            return failed(StatusCode::BAD_REQUEST, "after and limit must be numbers");
        };
        let limit = limit.map_or(USUAL_EFFECTS, |limit| usize::try_from(limit).unwrap_or(MOST_EFFECTS));
        let effects = self.effects_after(after.unwrap_or(0), limit.min(MOST_EFFECTS));
        let effects: Vec<&Effect> = effects.iter().map(Arc::as_ref).collect();
        Answer::ok(&EffectsResponse { total: self.effect_count(), effects })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChannelRequest {
    destination: Option<String>,
    channel_secret: Option<SecretString>,
    access_token: Option<SecretString>,
    display_name: Option<String>,
    basic_id: Option<String>,
    webhook_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SayRequest {
    destination: Option<String>,
    user_id: Option<String>,
    group_id: Option<String>,
    text: Option<String>,
    kind: Option<KindRequest>,
    event: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RedeliverRequest {
    webhook_event_id: String,
    times: Option<usize>,
    #[serde(default)]
    concurrently: bool,
}

#[derive(Serialize)]
struct EffectsResponse<'a> {
    total: u64,
    effects: Vec<&'a Effect>,
}

/// A channel without its secrets.
fn shown(channel: &LineChannel) -> Value {
    json!({
        "destination": channel.destination,
        "displayName": channel.display_name,
        "basicId": channel.basic_id,
        "webhookUrl": channel.webhook_url,
    })
}

fn with_body<T: for<'a> Deserialize<'a>>(call: &Call, then: impl FnOnce(T) -> Answer) -> Answer {
    match read(call) {
        Ok(request) => then(request),
        Err(refusal) => refusal,
    }
}

fn read<T: for<'a> Deserialize<'a>>(call: &Call) -> Result<T, Answer> {
    serde_json::from_slice(&call.body).map_err(|error| failed(StatusCode::BAD_REQUEST, &error.to_string()))
}

fn refused(error: &SandboxError) -> Answer {
    let status = match error {
        SandboxError::UnknownDestination(_) | SandboxError::UnknownEvent(_) => StatusCode::NOT_FOUND,
        SandboxError::NoChannel | SandboxError::NoWebhookUrl(_) | SandboxError::NotSubscribed { .. } => {
            StatusCode::CONFLICT
        }
        SandboxError::WebhookTimeout => StatusCode::GATEWAY_TIMEOUT,
        SandboxError::WebhookUnreachable(_) | SandboxError::NoClient => StatusCode::BAD_GATEWAY,
        SandboxError::MixedBatch | SandboxError::FileTooLarge | SandboxError::ImpossibleEvent(_) => {
            StatusCode::BAD_REQUEST
        }
    };
    failed(status, &error.to_string())
}

fn failed(status: StatusCode, error: &str) -> Answer {
    Answer::json(status, &json!({ "error": error }))
}
