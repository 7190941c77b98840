//! What a tenant decides for itself.

use anyhow::{Context, bail};
use hubchat_core::{domain::TenantSettings, port::StoredSettings};
use hubchat_wiring::Wired;
use serde_json::{Map, Value, json};

use super::operator;
use crate::{Answer, arguments::Settings};

pub(super) async fn settings(wired: &Wired, command: Settings) -> anyhow::Result<Answer> {
    let stored = match command {
        Settings::Get { tenant } => {
            let actor = operator(wired, &tenant).await?;
            wired.hubchat.get_settings.run(&actor).await?
        }
        Settings::Set { tenant, changes } => {
            let actor = operator(wired, &tenant).await?;
            wired.hubchat.update_settings.run(&actor, &parse(&changes)?, None).await?
        }
    };
    answer(&stored)
}

/// Settings by name. What is no JSON is a text, so that a word needs no quotes.
fn parse(changes: &[String]) -> anyhow::Result<Map<String, Value>> {
    let mut parsed = Map::new();
    for change in changes {
        let (name, value) = change.split_once('=').with_context(|| format!("{change}: write NAME=VALUE"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        if parsed.insert(name.to_owned(), value).is_some() {
            bail!("{name} is set twice");
        }
    }
    Ok(parsed)
}

fn answer(stored: &StoredSettings) -> anyhow::Result<Answer> {
    let lines = TenantSettings::DEFINITIONS.iter().map(|definition| {
        let value = stored.settings.value(definition.key).unwrap_or_default();
        format!("{} = {value}", definition.key)
    });
    let settings = serde_json::to_value(&stored.settings).context("the settings cannot be shown")?;
    Ok(Answer::new(lines, json!({"settings": settings, "version": stored.version})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_or_words() {
        let changes =
            ["salesSee=OWN", "retentionDays=30", "publicReplyText=null", "allowedOrigins=[\"https://a.example\"]"];
        let parsed = parse(&changes.map(str::to_owned)).expect("good");
        let expected = json!({
            "salesSee": "OWN", "retentionDays": 30, "publicReplyText": null, "allowedOrigins": ["https://a.example"],
        });
        assert_eq!(Value::Object(parsed), expected);
        assert!(parse(&["salesSee".to_owned()]).is_err());
        assert!(parse(&["a=1".to_owned(), "a=2".to_owned()]).is_err());
    }
}
