//! The server itself: health, readiness, and its end, over a real socket.

use std::time::Duration;

use hubchat_core::port::StorageError;
use hubchat_http::run;
use poem::Request;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::harness::Mocks;

#[tokio::test]
async fn a_process_without_storage_lives_but_is_not_ready() {
    let mut mocks = Mocks::new();
    mocks.directory.expect_ping().returning(|| Err(StorageError::Unavailable("away".into())));
    let client = mocks.client();
    assert_eq!(client.call(Request::builder().uri_str("/health").finish()).await.json()["status"], "ok");
    let answer = client.call(Request::builder().uri_str("/ready").finish()).await;
    assert_eq!(answer.problem().1, "storage_unavailable");
}

#[tokio::test]
async fn the_sandbox_is_led_to_only_where_there_is_one() {
    let ask = || Request::builder().uri_str("/sandbox").finish();
    let without = Mocks::new().client().call(ask()).await;
    assert_eq!((without.problem().0, without.problem().1.as_str()), (404, "not_found"));
    let mut mocks = Mocks::new();
    mocks.config.sandbox_page = Some("http://127.0.0.1:8090/phone".to_owned());
    let with = mocks.client().call(ask()).await;
    assert_eq!((with.status.as_u16(), with.header("location")), (307, "http://127.0.0.1:8090/phone"));
}

async fn ask(stream: &mut TcpStream, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a connection");
    let mut buffer = vec![0; 4096];
    let read = stream.read(&mut buffer).await.expect("an answer");
    String::from_utf8_lossy(buffer.get(..read).expect("what was read")).into_owned()
}

#[tokio::test]
async fn it_serves_until_told_to_stop_then_turns_away_and_ends() {
    let mut mocks = Mocks::new();
    mocks.directory.expect_ping().returning(|| Ok(()));
    mocks.config.notice = Duration::from_secs(1);
    let (hubchat, config) = mocks.hubchat();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let shutdown = CancellationToken::new();
    let server = tokio::spawn(run(listener, hubchat, config, None, shutdown.clone()));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    assert!(ask(&mut stream, "/ready").await.starts_with("HTTP/1.1 200"));
    shutdown.cancel();
    let told = ask(&mut stream, "/ready").await;
    assert!(told.starts_with("HTTP/1.1 503") && told.contains("shutting_down"), "{told}");
    let ended = tokio::time::timeout(Duration::from_secs(10), server).await.expect("it ends in time");
    ended.expect("no panic").expect("no failure");
    assert!(TcpStream::connect(address).await.is_err());
}
