//! Reading request bodies within limits of size and time.

use std::{pin::pin, time::Duration};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use poem::{Body, http::HeaderMap, http::header::CONTENT_LENGTH};

use crate::problem::ApiProblem;

/// Reads a body wholly. A declared length over the limit is refused before a byte is read; a body that
/// comes in one piece, as most do, is not copied.
pub(crate) async fn read_body(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    deadline: Duration,
) -> Result<Bytes, ApiProblem> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    match tokio::time::timeout(deadline, collect(body, limit)).await {
        Ok(read) => read,
        Err(_) => Err(ApiProblem::of("body_timeout")),
    }
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, ApiProblem> {
    let mut pieces = pin!(body.into_bytes_stream());
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| ApiProblem::of("body_interrupted").caused_by(error))?;
        if first.len() + all.len() + piece.len() > limit {
            return Err(too_large(limit));
        }
        if first.is_empty() && all.is_empty() {
            first = piece;
            continue;
        }
        if !first.is_empty() {
            all.extend_from_slice(&std::mem::take(&mut first));
        }
        all.extend_from_slice(&piece);
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

fn too_large(limit: usize) -> ApiProblem {
    ApiProblem::of("payload_too_large").detailed(format!("the body is larger than {limit} bytes"))
}
