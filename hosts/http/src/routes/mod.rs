//! The operations of the API: each reads its input, calls one use case and shows the result.

mod access;
mod audit;
mod channels;
mod contacts;
mod conversations;
mod events;
mod inbox;
mod keys;
mod leads;
mod media;
mod members;
mod messages;
mod notes;
mod passwords;
mod settings;
mod teams;

use poem_openapi::Tags;

pub(crate) use access::AccessRoutes;
pub(crate) use audit::AuditRoutes;
pub(crate) use channels::ChannelRoutes;
pub(crate) use contacts::ContactRoutes;
pub(crate) use conversations::ConversationRoutes;
pub(crate) use events::EventRoutes;
pub(crate) use inbox::InboxRoutes;
pub(crate) use keys::KeyRoutes;
pub(crate) use leads::LeadRoutes;
pub(crate) use media::MediaRoutes;
pub(crate) use members::MemberRoutes;
pub(crate) use messages::MessageRoutes;
pub(crate) use notes::NoteRoutes;
pub(crate) use passwords::PasswordRoutes;
pub(crate) use settings::SettingsRoutes;
pub(crate) use teams::TeamRoutes;

/// The groups of operations in the OpenAPI document.
#[derive(Tags)]
pub(crate) enum Group {
    /// Chances to sell, from first contact to won or lost.
    Leads,
    /// Customers, whichever channels they write from.
    Contacts,
    /// Threads of messages with customers.
    Conversations,
    /// Messages, in both directions.
    Messages,
    /// Connected accounts of channels.
    Channels,
    /// The people who work for the tenant, and to whom leads are assigned.
    Members,
    /// Credentials of programs.
    Keys,
    /// What the tenant decides for itself.
    Settings,
    /// Coming in, going on and leaving: log-ins, sessions, passwords.
    Access,
    /// Who changed what, and from where.
    Audit,
    /// Members who share leads.
    Teams,
    /// Following along: what happened, over HTTP and over sockets.
    Events,
}
