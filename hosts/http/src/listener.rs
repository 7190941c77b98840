//! Accepting connections.

use std::{io, time::Duration};

use poem::{
    http::uri::Scheme,
    listener::{Acceptor, TcpAcceptor},
    web::{LocalAddr, RemoteAddr},
};
use tokio::net::TcpStream;

use crate::head_deadline::HeadDeadline;

/// Accepts connections that send what is written at once, and whose requests begin in time.
pub(crate) struct PromptAcceptor {
    pub(crate) inner: TcpAcceptor,
    /// Within this time the head of a request must have come.
    pub(crate) head_deadline: Duration,
}

impl Acceptor for PromptAcceptor {
    type Io = HeadDeadline<TcpStream>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.inner.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        match self.inner.accept().await {
            Ok((stream, local, remote, scheme)) => {
                // Otherwise the last piece of a longer answer waits for the peer's delayed acknowledgement.
                stream.set_nodelay(true)?;
                Ok((HeadDeadline::new(stream, self.head_deadline), local, remote, scheme))
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
