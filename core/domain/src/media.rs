//! Files of messages, and our copies of them.

use serde::{Deserialize, Serialize};

use crate::{ChannelAccountId, MediaId, MessageId, TenantId, Timestamp, channel::named};

/// Whether we have our copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum MediaStatus {
    /// To be fetched.
    Pending,
    /// Kept.
    Stored,
    /// Cannot be had; may be tried again by hand.
    Failed,
    /// The provider no longer has it.
    Gone,
}

named!(MediaStatus { Pending => "PENDING", Stored => "STORED", Failed => "FAILED", Gone => "GONE" });

/// Where a file comes from. Stored as JSON: variants and fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum MediaSource {
    /// The channel's content door, by the provider's id of the message or file.
    Provider {
        /// That id.
        external_id: String,
        /// Whether the provider first prepares it (LINE: video and audio).
        #[serde(default)]
        transcoded: bool,
    },
    /// A public address that the event named.
    Url {
        /// That address.
        url: String,
    },
    /// Uploaded to us.
    Upload,
}

/// What is kept of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRecord {
    /// Its id.
    pub id: MediaId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// The account that it came through.
    pub account_id: ChannelAccountId,
    /// The message that it belongs to.
    pub message_id: Option<MessageId>,
    /// Whether we have our copy.
    pub status: MediaStatus,
    /// Where it comes from.
    pub source: MediaSource,
    /// Its type, sniffed from the bytes.
    pub content_type: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its name, as told.
    pub file_name: Option<String>,
    /// Where our copy is.
    pub storage_key: Option<String>,
    /// Where its thumbnail is.
    pub thumbnail_key: Option<String>,
    /// Why there is no copy.
    pub failure: Option<String>,
    /// When hubchat learned of it.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// A file that belongs to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media(MediaRecord);

impl Media {
    /// A file to be fetched.
    #[must_use]
    pub fn expected(record: MediaRecord) -> Self {
        Self(MediaRecord { status: MediaStatus::Pending, version: 1, ..record })
    }

    /// The file as storage keeps it.
    #[must_use]
    pub fn restore(record: MediaRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &MediaRecord {
        &self.0
    }

    /// Where the copy of this file belongs: under tenant and account, by ids only.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.0.tenant_id, self.0.account_id, self.0.id)
    }

    /// Our copy is kept.
    pub fn mark_stored(
        &mut self,
        (content_type, size): (&str, u64),
        storage_key: String,
        thumbnail_key: Option<String>,
        now: Timestamp,
    ) {
        self.0.status = MediaStatus::Stored;
        self.0.content_type = Some(content_type.to_owned());
        self.0.size = i64::try_from(size).ok();
        self.0.storage_key = Some(storage_key);
        self.0.thumbnail_key = thumbnail_key;
        self.0.failure = None;
        self.0.updated_at = now;
    }

    /// There is no copy, for now or for good.
    pub fn mark_missing(&mut self, gone: bool, reason: &str, now: Timestamp) {
        self.0.status = if gone { MediaStatus::Gone } else { MediaStatus::Failed };
        self.0.failure = Some(reason.to_owned());
        self.0.updated_at = now;
    }
}
