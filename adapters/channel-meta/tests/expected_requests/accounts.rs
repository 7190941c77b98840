//! Accounts: who they are, what they are subscribed to, and when their tokens end.

use hubchat_domain::{ThreadKind, Timestamp};
use hubchat_ports::{FetchError, ProfileQuery};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::{
    APP_ID, Account, SHARED_PROOF, SHARED_SECRET, TOKEN, answering, app, as_in, asked, compare, config, fixture,
    header, query,
};

const PAGE: Account = Account::Page;
const FIELDS: &str = "messages,messaging_postbacks,messaging_referrals,message_deliveries,message_reads,\
                      message_echoes,message_reactions,message_edits,messaging_handovers,standby,feed";

/// Whoever asks for `me` gets what the token is, not what the account is.
fn never_me(path: &str) {
    assert!(path.split('/').all(|part| part != "me"), "{path}");
}

#[tokio::test]
async fn a_page_is_subscribed_by_its_own_id_to_everything() {
    let name = "messenger/subscribe_page";
    assert_eq!(fixture(name)["request"]["query"]["subscribed_fields"], FIELDS);
    for (account, path) in [
        (Account::Page, "/facebook/v25.0/100200300400500/subscribed_apps"),
        // The list replaces the one before: what the page's Messenger needs stays in it.
        (Account::InstagramByPage, "/facebook/v25.0/100200300400500/subscribed_apps"),
        (Account::Instagram, "/instagram/v25.0/17841400000000001/subscribed_apps"),
        (Account::Number, "/facebook/v25.0/102000000000321/subscribed_apps"),
    ] {
        let server = as_in(&fixture(name)).await;
        let adapter = account.adapter(config(&server.uri()));
        adapter.set_webhook(&account.access(), "https://hooks.hubchat.example/webhooks/meta").await.unwrap();
        let asked = asked(&server).await;
        assert_eq!((asked.len(), asked[0].url.path()), (1, path), "{account:?}");
        never_me(asked[0].url.path());
        match account {
            Account::Page | Account::InstagramByPage => compare(name, &asked[0], None),
            Account::Number => {
                // The app's own address is used, so there is nothing to say.
                assert_eq!(fixture("whatsapp/subscribe_waba")["request"]["method"], asked[0].method.as_str());
                assert!(path.ends_with(fixture("whatsapp/subscribe_waba")["request"]["path"].as_str().unwrap()));
                assert_eq!(asked[0].body_json::<Value>().unwrap(), json!({}));
            }
            Account::Instagram => {
                let fields = "messages,message_reactions,messaging_postbacks,messaging_referral,messaging_seen,\
                              standby,comments,live_comments";
                assert_eq!(query(&asked[0])["subscribed_fields"], fields);
            }
        }
    }
}

#[tokio::test]
async fn only_what_is_ours_is_unsubscribed() {
    for (account, path) in [
        (Account::Page, Some("/facebook/v25.0/100200300400500/subscribed_apps")),
        (Account::Instagram, Some("/instagram/v25.0/17841400000000001/subscribed_apps")),
        // The page may serve Messenger too, and the business other numbers.
        (Account::InstagramByPage, None),
        (Account::Number, None),
    ] {
        let server = answering(200, &json!({"success": true})).await;
        account.adapter(config(&server.uri())).unset_webhook(&account.access()).await.unwrap();
        let asked: Vec<(String, String)> =
            asked(&server).await.iter().map(|r| (r.method.to_string(), r.url.path().to_owned())).collect();
        let expected: Vec<_> = path.map(|path| ("DELETE".to_owned(), path.to_owned())).into_iter().collect();
        assert_eq!(asked, expected, "{account:?}");
    }
}

