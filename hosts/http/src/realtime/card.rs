//! What is known of one socket: who holds it, and what was decided about it from outside.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, AtomicU16, Ordering},
};

use hubchat_core::{
    Actor, SocketHolder,
    domain::{MemberId, MemberRole, TenantId, Timestamp},
    port::TicketHolder,
};
use tokio::sync::Notify;

/// One socket.
pub(super) struct Card {
    number: u64,
    tenant: TenantId,
    held: Mutex<Held>,
    /// The code to close with; 0 while it goes on.
    verdict: AtomicU16,
    /// Of which version of the tenant's roles, teams and settings the holder's sight is.
    access_version: AtomicI64,
    /// Something of this changed.
    changed: Notify,
}

struct Held {
    actor: Arc<Actor>,
    holder: TicketHolder,
    name: Option<Arc<str>>,
    access_ends_at: Option<Timestamp>,
}

impl From<SocketHolder> for Held {
    fn from(holder: SocketHolder) -> Self {
        Self {
            actor: Arc::new(holder.actor),
            holder: holder.holder,
            name: holder.name.map(Arc::from),
            access_ends_at: holder.access_ends_at,
        }
    }
}

impl Card {
    pub(super) fn new(number: u64, holder: SocketHolder) -> Self {
        Self {
            number,
            tenant: holder.actor.tenant_id(),
            access_version: AtomicI64::new(holder.access_version),
            held: Mutex::new(holder.into()),
            verdict: AtomicU16::new(0),
            changed: Notify::new(),
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Held) -> T) -> T {
        change(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn tenant(&self) -> TenantId {
        self.tenant
    }

    pub(super) fn holder(&self) -> TicketHolder {
        self.with(|held| held.holder)
    }

    pub(super) fn actor(&self) -> Arc<Actor> {
        self.with(|held| Arc::clone(&held.actor))
    }

    /// The member, in the role that is known here.
    pub(super) fn member(&self) -> Option<(MemberId, MemberRole)> {
        self.with(|held| held.actor.as_member().map(|member| (member.id, member.role)))
    }

    pub(super) fn access_version(&self) -> i64 {
        self.access_version.load(Ordering::Acquire)
    }

    /// Whether it is one of the same member's, or of the same key's.
    pub(super) fn is_of(&self, other: &SocketHolder) -> bool {
        self.tenant == other.actor.tenant_id()
            && self.with(|held| match (held.actor.as_member(), other.actor.as_member()) {
                (Some(one), Some(two)) => one.id == two.id,
                (None, None) => held.holder == other.holder,
                _ => false,
            })
    }

    /// The holder came again with another ticket.
    pub(super) fn renew(&self, holder: SocketHolder) {
        self.access_version.store(holder.access_version, Ordering::Release);
        self.with(|held| *held = holder.into());
    }

    /// The holder may do or see something else by now, as of that version.
    pub(super) fn change(&self, actor: Option<Actor>, version: i64) {
        self.access_version.store(version, Ordering::Release);
        if let Some(actor) = actor {
            self.with(|held| held.actor = Arc::new(actor));
            self.changed.notify_one();
        }
    }

    /// The socket is to be closed.
    pub(super) fn close(&self, code: u16) {
        self.verdict.store(code, Ordering::Release);
        self.changed.notify_one();
    }

    /// The code to close with, once that was decided.
    pub(super) fn verdict(&self) -> Option<u16> {
        Some(self.verdict.load(Ordering::Acquire)).filter(|code| *code != 0)
    }

    /// The member's name.
    pub(super) fn name(&self) -> Option<Arc<str>> {
        self.with(|held| held.name.clone())
    }

    /// When the holder has to come with another ticket.
    pub(super) fn access_ends_at(&self) -> Option<Timestamp> {
        self.with(|held| held.access_ends_at)
    }

    /// What changed is to be looked at later.
    pub(super) fn put_off(&self) {
        self.changed.notify_one();
    }

    /// Waits until something changed.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}
