//! What a caller may look up: profiles, groups, the bot itself, quota, the token.

use poem::http::StatusCode;
use serde_json::json;

use super::{LineChannel, LineState, people};
use crate::exchange::{Answer, Call};

/// Seconds a token is said to live; tokens of the sandbox do not end.
const TOKEN_LIFE_S: u32 = 2_592_000;

impl LineState {
    pub(super) fn profile(&self, channel: &LineChannel, user: &str, call: &Call) -> Answer {
        if !is_user(user) || self.people.hidden(user) || self.people.blocked(&channel.destination, user) {
            return Answer::not_found();
        }
        Answer::ok(&self.people.profile(user, &call.own_url()))
    }

    pub(super) fn member(&self, channel: &LineChannel, chat: &str, user: &str, call: &Call) -> Answer {
        if !is_user(user) || self.people.hidden(user) || self.people.left(&channel.destination, chat) {
            return Answer::not_found();
        }
        Answer::ok(&self.people.member(user, &call.own_url()))
    }

    pub(super) fn group_summary(&self, channel: &LineChannel, group: &str, call: &Call) -> Answer {
        if !group.starts_with('C') || self.people.left(&channel.destination, group) {
            return Answer::not_found();
        }
        Answer::ok(&people::group(group, &call.own_url()))
    }

    pub(super) fn bot_info(channel: &LineChannel) -> Answer {
        Answer::ok(&json!({
            "userId": channel.destination,
            "basicId": channel.basic_id,
            "displayName": channel.display_name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }))
    }

    pub(super) fn quota(&self) -> Answer {
        match self.ledger.quota() {
            None => Answer::ok(&json!({ "type": "none" })),
            Some(value) => Answer::ok(&json!({ "type": "limited", "value": value })),
        }
    }

    pub(super) fn quota_consumption(&self, channel: &LineChannel) -> Answer {
        Answer::ok(&json!({ "totalUsage": self.ledger.pushed(&channel.destination) }))
    }

    pub(super) fn verify_token(&self, call: &Call) -> Answer {
        let token = call.query_value("access_token").unwrap_or_default();
        if self.channels.by_token(&token).is_none() {
            let refusal = json!({ "error": "invalid_request", "error_description": "access token expired" });
            return Answer::json(StatusCode::BAD_REQUEST, &refusal);
        }
        Answer::ok(&json!({ "client_id": "1650000000", "expires_in": TOKEN_LIFE_S, "scope": "" }))
    }
}

fn is_user(id: &str) -> bool {
    id.len() == 33 && id.starts_with('U')
}
