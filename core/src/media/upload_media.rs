//! Taking a file to be sent: the bytes first, then its row. Nobody can name the file before the row is
//! there, and what is refused leaves nothing.

use std::time::Duration;

use hubchat_domain::{AuditAction, ConversationId, Media, MediaRecord, MediaSource, MediaStatus, Permission};
use hubchat_ports::{IncomingBytes, MediaFileError, MediaLimits};
use serde_json::json;

use super::{
    UploadTypes,
    file_name::{extension, safe},
    upload_type::UploadType,
};
use crate::{
    Actor, ErrorCode, Fault, Ports,
    fault::{Retries, faults_become},
};

/// What an uploaded file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadLimits {
    /// The most bytes of a picture.
    pub max_image_bytes: u64,
    /// The most bytes of any other file.
    pub max_file_bytes: u64,
    /// The most pixels of a picture.
    pub max_pixels: u64,
    /// The longest side of a picture, in pixels.
    pub max_side: u32,
    /// The longest side of a thumbnail, in pixels.
    pub thumbnail_side: u32,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self {
            max_image_bytes: 10 * 1024 * 1024,
            max_file_bytes: 25 * 1024 * 1024,
            max_pixels: 50_000_000,
            max_side: 16_384,
            thumbnail_side: 480,
        }
    }
}

/// A file to be taken; its bytes come apart from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadMediaCommand {
    /// The conversation that it is for. Its account owns the file.
    pub conversation_id: ConversationId,
    /// Which kinds are taken.
    pub types: UploadTypes,
    /// The type that the sender says it has.
    pub declared_type: String,
    /// The name that the sender gives it.
    pub file_name: String,
}

/// Why a file was not taken. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadMediaError {
    /// There is no such conversation.
    #[error("no such conversation")]
    UnknownConversation,
    /// The name is missing or has nothing that could be kept.
    #[error("file: the file needs a name")]
    Name,
    /// The kind is not taken, or type, extension and bytes do not agree.
    #[error("{reason}; taken are {taken}")]
    Type {
        /// What does not fit.
        reason: &'static str,
        /// The kinds that are taken.
        taken: &'static str,
    },
    /// It has no bytes.
    #[error("the file has no bytes")]
    Empty,
    /// It has too many bytes.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// It is no picture that can be decoded within the limits.
    #[error("the picture cannot be decoded, or it has more than {max_pixels} pixels or a side of more than {max_side}")]
    Picture {
        /// The most pixels.
        max_pixels: u64,
        /// The longest side.
        max_side: u32,
    },
    /// Its bytes stopped coming.
    #[error("the file could not be read to its end")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(UploadMediaError);

impl ErrorCode for UploadMediaError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownConversation => "conversation_not_found",
            Self::Name => "validation_failed",
            Self::Type { .. } => "file_type_refused",
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "payload_too_large",
            Self::Picture { .. } => "picture_refused",
            Self::Interrupted(_) => "body_interrupted",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownConversation => Some("conversationId"),
            Self::Name | Self::Type { .. } | Self::Empty | Self::TooLarge { .. } | Self::Picture { .. } => Some("file"),
            Self::Interrupted(_) | Self::Fault(_) => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}

/// Takes files to be sent.
#[derive(Clone)]
pub struct UploadMedia {
    ports: Ports,
    limits: UploadLimits,
}

impl UploadMedia {
    pub(crate) fn new(ports: Ports, limits: UploadLimits) -> Self {
        Self { ports, limits }
    }

    /// The most bytes that a file of these kinds may have.
    #[must_use]
    pub fn max_bytes(&self, types: UploadTypes) -> u64 {
        let UploadLimits { max_image_bytes, max_file_bytes, .. } = self.limits;
        if types.are_pictures() { max_image_bytes } else { max_file_bytes.max(max_image_bytes) }
    }

    /// Fails unless the actor may upload: to be asked before a body is read.
    pub fn allow(&self, actor: &Actor) -> Result<(), UploadMediaError> {
        Ok(actor.require(Permission::MessagesSend)?)
    }

