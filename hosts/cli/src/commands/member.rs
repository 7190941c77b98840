//! Members of a tenant.

use anyhow::Context;
use hubchat_core::{
    Actor, CreateMemberCommand, InviteMemberCommand, InvitedMember, UpdateMemberCommand,
    domain::{Member as MemberRow, MemberRole, MemberStatus},
};
use hubchat_wiring::Wired;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::operator;
use crate::{
    Answer,
    arguments::{Member, Role},
};

pub(super) async fn member(wired: &Wired, command: Member) -> anyhow::Result<Answer> {
    let hub = &wired.hubchat;
    match command {
        Member::Create { tenant, name, email, role } => {
            let actor = operator(wired, &tenant).await?;
            let command = CreateMemberCommand { name, email, role: member_role(role) };
            let member = hub.create_member.run(&actor, &command).await?;
            Ok(Answer::new([format!("added {} ({})", member.name, member.id)], member_object(&member)))
        }
        Member::Invite { tenant, email, name, role } => {
            let actor = operator(wired, &tenant).await?;
            let invited = if let Some(member) = find(wired, &actor, &email).await? {
                hub.invite_member.again_with_link(&actor, member.id).await?
            } else {
                let name = name.unwrap_or_else(|| email.clone());
                let command = InviteMemberCommand { name, email, role: member_role(role) };
                hub.invite_member.run_with_link(&actor, &command).await?
            };
            Ok(invitation(&invited))
        }
        Member::List { tenant } => {
            let actor = operator(wired, &tenant).await?;
            let members = hub.create_member.list(&actor).await?;
            let lines = members.iter().map(|m| format!("{}  {}  {}  {}", m.id, m.role, m.status, m.name));
            let items: Vec<Value> = members.iter().map(member_object).collect();
            Ok(Answer::new(lines, json!({"items": items})))
        }
        Member::Disable { tenant, email } => {
            let command =
                UpdateMemberCommand { status: Some(MemberStatus::Disabled), ..UpdateMemberCommand::default() };
            update(wired, &tenant, &email, &command).await
        }
        Member::Role { tenant, email, role } => {
            let command = UpdateMemberCommand { role: Some(member_role(role)), ..UpdateMemberCommand::default() };
            update(wired, &tenant, &email, &command).await
        }
    }
}

async fn update(wired: &Wired, tenant: &str, email: &str, command: &UpdateMemberCommand) -> anyhow::Result<Answer> {
    let actor = operator(wired, tenant).await?;
    let member = find(wired, &actor, email).await?.with_context(|| format!("{tenant} has no member {email}"))?;
    let member = wired.hubchat.update_member.run(&actor, member.id, command).await?;
    let line = format!("{}  {}  {}  {}", member.id, member.role, member.status, member.name);
    Ok(Answer::new([line], member_object(&member)))
}

/// The member of an address.
async fn find(wired: &Wired, actor: &Actor, email: &str) -> anyhow::Result<Option<MemberRow>> {
    let email = MemberRow::normal_email(email).context("--email is no e-mail address")?;
    let members = wired.hubchat.create_member.list(actor).await?;
    Ok(members.into_iter().find(|member| member.email == email))
}

fn invitation(invited: &InvitedMember) -> Answer {
    let (member, link) = (&invited.member, &invited.link);
    let lines = [
        format!(
            "invited {} ({}); the link was mailed, and is good once and until {}:",
            member.name, member.id, link.expires_at
        ),
        link.url.expose_secret().to_owned(),
    ];
    let mut object = member_object(member);
    object["link"] = json!(link.url.expose_secret());
    Answer::new(lines, object)
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
