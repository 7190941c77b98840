//! The unscoped door of people: users, sessions, refresh tokens, links. Questions go to the reader, except those
//! whose answer decides about a change made a moment ago.

use async_trait::async_trait;
use hubchat_domain::{
    AuthLink, Member, MemberId, MemberRole, PasswordHash, RefreshToken, Session, SessionEnd, SessionId, Timestamp,
    User, UserId,
};
use hubchat_ports::{
    Access, FoundRefreshToken, InsertOutcome, LiveSession, Membership, PasswordChange, Standing, StorageError,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, SqliteTransactionMode, TransactionOptions,
    TransactionTrait, Value,
};

use crate::{
    Storage,
    directory::tenant,
    error::from_db,
    rows::Fields,
    rows::{
        Row,
        access::{
            AUTH_LINK, REFRESH_TOKEN, SESSION, USER, auth_link, auth_link_values, columns, refresh_token,
            refresh_token_values, session, session_values, user, user_values,
        },
        read,
    },
    statements::{execute, id_list, localised, look_up, query},
};

/// A person belongs to at most so many tenants, and has at most so many sessions, that are shown.
const LIMIT: u32 = 200;

/// The columns of a tenant.
const TENANT: &[&str] = &["id", "slug", "name", "created_at"];

/// Ends sessions that go on.
const END: &str = "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE ended_at IS NULL AND";

impl Storage {
    async fn read_all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StorageError> {
        let sql = localised(self.reader().get_database_backend(), sql);
        query(self.reader(), &sql, values).await.map_err(from_db)
    }

    /// Begins in a task of its own: a caller that goes away in the middle must not leave a connection behind that is
    /// half in a transaction (<https://github.com/launchbadge/sqlx/issues/4393>).
    async fn begin_at_door(&self) -> Result<DatabaseTransaction, DbErr> {
        let writer = self.writer().clone();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let begin = tokio::spawn(async move { writer.begin_with_options(options).await });
        begin.await.map_err(|error| DbErr::Custom(error.to_string()))?
    }
}

/// An INSERT of one row with all of these columns.
fn insert(table: &str, names: &[&str]) -> String {
    let places: Vec<String> = (1..=names.len()).map(|number| format!("?{number}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "))
}

