//! A client of the socket, as lean as measuring needs it.

use anyhow::Context;
use futures_util::{SinkExt, StreamExt};
use hubchat_core::Actor;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

use crate::target::Target;

/// An open socket that said hello and is ready.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one for a key's holder, with a ticket that this process made: any process takes it.
    pub(crate) async fn open(target: &Target, url: &str, holder: &Actor, cursor: Option<&str>) -> anyhow::Result<Self> {
        let issued = target.wired.hubchat.issue_socket_ticket.run(holder).await?;
        let mut request = format!("{}/api/ws", url.replacen("http", "ws", 1)).into_client_request()?;
        let protocols = format!("hubchat.v1, ticket.{}", issued.ticket.expose_secret());
        request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
        let config = WebSocketConfig::default().read_buffer_size(1_024).write_buffer_size(0);
        let (socket, _) = connect_async_with_config(request, Some(config), true).await?;
        let mut socket = Self(socket);
        let hello = serde_json::json!({"type": "hello", "cursor": cursor, "topics": ["inbox"]});
        socket.0.send(Message::text(hello.to_string())).await?;
        Ok(socket)
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            match self.0.next().await.context("the socket ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Close(frame) => anyhow::bail!("the socket was closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// Waits until it follows.
    pub(crate) async fn ready(&mut self) -> anyhow::Result<()> {
        while self.next().await?["type"] != "ready" {}
        Ok(())
    }
}
