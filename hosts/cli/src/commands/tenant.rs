//! Tenants and members.

use hubchat_core::{
    Actor, CreateMemberCommand,
    domain::{Member as MemberRow, MemberRole},
};
use hubchat_wiring::Wired;
use serde_json::{Value, json};

use super::operator;
use crate::{
    Answer,
    arguments::{Member, Role, Tenant},
};

pub(super) async fn tenant(wired: &Wired, command: Tenant) -> anyhow::Result<Answer> {
    let hubchat = &wired.hubchat;
    let (tenant, line) = match command {
        Tenant::Create { slug, name } => {
            let tenant = hubchat.create_tenant.run(&slug, &name).await?;
            let line = format!("created tenant {} ({})", tenant.slug, tenant.id);
            (tenant, line)
        }
        Tenant::SetPublicReply { slug, text, none: _ } => {
            let tenant = hubchat.create_tenant.set_public_reply(&slug, text.as_deref()).await?;
            let line = match &text {
                Some(text) => format!("under a comment that was answered in private: {}", text.trim()),
                None => "under a comment that was answered in private nothing is written".to_owned(),
            };
            (tenant, line)
        }
    };
    let settings = hubchat.get_settings.run(&Actor::system(tenant.id)).await?.settings;
    let object = json!({
        "id": tenant.id, "slug": tenant.slug, "name": tenant.name, "publicReplyText": settings.public_reply_text,
    });
    Ok(Answer::new([line], object))
}

pub(super) async fn member(wired: &Wired, command: Member) -> anyhow::Result<Answer> {
    match command {
        Member::Create { tenant, name, email, role } => {
            let actor = operator(wired, &tenant).await?;
            let command = CreateMemberCommand { name, email, role: member_role(role) };
            let member = wired.hubchat.create_member.run(&actor, &command).await?;
            Ok(Answer::new([format!("added {} ({})", member.name, member.id)], member_object(&member)))
        }
        Member::List { tenant } => {
            let actor = operator(wired, &tenant).await?;
            let members = wired.hubchat.create_member.list(&actor).await?;
            let lines = members.iter().map(|m| format!("{}  {}  {}  {}", m.id, m.role, m.status, m.name));
            let items: Vec<Value> = members.iter().map(member_object).collect();
            Ok(Answer::new(lines, json!({"items": items})))
        }
    }
}

fn member_object(member: &MemberRow) -> Value {
    json!({
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "status": member.status,
    })
}

const fn member_role(role: Role) -> MemberRole {
    match role {
        Role::Owner => MemberRole::Owner,
        Role::Admin => MemberRole::Admin,
        Role::Manager => MemberRole::Manager,
        Role::Sales => MemberRole::Sales,
        Role::Viewer => MemberRole::Viewer,
    }
}
