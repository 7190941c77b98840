//! The door of webhooks.

use bytes::Bytes;
use hubchat_core::port::{
    ChannelSecrets, IntakeReceipt, MalformedBody, RawEvent, StorageError, VerifyError, WebhookBatch, WebhookHeaders,
};
use poem::{
    Body, Request,
    http::{Method, StatusCode},
};

use crate::harness::{Answer, Mocks, account};

const BY_KEY: &str = "/webhooks/line/0123456789abcdef";
const BY_DESTINATION: &str = "/api/webhook/line";

/// An account that exists, an adapter that takes the signature `good` and bodies that begin with a brace.
fn mocks() -> Mocks {
    let mut mocks = Mocks::new();
    mocks.directory.expect_find_account_by_webhook_key().returning(|key| Ok((key == "0123456789abcdef").then(account)));
    mocks.directory.expect_find_account_by_external_id().returning(|_, id| Ok((id == "Ubot").then(account)));
    mocks.adapter.expect_verify().returning(|headers: &WebhookHeaders, _: &[u8], _: &ChannelSecrets| {
        match headers.only("x-line-signature") {
            Some(b"good") => Ok(()),
            Some(_) => Err(VerifyError::Mismatch),
            None => Err(VerifyError::Missing),
        }
    });
    mocks.adapter.expect_split().returning(|body: &Bytes| {
        if body.first() != Some(&b'{') {
            return Err(MalformedBody);
        }
        let event =
            RawEvent { event_key: "1".to_owned(), order_key: "p".to_owned(), destination: None, raw: body.clone() };
        let destination = if body.as_ref() == b"{other}" { "Uother" } else { "Ubot" };
        Ok(WebhookBatch { destination: Some(destination.to_owned()), events: vec![event] })
    });
    mocks
}

async fn post(mocks: Mocks, path: &str, signature: &str, body: impl Into<Body>) -> Answer {
    let request = Request::builder().method(Method::POST).uri_str(path).header("x-line-signature", signature);
    mocks.client().call(request.body(body)).await
}

