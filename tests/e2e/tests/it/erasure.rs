//! Erasing a customer: nothing of them is found any more, anywhere; and retention.

use std::path::{Path, PathBuf};

use hubchat_core::{domain::AuditAction, port::AuditFilter};
use hubchat_sandbox::{Media, Say, SayKind};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::{
    deadline::eventually,
    hub::Hub,
    on_both_databases,
    webhook::{body, event, post, text_event, user},
};

/// What the customer says and is told, so that it can be looked for.
const CANARY: &str = "canary-7f3a";

/// Every place where the text is still found.
async fn places(hub: &Hub, text: &str) -> Vec<String> {
    let mut places = in_files(hub.folder(), text);
    if hub.database_url().expose_secret().starts_with("postgres") {
        places.extend(in_tables(hub, text).await);
    }
    places
}

fn in_files(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

async fn in_tables(hub: &Hub, text: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(hub.database_url().expose_secret()).await.expect("PostgreSQL answers");
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("tables");
    // Bytes are shown as hexadecimal digits.
    let digits = hexadecimal(text);
    let mut found = Vec::new();
    for table in tables {
        let sql = format!("SELECT count(*) FROM {table} AS t WHERE t::text LIKE $1 OR t::text LIKE $2");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(format!("%{text}%"))
            .bind(format!("%{digits}%"))
            .fetch_one(&mut connection)
            .await
            .expect("a count");
        if count > 0 {
            found.push(format!("{count} rows of {table}"));
        }
    }
    found
}

fn hexadecimal(text: &str) -> String {
    text.bytes().fold(String::new(), |digits, byte| format!("{digits}{byte:02x}"))
}

fn files_kept(hub: &Hub) -> usize {
    let mut count = 0;
    let mut folders: Vec<PathBuf> = vec![hub.folder().join("data").join("media")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { count += 1 }
        }
    }
    count
}

on_both_databases! {
    async fn an_erased_customer_is_found_nowhere(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        let name = format!("{CANARY}.pdf");
        let said = Say::new(SayKind::File { file_name: name, media: Media::default() });
        assert_eq!(hub.sandbox.line().say(said).await.unwrap().status, 200);
        let conversation = hub.conversation("the conversation", |row| row["unreadCount"] == 1).await;
        eventually("the file is stored", || async {
            let messages = hub.messages(&conversation).await;
            (messages[0]["media"]["status"] == "STORED").then_some(())
        }).await;
        let customer = hub.wired.hubchat.inbox.conversation(&hub.tenant, conversation["id"].as_str().unwrap().parse().unwrap()).await.unwrap().external_user_id;
        // One more message, an event of a kind that nobody knows and one that changes nothing: all are kept raw.
        let odd = event(&customer, "odd", &json!({"type": "somethingNew", "words": CANARY}));
        post(&hub.client, &url, body(&[text_event(&customer, "1", CANARY), odd])).await;
        // Someone else mentions nobody: they stay.
        post(&hub.client, &url, body(&[text_event(&user(9), "2", "I stay")])).await;
        hub.drained().await;
        let sent = hub.send_text(&conversation, &format!("dear {CANARY}")).await;
        hub.settled(&sent, &["SENT"]).await;
        let lead = conversation["leadId"].as_str().unwrap();
        let patch = json!({"note": format!("note {CANARY}"), "tags": [CANARY]});
        assert_eq!(hub.call(Method::PATCH, &format!("/api/leads/{lead}"), Some(patch)).await.0, StatusCode::OK);
        hub.drained().await;
        assert!(!places(hub, CANARY).await.is_empty() && !places(hub, &customer).await.is_empty());
        assert!(files_kept(hub) > 0);

        let contact = hub.get(&format!("/api/leads/{lead}")).await["contactId"].as_str().unwrap().to_owned();
        let address = format!("/api/contacts/{contact}");
        let (status, erased) = hub.call(Method::DELETE, &address, None).await;
        assert_eq!(status, StatusCode::OK, "{erased}");
        assert_eq!((&erased["conversations"], &erased["messages"], &erased["files"]), (&json!(1), &json!(3), &json!(1)));
        assert_eq!((&erased["leads"], &erased["identities"]), (&json!(1), &json!(1)));
        assert!(erased["webhookEvents"].as_u64().unwrap() >= 3, "{erased}");
        eventually("the files follow", || async { (files_kept(hub) == 0).then_some(()) }).await;
        // The job that would go on if the erasure had been interrupted waits for its time.
        hub.drained_but(1).await;
        hub.wired.hubchat.ports.repository.scrub().await.unwrap();
        for text in [CANARY, customer.as_str()] {
            assert_eq!(places(hub, text).await, Vec::<String>::new(), "{text}");
        }
        let (status, problem) = hub.call(Method::DELETE, &address, None).await;
        assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("contact_not_found")));
        assert_eq!(hub.list("/api/conversations").await.len(), 1, "the other customer stays");

        let trail = hub.wired.hubchat.ports.repository.audit(hub.tenant.tenant_id()).list(&AuditFilter::default(), None, 50).await.unwrap();
        let entry = trail.items.iter().find(|entry| entry.draft.action == AuditAction::ContactErased).expect("an entry");
        assert_eq!(entry.draft.subject.id, contact);

        // What the provider repeats is known already; a new word opens a new lead.
        post(&hub.client, &url, body(&[text_event(&customer, "1", CANARY)])).await;
        hub.drained_but(1).await;
        assert_eq!(hub.list("/api/conversations").await.len(), 1);
        post(&hub.client, &url, body(&[text_event(&customer, "3", "it is me again")])).await;
        hub.drained_but(1).await;
        assert_eq!(hub.list("/api/conversations").await.len(), 2);
    }

    async fn only_closed_conversations_past_their_days_go_and_a_dry_run_takes_none(hub: Hub) {
        let url = format!("{}{}", hub.url, hub.webhook_path);
        for number in 1..4_usize {
            let mut written = text_event(&user(number), &number.to_string(), "days ago");
            written["timestamp"] = json!(crate::webhook::now_millis() - 6 * 86_400_000);
            post(&hub.client, &url, body(&[written])).await;
        }
        hub.drained().await;
        let conversations = hub.list("/api/conversations").await;
        assert_eq!(conversations.len(), 3);
        for closed in &conversations[..2] {
            let path = format!("/api/conversations/{}", closed["id"].as_str().unwrap());
            let (status, _) = hub.call(Method::PATCH, &path, Some(json!({"status": "RESOLVED"}))).await;
            assert_eq!(status, StatusCode::OK);
        }
        let retention = &hub.wired.hubchat.retention;
        let kept = retention.run(&hub.tenant, 8, false).await.unwrap();
        assert_eq!(kept.count.conversations, 0, "six days are not eight");
        let dry = retention.run(&hub.tenant, 5, true).await.unwrap();
        assert_eq!((dry.count.conversations, dry.count.messages), (2, 2));
        assert_eq!(hub.list("/api/conversations").await.len(), 3);
        let run = retention.run(&hub.tenant, 5, false).await.unwrap();
        assert_eq!((run.count.conversations, run.count.messages), (2, 2));
        let left = hub.list("/api/conversations").await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["id"], conversations[2]["id"]);
    }
}
