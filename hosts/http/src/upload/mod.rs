//! Files that come in by a form (RFC 7578): one file a request, its bytes passed on as they come.

mod form;
mod source;

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use hubchat_core::{
    Hubchat, UploadMediaError, UploadTypes,
    domain::{ConversationId, MediaRecord},
};
use poem::{Body, Request, RequestBody, Result, http::Method, http::header::CONTENT_LENGTH};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry},
};
use tokio::{sync::Mutex, time::Instant};
use tracing::Instrument;
use uuid::Uuid;

use crate::{auth::Caller, config::HttpConfig, problem::ApiProblem, state::State, state::state_of};
use source::Source;

/// Where uploads are, below the root.
const PATHS: [&str; 3] = ["/api/media", "/api/messages/upload-image", "/api/messages/upload-pdf"];
/// Bytes that a form may have beside its file.
const BESIDE: u64 = 64 * 1024;

/// How long a request may take: an upload may take its own time first.
pub(crate) fn deadline(request: &Request, config: &HttpConfig) -> Duration {
    if request.method() == Method::POST && PATHS.contains(&request.uri().path()) {
        config.request_deadline + config.upload_deadline
    } else {
        config.request_deadline
    }
}

/// The form of an upload, of which nothing was read yet.
pub(crate) struct UploadForm {
    boundary: String,
    body: Body,
    declared: Option<u64>,
    silence: Duration,
    ends_at: Instant,
}

impl<'a> ApiExtractor<'a> for UploadForm {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(_registry: &mut Registry) {}

    fn request_meta() -> Option<MetaRequest> {
        let field = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let schema = MetaSchema {
            properties: vec![
                (
                    "conversationId",
                    field(MetaSchema {
                        description: Some("The conversation that the file is for, unless the query names it."),
                        ..MetaSchema::new_with_format("string", "uuid")
                    }),
                ),
                (
                    "file",
                    field(MetaSchema {
                        description: Some("The file, with its name and its type; the last part."),
                        ..MetaSchema::new_with_format("string", "binary")
                    }),
                ),
            ],
            required: vec!["file"],
            ..MetaSchema::new("object")
        };
        let content = MetaMediaType { content_type: "multipart/form-data", schema: field(schema) };
        Some(MetaRequest { description: None, content: vec![content], required: true })
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        let boundary = request
            .content_type()
            .and_then(|content_type| multer::parse_boundary(content_type).ok())
            .ok_or_else(|| ApiProblem::of("unsupported_media_type").detailed("send multipart/form-data"))?;
        let config = &state_of(request)?.config;
        let declared = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        Ok(Self {
            boundary,
            body: body.take()?,
            declared,
            silence: config.body_deadline,
            ends_at: Instant::now() + config.upload_deadline,
        })
    }
}

/// Takes the file of a form.
pub(crate) async fn take(
    state: &State,
    caller: &Caller,
    types: UploadTypes,
    conversation: Option<Uuid>,
    form: UploadForm,
) -> Result<MediaRecord, ApiProblem> {
    let hubchat = state.hubchat.clone();
    hubchat.upload_media.allow(&caller.0)?;
    let max_bytes = hubchat.upload_media.max_bytes(&caller.0, types).await?;
    let limit = max_bytes.saturating_add(BESIDE);
    let too_large = format!("the file is larger than {max_bytes} bytes");
    if form.declared.is_some_and(|length| length > limit) {
        return Err(ApiProblem::of("payload_too_large").at("file").detailed(too_large));
    }
    let in_file = Arc::new(AtomicBool::new(false));
    let source = Source {
        pieces: Box::pin(form.body.into_bytes_stream()),
        declared: form.declared,
        counted: 0,
        limit,
        too_large,
        in_file: Arc::clone(&in_file),
        silence: form.silence,
        ends_at: form.ends_at,
    };
    let reading = form::Reading { source: Arc::new(Mutex::new(source)), in_file, boundary: form.boundary };
    let actor = caller.0.clone();
    let conversation = conversation.map(ConversationId::from_uuid);
    // In a task of its own, which goes on when the caller goes away: what was kept by then is removed again.
    let work = async move { store(&hubchat, &actor, types, conversation, reading).await };
    match tokio::spawn(work.in_current_span()).await {
        Ok(taken) => taken,
        Err(error) => Err(ApiProblem::of("internal").detailed("internal error").caused_by(error)),
    }
}

async fn store(
    hubchat: &Hubchat,
    actor: &hubchat_core::Actor,
    types: UploadTypes,
    conversation: Option<ConversationId>,
    reading: form::Reading,
) -> Result<MediaRecord, ApiProblem> {
    let (command, bytes) = reading.begin(types, conversation).await?;
    hubchat.upload_media.run(actor, &command, bytes).await.map_err(|error| match error {
        // The bytes end with the problem that was met while they were read.
        UploadMediaError::Interrupted(cause) => match cause.downcast::<ApiProblem>() {
            Ok(problem) => *problem,
            Err(cause) => UploadMediaError::Interrupted(cause).into(),
        },
        other => other.into(),
    })
}
