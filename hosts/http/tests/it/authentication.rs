//! Who may call, and what they are told when they may not.

use hubchat_core::domain::Scope;
use poem::{Request, http::Method};

use crate::harness::{Mocks, conversation_row, key};

#[tokio::test]
async fn without_one_good_bearer_key_every_operation_is_refused() {
    let mut mocks = Mocks::new();
    mocks.directory.expect_find_api_key().returning(|_| Ok(None));
    let client = mocks.client();
    let known = format!("Bearer {}", key());
    for headers in
        [vec![], vec!["Basic YTpi"], vec!["Bearer"], vec!["Bearer nonsense"], vec![&*known], vec![&*known, &*known]]
    {
        let mut request = Request::builder().uri_str("/api/leads");
        for value in &headers {
            request = request.header("authorization", *value);
        }
        let answer = client.call(request.finish()).await;
        assert_eq!(answer.problem(), (401, "unauthenticated".to_owned(), String::new()), "{headers:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn every_operation_of_the_document_refuses_a_stranger() {
    let client = Mocks::new().client();
    let document: serde_json::Value = serde_json::from_str(hubchat_http::openapi_document()).expect("a document");
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            if operation["security"] == serde_json::json!([]) {
                continue;
            }
            let path = path.replace("{memberId}", "00000000-0000-0000-0000-0000000000e1");
            let path = path.replace("{id}", "00000000-0000-0000-0000-0000000000d4");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            let answer = client.call(Request::builder().method(method).uri_str(&path).finish()).await;
            assert_eq!(answer.problem().1, "unauthenticated", "{path}");
            operations += 1;
        }
    }
    assert_eq!(operations, 56);
}

#[tokio::test]
async fn a_key_without_the_scope_is_told_which_one_would_do() {
    let client = Mocks::new().with_key(&[Scope::MessagesSend]).client();
    let answer = client.get("/api/conversations").await;
    assert_eq!(answer.problem().1, "forbidden");
    assert_eq!(answer.status, 403);
    assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.contains("inbox:read")));
}

#[tokio::test]
async fn the_tenant_is_the_keys_whatever_the_headers_say() {
    let client = Mocks::new()
        .with_key(&[Scope::InboxRead])
        .with_inbox(|inbox| {
            inbox.expect_find_conversation().returning(|_, _| Ok(Some(conversation_row())));
        })
        .client();
    let other = "00000000-0000-0000-0000-00000000ffff";
    let headers = [("x-tenant-id", other), ("x-hubchat-tenant", other)];
    let path = "/api/conversations/00000000-0000-0000-0000-0000000000d4";
    let answer = client.send_with(Method::GET, path, &headers, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}
