//! The parts of an upload's form: the conversation, then the file, then nothing.

use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use hubchat_core::{UploadMediaCommand, UploadTypes, domain::ConversationId, port::IncomingBytes};
use multer::{Field, Multipart};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::source::{Source, drain, pieces};
use crate::problem::ApiProblem;

/// A form that is about to be read.
pub(super) struct Reading {
    pub(super) source: Arc<Mutex<Source>>,
    pub(super) in_file: Arc<AtomicBool>,
    pub(super) boundary: String,
}

impl Reading {
    /// Reads as far as the file's bytes, and gives those to be read. They end well only if the form ends
    /// well after them, so that nothing is kept of a request that is refused for its end.
    pub(super) async fn begin(
        self,
        types: UploadTypes,
        mut conversation: Option<ConversationId>,
    ) -> Result<(UploadMediaCommand, IncomingBytes), ApiProblem> {
        let mut form = Multipart::new(pieces(Arc::clone(&self.source)), self.boundary);
        let file = loop {
            let part = form.next_field().await.map_err(problem)?;
            let part = part.ok_or_else(|| ApiProblem::invalid("file", "is missing"))?;
            match part.name() {
                Some("file") => break part,
                Some("conversationId") if conversation.is_some() => {
                    return Err(ApiProblem::invalid("conversationId", "is given twice"));
                }
                Some("conversationId") => conversation = Some(id(part).await?),
                _ => return Err(ApiProblem::invalid("body", "has a part that is neither conversationId nor file")),
            }
        };
        let conversation_id = conversation.ok_or_else(|| {
            ApiProblem::invalid("conversationId", "is missing; give it in the query, or in the form before the file")
        })?;
        self.in_file.store(true, Ordering::Relaxed);
        let command = UploadMediaCommand {
            conversation_id,
            types,
            declared_type: file.content_type().map(|kind| kind.essence_str().to_owned()).unwrap_or_default(),
            file_name: file.file_name().unwrap_or_default().to_owned(),
        };
        Ok((command, bytes(file, form, self.source)))
    }
}

async fn id(mut part: Field<'static>) -> Result<ConversationId, ApiProblem> {
    const LENGTH: usize = 36;
    let mut text = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(problem)? {
        text.extend_from_slice(&piece);
        if text.len() > LENGTH {
            break;
        }
    }
    let id = std::str::from_utf8(&text).ok().filter(|text| text.len() == LENGTH);
    let id = id.and_then(|text| Uuid::parse_str(text).ok());
    id.map(ConversationId::from_uuid).ok_or_else(|| ApiProblem::invalid("conversationId", "must be an id"))
}

fn bytes(file: Field<'static>, form: Multipart<'static>, source: Arc<Mutex<Source>>) -> IncomingBytes {
    stream::unfold(Some((file, form, source)), |reading| async move {
        let (mut file, form, source) = reading?;
        match file.chunk().await {
            Ok(Some(piece)) => Some((Ok::<Bytes, Box<dyn StdError + Send + Sync>>(piece), Some((file, form, source)))),
            Ok(None) => {
                drop(file);
                let refused = end(form, &source).await.err()?;
                Some((Err(refused.into()), None))
            }
            Err(error) => Some((Err(problem(error).into()), None)),
        }
    })
    .boxed()
}

/// The end of the form, and of the body.
async fn end(mut form: Multipart<'static>, source: &Mutex<Source>) -> Result<(), ApiProblem> {
    if form.next_field().await.map_err(problem)?.is_some() {
        return Err(ApiProblem::invalid("file", "must be the last part: a request carries one file"));
    }
    // It may hold the source, waiting for a piece.
    drop(form);
    drain(source).await
}

fn problem(error: multer::Error) -> ApiProblem {
    match error {
        multer::Error::StreamReadFailed(cause) => match cause.downcast::<ApiProblem>() {
            Ok(problem) => *problem,
            Err(cause) => ApiProblem::of("body_interrupted").detailed(cause.to_string()),
        },
        multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders
        | multer::Error::IncompleteStream => ApiProblem::of("body_interrupted"),
        other => ApiProblem::of("not_multipart").caused_by(other),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU64, AtomicUsize},
        time::Duration,
    };

    use tokio::time::Instant;

    use super::*;

    const HEAD: &str = "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\
        content-type: application/pdf\r\n\r\n";

    /// A body whose next piece is always there already: the head, then pieces of 64 KiB without end.
    fn endless(pulled: &Arc<AtomicUsize>, limit: u64) -> Reading {
        let pulled = Arc::clone(pulled);
        let (first, blank) = (AtomicU64::new(0), Bytes::from(vec![b' '; 65_536]));
        let pieces = stream::repeat_with(move || {
            pulled.fetch_add(1, Ordering::Relaxed);
            let is_first = first.fetch_add(1, Ordering::Relaxed) == 0;
            Ok(if is_first { Bytes::from_static(HEAD.as_bytes()) } else { blank.clone() })
        });
        let in_file = Arc::new(AtomicBool::new(false));
        let source = Source {
            pieces: Box::pin(pieces),
            declared: None,
            counted: 0,
            limit,
            too_large: "too large".to_owned(),
            in_file: Arc::clone(&in_file),
            silence: Duration::from_secs(5),
            ends_at: Instant::now() + Duration::from_mins(1),
        };
        Reading { source: Arc::new(Mutex::new(source)), in_file, boundary: "edge".to_owned() }
    }

    #[tokio::test]
    async fn no_more_is_held_than_was_asked_for_however_much_is_ready() {
        let pulled = Arc::new(AtomicUsize::new(0));
        let conversation = Some(ConversationId::from_uuid(Uuid::from_u128(7)));
        let reading = endless(&pulled, 32 << 20);
        let (command, mut bytes) = reading.begin(UploadTypes::Pdf, conversation).await.expect("a form");
        assert_eq!((command.file_name.as_str(), command.declared_type.as_str()), ("a.pdf", "application/pdf"));
        let mut taken = 0;
        let end = loop {
            match bytes.next().await.expect("it ends with a problem") {
                Ok(piece) => taken += piece.len(),
                Err(error) => break error,
            }
            let ahead = pulled.load(Ordering::Relaxed) * 65_536;
            assert!(ahead <= taken + 4 * 65_536, "{ahead} bytes are held, {taken} were asked for");
        };
        let problem = end.downcast::<ApiProblem>().expect("a problem");
        assert_eq!((problem.code(), problem.field()), ("payload_too_large", Some("file")));
        assert!(taken <= 32 << 20);
        assert_eq!(pulled.load(Ordering::Relaxed), (32 << 20) / 65_536 + 1, "not a piece beyond the limit");
    }

    #[tokio::test]
    async fn a_form_whose_file_never_begins_is_given_up_early() {
        let pulled = Arc::new(AtomicUsize::new(0));
        let reading = Reading { boundary: "another".to_owned(), ..endless(&pulled, 32 << 20) };
        let conversation = Some(ConversationId::from_uuid(Uuid::from_u128(7)));
        let refused = reading.begin(UploadTypes::Pdf, conversation).await.err().expect("no form");
        assert_eq!(refused.code(), "not_multipart");
        assert!(pulled.load(Ordering::Relaxed) < 5);
    }
}
