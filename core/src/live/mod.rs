//! Following along: what happened, to whoever may see it, in the order in which it was committed.
//!
//! A domain event holds ids and no words. What a client gets is the event with the rows that it is about, as they
//! are by the time they are read: once for all who follow the tenant, and then each event is looked at for each of
//! them. Nothing here runs by itself; the hosts call it when the bus says that there is something, and when it has
//! been silent for a while.

mod cursor;
mod follow_events;
mod live_event;
mod presence;
mod standings;
mod tickets;
mod topics;

#[cfg(test)]
mod follow_events_tests;
#[cfg(test)]
mod tickets_tests;

pub use cursor::{EventCursor, InvalidCursor};
pub use follow_events::{EventPage, FollowError, FollowEvents};
pub use live_event::{LiveEvent, Showing};
pub(crate) use live_event::{PREVIOUS_MEMBER, PREVIOUS_TEAM};
pub use presence::{PresenceBoard, PresencePlace};
pub use standings::{CheckStandings, HolderNow};
pub use tickets::{IssueSocketTicket, IssuedTicket, RedeemSocketTicket, SocketHolder, TicketError};
pub use topics::{Topic, Topics, UnknownTopic};