    /// Takes one file. Bytes are read only when everything else about it is right, and no further than the
    /// limit. Whoever stops waiting may leave bytes behind that nothing names.
    pub async fn run(
        &self,
        actor: &Actor,
        command: &UploadMediaCommand,
        bytes: IncomingBytes,
    ) -> Result<MediaRecord, UploadMediaError> {
        self.allow(actor)?;
        let file_name = safe(&command.file_name).ok_or(UploadMediaError::Name)?;
        let kind = extension(&file_name)
            .and_then(|extension| command.types.find(&command.declared_type, &extension))
            .ok_or(UploadMediaError::Type {
            reason: "the declared type and the extension of the file's name do not name the same kind of file",
            taken: command.types.in_words(),
        })?;
        let session = self.ports.repository.begin(actor.tenant_id()).await?;
        let conversation = session.conversations().find(command.conversation_id).await?;
        drop(session);
        let conversation = conversation.ok_or(UploadMediaError::UnknownConversation)?;
        let now = self.ports.clock.now();
        let mut media = Media::expected(MediaRecord {
            id: self.ports.next_id(),
            tenant_id: actor.tenant_id(),
            account_id: conversation.record().thread.account_id,
            message_id: None,
            status: MediaStatus::Pending,
            source: MediaSource::Upload,
            content_type: None,
            size: None,
            file_name: Some(file_name),
            storage_key: None,
            thumbnail_key: None,
            failure: None,
            created_at: now,
            updated_at: now,
            version: 1,
        });
        let taken = match self.keep(&mut media, command.types, kind, bytes).await {
            Ok(()) => self.insert(actor, command.conversation_id, &media).await,
            Err(error) => Err(error),
        };
        if let Err(error) = taken {
            self.remove(&media).await;
            return Err(error);
        }
        Ok(media.record().clone())
    }

    /// Stores the bytes and looks at them.
    async fn keep(
        &self,
        media: &mut Media,
        types: UploadTypes,
        kind: &UploadType,
        bytes: IncomingBytes,
    ) -> Result<(), UploadMediaError> {
        let UploadLimits { max_image_bytes, max_file_bytes, max_pixels, max_side, thumbnail_side } = self.limits;
        let max_bytes = if kind.is_picture { max_image_bytes } else { max_file_bytes };
        let limits = MediaLimits { max_bytes, max_pixels, max_side, thumbnail_side };
        let key = media.key();
        let file = self.ports.media_files.store(&key, bytes, limits).await.map_err(refused)?;
        if file.size == 0 {
            return Err(UploadMediaError::Empty);
        }
        if file.content_type != kind.sniffed {
            return Err(UploadMediaError::Type {
                reason: "the file's bytes are not of the kind that its declared type and its name say",
                taken: types.in_words(),
            });
        }
        let thumbnail_key = kind.is_picture.then(|| thumbnail_key(media));
        if let Some(thumbnail_key) = &thumbnail_key {
            // The header's size is looked at first, so a picture that is made to burst costs nothing.
            let made = self.ports.media_files.make_thumbnail(&key, thumbnail_key, limits).await.map_err(refused)?;
            if !made {
                return Err(UploadMediaError::Picture { max_pixels, max_side });
            }
        }
        media.mark_stored((&file.content_type, file.size), key, thumbnail_key, self.ports.clock.now());
        Ok(())
    }

    async fn insert(&self, actor: &Actor, conversation: ConversationId, media: &Media) -> Result<(), UploadMediaError> {
        let record = media.record();
        // A file's name may name a customer.
        let after = json!({"conversationId": conversation, "contentType": record.content_type, "bytes": record.size});
        let mut retries = Retries::default();
        loop {
            let result: Result<(), UploadMediaError> = async {
                let session = self.ports.repository.begin(actor.tenant_id()).await?;
                session.media().insert_many(std::slice::from_ref(media)).await?;
                let now = self.ports.clock.now();
                let draft = actor.audit(AuditAction::MediaUploaded, record.id, None, Some(after.clone()), now);
                session.audit().append(draft).await?;
                Ok(session.commit().await?)
            }
            .await;
            if !retries.again(&result, &self.ports).await {
                return result;
            }
        }
    }

    /// Takes the bytes away again. Nothing names them, so what cannot be removed now only costs space.
    async fn remove(&self, media: &Media) {
        for key in [media.key(), thumbnail_key(media)] {
            if let Err(error) = self.ports.media_files.delete(&key).await {
                tracing::warn!(file.key = key, error = &error as &dyn std::error::Error, "a refused file is left");
            }
        }
    }
}

fn thumbnail_key(media: &Media) -> String {
    format!("{}.thumbnail", media.key())
}

fn refused(error: MediaFileError) -> UploadMediaError {
    match error {
        MediaFileError::TooLarge { limit } => UploadMediaError::TooLarge { limit },
        MediaFileError::Interrupted(source) => UploadMediaError::Interrupted(source),
        other => Fault::Unavailable(Box::new(other)).into(),
    }
}
