//! Load: signed webhooks over kept-alive connections, with a client that costs little beside the server.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hdrhistogram::Histogram;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::target::{CHANNEL_SECRET, DESTINATION};

/// A client for the API.
pub(crate) fn api_client() -> anyhow::Result<reqwest::Client> {
    #[expect(clippy::disallowed_methods, reason = "the benchmark is a user of the API")]
    let builder = reqwest::Client::builder();
    Ok(builder.timeout(Duration::from_secs(30)).build()?)
}

/// What a load did.
pub(crate) struct Load {
    pub(crate) answers: u64,
    pub(crate) elapsed: Duration,
    pub(crate) latency: Histogram<u64>,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        self.answers as f64 / self.elapsed.as_secs_f64()
    }
}

/// What to send.
#[derive(Clone)]
pub(crate) struct Plan {
    /// `http://host:port`.
    pub(crate) url: String,
    pub(crate) path: String,
    pub(crate) connections: usize,
    pub(crate) duration: Duration,
    /// Distinct customers that write.
    pub(crate) customers: u64,
    /// Webhooks a second over all connections; as many as possible when absent.
    pub(crate) rate: Option<f64>,
    /// Keeps event ids of several loads on one database apart.
    pub(crate) series: u64,
}

/// Sends webhooks of one text message each.
pub(crate) async fn webhooks(plan: &Plan) -> anyhow::Result<Load> {
    let counter = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for connection in 0..plan.connections {
        let (plan, counter) = (plan.clone(), Arc::clone(&counter));
        tasks.push(tokio::spawn(async move { one_connection(&plan, &counter, connection, began).await }));
    }
    let mut latency = Histogram::new(3)?;
    let mut answers = 0;
    for task in tasks {
        let (count, one) = task.await??;
        answers += count;
        latency.add(one)?;
    }
    Ok(Load { answers, elapsed: began.elapsed(), latency })
}

async fn one_connection(
    plan: &Plan,
    counter: &AtomicU64,
    connection: usize,
    began: Instant,
) -> anyhow::Result<(u64, Histogram<u64>)> {
    let address = plan.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, CHANNEL_SECRET.as_bytes());
    let mut latency = Histogram::new(3)?;
    let (mut answers, mut buffer) = (0, vec![0_u8; 4096]);
    let pause = plan.rate.map(|rate| Duration::from_secs_f64(plan.connections as f64 / rate));
    let offset = pause.map(|pause| pause.mul_f64(connection as f64 / plan.connections as f64)).unwrap_or_default();
    let mut due = began + offset;
    // At least one, however short the time.
    loop {
        if let Some(pause) = pause {
            tokio::time::sleep_until(due.into()).await;
            due += pause;
        }
        let number = counter.fetch_add(1, Ordering::Relaxed);
        let request = request(plan, address, &key, number);
        let sent = Instant::now();
        stream.write_all(&request).await?;
        let status = read_answer(&mut stream, &mut buffer).await?;
        anyhow::ensure!(status == 200, "a webhook was answered with {status}");
        latency.record(sent.elapsed().as_micros() as u64)?;
        answers += 1;
        if began.elapsed() >= plan.duration {
            break;
        }
    }
    Ok((answers, latency))
}

fn request(plan: &Plan, host: &str, key: &hmac::Key, number: u64) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a provider has a clock of its own")]
    let now = std::time::SystemTime::now();
    let millis = now.duration_since(std::time::UNIX_EPOCH).map(|since| since.as_millis()).unwrap_or_default();
    let (series, user) = (plan.series, number % plan.customers);
    let body = format!(
        r#"{{"destination":"{DESTINATION}","events":[{{"type":"message","message":{{"type":"text","id":"{series}{number:012}","quoteToken":"q3Plxr4AgKdt1","text":"how much is number {number}?"}},"webhookEventId":"01B{series:02}{number:021}","deliveryContext":{{"isRedelivery":false}},"timestamp":{millis},"source":{{"type":"user","userId":"U{user:032x}"}},"replyToken":"{number:032}","mode":"active"}}]}}"#
    );
    let signature = STANDARD.encode(hmac::sign(key, body.as_bytes()).as_ref());
    format!(
        "POST {} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nx-line-signature: {signature}\r\ncontent-length: {}\r\n\r\n{body}",
        plan.path,
        body.len()
    )
    .into_bytes()
}

/// Reads one answer with a content-length or without a body.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<u16> {
    let mut have = 0;
    loop {
        let read = stream.read(buffer.get_mut(have..).context("the answer is too long")?).await?;
        anyhow::ensure!(read > 0, "the connection was closed");
        have += read;
        let seen = buffer.get(..have).unwrap_or_default();
        let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(seen.get(..end).unwrap_or_default()).to_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        if have >= end + 4 + length {
            return head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status");
        }
    }
}
