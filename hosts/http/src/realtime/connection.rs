//! The wire of one socket: what goes out goes out soon, or the socket is over.

use std::{sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use poem::web::websocket::{CloseCode, Message, WebSocketConfig, WebSocketStream};
use poem_openapi::types::ToJSON;
use tokio::time::timeout;

use super::card::Card;
use crate::wire::ServerFrame;

/// The most bytes of a client's frame: a hello with all topics has a tenth of it.
const MOST_BYTES: usize = 16 * 1024;
/// Most sockets are silent most of the time: what they hold meanwhile is kept small.
const READ_BUFFER: usize = 512;
/// Whoever does not take a frame within this time is gone.
const SEND_WITHIN: Duration = Duration::from_secs(10);
/// So long the other end may take to say good-bye too.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Frames and buffers of every socket.
pub(super) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(1 << 20)
        .max_message_size(Some(MOST_BYTES))
        .max_frame_size(Some(MOST_BYTES))
}

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It is closed from here, with this code.
    Close(u16),
    /// The other end is gone, or takes nothing any more.
    Lost,
}

/// What came in.
pub(super) enum Incoming {
    /// A frame of text.
    Text(String),
    /// The other end lives.
    Sign,
}

pub(super) struct Connection {
    stream: WebSocketStream,
    card: Arc<Card>,
}

impl Connection {
    pub(super) fn new(stream: WebSocketStream, card: Arc<Card>) -> Self {
        Self { stream, card }
    }

    pub(super) fn card(&self) -> &Arc<Card> {
        &self.card
    }

    /// The next thing that comes in.
    pub(super) async fn next(&mut self) -> Result<Incoming, End> {
        match self.stream.next().await {
            Some(Ok(Message::Text(text))) => Ok(Incoming::Text(text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Incoming::Sign),
            Some(Ok(Message::Binary(_))) => Err(End::Close(super::socket::UNREADABLE)),
            Some(Err(error)) if error.kind() == std::io::ErrorKind::Other => Err(End::Close(super::socket::UNREADABLE)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Lost),
        }
    }

    pub(super) async fn send(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.send_text(frame.to_json_string()).await
    }

    pub(super) async fn send_text(&mut self, text: String) -> Result<(), End> {
        self.put(Message::Text(text)).await
    }

    /// Asks for a sign of life.
    pub(super) async fn ping(&mut self) -> Result<(), End> {
        self.put(Message::Ping(Vec::new())).await
    }

    /// Whoever reads slowly is not sent what they may not see any more: the verdict comes first.
    async fn put(&mut self, message: Message) -> Result<(), End> {
        let card = Arc::clone(&self.card);
        if let Some(code) = card.verdict() {
            return Err(End::Close(code));
        }
        let sending = timeout(SEND_WITHIN, self.stream.send(message));
        tokio::pin!(sending);
        let changed = tokio::select! {
            biased;
            done = &mut sending => return taken(&done),
            () = card.changed() => card.verdict(),
        };
        if changed.is_some() {
            return Err(End::Lost);
        }
        // Something else changed: whoever reads the card next sees it.
        let done = sending.await;
        card.put_off();
        taken(&done)
    }

    /// Says good-bye, and waits a moment for the other end's.
    pub(super) async fn close(mut self, code: u16, reason: &str) {
        let message = Message::Close(Some((CloseCode::from(code), reason.to_owned())));
        let goodbye = async {
            self.stream.send(message).await?;
            while let Some(Ok(_)) = self.stream.next().await {}
            Ok::<_, std::io::Error>(())
        };
        // Who does not answer is gone all the same.
        let _ = timeout(CLOSE_WITHIN, goodbye).await;
    }
}

fn taken(sent: &Result<std::io::Result<()>, tokio::time::error::Elapsed>) -> Result<(), End> {
    if let Ok(Ok(())) = sent { Ok(()) } else { Err(End::Lost) }
}
