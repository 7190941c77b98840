//! Signed links to files, and opening what they name.
//!
//! A link is bound to tenant, file, variant and expiry; whoever has it may read that file until then,
//! which is what a provider and a browser's image element need.

use std::time::Duration;

use hubchat_domain::{MediaId, MediaRecord, TenantId, Timestamp};
use hubchat_ports::{MediaFileError, MediaRead, StorageError};

use crate::{
    ErrorCode, Fault, Ports,
    hexadecimal::{hex, unhex},
};

/// Which of a file's copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaVariant {
    /// As it came.
    Original,
    /// The small picture.
    Thumbnail,
}

impl MediaVariant {
    /// Its name in links.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Thumbnail => "thumbnail",
        }
    }

    /// The variant of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Original, Self::Thumbnail].into_iter().find(|variant| variant.as_str() == text)
    }
}

/// The parts of a link, and the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaLink {
    /// The whole: under the public address when one is configured, else a path.
    pub url: String,
    /// When it stops being good.
    pub expires_at: Timestamp,
}

/// A file that is open.
pub struct OpenedMedia {
    /// Its type, as it may be declared to a browser.
    pub content_type: String,
    /// Its name.
    pub file_name: Option<String>,
    /// Its bytes.
    pub read: MediaRead,
}

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum MediaDoorError {
    /// The link was changed, has expired, or names nothing; nothing more is told.
    #[error("the link is not valid or has expired")]
    Refused,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StorageError> for MediaDoorError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}

impl ErrorCode for MediaDoorError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused => "media_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }
}

/// What is told of a link that has no end.
const PUBLIC_LIFETIME: Duration = Duration::from_hours(100 * 365 * 24);

/// Makes and honours links.
#[derive(Clone)]
pub struct MediaDoor {
    ports: Ports,
    public_url: Option<String>,
    is_public: bool,
}

impl MediaDoor {
    /// How long links for a provider live: customers' apps fetch pictures when they scroll to them.
    pub const PROVIDER_LIFETIME: Duration = Duration::from_hours(90 * 24);
    /// How long links for a screen live.
    pub const SCREEN_LIFETIME: Duration = Duration::from_hours(1);
    const PURPOSE: &'static str = "media-link";

    pub(crate) fn new(ports: Ports, public_url: Option<String>) -> Self {
        Self { ports, public_url, is_public: false }
    }

    /// Links without a signature and without an end: whoever learns one keeps it. For installations whose links go
    /// through a cache of their own; signed links are good too.
    pub(crate) fn public(self, is_public: bool) -> Self {
        Self { is_public, ..self }
    }

    /// A link to a file.
    #[must_use]
    pub fn link(&self, media: &MediaRecord, variant: MediaVariant, lifetime: Duration) -> MediaLink {
        let expires_at = self.ports.clock.now().plus(lifetime);
        let expiry = expires_at.as_millis() / 1000;
        let signature = hex(&self.signature(media.tenant_id, media.id, variant, expiry));
        let base = self.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
        let (tenant, id, variant) = (media.tenant_id, media.id, variant.as_str());
        if self.is_public {
            let expires_at = self.ports.clock.now().plus(PUBLIC_LIFETIME);
            return MediaLink { url: format!("{base}/media/{tenant}/{id}/{variant}"), expires_at };
        }
        MediaLink {
            url: format!("{base}/media/{tenant}/{id}/{variant}?expires={expiry}&signature={signature}"),
            expires_at,
        }
    }

    /// Opens what a link names.
    pub async fn open(
        &self,
        tenant: TenantId,
        id: MediaId,
        variant: MediaVariant,
        expiry_seconds: i64,
        signature: &str,
    ) -> Result<OpenedMedia, MediaDoorError> {
        let told = told(tenant, id, variant, expiry_seconds);
        // Only digits as links have them: one file has one link.
        let signature = unhex(signature).ok_or(MediaDoorError::Refused)?;
        let expired = self.ports.clock.now().as_millis() / 1000 >= expiry_seconds;
        if !self.ports.vault.verify(Self::PURPOSE, told.as_bytes(), &signature) || expired {
            return Err(MediaDoorError::Refused);
        }
        self.open_proven(tenant, id, variant).await
    }

    /// Opens what a link without a signature names, where such links are given out.
    pub async fn open_public(
        &self,
        tenant: TenantId,
        id: MediaId,
        variant: MediaVariant,
    ) -> Result<OpenedMedia, MediaDoorError> {
        if !self.is_public {
            return Err(MediaDoorError::Refused);
        }
        self.open_proven(tenant, id, variant).await
    }

    async fn open_proven(
        &self,
        tenant: TenantId,
        id: MediaId,
        variant: MediaVariant,
    ) -> Result<OpenedMedia, MediaDoorError> {
        let session = self.ports.repository.begin(tenant).await?;
        let found = session.media().find(id).await?;
        drop(session);
        let media = found.ok_or(MediaDoorError::Refused)?;
        let record = media.record();
        let (key, content_type) = match variant {
            MediaVariant::Original => (record.storage_key.as_ref(), record.content_type.clone()),
            MediaVariant::Thumbnail => (record.thumbnail_key.as_ref(), Some("image/jpeg".to_owned())),
        };
        let key = key.ok_or(MediaDoorError::Refused)?;
        let read = match self.ports.media_files.open(key).await {
            Ok(read) => read,
            Err(MediaFileError::NotFound) => return Err(MediaDoorError::Refused),
            Err(error) => return Err(Fault::Unavailable(Box::new(error)).into()),
        };
        Ok(OpenedMedia {
            content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
            file_name: record.file_name.clone(),
            read,
        })
    }

    fn signature(&self, tenant: TenantId, id: MediaId, variant: MediaVariant, expiry_seconds: i64) -> Vec<u8> {
        let told = told(tenant, id, variant, expiry_seconds);
        self.ports.vault.sign(Self::PURPOSE, told.as_bytes())
    }
}

/// What a link's signature covers.
fn told(tenant: TenantId, id: MediaId, variant: MediaVariant, expiry_seconds: i64) -> String {
    format!("v1|{tenant}|{id}|{}|{expiry_seconds}", variant.as_str())
}
