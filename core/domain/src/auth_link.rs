//! Links that let a person in once: invitations, password resets, and the first owner of a tenant.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{MemberId, TenantId, Timestamp, UserId, channel::named};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthLinkKind {
    /// To become a member.
    Invitation,
    /// To set a new password.
    PasswordReset,
    /// To become the first owner of a tenant.
    FirstOwner,
}

named!(AuthLinkKind {
    Invitation => "INVITATION", PasswordReset => "PASSWORD_RESET", FirstOwner => "FIRST_OWNER",
});

impl AuthLinkKind {
    /// For how long such a link is good.
    #[must_use]
    pub const fn lifetime(self) -> Duration {
        match self {
            Self::Invitation => Duration::from_hours(7 * 24),
            Self::PasswordReset => Duration::from_mins(30),
            Self::FirstOwner => Duration::from_hours(24),
        }
    }
}

/// What is kept of a link: never its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthLink {
    /// The SHA-256 of its token.
    pub hash: Vec<u8>,
    /// What it is for.
    pub kind: AuthLinkKind,
    /// The tenant that it leads into; `None` for a password reset.
    pub tenant_id: Option<TenantId>,
    /// For whom; `None` for a first owner who is not known yet.
    pub user_id: Option<UserId>,
    /// The membership that it makes active.
    pub member_id: Option<MemberId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was used, or a later link took its place.
    pub used_at: Option<Timestamp>,
}

impl AuthLink {
    /// Whether it may be used now.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }

    /// Whether it makes its bearer a member.
    #[must_use]
    pub fn invites(&self) -> bool {
        matches!(self.kind, AuthLinkKind::Invitation | AuthLinkKind::FirstOwner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_once_and_for_its_time() {
        let link = AuthLink {
            hash: vec![1],
            kind: AuthLinkKind::PasswordReset,
            tenant_id: None,
            user_id: None,
            member_id: None,
            created_at: Timestamp::EPOCH,
            expires_at: Timestamp::EPOCH.plus(AuthLinkKind::PasswordReset.lifetime()),
            used_at: None,
        };
        assert!(link.is_good(Timestamp::EPOCH) && !link.is_good(link.expires_at));
        assert!(!AuthLink { used_at: Some(Timestamp::EPOCH), ..link.clone() }.is_good(Timestamp::EPOCH));
        assert!(!link.invites() && AuthLink { kind: AuthLinkKind::FirstOwner, ..link }.invites());
    }
}
