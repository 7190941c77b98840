//! Answers a request on one of LINE's paths: faults first, then who asks, then the path's own part.

use std::sync::Arc;

use poem::http::StatusCode;
use serde::Deserialize;

use super::refusals::{INVALID_TOKEN, usual_body};
use super::route::Route;
use super::{FakeLine, LineChannel, LineState};
use crate::exchange::{Answer, Call, Ending};
use crate::fault::Met;

impl FakeLine {
    /// Answers one request, counts it, and says how the answer is to leave.
    pub(crate) async fn answer(&self, call: Call) -> (Answer, Ending) {
        let state = &self.state;
        let label = Route::of(&call.method, &call.path).label();
        let fault = if state.faults.any() { state.faults.fire(&met(state, &call)) } else { None };
        let (mut answer, ending) = match fault {
            None => (handle(state, &call).await, Ending::Whole),
            Some(action) => {
                let state = Arc::clone(state);
                action.apply(async move { handle(&state, &call).await }, usual_body).await
            }
        };
        answer.request_id.get_or_insert_with(|| state.ids.uuid());
        let status = if matches!(ending, Ending::Lost { .. }) { 0 } else { answer.status.as_u16() };
        state.tally.add(label, status);
        (answer, ending)
    }
}

fn met(state: &LineState, call: &Call) -> Met {
    let sends = matches!(Route::of(&call.method, &call.path), Route::Push | Route::Reply);
    Met { path: call.path.clone(), to: subject(state, call), account: None, sends }
}

/// Whom a request is about, for faults that meet one user only.
fn subject(state: &LineState, call: &Call) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Addressed {
        to: Option<String>,
        reply_token: Option<String>,
        chat_id: Option<String>,
    }
    match Route::of(&call.method, &call.path) {
        Route::Profile(user) | Route::GroupMember { user, .. } | Route::RoomMember { user, .. } => {
            Some(user.to_owned())
        }
        Route::Push | Route::Reply | Route::Loading => {
            let addressed: Addressed = serde_json::from_slice(&call.body).ok()?;
            let replied = addressed.reply_token.and_then(|token| state.tokens.receiver(&token));
            addressed.to.or(replied).or(addressed.chat_id)
        }
        _ => None,
    }
}

async fn handle(state: &LineState, call: &Call) -> Answer {
    let route = Route::of(&call.method, &call.path);
    match route {
        Route::Unknown => return Answer::not_found(),
        Route::VerifyToken => return state.verify_token(call),
        _ => {}
    }
    let Some(channel) = authenticate(state, call) else {
        return Answer::message(StatusCode::UNAUTHORIZED, INVALID_TOKEN);
    };
    if route.needs_json()
        && let Some(refusal) = refuse_content_type(call)
    {
        return refusal;
    }
    match route {
        Route::Push => state.push(&channel, call),
        Route::Reply => state.reply(&channel, call),
        Route::Profile(user) => state.profile(&channel, user, call),
        Route::GroupMember { group: chat, user } | Route::RoomMember { room: chat, user } => {
            state.member(&channel, chat, user, call)
        }
        Route::GroupSummary(group) => state.group_summary(&channel, group, call),
        Route::BotInfo => LineState::bot_info(&channel),
        Route::Quota => state.quota(),
        Route::QuotaConsumption => state.quota_consumption(&channel),
        Route::SetWebhook => state.set_webhook(&channel, call),
        Route::GetWebhook => LineState::get_webhook(&channel),
        Route::TestWebhook => state.test_webhook(&channel, call).await,
        Route::Loading => state.start_loading(&channel, call),
        Route::MarkAsRead => state.mark_as_read(&channel, call),
        Route::Content(id) => state.contents.original(id, &channel.destination),
        Route::Preview(id) => state.contents.preview(id, &channel.destination),
        Route::Transcoding(id) => state.contents.transcoding(id, &channel.destination),
        Route::VerifyToken | Route::Unknown => Answer::not_found(),
    }
}

fn authenticate(state: &LineState, call: &Call) -> Option<Arc<LineChannel>> {
    let token = call.header("authorization")?.strip_prefix("Bearer ")?;
    state.channels.by_token(token.trim())
}

fn refuse_content_type(call: &Call) -> Option<Answer> {
    let given = call.header("content-type").unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return None;
    }
    let message = format!("The content type, '{essence}', is not supported");
    Some(Answer::message(StatusCode::UNSUPPORTED_MEDIA_TYPE, &message))
}
