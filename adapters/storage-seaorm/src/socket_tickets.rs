//! Tickets of sockets, behind the unscoped door: whose one is, is what it tells.

use async_trait::async_trait;
use hubchat_domain::Timestamp;
use hubchat_ports::{SocketTicket, SocketTickets, StorageError, TicketHolder};

use crate::{
    Storage,
    error::from_db,
    rows::Fields,
    statements::{localised, query},
};

const INSERT: &str = "INSERT INTO socket_tickets (hash, tenant_id, session_id, api_key_id, access_ends_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Of those who come with the same ticket, one deletes the row.
const TAKE: &str = "DELETE FROM socket_tickets WHERE hash = ?1 \
    RETURNING hash, tenant_id, session_id, api_key_id, access_ends_at, expires_at";

const REMOVE: &str = "DELETE FROM socket_tickets WHERE hash IN \
    (SELECT hash FROM socket_tickets WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)";

#[async_trait]
impl SocketTickets for Storage {
    async fn insert(&self, ticket: &SocketTicket) -> Result<(), StorageError> {
        let (session, key) = match ticket.holder {
            TicketHolder::Session(id) => (Some(id.as_uuid()), None),
            TicketHolder::ApiKey(id) => (None, Some(id.as_uuid())),
        };
        let values = vec![
            ticket.hash.clone().into(),
            ticket.tenant_id.as_uuid().into(),
            session.into(),
            key.into(),
            ticket.access_ends_at.map(Timestamp::as_micros).into(),
            ticket.expires_at.as_micros().into(),
        ];
        self.write(INSERT, values).await.map(drop)
    }

    async fn take(&self, hash: &[u8], now: Timestamp) -> Result<Option<SocketTicket>, StorageError> {
        let sql = localised(self.writer().get_database_backend(), TAKE);
        let rows = query(self.writer(), &sql, vec![hash.to_vec().into()]).await.map_err(from_db)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let fields = Fields::plain(row, "ticket");
        let session = fields.id_or_none("session_id")?.map(TicketHolder::Session);
        let key = fields.id_or_none("api_key_id")?.map(TicketHolder::ApiKey);
        let ticket = SocketTicket {
            hash: fields.get("hash")?,
            tenant_id: fields.id("tenant_id")?,
            holder: session.or(key).ok_or_else(|| fields.corrupt())?,
            access_ends_at: fields.time_or_none("access_ends_at")?,
            expires_at: fields.time("expires_at")?,
        };
        Ok(Some(ticket).filter(|ticket| now < ticket.expires_at))
    }

    async fn remove_expired(&self, before: Timestamp, limit: u32) -> Result<u64, StorageError> {
        self.write(REMOVE, vec![before.as_micros().into(), i64::from(limit).into()]).await
    }
}
