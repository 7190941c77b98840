//! Bad input gets a clear error and loses nothing.

use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::{
    hub::CHANNEL_SECRET,
    on_both_databases,
    webhook::{body, post, sign, text_event, user},
};

on_both_databases! {
    async fn webhooks_that_are_not_the_providers_are_refused_and_write_nothing(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let good = body(&[text_event(&user(1), "1", "hi")]);
        let signature = sign(CHANNEL_SECRET, &good);
        let send = |url: String, signature: Option<String>, body: Vec<u8>| {
            let mut request = hub.client.post(url).header("content-type", "application/json").body(body);
            if let Some(signature) = signature {
                request = request.header("x-line-signature", signature);
            }
            async move { request.send().await.unwrap().status() }
        };
        let hexadecimal = signature.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        for (what, wrong) in [
            ("absent", None),
            ("empty", Some(String::new())),
            ("another secret", Some(sign("another", &good))),
            ("hexadecimal", Some(hexadecimal)),
            ("url-safe", Some(signature.replace('+', "-").replace('/', "_").replace('=', ""))),
            ("followed by a letter", Some(format!("{signature}A"))),
        ] {
            assert_eq!(send(url.clone(), wrong, good.clone()).await, StatusCode::UNAUTHORIZED, "{what}");
        }
        let changed = [good.as_slice(), b" "].concat();
        assert_eq!(send(url.clone(), Some(signature.clone()), changed).await, StatusCode::UNAUTHORIZED);
        let unknown = format!("{}/webhooks/line/nobody", hub.url);
        assert_eq!(send(unknown, Some(signature.clone()), good.clone()).await, StatusCode::NOT_FOUND);
        let no_json = b"hello".to_vec();
        let signed = Some(sign(CHANNEL_SECRET, &no_json));
        assert_eq!(send(url.clone(), signed, no_json).await, StatusCode::BAD_REQUEST);
        let huge = vec![b' '; (1 << 20) + 1];
        let signed = Some(sign(CHANNEL_SECRET, &huge));
        assert_eq!(send(url.clone(), signed, huge).await, StatusCode::PAYLOAD_TOO_LARGE);
        let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
        assert_eq!(ledger.received, 0);
        for shape in [json!([]), json!({"x": 1}), json!(5), json!({"destination": "U", "events": [{}, 5, null]})] {
            let body = shape.to_string().into_bytes();
            assert_eq!(post(&hub.client, &url, body).await, Some(StatusCode::OK), "{shape}");
        }
        hub.drained().await;
        let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
        assert!(ledger.received >= 4 && ledger.processed == 0, "kept, and nothing made of it: {ledger:?}");
    }

    async fn webhooks_find_their_account_by_destination_too(hub: Hub) {
        let url = format!("{}/api/webhook/line", hub.url);
        assert_eq!(post(&hub.client, &url, body(&[text_event(&user(1), "1", "hi")])).await, Some(StatusCode::OK));
        hub.conversation("the conversation", |_| true).await;
        let stranger = json!({"destination": "Uffffffffffffffffffffffffffffffff", "events": []}).to_string();
        assert_eq!(post(&hub.client, &url, stranger.into_bytes()).await, Some(StatusCode::NOT_FOUND));
    }

    async fn api_requests_that_are_wrong_are_told_where(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "hi"), text_event(&user(2), "2", "hi")])).await;
        hub.drained().await;
        let conversation = hub.conversation("a conversation", |_| true).await;
        let (id, lead) = (conversation["id"].as_str().unwrap(), conversation["leadId"].as_str().unwrap());
        let messages = format!("/api/conversations/{id}/messages");
        let nobody = Uuid::from_u128(1);
        let cases = [
            (Method::POST, messages.clone(), json!({"type": "text"}), 422, "content"),
            (Method::POST, messages.clone(), json!({"type": "text", "content": ""}), 422, "content"),
            (Method::POST, messages.clone(), json!({"type": "text", "content": 5}), 422, "content"),
            (Method::POST, messages.clone(), json!({"type": "song", "content": "la"}), 422, "type"),
            (Method::POST, messages.clone(), json!({"content": "la"}), 422, "type"),
            (Method::POST, messages.clone(), json!({"type": "image", "mediaUrl": "http://plain.example/a.jpg"}), 422, "mediaUrl"),
            (Method::PATCH, format!("/api/leads/{lead}"), json!({"status": "SOLD"}), 422, "status"),
            (Method::PATCH, format!("/api/leads/{lead}"), json!({"tags": [" "]}), 422, "tags"),
            (Method::POST, format!("/api/leads/{lead}/assign"), json!({"mode": "MANUAL"}), 422, "memberId"),
            (Method::POST, format!("/api/leads/{lead}/assign"), json!({"mode": "AUTO_ROUND_ROBIN"}), 409, ""),
            (Method::PATCH, format!("/api/leads/{nobody}"), json!({"note": "x"}), 404, ""),
            (Method::POST, format!("/api/conversations/{nobody}/messages"), json!({"type": "text", "content": "x"}), 404, ""),
            (Method::POST, "/api/channels".to_owned(), json!({"channelType": "LINE", "name": "x"}), 422, "credentials"),
        ];
        for (method, path, body, status, field) in cases {
            let (got, problem) = hub.call(method, &path, Some(body.clone())).await;
            assert_eq!(got.as_u16(), status, "{path} {body}: {problem}");
            assert!(problem["code"].is_string() && problem["type"].is_string(), "{problem}");
            if !field.is_empty() {
                let told = problem["field"].as_str().unwrap_or_default();
                assert!(told.starts_with(field), "{path} {body}: {problem}");
            }
        }
        let page = hub.get("/api/conversations?limit=1").await;
        let cursor = page["nextCursor"].as_str().expect("a second page");
        for wrong in [
            format!("/api/leads?cursor={cursor}"),
            "/api/conversations?cursor=garbage".to_owned(),
            format!("/api/conversations?status=RESOLVED&cursor={cursor}"),
        ] {
            let (status, problem) = hub.call(Method::GET, &wrong, None).await;
            assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_cursor")), "{wrong}");
        }
        let second = hub.get(&format!("/api/conversations?limit=1&cursor={cursor}")).await;
        assert_ne!(second["items"][0]["id"], page["items"][0]["id"]);
        assert!(second["nextCursor"].is_null());
    }
}
