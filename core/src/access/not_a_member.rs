//! What only a person who is logged in may ask for.

use crate::ErrorCode;

/// The actor is a program or the system, and this concerns people who are logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a person who is logged in may do this")]
pub struct NotAMember;

impl ErrorCode for NotAMember {
    fn code(&self) -> &'static str {
        "members_only"
    }
}
