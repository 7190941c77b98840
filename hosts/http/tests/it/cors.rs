//! Pages of other origins: which may call, and what they are told.

use hubchat_core::Actor;
use serde_json::{Map, json};

use crate::shops::{Reply, Shops};

const SITE: &str = "https://site.example";

async fn shops_that_list(origins: &[&str]) -> Shops {
    let shops = Shops::open().await;
    let changes = Map::from_iter([("allowedOrigins".to_owned(), json!(origins))]);
    shops.hubchat.update_settings.run(&Actor::system(shops.ours.tenant), &changes, None).await.expect("listed");
    shops
}

async fn ask_before(shops: &Shops, origin: &str, path: &str) -> Reply {
    let head = format!(
        "OPTIONS {path} HTTP/1.1\r\norigin: {origin}\r\naccess-control-request-method: PATCH\r\n\
         access-control-request-headers: authorization"
    );
    shops.call(&head, Vec::new()).await
}

fn says_nothing(reply: &Reply) {
    assert!(!reply.head.contains("access-control-"), "{}", reply.head);
    assert_eq!(reply.header("vary"), "origin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_default_no_page_may_call() {
    let shops = Shops::open().await;
    for origin in [SITE, "null", "*", "http://localhost:3000", "file://"] {
        says_nothing(&ask_before(&shops, origin, "/api/leads").await);
        let reply = shops.as_key(&shops.ours.key, "GET", "/api/leads", &format!("origin: {origin}\r\n"), None).await;
        assert_eq!(reply.problem(), (403, "origin_not_allowed".to_owned()), "{origin}");
        says_nothing(&reply);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_page_may_call_for_the_tenant_that_lists_it_and_for_no_other() {
    let shops = shops_that_list(&[SITE]).await;
    let before = ask_before(&shops, SITE, "/api/leads").await;
    assert_eq!((before.status, before.header("access-control-allow-origin")), (204, SITE));
    assert!(before.header("access-control-allow-methods").contains("patch"));
    assert!(before.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(before.header("access-control-allow-credentials"), "", "the API takes no cookies");
    let origin = format!("origin: {SITE}\r\n");
    let ours = shops.as_key(&shops.ours.key, "GET", "/api/leads", &origin, None).await;
    assert_eq!((ours.status, ours.header("access-control-allow-origin")), (200, SITE));
    assert!(ours.header("access-control-expose-headers").contains("ratelimit"));
    assert_eq!(ours.header("vary"), "origin");
    let theirs = shops.as_key(&shops.theirs.key, "GET", "/api/leads", &origin, None).await;
    assert_eq!(theirs.problem(), (403, "origin_not_allowed".to_owned()));
    says_nothing(&theirs);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_looks_like_a_listed_origin_is_another() {
    let shops = shops_that_list(&[SITE]).await;
    for origin in [
        "http://site.example",
        "https://site.example:8443",
        "https://www.site.example",
        "https://site.example.evil.example",
        "https://evil-site.example",
        "https://SITE.example",
        "https://site.example/",
        "https://site.example, https://evil.example",
    ] {
        says_nothing(&ask_before(&shops, origin, "/api/leads").await);
        let header = format!("origin: {origin}\r\n");
        let reply = shops.as_key(&shops.ours.key, "GET", "/api/leads", &header, None).await;
        assert_eq!(reply.status, 403, "{origin}");
        says_nothing(&reply);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listed_page_can_read_that_it_has_to_log_in_again() {
    let shops = shops_that_list(&[SITE]).await;
    let reply = shops.call(&format!("GET /api/leads HTTP/1.1\r\norigin: {SITE}"), Vec::new()).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, SITE));
    says_nothing(&shops.call("GET /api/leads HTTP/1.1\r\norigin: https://evil.example", Vec::new()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cookies_go_to_the_routes_that_sign_in_and_only_from_listed_pages() {
    let shops = shops_that_list(&[SITE]).await;
    let before = ask_before(&shops, SITE, "/api/auth/refresh").await;
    assert_eq!(before.header("access-control-allow-credentials"), "true");
    let foreign = "POST /api/auth/refresh HTTP/1.1\r\norigin: https://evil.example\r\ncontent-length: 0";
    let reply = shops.call(foreign, Vec::new()).await;
    assert_eq!(reply.problem(), (403, "origin_not_allowed".to_owned()));
    says_nothing(&reply);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hubchats_own_pages_may_call() {
    let shops = Shops::open().await;
    let reply = shops.as_key(&shops.ours.key, "GET", "/api/leads", "origin: http://test\r\n", None).await;
    assert_eq!(reply.status, 200, "`test` is the host of these requests");
    let own = Shops::open_with(|config| config.public_url = Some("https://chat.example".to_owned())).await;
    let reply = own.as_key(&own.ours.key, "GET", "/api/leads", "origin: https://chat.example\r\n", None).await;
    assert_eq!(reply.status, 200);
}
