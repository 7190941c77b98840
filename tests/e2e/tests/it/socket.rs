//! A client of the socket, as a page or a program is one.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest as _},
};

/// Far longer than anything should take.
const PATIENCE: Duration = Duration::from_secs(20);

/// An open socket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub enum Got {
    Frame(Value),
    Closed(u16),
}

/// A ticket for whoever has the credential.
pub async fn ticket(client: &reqwest::Client, url: &str, credential: &str) -> String {
    let answer = client.post(format!("{url}/api/ws/tickets")).bearer_auth(credential).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let body: Value = answer.json().await.expect("JSON");
    body["ticket"].as_str().expect("a ticket").to_owned()
}

impl Socket {
    /// Connects with a ticket, from a page of that origin or from none; else the status of the refusal.
    pub async fn connect(url: &str, ticket: &str, origin: Option<&str>) -> Result<Self, u16> {
        let mut request =
            format!("{}/api/ws", url.replacen("http", "ws", 1)).into_client_request().expect("an address");
        let headers = request.headers_mut();
        let protocols = format!("hubchat.v1, ticket.{ticket}");
        headers.insert("sec-websocket-protocol", protocols.parse().expect("a header"));
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().expect("a header"));
        }
        match connect_async(request).await {
            Ok((socket, answer)) => {
                assert_eq!(answer.headers()["sec-websocket-protocol"], "hubchat.v1");
                Ok(Self(socket))
            }
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// A socket of whoever has the credential, on our own page, that has said hello; and how it was answered.
    pub async fn open(
        client: &reqwest::Client,
        url: &str,
        credential: &str,
        cursor: Option<&str>,
        topics: &[&str],
    ) -> (Self, Value) {
        let (socket, before, answer) = Self::resume(client, url, credential, cursor, topics).await;
        assert_eq!(before, Vec::<Value>::new());
        (socket, answer)
    }

    /// The same, with what came before the answer.
    pub async fn resume(
        client: &reqwest::Client,
        url: &str,
        credential: &str,
        cursor: Option<&str>,
        topics: &[&str],
    ) -> (Self, Vec<Value>, Value) {
        let ticket = ticket(client, url, credential).await;
        let mut socket = Self::connect(url, &ticket, Some(url)).await.expect("let in");
        socket.say(json!({"type": "hello", "cursor": cursor, "topics": topics})).await;
        let mut before = Vec::new();
        loop {
            let frame = socket.frame().await;
            if frame["type"] != "event" {
                return (socket, before, frame);
            }
            before.push(frame["event"].clone());
        }
    }

    pub async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.expect("it takes a frame");
    }

    /// The same, of which it does not matter whether it arrives.
    pub async fn try_say(&mut self, text: &str) -> bool {
        self.0.send(Message::text(text)).await.is_ok()
    }

    /// What comes next.
    pub async fn next(&mut self) -> Got {
        self.next_within(PATIENCE).await.expect("something comes in time")
    }

    /// What comes next within a time.
    pub async fn next_within(&mut self, patience: Duration) -> Option<Got> {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => return Got::Frame(serde_json::from_str(&text).expect("JSON")),
                    Some(Ok(Message::Close(frame))) => {
                        return Got::Closed(frame.map_or(1005, |frame| frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Got::Closed(1006),
                }
            }
        };
        timeout(patience, next).await.ok()
    }

    /// The next frame that is no beat.
    pub async fn frame(&mut self) -> Value {
        loop {
            match self.next().await {
                Got::Frame(frame) if frame["type"] == "beat" => {}
                Got::Frame(frame) => return frame,
                Got::Closed(code) => panic!("closed with {code}"),
            }
        }
    }

    /// The next event that satisfies `fits`; the ones before are passed over.
    pub async fn event(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let wait = async {
            loop {
                let frame = self.frame().await;
                if frame["type"] == "event" && fits(&frame["event"]) {
                    return frame["event"].clone();
                }
            }
        };
        timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("no event: {what}"))
    }

    /// The next frame of a type; the ones before are passed over.
    pub async fn of_type(&mut self, name: &str) -> Value {
        let wait = async {
            loop {
                let frame = match self.next().await {
                    Got::Frame(frame) => frame,
                    Got::Closed(code) => panic!("closed with {code} instead of {name}"),
                };
                if frame["type"] == name {
                    return frame;
                }
            }
        };
        timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("no frame {name}"))
    }

    /// The code with which it is closed, whatever comes before.
    pub async fn closed(&mut self) -> u16 {
        loop {
            if let Got::Closed(code) = self.next().await {
                return code;
            }
        }
    }

    /// The code with which it is closed although it reads all that comes: it gives no sign of life, not even the
    /// answers to pings.
    pub async fn closed_as_dead(self) -> u16 {
        use tokio::io::AsyncReadExt as _;
        let (mut stream, mut seen, mut buffer) = (self.0.into_inner(), Vec::new(), [0_u8; 1_024]);
        let read = async {
            loop {
                let count = stream.read(&mut buffer).await.unwrap_or(0);
                seen.extend_from_slice(&buffer[..count]);
                // A close frame that is final and not masked, its length, and the code (RFC 6455, section 5.5.1).
                let close = seen.windows(4).find(|four| four[0] == 0x88 && four[2] == 0x11);
                if let Some(close) = close {
                    return u16::from_be_bytes([close[2], close[3]]);
                }
                assert!(count > 0, "it ended without a word");
            }
        };
        timeout(PATIENCE, read).await.expect("it is closed in time")
    }

    /// Everything that comes within a time, none of which closes it.
    pub async fn all_within(&mut self, patience: Duration) -> Vec<Value> {
        let (end, mut frames) = (tokio::time::Instant::now() + patience, Vec::new());
        while let Some(left) = end.checked_duration_since(tokio::time::Instant::now()) {
            match self.next_within(left).await {
                Some(Got::Frame(frame)) => frames.push(frame),
                Some(Got::Closed(code)) => panic!("closed with {code}"),
                None => break,
            }
        }
        frames
    }
}
