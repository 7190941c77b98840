//! What can be wrong with a wish about teams.

use std::time::Duration;

use hubchat_domain::Team;

use crate::{ErrorCode, Fault, fault::faults_become};

/// Why teams are as they were.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// There is no such team.
    #[error("no such team")]
    Unknown,
    /// The name is blank or too long.
    #[error("a team's name has 1 to {} characters", Team::MAX_NAME_CHARS)]
    Name,
    /// Another team has the name, whatever the case of its letters.
    #[error("a team with this name exists already")]
    Taken,
    /// The tenant has as many teams as it may have.
    #[error("a tenant has at most {} teams", Team::MAX_PER_TENANT)]
    Full,
    /// There is no such member.
    #[error("no such member")]
    UnknownMember,
    /// See [`Fault`].
    #[error(transparent)]
    Fault(#[from] Fault),
}

faults_become!(TeamError);

impl ErrorCode for TeamError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "team_not_found",
            Self::Name => "validation_failed",
            Self::Taken => "team_exists",
            Self::Full => "team_limit_reached",
            Self::UnknownMember => "member_not_found",
            Self::Fault(fault) => fault.code(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Self::Name | Self::Taken => Some("name"),
            Self::UnknownMember => Some("memberIds"),
            Self::Unknown | Self::Full | Self::Fault(_) => None,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        if let Self::Fault(fault) = self { fault.retry_after() } else { None }
    }
}
