//! The life of accounts at Meta: many tenants behind one webhook, tokens, subscriptions, removal.

use std::collections::BTreeMap;

use hubchat_core::{Actor, domain::Scope};
use hubchat_sandbox::{MetaObject, MetaPage, MetaSay, TelegramBot};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    deadline::eventually,
    meta::{PAGE, PERSON},
    on_both_databases,
};

const OTHER_PAGE: &str = "100200300400599";
/// Messages of each of the two pages.
const LOAD: usize = 100;

on_both_databases! {
    /// One webhook of the app, two pages of two tenants, both busy: nothing of one is seen or said by the other.
    async fn two_tenants_under_load_never_mix(hub: Hub) {
        hub.connect_page().await;
        let other = hub.wired.hubchat.create_tenant.run("other", "Other").await.unwrap();
        let actor = Actor::system(other.id);
        let key = hub.wired.hubchat.create_api_key.run(&actor, "e2e", &[Scope::Admin], None).await.unwrap().key;
        hub.sandbox.meta().add_page(MetaPage::new(OTHER_PAGE, "other-token"));
        let body = json!({
            "channelType": "FACEBOOK", "name": "Other", "destination": OTHER_PAGE,
            "credentials": {"accessToken": "other-token"},
        });
        let (status, account) = hub.call_as(Some(&key), Method::POST, "/api/channels", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{account}");
        // The person has the same id at both pages, so that only the page tells them apart.
        let send = |page: &'static str, n: usize| (page.to_owned(), PERSON.to_owned(), MetaSay::Text(format!("{page}:{n}")));
        let mut answers = Vec::new();
        for n in 0..LOAD {
            let said = hub.sandbox.meta().say_batch(vec![send(PAGE, n), send(OTHER_PAGE, n)]).await.unwrap();
            assert!(said.iter().all(|event| event.status == 200));
            if n == 0 {
                hub.drained().await;
            }
            for (credential, page) in [(&hub.key, PAGE), (&key, OTHER_PAGE)] {
                let (_, threads) = hub.call_as(Some(credential), Method::GET, "/api/conversations", None).await;
                let thread = threads["items"][0]["id"].as_str().unwrap();
                let text = json!({"type": "text", "content": format!("{page}:answer {n}")});
                let path = format!("/api/conversations/{thread}/messages");
                let (status, message) = hub.call_as(Some(credential), Method::POST, &path, Some(text)).await;
                assert_eq!(status, StatusCode::ACCEPTED, "{message}");
                answers.push(message);
            }
        }
        hub.drained().await;
        let mut got: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for effect in hub.meta_effects() {
            let text = effect.body["message"]["text"].as_str().unwrap().to_owned();
            got.entry(effect.account_id.clone()).or_default().push(text);
        }
        for page in [PAGE, OTHER_PAGE] {
            let expected: Vec<String> = (0..LOAD).map(|n| format!("{page}:answer {n}")).collect();
            assert_eq!(got[page], expected, "every answer once, in order, by its own page");
        }
        assert_eq!(hub.sandbox.meta().wrong_token_calls(), 0);
        for (credential, page) in [(&hub.key, PAGE), (&key, OTHER_PAGE)] {
            let (_, threads) = hub.call_as(Some(credential), Method::GET, "/api/conversations", None).await;
            assert_eq!(threads["items"].as_array().unwrap().len(), 1);
            let thread = threads["items"][0]["id"].as_str().unwrap();
            let path = format!("/api/conversations/{thread}/messages?limit=200");
            let (_, messages) = hub.call_as(Some(credential), Method::GET, &path, None).await;
            let messages = messages["items"].as_array().unwrap();
            assert_eq!(messages.len(), 2 * LOAD);
            assert!(messages.iter().all(|message| message["content"].as_str().unwrap().starts_with(page)));
        }
    }

    /// What comes before an account is connected is kept, acknowledged, and brought in.
    async fn events_of_an_unknown_account_are_kept_until_it_is_connected(hub: Hub) {
        hub.sandbox.meta().add_page(MetaPage::new(PAGE, "page-token"));
        hub.subscribe(MetaObject::Page, "facebook").await;
        let early = hub.says(PAGE, PERSON, MetaSay::Text("anyone there?".to_owned())).await;
        assert_eq!(hub.sandbox.meta().redeliver(&early.event_id).await.unwrap(), 200);
        assert!(hub.list("/api/conversations").await.is_empty());
        hub.connect("FACEBOOK", PAGE, json!({"accessToken": "page-token"})).await;
        let thread = hub.thread_on("FACEBOOK").await;
        let messages = hub.messages(&thread).await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(messages[0]["content"], "anyone there?");
    }

    /// Webhooks go by the id that an account claims, so Meta itself has to confirm it.
    async fn nobody_connects_a_page_that_is_not_theirs(hub: Hub) {
        hub.sandbox.meta().add_page(MetaPage::new(PAGE, "page-token"));
        hub.sandbox.meta().add_page(MetaPage::new(OTHER_PAGE, "other-token"));
        for token in ["other-token", "guessed"] {
            let body = json!({
                "channelType": "FACEBOOK", "name": "Mine", "destination": PAGE, "credentials": {"accessToken": token},
            });
            let (status, problem) = hub.call(Method::POST, "/api/channels", Some(body)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
            assert_eq!(problem["code"], "channel_credentials_refused", "{problem}");
        }
        let body = json!({"channelType": "FACEBOOK", "name": "Mine", "credentials": {"accessToken": "page-token"}});
        let (status, problem) = hub.call(Method::POST, "/api/channels", Some(body)).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("validation_failed")), "{problem}");
    }

    async fn what_waits_for_a_new_token_goes_out_in_order(hub: Hub) {
        let account = hub.connect_page().await;
        hub.says(PAGE, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("FACEBOOK").await;
        hub.sandbox.meta().set_token(PAGE, "new-token");
        let mut waiting = Vec::new();
        for n in 0..3 {
            waiting.push(hub.send_text(&thread, &format!("{n}")).await);
        }
        let path = format!("/api/channels/{}", account["id"].as_str().unwrap());
        let marked = |status: &'static str| {
            let path = "/api/channels";
            let hub = &hub;
            async move {
                let accounts = hub.list(path).await;
                accounts.into_iter().find(|row| row["channelType"] == "FACEBOOK" && row["status"] == status)
            }
        };
        eventually("the account is marked", || marked("UNAUTHORIZED")).await;
        let options = hub.send_options(&thread).await;
        assert!(options["waitsBecause"].is_string(), "{options}");
        let body = json!({"credentials": {"accessToken": "new-token"}});
        let (status, account) = hub.call(Method::PATCH, &path, Some(body)).await;
        assert_eq!(status, StatusCode::OK, "{account}");
        for message in &waiting {
            hub.settled(message, &["SENT"]).await;
        }
        let texts: Vec<Value> = hub.meta_effects().iter().map(|effect| effect.body["message"]["text"].clone()).collect();
        assert_eq!(texts, [json!("0"), json!("1"), json!("2")]);
    }

    async fn a_lost_subscription_is_found_and_repaired(hub: Hub) {
        let account = hub.connect_page().await;
        let subscribed = hub.sandbox.meta().subscriptions(PAGE).expect("subscribed at connect");
        assert!(subscribed.contains(&"feed".to_owned()) && subscribed.len() == 11, "{subscribed:?}");
        hub.sandbox.meta().set_subscribed(PAGE, false);
        let id = account["id"].as_str().unwrap().parse().unwrap();
        let tenant = hub.tenant.tenant_id();
        let health = hub.wired.hubchat.check_channel.run(tenant, id, false).await.unwrap().expect("an account");
        assert!(health.resubscribed && health.trouble.is_none(), "{health:?}");
        assert_eq!(hub.sandbox.meta().subscriptions(PAGE).map(|fields| fields.len()), Some(11));
        hub.says(PAGE, PERSON, MetaSay::Text("back".to_owned())).await;
        hub.thread_on("FACEBOOK").await;
    }

    /// An account's own webhook is looked after too.
    async fn a_webhook_that_was_lost_is_set_again(hub: Hub) {
        let token = "7000000009:e2e-life-token";
        hub.sandbox.telegram().add_bot(TelegramBot::new(token));
        let body = json!({"channelType": "TELEGRAM", "name": "Bot", "credentials": {"botToken": token}});
        let (status, account) = hub.call(Method::POST, "/api/channels", Some(body)).await;
        assert_eq!(status, StatusCode::CREATED, "{account}");
        let (id, tenant) = (account["id"].as_str().unwrap().parse().unwrap(), hub.tenant.tenant_id());
        let health = hub.wired.hubchat.check_channel.run(tenant, id, false).await.unwrap().expect("an account");
        assert!(health.resubscribed && health.trouble.is_none(), "{health:?}");
        let url = format!("{}{}", hub.url, account["webhookPath"].as_str().unwrap());
        let set = |bot: &TelegramBot| bot.webhook_url.clone();
        assert_eq!(hub.sandbox.telegram().bots().iter().find_map(|bot| set(bot)), Some(url));
        hub.sandbox.telegram().add_bot(TelegramBot {
            webhook_url: Some("https://elsewhere.example/".to_owned()),
            ..TelegramBot::new(token)
        });
        let health = hub.wired.hubchat.check_channel.run(tenant, id, false).await.unwrap().expect("an account");
        assert_eq!(health.account.status.as_str(), "DEGRADED", "{health:?}");
        let health = hub.wired.hubchat.check_channel.run(tenant, id, true).await.unwrap().expect("an account");
        assert_eq!((health.account.status.as_str(), health.trouble), ("ACTIVE", None));
    }

    async fn a_removed_account_receives_and_sends_nothing_and_its_talk_stays(hub: Hub) {
        let account = hub.connect_page().await;
        hub.says(PAGE, PERSON, MetaSay::Text("hello".to_owned())).await;
        let thread = hub.thread_on("FACEBOOK").await;
        let path = format!("/api/channels/{}", account["id"].as_str().unwrap());
        let (status, removed) = hub.call(Method::DELETE, &path, None).await;
        assert_eq!(status, StatusCode::OK, "{removed}");
        assert!(hub.list("/api/channels").await.iter().all(|row| row["channelType"] != "FACEBOOK"));
        assert_eq!(hub.call(Method::DELETE, &path, None).await.0, StatusCode::NOT_FOUND);
        assert_eq!(hub.messages(&thread).await.len(), 1, "what was said stays");
        let message = hub.send_text(&thread, "too late").await;
        let message = hub.settled(&message, &["FAILED"]).await;
        assert_eq!(message["failure"]["code"], "channel_gone", "{message}");
        // The page may be connected again.
        hub.connect("FACEBOOK", PAGE, json!({"accessToken": "page-token"})).await;
    }
}
