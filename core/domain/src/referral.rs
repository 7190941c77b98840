//! What brought a customer: an advertisement, a link, a post.

use serde::{Deserialize, Serialize};

/// What brought a customer, as the provider tells it. Stored as JSON: fields are only ever added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Referral {
    /// The kind of source in the provider's word: `ADS`, `SHORTLINK`, `ad`, `post`, `DEEP_LINK`.
    pub source: String,
    /// The text that whoever made the link put into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The advertisement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad_id: Option<String>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The post that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_id: Option<String>,
    /// The click's id, to report a sale back with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
}
