//! The database goes away under load and comes back: what was not stored is answered 503 with
//! Retry-After, what was acknowledged is not lost, and everything goes on by itself.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use hubchat_core::domain::ChannelType;
use reqwest::{StatusCode, header::RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{
    database::{Kind, postgres_url},
    deadline::{eventually, within},
    hub::{CHANNEL_SECRET, Hub},
    webhook::{body, sign, text_event, user},
};

const MESSAGES: usize = 600;
const OUTAGES: usize = 3;

/// A wire to PostgreSQL that can be cut.
struct Wire {
    address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Wire {
    async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (whole, cut) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (target, mut cut) = (target.clone(), cut.clone());
                tokio::spawn(async move {
                    if !*cut.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(target).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = cut.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Self { address, whole }
    }
}

/// Posts once; tells whether it was acknowledged, and checks that a refusal says when to come back.
async fn try_post(hub: &Hub, url: &str, body: &[u8]) -> bool {
    let request = hub
        .client
        .post(url)
        .header("content-type", "application/json")
        .header("x-line-signature", sign(CHANNEL_SECRET, body))
        .body(body.to_vec());
    let answer = request.send().await.expect("hubchat itself stays");
    match answer.status() {
        StatusCode::OK => true,
        StatusCode::SERVICE_UNAVAILABLE => {
            assert!(answer.headers().contains_key(RETRY_AFTER), "a 503 says when to come back");
            false
        }
        other => panic!("{other} while the database is away"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_database_loses_nothing_that_was_acknowledged() {
    let server = postgres_url();
    let host = server.split('@').next_back().and_then(|rest| rest.split('/').next()).unwrap().to_owned();
    let wire = Wire::to(host.clone()).await;
    let near = wire.address.to_string();
    let hub = Box::pin(Hub::start_with(Kind::Postgres, |config| {
        let url = config.database_url.as_ref().unwrap().expose_secret().replace(&host, &near);
        config.database_url = Some(SecretString::from(url));
    }))
    .await;
    let hub = Arc::new(hub);
    let url = format!("{}{}", hub.url, hub.webhook_path);
    let load = tokio::spawn({
        let (hub, url) = (Arc::clone(&hub), url.clone());
        async move {
            let refused: Vec<usize> = stream::iter(0..MESSAGES)
                .map(|n| {
                    let (hub, url) = (&hub, &url);
                    async move {
                        let body = body(&[text_event(&user(n % 20), &format!("m{n}"), &format!("{n:04}"))]);
                        let mut refusals = 0;
                        while !try_post(hub, url, &body).await {
                            refusals += 1;
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        refusals
                    }
                })
                .buffer_unordered(8)
                .collect()
                .await;
            refused.into_iter().sum::<usize>()
        }
    });
    for _ in 0..OUTAGES {
        tokio::time::sleep(Duration::from_millis(300)).await;
        wire.whole.send(false).unwrap();
        let ready = format!("{}/ready", hub.url);
        eventually("it tells that it is not ready", || async {
            let status = hub.client.get(&ready).send().await.ok()?.status();
            (status == StatusCode::SERVICE_UNAVAILABLE).then_some(())
        })
        .await;
        wire.whole.send(true).unwrap();
    }
    within(Duration::from_mins(2), "the load ends", || async { load.is_finished().then_some(()) }).await;
    assert!(load.await.unwrap() > 0, "some were refused, or there was no outage");
    hub.drained().await;
    let ledger = hub.wired.hubchat.ports.intake.ledger().await.unwrap();
    let expected = i64::try_from(MESSAGES).unwrap();
    assert_eq!((ledger.received, ledger.processed), (expected, expected), "{ledger:?}");
    let mut count = 0;
    for conversation in hub.list(&format!("/api/conversations?limit=200&channelType={}", ChannelType::Line)).await {
        count += hub.messages(&conversation).await.len();
    }
    assert_eq!(count, MESSAGES, "each acknowledged message is there once");
    Box::pin(Arc::into_inner(hub).expect("nobody else holds it").stop()).await;
}
