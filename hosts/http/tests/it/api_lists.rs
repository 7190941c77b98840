//! Lists: pages, cursors, filters, and the shape of rows.

use hubchat_core::{
    domain::{AccountStatus, ChannelType, LeadStatus, MessageContent, Scope},
    port::{AccountRow, Keyset, Page, StorageError},
};
use serde_json::json;
use uuid::Uuid;

use crate::harness::{Mocks, conversation_row, lead_row, message_row, now};

fn place() -> Keyset {
    Keyset { at: now(), id: Uuid::from_u128(0xd3) }
}

#[tokio::test]
async fn a_page_names_the_next_and_the_cursor_leads_there() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_list_leads().returning(|_, filter, page| {
                assert_eq!((filter.status, page.limit), (Some(LeadStatus::New), 1));
                let next = if page.after.is_none() { Some(place()) } else { None };
                assert!(page.after.is_none_or(|after| after == place()));
                Ok(Page { items: vec![lead_row()], next })
            });
        })
        .client();
    let first = client.get("/api/leads?status=NEW&limit=1").await.json();
    assert_eq!(first["items"][0]["participantDisplayName"], "Mali");
    assert_eq!(first["items"][0].get("participantProfileImageUrl"), None, "not HTTPS");
    let cursor = first["nextCursor"].as_str().expect("a further page");
    let second = client.get(&format!("/api/leads?status=NEW&limit=1&cursor={cursor}")).await.json();
    assert_eq!(second.get("nextCursor"), None);
}

#[tokio::test]
async fn a_cursor_of_another_list_or_of_other_filters_is_refused() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_list_leads().returning(|_, _, _| Ok(Page { items: Vec::new(), next: Some(place()) }));
        })
        .client();
    let page = client.get("/api/leads?status=NEW").await.json();
    let cursor = page["nextCursor"].as_str().expect("a further page");
    for path in [
        format!("/api/conversations?cursor={cursor}"),
        format!("/api/leads?cursor={cursor}"),
        format!("/api/leads?status=WON&cursor={cursor}"),
        format!("/api/leads/00000000-0000-0000-0000-0000000000d3/activity?cursor={cursor}"),
        "/api/leads?cursor=garbage".to_owned(),
        "/api/leads?cursor=".to_owned(),
    ] {
        let answer = client.get(&path).await;
        assert_eq!(answer.problem(), (400, "invalid_cursor".to_owned(), "cursor".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let client = Mocks::new().with_key(&[Scope::InboxRead]).client();
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("status=new", "status"),
        ("status=", "status"),
        ("channelType=FAX", "channelType"),
        ("assignedMemberId=7", "assignedMemberId"),
        ("unassigned=perhaps", "unassigned"),
        ("unassigned=true&assignedMemberId=00000000-0000-0000-0000-000000000001", "unassigned"),
    ] {
        let answer = client.get(&format!("/api/leads?{query}")).await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned(), field.to_owned()), "{query}");
    }
    let answer = client.get("/api/leads?status=new").await.json();
    assert!(answer["detail"].as_str().is_some_and(|detail| detail.contains("one of NEW, ASSIGNED")), "{answer}");
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let client = Mocks::new().with_key(&[Scope::Admin]).client();
    for (path, code) in [
        ("/api/leads/7", "lead_not_found"),
        ("/api/leads/7/activity", "lead_not_found"),
        ("/api/conversations/not-an-id", "conversation_not_found"),
        ("/api/conversations/00000000000000000000000000000001/messages", "conversation_not_found"),
        ("/api/messages/x", "message_not_found"),
    ] {
        assert_eq!(client.get(path).await.problem(), (404, code.to_owned(), String::new()), "{path}");
    }
}

#[tokio::test]
async fn what_another_tenant_has_is_not_there() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_find_lead().returning(|_, _| Ok(None));
            inbox.expect_list_messages().returning(|_, _, _| Ok(None));
        })
        .client();
    let id = "00000000-0000-0000-0000-0000000000d3";
    assert_eq!(client.get(&format!("/api/leads/{id}")).await.problem().1, "lead_not_found");
    let messages = client.get(&format!("/api/conversations/{id}/messages")).await;
    assert_eq!(messages.problem().1, "conversation_not_found");
}

