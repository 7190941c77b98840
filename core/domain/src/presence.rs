//! Presence: colleagues see who else is at a conversation.

use serde::{Deserialize, Serialize};

use crate::channel::named;

/// What a member does at a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PresenceState {
    /// They look at it.
    Viewing,
    /// They write.
    Typing,
}

named!(PresenceState { Viewing => "viewing", Typing => "typing" });