#[tokio::test]
async fn what_a_subscription_lacks_is_told() {
    let name = "messenger/list_subscribed_apps";
    let server = as_in(&fixture(name)).await;
    let adapter = PAGE.adapter(config(&server.uri()));
    let test = adapter.test_webhook(&PAGE.access(), "https://hooks.hubchat.example/").await.unwrap();
    assert!(!test.success);
    compare(name, &asked(&server).await[0], None);
    let told = &fixture(name)["response"]["body"]["data"][0]["subscribed_fields"];
    assert_eq!(told, &json!(["messages", "feed"]));
    for field in FIELDS.split(',').filter(|field| !matches!(*field, "messages" | "feed")) {
        assert!(test.reason.contains(field), "{field}: {}", test.reason);
    }

    let missing = adapter.check(&PAGE.access()).await.unwrap().subscription.unwrap().missing;
    let all: Vec<&str> = FIELDS.split(',').filter(|field| !matches!(*field, "messages" | "feed")).collect();
    assert_eq!(missing, all);

    // Another app's subscription is none of ours.
    let mut theirs = fixture(name)["response"]["body"].clone();
    theirs["data"][0]["id"] = json!("1");
    theirs["data"][0]["subscribed_fields"] = FIELDS.split(',').map(Value::from).collect();
    let server = answering(200, &theirs).await;
    let adapter = PAGE.adapter(hubchat_channel_meta::MetaConfig { app: Some(app()), ..config(&server.uri()) });
    let shared = PAGE.access_with(&[("access_token", TOKEN)]);
    assert!(!adapter.test_webhook(&shared, "").await.unwrap().success);
    // An app of the account's own has an id that nobody told us.
    assert!(adapter.test_webhook(&PAGE.access(), "").await.unwrap().success);
    theirs["data"][0]["id"] = json!(APP_ID);
    let server = answering(200, &theirs).await;
    let adapter = PAGE.adapter(hubchat_channel_meta::MetaConfig { app: Some(app()), ..config(&server.uri()) });
    assert!(adapter.test_webhook(&shared, "").await.unwrap().success);
}

#[tokio::test]
async fn a_number_is_subscribed_by_its_business() {
    let ours = json!({"data": [{"whatsapp_business_api_data": {"id": APP_ID, "name": "hubchat"}}]});
    for (answer, success) in [(ours, true), (json!({"data": []}), false)] {
        let server = answering(200, &answer).await;
        let adapter =
            Account::Number.adapter(hubchat_channel_meta::MetaConfig { app: Some(app()), ..config(&server.uri()) });
        let test = adapter.test_webhook(&Account::Number.access(), "").await.unwrap();
        assert_eq!(test.success, success, "{}", test.reason);
        assert_eq!(asked(&server).await[0].url.path(), "/facebook/v25.0/102000000000321/subscribed_apps");
    }
}

#[tokio::test]
async fn the_end_of_a_token_is_asked_for_by_the_app() {
    let name = "messenger/debug_token";
    let answer = fixture(name)["response"]["body"].clone();
    let mut ending = answer.clone();
    ending["data"]["expires_at"] = json!(1_775_000_000);
    for (answer, expires_at) in
        [(answer, None), (ending, Some(Timestamp::from_millis(1_775_000_000_000))), (json!({}), None)]
    {
        let server = MockServer::start().await;
        let on = |path: &str, body: &Value| {
            Mock::given(matchers::path(path)).respond_with(ResponseTemplate::new(200).set_body_json(body))
        };
        on("/facebook/v25.0/debug_token", &answer).mount(&server).await;
        on("/facebook/v25.0/100200300400500", &json!({"id": PAGE.id(), "name": "ร้าน"})).mount(&server).await;
        on("/facebook/v25.0/100200300400500/subscribed_apps", &json!({"data": []})).mount(&server).await;
        let adapter = PAGE.adapter(hubchat_channel_meta::MetaConfig { app: Some(app()), ..config(&server.uri()) });
        let access = PAGE.access_with(&[("access_token", TOKEN)]);
        let check = adapter.check(&access).await.unwrap();
        assert_eq!((check.external_id.as_str(), check.display_name.as_deref()), (PAGE.id(), Some("ร้าน")));
        assert_eq!(check.expires_at, expires_at);

        let asked = asked(&server).await;
        let debug = asked.iter().find(|request| request.url.path().ends_with("/debug_token")).unwrap();
        let expected = &fixture(name)["request"];
        assert_eq!(debug.method.as_str(), expected["method"]);
        assert_eq!(debug.url.path(), format!("/facebook/v25.0{}", expected["path"].as_str().unwrap()));
        assert_eq!(query(debug).into_iter().collect::<Vec<_>>(), [("input_token".to_owned(), TOKEN.to_owned())]);
        let bearer = format!("Bearer {APP_ID}|{SHARED_SECRET}");
        assert_eq!(header(debug, "authorization"), Some(bearer.as_str()));
        for request in asked.iter().filter(|request| !request.url.path().ends_with("/debug_token")) {
            never_me(request.url.path());
            // The account has no app of its own, so the shared one proves the call.
            assert_eq!(query(request)["appsecret_proof"], SHARED_PROOF, "{}", request.url.path());
        }
    }
}

