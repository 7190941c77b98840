//! Coming in: first owner, invitation, log-in, forgotten passwords, and what strangers learn.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::browser::{Browser, PASSWORD, mailed_token, mails, member, owner, token_of};
use crate::deadline::eventually;
use crate::on_both_databases;

/// An answer without what differs between any two requests.
fn plain(mut body: Value) -> Value {
    body.as_object_mut().map(|object| object.remove("requestId"));
    body
}

on_both_databases! {
    async fn an_owner_comes_in_by_a_link_invites_a_member_and_both_know_who_they_are(hub: Hub) {
        let mut owner = owner(hub).await;
        let me = owner.call(Method::GET, "/api/me", None).await.body;
        assert_eq!((me["tenant"]["slug"].as_str(), me["role"].as_str()), (Some("shop"), Some("OWNER")));
        assert!(me["permissions"].as_array().unwrap().contains(&json!("owners:manage")));

        let (mut nok, id) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let me = nok.call(Method::GET, "/api/me", None).await.body;
        assert_eq!((me["member"]["id"].as_str(), me["role"].as_str()), (Some(id.as_str()), Some("SALES")));
        assert_eq!(me["permissions"], json!(["inbox:read", "leads:write", "messages:send"]));
        let page = nok.post("/api/members", json!({"name": "X", "email": "x@shop.example", "role": "VIEWER"})).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);

        // A key has no person behind it.
        let me = hub.get("/api/me").await;
        assert_eq!((me["tenant"]["slug"].as_str(), me.get("member")), (Some("shop"), None));
        let (status, problem) = hub.call(Method::GET, "/api/auth/sessions", None).await;
        assert_eq!((status, problem["code"].as_str()), (StatusCode::FORBIDDEN, Some("members_only")));
    }

    async fn a_link_works_once_and_another_takes_its_place(hub: Hub) {
        let mut owner = owner(hub).await;
        let body = json!({"name": "Nok", "email": "nok@shop.example", "role": "SALES"});
        let id = owner.post("/api/members", body.clone()).await.body["id"].as_str().unwrap().to_owned();
        let mailed = || async { mailed_token(hub, "nok@shop.example") };
        let first = eventually("an invitation", mailed).await;
        assert_eq!(owner.post("/api/members", body).await.body["code"], "member_exists");
        assert_eq!(owner.call(Method::POST, &format!("/api/members/{id}/invite"), None).await.status, StatusCode::OK);
        let second = eventually("another one", || async { mailed().await.filter(|token| *token != first) }).await;
        let accept = |token: &str, password: &str| json!({"token": token, "password": password});
        let mut nok = Browser::of(hub);
        let path = "/api/auth/accept-invitation";
        assert_eq!(nok.post(path, accept(&first, PASSWORD)).await.body["code"], "link_not_valid");
        let weak = nok.post(path, accept(&second, "nok@shop.example")).await.body;
        assert_eq!((weak["code"].as_str(), weak["field"].as_str()), (Some("validation_failed"), Some("password")));
        assert_eq!(nok.post(path, accept(&second, PASSWORD)).await.status, StatusCode::OK);
        assert_eq!(nok.post(path, accept(&second, PASSWORD)).await.body["code"], "link_not_valid");
        let again = owner.call(Method::POST, &format!("/api/members/{id}/invite"), None).await;
        assert_eq!(again.body["code"], "member_not_invited");
    }

    async fn a_stranger_and_a_member_with_a_wrong_password_get_the_same_answers(hub: Hub) {
        let mut owner = owner(hub).await;
        member(hub, &mut owner, "nok@shop.example", "SALES").await;
        hub.add_member("Plain").await;
        let mut answers = Vec::new();
        for email in ["nok@shop.example", "nobody@shop.example", "plain@shop.example", "not an address"] {
            let mut browser = Browser::of(hub);
            let wrong = browser.log_in(email, "wrong password 1").await;
            assert!(wrong.set_cookie.is_none());
            let forgot = browser.post("/api/auth/forgot", json!({"email": email})).await;
            assert_eq!(forgot.status, StatusCode::ACCEPTED);
            answers.push((wrong.status, plain(wrong.body), forgot.body, forgot.set_cookie));
        }
        assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        let reset = eventually("a mail to set a new password", || async {
            mails(hub).into_iter().find(|mail| mail.contains("To: nok@shop.example") && mail.contains("/reset-password#"))
        })
        .await;
        hub.drained().await;
        assert!(!mails(hub).iter().any(|mail| mail.contains("nobody@")));
        // No session outlives a reset, and the link is good once.
        let mut nok = Browser::of(hub);
        assert_eq!(nok.log_in("nok@shop.example", PASSWORD).await.status, StatusCode::OK);
        let body = json!({"token": token_of(&reset), "newPassword": "another horse battery"});
        assert_eq!(nok.post("/api/auth/reset", body.clone()).await.status, StatusCode::NO_CONTENT);
        assert_eq!(nok.post("/api/auth/reset", body).await.body["code"], "link_not_valid");
        assert!(!nok.is_in().await);
        assert_eq!(nok.refresh().await.body["code"], "session_ended");
        assert_eq!(nok.log_in("nok@shop.example", PASSWORD).await.body["code"], "login_refused");
        assert_eq!(nok.log_in("Nok@Shop.example ", "another horse battery").await.status, StatusCode::OK);
    }

    async fn too_many_tries_are_told_so_whether_there_is_such_a_person_or_not(hub: Hub) {
        owner(hub).await;
        let mut browser = Browser::of(hub);
        for email in ["owner@shop.example", "nobody@shop.example"] {
            for _ in 0..5 {
                assert_eq!(browser.log_in(email, "wrong password 1").await.body["code"], "login_refused");
            }
            // The right password does not help either: nothing is looked up.
            let limited = browser.log_in(email, PASSWORD).await;
            assert_eq!((limited.status, limited.body["code"].as_str()), (StatusCode::TOO_MANY_REQUESTS, Some("rate_limited")));
            let wait: u64 = limited.retry_after.unwrap().parse().unwrap();
            assert!((1..=12).contains(&wait), "{wait}");
        }
    }

    async fn whoever_belongs_to_two_tenants_chooses_one(hub: Hub) {
        use hubchat_core::{Actor, InviteMemberCommand, domain::MemberRole};
        use secrecy::ExposeSecret;
        let mut first = owner(hub).await;
        member(hub, &mut first, "nok@shop.example", "SALES").await;
        let other = hub.wired.hubchat.create_tenant.run("other", "Other").await.unwrap();
        let command =
            InviteMemberCommand { name: "Nok".to_owned(), email: "nok@shop.example".to_owned(), role: MemberRole::Viewer };
        let invited = hub.wired.hubchat.invite_member.run_with_link(&Actor::system(other.id), &command).await.unwrap();
        let mut nok = Browser::of(hub);
        assert_eq!(nok.log_in("nok@shop.example", PASSWORD).await.body["outcome"], "SESSION", "one is only invited to");
        let token = token_of(invited.link.url.expose_secret());
        let accept = |password: &str| json!({"token": token, "password": password});
        let path = "/api/auth/accept-invitation";
        assert_eq!(nok.post(path, accept("not their password")).await.body["code"], "login_refused");
        assert_eq!(nok.post(path, accept(PASSWORD)).await.body["tenant"]["slug"], "other");
        let choice = nok.log_in("nok@shop.example", PASSWORD).await;
        assert_eq!((choice.body["outcome"].as_str(), choice.set_cookie), (Some("CHOOSE_TENANT"), None));
        let slugs: Vec<_> = choice.body["tenants"].as_array().unwrap().iter().map(|tenant| &tenant["slug"]).collect();
        assert_eq!(slugs, ["other", "shop"]);
        let body = json!({"email": "nok@shop.example", "password": PASSWORD, "tenant": "other"});
        let chosen = nok.post("/api/auth/login", body).await.body;
        assert_eq!((chosen["outcome"].as_str(), chosen["session"]["member"]["role"].as_str()), (Some("SESSION"), Some("VIEWER")));
        assert!(nok.call(Method::GET, "/api/conversations", None).await.body["items"].as_array().unwrap().is_empty());
    }

    async fn owners_are_made_by_owners_and_the_last_one_stays(hub: Hub) {
        let mut owner = owner(hub).await;
        let me = owner.call(Method::GET, "/api/me", None).await.body;
        let path = format!("/api/members/{}", me["member"]["id"].as_str().unwrap());
        for change in [json!({"role": "ADMIN"}), json!({"status": "DISABLED"})] {
            let page = owner.call(Method::PATCH, &path, Some(change)).await;
            assert_eq!((page.status, page.body["code"].as_str()), (StatusCode::CONFLICT, Some("last_owner")));
        }
        let (mut admin, id) = member(hub, &mut owner, "admin@shop.example", "ADMIN").await;
        let crown = json!({"role": "OWNER"});
        let admins = format!("/api/members/{id}");
        assert_eq!(admin.call(Method::PATCH, &admins, Some(crown.clone())).await.status, StatusCode::FORBIDDEN);
        assert_eq!(admin.call(Method::PATCH, &path, Some(json!({"name": "X"}))).await.status, StatusCode::FORBIDDEN);
        let invited = admin.post("/api/members", json!({"name": "O", "email": "o@shop.example", "role": "OWNER"})).await;
        assert_eq!(invited.status, StatusCode::FORBIDDEN);
        assert_eq!(owner.call(Method::PATCH, &admins, Some(crown)).await.body["role"], "OWNER");
        assert_eq!(admin.call(Method::PATCH, &path, Some(json!({"role": "VIEWER"}))).await.body["role"], "VIEWER");
    }
}
