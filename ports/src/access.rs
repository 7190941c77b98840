//! The unscoped door of people: users, their log-ins, and the links that let them in.

use async_trait::async_trait;
use hubchat_domain::{
    AuthLink, Member, MemberId, MemberRole, PasswordHash, RefreshToken, Session, SessionEnd, SessionId, Tenant,
    TenantId, Timestamp, User, UserId,
};

use crate::{InsertOutcome, StorageError};

/// A tenant that a person belongs to, and as which member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The tenant.
    pub tenant: Tenant,
    /// The member.
    pub member: Member,
}

/// A session with everyone whom it concerns, as storage knows them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The session, ended or not.
    pub session: Session,
    /// The person.
    pub user: User,
    /// The member.
    pub member: Member,
    /// The tenant.
    pub tenant: Tenant,
}

/// A session that goes on, with what its member may do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSession {
    /// The session.
    pub session_id: SessionId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The member.
    pub member_id: MemberId,
    /// Their role.
    pub role: MemberRole,
}

/// A refresh token and the one that it was spent for, if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRefreshToken {
    /// The token.
    pub token: RefreshToken,
    /// Its successor.
    pub child: Option<RefreshToken>,
}

/// A new password, and what ends with the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordChange {
    /// Whose.
    pub user_id: UserId,
    /// The hash of the new password.
    pub hash: PasswordHash,
    /// The session that goes on; all others of the person end.
    pub keep: Option<SessionId>,
    /// When.
    pub at: Timestamp,
}

/// Finds people before the tenant is known, and keeps their log-ins. A session of one tenant shows nothing of
/// another: what happens within a tenant goes through [`Repository`](crate::Repository).
///
/// Each method is one transaction: it happens entirely or not at all.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Access: Send + Sync {
    /// The person of that id.
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StorageError>;

    /// The person of that address, given in lower case.
    async fn find_user_by_email(&self, email: &str) -> Result<Option<User>, StorageError>;

    /// Adds a person; `AlreadyPresent` when the address is taken.
    async fn insert_user(&self, user: &User) -> Result<InsertOutcome, StorageError>;

    /// Puts another hash of the same password in the place of `from`; MUST do nothing when the password was changed
    /// meanwhile. Answers whether it did.
    async fn rehash_password(&self, id: UserId, from: &PasswordHash, to: &PasswordHash) -> Result<bool, StorageError>;

    /// Sets a password, ends the person's sessions but the one to keep, and voids links to reset the password.
    async fn change_password(&self, change: &PasswordChange) -> Result<(), StorageError>;

    /// The tenants that a person belongs to, whatever their status there, by slug; at most 200.
    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StorageError>;

    /// Begins a session with its first token. MUST do nothing when the person's password is no longer the one that
    /// was `proven`: a log-in that was under way while the password changed must not outlive it. Answers whether it
    /// began.
    async fn open_session(
        &self,
        session: &Session,
        token: &RefreshToken,
        proven: &PasswordHash,
    ) -> Result<bool, StorageError>;

    /// A session, ended or not, with its person, member and tenant.
    async fn find_standing(&self, session: SessionId) -> Result<Option<Standing>, StorageError>;

    /// Those of the sessions that go on at that moment and whose member is active, in one query and any order.
    async fn find_live(&self, sessions: &[SessionId], now: Timestamp) -> Result<Vec<LiveSession>, StorageError>;

    /// The sessions of a person that are live now, newest first; at most 200.
    async fn list_sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StorageError>;

    /// Ends a session; one that ended before keeps its reason. Answers whether it ended now.
    async fn end_session(&self, id: SessionId, reason: SessionEnd, at: Timestamp) -> Result<bool, StorageError>;

    /// Ends every session of a member; answers how many there were.
    async fn end_member_sessions(
        &self,
        member: MemberId,
        reason: SessionEnd,
        at: Timestamp,
    ) -> Result<u64, StorageError>;

    /// The refresh token of that SHA-256.
    async fn find_refresh_token(&self, hash: &[u8]) -> Result<Option<FoundRefreshToken>, StorageError>;

    /// Spends the parent of `child` and puts `child` in its place. MUST do nothing when the parent was spent before
    /// or the session ended: of callers at the same time one succeeds. Answers whether it did.
    async fn rotate(&self, child: &RefreshToken) -> Result<bool, StorageError>;

    /// Keeps a link. Earlier unused links of the same kind for the same person, member and tenant become void.
    async fn insert_link(&self, link: &AuthLink) -> Result<(), StorageError>;

    /// The link of that SHA-256, good or not.
    async fn find_link(&self, hash: &[u8]) -> Result<Option<AuthLink>, StorageError>;

    /// Uses a link up, with a change of password if there is one. MUST do nothing when the link is not good at that
    /// moment: of callers at the same time one succeeds. Answers whether it did.
    async fn redeem_link(
        &self,
        hash: &[u8],
        at: Timestamp,
        change: Option<PasswordChange>,
    ) -> Result<bool, StorageError>;

    /// Removes sessions that were over before that moment with their tokens, and links that were; at most `limit` of
    /// each. Answers how many rows went.
    async fn remove_over(&self, before: Timestamp, limit: u32) -> Result<u64, StorageError>;
}
