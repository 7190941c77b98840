//! Tenants and keys.

use hubchat_core::{OneTimeLink, domain::Scope};
use hubchat_wiring::Wired;
use secrecy::ExposeSecret;
use serde_json::json;

use super::operator;
use crate::{
    Answer,
    arguments::{Key, KeyScope, Tenant},
};

pub(super) async fn tenant(wired: &Wired, command: Tenant) -> anyhow::Result<Answer> {
    let tenants = &wired.hubchat.create_tenant;
    let (tenant, lines, link) = match command {
        Tenant::Create { slug, name, owner_email, owner_name } => {
            let tenant = tenants.run(&slug, &name).await?;
            let mut lines = vec![format!("created tenant {} ({})", tenant.slug, tenant.id)];
            let mut link = None;
            if let Some(email) = owner_email {
                let name = owner_name.unwrap_or_else(|| email.clone());
                let made = wired.hubchat.first_owner.link_for(tenant.id, &email, &name).await?;
                lines.extend(owner_lines(&made));
                link = Some(made);
            }
            (tenant, lines, link)
        }
        Tenant::OwnerLink { slug } => {
            let tenant = tenants.find(&slug).await?;
            let made = wired.hubchat.first_owner.open_link(tenant.id).await?;
            (tenant, owner_lines(&made), Some(made))
        }
        Tenant::SetPublicReply { slug, text, none: _ } => {
            let tenant = tenants.set_public_reply(&slug, text.as_deref()).await?;
            let line = match &tenant.public_reply_text {
                Some(text) => format!("under a comment that was answered in private: {text}"),
                None => "under a comment that was answered in private nothing is written".to_owned(),
            };
            (tenant, vec![line], None)
        }
    };
    let mut object = json!({
        "id": tenant.id, "slug": tenant.slug, "name": tenant.name, "publicReplyText": tenant.public_reply_text,
    });
    if let Some(link) = link {
        object["ownerLink"] = json!(link.url.expose_secret());
    }
    Ok(Answer::new(lines, object))
}

/// The lines about a first owner's link.
pub(super) fn owner_lines(link: &OneTimeLink) -> Vec<String> {
    vec![
        format!("the link to become its owner, shown this once, good once and until {}:", link.expires_at),
        link.url.expose_secret().to_owned(),
    ]
}

pub(super) async fn key(wired: &Wired, command: Key) -> anyhow::Result<Answer> {
    let Key::Create { tenant, name, scopes } = command;
    let actor = operator(wired, &tenant).await?;
    let scopes: Vec<Scope> = scopes.into_iter().map(scope).collect();
    let made = wired.hubchat.create_api_key.run(&actor, &name, &scopes).await?;
    let key = made.key.expose_secret();
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let object = json!({"id": made.record.id, "prefix": made.record.prefix, "scopes": names, "key": key});
    let lines = ["the key, shown this once; keep it safe:".to_owned(), key.to_owned()];
    Ok(Answer::new(lines, object))
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
