//! Tenants.

use hubchat_core::{Actor, OneTimeLink};
use hubchat_wiring::Wired;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::{Answer, arguments::Tenant};

pub(super) async fn tenant(wired: &Wired, command: Tenant) -> anyhow::Result<Answer> {
    let hubchat = &wired.hubchat;
    let (tenant, lines, link) = match command {
        Tenant::Create { slug, name, owner_email, owner_name } => {
            let tenant = hubchat.create_tenant.run(&slug, &name).await?;
            let mut lines = vec![format!("created tenant {} ({})", tenant.slug, tenant.id)];
            let mut link = None;
            if let Some(email) = owner_email {
                let name = owner_name.unwrap_or_else(|| email.clone());
                let made = hubchat.first_owner.link_for(tenant.id, &email, &name).await?;
                lines.extend(owner_lines(&made));
                link = Some(made);
            }
            (tenant, lines, link)
        }
        Tenant::OwnerLink { slug } => {
            let tenant = hubchat.create_tenant.find(&slug).await?;
            let made = hubchat.first_owner.open_link(tenant.id).await?;
            (tenant, owner_lines(&made), Some(made))
        }
        Tenant::Rename { slug, name } => {
            let tenant = hubchat.create_tenant.rename(&slug, &name).await?;
            let line = format!("tenant {} is called {} now", tenant.slug, tenant.name);
            (tenant, vec![line], None)
        }
        Tenant::SetPublicReply { slug, text, none: _ } => {
            let tenant = hubchat.create_tenant.set_public_reply(&slug, text.as_deref()).await?;
            let line = match &text {
                Some(text) => format!("under a comment that was answered in private: {}", text.trim()),
                None => "under a comment that was answered in private nothing is written".to_owned(),
            };
            (tenant, vec![line], None)
        }
    };
    let settings = hubchat.get_settings.run(&Actor::system(tenant.id)).await?.settings;
    let mut object = json!({
        "id": tenant.id, "slug": tenant.slug, "name": tenant.name, "publicReplyText": settings.public_reply_text,
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
