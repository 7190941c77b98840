//! Going on with a session, and all the ways in which one ends.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::browser::{Browser, COOKIE, PASSWORD, mails, member, owner};
use crate::on_both_databases;

async fn sessions(browser: &mut Browser) -> usize {
    browser.call(Method::GET, "/api/auth/sessions", None).await.body["items"].as_array().unwrap().len()
}

on_both_databases! {
    async fn twenty_refreshes_of_one_cookie_at_once_leave_one_live_token_and_nobody_is_out(hub: Hub) {
        let mut nok = owner(hub).await;
        let tabs: Vec<Browser> = vec![nok.clone(); 20];
        let pages = join_all(tabs.into_iter().map(|mut tab| async move {
            let page = tab.refresh().await;
            (page.status, tab.cookie.unwrap(), tab.token.unwrap())
        }))
        .await;
        assert!(pages.iter().all(|page| page.0 == StatusCode::OK), "{pages:?}");
        let mut cookies: Vec<&String> = pages.iter().map(|page| &page.1).collect();
        cookies.sort();
        cookies.dedup();
        assert_eq!(cookies.len(), 1, "one live token");
        assert_ne!(Some(cookies[0]), nok.cookie.as_ref());
        nok.cookie = Some(cookies[0].clone());
        nok.token = Some(pages[7].2.clone());
        assert!(nok.is_in().await);
        assert_eq!(nok.refresh().await.status, StatusCode::OK);
        assert_eq!(sessions(&mut nok).await, 1);
    }

    async fn a_cookie_that_was_stolen_and_used_first_ends_the_session_for_both(hub: Hub) {
        let mut victim = owner(hub).await;
        let spent = victim.clone();
        assert_eq!(victim.refresh().await.status, StatusCode::OK);
        // The thief has the newest cookie and uses it; then the victim comes with the same one, which is spent.
        let mut thief = victim.clone();
        assert_eq!(thief.refresh().await.status, StatusCode::OK);
        assert_eq!(thief.refresh().await.status, StatusCode::OK);
        assert!(thief.is_in().await && victim.is_in().await);
        assert_eq!(victim.refresh().await.body["code"], "session_ended");
        assert_eq!(thief.refresh().await.body["code"], "session_ended");
        thief.is_out().await;
        victim.is_out().await;
        let notices = || mails(hub).iter().filter(|mail| mail.contains("Subject: You were logged out for safety")).count();
        hub.drained().await;
        assert_eq!(notices(), 1);
        let mut late = spent;
        assert_eq!(late.refresh().await.body["code"], "session_ended");
        hub.drained().await;
        assert_eq!(notices(), 1, "one mail for one theft");
        let log_in = Browser::of(hub).log_in("owner@shop.example", PASSWORD).await;
        assert_eq!(log_in.status, StatusCode::OK);
    }

    async fn the_cookie_is_for_the_browser_alone(hub: Hub) {
        let mut nok = owner(hub).await;
        let cookie = nok.refresh().await.set_cookie.unwrap();
        let mut parts: Vec<&str> = cookie.split("; ").collect();
        assert!(parts.remove(0).starts_with(&format!("{COOKIE}=hcr_")));
        parts.sort_unstable();
        assert!(parts.remove(1).starts_with("Max-Age=6047"), "{cookie}");
        assert_eq!(parts, ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]);
        let refresh_token = nok.cookie.clone().unwrap();
        nok.token = Some(refresh_token);
        assert!(!nok.is_in().await, "a refresh token is no access token");
    }

    async fn a_page_of_another_site_can_neither_refresh_nor_log_out_nor_log_in(hub: Hub) {
        let mut nok = owner(hub).await;
        let credentials = json!({"email": "owner@shop.example", "password": PASSWORD});
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", "null"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ] {
            for (path, body) in
                [("/api/auth/refresh", json!({})), ("/api/auth/logout", json!({})), ("/api/auth/login", credentials.clone())]
            {
                let page = nok.call_from(headers, Method::POST, path, Some(body)).await;
                // An origin that nobody listed is refused before the cookie is looked at.
                let code = page.body["code"].as_str();
                let refused = matches!(code, Some("cross_site" | "origin_not_allowed"));
                assert!(page.status == StatusCode::FORBIDDEN && refused, "{path}: {code:?}");
                assert!(page.set_cookie.is_none());
            }
        }
        // A form needs no script, and is no JSON.
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let headers = [("content-type", kind)];
            let page = nok.call_from(&headers, Method::POST, "/api/auth/refresh", None).await;
            assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        }
        assert_eq!(nok.refresh().await.status, StatusCode::OK);
    }

    async fn log_out_ends_the_session_and_no_other(hub: Hub) {
        let mut nok = owner(hub).await;
        let mut other = Browser::of(hub);
        other.log_in("owner@shop.example", PASSWORD).await;
        let before = nok.clone();
        let page = nok.post("/api/auth/logout", json!({})).await;
        assert_eq!((page.status, nok.cookie.is_none()), (StatusCode::NO_CONTENT, true));
        for mut gone in [nok.clone(), before] {
            gone.is_out().await;
            assert_eq!(gone.refresh().await.body["code"], "session_ended");
        }
        assert_eq!(nok.post("/api/auth/logout", json!({})).await.status, StatusCode::NO_CONTENT);
        assert!(other.is_in().await);
        assert_eq!(other.refresh().await.status, StatusCode::OK);
    }

    async fn sessions_are_listed_and_one_is_ended_from_another(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, _) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        let mut phone = Browser::of(hub);
        phone.log_in("nok@shop.example", PASSWORD).await;
        let listed = nok.call(Method::GET, "/api/auth/sessions", None).await.body;
        let listed = listed["items"].as_array().unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!((&listed[0]["current"], &listed[1]["current"]), (&json!(false), &json!(true)));
        assert_eq!(listed[0]["address"], "127.0.0.1");
        let path = format!("/api/auth/sessions/{}", listed[0]["id"].as_str().unwrap());
        let strange = owner.call(Method::DELETE, &path, None).await;
        assert_eq!((strange.status, strange.body["code"].as_str()), (StatusCode::NOT_FOUND, Some("session_not_found")));
        assert!(phone.is_in().await);
        assert_eq!(nok.call(Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
        phone.is_out().await;
        assert_eq!(phone.refresh().await.body["code"], "session_ended");
        assert_eq!(sessions(&mut nok).await, 1);
    }

    async fn a_changed_password_ends_all_other_sessions(hub: Hub) {
        let mut nok = owner(hub).await;
        let mut other = Browser::of(hub);
        other.log_in("owner@shop.example", PASSWORD).await;
        let change = |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
        let path = "/api/auth/change-password";
        let wrong = nok.post(path, change("not my password", "another horse battery")).await.body;
        assert_eq!(wrong["field"], "currentPassword");
        let weak = nok.post(path, change(PASSWORD, "short")).await.body;
        assert_eq!(weak["field"], "newPassword");
        assert!(other.is_in().await);
        assert_eq!(nok.post(path, change(PASSWORD, "another horse battery")).await.status, StatusCode::NO_CONTENT);
        other.is_out().await;
        assert_eq!(other.refresh().await.body["code"], "session_ended");
        assert!(nok.is_in().await);
        assert_eq!(nok.refresh().await.status, StatusCode::OK);
    }

    async fn who_is_disabled_is_out_within_five_seconds(hub: Hub) {
        let mut owner = owner(hub).await;
        let (mut nok, id) = member(hub, &mut owner, "nok@shop.example", "SALES").await;
        assert!(nok.is_in().await);
        let path = format!("/api/members/{id}");
        let role = owner.call(Method::PATCH, &path, Some(json!({"role": "VIEWER"}))).await;
        assert_eq!(role.status, StatusCode::OK);
        let me = nok.call(Method::GET, "/api/me", None).await.body;
        assert_eq!(me["permissions"], json!(["inbox:read"]), "a new role counts at once in the same process");
        // Behind this process's back, as another process does it: only the few seconds of memory lie between.
        let member = id.parse().unwrap();
        let session = hub.wired.hubchat.ports.repository.begin(hub.tenant.tenant_id()).await.unwrap();
        let mut row = session.members().find(member).await.unwrap().unwrap();
        row.status = hubchat_core::domain::MemberStatus::Disabled;
        session.members().update(&row).await.unwrap();
        session.commit().await.unwrap();
        nok.is_out().await;
        assert_eq!(nok.refresh().await.body["code"], "session_ended");
        assert_eq!(nok.log_in("nok@shop.example", PASSWORD).await.body["code"], "login_refused");
        let back = owner.call(Method::PATCH, &path, Some(json!({"status": "ACTIVE"}))).await;
        assert_eq!(back.body["status"], "ACTIVE");
        assert_eq!(owner.call(Method::PATCH, &path, Some(json!({"status": "DISABLED"}))).await.status, StatusCode::OK);
        assert!(!nok.is_in().await);
    }
}