#[tokio::test]
async fn an_account_tells_who_it_is() {
    for (account, path, name) in [
        (Account::Instagram, "/instagram/v25.0/17841400000000001", json!({"username": "ร้าน"})),
        (Account::InstagramByPage, "/facebook/v25.0/17841400000000001", json!({"username": "ร้าน"})),
        (Account::Number, "/facebook/v25.0/106540352240001", json!({"verified_name": "ร้าน"})),
        (Account::Number, "/facebook/v25.0/106540352240001", json!({"display_phone_number": "ร้าน"})),
    ] {
        let mut answer = name;
        answer["id"] = json!(account.id());
        let server = answering(200, &answer).await;
        let check = account.adapter(config(&server.uri())).check(&account.access()).await.unwrap();
        assert_eq!((check.external_id.as_str(), check.display_name.as_deref()), (account.id(), Some("ร้าน")));
        assert_eq!(asked(&server).await[0].url.path(), path, "{account:?}");
        assert!(!check.subscription.unwrap().missing.is_empty());
    }
}

#[tokio::test]
async fn calls_without_an_app_carry_no_proof() {
    for account in Account::ALL {
        let access = account.access_with(&[("access_token", TOKEN), ("waba_id", "102000000000321")]);
        let server = answering(200, &crate::support::accepted(account, "m_1")).await;
        account.adapter(config(&server.uri())).send(&access, &account.text("x")).await.unwrap();
        assert!(query(&asked(&server).await[0]).is_empty(), "{account:?}");
    }
}

#[tokio::test]
async fn whoever_wrote_in_private_has_a_profile() {
    let query_of = |kind, id: &str| ProfileQuery { thread_kind: kind, external_thread_id: id.to_owned(), member: None };
    for (account, answer, path) in [
        (Account::Page, json!({"first_name": "Somchai", "last_name": "K."}), "/facebook/v25.0/7254519988800011"),
        (Account::Instagram, json!({"name": "", "username": "Somchai K."}), "/instagram/v25.0/1789001122334455"),
    ] {
        let server = answering(200, &answer).await;
        let adapter = account.adapter(config(&server.uri()));
        let one = query_of(ThreadKind::Direct, account.customer());
        let profile = adapter.fetch_profile(&account.access(), &one).await.unwrap();
        assert_eq!(profile.display_name.as_deref(), Some("Somchai K."));
        for other in [query_of(ThreadKind::Comment, account.customer()), query_of(ThreadKind::Direct, "../me")] {
            let error = adapter.fetch_profile(&account.access(), &other).await.unwrap_err();
            assert!(matches!(error, FetchError::NotAvailable { .. }), "{error:?}");
        }
        let asked = asked(&server).await;
        assert_eq!((asked.len(), asked[0].url.path()), (1, path));
    }
}
