//! Accepting connections.

use std::{io, time::Duration};

use poem::{
    http::uri::Scheme,
    listener::{Acceptor, TcpAcceptor},
    web::{LocalAddr, RemoteAddr},
};
use tokio::net::TcpStream;

/// Accepts connections that send what is written at once.
pub(crate) struct PromptAcceptor(pub(crate) TcpAcceptor);

impl Acceptor for PromptAcceptor {
    type Io = TcpStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        match self.0.accept().await {
            Ok((stream, local, remote, scheme)) => {
                // Otherwise the last piece of a longer answer waits for the peer's delayed acknowledgement.
                stream.set_nodelay(true)?;
                Ok((stream, local, remote, scheme))
            }
            Err(error) => {
                // The server asks again at once; with no file handle left that would only burn the processor.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                Err(error)
            }
        }
    }
}
