//! What holds for every request and answer, whatever the route.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::shops::Shops;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_has_the_security_headers() {
    let shops = Shops::open_with(|config| config.public_url = Some("https://chat.example".to_owned())).await;
    for head in [
        "GET /health HTTP/1.1",
        "GET /docs HTTP/1.1",
        "GET /openapi.json HTTP/1.1",
        "GET /problems/internal HTTP/1.1",
        "GET /nothing HTTP/1.1",
        "GET /api/leads HTTP/1.1",
        "DELETE /api/leads HTTP/1.1",
        "OPTIONS /api/leads HTTP/1.1\r\norigin: https://a.example\r\naccess-control-request-method: GET",
        "GET /media/a/b/original?expires=1&signature=x HTTP/1.1",
        "POST /webhooks/line/key HTTP/1.1\r\ncontent-length: 0",
        "GET /api/webhook/line HTTP/1.1",
    ] {
        let reply = shops.call(head, Vec::new()).await;
        let policy = reply.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{head}: {policy}"
        );
        assert!(!policy.contains("script-src 'unsafe"), "{head}: {policy}");
        let expected = [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ];
        for (name, value) in expected {
            assert_eq!(reply.header(name), value, "{head}");
        }
        let corp = if head.contains("/media/") { "cross-origin" } else { "same-origin" };
        assert_eq!(reply.header("cross-origin-resource-policy"), corp, "{head}");
        assert!(reply.header("permissions-policy").contains("camera=()"), "{head}");
        assert_eq!(reply.header("server"), "", "{head}");
    }
    let plain = Shops::open().await.get("/health").await;
    assert_eq!(plain.header("strict-transport-security"), "", "a plain address cannot ask for TLS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_runs_its_own_two_scripts_by_a_nonce_of_one_answer() {
    let shops = Shops::open().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let reply = shops.get("/docs").await;
        let policy = reply.header("content-security-policy").to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        let page = String::from_utf8_lossy(&reply.body).to_lowercase();
        assert_eq!(page.matches(&format!("<script nonce=\"{nonce}\"")).count(), 2);
        nonces.push(nonce);
    }
    assert_ne!(nonces.first(), nonces.last());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_too_large_is_refused_before_anything_is_done() {
    let shops = Shops::open().await;
    for path in ["/api/leads", "/webhooks/line/key", "/health"] {
        let reply = shops.get(&format!("{path}?{}", "a".repeat(8_192))).await;
        assert_eq!(reply.problem(), (414, "uri_too_long".to_owned()), "{path}");
        let many = (0..70).map(|n| format!("\r\nx-{n}: y")).collect::<Vec<_>>().concat();
        let large = format!("\r\nx-large: {}", "a".repeat(33_000));
        for headers in [many, large] {
            let reply = shops.call(&format!("GET {path} HTTP/1.1{headers}"), Vec::new()).await;
            assert_eq!(reply.problem(), (431, "headers_too_large".to_owned()), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_nested_too_deeply_or_too_large_is_refused() {
    let shops = Shops::open().await;
    let head = |length: usize| {
        format!(
            "PATCH /api/settings HTTP/1.1\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
             content-length: {length}",
            shops.ours.key
        )
    };
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(40), "]".repeat(40)).into_bytes();
    let reply = shops.call(&head(deep.len()), vec![deep]).await;
    assert_eq!(reply.problem(), (400, "not_json".to_owned()));
    let reply = shops.call(&head(2 << 20), Vec::new()).await;
    assert_eq!(reply.problem(), (413, "payload_too_large".to_owned()));
}

/// Sends a byte of a head now and then, for as long as somebody listens.
async fn drip(mut stream: TcpStream) -> Duration {
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let mut end = [0; 64];
    let drops = async {
        loop {
            if writing.write_all(b"x").await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let closed = async { while !matches!(reading.read(&mut end).await, Ok(0) | Err(_)) {} };
    tokio::select! {
        () = drops => {}
        () = closed => {}
        () = tokio::time::sleep(Duration::from_secs(20)) => panic!("the connection is still open"),
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_drips_is_not_waited_for_neither_the_first_nor_a_later_one() {
    let shops = Shops::open_with(|config| config.head_deadline = Duration::from_millis(300)).await;
    let first = TcpStream::connect(shops.address()).await.expect("a connection");
    assert!(drip(first).await >= Duration::from_millis(250));
    let mut second = TcpStream::connect(shops.address()).await.expect("a connection");
    second.write_all(b"GET /health HTTP/1.1\r\nhost: test\r\n\r\n").await.expect("a request");
    let mut answer = vec![0; 4_096];
    let read = second.read(&mut answer).await.expect("an answer");
    assert!(answer.get(..read).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 200")));
    assert!(drip(second).await >= Duration::from_millis(250));
}
