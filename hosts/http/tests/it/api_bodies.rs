//! Bodies of the API: what is refused, and that the field at fault is named.

use hubchat_core::domain::{Lead, LeadStatus, Scope};
use hubchat_ports::{LeadStore, MockLeadStore, MockUnitOfWork};
use poem::{Body, Request, http::Method};

use crate::harness::{Mocks, key, lead_row};

const LEAD: &str = "/api/leads/00000000-0000-0000-0000-0000000000d3";
const ID: &str = "00000000-0000-0000-0000-0000000000f1";
const SEND: &str = "/api/conversations/00000000-0000-0000-0000-0000000000d4/messages";

#[tokio::test]
async fn the_field_at_fault_is_named() {
    let client = Mocks::new().with_key(&[Scope::Admin]).client();
    let assign = format!("{LEAD}/assign");
    for (method, path, body, field) in [
        (Method::PATCH, LEAD, r#"{"status":"SOLD"}"#, "status"),
        (Method::PATCH, LEAD, r#"{"status":1}"#, "status"),
        (Method::PATCH, LEAD, r#"{"tags":"hot"}"#, "tags"),
        (Method::PATCH, LEAD, r#"{"tags":["hot",2]}"#, "tags[1]"),
        (Method::PATCH, LEAD, r#"{"note":7}"#, "note"),
        (Method::PATCH, LEAD, r#"{"owner":"me"}"#, "owner"),
        (Method::PATCH, LEAD, "[]", "body"),
        (Method::POST, &assign, "{}", "mode"),
        (Method::POST, &assign, r#"{"mode":"MANUAL"}"#, "memberId"),
        (Method::POST, &assign, r#"{"mode":"MANUAL","memberId":"7"}"#, "memberId"),
        (Method::POST, &assign, r#"{"mode":"RANDOM"}"#, "mode"),
        (Method::POST, &assign, r#"{"mode":"TEAM"}"#, "teamId"),
        (Method::POST, &assign, &format!(r#"{{"mode":"TEAM","teamId":"{ID}","memberId":"{ID}"}}"#), "memberId"),
        (Method::POST, &assign, &format!(r#"{{"mode":"MANUAL","teamId":"{ID}","memberId":"{ID}"}}"#), "teamId"),
        (Method::POST, &assign, &format!(r#"{{"mode":"AUTO_ROUND_ROBIN","memberId":"{ID}"}}"#), "memberId"),
        (Method::POST, &assign, &format!(r#"{{"mode":"NOBODY","teamId":"{ID}"}}"#), "teamId"),
        (Method::POST, "/api/teams", r#"{"memberIds":[]}"#, "name"),
        (Method::POST, "/api/teams", r#"{"name":" "}"#, "name"),
        (Method::POST, "/api/teams", r#"{"name":"North","memberIds":["7"]}"#, "memberIds[0]"),
        (Method::POST, SEND, r#"{"content":"hello"}"#, "type"),
        (Method::POST, SEND, r#"{"type":"fax","content":"hello"}"#, "type"),
        (Method::POST, SEND, r#"{"type":"text"}"#, "content"),
        (Method::POST, SEND, r#"{"type":"text","content":1}"#, "content"),
        (Method::POST, SEND, r#"{"type":"text","content":"a","mediaUrl":"https://a.example"}"#, "mediaUrl"),
        (Method::POST, SEND, r#"{"type":"image","content":"a","mediaUrl":"https://a.example"}"#, "content"),
        (Method::POST, SEND, r#"{"type":"location","title":"t","address":"a","latitude":1}"#, "longitude"),
        (Method::POST, SEND, r#"{"type":"sticker","packageId":"1"}"#, "stickerId"),
        (Method::POST, "/api/messages/send", r#"{"type":"text","content":"a"}"#, "conversationId"),
        (Method::POST, "/api/channels", r#"{"channelType":"LINE","name":"a"}"#, "credentials"),
        (
            Method::POST,
            "/api/channels",
            r#"{"channelType":"LINE","name":"a","credentials":{"accessToken":5}}"#,
            "credentials.accessToken",
        ),
    ] {
        let answer = client.send(method, path, body.to_owned()).await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned(), field.to_owned()), "{path} {body}");
    }
}

#[tokio::test]
async fn a_missing_secret_is_named_as_the_api_names_it_and_no_secret_is_told_back() {
    let mut mocks = Mocks::new().with_key(&[Scope::ChannelsManage]);
    mocks.adapter.expect_secret_names().return_const(&["channel_secret", "access_token"] as &[&str]);
    let body = r#"{"channelType":"LINE","name":"a","credentials":{"channelSecret":"canary-secret"}}"#;
    let answer = mocks.client().send(Method::POST, "/api/channels", body).await;
    assert_eq!(answer.problem(), (422, "validation_failed".to_owned(), "credentials.accessToken".to_owned()));
    assert!(!answer.text.contains("canary"));
}

#[tokio::test]
async fn a_body_that_is_no_json_or_not_declared_as_such_is_refused() {
    let client = Mocks::new().with_key(&[Scope::Admin]).client();
    for body in ["", "{", "status=NEW", "\u{feff}{}"] {
        assert_eq!(client.send(Method::PATCH, LEAD, body).await.problem().1, "not_json", "{body}");
    }
    let request = Request::builder()
        .method(Method::PATCH)
        .uri_str(LEAD)
        .header("authorization", format!("Bearer {}", key()))
        .header("content-type", "text/plain")
        .body("{}");
    assert_eq!(client.call(request).await.problem().0, 415);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_by_its_length_and_while_it_is_read() {
    let client = Mocks::new().with_key(&[Scope::Admin]).client();
    let declared = [("content-length", "1048577")];
    assert_eq!(client.send_with(Method::PATCH, LEAD, &declared, "{}").await.problem().0, 413);
    let pieces = std::iter::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 1 << 16])).take(17);
    let streamed = Body::from_bytes_stream(futures_util::stream::iter(pieces));
    let answer = client.send(Method::PATCH, LEAD, streamed).await;
    assert_eq!(answer.problem().1, "payload_too_large");
}

#[tokio::test]
async fn an_illegal_step_names_both_states() {
    let mut leads = MockLeadStore::new();
    leads.expect_find().returning(|_| Ok(Some(Lead::restore(lead_row().lead))));
    let mut session = MockUnitOfWork::new();
    session.expect_leads().return_const(Box::new(leads) as Box<dyn LeadStore>);
    let client = Mocks::new().with_key(&[Scope::InboxWrite]).with_session(session).client();
    let answer = client.send(Method::PATCH, LEAD, r#"{"status":"WON"}"#).await;
    assert_eq!(answer.problem(), (409, "lead_transition_refused".to_owned(), "status".to_owned()));
    let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
    assert!(detail.contains(LeadStatus::New.as_str()) && detail.contains(LeadStatus::Won.as_str()), "{detail}");
}

#[tokio::test]
async fn an_idempotency_key_is_visible_ascii_and_given_once() {
    let client = Mocks::new().with_key(&[Scope::Admin]).client();
    let long = "k".repeat(256);
    let body = r#"{"type":"text","content":"a"}"#;
    for bad in [
        &[("idempotency-key", "")] as &[_],
        &[("idempotency-key", "a b")],
        &[("idempotency-key", &long)],
        &[("idempotency-key", "a"), ("idempotency-key", "b")],
    ] {
        let answer = client.send_with(Method::POST, SEND, bad, body).await;
        assert_eq!(answer.problem(), (422, "validation_failed".to_owned(), "Idempotency-Key".to_owned()), "{bad:?}");
    }
}
