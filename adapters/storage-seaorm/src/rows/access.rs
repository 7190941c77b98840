//! Rows of people, their sessions, refresh tokens and links.

use hubchat_domain::{AuthLink, AuthLinkKind, PasswordHash, RefreshToken, Session, SessionEnd, User};
use hubchat_ports::StorageError;
use sea_orm::{QueryResult, Value};

use super::{Fields, micros};

/// The columns of `users`.
pub(crate) const USER: &[&str] = &["id", "email", "name", "password_hash", "created_at", "updated_at", "version"];

/// The columns of `sessions`.
pub(crate) const SESSION: &[&str] = &[
    "id",
    "user_id",
    "tenant_id",
    "member_id",
    "created_at",
    "last_used_at",
    "expires_at",
    "ended_at",
    "end_reason",
    "address",
    "user_agent",
];

/// The columns of `refresh_tokens`.
pub(crate) const REFRESH_TOKEN: &[&str] = &["hash", "session_id", "parent_hash", "created_at", "spent_at"];

/// The columns of `auth_links`.
pub(crate) const AUTH_LINK: &[&str] =
    &["hash", "kind", "tenant_id", "user_id", "member_id", "created_at", "expires_at", "used_at"];

/// Columns of a table as `alias`, each named with the prefix, for a SELECT.
pub(crate) fn columns(alias: &str, prefix: &str, names: &[&str]) -> String {
    names.iter().map(|name| format!("{alias}.{name} AS {prefix}{name}")).collect::<Vec<_>>().join(", ")
}

pub(crate) fn user(row: &QueryResult, prefix: &'static str) -> Result<User, StorageError> {
    let fields = Fields::prefixed(row, prefix, "user");
    Ok(User {
        id: fields.id("id")?,
        email: fields.get("email")?,
        name: fields.get("name")?,
        password_hash: fields.get::<Option<String>>("password_hash")?.map(PasswordHash::new),
        created_at: fields.time("created_at")?,
        updated_at: fields.time("updated_at")?,
        version: fields.get("version")?,
    })
}

pub(crate) fn user_values(user: &User) -> Vec<Value> {
    vec![
        user.id.as_uuid().into(),
        user.email.as_str().into(),
        user.name.as_str().into(),
        user.password_hash.as_ref().map(|hash| hash.as_str().to_owned()).into(),
        user.created_at.as_micros().into(),
        user.updated_at.as_micros().into(),
        user.version.into(),
    ]
}

pub(crate) fn session(row: &QueryResult, prefix: &'static str) -> Result<Session, StorageError> {
    let fields = Fields::prefixed(row, prefix, "session");
    Ok(Session {
        id: fields.id("id")?,
        user_id: fields.id("user_id")?,
        tenant_id: fields.id("tenant_id")?,
        member_id: fields.id("member_id")?,
        created_at: fields.time("created_at")?,
        last_used_at: fields.time("last_used_at")?,
        expires_at: fields.time("expires_at")?,
        ended_at: fields.time_or_none("ended_at")?,
        end_reason: fields.named_or_none("end_reason", SessionEnd::parse)?,
        address: fields.get("address")?,
        user_agent: fields.get("user_agent")?,
    })
}

pub(crate) fn session_values(session: &Session) -> Vec<Value> {
    vec![
        session.id.as_uuid().into(),
        session.user_id.as_uuid().into(),
        session.tenant_id.as_uuid().into(),
        session.member_id.as_uuid().into(),
        session.created_at.as_micros().into(),
        session.last_used_at.as_micros().into(),
        session.expires_at.as_micros().into(),
        micros(session.ended_at).into(),
        session.end_reason.map(|reason| reason.as_str().to_owned()).into(),
        session.address.clone().into(),
        session.user_agent.clone().into(),
    ]
}

/// A token, or `None` when its columns are NULL, as an outer join gives them.
pub(crate) fn refresh_token(row: &QueryResult, prefix: &'static str) -> Result<Option<RefreshToken>, StorageError> {
    let fields = Fields::prefixed(row, prefix, "refresh token");
    let Some(hash) = fields.get::<Option<Vec<u8>>>("hash")? else { return Ok(None) };
    Ok(Some(RefreshToken {
        hash,
        session_id: fields.id("session_id")?,
        parent_hash: fields.get("parent_hash")?,
        created_at: fields.time("created_at")?,
        spent_at: fields.time_or_none("spent_at")?,
    }))
}

pub(crate) fn refresh_token_values(token: &RefreshToken) -> Vec<Value> {
    vec![
        token.hash.clone().into(),
        token.session_id.as_uuid().into(),
        token.parent_hash.clone().into(),
        token.created_at.as_micros().into(),
        micros(token.spent_at).into(),
    ]
}

pub(crate) fn auth_link(row: &QueryResult) -> Result<AuthLink, StorageError> {
    let fields = Fields::plain(row, "link");
    Ok(AuthLink {
        hash: fields.get("hash")?,
        kind: fields.named("kind", AuthLinkKind::parse)?,
        tenant_id: fields.id_or_none("tenant_id")?,
        user_id: fields.id_or_none("user_id")?,
        member_id: fields.id_or_none("member_id")?,
        created_at: fields.time("created_at")?,
        expires_at: fields.time("expires_at")?,
        used_at: fields.time_or_none("used_at")?,
    })
}

pub(crate) fn auth_link_values(link: &AuthLink) -> Vec<Value> {
    vec![
        link.hash.clone().into(),
        link.kind.as_str().into(),
        link.tenant_id.map(hubchat_domain::TenantId::as_uuid).into(),
        link.user_id.map(hubchat_domain::UserId::as_uuid).into(),
        link.member_id.map(hubchat_domain::MemberId::as_uuid).into(),
        link.created_at.as_micros().into(),
        link.expires_at.as_micros().into(),
        micros(link.used_at).into(),
    ]
}