#[tokio::test]
async fn a_conversation_row_has_the_fields_that_screens_need() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox
                .expect_list_conversations()
                .returning(|_, _, _, _| Ok(Page { items: vec![conversation_row()], next: None }));
        })
        .client();
    let row = client.get("/api/conversations").await.json()["items"][0].clone();
    for (field, value) in [
        ("id", json!("00000000-0000-0000-0000-0000000000d4")),
        ("channelType", json!("LINE")),
        ("status", json!("OPEN")),
        ("unreadCount", json!(2)),
        ("waitingSince", json!("2026-01-01T00:00:00Z")),
        ("inboundCount", json!(3)),
        ("version", json!(1)),
        ("lastMessagePreview", json!("hello")),
        ("lastMessageAt", json!("2026-01-01T00:00:00Z")),
        ("participantDisplayName", json!("มะลิ")),
        ("contactIdentityDisplayName", json!("มะลิ")),
        ("participantProfileImageUrl", json!("https://cdn.example/a.jpg")),
        ("leadStatus", json!("NEW")),
    ] {
        assert_eq!(row[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_message_that_was_taken_back_says_nothing_any_more() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_find_message().returning(|_, _| {
                let mut row = message_row(MessageContent::Text { text: "canary".to_owned() });
                row.message.unsent_at = Some(now());
                Ok(Some(row))
            });
        })
        .client();
    let answer = client.get("/api/messages/00000000-0000-0000-0000-0000000000d5").await;
    let message = answer.json();
    assert_eq!((&message["content"], &message["unsentAt"]), (&json!(null), &json!("2026-01-01T00:00:00Z")));
    assert!(!answer.text.contains("canary"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn storage_that_is_away_is_told_with_a_time_to_return_and_without_particulars() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_list_leads().returning(|_, _, _| Err(StorageError::Unavailable("canary-host:5432".into())));
            inbox.expect_find_lead().returning(|_, _| Err(StorageError::Other("canary-host:5432".into())));
        })
        .client();
    let answer = client.get("/api/leads").await;
    assert_eq!(answer.problem().1, "storage_unavailable");
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "2"));
    let broken = client.get("/api/leads/00000000-0000-0000-0000-0000000000d3").await;
    assert_eq!(broken.problem(), (500, "internal".to_owned(), String::new()));
    assert!(!answer.text.contains("canary") && !broken.text.contains("canary"));
}

#[tokio::test]
async fn who_reads_the_inbox_knows_its_accounts_by_name_and_nothing_else_of_them() {
    let account = AccountRow {
        id: Uuid::from_u128(0xb1).into(),
        channel_type: ChannelType::Line,
        name: "Front desk".to_owned(),
        status: AccountStatus::Paused,
    };
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(move |inbox| {
            let account = account.clone();
            inbox.expect_list_accounts().returning(move |page| {
                assert_eq!(page.limit, 2);
                let next = if page.after.is_none() { Some(place()) } else { None };
                Ok(Page { items: vec![account.clone()], next })
            });
        })
        .client();
    let first = client.get("/api/inbox/accounts?limit=2").await.json();
    let shown = json!({
        "id": "00000000-0000-0000-0000-0000000000b1", "channelType": "LINE", "name": "Front desk", "status": "PAUSED",
    });
    assert_eq!(first["items"], json!([shown]));
    let cursor = first["nextCursor"].as_str().expect("a further page");
    let second = client.get(&format!("/api/inbox/accounts?limit=2&cursor={cursor}")).await.json();
    assert_eq!(second.get("nextCursor"), None);
    assert_eq!(client.get(&format!("/api/leads?cursor={cursor}")).await.problem().1, "invalid_cursor");
}

#[tokio::test]
async fn a_key_that_only_sends_or_connects_does_not_learn_of_the_accounts() {
    for scope in [Scope::MessagesSend, Scope::ChannelsManage] {
        let client = Mocks::new().with_key(&[scope]).client();
        assert_eq!(client.get("/api/inbox/accounts").await.problem().1, "forbidden");
    }
}
