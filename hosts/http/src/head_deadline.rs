//! A connection on which the head of a request must come in time.
//!
//! Without this, whoever sends a byte now and then keeps a connection for as long as they like. The server in
//! between reads heads without a clock, so the clock is here: it runs from the first byte of a head to the empty
//! line that ends it, and on a new connection from the beginning. Bodies have deadlines of their own.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// What is expected of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// A head is coming; so many bytes of the empty line that ends it were seen.
    Head(usize),
    /// A request is being served.
    Request,
    /// A request was answered, and none has begun.
    Rest,
    /// Something else than HTTP/1 is spoken.
    Other,
}

const END: &[u8] = b"\r\n\r\n";

/// See the module.
pub(crate) struct HeadDeadline<Io> {
    io: Io,
    phase: Phase,
    is_new: bool,
    limit: Duration,
    clock: Pin<Box<Sleep>>,
}

impl<Io> HeadDeadline<Io> {
    pub(crate) fn new(io: Io, limit: Duration) -> Self {
        Self { io, phase: Phase::Head(0), is_new: true, limit, clock: Box::pin(sleep(limit)) }
    }

    /// Looks at what came in.
    fn note_read(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        // The preface of HTTP/2 (RFC 9113, section 3.4).
        if std::mem::take(&mut self.is_new) && bytes.starts_with(b"PRI") {
            self.phase = Phase::Other;
        }
        if self.phase == Phase::Rest {
            self.phase = Phase::Head(0);
            self.clock.as_mut().reset(Instant::now() + self.limit);
        }
        if let Phase::Head(mut seen) = self.phase {
            for byte in bytes {
                seen = match (END.get(seen) == Some(byte), *byte) {
                    (true, _) => seen + 1,
                    (false, b'\r') => 1,
                    (false, _) => 0,
                };
                if seen == END.len() {
                    self.phase = Phase::Request;
                    return;
                }
            }
            self.phase = Phase::Head(seen);
        }
    }

    /// Looks at what goes out.
    fn note_written(&mut self, bytes: &[u8]) {
        if bytes.starts_with(b"HTTP/1.1 101") {
            self.phase = Phase::Other;
        } else if self.phase == Phase::Request && !bytes.is_empty() && !bytes.starts_with(b"HTTP/1.1 100") {
            self.phase = Phase::Rest;
        }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for HeadDeadline<Io> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.io).poll_read(context, buffer) {
            read?;
            let bytes = buffer.filled().get(before..).unwrap_or_default();
            this.note_read(bytes);
            if !(matches!(this.phase, Phase::Head(_)) && this.clock.is_elapsed()) {
                return Poll::Ready(Ok(()));
            }
        }
        if matches!(this.phase, Phase::Head(_)) {
            ready!(this.clock.as_mut().poll(context));
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the head of a request did not come")));
        }
        Poll::Pending
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for HeadDeadline<Io> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.io).poll_write(context, bytes))?;
        this.note_written(bytes.get(..written).unwrap_or_default());
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.io).poll_write_vectored(context, pieces))?;
        this.note_written(pieces.iter().find(|piece| !piece.is_empty()).map_or(&[], |piece| &**piece));
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const LIMIT: Duration = Duration::from_secs(10);

    async fn read(side: &mut HeadDeadline<DuplexStream>) -> io::Result<usize> {
        side.read(&mut [0; 64]).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_come_ends_the_connection_however_slowly_it_drips() {
        let (near, mut far) = duplex(1_024);
        let mut near = HeadDeadline::new(near, LIMIT);
        far.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        for _ in 0..3 {
            read(&mut near).await.expect("still in time");
            tokio::time::sleep(Duration::from_secs(3)).await;
            far.write_all(b"x: y\r\n").await.unwrap();
        }
        read(&mut near).await.expect("still in time");
        let error = read(&mut near).await.expect_err("too late");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn bodies_and_rest_take_their_time_and_the_next_head_does_not() {
        let (near, mut far) = duplex(1_024);
        let mut near = HeadDeadline::new(near, LIMIT);
        far.write_all(b"POST / HTTP/1.1\r\n\r").await.unwrap();
        read(&mut near).await.expect("a head");
        far.write_all(b"\nbo").await.unwrap();
        read(&mut near).await.expect("its end");
        near.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.unwrap();
        tokio::time::sleep(LIMIT * 3).await;
        far.write_all(b"dy").await.unwrap();
        read(&mut near).await.expect("a slow body");
        near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        tokio::time::sleep(LIMIT * 3).await;
        far.write_all(b"G").await.unwrap();
        read(&mut near).await.expect("the next request begins");
        let begun = Instant::now();
        assert!(read(&mut near).await.is_err());
        assert_eq!(begun.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_http_1_is_left_alone() {
        for (told, answered) in [("PRI * HTTP/2.0\r\n\r\n", ""), ("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n")] {
            let (near, mut far) = duplex(1_024);
            let mut near = HeadDeadline::new(near, LIMIT);
            far.write_all(told.as_bytes()).await.unwrap();
            read(&mut near).await.expect("a beginning");
            near.write_all(answered.as_bytes()).await.unwrap();
            far.write_all(b"x").await.unwrap();
            read(&mut near).await.expect("a piece");
            let waited = tokio::time::timeout(LIMIT * 10, read(&mut near)).await;
            assert!(waited.is_err(), "{told}");
        }
    }
}