async fn change(transaction: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> Result<u64, StorageError> {
    let sql = localised(transaction.get_database_backend(), sql);
    Ok(execute(transaction, &sql, values).await.map_err(from_db)?.rows_affected())
}

async fn set_password(transaction: &DatabaseTransaction, change_to: &PasswordChange) -> Result<(), StorageError> {
    let PasswordChange { user_id, hash, keep, at } = change_to;
    let (user, at) = (user_id.as_uuid(), at.as_micros());
    let sql = "UPDATE users SET password_hash = ?2, updated_at = ?3, version = version + 1 WHERE id = ?1";
    change(transaction, sql, vec![user.into(), hash.as_str().into(), at.into()]).await?;
    let sql = format!("{END} user_id = ?1 AND id <> ?4");
    let keep = keep.map_or(uuid::Uuid::nil(), SessionId::as_uuid);
    let reason = SessionEnd::PasswordChanged.as_str();
    change(transaction, &sql, vec![user.into(), at.into(), reason.into(), keep.into()]).await?;
    let sql = "UPDATE auth_links SET used_at = ?2 WHERE user_id = ?1 AND kind = 'PASSWORD_RESET' AND used_at IS NULL";
    change(transaction, sql, vec![user.into(), at.into()]).await?;
    Ok(())
}

#[async_trait]
impl Access for Storage {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StorageError> {
        let sql = format!("SELECT {} FROM users AS u WHERE u.id = ?1", columns("u", "", USER));
        self.read_one(&sql, vec![id.as_uuid().into()]).await?.map(|row| user(&row, "")).transpose()
    }

    async fn find_user_by_email(&self, email: &str) -> Result<Option<User>, StorageError> {
        let sql = format!("SELECT {} FROM users AS u WHERE u.email = ?1", columns("u", "", USER));
        self.read_one(&sql, vec![email.into()]).await?.map(|row| user(&row, "")).transpose()
    }

    async fn insert_user(&self, user: &User) -> Result<InsertOutcome, StorageError> {
        let sql = format!("{} ON CONFLICT (email) DO NOTHING", insert("users", USER));
        let inserted = self.write(&sql, user_values(user)).await? == 1;
        Ok(if inserted { InsertOutcome::Inserted } else { InsertOutcome::AlreadyPresent })
    }

    async fn rehash_password(&self, id: UserId, from: &PasswordHash, to: &PasswordHash) -> Result<bool, StorageError> {
        let sql = "UPDATE users SET password_hash = ?3, version = version + 1 WHERE id = ?1 AND password_hash = ?2";
        let values = vec![id.as_uuid().into(), from.as_str().into(), to.as_str().into()];
        Ok(self.write(sql, values).await? == 1)
    }

    async fn change_password(&self, change: &PasswordChange) -> Result<(), StorageError> {
        let transaction = self.begin_at_door().await.map_err(from_db)?;
        set_password(&transaction, change).await?;
        transaction.commit().await.map_err(from_db)
    }

    async fn list_memberships(&self, user: UserId) -> Result<Vec<Membership>, StorageError> {
        let sql = format!(
            "SELECT {}, {} FROM members AS m JOIN tenants AS t ON t.id = m.tenant_id \
             WHERE m.user_id = ?1 ORDER BY t.slug LIMIT {LIMIT}",
            Member::TABLE.select("m", "m_"),
            columns("t", "t_", TENANT),
        );
        let rows = self.read_all(&sql, vec![user.as_uuid().into()]).await?;
        rows.iter().map(|row| Ok(Membership { tenant: tenant(row, "t_")?, member: read(row, "m_")? })).collect()
    }

    async fn open_session(
        &self,
        session: &Session,
        token: &RefreshToken,
        proven: &PasswordHash,
    ) -> Result<bool, StorageError> {
        let transaction = self.begin_at_door().await.map_err(from_db)?;
        // Shared with other log-ins, and kept until the end: a change of the password waits, and then sees this.
        let lock = if self.is_sqlite() { "" } else { "FOR SHARE" };
        let sql = format!("SELECT id FROM users WHERE id = ?1 AND password_hash = ?2 {lock}");
        let sql = localised(transaction.get_database_backend(), &sql);
        let values = vec![session.user_id.as_uuid().into(), proven.as_str().into()];
        if query(&transaction, &sql, values).await.map_err(from_db)?.is_empty() {
            return Ok(false);
        }
        change(&transaction, &insert("sessions", SESSION), session_values(session)).await?;
        change(&transaction, &insert("refresh_tokens", REFRESH_TOKEN), refresh_token_values(token)).await?;
        transaction.commit().await.map_err(from_db)?;
        Ok(true)
    }

    async fn find_standing(&self, id: SessionId) -> Result<Option<Standing>, StorageError> {
        let sql = format!(
            "SELECT {}, {}, {}, {} FROM sessions AS s JOIN users AS u ON u.id = s.user_id \
             JOIN members AS m ON m.id = s.member_id AND m.tenant_id = s.tenant_id \
             JOIN tenants AS t ON t.id = s.tenant_id WHERE s.id = ?1",
            columns("s", "s_", SESSION),
            columns("u", "u_", USER),
            Member::TABLE.select("m", "m_"),
            columns("t", "t_", TENANT),
        );
        let found = self.read_one(&sql, vec![id.as_uuid().into()]).await?;
        found
            .map(|row| {
                Ok(Standing {
                    session: session(&row, "s_")?,
                    user: user(&row, "u_")?,
                    member: read(&row, "m_")?,
                    tenant: tenant(&row, "t_")?,
                })
            })
            .transpose()
    }

    async fn find_live(&self, sessions: &[SessionId], now: Timestamp) -> Result<Vec<LiveSession>, StorageError> {
        let backend = self.reader().get_database_backend();
        let sql = format!(
            "SELECT s.id AS id, s.tenant_id AS tenant_id, s.member_id AS member_id, m.role AS role FROM {} {} {} \
             WHERE m.tenant_id = s.tenant_id AND m.status = 'ACTIVE' AND s.ended_at IS NULL AND s.expires_at > ?2 \
             AND s.last_used_at > ?3",
            id_list(backend, "?1"),
            look_up(backend, "sessions", "s", "{}.id = o.id"),
            look_up(backend, "members", "m", "{}.id = s.member_id"),
        );
        let idle = now.minus(Session::IDLE).as_micros();
        let ids = serde_json::json!(sessions).to_string();
        let rows = self.read_all(&sql, vec![ids.into(), now.as_micros().into(), idle.into()]).await?;
        let live = |row: &QueryResult| {
            let fields = Fields::plain(row, "session");
            Ok(LiveSession {
                session_id: fields.id("id")?,
                tenant_id: fields.id("tenant_id")?,
                member_id: fields.id("member_id")?,
                role: fields.named("role", MemberRole::parse)?,
            })
        };
        rows.iter().map(live).collect()
    }

    async fn list_sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StorageError> {
        let sql = format!(
            "SELECT {} FROM sessions AS s WHERE s.user_id = ?1 AND s.ended_at IS NULL AND s.expires_at > ?2 \
             AND s.last_used_at > ?3 ORDER BY s.created_at DESC, s.id LIMIT {LIMIT}",
            columns("s", "", SESSION)
        );
        let idle = now.minus(Session::IDLE).as_micros();
        let rows = self.read_all(&sql, vec![user.as_uuid().into(), now.as_micros().into(), idle.into()]).await?;
        rows.iter().map(|row| session(row, "")).collect()
    }

    async fn end_session(&self, id: SessionId, reason: SessionEnd, at: Timestamp) -> Result<bool, StorageError> {
        let values = vec![id.as_uuid().into(), at.as_micros().into(), reason.as_str().into()];
        Ok(self.write(&format!("{END} id = ?1"), values).await? == 1)
    }

    async fn end_member_sessions(
        &self,
        member: MemberId,
        reason: SessionEnd,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let values = vec![member.as_uuid().into(), at.as_micros().into(), reason.as_str().into()];
        self.write(&format!("{END} member_id = ?1"), values).await
    }

    async fn find_refresh_token(&self, hash: &[u8]) -> Result<Option<FoundRefreshToken>, StorageError> {
        let sql = format!(
            "SELECT {}, {} FROM refresh_tokens AS r LEFT JOIN refresh_tokens AS c ON c.parent_hash = r.hash \
             WHERE r.hash = ?1",
            columns("r", "r_", REFRESH_TOKEN),
            columns("c", "c_", REFRESH_TOKEN),
        );
        let Some(row) = self.read_one(&sql, vec![hash.to_vec().into()]).await? else { return Ok(None) };
        let Some(token) = refresh_token(&row, "r_")? else { return Ok(None) };
        Ok(Some(FoundRefreshToken { token, child: refresh_token(&row, "c_")? }))
    }

    async fn rotate(&self, child: &RefreshToken) -> Result<bool, StorageError> {
        let transaction = self.begin_at_door().await.map_err(from_db)?;
        let (session, at) = (child.session_id.as_uuid(), child.created_at.as_micros());
        // The session first: whoever ends it, or refreshes it too, takes the same row first.
        let sql = "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND ended_at IS NULL";
        if change(&transaction, sql, vec![session.into(), at.into()]).await? != 1 {
            return Ok(false);
        }
        let sql = "UPDATE refresh_tokens SET spent_at = ?2 WHERE hash = ?1 AND session_id = ?3 AND spent_at IS NULL";
        let spent = vec![child.parent_hash.clone().into(), at.into(), session.into()];
        if change(&transaction, sql, spent).await? != 1 {
            return Ok(false);
        }
        change(&transaction, &insert("refresh_tokens", REFRESH_TOKEN), refresh_token_values(child)).await?;
        transaction.commit().await.map_err(from_db)?;
        Ok(true)
    }

    async fn insert_link(&self, link: &AuthLink) -> Result<(), StorageError> {
        let transaction = self.begin_at_door().await.map_err(from_db)?;
        let void = "UPDATE auth_links SET used_at = ?2 WHERE kind = ?1 AND used_at IS NULL AND";
        let mut values = vec![link.kind.as_str().into(), link.created_at.as_micros().into()];
        let sql = match (link.user_id, link.tenant_id) {
            (Some(user), Some(tenant)) => {
                values.extend([user.as_uuid().into(), tenant.as_uuid().into()]);
                format!("{void} user_id = ?3 AND tenant_id = ?4")
            }
            (Some(user), None) => {
                values.push(user.as_uuid().into());
                format!("{void} user_id = ?3 AND tenant_id IS NULL")
            }
            (None, tenant) => {
                values.push(tenant.map(hubchat_domain::TenantId::as_uuid).into());
                format!("{void} tenant_id = ?3 AND user_id IS NULL")
            }
        };
        change(&transaction, &sql, values).await?;
        change(&transaction, &insert("auth_links", AUTH_LINK), auth_link_values(link)).await?;
        transaction.commit().await.map_err(from_db)
    }

    async fn find_link(&self, hash: &[u8]) -> Result<Option<AuthLink>, StorageError> {
        let sql = format!("SELECT {} FROM auth_links AS l WHERE l.hash = ?1", columns("l", "", AUTH_LINK));
        self.read_one(&sql, vec![hash.to_vec().into()]).await?.map(|row| auth_link(&row)).transpose()
    }

    async fn redeem_link(
        &self,
        hash: &[u8],
        at: Timestamp,
        change_to: Option<PasswordChange>,
    ) -> Result<bool, StorageError> {
        let transaction = self.begin_at_door().await.map_err(from_db)?;
        let sql = "UPDATE auth_links SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL AND expires_at > ?2";
        if change(&transaction, sql, vec![hash.to_vec().into(), at.as_micros().into()]).await? != 1 {
            return Ok(false);
        }
        if let Some(change_to) = change_to {
            set_password(&transaction, &change_to).await?;
        }
        transaction.commit().await.map_err(from_db)?;
        Ok(true)
    }

    async fn remove_over(&self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        let mut removed = 0;
        for (table, key, moment) in
            [("sessions", "id", "expires_at"), ("sessions", "id", "ended_at"), ("auth_links", "hash", "expires_at")]
        {
            let sql = format!(
                "DELETE FROM {table} WHERE {key} IN \
                 (SELECT {key} FROM {table} WHERE {moment} < ?1 ORDER BY {moment} LIMIT ?2)"
            );
            removed += self.write(&sql, vec![before.as_micros().into(), i64::from(limit).into()]).await?;
        }
        Ok(removed)
    }
}
