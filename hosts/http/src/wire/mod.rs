//! What goes over the wire: JSON forms of what hubchat knows, converted explicitly.

mod access;
mod activity;
mod api_key;
mod audit;
mod channel;
mod contact;
mod conversation;
mod event;
mod frame;
mod lead;
mod member;
mod message;
mod named;
mod note;
mod owner;
mod page;
mod quick_reply;
mod scalar;
mod send;
mod send_options;
mod settings;
mod team;
mod template;
mod upload;

pub(crate) use access::{
    AcceptBody, ChangePasswordBody, ForgotBody, LoginBody, LoginView, MeView, NoFields, ResetBody, SessionView,
    SignedInView,
};
pub(crate) use activity::ActivityView;
pub(crate) use api_key::{ApiKeyView, CreateApiKeyBody, NewApiKeyView};
pub(crate) use audit::AuditEntryView;
pub(crate) use channel::{
    ChannelPatch, ChannelTestView, ChannelView, ConnectChannelBody, ConnectedChannelView, InboxAccountView,
    RemovedChannelView, TestChannelBody, camel_case,
};
pub(crate) use contact::ErasedContactView;
pub(crate) use conversation::{ConversationPatch, ConversationView, LaneCountsView, ReadMarkBody, TypingView};
pub(crate) use event::{EventPageView, EventView, SocketTicketView};
pub(crate) use frame::{
    BeatFrame, ClientFrame, EventFrame, HelloFrame, OwnPresenceFrame, OwnState, PresenceFrame, ReadyFrame,
    RenewAskedFrame, RenewedFrame, ResetFrame, ResetReason, ServerFrame,
};
pub(crate) use lead::{AssignBody, LeadPatch, LeadView};
pub(crate) use member::{InviteMemberBody, MemberPatch, MemberView};
pub(crate) use message::MessageView;
pub(crate) use named::{ConversationSort, ExportFormat, Named, Names, SendKind, Writer};
pub(crate) use note::{DraftBody, DraftView, NoteBody, RetryBody};
pub(crate) use owner::{Assignee, OwnerFilter};
pub(crate) use page::{Listing, PageQuery};
pub(crate) use scalar::{Limit, Moment, PathId, SecretText};
pub(crate) use send::{ConversationSendBody, SendBody, client_message_id};
pub(crate) use send_options::SendOptionsBody;
pub(crate) use settings::{SettingsPatch, SettingsView, describe as describe_settings};
pub(crate) use team::{TeamBody, TeamPatch, TeamView};
pub(crate) use template::{TemplateBody, TemplateList};
pub(crate) use upload::UploadedView;
