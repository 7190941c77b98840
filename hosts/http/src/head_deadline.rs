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

    /// The phase after each of these, read (`<`) or written (`>`).
    fn phases(talk: &[&str]) -> Vec<Phase> {
        let mut line = HeadDeadline::new(tokio::io::empty(), Duration::from_secs(10));
        let mut phases = Vec::new();
        for piece in talk {
            match piece.split_at(1) {
                ("<", read) => line.note_read(read.as_bytes()),
                (_, written) => line.note_written(written.as_bytes()),
            }
            phases.push(line.phase);
        }
        phases
    }

    #[tokio::test]
    async fn a_head_is_awaited_until_its_empty_line_whatever_its_pieces() {
        let talk = ["<GET / HTTP/1.1\r\n", "<x: y\r", "<\n\r", "<\n"];
        assert_eq!(phases(&talk), [Phase::Head(2), Phase::Head(1), Phase::Head(3), Phase::Request]);
        assert_eq!(phases(&["<G\r\n\r\r\n\r\n"]), [Phase::Request]);
    }

    #[tokio::test]
    async fn bodies_and_rest_are_not_hurried_and_the_next_head_is() {
        let talk = [
            "<POST / HTTP/1.1\r\n\r\n",
            ">HTTP/1.1 100 Continue\r\n\r\n",
            "<a body",
            ">HTTP/1.1 200 OK\r\n\r\n",
            ">more of it",
            "<G",
        ];
        let expected = [Phase::Request, Phase::Request, Phase::Request, Phase::Rest, Phase::Rest, Phase::Head(0)];
        assert_eq!(phases(&talk), expected);
    }

    #[tokio::test]
    async fn what_is_not_http_1_is_left_alone() {
        assert_eq!(phases(&["<PRI * HTTP/2.0\r\n\r\n", ">x", "<y"]), [Phase::Other; 3]);
        let upgraded = ["<GET / HTTP/1.1\r\n\r\n", ">HTTP/1.1 101 Switching Protocols\r\n\r\n", "<y"];
        assert_eq!(phases(&upgraded), [Phase::Request, Phase::Other, Phase::Other]);
    }
}
