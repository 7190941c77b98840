//! API keys.

use std::time::Duration;

use anyhow::Context;
use hubchat_core::{
    domain::{ApiKeyId, ApiKeyRecord, Scope},
    port::PageRequest,
};
use hubchat_wiring::Wired;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::operator;
use crate::{
    Answer,
    arguments::{Key, KeyScope},
};

pub(super) async fn key(wired: &Wired, command: Key) -> anyhow::Result<Answer> {
    match command {
        Key::Create { tenant, name, scopes, expires_in_days } => {
            let actor = operator(wired, &tenant).await?;
            let scopes: Vec<Scope> = scopes.into_iter().map(scope).collect();
            let lifetime = expires_in_days.map(|days| Duration::from_hours(24 * u64::from(days)));
            let end = lifetime.map(|lifetime| wired.hubchat.ports.clock.now().plus(lifetime));
            let made = wired.hubchat.create_api_key.run(&actor, &name, &scopes, end).await?;
            let key = made.key.expose_secret();
            let mut object = object_of(&made.record);
            object["key"] = json!(key);
            let lines = ["the key, shown this once; keep it safe:".to_owned(), key.to_owned()];
            Ok(Answer::new(lines, object))
        }
        Key::List { tenant } => {
            let actor = operator(wired, &tenant).await?;
            let (mut keys, mut after) = (Vec::new(), None);
            loop {
                let page = wired.hubchat.list_api_keys.run(&actor, PageRequest { after, limit: 200 }).await?;
                keys.extend(page.items);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let now = wired.hubchat.ports.clock.now();
            let lines = keys.iter().map(|key| {
                let state = match (key.revoked_at, key.expires_at) {
                    (Some(at), _) => format!("revoked {at}"),
                    (None, Some(end)) if !key.is_good(now) => format!("ended {end}"),
                    (None, Some(end)) => format!("good until {end}"),
                    (None, None) => "good".to_owned(),
                };
                let used = key.last_used_at.map_or_else(|| "never used".to_owned(), |at| format!("used {at}"));
                format!("{}  {}  {}  {state}  {used}  {}", key.id, key.prefix, names(key).join(" "), key.name)
            });
            let items: Vec<Value> = keys.iter().map(object_of).collect();
            Ok(Answer::new(lines, json!({"items": items})))
        }
        Key::Revoke { tenant, id } => {
            let actor = operator(wired, &tenant).await?;
            let id: ApiKeyId = id.parse().context("--id is the id of a key")?;
            wired.hubchat.revoke_api_key.run(&actor, id).await?;
            Ok(Answer::new([format!("revoked {id}")], json!({"id": id, "revoked": true})))
        }
    }
}

fn names(key: &ApiKeyRecord) -> Vec<&'static str> {
    key.scopes.iter().map(|scope| scope.as_str()).collect()
}

fn object_of(key: &ApiKeyRecord) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": names(key),
        "createdAt": key.created_at.to_string(),
        "lastUsedAt": key.last_used_at.map(|at| at.to_string()),
        "expiresAt": key.expires_at.map(|at| at.to_string()),
        "revokedAt": key.revoked_at.map(|at| at.to_string()),
    })
}

const fn scope(scope: KeyScope) -> Scope {
    match scope {
        KeyScope::Admin => Scope::Admin,
        KeyScope::InboxRead => Scope::InboxRead,
        KeyScope::InboxWrite => Scope::InboxWrite,
        KeyScope::MessagesSend => Scope::MessagesSend,
        KeyScope::ChannelsManage => Scope::ChannelsManage,
    }
}
