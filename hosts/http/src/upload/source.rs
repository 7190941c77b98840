//! The bytes of an upload's body, counted, timed and limited as they come.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::{sync::Mutex, time::Instant};

use super::BESIDE;
use crate::problem::ApiProblem;

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send>>;

/// See the module.
pub(super) struct Source {
    pub(super) pieces: Pieces,
    /// What `Content-Length` says.
    pub(super) declared: Option<u64>,
    pub(super) counted: u64,
    /// The most bytes of the whole.
    pub(super) limit: u64,
    /// What is said when there are more.
    pub(super) too_large: String,
    /// Whether the file has begun.
    pub(super) in_file: Arc<AtomicBool>,
    /// For how long nothing may come.
    pub(super) silence: Duration,
    /// When all must have come.
    pub(super) ends_at: Instant,
}

impl Source {
    /// The next piece; may be given up and asked for again.
    async fn next(&mut self) -> Option<Result<Bytes, ApiProblem>> {
        let until = self.ends_at.min(Instant::now() + self.silence);
        let piece = match tokio::time::timeout_at(until, self.pieces.next()).await {
            Err(_) => return Some(Err(ApiProblem::of("body_timeout"))),
            Ok(None) if self.declared.is_some_and(|declared| declared != self.counted) => {
                return Some(Err(another_length()));
            }
            Ok(None) => return None,
            Ok(Some(Err(error))) => return Some(Err(ApiProblem::of("body_interrupted").caused_by(error))),
            Ok(Some(Ok(piece))) => piece,
        };
        if self.counted > BESIDE && !self.in_file.load(Ordering::Relaxed) {
            return Some(Err(ApiProblem::of("not_multipart").detailed("the file must begin earlier in the form")));
        }
        self.counted = self.counted.saturating_add(piece.len() as u64);
        if self.declared.is_some_and(|declared| self.counted > declared) {
            return Some(Err(another_length()));
        }
        if self.counted > self.limit {
            return Some(Err(ApiProblem::of("payload_too_large").at("file").detailed(self.too_large.clone())));
        }
        Some(Ok(piece))
    }
}

fn another_length() -> ApiProblem {
    ApiProblem::of("body_interrupted").detailed("the body has another length than its Content-Length says")
}

/// The pieces, one at a time: whoever reads gets the turn after each, and cannot gather more than one
/// while more are ready.
pub(super) fn pieces(source: Arc<Mutex<Source>>) -> impl Stream<Item = Result<Bytes, ApiProblem>> + Send + 'static {
    stream::unfold(source, |source| async move {
        tokio::task::yield_now().await;
        let piece = source.lock().await.next().await?;
        Some((piece, source))
    })
}

/// Reads what follows the form's end, mostly a line break, and ignores it as RFC 2046 says; the limits of
/// the whole hold for it too. Only the end of the body shows whether its length was told rightly.
pub(super) async fn drain(source: &Mutex<Source>) -> Result<(), ApiProblem> {
    let mut source = source.lock().await;
    while let Some(piece) = source.next().await {
        piece?;
    }
    Ok(())
}
