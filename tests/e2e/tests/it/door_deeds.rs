//! What people do at the door, as the audit logs of their tenants tell it.

use hubchat_core::{
    Actor, AuditVerdict, InviteMemberCommand,
    domain::{AuthLinkKind, MemberRole, TenantId},
    port::AuditFilter,
};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, PASSWORD, mailed_token, member, owner, token_of},
    deadline::eventually,
    hub::Hub,
    on_both_databases,
};

const NEW: &str = "another horse battery";

/// The entries of that action, newest first, once there are so many.
async fn entries(hub: &Hub, action: &str, count: usize) -> Vec<Value> {
    let path = format!("/api/audit?limit=200&action={action}");
    eventually(&format!("{count} entries of {action}"), || async {
        let found = hub.list(&path).await;
        (found.len() >= count).then_some(found)
    })
    .await
}

/// The actions in another tenant's log.
async fn actions(hub: &Hub, tenant: TenantId) -> Vec<&'static str> {
    let log = hub.wired.hubchat.ports.repository.audit(tenant);
    let page = log.list(&AuditFilter::default(), None, 200).await.expect("a log");
    page.items.iter().map(|entry| entry.draft.action.as_str()).collect()
}

async fn is_whole(hub: &Hub, tenant: TenantId) {
    let verdict = hub.wired.hubchat.verify_audit.run(&Actor::system(tenant), None).await.expect("a check");
    assert!(matches!(verdict, AuditVerdict::Intact { .. }), "{verdict:?}");
}

/// Nothing of a log says a password, a token or an address of mail.
async fn tells_no_secret(hub: &Hub) {
    let log = json!(hub.list("/api/audit?limit=200").await).to_string();
    for never in [PASSWORD, NEW, "hcl_", "hcr_", "@shop.example", "$argon2"] {
        assert!(!log.contains(never), "{never}");
    }
}

