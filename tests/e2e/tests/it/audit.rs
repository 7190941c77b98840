//! The audit log as an administrator meets it: who changed what, from where, and exports that anybody can check.

use aws_lc_rs::digest::{SHA256, digest};
use hubchat_core::domain::{AuditHash, Scope};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::{
    hub::{ACCESS_TOKEN, CHANNEL_SECRET, Hub},
    on_both_databases,
    webhook::{body, post, text_event, user},
};

/// Calls the API under a request id of the caller's.
async fn call(hub: &Hub, request_id: &str, method: Method, path: &str, body: Value) -> StatusCode {
    let request = hub.client.request(method, format!("{}{path}", hub.url)).bearer_auth(hub.key.expose_secret());
    let response = request.header("x-request-id", request_id).json(&body).send().await.expect("hubchat answers");
    response.status()
}

async fn export(hub: &Hub, query: &str) -> (String, String) {
    let url = format!("{}/api/audit/export?{query}", hub.url);
    let answer = hub.client.get(url).bearer_auth(hub.key.expose_secret()).send().await.expect("hubchat answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    (kind, answer.text().await.expect("the whole export"))
}

/// An entry's form of bytes, as docs/audit.md tells it to those who have nothing but an export.
fn form(line: &Value) -> Vec<u8> {
    let text = |value: &Value| match value {
        Value::Null => "-,".to_owned(),
        Value::String(text) => format!("{}:{text},", text.len()),
        Value::Number(number) => format!("{}:{number},", number.to_string().len()),
        other => panic!("{other} is no field"),
    };
    let json = |value: &Value| match value {
        Value::Null => "-,".to_owned(),
        value => format!("{}:{value},", value.to_string().len()),
    };
    [
        text(&json!("hubchat-audit-v1")),
        text(&line["tenantId"]),
        text(&line["seq"]),
        text(&line["at"]),
        text(&line["actor"]["type"]),
        text(&line["actor"]["id"]),
        text(&line["action"]),
        text(&line["subject"]["type"]),
        text(&line["subject"]["id"]),
        json(&line["before"]),
        json(&line["after"]),
        text(&line["address"]),
        text(&line["requestId"]),
    ]
    .concat()
    .into_bytes()
}

on_both_databases! {
    async fn changes_over_http_are_written_down_with_who_from_where_and_request_and_without_secrets(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        post(&hub.client, &url, body(&[text_event(&user(1), "1", "secret talk")])).await;
        let conversation = hub.conversation("the conversation", |_| true).await;
        let lead = format!("/api/leads/{}", conversation["leadId"].as_str().unwrap());
        let thread = format!("/api/conversations/{}", conversation["id"].as_str().unwrap());
        let patch = json!({"tags": ["a private tag"], "note": "a private note"});
        assert_eq!(call(hub, "r-lead", Method::PATCH, &lead, patch).await, StatusCode::OK);
        let resolve = json!({"status": "RESOLVED"});
        assert_eq!(call(hub, "r-thread", Method::PATCH, &thread, resolve).await, StatusCode::OK);
        let words = json!({"type": "text", "content": "private words"});
        let messages = format!("{thread}/messages");
        assert_eq!(call(hub, "r-send", Method::POST, &messages, words).await, StatusCode::ACCEPTED);
        let channel = format!("/api/channels/{}", hub.channel_id);
        let rename = json!({"name": "=cmd()"});
        assert_eq!(call(hub, "r-channel", Method::PATCH, &channel, rename).await, StatusCode::OK);

        let entries = hub.list("/api/audit?limit=200").await;
        for (request, action, subject) in [
            ("r-lead", "LEAD_UPDATED", &conversation["leadId"]),
            ("r-thread", "CONVERSATION_UPDATED", &conversation["id"]),
            ("r-channel", "CHANNEL_UPDATED", &json!(hub.channel_id)),
        ] {
            let found: Vec<_> = entries.iter().filter(|entry| entry["requestId"] == request).collect();
            let [entry] = found.as_slice() else { panic!("one entry of {request} in {entries:?}") };
            assert_eq!((&entry["action"], &entry["subject"]["id"]), (&json!(action), subject));
            assert_eq!((&entry["address"], &entry["actor"]["type"]), (&json!("127.0.0.1"), &json!("API_KEY")));
        }
        let sent = entries.iter().find(|entry| entry["requestId"] == "r-send").expect("the message");
        assert_eq!((&sent["action"], &sent["after"]["messageType"]), (&json!("MESSAGE_SENT"), &json!("TEXT")));
        let first = entries.last().expect("an entry");
        assert_eq!((&first["action"], &first["seq"], &first["actor"]), (&json!("TENANT_CREATED"), &json!(1), &json!({"type": "SYSTEM"})));
        let key = format!("API_KEY:{}", sent["actor"]["id"].as_str().unwrap());
        assert_eq!(hub.list(&format!("/api/audit?actor={key}&action=MESSAGE_SENT")).await.len(), 1);
        assert_eq!(hub.list(&format!("/api/audit?subject=LEAD:{}", conversation["leadId"].as_str().unwrap())).await.len(), 1);
        assert_eq!(hub.list("/api/audit?to=2020-01-01T00:00:00Z").await.len(), 0);

        let (kind, lines) = export(hub, "format=jsonl").await;
        assert_eq!(kind, "application/jsonl");
        for private in ["private words", "private note", "private tag", "secret talk", CHANNEL_SECRET, ACCESS_TOKEN, hub.key.expose_secret()] {
            assert!(!lines.contains(private), "{private}");
        }
        let (kind, cells) = export(hub, &format!("format=csv&actor={key}&action=CHANNEL_UPDATED")).await;
        assert_eq!((kind.as_str(), cells.lines().count()), ("text/csv; charset=utf-8", 2));
        assert!(cells.contains(r#"{""name"":""=cmd()""}"#), "within a cell that begins otherwise: {cells}");
        let exports = hub.list("/api/audit?action=AUDIT_EXPORTED").await;
        assert_eq!(exports.iter().map(|entry| &entry["after"]["format"]).collect::<Vec<_>>(), ["csv", "jsonl"]);
    }

    async fn an_export_is_checked_with_nothing_but_sha_256(hub: Hub) {
        let (_, lines) = export(hub, "format=jsonl").await;
        let mut hash = vec![0_u8; 32];
        let mut count = 0;
        for (line, seq) in lines.lines().zip(1..) {
            let line: Value = serde_json::from_str(line).expect("a line is JSON");
            assert_eq!(line["seq"], json!(seq));
            hash = digest(&SHA256, &[hash, form(&line)].concat()).as_ref().to_vec();
            let digits = AuditHash::from_slice(&hash).expect("32 bytes").to_string();
            assert_eq!(line["hash"], json!(digits), "entry {seq}");
            count = seq;
        }
        assert!(count >= 3, "{lines}");
    }

    async fn only_who_runs_the_tenant_reads_the_log_and_pages_and_filters_are_checked(hub: Hub) {
        for scope in [Scope::InboxRead, Scope::InboxWrite, Scope::MessagesSend, Scope::ChannelsManage] {
            let key = hub.wired.hubchat.create_api_key.run(&hub.tenant, "weak", &[scope], None).await.unwrap().key;
            for path in ["/api/audit", "/api/audit/export?format=csv"] {
                let (status, problem) = hub.call_as(Some(&key), Method::GET, path, None).await;
                assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{scope} {path}");
            }
        }
        for wrong in ["actor=nobody", "subject=LEAD", "from=yesterday", "action=NOTHING", "limit=0", "cursor=x"] {
            let (status, _) = hub.call(Method::GET, &format!("/api/audit?{wrong}"), None).await;
            assert!(status.is_client_error(), "{wrong}: {status}");
        }
        let (status, _) = hub.call(Method::GET, "/api/audit/export?format=xlsx", None).await;
        assert!(status.is_client_error(), "{status}");
        let all = hub.list("/api/audit?limit=200").await;
        let (mut walked, mut path) = (Vec::new(), "/api/audit?limit=1".to_owned());
        loop {
            let page = hub.get(&path).await;
            walked.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["nextCursor"].as_str() else { break };
            path = format!("/api/audit?limit=1&cursor={next}");
        }
        assert_eq!(walked, all);
    }
}
