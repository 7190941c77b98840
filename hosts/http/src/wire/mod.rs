//! What goes over the wire: JSON forms of what hubchat knows, converted explicitly.

mod activity;
mod channel;
mod conversation;
mod lead;
mod member;
mod message;
mod named;
mod page;
mod scalar;
mod send;
mod upload;

pub(crate) use activity::ActivityView;
pub(crate) use channel::{
    ChannelPatch, ChannelTestView, ChannelView, ConnectChannelBody, ConnectedChannelView, TestChannelBody, camel_case,
};
pub(crate) use conversation::{ConversationPatch, ConversationView};
pub(crate) use lead::{AssignBody, LeadPatch, LeadView};
pub(crate) use member::MemberView;
pub(crate) use message::MessageView;
pub(crate) use named::{AssignMode, Named, SendKind};
pub(crate) use page::{Listing, PageQuery};
pub(crate) use scalar::{Limit, Moment, PathId};
pub(crate) use send::{ConversationSendBody, SendBody};
pub(crate) use upload::UploadedView;