#[tokio::test]
async fn what_is_durable_is_acknowledged_with_an_empty_body_and_the_exact_bytes_are_kept() {
    for path in [BY_KEY, BY_DESTINATION] {
        let mut mocks = mocks();
        mocks.intake.expect_record().times(1).returning(|events| {
            assert_eq!(events.len(), 1);
            assert_eq!(events.first().map(|event| event.raw.clone()), Some(Bytes::from_static(b"{ \"a\" : 1 }")));
            Ok(IntakeReceipt { stored: 1, duplicates: 0 })
        });
        let answer = post(mocks, path, "good", "{ \"a\" : 1 }").await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, ""), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_a_missing_and_a_repeated_signature_are_refused() {
    for path in [BY_KEY, BY_DESTINATION] {
        assert_eq!(post(mocks(), path, "bad", "{}").await.problem().0, 401);
        let bare = Request::builder().method(Method::POST).uri_str(path).body("{}");
        assert_eq!(mocks().client().call(bare).await.problem().1, "webhook_not_verified");
        let twice = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .header("x-line-signature", "good")
            .header("x-line-signature", "good")
            .body("{}");
        assert_eq!(mocks().client().call(twice).await.problem().1, "webhook_not_verified");
    }
}

#[tokio::test]
async fn an_account_or_channel_that_nobody_knows_is_not_there() {
    for path in [
        "/webhooks/line/ffff",
        "/webhooks/facebook/0123456789abcdef",
        "/webhooks/fax/0123456789abcdef",
        "/webhooks/line/0123456789abcdef/more",
        "/webhooks/line/",
        "/api/webhook/fax",
    ] {
        let answer = post(mocks(), path, "good", "{}").await;
        assert_eq!(answer.problem(), (404, "webhook_unknown".to_owned(), String::new()), "{path}");
    }
    assert_eq!(post(mocks(), BY_DESTINATION, "good", "{other}").await.problem().0, 404);
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_once_its_signature_is_good() {
    assert_eq!(post(mocks(), BY_KEY, "good", "nope").await.problem(), (400, "not_json".to_owned(), String::new()));
    assert_eq!(post(mocks(), BY_KEY, "bad", "nope").await.problem().0, 401);
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_refused_by_its_length_and_while_it_is_read() {
    let request = Request::builder()
        .method(Method::POST)
        .uri_str(BY_KEY)
        .header("x-line-signature", "good")
        .header("content-length", "1048577")
        .body("{}");
    assert_eq!(mocks().client().call(request).await.problem().1, "payload_too_large");
    let pieces = std::iter::repeat_with(|| Ok::<_, std::io::Error>(vec![b'{'; 1 << 16])).take(17);
    let streamed = Body::from_bytes_stream(futures_util::stream::iter(pieces));
    assert_eq!(post(mocks(), BY_KEY, "good", streamed).await.problem().0, 413);
    let mut exact = mocks();
    exact.intake.expect_record().returning(|_| Ok(IntakeReceipt { stored: 1, duplicates: 0 }));
    assert_eq!(post(exact, BY_KEY, "good", vec![b'{'; 1 << 20]).await.status, 200);
}

#[tokio::test]
async fn what_could_not_be_kept_is_not_acknowledged_and_asked_for_again() {
    for error in [|| StorageError::Unavailable("gone".into()), || StorageError::Contention("busy".into())] {
        let mut mocks = mocks();
        mocks.intake.expect_record().returning(move |_| Err(error()));
        let answer = post(mocks, BY_KEY, "good", "{}").await;
        assert_eq!(answer.problem().0, 503);
        assert_ne!(answer.header("retry-after"), "");
    }
}

#[tokio::test]
async fn only_posts_are_webhooks() {
    let request = Request::builder().uri_str(BY_KEY).finish();
    let answer = mocks().client().call(request).await;
    assert_eq!((answer.problem().1.as_str(), answer.header("allow")), ("method_not_allowed", "POST"));
}

#[tokio::test]
async fn a_provider_that_hangs_up_does_not_stop_what_it_began() {
    let (begin, started) = tokio::sync::oneshot::channel();
    let (done, ended) = tokio::sync::oneshot::channel();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let parts = std::sync::Mutex::new(Some((begin, done, gate)));
    let mut mocks = mocks();
    mocks.intake.expect_record().returning(move |_| {
        let (begin, done, gate) = parts.lock().expect("one call").take().expect("one call");
        begin.send(()).expect("the test waits");
        tokio::task::block_in_place(|| gate.recv().expect("the test opens the gate"));
        done.send(()).expect("the test waits");
        Ok(IntakeReceipt { stored: 1, duplicates: 0 })
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let caller = runtime.spawn(post(mocks, BY_KEY, "good", "{}"));
    started.await.expect("the work begins");
    caller.abort();
    go.send(()).expect("the work waits");
    ended.await.expect("the work ends though its caller is gone");
    runtime.shutdown_background();
}

async fn shake_hands(path: &str, query: &str) -> Answer {
    let mut mocks = mocks();
    mocks.adapter.expect_accepts_handshake().returning(|token, _| token == "verify-me");
    mocks.client().get(&format!("{path}?{query}")).await
}

#[tokio::test]
async fn a_subscription_is_answered_with_its_challenge_for_the_token_alone() {
    let good = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444";
    for path in [BY_KEY, BY_DESTINATION, "/webhooks/line"] {
        let answer = shake_hands(path, good).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "1158201444"), "{path}");
        let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        assert!(kind.starts_with("text/plain"), "{kind}");
        for bad in [good.replace("verify-me", "other"), good.replace("subscribe", "unsubscribe")] {
            assert_eq!(shake_hands(path, &bad).await.status, StatusCode::FORBIDDEN, "{path} {bad}");
        }
        assert_eq!(shake_hands(path, "x=1").await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(shake_hands("/webhooks/line/unknown", good).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shake_hands("/webhooks/fax", good).await.status, StatusCode::NOT_FOUND);
}