on_both_databases! {
    async fn coming_going_and_being_thrown_out_are_written_down(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, id) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let mut phone = Browser::of(hub);
        phone.log_in("nok@shop.example", PASSWORD).await;
        assert_eq!(Browser::of(hub).log_in("nok@shop.example", "wrong password 1").await.status, StatusCode::UNAUTHORIZED);

        let came = entries(hub, "MEMBER_SIGNED_IN", 3).await;
        let ways: Vec<_> = came.iter().map(|entry| &entry["after"]["by"]).collect();
        assert_eq!(ways, ["PASSWORD", "INVITATION", "INVITATION"], "and a wrong password is no deed");
        assert_eq!(came[0]["actor"], json!({"type": "MEMBER", "id": id}));
        assert_eq!((&came[0]["address"], &came[0]["subject"]["type"]), (&json!("127.0.0.1"), &json!("SESSION")));
        assert!(came[0]["requestId"].is_string(), "{}", came[0]);
        let session = came[0]["subject"]["id"].as_str().expect("an id").to_owned();

        let path = format!("/api/auth/sessions/{session}");
        assert_eq!(nok.call(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
        assert_eq!(nok.call(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT, "over already");
        assert_eq!(nok.post("/api/auth/logout", json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(nok.post("/api/auth/logout", json!({})).await.status, StatusCode::NO_CONTENT);
        let revoked = entries(hub, "SESSION_REVOKED", 1).await;
        assert_eq!((&revoked[0]["subject"]["id"], &revoked[0]["actor"]["id"]), (&json!(session), &json!(id)));
        let left = entries(hub, "MEMBER_SIGNED_OUT", 1).await;
        assert_eq!((&left[0]["actor"]["id"], &left[0]["subject"]["id"]), (&json!(id), &came[1]["subject"]["id"]));

        let mut thief = owner.clone();
        for _ in 0..2 {
            assert_eq!(owner.refresh().await.status, StatusCode::OK);
        }
        assert_eq!(thief.refresh().await.body["code"], "session_ended");
        let stolen = entries(hub, "REFRESH_TOKEN_REUSED", 1).await;
        assert_eq!((&stolen[0]["actor"], &stolen[0]["subject"]["id"]), (&json!({"type": "SYSTEM"}), &came[2]["subject"]["id"]));
        assert_eq!(stolen[0]["after"]["memberId"], came[2]["actor"]["id"]);

        hub.drained().await;
        for (action, count) in [("SESSION_REVOKED", 1), ("MEMBER_SIGNED_OUT", 1), ("REFRESH_TOKEN_REUSED", 1), ("MEMBER_SIGNED_IN", 3)] {
            assert_eq!(entries(hub, action, count).await.len(), count, "{action} once for each deed");
        }
        tells_no_secret(hub).await;
        is_whole(hub, hub.tenant.tenant_id()).await;
    }

    async fn a_password_is_told_of_in_each_tenant_that_its_person_works_in(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, id) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let other = hub.wired.hubchat.create_tenant.run("other", "Other").await.unwrap().id;
        let third = hub.wired.hubchat.create_tenant.run("third", "Third").await.unwrap().id;
        let command = InviteMemberCommand { name: "Nok".to_owned(), email: "nok@shop.example".to_owned(), role: MemberRole::Viewer };
        let invited = hub.wired.hubchat.invite_member.run_with_link(&Actor::system(other), &command).await.unwrap();
        let token = token_of(invited.link.url.expose_secret()).to_owned();
        let body = json!({"token": token, "password": PASSWORD});
        assert_eq!(nok.post("/api/auth/accept-invitation", body).await.status, StatusCode::OK);
        // Invited to the third, and never there.
        hub.wired.hubchat.invite_member.run_with_link(&Actor::system(third), &command).await.unwrap();

        let change = json!({"currentPassword": PASSWORD, "newPassword": NEW});
        assert_eq!(nok.post("/api/auth/change-password", change).await.status, StatusCode::NO_CONTENT);
        let asked = nok.post("/api/auth/forgot", json!({"email": "nok@shop.example"})).await;
        assert_eq!(asked.status, StatusCode::ACCEPTED);
        let reset = eventually("a link", || async {
            mailed_token(hub, "nok@shop.example").filter(|_| crate::browser::mails(hub).last().is_some_and(|mail| mail.contains("/reset-password#")))
        }).await;
        let body = json!({"token": reset, "newPassword": "a third horse battery"});
        assert_eq!(nok.post("/api/auth/reset", body).await.status, StatusCode::NO_CONTENT);

        for action in ["PASSWORD_CHANGED", "PASSWORD_RESET_REQUESTED", "PASSWORD_RESET"] {
            let told = entries(hub, action, 1).await;
            assert_eq!((told.len(), &told[0]["subject"]), (1, &json!({"type": "MEMBER", "id": id})), "{action}");
            assert_eq!((&told[0]["actor"]["id"], &told[0]["address"]), (&json!(id), &json!("127.0.0.1")), "{action}");
            eventually(&format!("{action} in the other tenant"), || async {
                actions(hub, other).await.contains(&action).then_some(())
            }).await;
        }
        hub.drained().await;
        let strange = actions(hub, third).await;
        assert!(!strange.iter().any(|action| action.starts_with("PASSWORD")), "{strange:?}");
        tells_no_secret(hub).await;
        for tenant in [hub.tenant.tenant_id(), other, third] {
            is_whole(hub, tenant).await;
        }
    }

    async fn a_link_of_a_first_owner_that_names_nobody_makes_one_owner_and_opens_no_account_of_another_tenant(hub: Hub) {
        let other = hub.wired.hubchat.create_tenant.run("other", "Other").await.unwrap().id;
        // A member of the first tenant who has no password yet.
        hub.add_member("Plain").await;
        let link = hub.wired.hubchat.first_owner.open_link(other).await.unwrap();
        let token = token_of(link.url.expose_secret()).to_owned();
        let come = |email: &str| json!({"token": token, "password": PASSWORD, "name": "Somebody", "email": email});
        let path = "/api/auth/accept-invitation";
        let mut stranger = Browser::of(hub);
        assert_eq!(stranger.post(path, come("plain@shop.example")).await.body["code"], "login_refused");
        assert_eq!(stranger.log_in("plain@shop.example", PASSWORD).await.body["code"], "login_refused");
        let own = stranger.post(path, come("new@other.example")).await;
        assert_eq!((own.status, &own.body["member"]["role"]), (StatusCode::OK, &json!("OWNER")));
        assert_eq!(Browser::of(hub).post(path, come("late@other.example")).await.body["code"], "link_not_valid");
        hub.drained().await;
        let told = actions(hub, other).await;
        let accepted = told.iter().filter(|action| **action == "INVITATION_ACCEPTED").count();
        assert_eq!(accepted, 1, "the job found the owner made: {told:?}");
        let session = hub.wired.hubchat.ports.repository.begin(other).await.unwrap();
        assert_eq!(session.members().list().await.unwrap().len(), 1);
    }

    async fn an_owner_is_made_although_the_process_died_after_the_link_was_used(hub: Hub) {
        use hubchat_core::port::{NewJob, PasswordChange, TenantJob, Lane};
        let hubchat = &hub.wired.hubchat;
        let other = hubchat.create_tenant.run("other", "Other").await.unwrap().id;
        let link = hubchat.first_owner.open_link(other).await.unwrap();
        let token = token_of(link.url.expose_secret()).to_owned();
        // Everything up to the door, as a request does it, and then nothing more.
        let (ports, now) = (&hubchat.ports, hubchat.ports.clock.now());
        let user = hubchat_core::domain::User {
            id: ports.ids.next_uuid().into(),
            email: "new@other.example".to_owned(),
            name: "New".to_owned(),
            password_hash: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        ports.access.insert_user(&user).await.unwrap();
        let hash = ports.passwords.hash(&PASSWORD.to_owned().into()).await.unwrap();
        let digest = ports.vault.digest(token.as_bytes());
        assert_eq!(ports.access.find_link(&digest).await.unwrap().unwrap().kind, AuthLinkKind::FirstOwner);
        let payload = json!({"userId": user.id, "memberId": ports.ids.next_uuid(), "at": now.as_micros(), "address": null, "requestId": null});
        let job = NewJob {
            lane: Lane::Background,
            order_key: "enthrone".to_owned(),
            kind: "access.enthrone.v1".to_owned(),
            payload: payload.to_string(),
            delay: std::time::Duration::ZERO,
        };
        let change = PasswordChange { user_id: user.id, hash, keep: None, at: now };
        let jobs = [TenantJob { tenant_id: other, job }];
        assert!(ports.access.redeem_link(&digest, now, Some(change), &jobs).await.unwrap());
        let mut new = Browser::of(hub);
        eventually("an owner", || async {
            let members = hub.wired.hubchat.create_member.list(&Actor::system(other)).await.unwrap();
            members.iter().any(|member| member.role == MemberRole::Owner).then_some(())
        })
        .await;
        assert_eq!(new.log_in("new@other.example", PASSWORD).await.body["session"]["member"]["role"], "OWNER");
        hub.drained().await;
        is_whole(hub, other).await;
    }
}
