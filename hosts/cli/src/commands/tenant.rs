//! Tenants, keys and members.

use hubchat_core::{
    CreateMemberCommand,
    domain::{Member as MemberRow, MemberRole, Scope},
};
use hubchat_wiring::Wired;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::operator;
use crate::{
    Answer,
    arguments::{Key, KeyScope, Member, Role, Tenant},
};

pub(super) async fn tenant(wired: &Wired, command: Tenant) -> anyhow::Result<Answer> {
    let tenants = &wired.hubchat.create_tenant;
    let (tenant, line) = match command {
        Tenant::Create { slug, name } => {
            let tenant = tenants.run(&slug, &name).await?;
            let line = format!("created tenant {} ({})", tenant.slug, tenant.id);
            (tenant, line)
        }
        Tenant::SetPublicReply { slug, text, none: _ } => {
            let tenant = tenants.set_public_reply(&slug, text.as_deref()).await?;
            let line = match &tenant.public_reply_text {
                Some(text) => format!("under a comment that was answered in private: {text}"),
                None => "under a comment that was answered in private nothing is written".to_owned(),
            };
            (tenant, line)
        }
    };
    let object = json!({
        "id": tenant.id, "slug": tenant.slug, "name": tenant.name, "publicReplyText": tenant.public_reply_text,
    });
    Ok(Answer::new([line], object))
}

pub(super) async fn key(wired: &Wired, command: Key) -> anyhow::Result<Answer> {
    let Key::Create { tenant, name, scopes } = command;
    let actor = operator(wired, &tenant).await?;
    let scopes: Vec<Scope> = scopes.into_iter().map(scope).collect();
    let made = wired.hubchat.create_api_key.run(&actor, &name, &scopes, None).await?;
    let key = made.key.expose_secret();
    let names: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let object = json!({"id": made.record.id, "prefix": made.record.prefix, "scopes": names, "key": key});
    let lines = ["the key, shown this once; keep it safe:".to_owned(), key.to_owned()];
    Ok(Answer::new(lines, object))
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

const fn scope(scope: KeyScope) -> Scope {
    match scope {
        KeyScope::Admin => Scope::Admin,
        KeyScope::InboxRead => Scope::InboxRead,
        KeyScope::InboxWrite => Scope::InboxWrite,
        KeyScope::MessagesSend => Scope::MessagesSend,
        KeyScope::ChannelsManage => Scope::ChannelsManage,
    }
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
