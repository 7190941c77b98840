//! Working on conversations.

mod add_note;
mod drafts;
mod signals;
mod update_conversation;
mod wake_conversation;

#[cfg(test)]
mod add_note_tests;
#[cfg(test)]
mod drafts_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod signals_tests;
#[cfg(test)]
pub(crate) mod thread_world;
#[cfg(test)]
mod update_conversation_tests;

pub use add_note::{AddNote, AddNoteCommand, AddNoteError};
pub use drafts::{DraftCommand, DraftError, Drafts};
pub(crate) use signals::{PRESSED_JOB, SEEN_JOB, pressed_job};
pub use signals::{SignalError, Signalled, Signals};
pub(crate) use update_conversation::changed_event;
pub use update_conversation::{ReadMark, UpdateConversation, UpdateConversationCommand, UpdateConversationError};
pub(crate) use wake_conversation::{WAKE_JOB, WakeConversation};
