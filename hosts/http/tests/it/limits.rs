//! Limits over a real socket: of addresses, of callers and of conversations.

use hubchat_core::Actor;
use hubchat_http::{AddressLimits, TrustedProxies};
use serde_json::{Map, json};

use crate::{harness::Mocks, shops::Shops};

fn strict() -> AddressLimits {
    AddressLimits {
        public_requests_per_minute: 20,
        sign_ins_per_minute: 20,
        refused_credentials_per_minute: 20,
        refused_webhooks_per_minute: 20,
    }
}

/// How many of these heads were not refused as too many.
async fn let_through(shops: &Shops, heads: impl Iterator<Item = String>) -> u32 {
    let mut through = 0;
    for head in heads {
        let reply = shops.call(&head, Vec::new()).await;
        if reply.status == 429 {
            assert_eq!(reply.problem().1, "rate_limited");
            assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|wait| wait >= 1), "{}", reply.head);
        } else {
            through += 1;
        }
    }
    through
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_addresses_buy_no_further_attempts() {
    let shops = Shops::open_with(|config| config.limits = strict()).await;
    let heads = (0..1_000).map(|n| {
        let forged = format!("10.{}.{}.{}", n % 200, n / 7 % 250, n % 250);
        let path = "/api/auth/login";
        format!(
            "POST {path} HTTP/1.1\r\nx-forwarded-for: {forged}\r\nforwarded: for={forged}\r\nx-real-ip: {forged}\r\n\
             content-length: 0"
        )
    });
    let begun = std::time::Instant::now();
    let through = let_through(&shops, heads).await;
    // One place more comes every three seconds.
    let most = 20 + u32::try_from(begun.elapsed().as_secs() / 3 + 1).expect("a short test");
    assert!((20..=most).contains(&through), "{through} of at most {most}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit_and_an_ipv6_network_is_one_client() {
    let shops = Shops::open_with(|config| {
        config.limits = strict();
        let networks = vec!["127.0.0.0/8".parse().expect("a network")];
        config.trusted_proxies = TrustedProxies { networks, ..TrustedProxies::default() };
    })
    .await;
    let head = |hops: String| format!("GET /problems/internal HTTP/1.1\r\nx-forwarded-for: {hops}");
    let begun = std::time::Instant::now();
    // What a client tells of itself stands left of what the proxy adds.
    let forged = (0..200).map(|n| head(format!("10.0.0.{n}, 198.51.100.7")));
    let rotating = (0..200).map(|n| head(format!("2001:db8:1:2:{n:x}::{n:x}")));
    for through in [let_through(&shops, forged).await, let_through(&shops, rotating).await] {
        let most = 20 + u32::try_from(begun.elapsed().as_secs() / 3 + 1).expect("a short test");
        assert!((20..=most).contains(&through), "{through} of at most {most}");
    }
    assert_eq!(let_through(&shops, (0..20).map(|n| head(format!("198.51.100.{}", 100 + n)))).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_headers_tell_what_is_left_and_a_caller_at_its_limit_is_told_when_to_come_back() {
    let shops = Shops::open().await;
    let actor = Actor::system(shops.ours.tenant);
    let changes = Map::from_iter([("callerRequestsPerMinute".to_owned(), json!(3))]);
    shops.hubchat.update_settings.run(&actor, &changes, None).await.expect("a stricter limit");
    let ask = async || shops.as_key(&shops.ours.key, "GET", "/api/leads", "", None).await;
    for left in [2, 1, 0] {
        let reply = ask().await;
        assert_eq!(reply.status, 200);
        assert!(reply.header("ratelimit-policy").starts_with("\"caller\";q=3;w=60, \"tenant\";q=30000;w=60"));
        assert!(reply.header("ratelimit").starts_with(&format!("\"caller\";r={left};t=")), "{}", reply.head);
    }
    let refused = ask().await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
    assert!(refused.header("ratelimit").starts_with("\"caller\";r=0;t="), "{}", refused.head);
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    let other = shops.as_admin("GET", "/api/leads", "", None).await;
    assert_eq!(other.status, 200, "another key has its own");
    let theirs = shops.as_key(&shops.theirs.key, "GET", "/api/leads", "", None).await;
    assert!(theirs.header("ratelimit-policy").starts_with("\"caller\";q=12000"), "another tenant's setting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_takes_no_more_messages_than_the_tenant_set() {
    let shops = Shops::open().await;
    let actor = Actor::system(shops.ours.tenant);
    let changes = Map::from_iter([("conversationSendsPerMinute".to_owned(), json!(2))]);
    shops.hubchat.update_settings.run(&actor, &changes, None).await.expect("a stricter limit");
    let body = json!({"conversationId": shops.ours.conversation, "type": "text", "content": "hello"});
    for _ in 0..2 {
        let reply = shops.post_json("/api/messages/send", &body).await;
        assert_eq!(reply.status, 202, "{}", String::from_utf8_lossy(&reply.body));
    }
    let refused = shops.post_json("/api/messages/send", &body).await;
    assert_eq!(refused.problem(), (429, "rate_limited".to_owned()));
    let waiting = shops.hubchat.ports.queue.stats().await.expect("the queue");
    assert_eq!(waiting.iter().map(|lane| lane.ready + lane.delayed).sum::<i64>(), 2, "nothing more was queued");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_keys_and_webhooks_are_turned_away_before_anything_is_done_for_them() {
    let shops = Shops::open_with(|config| config.limits = strict()).await;
    let forged = |n: u32| format!("GET /api/leads HTTP/1.1\r\nauthorization: Bearer hck_{n:016x}_{}", "a".repeat(64));
    let begun = std::time::Instant::now();
    let keys = let_through(&shops, (0..200).map(forged)).await;
    let webhook =
        |_| "POST /webhooks/line/nobodys HTTP/1.1\r\nx-line-signature: forged\r\ncontent-length: 0".to_owned();
    let webhooks = let_through(&shops, (0..200).map(webhook)).await;
    let most = 21 + u32::try_from(begun.elapsed().as_secs() / 3 + 1).expect("a short test");
    assert!((20..=most).contains(&keys) && (20..=most).contains(&webhooks), "{keys}, {webhooks} of {most}");
}

#[tokio::test]
async fn load_balancers_are_never_refused() {
    let mut mocks = Mocks::new();
    mocks.directory.expect_ping().returning(|| Ok(()));
    mocks.rate_limiter.expect_take().never();
    let client = mocks.client();
    for path in ["/health", "/ready"] {
        let request = poem::Request::builder().uri_str(path).finish();
        assert_eq!(client.call(request).await.status, 200);
    }
}
