//! TCP connections that can be broken from within a request, to play a provider whose answer is lost.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use poem::http::uri::Scheme;
use poem::listener::Acceptor;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::bounded::lock;

/// The connections now open, by the client's address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connections {
    open: Arc<Mutex<HashMap<SocketAddr, Arc<AtomicBool>>>>,
}

impl Connections {
    /// Lets no further byte out on the client's connection; it is closed at the next write.
    pub(crate) fn break_off(&self, client: SocketAddr) {
        if let Some(broken) = lock(&self.open).get(&client) {
            broken.store(true, Ordering::SeqCst);
        }
    }
}

/// Accepts connections that [`Connections`] can break.
#[derive(Debug)]
pub(crate) struct BreakableAcceptor {
    listener: TcpListener,
    local: SocketAddr,
    connections: Connections,
}

impl BreakableAcceptor {
    pub(crate) fn new(listener: TcpListener, connections: Connections) -> io::Result<Self> {
        let local = listener.local_addr()?;
        Ok(Self { listener, local, connections })
    }
}

impl Acceptor for BreakableAcceptor {
    type Io = BreakableStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        vec![LocalAddr(self.local.into())]
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, client) = self.listener.accept().await?;
        // Without it answers are only slower.
        stream.set_nodelay(true).ok();
        let broken = Arc::new(AtomicBool::new(false));
        lock(&self.connections.open).insert(client, Arc::clone(&broken));
        let io = BreakableStream { stream, broken, client, connections: self.connections.clone() };
        Ok((io, LocalAddr(self.local.into()), RemoteAddr(client.into()), Scheme::HTTP))
    }
}

/// One client's connection.
#[derive(Debug)]
pub(crate) struct BreakableStream {
    stream: TcpStream,
    broken: Arc<AtomicBool>,
    client: SocketAddr,
    connections: Connections,
}

impl BreakableStream {
    fn check(&self) -> io::Result<()> {
        if self.broken.load(Ordering::SeqCst) { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl Drop for BreakableStream {
    fn drop(&mut self) {
        let mut open = lock(&self.connections.open);
        // The client may have used its port again already.
        if open.get(&self.client).is_some_and(|known| Arc::ptr_eq(known, &self.broken)) {
            open.remove(&self.client);
        }
    }
}

impl AsyncRead for BreakableStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
